package postgres

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// compiler writes plans as conditions on a row c of contact. What only this
// program can compute the same way everywhere, samples and local dates, it asks
// the reading for and writes as sets.
type compiler struct {
	*statement
	r       *reading
	members map[muster.GroupNo]*roaring.Bitmap
	of      *roaring.Bitmap // whom the condition is asked about; nil is everybody
	err     error
}

// node answers the condition that a plan denotes; it is never null.
func (c *compiler) node(n plan.Node) string {
	switch n := n.(type) {
	case plan.Everyone:
		return "true"
	case *plan.All:
		return c.join(n.Of, " and ", "true")
	case *plan.Any:
		return c.join(n.Of, " or ", "false")
	case *plan.Not:
		return "not " + c.node(n.Of)
	case *plan.Field:
		return c.field(n)
	case *plan.Acted:
		return c.acted(n)
	case *plan.Sequence:
		return c.sequence(n)
	case *plan.Latest:
		return c.latest(n)
	case *plan.Decided:
		return "exists (select from decision d where d.contact_no = c.no and " + c.decided(n) + ")"
	case *plan.InGroup:
		if set, ok := c.members[n.Group]; ok {
			return c.among(set)
		}
		if !c.r.has(n.Group) {
			return "false"
		}
		if bulk, err := c.r.bulkOf(n.Group); bulk != 0 || err != nil {
			c.note(err)
			return c.among(c.r.Members(n.Group))
		}
		return "exists (select from membership m where m.group_no = " + c.arg(n.Group) + " and m.contact_no = c.no)"
	case plan.Identified:
		return "(c.email is not null or c.external_id is not null)"
	case *plan.Sample:
		set, err := c.r.sampled(n, c.of)
		c.note(err)
		return c.among(set)
	}
	return "false" // Nobody
}

func (c *compiler) note(err error) {
	if c.err == nil {
		c.err = err
	}
}

func (c *compiler) join(of []plan.Node, word, none string) string {
	if len(of) == 0 {
		return none
	}
	parts := make([]string, len(of))
	for i, child := range of {
		parts[i] = c.node(child)
	}
	return "(" + strings.Join(parts, word) + ")"
}

// among says that the contact is in a set.
func (c *compiler) among(set *roaring.Bitmap) string {
	if set == nil || set.IsEmpty() {
		return "false"
	}
	if c.of != nil && c.of.GetCardinality() < set.GetCardinality() {
		set = roaring.And(set, c.of)
	}
	return "c.no = any(" + c.arg(numbers(set)) + ")"
}

// field answers whether a field's value satisfies its predicate.
func (c *compiler) field(n *plan.Field) string {
	switch n.Code {
	case "email":
		switch p := n.Pred.(type) {
		case plan.Text:
			return "coalesce(" + c.testText("c.email_folded", p) + ", false)"
		case plan.Present:
			return "c.email is not null"
		}
		return "false"
	case "created_at":
		switch p := n.Pred.(type) {
		case plan.InstantRange:
			return c.between("c.created_at", int64(p.From), int64(p.To))
		case plan.MonthDays:
			return c.localDays("c.created_at", p, "select distinct created_at from contact where parent is null and not erased", "no")
		case plan.Present:
			return "true"
		}
		return "false"
	}
	test := c.valued(n)
	if test == "" {
		return "false"
	}
	return "exists (select from field f where f.contact_no = c.no and " + test + ")"
}

// ofContact tells the fields that are columns of contact.
func ofContact(code string) bool { return code == "email" || code == "created_at" }

// valued writes under which conditions a row f of field is a value that satisfies
// a leaf; none does when it is "".
func (c *compiler) valued(n *plan.Field) string {
	kind, test := c.testField(n.Code, n.Pred)
	if kind == muster.Missing && test == "" {
		return ""
	}
	s := "f.code = " + c.arg(n.Code)
	if kind != muster.Missing {
		s += " and f.kind = " + strconv.Itoa(int(kind))
	}
	return s + " and " + test
}

// decided writes under which conditions a row d of decision satisfies a leaf.
func (c *compiler) decided(n *plan.Decided) string {
	return fmt.Sprintf("d.kind = %s and d.code = %s and d.state = %s and d.at >= %s and d.at < %s", c.arg(n.Kind), c.arg(n.Code), c.arg(n.State), c.arg(n.From), c.arg(n.To))
}

// testField answers the kind of value that a predicate reads, Missing for any,
// and the test of one in a row f of field.
func (c *compiler) testField(code string, p plan.Predicate) (muster.ValueKind, string) {
	switch p := p.(type) {
	case plan.Text:
		return muster.KindText, "f.folded <> '' and " + c.testText("f.folded", p)
	case plan.Number:
		return muster.KindNumber, c.compare("f.number", p.Compare, "")
	case plan.Boolean:
		return muster.KindBoolean, "f.number = " + map[bool]string{true: "1", false: "0"}[p.Is]
	case plan.DateRange:
		return muster.KindDate, c.between("f.number", int64(p.From), int64(p.To))
	case plan.InstantRange:
		return muster.KindDatetime, c.between("f.number", int64(p.From), int64(p.To))
	case plan.MonthDays:
		kind := muster.KindDate
		if p.Zone != nil {
			kind = muster.KindDatetime
		}
		return kind, c.localDays("f.number", p, "select distinct number from field where kind = "+strconv.Itoa(int(kind))+" and code = "+quote(code), "contact_no")
	case plan.Choices:
		op := " && "
		if p.All {
			op = " @> "
		}
		return muster.KindChoices, "f.folded_choices" + op + c.arg(p.Values)
	case plan.Present:
		return muster.Missing, "true"
	}
	return muster.Missing, ""
}

// quote writes a text into a statement.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func (c *compiler) between(column string, from, to int64) string {
	return "(" + column + " >= " + c.arg(from) + " and " + column + " < " + c.arg(to) + ")"
}

// compare writes a comparison of a number, in millionths, whose bounds are
// multiplied by times unless that is empty.
func (c *compiler) compare(x string, compare plan.Compare, times string) string {
	bound := func(d muster.Decimal) string {
		if times != "" {
			return c.arg(d) + "::numeric * " + times
		}
		return c.arg(d)
	}
	switch compare.Op {
	case plan.Equal:
		return x + " = " + bound(compare.A)
	case plan.NotEqual:
		return x + " <> " + bound(compare.A)
	case plan.Greater:
		return x + " > " + bound(compare.A)
	case plan.AtLeast:
		return x + " >= " + bound(compare.A)
	case plan.Less:
		return x + " < " + bound(compare.A)
	case plan.AtMost:
		return x + " <= " + bound(compare.A)
	case plan.Between:
		return "(" + x + " >= " + bound(compare.A) + " and " + x + " <= " + bound(compare.B) + ")"
	case plan.NotBetween:
		return "(" + x + " < " + bound(compare.A) + " or " + x + " > " + bound(compare.B) + ")"
	}
	return "false"
}

// testText writes a comparison of a folded text.
func (c *compiler) testText(x string, p plan.Text) string {
	if p.Op == plan.TextIs {
		return x + " = any(" + c.arg(p.Values) + ")"
	}
	var tests []string
	for _, value := range p.Values {
		switch p.Op {
		case plan.TextContains:
			tests = append(tests, "strpos("+x+", "+c.arg(value)+") > 0")
		case plan.TextStartsWith:
			tests = append(tests, "starts_with("+x+", "+c.arg(value)+")")
		case plan.TextEndsWith:
			tests = append(tests, x+" like "+c.arg("%"+escape(value)))
		case plan.TextMatches:
			tests = append(tests, x+" like "+c.arg(strings.NewReplacer("*", "%", "?", "_").Replace(escape(value))))
		}
	}
	if len(tests) == 0 {
		return "false"
	}
	return "(" + strings.Join(tests, " or ") + ")"
}

// escape takes the meaning from what like gives one.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
