package oracle

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// value is a field's or attribute's value in the form in which it is compared.
// Exactly one member is set; none when the value is missing.
type value struct {
	text    string
	number  *big.Rat
	boolean *bool
	date    *day
	instant *muster.Instant
	choices []string
}

// IsMissing reports whether there is no value.
func (v value) IsMissing() bool {
	return v.text == "" && v.number == nil && v.boolean == nil && v.date == nil && v.instant == nil && len(v.choices) == 0
}

// field answers a field of the person, built-in, custom or system.
func (q *question) field(code string) value {
	switch code {
	case "email":
		return value{text: strings.TrimSpace(q.p.Email)}
	case "created_at":
		return value{instant: &q.p.CreatedAt}
	case "identified":
		identified := q.p.Email != "" || q.p.ExternalID != ""
		return value{boolean: &identified}
	case "last_activity_at":
		var last *muster.Instant
		for _, a := range q.p.Activities {
			if last == nil || a.At > *last {
				last = &a.At
			}
		}
		return value{instant: last}
	}
	v := q.p.Fields[code]
	switch v.Kind {
	case muster.KindText:
		return value{text: strings.TrimSpace(v.Text)}
	case muster.KindNumber:
		return value{number: rational(v.Number)}
	case muster.KindBoolean:
		return value{boolean: &v.Boolean}
	case muster.KindDate:
		d := dayOf(v.Date)
		return value{date: &d}
	case muster.KindDatetime:
		return value{instant: &v.Instant}
	case muster.KindChoices:
		return value{choices: v.Choices}
	}
	return value{}
}

// attribute reads an attribute of an activity by a declared type. What does not
// fit the type is missing.
func attribute(a muster.Activity, name string, as muster.AttributeType) value {
	s := a.Attribute(name)
	if s.Kind == muster.Missing {
		return value{}
	}
	switch as {
	case muster.NumberAttribute:
		if s.Kind == muster.KindBoolean {
			return value{}
		}
		if x, ok := parseNumber(s.Text); ok {
			return value{number: x}
		}
		return value{}
	case muster.BooleanAttribute:
		if s.Kind == muster.KindNumber || (s.Text != "true" && s.Text != "false") {
			return value{}
		}
		yes := s.Text == "true"
		return value{boolean: &yes}
	case muster.DatetimeAttribute:
		if s.Kind != muster.KindText {
			return value{}
		}
		for _, form := range []string{time.RFC3339Nano, "2006-01-02"} {
			if t, err := time.Parse(form, s.Text); err == nil && t.Year() >= 1 {
				at := muster.Instant(t.Unix())
				return value{instant: &at}
			}
		}
		return value{}
	}
	return value{text: strings.TrimSpace(s.Text)}
}

// comparison is an operator with its operands.
type comparison struct {
	op      catalog.Operator
	text    []string
	numbers []muster.Decimal
	dates   []catalog.Bound
	length  muster.Duration
	days    int
	missing *bool
}

func comparisonOf(a *catalog.Args) comparison {
	return comparison{a.Op, a.Text, a.Numbers, a.Dates, a.Length, a.Days, a.Missing}
}

// positiveOf maps each negative operator to the one it is the complement of.
var positiveOf = map[catalog.Operator]catalog.Operator{
	catalog.IsNot: catalog.Is, catalog.NotContains: catalog.Contains, catalog.NotStartsWith: catalog.StartsWith,
	catalog.NotEndsWith: catalog.EndsWith, catalog.NotMatches: catalog.Matches, catalog.NoneOf: catalog.OneOf,
	catalog.NotEqual: catalog.Equal, catalog.NotBetween: catalog.Between,
}

// holds applies the operator. Without a value a comparison is false, and so a
// negative one true, unless "missing": false excludes that.
func (c comparison) holds(v value, cal calendar) bool {
	positive, negative := positiveOf[c.op]
	if v.IsMissing() {
		return negative && !excludesMissing(c.missing)
	}
	if negative {
		return !c.test(positive, v, cal)
	}
	return c.test(c.op, v, cal)
}

func (c comparison) test(op catalog.Operator, v value, cal calendar) bool {
	switch {
	case v.number != nil:
		return compareNumber(v.number, op, c.numbers)
	case v.boolean != nil:
		return *v.boolean == (op == catalog.IsTrue)
	case v.date != nil:
		return c.testDay(op, *v.date, cal)
	case v.instant != nil:
		return c.testInstant(op, *v.instant, cal)
	case v.choices != nil:
		return c.testChoices(op, v.choices)
	}
	return c.testText(op, fold(v.text))
}

func (c comparison) testText(op catalog.Operator, text string) bool {
	switch op {
	case catalog.Is, catalog.OneOf:
		return isOneOf(text, c.text)
	case catalog.Contains:
		return strings.Contains(text, fold(c.text[0]))
	case catalog.StartsWith:
		return strings.HasPrefix(text, fold(c.text[0]))
	case catalog.EndsWith:
		return strings.HasSuffix(text, fold(c.text[0]))
	case catalog.Matches:
		return wildcard([]rune(fold(c.text[0])), []rune(text))
	}
	panic(fmt.Sprintf("oracle: %q does not compare texts", op))
}

// testChoices compares choice codes folded. None_of arrives as one_of.
func (c comparison) testChoices(op catalog.Operator, chosen []string) bool {
	has := func(code string) bool { return isOneOf(code, chosen) }
	if op == catalog.AllOf {
		return !slices.ContainsFunc(c.text, func(code string) bool { return !has(code) })
	}
	return slices.ContainsFunc(c.text, has)
}

// testDay compares days. The unit of a duration is the day and now is today.
func (c comparison) testDay(op catalog.Operator, d day, cal calendar) bool {
	today := cal.today()
	switch op {
	case catalog.On:
		return d == dayOf(c.dates[0].Date)
	case catalog.Before:
		return d.before(dayOf(c.dates[0].Date))
	case catalog.After:
		return dayOf(c.dates[0].Date).before(d)
	case catalog.Between:
		return !d.before(dayOf(c.dates[0].Date)) && !dayOf(c.dates[1].Date).before(d)
	case catalog.InLast: // (today-D, today]
		return cal.dayBound(c.length, -1).before(d) && !today.before(d)
	case catalog.MoreThanAgo: // up to today-D
		return !cal.dayBound(c.length, -1).before(d)
	case catalog.InNext: // (today, today+D]
		return today.before(d) && !cal.dayBound(c.length, +1).before(d)
	case catalog.MoreThanAhead: // after today+D
		return cal.dayBound(c.length, +1).before(d)
	case catalog.AnniversaryInNext:
		return anniversaryWithin(d, today, c.days)
	}
	panic(fmt.Sprintf("oracle: %q does not compare dates", op))
}

// testInstant compares instants. A date stands for its whole local day.
func (c comparison) testInstant(op catalog.Operator, t muster.Instant, cal calendar) bool {
	first := func(b catalog.Bound) muster.Instant {
		if b.IsDate {
			return cal.start(dayOf(b.Date))
		}
		return b.Instant
	}
	last := func(b catalog.Bound) muster.Instant {
		if b.IsDate {
			return cal.start(dayOf(b.Date).plusDays(1)) - 1
		}
		return b.Instant
	}
	switch op {
	case catalog.On:
		return t >= first(c.dates[0]) && t <= last(c.dates[0])
	case catalog.Before:
		return t < first(c.dates[0])
	case catalog.After:
		return t > last(c.dates[0])
	case catalog.Between:
		return t >= first(c.dates[0]) && t <= last(c.dates[1])
	case catalog.InLast: // (now-D, now]
		return t > cal.bound(c.length, -1) && t <= cal.now
	case catalog.MoreThanAgo: // up to now-D
		return t <= cal.bound(c.length, -1)
	case catalog.InNext: // (now, now+D]
		return t > cal.now && t <= cal.bound(c.length, +1)
	case catalog.MoreThanAhead: // after now+D
		return t > cal.bound(c.length, +1)
	case catalog.AnniversaryInNext:
		return anniversaryWithin(cal.dayAt(t), cal.today(), c.days)
	}
	panic(fmt.Sprintf("oracle: %q does not compare instants", op))
}
