package httpapi

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// The bodies below describe what package app reads by itself.

type IdentifiersBody struct {
	ID         string `json:"id,omitempty" doc:"A contact's id."`
	ExternalID string `json:"external_id,omitempty" maxLength:"320"`
	Email      string `json:"email,omitempty" maxLength:"320"`
	VisitorID  string `json:"visitor_id,omitempty" maxLength:"320"`
}

type decisionBody struct {
	State   string `json:"state" doc:"agreed or revoked of a consent; receiving, unsubscribed or bounced of a list; receiving or unsubscribed of all mail."`
	At      string `json:"at,omitempty" format:"date-time" doc:"When it was decided; by default now. An older decision than the standing one is kept but does not stand."`
	Version string `json:"version,omitempty" doc:"The version of the text agreed to."`
}

type contactBody struct {
	IdentifiersBody
	Fields    map[string]any          `json:"fields,omitempty" doc:"Values by field code; null clears one. The field email is the identifier."`
	Consents  map[string]decisionBody `json:"consents,omitempty"`
	Lists     map[string]decisionBody `json:"lists,omitempty"`
	AllMail   *decisionBody           `json:"all_mail,omitempty"`
	CreatedAt string                  `json:"created_at,omitempty" format:"date-time" doc:"Only with an edit or admin key, and only when the contact is created."`
}

type IDInput struct {
	ID string `path:"id" doc:"A contact's id; a merged contact's answers with its parent."`
}

type PageInput struct {
	Cursor string `query:"cursor" doc:"next of the previous page."`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"50"`
}

type output[T any] struct{ Body T }

// download is an answer that a browser keeps as a file.
type download[T any] struct {
	Disposition string `header:"Content-Disposition"`
	Body        T
}

func answer[T any](body T, err error) (*output[T], error) {
	if err != nil {
		return nil, err
	}
	return &output[T]{Body: body}, nil
}

func contactID(text string) (muster.ContactID, error) {
	id, err := muster.ParseContactID(text)
	if err != nil {
		return id, wrongParameter("id", err)
	}
	return id, nil
}

func wrongParameter(name string, err error) error {
	return &muster.Error{Code: muster.CodeInvalid, Message: err.Error(),
		Problems: []muster.Problem{{Location: "/" + name, Code: "invalid", Message: err.Error()}}}
}

// body reads a request's body up to the limit.
func (s *Server) body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	limited := http.MaxBytesReader(w, r.Body, s.maxBody)
	if r.ContentLength >= 0 && r.ContentLength <= s.maxBody {
		body := make([]byte, r.ContentLength)
		_, err := io.ReadFull(limited, body)
		return body, readError(err)
	}
	body, err := io.ReadAll(limited)
	return body, readError(err)
}

// readError explains why a body could not be read: its sender's doing, not
// this server's.
func readError(err error) error {
	if err == nil {
		return nil
	}
	if _, tooLarge := err.(*http.MaxBytesError); tooLarge {
		return err
	}
	return &muster.Error{Code: muster.CodeInvalid, Message: "the body ended before it was complete", Err: err,
		Problems: []muster.Problem{{Code: "invalid_json", Message: "the body ended before it was complete"}}}
}

// noQuery refuses query parameters where an operation takes none but these.
func noQuery(r *http.Request, known ...string) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	for name := range r.URL.Query() {
		if !slices.Contains(known, name) {
			return &muster.Error{Code: muster.CodeInvalid, Message: unknownQuery(name, known),
				Problems: []muster.Problem{{Location: "/" + name, Code: "unknown_parameter", Message: unknownQuery(name, known)}}}
		}
	}
	return nil
}

func writeJSON(w http.ResponseWriter, body any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(encoded, '\n')) // a client that went away needs no answer
	return nil
}

func (s *Server) registerContacts() {
	s.rawContacts()
	register(s, operation("GET", "/contacts", "list-contacts", "Contacts", "List or search contacts"),
		func(ctx context.Context, in *struct {
			PageInput
			Search string `query:"search" doc:"Contained in the name, email, external id or id."`
			Group  string `query:"group" doc:"Only members of this group."`
			Sort   string `query:"sort" enum:"created,-created,last_activity,-last_activity" doc:"By when they were created or last active; - puts the latest first. By default in the order in which they came into being here."`
		}) (*output[app.Page[app.Contact]], error) {
			return answer(s.app.Contacts(ctx, app.ContactQuery{Search: in.Search, Group: in.Group, Sort: in.Sort, Cursor: in.Cursor, Limit: in.Limit}))
		})
	register(s, operation("GET", "/contacts/{id}", "get-contact", "Contacts", "Show a contact"),
		func(ctx context.Context, in *IDInput) (*output[app.Contact], error) {
			id, err := contactID(in.ID)
			if err != nil {
				return nil, err
			}
			return answer(s.app.Contact(ctx, id))
		})
	erase := operation("DELETE", "/contacts/{id}", "erase-contact", "Contacts", "Erase a person for good")
	erase.Description = "Erases the contact, or its parent, and all contacts merged into it. Their ids answer 410 from then on."
	erase.DefaultStatus = http.StatusNoContent
	register(s, erase, func(ctx context.Context, in *IDInput) (*struct{}, error) {
		id, err := contactID(in.ID)
		if err != nil {
			return nil, err
		}
		return nil, s.app.EraseContact(ctx, principal(ctx), id)
	})
	register(s, operation("GET", "/contacts/{id}/groups", "list-contact-groups", "Contacts", "List the groups a contact is in"),
		func(ctx context.Context, in *IDInput) (*output[app.Page[app.Membership]], error) {
			id, err := contactID(in.ID)
			if err != nil {
				return nil, err
			}
			return answer(s.app.ContactGroups(ctx, id))
		})
	register(s, operation("GET", "/contacts/{id}/activities", "list-contact-activities", "Contacts", "Show a contact's activities, latest first"),
		func(ctx context.Context, in *struct {
			IDInput
			PageInput
			Type    []string `query:"type" doc:"Only these activity types; several separated by commas."`
			Channel []string `query:"channel" doc:"Only these channels; several separated by commas."`
			From    string   `query:"from" format:"date-time" doc:"Only activities at this instant or later."`
			To      string   `query:"to" format:"date-time" doc:"Only activities before this instant."`
		}) (*output[app.Page[app.Activity]], error) {
			id, err := contactID(in.ID)
			if err != nil {
				return nil, err
			}
			from, err := instantParameter("from", in.From)
			if err != nil {
				return nil, err
			}
			to, err := instantParameter("to", in.To)
			if err != nil {
				return nil, err
			}
			return answer(s.app.ContactActivities(ctx, id, app.TimelineQuery{Types: in.Type, Channels: in.Channel, From: from, To: to, Cursor: in.Cursor, Limit: in.Limit}))
		})
	export := operation("GET", "/contacts/{id}/export", "export-contact", "Contacts", "Export everything known of a person")
	export.Description = "The contact, its groups, all its activities and the history of its memberships, as one document to keep."
	register(s, export, func(ctx context.Context, in *IDInput) (*download[app.Person], error) {
		id, err := contactID(in.ID)
		if err != nil {
			return nil, err
		}
		person, err := s.app.ExportPerson(ctx, id)
		return &download[app.Person]{Disposition: `attachment; filename="contact-` + id.String() + `.json"`, Body: person}, err
	})
	register(s, operation("GET", "/contacts/{id}/history", "list-contact-history", "Contacts", "Show when and why a contact entered and left groups, latest first"),
		func(ctx context.Context, in *struct {
			IDInput
			PageInput
		}) (*output[app.Past], error) {
			id, err := contactID(in.ID)
			if err != nil {
				return nil, err
			}
			return answer(s.app.ContactHistory(ctx, id, in.Cursor, in.Limit))
		})
	merge := operation("POST", "/contacts/{id}/merge", "merge-contact", "Contacts", "Merge a contact into another")
	register(s, merge, func(ctx context.Context, in *struct {
		IDInput
		Body struct {
			Into string `json:"into" doc:"The id of the contact to merge into."`
			Keep string `json:"keep,omitempty" enum:"contact,into" doc:"Whose external id or email stays when both have a different one."`
		}
	}) (*output[app.ContactAnswer], error) {
		id, err := contactID(in.ID)
		if err != nil {
			return nil, err
		}
		into, err := muster.ParseContactID(in.Body.Into)
		if err != nil {
			return nil, wrongParameter("into", err)
		}
		return answer(s.app.MergeContact(ctx, principal(ctx), id, app.MergeInput{Into: into, Keep: in.Body.Keep}))
	})
}

// rawContacts registers the operations whose bodies package app reads itself,
// since the types of the fields decide how.
func (s *Server) rawContacts() {
	saved := s.jsonAnswer("200", "The contact as it is now, its groups, and which of them it entered or left", s.schemaOf(reflect.TypeFor[app.ContactAnswer]()), "application/json")
	save := operation("POST", "/contacts", "save-contact", "Contacts", "Create or update a contact by its identifiers")
	save.RequestBody, save.Responses = s.jsonBody(s.schemaOf(reflect.TypeFor[contactBody]()), "application/json"), saved
	save.Description = "A collect key is told only the contact's id, whether it was created and what was ignored."
	s.raw(&save, func(w http.ResponseWriter, r *http.Request) error {
		body, err := s.queryless(w, r)
		if err != nil {
			return err
		}
		out, err := s.app.SaveContact(r.Context(), principal(r.Context()), body)
		if err != nil {
			return err
		}
		return writeJSON(w, out)
	})
	patch := operation("PATCH", "/contacts/{id}", "change-contact", "Contacts", "Change a contact")
	patch.RequestBody = save.RequestBody
	patch.Responses = s.jsonAnswer("200", "The contact as it is now", s.schemaOf(reflect.TypeFor[app.ContactAnswer]()), "application/json")
	patch.Parameters = []*huma.Param{pathParam("id", "A contact's id.")}
	patch.Description = "What is not named stays. id and created_at cannot be written, and identifiers not be taken away."
	s.raw(&patch, func(w http.ResponseWriter, r *http.Request) error {
		id, err := contactID(r.PathValue("id"))
		if err != nil {
			return err
		}
		body, err := s.queryless(w, r)
		if err != nil {
			return err
		}
		out, err := s.app.PatchContact(r.Context(), principal(r.Context()), id, body)
		if err != nil {
			return err
		}
		return writeJSON(w, out)
	})
	lookup := operation("POST", "/contacts/lookup", "look-up-contact", "Contacts", "Answer the groups of a contact, for personalisation")
	lookup.RequestBody = s.jsonBody(s.schemaOf(reflect.TypeFor[IdentifiersBody]()), "application/json")
	lookup.Responses = s.jsonAnswer("200", "The groups; none for somebody unknown", s.schemaOf(reflect.TypeFor[app.LookupAnswer]()), "application/json")
	lookup.Description = "With several identifiers, the strongest that somebody owns decides. A collect key looks up visitor ids only and sees only groups shown to websites."
	s.raw(&lookup, func(w http.ResponseWriter, r *http.Request) error {
		body, err := s.queryless(w, r)
		if err != nil {
			return err
		}
		out, err := s.app.Lookup(r.Context(), principal(r.Context()), body)
		if err != nil {
			return err
		}
		return writeJSON(w, out)
	})
}

func (s *Server) queryless(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if err := noQuery(r); err != nil {
		return nil, err
	}
	return s.body(w, r)
}

func pathParam(name, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "path", Required: true, Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
}

func queryParam(name, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
}
