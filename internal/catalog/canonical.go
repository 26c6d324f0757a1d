package catalog

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/muster-groups/muster"
)

// Canonical answers the canonical document of a checked condition: defaults
// are left out, lists are sorted and distinct, durations stand in their largest
// exact unit, members of a group are sorted and distinct, a single member is
// matched by "all". Groups are not restructured. Conditions that differ only
// in these ways have the same canonical document, byte for byte, and checking
// it gives a condition with the same meaning and the same canonical document.
//
// It is for comparing; what a marketer wrote is kept in its own order.
func (c *Catalog) Canonical(cond *Condition) muster.Condition {
	var groups []muster.Node
	for _, g := range cond.Groups {
		groups = append(groups, c.canonicalGroup(g))
	}
	groups = sortedNodes(groups)
	canonical := muster.Condition{Match: canonicalMatch(cond.Match, len(groups))}
	for _, g := range groups {
		if group, ok := g.(*muster.ConditionGroup); ok {
			canonical.Groups = append(canonical.Groups, group)
		}
	}
	return canonical
}

func (c *Catalog) canonicalGroup(g *Group) *muster.ConditionGroup {
	var nodes []muster.Node
	for _, n := range g.Nodes {
		switch node := n.(type) {
		case *Group:
			nodes = append(nodes, c.canonicalGroup(node))
		case *Leaf:
			nodes = append(nodes, c.CanonicalLeaf(node))
		}
	}
	nodes = sortedNodes(nodes)
	return &muster.ConditionGroup{Match: canonicalMatch(g.Match, len(nodes)), Not: g.Not, Conditions: nodes}
}

// CanonicalLeaf answers the canonical form of one condition.
func (c *Catalog) CanonicalLeaf(l *Leaf) *muster.Leaf {
	out := map[string]any{}
	args := l.Args // a copy: printing must not touch what others read
	if t, ok := c.types[l.Type]; ok {
		for _, p := range t.params {
			if p.print != nil {
				p.print(&args, out)
			}
		}
	}
	leaf := &muster.Leaf{Type: l.Type, Not: l.Not}
	if len(out) > 0 {
		leaf.Params = json.RawMessage(canonicalBytes(out))
	}
	return leaf
}

// canonicalMatch: of one member, all and any are the same.
func canonicalMatch(m muster.Match, members int) muster.Match {
	if members < 2 {
		return muster.MatchAll
	}
	return m
}

// sortedNodes sorts members by what they print and drops repetitions; neither
// changes an intersection or a union.
func sortedNodes(nodes []muster.Node) []muster.Node {
	type printed struct {
		node muster.Node
		text string
	}
	var list []printed
	for _, n := range nodes {
		group := &muster.ConditionGroup{Match: muster.MatchAll, Conditions: []muster.Node{n}}
		text, err := muster.Condition{Match: muster.MatchAll, Groups: []*muster.ConditionGroup{group}}.MarshalJSON()
		if err != nil {
			text = nil // unreachable: canonical parameters are JSON
		}
		list = append(list, printed{n, string(text)})
	}
	slices.SortStableFunc(list, func(a, b printed) int { return bytes.Compare([]byte(a.text), []byte(b.text)) })
	list = slices.CompactFunc(list, func(a, b printed) bool { return a.text == b.text })
	var sorted []muster.Node
	for _, p := range list {
		sorted = append(sorted, p.node)
	}
	return sorted
}

// canonicalBytes prints JSON with sorted keys and without escaping < > &, as
// the parser of documents normalises it.
func canonicalBytes(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return "" // unreachable: maps of texts, numbers and lists always encode
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func jsonNumber(d muster.Decimal) json.Number { return json.Number(d.String()) }
