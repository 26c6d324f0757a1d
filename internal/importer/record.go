package importer

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash/maphash"
	"strings"
)

// Record is one row as the API reads it: a body of POST /contacts or an item
// of POST /activities. Exactly one member is set.
type Record struct {
	Contact  *Contact  `json:"contact,omitempty"`
	Activity *Activity `json:"activity,omitempty"`
}

// Who names the contact of a row.
type Who struct {
	ID         string `json:"id,omitempty"`
	ExternalID string `json:"external_id,omitempty"`
	Email      string `json:"email,omitempty"`
	VisitorID  string `json:"visitor_id,omitempty"`
}

// Contact creates or updates a contact.
type Contact struct {
	Who
	CreatedAt string               `json:"created_at,omitempty"`
	Fields    map[string]any       `json:"fields,omitempty"`
	Consents  map[string]*Decision `json:"consents,omitempty"`
	Lists     map[string]*Decision `json:"lists,omitempty"`
	AllMail   *Decision            `json:"all_mail,omitempty"`
}

// Decision is a decision on a consent, a list or all mail.
type Decision struct {
	State   string `json:"state,omitempty"`
	At      string `json:"at,omitempty"`
	Version string `json:"version,omitempty"`
}

// Activity is what a contact did.
type Activity struct {
	Contact    Who            `json:"contact"`
	Type       string         `json:"type"`
	OccurredAt string         `json:"occurred_at"`
	Channel    string         `json:"channel,omitempty"`
	Value      any            `json:"value,omitempty"`
	ID         string         `json:"id,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
}

// Builder makes records of rows.
type Builder struct {
	mapping *Mapping
	convert *converter
	seed    maphash.Seed
	seen    map[uint64]uint32 // how often a row without an id has come
}

// NewBuilder makes a builder for one file.
func NewBuilder(m *Mapping, r Reading) *Builder {
	return &Builder{mapping: m, convert: newConverter(r), seed: maphash.MakeSeed(), seen: map[uint64]uint32{}}
}

// Build makes the record of a row, or a *RowError that says which column is
// to blame. Empty cells say nothing.
//
// An activity without an id gets one made of the row's content and of how many
// equal rows came before it, so that importing the file again changes nothing.
func (b *Builder) Build(row Row) (Record, error) {
	var r Record
	if b.mapping.kind == Contacts {
		r.Contact = &Contact{}
	} else {
		r.Activity = &Activity{}
	}
	for _, cell := range row.Cells {
		target := b.mapping.Resolve(cell.Name)
		if target.IsZero() || strings.TrimSpace(cell.Text) == "" {
			continue
		}
		if err := b.put(&r, target, cell); err != nil {
			return r, &RowError{Line: row.Line, Cells: row.Cells, Reason: cell.Name + ": " + err.Error()}
		}
	}
	for _, c := range b.mapping.constant {
		if b.has(r, c.target) {
			continue
		}
		if err := b.put(&r, c.target, Cell{Text: c.text}); err != nil {
			return r, fmt.Errorf("the value of all rows for %s: %w", c.target, err)
		}
	}
	if reason := b.complete(&r, row); reason != "" {
		return r, &RowError{Line: row.Line, Cells: row.Cells, Reason: reason}
	}
	return r, nil
}

// complete judges the record as a whole and gives an activity its id.
func (b *Builder) complete(r *Record, row Row) string {
	if c := r.Contact; c != nil {
		if c.Who == (Who{}) {
			return "the row names nobody: no email, external id or visitor id"
		}
		for code, d := range c.Consents {
			if d.State == "" {
				delete(c.Consents, code) // a date or version alone decides nothing
			}
		}
		for code, d := range c.Lists {
			if d.State == "" {
				delete(c.Lists, code)
			}
		}
		if c.AllMail != nil && c.AllMail.State == "" {
			c.AllMail = nil
		}
		return ""
	}
	a := r.Activity
	switch {
	case a.Contact == (Who{}):
		return "the row names nobody: no email, external id or visitor id"
	case a.Type == "":
		return "the row has no activity type"
	case a.OccurredAt == "":
		return "the row does not say when it happened"
	}
	if a.ID == "" {
		a.ID = b.contentID(row)
	}
	return ""
}

func (b *Builder) contentID(row Row) string {
	sum := sha256.New()
	var h maphash.Hash
	h.SetSeed(b.seed)
	for _, cell := range row.Cells {
		if b.mapping.Resolve(cell.Name).IsZero() {
			continue // columns that are left out do not make a row another one
		}
		for _, part := range []string{cell.Name, "\x00", cell.Text, "\x01"} {
			sum.Write([]byte(part))
			h.WriteString(part)
		}
	}
	key := h.Sum64()
	fmt.Fprint(sum, b.seen[key])
	b.seen[key]++
	return "row-" + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:15])
}

func (b *Builder) has(r Record, t Target) bool {
	switch t.Part {
	case partIdentifier:
		who := b.who(&r)
		return map[string]string{"id": who.ID, "external_id": who.ExternalID, "email": who.Email, "visitor_id": who.VisitorID}[t.Code] != ""
	case partField:
		return r.Contact.Fields[t.Code] != nil
	case partConsent:
		return has(r.Contact.Consents[t.Code], t.Aspect)
	case partList:
		return has(r.Contact.Lists[t.Code], t.Aspect)
	case partAllMail:
		return has(r.Contact.AllMail, t.Aspect)
	case partCreated:
		return r.Contact.CreatedAt != ""
	case partType:
		return r.Activity.Type != ""
	case partAt:
		return r.Activity.OccurredAt != ""
	case partChannel:
		return r.Activity.Channel != ""
	case partValue:
		return r.Activity.Value != nil
	case partActivityID:
		return r.Activity.ID != ""
	case partAttribute:
		return r.Activity.Attributes[t.Code] != nil
	}
	return false
}

func has(d *Decision, aspect string) bool {
	return d != nil && map[string]string{"state": d.State, "at": d.At, "version": d.Version}[aspect] != ""
}

func (b *Builder) who(r *Record) *Who {
	if r.Contact != nil {
		return &r.Contact.Who
	}
	return &r.Activity.Contact
}
