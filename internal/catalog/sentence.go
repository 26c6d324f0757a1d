package catalog

import (
	"strings"

	"github.com/muster-groups/muster"
)

// Sentence says the whole condition in plain English, with the display names
// of the schema: "Contact has visited the page /pricing at least 3 times in
// the last 30 days". An empty condition is "Nobody".
func (c *Catalog) Sentence(cond *Condition, schema *muster.Schema) string {
	if len(cond.Groups) == 0 {
		return "Nobody"
	}
	var parts []string
	for _, g := range cond.Groups {
		parts = append(parts, c.member(g, schema, len(cond.Groups) > 1))
	}
	return joinSentences(parts, cond.Match)
}

// GroupSentence says a condition group.
func (c *Catalog) GroupSentence(g *Group, schema *muster.Schema) string {
	var parts []string
	for _, n := range g.Nodes {
		parts = append(parts, c.member(n, schema, len(g.Nodes) > 1))
	}
	sentence := joinSentences(parts, g.Match)
	if g.Not {
		return "It is not true that (" + lowerFirst(sentence) + ")"
	}
	return sentence
}

// member says a node; among others, a group of several stands in parentheses.
func (c *Catalog) member(n Node, schema *muster.Schema, among bool) string {
	switch node := n.(type) {
	case *Group:
		sentence := c.GroupSentence(node, schema)
		if among && len(node.Nodes) > 1 && !node.Not {
			return "(" + sentence + ")"
		}
		return sentence
	case *Leaf:
		return c.LeafSentence(node, schema)
	}
	return ""
}

// Heading says how the members of a group combine, for a tree that lists them
// below it.
func Heading(match muster.Match, not bool) string {
	switch {
	case match == muster.MatchAny && not:
		return "None of these is true"
	case match == muster.MatchAny:
		return "At least one of these is true"
	case not:
		return "Not all of these are true"
	}
	return "All of these are true"
}

// LeafSentence says one condition.
func (c *Catalog) LeafSentence(l *Leaf, schema *muster.Schema) string {
	t, ok := c.types[l.Type]
	if !ok {
		return l.Type
	}
	s := &speech{schema: schema, conditionType: t, args: l.Args, negate: l.Not}
	_, operator, _ := findOperator(s.comparedKinds(), l.Args.Op)
	always := t.missingAlways()
	if l.Not && operator.Negative && !strings.Contains(t.sentence, "[") {
		// Two negations: say the inner one as it is.
		s.negate = false
		inner := s.sentence()
		switch {
		case l.Args.Missing == nil:
			inner += s.unknown(true)
		case !always:
			inner += s.known()
		}
		inner = "It is not true that " + lowerFirst(inner)
		if always && l.Args.Missing != nil {
			inner += s.known()
		}
		return inner
	}
	sentence := s.sentence()
	switch {
	case l.Args.Missing == nil:
		sentence += s.unknown(operator.Negative != l.Not)
	case always && operator.Negative != l.Not, !always && operator.Negative:
		sentence += s.known()
	}
	return sentence
}

func (s *speech) known() string {
	if s.subject == "" {
		return ""
	}
	return ", and is known"
}

// unknown says that contacts without a value are included.
func (s *speech) unknown(included bool) string {
	if s.subject == "" || !included || s.args.Measure == "sum" || s.args.Measure == "distinct" || s.alwaysKnown() {
		return ""
	}
	return ", or is unknown"
}

// alwaysKnown reports a system field that every contact has.
func (s *speech) alwaysKnown() bool {
	return s.args.Field == "created_at" || s.args.Field == "identified"
}

// missingAlways reports whether missing restricts the result after not.
func (t *conditionType) missingAlways() bool {
	for _, p := range t.params {
		if p.Name == "missing" || p.Missing == "always" {
			return true
		}
	}
	return false
}

// joinSentences joins with "and" or "or"; only the first keeps its capital.
func joinSentences(parts []string, match muster.Match) string {
	word := " and "
	if match == muster.MatchAny {
		word = " or "
	}
	for i := 1; i < len(parts); i++ {
		parts[i] = lowerFirst(parts[i])
	}
	return strings.Join(parts, word)
}

// lowerFirst lowers the first letter, past opening parentheses.
func lowerFirst(s string) string {
	i := 0
	for i < len(s) && s[i] == '(' {
		i++
	}
	if i == len(s) {
		return s
	}
	return s[:i] + strings.ToLower(s[i:i+1]) + s[i+1:]
}
