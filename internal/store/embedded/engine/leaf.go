package engine

import (
	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// leaf is a compiled leaf of a plan.
type leaf interface {
	// holds decides one parent contact.
	holds(no uint32) bool
	// cost estimates nanoseconds per call of holds.
	cost() float64
}

// pageLeaf is a leaf that decides a whole page of contact numbers at once. It
// may answer anything for numbers that are no parents.
type pageLeaf interface {
	leaf
	page(at int, words *pageWords)
}

// pageWords is a bit per contact number of a page.
type pageWords [pageSize / 64]uint64

// never holds for nobody.
type never struct{}

func (never) holds(uint32) bool { return false }
func (never) cost() float64     { return 0 }

// byHolds decides a page contact by contact.
func byHolds(l leaf, at int, words *pageWords) {
	for i := range words {
		base := uint32(at)<<pageBits | uint32(i)<<6
		var word uint64
		for bit := range uint32(64) {
			if l.holds(base | bit) {
				word |= 1 << bit
			}
		}
		words[i] = word
	}
}

// inGroup holds for the members of a group.
type inGroup struct{ g *group }

func (l inGroup) holds(no uint32) bool { return l.g.members.set.Contains(no) }
func (inGroup) cost() float64          { return 15 }

// inSet holds for the contacts of a set that stands in for a group's members.
type inSet struct{ set *roaring.Bitmap }

func (l inSet) holds(no uint32) bool { return l.set.Contains(no) }
func (inSet) cost() float64          { return 15 }

// identified holds for contacts with an email or an external id.
type identified struct{ people *people }

func (l identified) holds(no uint32) bool {
	return l.people.email.get(no) != 0 || l.people.external.get(no) != 0
}
func (identified) cost() float64                   { return 5 }
func (l identified) page(at int, words *pageWords) { byHolds(l, at, words) }

// sample holds for a stable share of all contacts.
type sample struct {
	people *people
	node   *plan.Sample
}

func (l sample) holds(no uint32) bool          { return l.node.Holds(l.people.ids.get(no)) }
func (sample) cost() float64                   { return 30 }
func (l sample) page(at int, words *pageWords) { byHolds(l, at, words) }

// decided holds for contacts whose standing decision has a state and a time.
type decided struct {
	column   *decisionColumn
	state    uint8
	from, to int64
}

func (l decided) holds(no uint32) bool {
	if l.column.state.get(no) != l.state {
		return false
	}
	at := l.column.at.get(no)
	return l.from <= at && at < l.to
}
func (decided) cost() float64                   { return 6 }
func (l decided) page(at int, words *pageWords) { byHolds(l, at, words) }

// compileLeaf compiles any leaf of a plan.
func (e *Engine) compileLeaf(n plan.Node) leaf {
	switch n := n.(type) {
	case *plan.Field:
		return e.compileField(n)
	case *plan.Acted:
		return e.compileActed(n)
	case *plan.Sequence:
		return e.compileSequence(n)
	case *plan.Latest:
		return e.compileLatest(n)
	case *plan.Decided:
		column := e.decisions.columns[decisionKey{n.Kind, n.Code}]
		if column == nil || n.State == muster.Undecided || n.From >= n.To {
			return never{}
		}
		return decided{column, uint8(n.State), int64(n.From), int64(n.To)}
	case *plan.InGroup:
		if g := e.groups[n.Group]; g != nil {
			return inGroup{g}
		}
		return never{}
	case plan.Identified:
		return identified{&e.people}
	case *plan.Sample:
		return sample{&e.people, n}
	}
	return never{}
}
