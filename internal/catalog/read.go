package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/muster-groups/muster"
)

// The limits of what a parameter may hold.
const (
	maxOperandText = 2000 // characters of a text operand
	maxListLength  = 500  // members of a list parameter
	maxFilters     = 20   // entries of where
	maxCount       = 1_000_000_000
)

// reader decodes the parameters of one leaf and collects every problem, each
// with a JSON Pointer into the document.
type reader struct {
	catalog  *Catalog
	schema   *muster.Schema
	problems []muster.Problem
}

func (r *reader) fail(at, code, format string, args ...any) {
	r.problems = append(r.problems, muster.Problem{Location: at, Code: code, Message: fmt.Sprintf(format, args...)})
}

// object is a JSON object being taken apart; what nobody takes is unknown.
type object struct {
	at      string
	members map[string]json.RawMessage
}

func (r *reader) object(at string, raw json.RawMessage, expected string) (*object, bool) {
	o := &object{at: at}
	if err := json.Unmarshal(raw, &o.members); err != nil || o.members == nil {
		r.fail(at, "wrong_type", "Expected %s, found %s.", expected, kindOf(raw))
		return o, false
	}
	return o, true
}

func (o *object) take(key string) (json.RawMessage, bool) {
	raw, ok := o.members[key]
	delete(o.members, key)
	return raw, ok
}

func (o *object) place(key string) string {
	return o.at + "/" + muster.PointerToken(key)
}

// rest reports the keys that nobody took.
func (r *reader) rest(o *object, known []string) {
	for _, key := range slices.Sorted(maps.Keys(o.members)) {
		if len(known) == 0 {
			r.fail(o.place(key), "unknown_key", "The key %q is not known here; expected no parameters.", key)
			continue
		}
		r.fail(o.place(key), "unknown_key", "The key %q is not known here; expected %s.%s", key, orList(known), suggest(key, known))
	}
}

// text reads a text: trimmed and not empty.
func (r *reader) text(at string, raw json.RawMessage, expected string) (string, bool) {
	var s string
	if kindOf(raw) != "a text" || json.Unmarshal(raw, &s) != nil {
		r.fail(at, "wrong_type", "Expected %s, found %s.", expected, kindOf(raw))
		return "", false
	}
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		r.fail(at, "required", "Expected %s, found an empty text.", expected)
		return "", false
	case n > maxOperandText:
		r.fail(at, "too_long", "Expected at most %d characters, found %d.", maxOperandText, n)
		return "", false
	case strings.ContainsRune(s, 0):
		r.fail(at, "invalid_text", "A text cannot contain the character U+0000.")
		return "", false
	}
	return s, true
}

// items reads a list with at least one member.
func (r *reader) items(at string, raw json.RawMessage, expected string) ([]json.RawMessage, bool) {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil || items == nil {
		r.fail(at, "wrong_type", "Expected an array of %s, found %s.", expected, kindOf(raw))
		return nil, false
	}
	switch {
	case len(items) == 0:
		r.fail(at, "required", "Expected at least one of %s.", expected)
		return nil, false
	case len(items) > maxListLength:
		r.fail(at, "too_many", "Expected at most %d of %s, found %d.", maxListLength, expected, len(items))
		return nil, false
	}
	return items, true
}

// texts reads a list of texts: sorted, distinct.
func (r *reader) texts(at string, raw json.RawMessage, expected string, each func(at, s string) (string, bool)) ([]string, bool) {
	items, ok := r.items(at, raw, expected)
	if !ok {
		return nil, false
	}
	var list []string
	for i, item := range items {
		here := fmt.Sprintf("%s/%d", at, i)
		s, good := r.text(here, item, "a text")
		if good && each != nil {
			s, good = each(here, s)
		}
		ok = ok && good
		list = append(list, s)
	}
	slices.Sort(list)
	return slices.Compact(list), ok
}

// number reads a JSON number as an exact decimal.
func (r *reader) number(at string, raw json.RawMessage, expected string) (muster.Decimal, bool) {
	if kindOf(raw) != "a number" {
		r.fail(at, "wrong_type", "Expected %s, found %s.", expected, kindOf(raw))
		return 0, false
	}
	scalar, err := muster.ScalarOf(raw)
	if err == nil {
		var d muster.Decimal
		if d, err = muster.ParseDecimal(scalar.Text); err == nil {
			return d, true
		}
	}
	r.fail(at, "out_of_range", "Expected a number with at most six digits after the point and a magnitude below 9.2e12.")
	return 0, false
}

// whole reads a whole number in an inclusive range.
func (r *reader) whole(at string, raw json.RawMessage, low, high int) (int, bool) {
	if kindOf(raw) != "a number" {
		r.fail(at, "wrong_type", "Expected a whole number from %d to %d, found %s.", low, high, kindOf(raw))
		return 0, false
	}
	scalar, err := muster.ScalarOf(raw)
	d, parseErr := muster.ParseDecimal(scalar.Text)
	n := int64(d) / int64(muster.DecimalOne)
	if err != nil || parseErr != nil || int64(d)%int64(muster.DecimalOne) != 0 || n < int64(low) || n > int64(high) {
		r.fail(at, "out_of_range", "Expected a whole number from %d to %d.", low, high)
		return 0, false
	}
	return int(n), true
}

// duration reads a duration in its canonical form: exact ones in the largest
// unit that holds them exactly, twelve months as a year.
func (r *reader) duration(at string, raw json.RawMessage) (muster.Duration, bool) {
	s, ok := r.text(at, raw, "a duration such as 30d")
	if !ok {
		return muster.Duration{}, false
	}
	d, err := muster.ParseDuration(s)
	if err != nil {
		r.fail(at, "invalid_value", "%s.", err)
		return d, false
	}
	return largestUnit(d), true
}

func largestUnit(d muster.Duration) muster.Duration {
	steps := []struct {
		from, to muster.Unit
		by       int64
	}{
		{muster.Seconds, muster.Minutes, 60}, {muster.Minutes, muster.Hours, 60}, {muster.Hours, muster.Days, 24},
		{muster.Days, muster.Weeks, 7}, {muster.Months, muster.Years, 12},
	}
	for _, s := range steps {
		if d.Unit == s.from && d.N%s.by == 0 {
			d = muster.Duration{N: d.N / s.by, Unit: s.to}
		}
	}
	return d
}

// bound reads a date or, where allowed, an instant.
func (r *reader) bound(at string, raw json.RawMessage, instants bool) (Bound, bool) {
	expected := "a date such as 2026-03-01"
	if instants {
		expected += " or an instant such as 2026-03-01T09:30:00Z"
	}
	s, ok := r.text(at, raw, expected)
	if !ok {
		return Bound{}, false
	}
	if d, err := muster.ParseDate(s); err == nil {
		return Bound{IsDate: true, Date: d}, true
	}
	if instants {
		if t, err := muster.ParseInstant(s); err == nil {
			return Bound{Instant: t}, true
		}
	}
	r.fail(at, "invalid_value", "%q is not valid; expected %s.", s, expected)
	return Bound{}, false
}

// oneOf reads a text that is one of a few words.
func (r *reader) oneOf(at string, raw json.RawMessage, words []string) (string, bool) {
	s, ok := r.text(at, raw, orList(words))
	if ok && !slices.Contains(words, s) {
		r.fail(at, "invalid_value", "%q is not known here; expected %s.%s", s, orList(words), suggest(s, words))
		return "", false
	}
	return s, ok
}

// known reports a code that the schema does not have.
func known[V any](r *reader, at, code, noun string, defined map[string]V) bool {
	if _, ok := defined[code]; ok {
		return true
	}
	if len(defined) == 0 {
		r.fail(at, "unknown_code", "There is no %s %q; none is defined yet.", noun, code)
		return false
	}
	hint := suggest(code, slices.Sorted(maps.Keys(defined)))
	r.fail(at, "unknown_code", "There is no %s %q.%s", noun, code, hint)
	return false
}

// kindOf names the kind of a JSON value as messages call it.
func kindOf(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a text"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}
