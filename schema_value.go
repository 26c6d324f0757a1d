package muster

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of text, in characters (Unicode code points).
const (
	MaxFieldText     = 1000
	MaxAttributeText = 2000
	MaxChoiceCode    = 100
	MaxChoices       = 200 // codes in one choices value
)

// ParseJSON reads a value written to the field as JSON. null and an empty text
// clear the field: the missing Value. A text is trimmed; a number or boolean
// written to a text field becomes its text. A number may be written as decimal
// text, a boolean as "true" or "false", choices as an array or as one code.
// Errors are sentences that say what was expected.
func (f Field) ParseJSON(raw json.RawMessage) (Value, error) {
	tree, problems := readJSON(raw)
	if len(problems) > 0 {
		return Value{}, fmt.Errorf("%s", strings.TrimSuffix(problems[0].Message, "."))
	}
	switch tree.kind {
	case 'n':
		return Value{}, nil
	case '"', '0', 't':
		text := tree.text
		if tree.kind == '0' {
			text = shortestDecimal(text)
		}
		if (tree.kind == '0' && !f.takesNumbers()) || (tree.kind == 't' && f.Type != TextField && f.Type != BooleanField) {
			return Value{}, fmt.Errorf("expected %s, found %s", f.expected(), tree.kindName())
		}
		return f.parse(text)
	case '[':
		if f.Type == ChoicesField {
			var codes []string
			for _, item := range tree.items {
				if item.kind != '"' {
					return Value{}, fmt.Errorf("expected %s, found %s in the array", f.expected(), item.kindName())
				}
				codes = append(codes, item.text)
			}
			return f.choices(codes)
		}
	}
	return Value{}, fmt.Errorf("expected %s, found %s", f.expected(), tree.kindName())
}

// takesNumbers reports whether a JSON number can be meant: a zip or a status
// may well look like one.
func (f Field) takesNumbers() bool {
	return f.Type == TextField || f.Type == NumberField || f.Type == ChoiceField
}

// ParseText reads a value from a cell of a table. Beyond what ParseJSON takes
// as text, a boolean may be yes, no, 1 or 0, and choices are separated by "|"
// or ";". An empty cell clears the field.
func (f Field) ParseText(text string) (Value, error) {
	if !utf8.ValidString(text) {
		return Value{}, fmt.Errorf("expected %s in UTF-8", f.expected())
	}
	switch f.Type {
	case ChoicesField:
		return f.choices(strings.FieldsFunc(text, func(r rune) bool { return r == '|' || r == ';' }))
	case BooleanField:
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "yes", "1":
			return Value{Kind: KindBoolean, Boolean: true}, nil
		case "no", "0":
			return Value{Kind: KindBoolean}, nil
		}
	}
	return f.parse(text)
}

func (f Field) parse(text string) (Value, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Value{}, nil
	}
	if n := utf8.RuneCountInString(text); n > MaxFieldText {
		return Value{}, fmt.Errorf("expected at most %d characters, found %d", MaxFieldText, n)
	}
	if strings.ContainsRune(text, 0) {
		return Value{}, fmt.Errorf("expected a text without the character U+0000")
	}
	switch f.Type {
	case TextField:
		return Value{Kind: KindText, Text: text}, nil
	case NumberField:
		d, err := ParseDecimal(text)
		if err != nil {
			return Value{}, err
		}
		return Value{Kind: KindNumber, Number: d}, nil
	case BooleanField:
		switch strings.ToLower(text) {
		case "true":
			return Value{Kind: KindBoolean, Boolean: true}, nil
		case "false":
			return Value{Kind: KindBoolean}, nil
		}
		return Value{}, fmt.Errorf("%q is not a boolean: expected true or false", text)
	case DateField:
		d, err := ParseDate(text)
		if err != nil {
			return Value{}, err
		}
		return Value{Kind: KindDate, Date: d}, nil
	case DatetimeField:
		t, err := ParseInstant(text)
		if err != nil {
			return Value{}, err
		}
		return Value{Kind: KindDatetime, Instant: t}, nil
	case ChoiceField, ChoicesField:
		return f.choices([]string{text})
	}
	return Value{}, fmt.Errorf("the field %s has the unknown type %q", f.Code, f.Type)
}

// choices reads codes: trimmed, sorted, distinct.
func (f Field) choices(codes []string) (Value, error) {
	var kept []string
	for _, code := range codes {
		code = strings.TrimSpace(code)
		if code == "" {
			continue
		}
		parsed, err := f.ParseChoice(code)
		if err != nil {
			return Value{}, err
		}
		kept = append(kept, parsed)
	}
	slices.Sort(kept)
	kept = slices.Compact(kept)
	switch {
	case len(kept) == 0:
		return Value{}, nil
	case len(kept) > MaxChoices:
		return Value{}, fmt.Errorf("expected at most %d choices, found %d", MaxChoices, len(kept))
	}
	return Value{Kind: KindChoices, Choices: kept}, nil
}

// ParseChoice reads one code of a choice field. The codes of the built-in
// country and state are upper-cased. A field with declared choices takes only
// those, in any case, and answers them as declared; an open field takes any
// text of up to 100 characters.
func (f Field) ParseChoice(code string) (string, error) {
	code = strings.TrimSpace(code)
	if f.BuiltIn && (f.Code == "country" || f.Code == "state") {
		code = strings.ToUpper(code)
	}
	if n := utf8.RuneCountInString(code); n == 0 || n > MaxChoiceCode || strings.ContainsRune(code, 0) {
		return "", fmt.Errorf("expected a choice of 1 to %d characters", MaxChoiceCode)
	}
	if len(f.Choices) == 0 {
		return code, nil
	}
	if c, ok := f.Choice(code); ok {
		return c.Code, nil
	}
	return "", fmt.Errorf("%q is not a choice of %s: expected %s", code, f.Code, f.choiceList())
}

// choiceList names the declared choices as far as a message can hold them.
func (f Field) choiceList() string {
	const most = 12
	if f.BuiltIn && f.Code == "country" {
		return "an ISO 3166-1 code such as DE"
	}
	var codes []string
	for _, c := range f.Choices[:min(most, len(f.Choices))] {
		codes = append(codes, c.Code)
	}
	if len(f.Choices) > most {
		codes = append(codes, fmt.Sprintf("or one of %d more", len(f.Choices)-most))
	}
	return strings.Join(codes, ", ")
}

func (f Field) expected() string {
	switch f.Type {
	case NumberField:
		return "a number"
	case BooleanField:
		return "true or false"
	case DateField:
		return "a date such as 2026-03-01"
	case DatetimeField:
		return "an instant such as 2026-03-01T09:30:00Z"
	case ChoiceField:
		return "the code of a choice"
	case ChoicesField:
		return "an array of codes of choices"
	}
	return "a text"
}

// JSON prints a value of the field as ParseJSON reads it: null for the missing
// Value, one code for a choice field, an array of codes for a choices field.
func (f Field) JSON(v Value) json.RawMessage {
	if f.Type == ChoiceField && v.Kind == KindChoices && len(v.Choices) == 1 {
		return appendJSONText(nil, v.Choices[0])
	}
	return v.JSON()
}

// FormatText prints a value of the field as ParseText reads it; choices are
// separated by "|".
func (f Field) FormatText(v Value) string {
	switch v.Kind {
	case KindText:
		return v.Text
	case KindNumber:
		return v.Number.String()
	case KindBoolean:
		return fmt.Sprint(v.Boolean)
	case KindDate:
		return v.Date.String()
	case KindDatetime:
		return v.Instant.String()
	case KindChoices:
		return strings.Join(v.Choices, "|")
	}
	return ""
}

// JSON prints the value: null when missing, choices always as an array. Use
// Field.JSON where the field is known. It is not called MarshalJSON because a
// Value cannot be read back without its field.
func (v Value) JSON() json.RawMessage {
	switch v.Kind {
	case KindText:
		return appendJSONText(nil, v.Text)
	case KindNumber:
		return json.RawMessage(v.Number.String())
	case KindBoolean:
		return json.RawMessage(fmt.Sprint(v.Boolean))
	case KindDate:
		return appendJSONText(nil, v.Date.String())
	case KindDatetime:
		return appendJSONText(nil, v.Instant.String())
	case KindChoices:
		b := []byte("[")
		for i, c := range v.Choices {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSONText(b, c)
		}
		return append(b, ']')
	}
	return json.RawMessage("null")
}
