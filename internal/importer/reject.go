package importer

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// The columns that a file of rejects adds. Importing such a file again, after
// its rows were put right, leaves them out.
const (
	rejectLine   = "_line"
	rejectReason = "_reason"
)

// Rejects writes rows that were not taken, with their line and the reason, in
// a form that can be put right and imported again.
type Rejects struct {
	csv    *csv.Writer
	json   *json.Encoder
	header []string
	begun  bool
	Count  int
}

// NewRejects writes CSV when the file had a header, else NDJSON.
func NewRejects(w io.Writer, header []string) *Rejects {
	if header != nil {
		return &Rejects{csv: csv.NewWriter(w), header: header}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &Rejects{json: e}
}

// Continue says that rows were written before: the heading is there already.
func (r *Rejects) Continue() { r.begun = true }

// Add writes one row.
func (r *Rejects) Add(e *RowError) error {
	r.Count++
	if r.json != nil {
		row := map[string]any{rejectLine: e.Line, rejectReason: e.Reason}
		if e.Raw != "" {
			row["_text"] = e.Raw
		}
		for _, c := range e.Cells {
			row[c.Name] = cellValue(c)
		}
		return r.json.Encode(row)
	}
	if !r.begun {
		r.begun = true
		if err := r.csv.Write(append([]string{rejectLine, rejectReason}, r.header...)); err != nil {
			return err
		}
	}
	row := []string{strconv.Itoa(e.Line), e.Reason}
	for _, c := range e.Cells {
		row = append(row, c.Text)
	}
	return r.csv.Write(row)
}

// Flush writes what is buffered.
func (r *Rejects) Flush() error {
	if r.csv == nil {
		return nil
	}
	r.csv.Flush()
	if err := r.csv.Error(); err != nil {
		return fmt.Errorf("writing the rejects: %w", err)
	}
	return nil
}

func cellValue(c Cell) any {
	if c.Kind == '[' {
		return c.List
	}
	return raw(c)
}
