package plan

import (
	"unicode/utf8"

	"github.com/muster-groups/muster"
)

// ReadText reads an attribute as a folded text; empty text is missing.
func ReadText(s muster.Scalar) (folded string, ok bool) {
	if s.Kind == muster.Missing {
		return "", false
	}
	folded = Fold(s.Text)
	return folded, folded != ""
}

// ReadNumber reads an attribute as a number: a number or a text that is one,
// in range and with at most six fraction digits.
func ReadNumber(s muster.Scalar) (n muster.Decimal, ok bool) {
	if s.Kind != muster.KindNumber && s.Kind != muster.KindText {
		return 0, false
	}
	if !startsLikeNumber(s.Text) {
		return 0, false
	}
	n, err := muster.ParseDecimal(s.Text)
	return n, err == nil
}

// startsLikeNumber is false for most texts that are no number, date or instant,
// which parsing would answer with an error made for people.
func startsLikeNumber(text string) bool {
	if text == "" {
		return false
	}
	c := text[0]
	return '0' <= c && c <= '9' || c == '+' || c == '-' || c <= ' ' || c >= utf8.RuneSelf
}

// ReadBoolean reads an attribute as a boolean: true, false or one of these words.
func ReadBoolean(s muster.Scalar) (b, ok bool) {
	if s.Kind != muster.KindBoolean && s.Kind != muster.KindText {
		return false, false
	}
	return s.Text == "true", s.Text == "true" || s.Text == "false"
}

// ReadInstant reads an attribute as an instant: a text in RFC 3339, or a date,
// which stands for its midnight in UTC.
func ReadInstant(s muster.Scalar) (t muster.Instant, ok bool) {
	if s.Kind != muster.KindText || !startsLikeNumber(s.Text) {
		return 0, false
	}
	if t, err := muster.ParseInstant(s.Text); err == nil {
		return t, true
	}
	d, err := muster.ParseDate(s.Text)
	if err != nil {
		return 0, false
	}
	return muster.Instant(int64(d) * secondsPerDay), true
}

const secondsPerDay = 86400
