// Package catalog is what a marketer can choose: every condition type of the
// language with its category, words, parameters, checks and English sentence.
//
// Each type is a small declarative value; its parameters decode themselves
// into Args, print themselves in canonical form and say themselves in a
// sentence, so that a new type is one table entry. The package turns a parsed
// document into a checked Condition that lower and the oracle can trust.
//
// It must not know how conditions are evaluated: no plans, clocks or stores.
package catalog

import (
	"maps"
	"slices"

	"github.com/muster-groups/muster"
)

// Category is a heading under which a marketer finds condition types.
type Category string

// The categories, in the order in which the builder lists them.
const (
	ContactDetails Category = "Contact details"
	WebActivity    Category = "Web activity"
	EmailActivity  Category = "Email activity"
	Commerce       Category = "Commerce"
	AnyActivity    Category = "Any activity"
	DateAndTime    Category = "Date and time"
)

// common is the set of common parameters a condition type takes.
type common byte

const (
	takesWithin common = 1 << iota
	takesTimes
	takesChannels
	takesWhere
)

const (
	commonAll     = takesWithin | takesTimes | takesChannels | takesWhere
	commonNoTimes = takesWithin | takesChannels | takesWhere
)

// conditionType is one type of condition.
type conditionType struct {
	code     string
	category Category
	label    string
	synonyms []string // further words by which the builder finds it
	params   []param
	common   common
	// reads names the activity types whose attributes where may use; nil are
	// those of the parameter types, or all of them.
	reads []string
	// sentence is a template: {name} is what the parameter says, [a|b] is a, or
	// b when the condition is negated. A template without brackets leaves
	// negation to its comparison.
	sentence string
	// subject is what may be unknown, for types whose comparison looks at a
	// value that a contact may lack.
	subject string
	// check sees what no single parameter can.
	check func(r *reader, at string, a *Args)
}

// Catalog holds the condition types. It is immutable and safe for concurrent use.
type Catalog struct {
	types map[string]*conditionType
	order []string
}

// New makes the catalogue.
func New() *Catalog {
	c := &Catalog{types: map[string]*conditionType{}}
	for _, table := range [][]conditionType{contactTypes(), webTypes(), emailTypes(), commerceTypes(), anyActivityTypes(), dateTypes()} {
		for _, t := range table {
			t.params = append(t.params, commonParams(t.common, t.reads)...)
			c.types[t.code] = &t
			c.order = append(c.order, t.code)
		}
	}
	return c
}

// Types answers the codes of all condition types in the order of the catalogue.
func (c *Catalog) Types() []string { return slices.Clone(c.order) }

// knownTypes is for suggestions.
func (c *Catalog) knownTypes() []string { return slices.Sorted(maps.Keys(c.types)) }

// activityTypes answers the activity types a leaf of this type reads; nil is all.
func (t *conditionType) activityTypes(a *Args) []string {
	if t.reads != nil {
		return t.reads
	}
	return a.Types
}

// Walk calls visit for every node of a checked condition, parents first.
func Walk(c *Condition, visit func(Node)) {
	for _, g := range c.Groups {
		walk(g, visit)
	}
}

func walk(n Node, visit func(Node)) {
	visit(n)
	if g, ok := n.(*Group); ok {
		for _, child := range g.Nodes {
			walk(child, visit)
		}
	}
}

// attributeKinds answers how conditions may compare an attribute declared with
// this type. The value of an activity and the fields of a form arrive as text
// and are often numbers, so they compare as either.
func attributeKinds(def muster.AttributeDef) []valueKind {
	switch def.Type {
	case muster.NumberAttribute:
		return []valueKind{numberKind}
	case muster.BooleanAttribute:
		return []valueKind{booleanKind}
	case muster.DatetimeAttribute:
		return []valueKind{datetimeKind}
	}
	if def.Code == muster.ValueAttribute || isFormField(def.Code) {
		return []valueKind{textKind, numberKind}
	}
	return []valueKind{textKind}
}
