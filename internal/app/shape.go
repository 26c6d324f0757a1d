package app

import (
	"cmp"
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Contact is a contact as answers show it.
type Contact struct {
	ID             muster.ContactID    `json:"id" doc:"The contact's id, a UUID."`
	ExternalID     *string             `json:"external_id" doc:"The customer's own id."`
	Email          *string             `json:"email"`
	VisitorIDs     []string            `json:"visitor_ids" nullable:"false"`
	Fields         map[string]any      `json:"fields" doc:"Field values by code, in the JSON form of the field's type."`
	Consents       map[string]Decision `json:"consents" doc:"The standing decision on each consent."`
	Lists          map[string]Decision `json:"lists" doc:"The standing decision on each recipient list."`
	AllMail        *Decision           `json:"all_mail" doc:"The standing decision on all mail; null when there is none."`
	CreatedAt      muster.Instant      `json:"created_at"`
	LastActivityAt *muster.Instant     `json:"last_activity_at"`
	MergedIDs      []muster.ContactID  `json:"merged_ids" nullable:"false" doc:"The ids of contacts merged into this one."`
}

// Decision is a dated decision.
type Decision struct {
	State   string         `json:"state" enum:"agreed,revoked,receiving,bounced,unsubscribed"`
	At      muster.Instant `json:"at"`
	Version string         `json:"version,omitempty" doc:"The version of the text agreed to."`
}

// Activity is a stored activity as answers show it.
type Activity struct {
	Type       string         `json:"type"`
	OccurredAt muster.Instant `json:"occurred_at"`
	Channel    *string        `json:"channel"`
	Value      any            `json:"value,omitempty"`
	Attributes map[string]any `json:"attributes"`
}

// Change is an entered or left record.
type Change struct {
	Seq       muster.Seq        `json:"seq"`
	Group     string            `json:"group" doc:"The group's code, also when it was deleted since."`
	ContactID *muster.ContactID `json:"contact_id" nullable:"true" doc:"Null when the contact was erased since."`
	At        muster.Instant    `json:"at"`
	Direction string            `json:"direction" enum:"entered,left"`
	Cause     Cause             `json:"cause"`
}

// Cause is why a membership changed.
type Cause struct {
	Kind string `json:"kind" enum:"activity,field,consent,list,identity,merge,time,condition,group,recalculation,erasure,retention"`
	Code string `json:"code,omitempty" doc:"The activity type, field, consent, list or group concerned."`
}

// Page is one page of a list. Next is where the next page begins, null on the last.
type Page[T any] struct {
	Items []T     `json:"items" nullable:"false"`
	Next  *string `json:"next" doc:"Pass it as cursor to get the next page; null on the last one."`
}

// PageOf makes a page; a nil slice becomes an empty list.
func PageOf[T any](items []T, next string) Page[T] {
	if items == nil {
		items = []T{}
	}
	return Page[T]{Items: items, Next: optional(next)}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func optionalInstant(t muster.Instant) *muster.Instant {
	if t == 0 || t == muster.Beginning || t == muster.Forever {
		return nil
	}
	return &t
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func shapeContact(schema *muster.Schema, c muster.Contact) Contact {
	out := Contact{
		ID: c.ID, ExternalID: optional(c.ExternalID), Email: optional(c.Email), VisitorIDs: notNil(c.VisitorIDs),
		Fields: make(map[string]any, len(c.Fields)), Consents: map[string]Decision{}, Lists: map[string]Decision{},
		CreatedAt: c.CreatedAt, MergedIDs: notNil(c.MergedIDs),
	}
	if c.LastActivityAt != muster.Beginning {
		out.LastActivityAt = &c.LastActivityAt
	}
	for code, v := range c.Fields {
		// A value whose field was deleted stays stored and is not shown.
		if f, ok := schema.Fields[code]; ok && !v.IsMissing() {
			out.Fields[code] = f.JSON(v)
		}
	}
	for _, d := range c.Decisions {
		shaped := Decision{State: d.State.String(), At: d.At, Version: d.Version}
		switch d.Kind {
		case muster.OnConsent:
			out.Consents[d.Code] = shaped
		case muster.OnList:
			out.Lists[d.Code] = shaped
		case muster.OnAllMail:
			out.AllMail = &shaped
		}
	}
	return out
}

func shapeActivity(a muster.StoredActivity) Activity {
	out := Activity{Type: a.Type, OccurredAt: a.At, Channel: optional(a.Channel), Attributes: map[string]any{}}
	for _, attribute := range a.Attributes {
		if attribute.Name == muster.ValueAttribute {
			out.Value = attribute.Value.JSON()
			continue
		}
		out.Attributes[attribute.Name] = attribute.Value.JSON()
	}
	return out
}

// changeShaper shapes change records within one View.
type changeShaper struct {
	view store.View
	code func(muster.GroupNo) string
	gone func() (map[muster.Seq]muster.ContactID, error)
	err  error // of gone
	ids  map[muster.ContactNo]muster.ContactID
}

func (a *App) changeShaper(v store.View) *changeShaper {
	return &changeShaper{view: v, code: a.roster.State().GroupCode, gone: func() (map[muster.Seq]muster.ContactID, error) { return a.erased.of(v, a.roster) }, ids: map[muster.ContactNo]muster.ContactID{}}
}

func (s *changeShaper) shape(c muster.Change) Change {
	out := Change{Seq: c.Seq, Group: s.code(c.Group), At: c.At, Direction: left, Cause: Cause{Kind: c.Cause.Kind.String(), Code: c.Cause.Code}}
	if c.Entered {
		out.Direction = entered
	}
	switch {
	case c.Contact == 0 && c.Erased():
		s.shapeErased(&out)
	case c.Contact != 0:
		id, known := s.ids[c.Contact]
		if !known {
			id = s.view.Owner(c.Contact).ID
			s.ids[c.Contact] = id
		}
		if !id.IsZero() {
			out.ContactID = &id
		}
	}
	return out
}

// shapeErased names whom the record of an erasure was about.
func (s *changeShaper) shapeErased(out *Change) {
	gone, err := s.gone()
	if err != nil {
		s.err = err
		return
	}
	if id, told := gone[out.Seq]; told {
		out.ContactID = &id
	}
}

// Cursors are opaque to callers: they may name what must not leave the
// process in readable form, and their form may change.

func cursorOf(parts ...uint64) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = strconv.FormatUint(p, 36)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(texts, ".")))
}

// readCursor answers the parts of a cursor, zeros for the empty one.
func readCursor(cursor string, n int) ([]uint64, error) {
	out := make([]uint64, n)
	if cursor == "" {
		return out, nil
	}
	bad := invalidAt("/cursor", problemInvalid, "expected the cursor of an earlier answer to the same request")
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, bad
	}
	texts := strings.Split(string(raw), ".")
	if len(texts) != n {
		return nil, bad
	}
	for i, text := range texts {
		if out[i], err = strconv.ParseUint(text, 36, 64); err != nil {
			return nil, bad
		}
	}
	return out, nil
}

// pageSize reads a limit: within 1 and most, the default when 0.
func pageSize(limit, normal, most int) int {
	if limit <= 0 {
		return normal
	}
	return min(limit, most)
}

func sortedByCode[V any](m map[string]V) []V {
	out := make([]V, 0, len(m))
	for _, code := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[code])
	}
	return out
}

func sortMoves(moves []muster.GroupMove) {
	slices.SortFunc(moves, func(a, b muster.GroupMove) int {
		return cmp.Or(strings.Compare(a.Group, b.Group), strings.Compare(a.Contact.String(), b.Contact.String()))
	})
}
