package httpapi

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

type activityBody struct {
	Contact    IdentifiersBody `json:"contact"`
	Type       string          `json:"type" doc:"The code of an activity type."`
	OccurredAt string          `json:"occurred_at,omitempty" format:"date-time" doc:"By default now; at most five minutes ahead."`
	Channel    string          `json:"channel,omitempty" doc:"The code of a channel."`
	Value      any             `json:"value,omitempty" doc:"The activity's value: a text, number or boolean."`
	Attributes map[string]any  `json:"attributes,omitempty" doc:"Texts, numbers and booleans by name."`
	ID         string          `json:"id,omitempty" maxLength:"200" doc:"The sender's id, by which a repeated activity is recognised."`
}

type changeLine struct {
	Contact  *contactBody  `json:"contact,omitempty" doc:"As in POST /contacts."`
	Activity *activityBody `json:"activity,omitempty" doc:"As in POST /activities."`
}

// loadLine is a line of the answer of POST /changes.
type loadLine struct {
	app.LineResult
	Summary *app.LoadSummary `json:"summary,omitempty" doc:"Only on the last line, which has nothing else but error."`
}

// loadEnd is the last line.
type loadEnd struct {
	Summary app.LoadSummary  `json:"summary"`
	Error   *ProblemDocument `json:"error,omitempty"`
}

func (s *Server) registerActivities() {
	record := operation("POST", "/activities", "record-activities", "Activities", "Record one activity or an array of up to 1,000")
	activity := s.schemaOf(reflect.TypeFor[activityBody]())
	record.RequestBody = s.jsonBody(&huma.Schema{OneOf: []*huma.Schema{activity, {Type: huma.TypeArray, Items: activity}}}, "application/json")
	record.Responses = s.jsonAnswer("200", "A result for each activity, and which groups contacts entered or left", s.schemaOf(reflect.TypeFor[app.ActivitiesAnswer]()), "application/json")
	record.Description = "A single activity that is refused answers a problem document; in an array each one has its own result. A repeated id is recognised for 24 hours, with occurred_at at any age."
	s.raw(&record, func(w http.ResponseWriter, r *http.Request) error {
		body, err := s.queryless(w, r)
		if err != nil {
			return err
		}
		out, err := s.app.RecordActivities(r.Context(), principal(r.Context()), body)
		if err != nil {
			return err
		}
		return writeJSON(w, out)
	})

	load := operation("POST", "/changes", "load-changes", "Activities", "Load contacts and activities in bulk")
	load.RequestBody = s.jsonBody(s.schemaOf(reflect.TypeFor[changeLine]()), "application/x-ndjson")
	load.Responses = s.jsonAnswer("200", "One line per line, then a summary", s.schemaOf(reflect.TypeFor[loadLine]()), "application/x-ndjson")
	load.Parameters = []*huma.Param{{Name: "results", In: "query", Description: "all answers a line for every line; rejected only for those that were rejected.",
		Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"all", "rejected"}, Default: "all"}}}
	load.Description = "The body is a stream of JSON lines, each {\"contact\": {...}} or {\"activity\": {...}}. " +
		"Each line is accepted or rejected for itself; a result is sent after its line is durable. Errors point into the line. " +
		"The answer is sent while the body is read: a client that asks for all results of a long stream has to read while it writes. " +
		"The last line is {\"summary\": {...}}, with an error when the load ended early; what was accepted before stays."
	s.raw(&load, s.load)
	s.registerLiveActivities()
}

func (s *Server) load(w http.ResponseWriter, r *http.Request) error {
	if err := noQuery(r, "results"); err != nil {
		return err
	}
	all := true
	switch r.URL.Query().Get("results") {
	case "", "all":
	case "rejected":
		all = false
	default:
		return wrongParameter("results", errors.New("expected all or rejected"))
	}
	control := http.NewResponseController(w)
	if err := control.EnableFullDuplex(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	begun := false
	begin := func() {
		if !begun {
			begun = true
			w.Header().Set("Content-Type", "application/x-ndjson")
		}
	}
	interrupt := func() { _ = control.SetReadDeadline(time.Unix(1, 0)) }
	body := &sent{from: r.Body}
	summary, err := s.app.Load(r.Context(), principal(r.Context()), body, interrupt, func(results []app.LineResult) error {
		begin()
		wrote := false
		for i := range results {
			if all || results[i].Status == muster.Rejected {
				wrote = true
				if err := lines.Encode(&results[i]); err != nil {
					return err
				}
			}
		}
		// Whoever has sent everything gets what is left at once: of an answer in parts,
		// proxies that are still reading the end of the request may lose the last.
		if !wrote || body.ended.Load() {
			return nil
		}
		if err := out.Flush(); err != nil {
			return err
		}
		return control.Flush()
	})
	if err != nil && !begun {
		return err
	}
	begin()
	end := loadEnd{Summary: summary}
	if err != nil {
		end.Error = s.problem(r.Context(), err)
		end.Error.Kept = "the lines that the summary counts as accepted"
	}
	_ = lines.Encode(end)
	_ = out.Flush() // a client that went away needs no answer
	return nil
}

// sent is a body that is read as it comes. That it cannot be read is its sender's
// doing; what else fails meanwhile, such as a connection to a database, is not.
type sent struct {
	from  io.Reader
	ended atomic.Bool // it was read to its end
}

func (s *sent) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if err == io.EOF {
		s.ended.Store(true)
		return n, err
	}
	return n, readError(err)
}
