package muster

import (
	"time"
)

// FieldType is the type of a contact field.
type FieldType string

// The field types. Choice fields hold one code, choices fields hold several.
const (
	TextField     FieldType = "text"
	NumberField   FieldType = "number"
	BooleanField  FieldType = "boolean"
	DateField     FieldType = "date"
	DatetimeField FieldType = "datetime"
	ChoiceField   FieldType = "choice"
	ChoicesField  FieldType = "choices"
)

// Choice is one permitted value of a choice field.
type Choice struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Field defines a typed attribute of contacts. A choice field without Choices
// is open: it accepts any code.
type Field struct {
	Code    string    `json:"code"`
	Name    string    `json:"name"`
	Type    FieldType `json:"type"`
	Choices []Choice  `json:"choices,omitempty"`
	BuiltIn bool      `json:"built_in,omitempty"`
	// System fields are kept by Muster and refused on write: created_at,
	// last_activity_at, identified. email is an identifier.
	System bool `json:"system,omitempty"`
}

// AttributeType is the declared type by which conditions read an attribute.
type AttributeType string

// The attribute types.
const (
	TextAttribute     AttributeType = "text"
	NumberAttribute   AttributeType = "number"
	BooleanAttribute  AttributeType = "boolean"
	DatetimeAttribute AttributeType = "datetime"
)

// AttributeDef declares an attribute of an activity type.
type AttributeDef struct {
	Code string        `json:"code"`
	Name string        `json:"name"`
	Type AttributeType `json:"type"`
}

// ActivityType defines a kind of activity. Attribute "value" (text) is always
// declared. form_submit additionally accepts field.<name> attributes, read as text.
type ActivityType struct {
	Code       string         `json:"code"`
	Name       string         `json:"name"`
	Attributes []AttributeDef `json:"attributes,omitempty"`
	// RetentionDays bounds how long activities are kept; 0 keeps them forever.
	RetentionDays int  `json:"retention_days,omitempty"`
	BuiltIn       bool `json:"built_in,omitempty"`
}

// Named is a definition with a code and a name only: a consent, a recipient
// list or a channel.
type Named struct {
	Code        string `json:"code"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Kind is the kind of a channel: website, email, app or other. Empty elsewhere.
	Kind string `json:"kind,omitempty"`
}

// Schema is an immutable snapshot of everything a condition may name. Changing
// a definition makes a new Schema.
type Schema struct {
	Fields        map[string]Field
	ActivityTypes map[string]ActivityType
	Consents      map[string]Named
	Lists         map[string]Named
	Channels      map[string]Named
	// Groups maps the codes of existing groups to their numbers.
	Groups map[string]GroupNo
	// GroupNames maps the codes of existing groups to their display names.
	GroupNames map[string]string
	// Zone is the project's time zone, in which calendar words are read.
	Zone *time.Location
}
