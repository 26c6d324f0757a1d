package lower

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
)

// test is an operator with its operands: a positive predicate, and whether the
// operator is the complement of it.
type test struct {
	pred     plan.Predicate
	negative bool
}

// operands are an operator's operands, of a leaf or of an entry of where.
type operands struct {
	op      catalog.Operator
	text    []string
	numbers []muster.Decimal
	dates   []catalog.Bound
	length  muster.Duration
	days    int
	missing *bool
}

func operandsOf(a *catalog.Args) operands {
	return operands{a.Op, slices.Concat(a.Text, a.Codes), a.Numbers, a.Dates, a.Length, a.Days, a.Missing}
}

func operandsIn(f catalog.Filter) operands {
	return operands{f.Op, f.Text, f.Numbers, f.Dates, f.Length, f.Days, f.Missing}
}

func textTest(o operands) test {
	op, negative := plan.TextIs, false
	switch o.op {
	case catalog.IsNot, catalog.NoneOf:
		negative = true
	case catalog.Contains, catalog.NotContains:
		op, negative = plan.TextContains, o.op == catalog.NotContains
	case catalog.StartsWith, catalog.NotStartsWith:
		op, negative = plan.TextStartsWith, o.op == catalog.NotStartsWith
	case catalog.EndsWith, catalog.NotEndsWith:
		op, negative = plan.TextEndsWith, o.op == catalog.NotEndsWith
	case catalog.Matches, catalog.NotMatches:
		op, negative = plan.TextMatches, o.op == catalog.NotMatches
	}
	return test{plan.Text{Op: op, Values: folded(o.text)}, negative}
}

func choiceTest(o operands) test {
	return test{plan.Choices{All: o.op == catalog.AllOf, Values: folded(o.text)}, o.op == catalog.NoneOf}
}

func booleanTest(o operands) test {
	return test{plan.Boolean{Is: o.op == catalog.IsTrue}, false}
}

func numberTest(o operands) test {
	compare, negative := comparison(o)
	return test{plan.Number{Compare: compare}, negative}
}

// comparison answers the positive comparison of a number operator, and whether
// the operator is the complement of it.
func comparison(o operands) (c plan.Compare, negative bool) {
	if len(o.numbers) > 0 {
		c.A = o.numbers[0]
	}
	if len(o.numbers) > 1 {
		c.B = o.numbers[1]
	}
	switch o.op {
	case catalog.Equal:
		c.Op = plan.Equal
	case catalog.NotEqual:
		c.Op, negative = plan.Equal, true
	case catalog.Greater:
		c.Op = plan.Greater
	case catalog.AtLeast:
		c.Op = plan.AtLeast
	case catalog.Less:
		c.Op = plan.Less
	case catalog.AtMost:
		c.Op = plan.AtMost
	case catalog.Between:
		c.Op = plan.Between
	case catalog.NotBetween:
		c.Op, negative = plan.Between, true
	}
	return c, negative
}

// dateTest reads the operator on dates: the unit is the day and now is today.
func (l *lowering) dateTest(o operands) test {
	r := plan.DateRange{From: muster.FirstDate, To: muster.LastDate}
	switch o.op {
	case catalog.On, catalog.Between:
		r.From, r.To = l.dateOf(o.dates[0]), l.dateOf(o.dates[len(o.dates)-1])+1
	case catalog.Before:
		r.To = l.dateOf(o.dates[0])
	case catalog.After:
		r.From = l.dateOf(o.dates[0]) + 1
	case catalog.InLast:
		r.From, r.To = shiftedDate(l.today, o.length, -1)+1, l.today+1
	case catalog.MoreThanAgo:
		r.To = shiftedDate(l.today, o.length, -1) + 1
	case catalog.InNext:
		r.From, r.To = l.today+1, shiftedDate(l.today, o.length, 1)+1
	case catalog.MoreThanAhead:
		r.From = shiftedDate(l.today, o.length, 1) + 1
	case catalog.AnniversaryInNext:
		return test{celebrated(l.today, o.anniversaryDays(), nil), false}
	}
	return test{r, false}
}

// dateOf is the bound's date; of an instant, the local one.
func (l *lowering) dateOf(b catalog.Bound) muster.Date {
	if b.IsDate {
		return b.Date
	}
	return muster.DateOf(b.Instant.Time().In(l.Zone))
}

func (l *lowering) datetimeTest(o operands) test {
	if o.op == catalog.AnniversaryInNext {
		return test{celebrated(l.today, o.anniversaryDays(), l.Zone), false}
	}
	s := l.instants(o)
	return test{plan.InstantRange{From: s.from, To: s.to}, false}
}

// instants answers the span of a date operator on instants. An anniversary is
// no span.
func (l *lowering) instants(o operands) span {
	s := always()
	switch o.op {
	case catalog.On, catalog.Between:
		s.from, s.to = l.start(o.dates[0]), l.end(o.dates[len(o.dates)-1])
	case catalog.Before:
		s.to = l.start(o.dates[0])
	case catalog.After:
		s.from = l.end(o.dates[0])
	case catalog.InLast:
		s = l.inLast(o.length)
	case catalog.MoreThanAgo:
		s = l.moreThanAgo(o.length)
	case catalog.InNext:
		s = l.inNext(o.length)
	case catalog.MoreThanAhead:
		s = l.moreThanAhead(o.length)
	}
	return s
}

// anniversaryDays is the operand of anniversary_in_next, written as a number
// of days or as a duration of days or weeks.
func (o operands) anniversaryDays() int {
	if o.days > 0 {
		return o.days
	}
	seconds, _ := o.length.Exact()
	return int(seconds / secondsPerDay)
}

// folded answers the texts as plan.Text and plan.Choices hold them.
func folded(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = plan.Fold(s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
