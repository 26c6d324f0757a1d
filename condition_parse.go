package muster

import (
	"encoding/json"
	"fmt"
	"strings"
)

// maxProblems bounds the answer to a document that is wrong everywhere.
const maxProblems = 100

func parseCondition(data []byte, limits ConditionLimits, draft bool) (Condition, error) {
	tree, problems := readJSON(data)
	p := conditionParser{limits: limits, draft: draft, problems: problems}
	var c Condition
	if tree != nil {
		c = p.document(tree)
	}
	if len(p.problems) == 0 {
		return c, nil
	}
	e := Errorf(CodeInvalid, "The condition is not well formed.")
	e.Problems = p.problems[:min(len(p.problems), maxProblems)]
	return Condition{}, e
}

type conditionParser struct {
	limits   ConditionLimits
	draft    bool
	problems []Problem
	leaves   int
}

func (p *conditionParser) report(at, code, format string, args ...any) {
	p.problems = append(p.problems, Problem{Location: at, Code: code, Message: fmt.Sprintf(format, args...)})
}

func (p *conditionParser) document(tree *jsonTree) Condition {
	var c Condition
	if !p.isObject(tree, "", "a condition, an object with match and groups") {
		return c
	}
	var match *jsonTree
	for _, m := range tree.members {
		at := "/" + PointerToken(m.key)
		switch m.key {
		case "version":
			if m.value.kind != '0' || m.value.text != "1" {
				p.report(at, "unsupported_version", "Expected version 1.")
			}
		case "match":
			match = m.value
		case "groups":
			for i, item := range p.items(m.value, at, "an array of condition groups") {
				c.Groups = append(c.Groups, p.group(item, fmt.Sprintf("%s/%d", at, i), 1))
			}
		case "not":
			p.report(at, "unknown_key", "The whole condition cannot be negated; write \"not\" on a condition group. Expected version, match or groups.")
		default:
			p.unknown(at, m.key, "version, match or groups")
		}
	}
	c.Match = p.match(match, "", len(c.Groups), "condition groups")
	return c
}

// group reads a condition group that stands at the given level of nesting.
func (p *conditionParser) group(tree *jsonTree, at string, level int) *ConditionGroup {
	g := &ConditionGroup{}
	if !p.isObject(tree, at, "a condition group, an object with match and conditions") {
		return g
	}
	if level > p.limits.Nesting {
		p.report(at, "too_deep", "Condition groups are nested too deeply; expected at most %d levels.", p.limits.Nesting)
		return g
	}
	var match *jsonTree
	for _, m := range tree.members {
		here := at + "/" + PointerToken(m.key)
		switch m.key {
		case "match":
			match = m.value
		case "not":
			g.Not = p.boolean(m.value, here)
		case "conditions":
			for i, item := range p.items(m.value, here, "an array of conditions and condition groups") {
				if node := p.node(item, fmt.Sprintf("%s/%d", here, i), level); node != nil {
					g.Conditions = append(g.Conditions, node)
				}
			}
		case "type":
			p.report(here, "unknown_key", "A condition must stand inside a condition group. Expected match, not or conditions.")
		default:
			p.unknown(here, m.key, "match, not or conditions")
		}
	}
	written := tree.member("conditions")
	if (written == nil || len(written.items) == 0) && !p.draft && (written == nil || written.kind == '[') {
		p.report(at, "empty_group", "The condition group is empty; expected at least one condition.")
	}
	g.Match = p.match(match, at, len(g.Conditions), "conditions")
	return g
}

// node reads an element of a condition group: what has a type is a condition,
// what has none is a group.
func (p *conditionParser) node(tree *jsonTree, at string, level int) Node {
	if !p.isObject(tree, at, "a condition (with a type) or a condition group (with conditions)") {
		return nil
	}
	if tree.member("type") != nil {
		return p.leaf(tree, at)
	}
	return p.group(tree, at, level+1)
}

func (p *conditionParser) leaf(tree *jsonTree, at string) *Leaf {
	l := &Leaf{}
	p.leaves++
	if p.leaves == p.limits.Conditions+1 {
		p.report(at, "too_many", "The document holds too many conditions; expected at most %d.", p.limits.Conditions)
	}
	for _, m := range tree.members {
		here := at + "/" + PointerToken(m.key)
		switch m.key {
		case "type":
			switch {
			case m.value.kind != '"':
				p.wrong(here, "the code of a condition type, a text", m.value)
			case m.value.text == "" && !p.draft:
				p.report(here, "required", "Expected the code of a condition type.")
			}
			l.Type = m.value.text
		case "not":
			l.Not = p.boolean(m.value, here)
		case "params":
			if p.isObject(m.value, here, "an object of parameters") && len(m.value.members) > 0 {
				l.Params = json.RawMessage(m.value.appendTo(nil))
			}
		default:
			p.unknown(here, m.key, "type, not or params")
		}
	}
	return l
}

func (p *conditionParser) match(tree *jsonTree, at string, members int, noun string) Match {
	switch {
	case tree == nil && members > 1:
		p.report(at, "required", "Expected match, \"all\" or \"any\", because several %s are written.", noun)
	case tree == nil:
	case tree.kind == '"' && (Match(tree.text) == MatchAll || Match(tree.text) == MatchAny):
		return Match(tree.text)
	default:
		p.report(at+"/match", "invalid_value", "Expected \"all\" or \"any\".")
	}
	return MatchAll
}

func (p *conditionParser) boolean(tree *jsonTree, at string) bool {
	if tree.kind != 't' {
		p.wrong(at, "true or false", tree)
	}
	return tree.text == "true" && tree.kind == 't'
}

func (p *conditionParser) items(tree *jsonTree, at, expected string) []*jsonTree {
	if tree.kind != '[' {
		p.wrong(at, expected, tree)
		return nil
	}
	return tree.items
}

func (p *conditionParser) isObject(tree *jsonTree, at, expected string) bool {
	if tree.kind != '{' {
		p.wrong(at, expected, tree)
		return false
	}
	return true
}

func (p *conditionParser) wrong(at, expected string, found *jsonTree) {
	p.report(at, "wrong_type", "Expected %s, found %s.", expected, found.kindName())
}

func (p *conditionParser) unknown(at, key, expected string) {
	if i := strings.Index(key, "\x00"); i >= 0 {
		key = key[:i]
	}
	p.report(at, "unknown_key", "The key %q is not known here; expected %s.", key, expected)
}

// member answers the value of a key, or nil.
func (t *jsonTree) member(key string) *jsonTree {
	for _, m := range t.members {
		if m.key == key {
			return m.value
		}
	}
	return nil
}
