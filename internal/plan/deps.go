package plan

import (
	"slices"

	"github.com/muster-groups/muster"
)

// Deps lists everything a plan reads: a change of anything else cannot change
// the plan's set. Lists are sorted and distinct, apart from Activities.
type Deps struct {
	Activities []ActivityDep
	// Fields holds field codes, with "email" and "created_at" where they are read.
	Fields   []string
	Consents []string
	Lists    []string
	AllMail  bool
	Groups   []muster.GroupNo
	// Identified tells that the plan reads whether a contact is identified.
	Identified bool
	// Sample tells that the plan reads the contact's id.
	Sample bool
}

// ActivityDep says which activities a leaf reads: one of the types, on one of
// the channels, with all of the equal attributes. A Sequence has one per step.
type ActivityDep struct {
	Leaf Node // *Acted, *Sequence or *Latest
	// Positive tells that the leaf stands under an even number of Nots.
	Positive bool
	// Rising tells that another activity can only bring contacts into the plan
	// by way of this leaf: it is Positive and a count or a distinct at least.
	Rising   bool
	Types    []string // nil is every type
	Channels []string // nil is any, also none
	Equals   []Equals
}

// Equals is an attribute whose folded text must be one of the values.
type Equals struct {
	Attribute string
	Values    []string // folded, sorted, distinct
}

// Holds reports whether an activity may be one that the leaf reads. It tests
// types, channels and equal attributes only, so yes means maybe.
func (d ActivityDep) Holds(a muster.Activity) bool {
	if d.Types != nil && !slices.Contains(d.Types, a.Type) {
		return false
	}
	if d.Channels != nil && !slices.Contains(d.Channels, a.Channel) {
		return false
	}
	for _, equals := range d.Equals {
		folded, ok := ReadText(a.Attribute(equals.Attribute))
		if _, found := slices.BinarySearch(equals.Values, folded); !ok || !found {
			return false
		}
	}
	return true
}

// Depends lists what a plan reads.
func Depends(n Node) Deps {
	var d Deps
	for leaf, positive := range Leaves(n) {
		d.add(leaf, positive)
	}
	d.Fields = sortedSet(d.Fields)
	d.Consents = sortedSet(d.Consents)
	d.Lists = sortedSet(d.Lists)
	d.Groups = sortedSet(d.Groups)
	return d
}

func (d *Deps) add(leaf Node, positive bool) {
	switch n := leaf.(type) {
	case *Field:
		d.Fields = append(d.Fields, n.Code)
	case *Acted:
		d.Activities = append(d.Activities, ActivityDep{
			Leaf: n, Positive: positive, Rising: positive && n.withMore() == OnlyIn,
			Types: n.Types, Channels: n.Channels, Equals: equalsOf(n.Where),
		})
	case *Sequence:
		for _, step := range n.Steps {
			d.Activities = append(d.Activities, ActivityDep{
				Leaf: n, Positive: positive,
				Types: step.Types, Channels: step.Channels, Equals: equalsOf(step.Where),
			})
		}
	case *Latest:
		dep := ActivityDep{
			Leaf: n, Positive: positive,
			Types: sortedSet(slices.Concat(n.Add, n.Remove)), Channels: n.Channels,
		}
		if len(n.Keys) > 0 {
			dep.Equals = []Equals{{Attribute: n.Key, Values: n.Keys}}
		}
		d.Activities = append(d.Activities, dep)
	case *Decided:
		switch n.Kind {
		case muster.OnConsent:
			d.Consents = append(d.Consents, n.Code)
		case muster.OnList:
			d.Lists = append(d.Lists, n.Code)
		case muster.OnAllMail:
			d.AllMail = true
		}
	case *InGroup:
		d.Groups = append(d.Groups, n.Group)
	case Identified:
		d.Identified = true
	case *Sample:
		d.Sample = true
	}
}

// equalsOf answers the filters that ask for one of some texts and nothing else.
func equalsOf(where []Filter) []Equals {
	var out []Equals
	for _, f := range where {
		if text, ok := f.Pred.(Text); ok && text.Op == TextIs && !f.Not && !f.Missing {
			out = append(out, Equals{Attribute: f.Attribute, Values: text.Values})
		}
	}
	return out
}

func sortedSet[T string | muster.GroupNo](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}
