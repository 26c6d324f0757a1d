// Package oracle is the naive evaluator that judges all others: it decides
// whether one contact is in a group by reading that contact's whole history
// against the condition, sentence by sentence as the language defines it.
//
// It shares no code with what it judges. It folds text, computes decimals and
// walks the calendar by itself, keeps no index and no state, and must not know
// plans, lowering, the loop or any store, not even through another package.
// Being slow is fine; being clever is a defect.
package oracle

import (
	"fmt"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// Person is one parent contact with everything known about it.
type Person struct {
	ID         muster.ContactID
	CreatedAt  muster.Instant
	Email      string // the identifier; field "email" reads it
	ExternalID string
	Fields     map[string]muster.Value
	Decisions  []muster.Decision // all that were kept, in any order; the oracle finds the standing one
	Activities []muster.Activity // all stored ones, in any order
	Groups     map[string]bool   // membership of the groups a condition refers to, by code
}

// Matches reports whether the person is in the set that the condition denotes
// as of now. Calendar words are read in zone; nil is the schema's zone.
func Matches(c *catalog.Condition, p *Person, now muster.Instant, zone *time.Location, schema *muster.Schema) bool {
	matched, _ := Explain(c, p, now, zone, schema)
	return matched
}

// Explain is Matches together with the truth of every node of the condition,
// by JSON Pointer, each after its own "not".
func Explain(c *catalog.Condition, p *Person, now muster.Instant, zone *time.Location, schema *muster.Schema) (bool, map[string]bool) {
	if zone == nil {
		zone = schema.Zone
	}
	if zone == nil {
		zone = time.UTC
	}
	q := &question{p: p, cal: calendar{now: now, zone: zone}, schema: schema, truth: map[string]bool{}}
	if len(c.Groups) == 0 {
		return false, q.truth
	}
	answers := make([]bool, 0, len(c.Groups))
	for _, g := range c.Groups {
		answers = append(answers, q.group(g))
	}
	return combine(c.Match, answers), q.truth
}

// Group is a contact group as MatchesAll evaluates it.
type Group struct {
	Code      string
	Condition *catalog.Condition // the active one; nil when never calculated
	Zone      *time.Location     // nil is the schema's
}

// MatchesAll computes the members of every group from scratch: by code, then
// by contact. Groups come in dependency order, a group after all it refers to.
// The people's own Groups are ignored.
func MatchesAll(groups []Group, people []*Person, now muster.Instant, schema *muster.Schema) map[string]map[muster.ContactID]bool {
	members := make(map[string]map[muster.ContactID]bool, len(groups))
	for _, g := range groups {
		members[g.Code] = map[muster.ContactID]bool{}
	}
	for _, p := range people {
		person := *p
		person.Groups = map[string]bool{}
		for _, g := range groups {
			if g.Condition != nil && Matches(g.Condition, &person, now, g.Zone, schema) {
				person.Groups[g.Code] = true
				members[g.Code][p.ID] = true
			}
		}
	}
	return members
}

// question is one evaluation: who is asked about, and when.
type question struct {
	p      *Person
	cal    calendar
	schema *muster.Schema
	truth  map[string]bool
}

// group evaluates every node, also those that no longer matter for the
// result, because the truth of each one is part of the answer.
func (q *question) group(g *catalog.Group) bool {
	answers := make([]bool, 0, len(g.Nodes))
	for _, n := range g.Nodes {
		switch n := n.(type) {
		case *catalog.Group:
			answers = append(answers, q.group(n))
		case *catalog.Leaf:
			answers = append(answers, q.leaf(n))
		default:
			panic(fmt.Sprintf("oracle: condition node %T is neither a group nor a condition", n))
		}
	}
	result := combine(g.Match, answers) != g.Not
	q.truth[g.Pointer] = result
	return result
}

// leaf applies "not" and, where the language says so, removes contacts without
// a value afterwards.
func (q *question) leaf(l *catalog.Leaf) bool {
	result := q.meaning(l) != l.Not
	if field, ok := fieldBehind[l.Type]; ok && excludesMissing(l.Args.Missing) && q.field(field).IsMissing() {
		result = false
	}
	q.truth[l.Pointer] = result
	return result
}

// fieldBehind names the field of the conditions whose "missing": false
// restricts the result after "not" to contacts with a value.
var fieldBehind = map[string]string{
	"age": "birthday", "age-between": "birthday", "birthday": "birthday",
	"gender": "gender", "country": "country", "state": "state",
}

func excludesMissing(missing *bool) bool { return missing != nil && !*missing }

func combine(match muster.Match, answers []bool) bool {
	for _, a := range answers {
		if match == muster.MatchAny && a {
			return true
		}
		if match == muster.MatchAll && !a {
			return false
		}
	}
	return match == muster.MatchAll
}
