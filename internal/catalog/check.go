package catalog

import (
	"encoding/json"
	"fmt"

	"github.com/muster-groups/muster"
)

// Check turns a parsed condition into a checked one. Its error is a
// *muster.Error with CodeInvalid and one Problem for every mistake, each with
// the JSON Pointer of the exact place and a sentence that says what was
// expected. An empty condition is sound and matches nobody.
//
// That a group refers to a group which was never calculated is not a mistake;
// the caller warns of it (see UsesOf).
func (c *Catalog) Check(cond muster.Condition, schema *muster.Schema) (*Condition, error) {
	checked, problems := c.check(cond, schema, false)
	if len(problems) > 0 {
		e := muster.Errorf(muster.CodeInvalid, "The condition cannot be used as it is written.")
		e.Problems = problems
		return nil, e
	}
	return checked, nil
}

// CheckDraft is Check for the preview of unfinished work: a condition with a
// problem is reported and treated as not written, so is a group in which
// nothing is left. What remains is a checked condition; nothing left matches
// nobody.
func (c *Catalog) CheckDraft(cond muster.Condition, schema *muster.Schema) (*Condition, []muster.Problem) {
	return c.check(cond, schema, true)
}

func (c *Catalog) check(cond muster.Condition, schema *muster.Schema, draft bool) (*Condition, []muster.Problem) {
	k := checker{catalog: c, schema: schema, draft: draft}
	checked := &Condition{Match: k.match("", cond.Match)}
	for i, g := range cond.Groups {
		if group := k.group(fmt.Sprintf("/groups/%d", i), g); group != nil {
			checked.Groups = append(checked.Groups, group)
		}
	}
	return checked, k.problems
}

type checker struct {
	catalog  *Catalog
	schema   *muster.Schema
	draft    bool
	problems []muster.Problem
}

func (k *checker) fail(at, code, message string) {
	k.problems = append(k.problems, muster.Problem{Location: at, Code: code, Message: message})
}

func (k *checker) match(at string, m muster.Match) muster.Match {
	switch m {
	case "":
		return muster.MatchAll
	case muster.MatchAll, muster.MatchAny:
		return m
	}
	k.fail(at+"/match", "invalid_value", `Expected "all" or "any".`)
	return muster.MatchAll
}

// group answers nil when nothing of it is left.
func (k *checker) group(at string, g *muster.ConditionGroup) *Group {
	if g == nil || len(g.Conditions) == 0 {
		k.fail(at, "empty_group", "The condition group is empty; expected at least one condition.")
		return nil
	}
	checked := &Group{Pointer: at, Match: k.match(at, g.Match), Not: g.Not}
	for i, node := range g.Conditions {
		here := fmt.Sprintf("%s/conditions/%d", at, i)
		switch n := node.(type) {
		case *muster.ConditionGroup:
			if group := k.group(here, n); group != nil {
				checked.Nodes = append(checked.Nodes, group)
			}
		case *muster.Leaf:
			if leaf := k.leaf(here, n); leaf != nil {
				checked.Nodes = append(checked.Nodes, leaf)
			}
		}
	}
	if len(checked.Nodes) == 0 {
		return nil
	}
	return checked
}

// leaf answers nil when the leaf has a problem.
func (k *checker) leaf(at string, l *muster.Leaf) *Leaf {
	t, ok := k.catalog.types[l.Type]
	if !ok {
		message := fmt.Sprintf("There is no condition type %q.%s", l.Type, suggest(l.Type, k.catalog.knownTypes()))
		if l.Type == "" {
			message = "Expected the code of a condition type."
		}
		k.fail(at+"/type", "unknown_type", message)
		return nil
	}
	r := &reader{catalog: k.catalog, schema: k.schema}
	leaf := &Leaf{Pointer: at, Type: l.Type, Not: l.Not}
	leaf.Args = r.args(at+"/params", t, l.Params)
	k.problems = append(k.problems, r.problems...)
	if len(r.problems) > 0 {
		return nil
	}
	return leaf
}

// args decodes the parameters of a condition type.
func (r *reader) args(at string, t *conditionType, params json.RawMessage) Args {
	var a Args
	if len(params) == 0 {
		params = json.RawMessage("{}")
	}
	o, ok := r.object(at, params, "an object of parameters")
	if !ok {
		return a
	}
	var keys []string
	seen := map[string]bool{}
	for _, p := range t.params {
		p.read(r, o, &a)
		for _, key := range p.taken() {
			if !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
		}
	}
	if _, refused := o.members["times"]; refused && t.common != 0 {
		o.take("times")
		r.fail(o.place("times"), "unknown_key", "The condition %s is not a count of activities; expected no times.", t.code)
	}
	r.rest(o, keys)
	if t.check != nil && len(r.problems) == 0 {
		t.check(r, at, &a)
	}
	return a
}
