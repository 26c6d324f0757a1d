// Package conditiontest draws random valid conditions for property tests: every
// condition type, operator, form of window and times, filters, nesting and
// negation. Its operands come from small pools, so that conditions and random
// data often meet; tests that draw data should draw from the same pools.
//
// It imports the words of the language only and judges nothing: that what it
// draws passes the catalogue's check is itself a property under test.
package conditiontest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
)

// maxNesting keeps to the default limit of the language.
const maxNesting = 5

// Random draws a condition that is valid in the schema. A type whose
// definitions the schema lacks (consents, lists, channels, groups) does not
// occur. About one in twenty is empty.
func Random(t *rapid.T, schema *muster.Schema) muster.Condition {
	g := generator{t: t, schema: schema}
	types := g.usable()
	c := muster.Condition{Match: g.match()}
	if g.chance("empty", 20) {
		return c
	}
	for range g.int("groups", 1, 3) {
		c.Groups = append(c.Groups, g.group(1, types))
	}
	return c
}

// RandomOf draws a condition whose leaves are only of these types.
func RandomOf(t *rapid.T, schema *muster.Schema, types ...string) muster.Condition {
	g := generator{t: t, schema: schema}
	c := muster.Condition{Match: g.match()}
	for range g.int("groups", 1, 2) {
		c.Groups = append(c.Groups, g.group(maxNesting-1, types))
	}
	return c
}

// RandomLeaf draws one condition of the type.
func RandomLeaf(t *rapid.T, schema *muster.Schema, conditionType string) *muster.Leaf {
	g := generator{t: t, schema: schema}
	return g.leaf(conditionType)
}

// Types lists the condition types that can be drawn in the schema, sorted.
func Types(schema *muster.Schema) []string {
	g := generator{schema: schema}
	return g.usable()
}

type generator struct {
	t      *rapid.T
	schema *muster.Schema
}

func (g generator) usable() []string {
	var types []string
	for _, code := range slices.Sorted(maps.Keys(makers())) {
		missing := false
		switch code {
		case "consent":
			missing = len(g.schema.Consents) == 0
		case "recipient-list":
			missing = len(g.schema.Lists) == 0
		case "visited-channel":
			missing = len(g.schema.Channels) == 0
		case "in-groups":
			missing = len(g.schema.Groups) == 0
		}
		if !missing {
			types = append(types, code)
		}
	}
	return types
}

func (g generator) group(level int, types []string) *muster.ConditionGroup {
	group := &muster.ConditionGroup{Match: g.match(), Not: g.chance("not group", 5)}
	for range g.int("conditions", 1, 3) {
		if level < maxNesting && g.chance("nested", 6) {
			group.Conditions = append(group.Conditions, g.group(level+1, types))
			continue
		}
		group.Conditions = append(group.Conditions, g.leaf(g.pick("type", types...)))
	}
	return group
}

func (g generator) leaf(conditionType string) *muster.Leaf {
	make, ok := makers()[conditionType]
	if !ok {
		panic(fmt.Sprintf("conditiontest: condition type %q cannot be drawn", conditionType))
	}
	params := map[string]any{}
	make(g, params)
	leaf := &muster.Leaf{Type: conditionType, Not: g.chance("not", 4)}
	if len(params) > 0 {
		raw, err := json.Marshal(params)
		if err != nil {
			panic(err)
		}
		leaf.Params = normalised(raw)
	}
	return leaf
}

// normalised writes the parameters as a parsed document holds them.
func normalised(raw json.RawMessage) json.RawMessage {
	document := fmt.Sprintf(`{"groups":[{"conditions":[{"type":"x","params":%s}]}]}`, raw)
	c, err := muster.ParseCondition([]byte(document))
	if err != nil {
		panic(err)
	}
	leaf, ok := c.Groups[0].Conditions[0].(*muster.Leaf)
	if !ok {
		panic("conditiontest: a leaf was not read as a leaf")
	}
	return leaf.Params
}

func (g generator) match() muster.Match {
	return rapid.SampledFrom([]muster.Match{muster.MatchAll, muster.MatchAny}).Draw(g.t, "match")
}

// chance is true once in n.
func (g generator) chance(label string, n int) bool {
	return rapid.IntRange(0, n-1).Draw(g.t, label) == n-1
}

func (g generator) int(label string, low, high int) int {
	return rapid.IntRange(low, high).Draw(g.t, label)
}

func (g generator) pick(label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(g.t, label)
}

// some draws one to three, perhaps repeated, of a list.
func (g generator) some(label string, from ...string) []string {
	list := make([]string, g.int(label+" count", 1, min(3, len(from))))
	for i := range list {
		list[i] = g.pick(label, from...)
	}
	return list
}

func codes[V any](defined map[string]V) []string { return slices.Sorted(maps.Keys(defined)) }
