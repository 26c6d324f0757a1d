package httpapi

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

const atDoc = "An instant of the past; by default now."

// instantParameter reads an instant of the query; 0 when it is absent.
func instantParameter(name, text string) (muster.Instant, error) {
	if text == "" {
		return 0, nil
	}
	t, err := muster.ParseInstant(text)
	if err != nil {
		return 0, wrongParameter(name, err)
	}
	return t, nil
}

func (s *Server) registerMembers() {
	register(s, operation("GET", "/groups/{code}/contacts", "list-group-contacts", "Groups", "List the members of a group"),
		func(ctx context.Context, in *struct {
			CodeInput
			PageInput
			At     string `query:"at" format:"date-time" doc:"An instant of the past; by default now."`
			Search string `query:"search" doc:"Contained in the name, email, external id or id."`
			Sort   string `query:"sort" enum:"created,since,-since" default:"created" doc:"created: by the contact's creation; -since: who entered last comes first; since: who entered first."`
		}) (*output[app.Page[app.Member]], error) {
			at, err := instantParameter("at", in.At)
			if err != nil {
				return nil, err
			}
			return answer(s.app.Members(ctx, app.MemberQuery{Group: in.Code, At: at, Search: in.Search, Sort: in.Sort, Cursor: in.Cursor, Limit: in.Limit}))
		})
	register(s, operation("GET", "/groups/{code}/contacts/count", "count-group-contacts", "Groups", "Count the members of a group"),
		func(ctx context.Context, in *struct {
			CodeInput
			At string `query:"at" format:"date-time" doc:"An instant of the past; by default now."`
		}) (*output[app.Count], error) {
			at, err := instantParameter("at", in.At)
			if err != nil {
				return nil, err
			}
			return answer(s.app.CountMembers(ctx, in.Code, at))
		})
	s.export("csv", "text/csv; charset=utf-8", s.app.WriteCSV)
	s.export("ndjson", "application/x-ndjson", s.app.WriteNDJSON)
}

// export registers one form of the export of a group's members.
func (s *Server) export(form, contentType string, write func(app.ContactChunks, io.Writer) error) {
	op := operation("GET", "/groups/{code}/contacts."+form, "export-group-"+form, "Groups", "Export the members of a group as "+form)
	op.Description = "Who is a member is fixed when the export begins. An export that cannot be finished breaks the connection."
	op.Parameters = []*huma.Param{pathParam("code", "The group's code."), queryParam("at", atDoc)}
	op.Responses = s.jsonAnswer("200", "The members", &huma.Schema{Type: huma.TypeString}, contentType)
	s.raw(&op, func(w http.ResponseWriter, r *http.Request) error {
		if err := noQuery(r, "at"); err != nil {
			return err
		}
		at, err := instantParameter("at", r.URL.Query().Get("at"))
		if err != nil {
			return err
		}
		contacts, err := s.app.Export(r.Context(), r.PathValue("code"), at)
		if err != nil {
			return err
		}
		return s.download(w, r, contentType, r.PathValue("code")+"."+form, func(out io.Writer) error { return write(contacts, out) })
	})
}
