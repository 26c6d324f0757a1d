package muster

import (
	"cmp"
	"slices"
	"strings"
)

// MaxCode is the longest code in bytes.
const MaxCode = 64

// ValidCode reports whether a definition or group may carry this code: 1 to 64
// lower-case ASCII letters, digits, "_", "-" and ".", starting with a letter.
func ValidCode(code string) bool {
	if code == "" || len(code) > MaxCode || code[0] < 'a' || code[0] > 'z' {
		return false
	}
	for i := 1; i < len(code); i++ {
		c := code[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// SortedFields answers the fields: the built-in ones in their own order, then
// the custom ones by code.
func (s *Schema) SortedFields() []Field {
	order := map[string]int{}
	for i, f := range BuiltInFields() {
		order[f.Code] = i - 1000
	}
	return sortedDefinitions(s.Fields, func(f Field) (int, string) { return order[f.Code], f.Code })
}

// SortedActivityTypes answers the activity types: the built-in ones in their
// own order, then the custom ones by code.
func (s *Schema) SortedActivityTypes() []ActivityType {
	order := map[string]int{}
	for i, t := range BuiltInActivityTypes() {
		order[t.Code] = i - 1000
	}
	return sortedDefinitions(s.ActivityTypes, func(t ActivityType) (int, string) { return order[t.Code], t.Code })
}

func sortedDefinitions[D any](definitions map[string]D, key func(D) (int, string)) []D {
	var sorted []D
	for _, d := range definitions {
		sorted = append(sorted, d)
	}
	slices.SortFunc(sorted, func(a, b D) int {
		orderA, codeA := key(a)
		orderB, codeB := key(b)
		return cmp.Or(cmp.Compare(orderA, orderB), cmp.Compare(codeA, codeB))
	})
	return sorted
}

// FormFieldPrefix marks the attributes of form_submit that hold submitted fields.
const FormFieldPrefix = "field."

// Attribute answers the definition by which conditions read an attribute of
// the type: a declared one, value (a text unless declared otherwise), or
// field.<name> of a form submission (a text). ok is false when conditions
// cannot use the attribute.
func (t ActivityType) Attribute(code string) (def AttributeDef, ok bool) {
	for _, a := range t.Attributes {
		if a.Code == code {
			return a, true
		}
	}
	if code == ValueAttribute {
		return AttributeDef{Code: code, Name: "Value", Type: TextAttribute}, true
	}
	if name, found := strings.CutPrefix(code, FormFieldPrefix); found && name != "" && t.Code == "form_submit" {
		return AttributeDef{Code: code, Name: "Form field " + name, Type: TextAttribute}, true
	}
	return AttributeDef{}, false
}

// Choice answers the declared choice of that code, compared without regard to
// case. ok is false when the field declares no such choice.
func (f Field) Choice(code string) (choice Choice, ok bool) {
	for _, c := range f.Choices {
		if strings.EqualFold(c.Code, code) {
			return c, true
		}
	}
	return Choice{}, false
}
