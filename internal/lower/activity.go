package lower

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
)

// anyActivity is the table "Any activity"; nil for types of other tables.
func (l *lowering) anyActivity(conditionType string, a *catalog.Args) plan.Node {
	switch conditionType {
	case "activity-count":
		return counted(l.activities(a, a.Types), a.Times)
	case "activity-measure":
		return measured(l.activities(a, a.Types), measures[a.Measure], a.Attribute, operandsOf(a))
	case "first-activity":
		return l.edge(a, func(s span) span { return span{muster.Beginning, s.from} })
	case "last-activity":
		return l.edge(a, func(s span) span { return span{s.to, muster.Forever} })
	case "sequence":
		return l.sequence(a)
	case "sample":
		// Percents are in millionths, buckets in millionths of all contacts.
		return &plan.Sample{Salt: a.Salt, From: 0, To: uint32(a.Percent / 100)}
	}
	return nil
}

// activities answers the activities of the types that satisfy the common
// parameters and the filters; the measure is left open.
func (l *lowering) activities(a *catalog.Args, types []string, filters ...plan.Filter) plan.Acted {
	s := l.window(a.Window)
	return plan.Acted{
		Types: sorted(types), Channels: sorted(a.Channels),
		Where: append(filters, l.where(a.Where)...),
		From:  s.from, To: s.to,
	}
}

func (l *lowering) where(filters []catalog.Filter) []plan.Filter {
	var out []plan.Filter
	for _, f := range filters {
		out = append(out, l.filter(f.Attribute, f.Type, operandsIn(f)))
	}
	return out
}

// filter lowers an operator on an attribute. The negative operators also pass
// an activity without the attribute unless missing is false.
func (l *lowering) filter(attribute string, attributeType muster.AttributeType, o operands) plan.Filter {
	var t test
	switch attributeType {
	case muster.NumberAttribute:
		t = numberTest(o)
	case muster.BooleanAttribute:
		t = booleanTest(o)
	case muster.DatetimeAttribute:
		t = l.datetimeTest(o)
	default:
		t = textTest(o)
	}
	return plan.Filter{
		Attribute: attribute, Pred: t.pred, Not: t.negative,
		Missing: t.negative && !excludesMissing(o.missing),
	}
}

// valueFilter lowers the operator of a leaf on an attribute: a number operator
// when it was given numbers, else a text operator.
func (l *lowering) valueFilter(attribute string, a *catalog.Args) plan.Filter {
	o := operandsOf(a)
	o.text = a.Text // codes name something else in these conditions
	if len(a.Numbers) > 0 {
		return l.filter(attribute, muster.NumberAttribute, o)
	}
	return l.filter(attribute, muster.TextAttribute, o)
}

// oneOf passes activities whose attribute is one of the codes.
func oneOf(attribute string, codes ...string) plan.Filter {
	return plan.Filter{Attribute: attribute, Pred: plan.Text{Op: plan.TextIs, Values: folded(codes)}}
}

func atLeast(acted plan.Acted, n int) plan.Node {
	acted.Measure = plan.Count
	acted.Compare = plan.Compare{Op: plan.AtLeast, A: muster.Decimal(n) * muster.DecimalOne}
	return &acted
}

// counted holds when the number of activities is in the range. Acted never
// holds for contacts without an activity, so an upper bound is a Not.
func counted(acted plan.Acted, times catalog.Times) plan.Node {
	if times.Max < 0 {
		if times.Min < 1 {
			return plan.Everyone{}
		}
		return atLeast(acted, times.Min)
	}
	atMost := not(atLeast(acted, times.Max+1))
	if times.Min < 1 {
		return atMost
	}
	return all(atLeast(acted, times.Min), atMost)
}

var measures = map[string]plan.Measure{
	"sum": plan.Sum, "average": plan.Average, "smallest": plan.Smallest, "largest": plan.Largest, "distinct": plan.Distinct,
}

// measured holds when the measure of the activities satisfies the operator.
// Without an activity that has the attribute, sum and distinct are 0; the others
// are missing, which only a negative operator accepts.
func measured(acted plan.Acted, measure plan.Measure, attribute string, o operands) plan.Node {
	compare, negative := comparison(o)
	acted.Measure, acted.Attribute = measure, attribute
	with := func(c plan.Compare) plan.Node {
		leaf := acted
		leaf.Compare = c
		return &leaf
	}
	if measure == plan.Sum || measure == plan.Distinct {
		if negative {
			compare = compare.Complement()
		}
		if compare.Holds(0) {
			return not(with(compare.Complement()))
		}
		return with(compare)
	}
	switch {
	case negative && excludesMissing(o.missing):
		return with(compare.Complement())
	case negative:
		return not(with(compare))
	}
	return with(compare)
}

// edge holds when an activity lies in the window and none lies outside on the
// side that beyond answers, so the first or the last one is inside.
func (l *lowering) edge(a *catalog.Args, beyond func(span) span) plan.Node {
	inside := l.activities(a, a.Types)
	outside := inside
	s := beyond(span{inside.From, inside.To})
	outside.From, outside.To = s.from, s.to
	return all(atLeast(inside, 1), not(atLeast(outside, 1)))
}

func (l *lowering) sequence(a *catalog.Args) plan.Node {
	s := l.window(a.Window)
	steps := make([]plan.Step, len(a.Steps))
	for i, step := range a.Steps {
		steps[i] = plan.Step{Types: sorted(step.Types), Channels: sorted(a.Channels), Where: l.where(step.Where)}
		if step.Within != nil && i > 0 {
			// A gap is a length, not a step of the calendar: the catalogue takes
			// exact durations only.
			steps[i].Within, _ = step.Within.Exact()
		}
	}
	return &plan.Sequence{Steps: steps, From: s.from, To: s.to}
}

// sorted answers the codes sorted and distinct, nil when there are none.
func sorted(codes []string) []string {
	if len(codes) == 0 {
		return nil
	}
	codes = slices.Clone(codes)
	slices.Sort(codes)
	return slices.Compact(codes)
}
