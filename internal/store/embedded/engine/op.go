package engine

import (
	"slices"
	"strconv"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// op is a compiled node of a plan.
type op struct {
	kind opKind
	of   []*op   // cheapest first
	leaf *shared // opLeaf
	cost float64 // nanoseconds per contact, at worst
}

type opKind byte

const (
	opEveryone opKind = iota
	opNobody
	opAll
	opAny
	opNot
	opLeaf
)

// shared is a leaf with what has been found out about it during one call. A
// leaf that several plans contain is compiled and evaluated once.
type shared struct {
	leaf
	node plan.Node
	uses int
	memo []byte          // by position in the call's contacts: 0 unknown, 1 no, 2 yes
	all  *roaring.Bitmap // the answer for all contacts, once it has been scanned
}

// worthKeeping is the cost per contact from which an answer is kept for the
// next plan that asks.
const worthKeeping = 25

// compiler turns plans into ops, sharing equal leaves. A leaf that reads a
// group whose members a query overrides is equal only within that query.
type compiler struct {
	e      *Engine
	leaves map[string]*shared
}

func (c *compiler) query(q store.Query, number int) *op { return c.compile(q.Node, q.Members, number) }

func (c *compiler) compile(n plan.Node, members map[muster.GroupNo]*roaring.Bitmap, query int) *op {
	switch n := n.(type) {
	case plan.Everyone:
		return &op{kind: opEveryone}
	case plan.Nobody:
		return &op{kind: opNobody}
	case *plan.All:
		return c.compileMembers(opAll, n.Of, members, query)
	case *plan.Any:
		return c.compileMembers(opAny, n.Of, members, query)
	case *plan.Not:
		of := c.compile(n.Of, members, query)
		return &op{kind: opNot, of: []*op{of}, cost: of.cost}
	}
	key := plan.LeafKey(n)
	var instead *roaring.Bitmap
	if in, ok := n.(*plan.InGroup); ok {
		if instead = members[in.Group]; instead != nil {
			key = strconv.Itoa(query) + " " + key
		}
	}
	s := c.leaves[key]
	if s == nil {
		s = &shared{node: n}
		if instead != nil {
			s.leaf = inSet{instead}
		} else {
			s.leaf = c.e.compileLeaf(n)
		}
		c.leaves[key] = s
	}
	s.uses++
	if _, no := s.leaf.(never); no {
		return &op{kind: opNobody}
	}
	return &op{kind: opLeaf, leaf: s, cost: s.cost()}
}

func (c *compiler) compileMembers(kind opKind, of []plan.Node, members map[muster.GroupNo]*roaring.Bitmap, query int) *op {
	made := &op{kind: kind}
	for _, n := range of {
		member := c.compile(n, members, query)
		made.of = append(made.of, member)
		made.cost += member.cost
	}
	slices.SortStableFunc(made.of, func(a, b *op) int {
		switch {
		case a.cost < b.cost:
			return -1
		case a.cost > b.cost:
			return 1
		}
		return 0
	})
	return made
}

// holds decides one contact, which is the position-th of the call's contacts.
func (o *op) holds(no uint32, position int) bool {
	switch o.kind {
	case opEveryone:
		return true
	case opAll:
		for _, member := range o.of {
			if !member.holds(no, position) {
				return false
			}
		}
		return true
	case opAny:
		for _, member := range o.of {
			if member.holds(no, position) {
				return true
			}
		}
		return false
	case opNot:
		return !o.of[0].holds(no, position)
	case opLeaf:
		return o.leaf.decide(no, position)
	}
	return false
}

func (s *shared) decide(no uint32, position int) bool {
	if s.memo == nil {
		return s.leaf.holds(no)
	}
	if s.memo[position] == 0 {
		s.memo[position] = 1
		if s.leaf.holds(no) {
			s.memo[position] = 2
		}
	}
	return s.memo[position] == 2
}
