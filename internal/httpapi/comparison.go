package httpapi

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// registerComparisons registers the operations that combine several groups.
func (s *Server) registerComparisons() {
	overlap := operation("POST", "/overlap", "compare-groups", "Groups", "Size every intersection of some groups")
	overlap.Description = "All sizes are exact and of one instant. only counts who is in no other of the groups compared, so the onlys add up to the union."
	register(s, overlap, func(ctx context.Context, in *struct {
		Body struct {
			Groups []string `json:"groups" doc:"The codes of 2 to 10 groups."`
		}
	}) (*output[app.Overlap], error) {
		return answer(s.app.Overlap(ctx, in.Body.Groups))
	})
	recipients := operation("POST", "/recipients", "list-recipients", "Groups", "Count or stream the contacts who may be written to")
	recipients.Description = "Contacts with an email, on the list and receiving it, in at least one included group and in no excluded one. " +
		"Left out are always those who opted out of all mail and, without a list, those whose address bounced on any list. " +
		"An unknown group, or one that was never calculated, is refused. A group whose condition changed answers by its active condition. " +
		"With as=ndjson or as=csv the contacts are streamed; the header Muster-Recipients then holds what the count answers, as JSON. " +
		"Count and contacts are of one instant, as_of, whatever changes while they are sent: exactly count contacts follow, each once."
	recipients.Parameters = []*huma.Param{{Name: "as", In: "query", Description: "What to answer.",
		Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"count", "ndjson", "csv"}, Default: "count"}}}
	recipients.RequestBody = s.jsonBody(s.schemaOf(reflect.TypeFor[app.RecipientsInput]()), "application/json")
	recipients.Responses = s.jsonAnswer("200", "How many they are, or the contacts", s.schemaOf(reflect.TypeFor[app.Recipients]()), "application/json")
	for _, streamed := range []string{"application/x-ndjson", "text/csv"} {
		recipients.Responses["200"].Content[streamed] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	s.raw(&recipients, s.recipients)
}

func (s *Server) recipients(w http.ResponseWriter, r *http.Request) error {
	if err := noQuery(r, "as"); err != nil {
		return err
	}
	var contentType, form string
	switch form = r.URL.Query().Get("as"); form {
	case "", "count":
	case "ndjson":
		contentType = "application/x-ndjson"
	case "csv":
		contentType = "text/csv; charset=utf-8"
	default:
		return wrongParameter("as", errors.New("expected count, ndjson or csv"))
	}
	body, err := s.body(w, r)
	if err != nil {
		return err
	}
	in, err := app.ReadRecipients(body)
	if err != nil {
		return err
	}
	if contentType == "" {
		summary, err := s.app.Recipients(r.Context(), in)
		if err != nil {
			return err
		}
		return writeJSON(w, summary)
	}
	list, err := s.app.RecipientList(r.Context(), in, app.RecipientForm(form))
	if err != nil {
		return err
	}
	defer func() {
		if err := list.Close(); err != nil {
			s.log.WarnContext(r.Context(), "a file of recipients could not be removed", "error", err)
		}
	}()
	header, err := json.Marshal(list.Recipients)
	if err != nil {
		return err
	}
	w.Header().Set("Muster-Recipients", string(header))
	return s.download(w, r, contentType, "recipients."+form, list.Write)
}

// download streams a file. One that cannot be finished breaks the connection:
// half a file must not look like a whole one.
func (s *Server) download(w http.ResponseWriter, r *http.Request, contentType, name string, write func(io.Writer) error) error {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+strings.Map(safeInName, name)+`"`)
	out := bufio.NewWriterSize(w, 64<<10)
	err := write(out)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		s.log.WarnContext(r.Context(), "a download ended early", "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// safeInName keeps what could end a quoted file name out of it.
func safeInName(r rune) rune {
	if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '/' {
		return '_'
	}
	return r
}

// number reads a record's number of a parameter.
func sequence(name, text string) (muster.Seq, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, wrongParameter(name, errors.New("expected the number of a record"))
	}
	return muster.Seq(n), nil
}
