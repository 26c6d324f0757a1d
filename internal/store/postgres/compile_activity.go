package postgres

import (
	"fmt"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// matching writes the conditions under which a row of activity counts.
func (c *compiler) matching(a string, types, channels []string, where []plan.Filter, from, to muster.Instant) string {
	tests := []string{c.between(a+".at", int64(from), int64(to))}
	if types != nil {
		tests = append(tests, a+".type = any("+c.arg(types)+")")
	}
	if channels != nil {
		tests = append(tests, a+".channel = any("+c.arg(channels)+")")
	}
	for _, f := range where {
		tests = append(tests, c.filter(a, f))
	}
	return strings.Join(tests, " and ")
}

// filter writes a test of an attribute. A value that the predicate cannot read
// is as good as none.
func (c *compiler) filter(a string, f plan.Filter) string {
	reading, test := c.testScalar(a, f)
	if reading == "" {
		return fmt.Sprint(f.Missing)
	}
	not := ""
	if f.Not {
		not = "not "
	}
	switch f.Pred.(type) {
	case plan.Text, plan.Number, plan.Boolean, plan.InstantRange, plan.MonthDays:
		if !f.Not && !f.Missing {
			return test // of none it is null, which is as good as false
		}
	}
	return fmt.Sprintf("case when %s is null then %t else %s(%s) end", reading, f.Missing, not, test)
}

// testScalar answers how a predicate reads an attribute and its test of that.
func (c *compiler) testScalar(a string, f plan.Filter) (reading, test string) {
	value := func(member, kind string) string {
		return "(" + a + ".attributes->" + c.arg(f.Attribute) + "->>'" + member + "')" + kind
	}
	switch p := f.Pred.(type) {
	case plan.Text:
		reading = value("f", ` collate "C"`)
		return reading, c.testText(reading, p)
	case plan.Number:
		reading = value("n", "::bigint")
		return reading, c.compare(reading, p.Compare, "")
	case plan.Boolean:
		reading = value("b", "::boolean")
		return reading, fmt.Sprintf("%s = %t", reading, p.Is)
	case plan.InstantRange:
		reading = value("i", "::bigint")
		return reading, c.between(reading, int64(p.From), int64(p.To))
	case plan.MonthDays:
		if p.Zone == nil {
			return "", ""
		}
		reading = value("i", "::bigint")
		name := quote(f.Attribute)
		return reading, c.localDays(reading, p, "select distinct (attributes->"+name+"->>'i')::bigint from activity where attributes->"+name+"->>'i' is not null", "contact_no")
	case plan.Choices:
		// One value is among the wanted; only a single wanted one can be all of them.
		reading = value("f", ` collate "C"`)
		if p.All {
			return reading, reading + " = all(" + c.arg(p.Values) + ")"
		}
		return reading, reading + " = any(" + c.arg(p.Values) + ")"
	case plan.Present:
		reading = value("f", "")
		return reading, "true"
	}
	return "", ""
}

// acted writes a measure over a contact's activities.
func (c *compiler) acted(n *plan.Acted) string {
	from := " from activity a where a.contact_no = c.no and " + c.matching("a", n.Types, n.Channels, n.Where, n.From, n.To)
	if n.Measure == plan.Count && n.Compare.Op == plan.AtLeast {
		if n.Compare.A <= muster.DecimalOne {
			return "exists (select" + from + ")"
		}
		// It need not count further than to what is asked for.
		least := c.arg(wholes(n.Compare.A))
		return "(select count(*) from (select" + from + " limit " + least + ") counted) >= " + least
	}
	return "coalesce((select count(*) > 0 and " + c.measured(n) + from + "), false)"
}

// wholes is a number of things, rounded up.
func wholes(d muster.Decimal) int64 {
	return int64((d + muster.DecimalOne - 1) / muster.DecimalOne)
}

// measured writes what is asked of one or more rows a of activity together; it
// is null where they have no value to measure.
func (c *compiler) measured(n *plan.Acted) string {
	attribute := func(member string) string { return "(a.attributes->" + c.arg(n.Attribute) + "->>'" + member + "')" }
	number := func() string { return attribute("n") + "::numeric" }
	switch n.Measure {
	case plan.Count:
		if n.Compare.Op == plan.AtLeast {
			return "count(*) >= " + c.arg(wholes(n.Compare.A))
		}
		return c.compare("count(*)::numeric * 1000000", n.Compare, "")
	case plan.Distinct:
		count := "count(distinct " + attribute("f") + ` collate "C")`
		return "(" + count + " > 0 and " + c.compare(count+"::numeric * 1000000", n.Compare, "") + ")"
	case plan.Sum:
		return c.compare("sum("+number()+")", n.Compare, "")
	case plan.Average:
		value := number()
		return c.compare("sum("+value+")", n.Compare, "count("+value+")")
	case plan.Smallest:
		return c.compare("min("+number()+")", n.Compare, "")
	case plan.Largest:
		return c.compare("max("+number()+")", n.Compare, "")
	}
	return "false"
}

// sequence writes different activities, one per step, each after the one before.
func (c *compiler) sequence(n *plan.Sequence) string {
	var tables, tests []string
	for i, step := range n.Steps {
		a := fmt.Sprintf("a%d", i)
		tables = append(tables, "activity "+a)
		tests = append(tests, a+".contact_no = c.no", c.matching(a, step.Types, step.Channels, step.Where, n.From, n.To))
		if i == 0 {
			continue
		}
		before := fmt.Sprintf("a%d", i-1)
		tests = append(tests, a+".at >= "+before+".at")
		if step.Within > 0 {
			tests = append(tests, a+".at - "+before+".at <= "+c.arg(step.Within))
		}
		for k := range i {
			tests = append(tests, fmt.Sprintf("%s.row <> a%d.row", a, k))
		}
	}
	if len(tables) == 0 {
		return "true"
	}
	return "exists (select from " + strings.Join(tables, ", ") + " where " + strings.Join(tests, " and ") + ")"
}

// latest writes what is on a contact's list: of each key the last word counts.
func (c *compiler) latest(n *plan.Latest) string {
	key := "(a.attributes->" + c.arg(n.Key) + `->>'f') collate "C"`
	remove := "a.type = any(" + c.arg(n.Remove) + ")"
	s := "(select count(*) from (select distinct on (key) key, removed from (select " + key + " as key, a.at, " + remove + " as removed from activity a" +
		" where a.contact_no = c.no and (a.type = any(" + c.arg(n.Add) + ") or " + remove + ")"
	if n.Channels != nil {
		s += " and a.channel = any(" + c.arg(n.Channels) + ")"
	}
	s += ") word where key is not null order by key, at desc, removed desc) last where not removed"
	if len(n.Keys) > 0 {
		s += " and key = any(" + c.arg(n.Keys) + ")"
	}
	return s + ") >= " + c.arg(int64(max(n.AtLeast, 1)))
}
