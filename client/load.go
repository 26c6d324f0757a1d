package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"

	"github.com/muster-groups/muster"
)

// Line is one line of a bulk load: exactly one member is set.
type Line struct {
	Contact  *ContactChange `json:"contact,omitempty"`
	Activity *ActivityInput `json:"activity,omitempty"`
}

// LineResult is what became of one line, numbered from 1.
type LineResult struct {
	Line      int               `json:"line"`
	Status    muster.ItemStatus `json:"status"`
	ContactID *muster.ContactID `json:"contact_id"`
	ID        string            `json:"id"`
	Ignored   []string          `json:"ignored"`
	Error     *ItemError        `json:"error"`
}

// LoadSummary is the end of a bulk load. Complete is false when it ended
// early; what it counts as accepted stays.
type LoadSummary struct {
	Lines     int  `json:"lines"`
	Accepted  int  `json:"accepted"`
	Duplicate int  `json:"duplicate"`
	Expired   int  `json:"expired"`
	Rejected  int  `json:"rejected"`
	Complete  bool `json:"complete"`
}

// LoadOptions say what a load tells while it runs.
type LoadOptions struct {
	// Results is told the results of all lines, or only of the rejected ones, in
	// order; its error ends the load. Nil is for the summary only.
	Results func(LineResult) error
	// All asks for the results of all lines.
	All bool
}

// Load sends NDJSON to POST /changes as it is read, and answers how it ended.
// Lines that are rejected are no error.
func (c *Client) Load(ctx context.Context, lines io.Reader, o LoadOptions) (LoadSummary, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // stops the sending when reading ends early
	path := "/api/v1/changes?results=rejected"
	if o.All {
		path = "/api/v1/changes?results=all"
	}
	// The reader is wrapped so that it is sent as it comes, whatever its type.
	response, err := c.once(ctx, http.MethodPost, path, "application/x-ndjson", struct{ io.Reader }{lines})
	if err != nil {
		return LoadSummary{}, err
	}
	if response.StatusCode >= 300 {
		return LoadSummary{}, readProblem(response)
	}
	defer response.Body.Close()
	answers := json.NewDecoder(bufio.NewReaderSize(response.Body, 64<<10))
	for {
		var line struct {
			LineResult
			Summary *LoadSummary    `json:"summary"`
			Error   json.RawMessage `json:"error"`
		}
		if err := answers.Decode(&line); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return LoadSummary{}, fmt.Errorf("the answer ended before the load did: %w", err)
		}
		if line.Summary != nil {
			return *line.Summary, endOfLoad(line.Error)
		}
		if len(line.Error) > 0 {
			if err := json.Unmarshal(line.Error, &line.LineResult.Error); err != nil {
				return LoadSummary{}, err
			}
		}
		if o.Results != nil {
			if err := o.Results(line.LineResult); err != nil {
				return LoadSummary{}, err
			}
		}
	}
}

func endOfLoad(raw json.RawMessage) error {
	if len(raw) == 0 {
		return nil
	}
	var p problem
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	return p.failure()
}

// LoadLines is Load of lines that a program makes as they are sent.
func (c *Client) LoadLines(ctx context.Context, lines iter.Seq[Line], o LoadOptions) (LoadSummary, error) {
	reader, writer := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffered := bufio.NewWriterSize(writer, 64<<10)
		encoder := json.NewEncoder(buffered)
		for line := range lines {
			if err := encoder.Encode(line); err != nil {
				writer.CloseWithError(err)
				return
			}
		}
		writer.CloseWithError(buffered.Flush())
	}()
	summary, err := c.Load(ctx, reader, o)
	reader.Close() // lets the writer end when the load ended early
	<-done
	return summary, err
}
