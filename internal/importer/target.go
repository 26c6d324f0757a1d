package importer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
)

// Kind is what a file holds.
type Kind string

// The kinds.
const (
	Contacts   Kind = "contacts"
	Activities Kind = "activities"
)

// Schema is what the server knows, as far as a mapping needs it.
type Schema struct {
	Fields        []muster.Field
	ActivityTypes []muster.ActivityType
	Consents      []muster.Named
	Lists         []muster.Named
}

// Target is what a column becomes. The zero Target is nothing.
type Target struct {
	Part string // see the constants
	Code string // of the field, consent, list or attribute
	// Aspect of a consent, list or all mail: "state", "at" or "version".
	Aspect string
	field  muster.Field
}

// The parts of a record.
const (
	partIdentifier = "identifier" // Code: external_id, email, visitor_id or id
	partField      = "fields"
	partConsent    = "consents"
	partList       = "lists"
	partAllMail    = "all_mail"
	partCreated    = "created_at"
	partType       = "type"
	partAt         = "occurred_at"
	partChannel    = "channel"
	partValue      = "value"
	partActivityID = "id"
	partAttribute  = "attributes"
	partIgnored    = "-" // left out on purpose
)

// IsZero reports whether the column goes nowhere, on purpose or not.
func (t Target) IsZero() bool { return t.Part == "" || t.Part == partIgnored }

// String is the target as --map spells it.
func (t Target) String() string {
	switch t.Part {
	case "":
		return ""
	case partIdentifier:
		if t.Code == "id" {
			return "contact.id"
		}
		return t.Code
	case partField, partAttribute:
		return t.Part + "." + t.Code
	case partConsent, partList:
		if t.Aspect == "state" {
			return t.Part + "." + t.Code
		}
		return t.Part + "." + t.Code + "." + t.Aspect
	case partAllMail:
		if t.Aspect == "state" {
			return t.Part
		}
		return t.Part + "." + t.Aspect
	}
	return t.Part
}

// ParseTarget reads a target: email, external_id, visitor_id, contact.id; of
// contacts fields.CODE (or just CODE), consents.CODE, consents.CODE.at,
// lists.CODE, all_mail, created_at; of activities type, occurred_at, channel,
// value, id, attributes.NAME; and - for a column to be left out.
func ParseTarget(kind Kind, schema Schema, s string) (Target, error) {
	s = strings.TrimSpace(s)
	switch s {
	case "-":
		return Target{Part: partIgnored}, nil
	case "email", "external_id", "visitor_id":
		return Target{Part: partIdentifier, Code: s}, nil
	case "contact.id":
		return Target{Part: partIdentifier, Code: "id"}, nil
	case "contact.email", "contact.external_id", "contact.visitor_id":
		return Target{Part: partIdentifier, Code: strings.TrimPrefix(s, "contact.")}, nil
	}
	if kind == Activities {
		return parseActivityTarget(s)
	}
	return parseContactTarget(schema, s)
}

func parseActivityTarget(s string) (Target, error) {
	switch s {
	case partType, partAt, partChannel, partValue, partActivityID:
		return Target{Part: s}, nil
	}
	if name, ok := strings.CutPrefix(s, "attributes."); ok && name != "" {
		return Target{Part: partAttribute, Code: name}, nil
	}
	return Target{}, fmt.Errorf("%q is nothing an activity has: expected email, external_id, visitor_id, contact.id, type, occurred_at, channel, value, id, attributes.NAME or -", s)
}

func parseContactTarget(schema Schema, s string) (Target, error) {
	switch s {
	case "id":
		return Target{Part: partIdentifier, Code: "id"}, nil
	case partCreated:
		return Target{Part: partCreated}, nil
	case "all_mail", "all_mail.state":
		return Target{Part: partAllMail, Aspect: "state"}, nil
	case "all_mail.at":
		return Target{Part: partAllMail, Aspect: "at"}, nil
	}
	part, rest, dotted := strings.Cut(s, ".")
	switch {
	case dotted && part == partConsent:
		return decisionTarget(partConsent, rest, "consent", schema.Consents, "state", "at", "version")
	case dotted && part == partList:
		return decisionTarget(partList, rest, "list", schema.Lists, "state", "at")
	case dotted && part == partField:
		s = rest
	}
	for _, f := range schema.Fields {
		switch {
		case f.Code != s:
		case f.Code == "email":
			return Target{Part: partIdentifier, Code: "email"}, nil
		case f.System:
			return Target{}, fmt.Errorf("the field %s is kept by Muster and cannot be imported", s)
		default:
			return Target{Part: partField, Code: s, field: f}, nil
		}
	}
	if dotted {
		return Target{}, fmt.Errorf("there is no field %q on the server; create it first", s)
	}
	return Target{}, fmt.Errorf("%q is nothing a contact has: expected email, external_id, visitor_id, a field's code, consents.CODE, lists.CODE, all_mail, created_at or -", s)
}

func decisionTarget(part, rest, noun string, known []muster.Named, aspects ...string) (Target, error) {
	code, aspect, dotted := strings.Cut(rest, ".")
	if !dotted {
		aspect = "state"
	}
	if !slices.ContainsFunc(known, func(n muster.Named) bool { return n.Code == code }) {
		return Target{}, fmt.Errorf("there is no %s %q on the server; create it first", noun, code)
	}
	if !slices.Contains(aspects, aspect) {
		return Target{}, fmt.Errorf("%q is nothing a %s has: expected one of %s", aspect, noun, strings.Join(aspects, ", "))
	}
	return Target{Part: part, Code: code, Aspect: aspect}, nil
}
