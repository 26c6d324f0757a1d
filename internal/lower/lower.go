// Package lower turns a checked condition into a plan as of an instant, in a
// time zone. It is total: every condition type of the language has a meaning
// here, in terms of the few primitives of package plan.
//
// Lowering keeps the shape: the plan's tree follows from the condition alone
// and only its bounds follow from the instant, except that weekday, month and
// time-of-day become Everyone or Nobody. So two lowerings can be compared leaf
// by leaf (plan.Moved). Nothing is simplified here; plan.Canon does that.
//
// The package must not know stores, the loop or how conditions are written and
// checked. It trusts what it is given: names exist, parameters are in range.
package lower

import (
	"fmt"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
)

// Env is everything but the condition that a plan depends on.
type Env struct {
	Now muster.Instant
	// Zone is where calendar words are read; nil is UTC.
	Zone *time.Location
	// Groups maps group codes to numbers. A group that is not there has no members.
	Groups map[string]muster.GroupNo
	// FieldType answers the type of a field, built-in or custom.
	FieldType func(code string) muster.FieldType
}

// EnvOf makes the environment of a schema. A nil zone is the schema's.
func EnvOf(schema *muster.Schema, now muster.Instant, zone *time.Location) Env {
	if zone == nil {
		zone = schema.Zone
	}
	return Env{
		Now: now, Zone: zone, Groups: schema.Groups,
		FieldType: func(code string) muster.FieldType { return schema.Fields[code].Type },
	}
}

// Lower answers the plan of a condition. An empty condition is Nobody.
func Lower(c *catalog.Condition, env Env) plan.Node {
	if len(c.Groups) == 0 {
		return plan.Nobody{}
	}
	nodes := make([]plan.Node, len(c.Groups))
	for i, g := range c.Groups {
		nodes[i] = LowerGroup(g, env)
	}
	return combine(c.Match, nodes)
}

// LowerGroup answers the plan of a condition group, with its not.
func LowerGroup(g *catalog.Group, env Env) plan.Node {
	nodes := make([]plan.Node, len(g.Nodes))
	for i, n := range g.Nodes {
		switch n := n.(type) {
		case *catalog.Group:
			nodes[i] = LowerGroup(n, env)
		case *catalog.Leaf:
			nodes[i] = LowerLeaf(n, env)
		}
	}
	return negated(g.Not, combine(g.Match, nodes))
}

// LowerLeaf answers the plan of one condition, with its not.
func LowerLeaf(leaf *catalog.Leaf, env Env) plan.Node {
	l := newLowering(env)
	node := negated(leaf.Not, l.meaning(leaf.Type, &leaf.Args))
	if field, ok := fieldBehind(leaf.Type); ok && excludesMissing(leaf.Args.Missing) {
		// Of these types, missing restricts the result after the not.
		return all(has(field), node)
	}
	return node
}

// fieldBehind answers the field that a condition type with a missing parameter
// reads. The type field itself handles missing by operator.
func fieldBehind(conditionType string) (code string, ok bool) {
	switch conditionType {
	case "age", "age-between", "birthday":
		return "birthday", true
	case "gender", "country", "state":
		return conditionType, true
	}
	return "", false
}

// lowering is the environment made ready: zone set, today known.
type lowering struct {
	Env
	today muster.Date
}

func newLowering(env Env) *lowering {
	if env.Zone == nil {
		env.Zone = time.UTC
	}
	return &lowering{Env: env, today: muster.DateOf(env.Now.Time().In(env.Zone))}
}

// meaning dispatches on the condition type, by the tables of the language.
func (l *lowering) meaning(conditionType string, a *catalog.Args) plan.Node {
	for _, table := range []func(string, *catalog.Args) plan.Node{
		l.contactDetail, l.webActivity, l.emailActivity, l.commerce, l.anyActivity, l.dateAndTime,
	} {
		if node := table(conditionType, a); node != nil {
			return node
		}
	}
	// The catalogue refuses unknown types, so this is a condition type that was
	// added there and forgotten here. Nobody would be a silent wrong answer.
	panic(fmt.Sprintf("lower: condition type %q has no meaning", conditionType))
}

func combine(match muster.Match, nodes []plan.Node) plan.Node {
	if match == muster.MatchAny {
		return &plan.Any{Of: nodes}
	}
	return &plan.All{Of: nodes}
}

func all(nodes ...plan.Node) plan.Node { return &plan.All{Of: nodes} }

func not(n plan.Node) plan.Node { return &plan.Not{Of: n} }

func negated(negate bool, n plan.Node) plan.Node {
	if negate {
		return not(n)
	}
	return n
}

// has is the contacts with any value of the field.
func has(field string) plan.Node { return &plan.Field{Code: field, Pred: plan.Present{}} }

func excludesMissing(missing *bool) bool { return missing != nil && !*missing }

func everyoneIf(holds bool) plan.Node {
	if holds {
		return plan.Everyone{}
	}
	return plan.Nobody{}
}
