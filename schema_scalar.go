package muster

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ScalarOf reads an activity's attribute: a text (kept as it is, at most 2,000
// characters), a number (its shortest decimal form) or a boolean. null is the
// missing Scalar; objects and arrays are refused.
func ScalarOf(raw json.RawMessage) (Scalar, error) {
	tree, problems := readJSON(raw)
	if len(problems) > 0 {
		return Scalar{}, fmt.Errorf("%s", strings.TrimSuffix(problems[0].Message, "."))
	}
	switch tree.kind {
	case 'n':
		return Scalar{}, nil
	case '"':
		return TextScalar(tree.text)
	case '0':
		if len(tree.text) > MaxAttributeText {
			return Scalar{}, fmt.Errorf("expected a number of at most %d characters, found %d", MaxAttributeText, len(tree.text))
		}
		return Scalar{Kind: KindNumber, Text: shortestDecimal(tree.text)}, nil
	case 't':
		return Scalar{Kind: KindBoolean, Text: tree.text}, nil
	}
	return Scalar{}, fmt.Errorf("expected a text, a number or a boolean, found %s", tree.kindName())
}

// TextScalar makes the scalar of a text, checked like one read by ScalarOf.
func TextScalar(text string) (Scalar, error) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return Scalar{}, fmt.Errorf("expected a text in UTF-8 without the character U+0000")
	}
	if n := utf8.RuneCountInString(text); n > MaxAttributeText {
		return Scalar{}, fmt.Errorf("expected at most %d characters, found %d", MaxAttributeText, n)
	}
	return Scalar{Kind: KindText, Text: text}, nil
}

// JSON prints the scalar as ScalarOf reads it.
func (s Scalar) JSON() json.RawMessage {
	switch s.Kind {
	case KindText:
		return appendJSONText(nil, s.Text)
	case KindNumber, KindBoolean:
		return json.RawMessage(s.Text)
	}
	return json.RawMessage("null")
}

// shortestDecimal writes a JSON number without exponent, leading plus, or
// trailing zeros after the point: 1.50 and 15e-1 are 1.5. All digits are kept.
// A number of 9.2e12 or more, or with more than 30 digits after the point, has
// no decimal reading and keeps its JSON text.
func shortestDecimal(literal string) string {
	const mostFraction, mostWhole = 30, 13
	mantissa, exponent := literal, 0
	if i := strings.IndexAny(literal, "eE"); i >= 0 {
		e, err := strconv.Atoi(literal[i+1:])
		mantissa = literal[:i]
		if err != nil || e > 10_000 || e < -10_000 {
			if strings.Trim(mantissa, "-0.") == "" {
				return "0"
			}
			return literal
		}
		exponent = e
	}
	digits, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	digits, point := whole+fraction, len(whole)+exponent
	if strings.Trim(digits, "0") == "" {
		return "0"
	}
	if point < -mostFraction {
		return literal
	}
	if point < 0 {
		digits, point = strings.Repeat("0", -point)+digits, 0
	}
	if point > len(digits) {
		digits += strings.Repeat("0", point-len(digits))
	}
	whole = strings.TrimLeft(digits[:point], "0")
	fraction = strings.TrimRight(digits[point:], "0")
	if whole == "" {
		whole = "0"
	}
	short := whole
	if fraction != "" {
		short += "." + fraction
	}
	if len(fraction) > mostFraction || len(whole) > mostWhole {
		return literal
	}
	if _, err := ParseDecimal(whole); err != nil {
		return literal
	}
	if negative && short != "0" {
		short = "-" + short
	}
	return short
}
