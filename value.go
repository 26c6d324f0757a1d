package muster

// ValueKind says which member of a Value or Scalar is meaningful.
type ValueKind byte

// The kinds. Missing is the zero value: no value at all.
const (
	Missing ValueKind = iota
	KindText
	KindNumber
	KindBoolean
	KindDate
	KindDatetime
	KindChoices // one or several choice codes
)

// Value is what a contact's field holds. The zero Value is "missing".
type Value struct {
	Kind    ValueKind
	Text    string   // KindText: trimmed, never empty
	Number  Decimal  // KindNumber
	Boolean bool     // KindBoolean
	Date    Date     // KindDate
	Instant Instant  // KindDatetime
	Choices []string // KindChoices: sorted, distinct, never empty
}

// IsMissing reports whether there is no value.
func (v Value) IsMissing() bool { return v.Kind == Missing }

// Scalar is an attribute's value exactly as it arrived, before any declared
// type reads it: a text, a number or a boolean. The zero Scalar is missing.
//
// Readings: as a text, a number is its shortest decimal form (Text already
// holds it) and a boolean is "true" or "false". As a number, a text counts if
// ParseDecimal accepts it; a boolean is missing. As a boolean, only a JSON
// boolean or the texts "true" and "false" count. As a datetime, a text in
// RFC 3339 or YYYY-MM-DD (midnight UTC) counts.
type Scalar struct {
	Kind ValueKind // Missing, KindText, KindNumber or KindBoolean
	Text string    // the text; the shortest decimal form; "true" or "false"
}

// Attribute is one named value of an activity.
type Attribute struct {
	Name  string
	Value Scalar
}
