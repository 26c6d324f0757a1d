package plan

import (
	"slices"
	"strings"
	"time"

	"github.com/muster-groups/muster"
)

// Holds reports whether an activity whose attribute has this value (the zero
// Scalar when it has none) passes the filter.
func (f Filter) Holds(s muster.Scalar) bool {
	matches, fits := MatchScalar(f.Pred, s)
	if !fits {
		return f.Missing
	}
	return matches != f.Not
}

// MatchScalar tests an attribute's value. When the predicate cannot read the
// value, fits is false: the value counts as missing. DateRange, and MonthDays
// without a zone, read dates only, which attributes never are.
func MatchScalar(p Predicate, s muster.Scalar) (matches, fits bool) {
	switch p := p.(type) {
	case Text:
		folded, ok := ReadText(s)
		return ok && p.Holds(folded), ok
	case Number:
		n, ok := ReadNumber(s)
		return ok && p.Compare.Holds(n), ok
	case Boolean:
		b, ok := ReadBoolean(s)
		return ok && b == p.Is, ok
	case InstantRange:
		t, ok := ReadInstant(s)
		return ok && p.Holds(t), ok
	case MonthDays:
		t, ok := ReadInstant(s)
		ok = ok && p.Zone != nil
		return ok && p.HoldsAt(t), ok
	case Choices:
		folded, ok := ReadText(s)
		return ok && p.Holds([]string{folded}), ok
	case Present:
		_, ok := ReadText(s)
		return ok, ok
	}
	return false, false
}

// MatchValue reports whether a contact's field value satisfies the predicate.
// A missing value, and one of a kind that the predicate does not read, never does.
func MatchValue(p Predicate, v muster.Value) bool {
	switch p := p.(type) {
	case Text:
		folded := Fold(v.Text)
		return v.Kind == muster.KindText && folded != "" && p.Holds(folded)
	case Number:
		return v.Kind == muster.KindNumber && p.Compare.Holds(v.Number)
	case Boolean:
		return v.Kind == muster.KindBoolean && v.Boolean == p.Is
	case DateRange:
		return v.Kind == muster.KindDate && p.Holds(v.Date)
	case InstantRange:
		return v.Kind == muster.KindDatetime && p.Holds(v.Instant)
	case MonthDays:
		if p.Zone != nil {
			return v.Kind == muster.KindDatetime && p.HoldsAt(v.Instant)
		}
		return v.Kind == muster.KindDate && p.Holds(v.Date)
	case Choices:
		if v.Kind != muster.KindChoices {
			return false
		}
		folded := make([]string, len(v.Choices))
		for i, code := range v.Choices {
			folded[i] = Fold(code)
		}
		return p.Holds(folded)
	case Present:
		return v.Kind != muster.Missing
	}
	return false
}

// Holds reports whether a folded text satisfies the comparison with one of the values.
func (p Text) Holds(folded string) bool {
	if p.Op == TextIs {
		_, found := slices.BinarySearch(p.Values, folded)
		return found
	}
	for _, value := range p.Values {
		if holdsText(p.Op, folded, value) {
			return true
		}
	}
	return false
}

func holdsText(op TextOp, folded, value string) bool {
	switch op {
	case TextContains:
		return strings.Contains(folded, value)
	case TextStartsWith:
		return strings.HasPrefix(folded, value)
	case TextEndsWith:
		return strings.HasSuffix(folded, value)
	case TextMatches:
		return Wildcard(value, folded)
	}
	return false
}

// Holds reports whether the date is in the range.
func (p DateRange) Holds(d muster.Date) bool { return p.From <= d && d < p.To }

// Holds reports whether the instant is in the range.
func (p InstantRange) Holds(t muster.Instant) bool { return p.From <= t && t < p.To }

// Holds reports whether the date's month and day are in one of the ranges.
func (p MonthDays) Holds(d muster.Date) bool {
	_, month, day := d.Civil()
	return p.holds(month, day)
}

// HoldsAt reports whether the local date of the instant, in the predicate's
// zone, is in one of the ranges. The zone must be set.
func (p MonthDays) HoldsAt(t muster.Instant) bool {
	_, month, day := t.Time().In(p.Zone).Date()
	return p.holds(month, day)
}

func (p MonthDays) holds(month time.Month, day int) bool {
	return inRanges(p.Ranges, int(month)*100+day)
}

// Holds reports whether any, or all, of the wanted codes are among the folded ones.
func (p Choices) Holds(folded []string) bool {
	for _, wanted := range p.Values {
		if slices.Contains(folded, wanted) != p.All {
			return !p.All
		}
	}
	return p.All
}
