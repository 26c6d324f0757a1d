package conditiontest

import (
	"encoding/json"

	"github.com/muster-groups/muster"
)

// The pools from which operands are drawn. Data drawn from them (and near the
// first of March 2026) meets conditions often.

// Texts are values of text fields and attributes; several are equal when folded.
func Texts() []string {
	return []string{"Acme GmbH", "acme gmbh", "Straße", "strasse", "7", "3.5", "Ana", "é", "gold", "A", "b", "EUR", "big", "10", "Intro"}
}

// Pages are page paths.
func Pages() []string { return []string{"/pricing", "/Pricing", "/blog", "/"} }

// URLs are addresses and pieces of them.
func URLs() []string {
	return []string{"https://example.com/pricing?x=1", "https://example.com/blog", "pricing", "https://", "BLOG"}
}

// Patterns are operands of matches.
func Patterns() []string {
	return []string{"*gmbh", "a*", "?", "*", "*/blog", "*pricing*", "ac?e *", "STRASSE"}
}

// Dates are days around the first of March 2026.
func Dates() []string {
	return []string{"1986-03-01", "2024-02-29", "2025-03-01", "2026-01-30", "2026-02-01", "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-31", "2027-03-01"}
}

// Instants are moments around 09:00 UTC of that day.
func Instants() []string {
	return []string{"2025-12-31T23:59:59Z", "2026-02-22T09:00:00Z", "2026-03-01T08:59:59Z", "2026-03-01T09:00:00Z", "2026-03-01T10:30:00+01:00", "2026-03-08T09:00:00Z"}
}

// Durations are lengths in every unit.
func Durations() []string {
	return []string{"1s", "90s", "60s", "45m", "12h", "24h", "1d", "7d", "30d", "90d", "4w", "1mo", "3mo", "12mo", "1y"}
}

// DayDurations are lengths in days and longer units.
func DayDurations() []string { return []string{"1d", "7d", "30d", "2w", "1mo", "3mo", "1y"} }

func openChoices() []string { return []string{"AT", "DE", "en", "gold", "blue", "red"} }

func (g generator) number() json.Number {
	return json.Number((muster.Decimal(g.int("halves", -3, 14)) * muster.DecimalOne / 2).String())
}

// compareText fills op and its operand for a text out of the pool.
func (g generator) compareText(p map[string]any, key string, pool []string) {
	op := g.pick("op", "is", "is_not", "contains", "not_contains", "starts_with", "not_starts_with",
		"ends_with", "not_ends_with", "one_of", "none_of", "matches", "not_matches")
	p["op"] = op
	switch op {
	case "one_of", "none_of":
		p["values"] = g.some("values", pool...)
	case "matches", "not_matches":
		p[key] = g.pick("pattern", Patterns()...)
	default:
		p[key] = g.pick("text", pool...)
	}
	g.negative(p, op)
}

func (g generator) compareNumber(p map[string]any, missing bool) {
	op := g.pick("op", "equal", "not_equal", "greater", "at_least", "less", "at_most", "between", "not_between")
	p["op"] = op
	if op == "between" || op == "not_between" {
		low := muster.Decimal(g.int("low", -3, 14)) * muster.DecimalOne / 2
		p["from"] = json.Number(low.String())
		p["to"] = json.Number((low + muster.Decimal(g.int("width", 0, 8))*muster.DecimalOne/2).String())
	} else {
		p["value"] = g.number()
	}
	if missing {
		g.negative(p, op)
	}
}

// negative sometimes writes missing where a negative operator takes it.
func (g generator) negative(p map[string]any, op string) {
	switch op {
	case "is_not", "not_contains", "not_starts_with", "not_ends_with", "none_of", "not_matches", "not_equal", "not_between":
		if g.chance("missing", 3) {
			p["missing"] = g.chance("missing true", 3)
		}
	}
}

// compareDate fills a date operator; instants says whether instants may stand
// for days, anniversary whether that operator is allowed.
func (g generator) compareDate(p map[string]any, instants, anniversary bool) {
	ops := []string{"on", "before", "after", "between", "in_last", "more_than_ago", "in_next", "more_than_ahead"}
	if anniversary {
		ops = append(ops, "anniversary_in_next")
	}
	op := g.pick("op", ops...)
	p["op"] = op
	lengths := DayDurations()
	if instants {
		lengths = Durations()
	}
	bounds := Dates()
	if instants && op != "on" && g.chance("instant", 2) {
		bounds = Instants()
	}
	switch op {
	case "on", "before", "after":
		p["value"] = g.pick("bound", bounds...)
	case "between":
		i := g.int("from", 0, len(bounds)-1)
		p["from"], p["to"] = bounds[i], bounds[g.int("to", i, len(bounds)-1)]
	case "anniversary_in_next":
		p["value"] = g.pick("days", "1d", "7d", "2w", "366d")
	default:
		p["value"] = g.pick("length", lengths...)
	}
}

// compareField fills the operator of a field by its type.
func (g generator) compareField(p map[string]any, f muster.Field) {
	switch f.Type {
	case muster.TextField:
		g.compareText(p, "value", Texts())
	case muster.NumberField:
		g.compareNumber(p, true)
	case muster.BooleanField:
		p["op"] = g.pick("op", "is_true", "is_false")
	case muster.DateField:
		g.compareDate(p, false, true)
	case muster.DatetimeField:
		g.compareDate(p, true, f.Code != "last_activity_at")
	case muster.ChoiceField, muster.ChoicesField:
		op := g.pick("op", "any_of", "all_of", "none_of")
		p["op"] = op
		p["values"] = g.some("choices", choicesOf(f)...)
		g.negative(p, op)
	}
}

func choicesOf(f muster.Field) []string {
	const most = 6
	if len(f.Choices) == 0 {
		return openChoices()
	}
	var list []string
	for _, c := range f.Choices[:min(most, len(f.Choices))] {
		list = append(list, c.Code)
	}
	return list
}
