package postgres

import (
	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// everybody evaluates plans over all contacts, or a range of them, by sets: each
// leaf over activities is one aggregate, which costs a fraction of asking each
// contact, and is asked once for all plans that have it. What is left of a plan
// between such leaves is one question about contacts.
type everybody struct {
	*reading
	of      *roaring.Bitmap // a range; nil is all
	members map[muster.GroupNo]*roaring.Bitmap
	known   map[string]*roaring.Bitmap // leaves over activities, by key; never modified
}

// match asks a plan of everybody; known is what the reading has found for other plans.
func (r *reading) match(q store.Query, known map[string]*roaring.Bitmap) (*roaring.Bitmap, error) {
	if q.Of != nil && q.Of.IsEmpty() {
		return roaring.New(), nil
	}
	e := &everybody{reading: r, members: q.Members, known: known}
	if q.Of != nil && isRange(q.Of) {
		e.of, e.known = q.Of, map[string]*roaring.Bitmap{}
	}
	set, err := e.set(q.Node)
	if err != nil {
		return nil, err
	}
	set = roaring.And(set, r.Contacts())
	if q.Of != nil {
		set.And(q.Of)
	}
	return set, r.err
}

// set answers who satisfies a plan; it may name others than contacts, and is not
// to be modified.
func (e *everybody) set(n plan.Node) (*roaring.Bitmap, error) {
	switch n := n.(type) {
	case plan.Everyone:
		return e.Contacts(), e.err
	case plan.Nobody:
		return roaring.New(), nil
	case *plan.Not:
		not, err := e.set(n.Of)
		if err != nil {
			return nil, err
		}
		return roaring.AndNot(e.Contacts(), not), e.err
	case *plan.InGroup:
		if set, over := e.members[n.Group]; over {
			if set == nil {
				set = roaring.New()
			}
			return set, nil
		}
		return e.Members(n.Group), e.err
	case *plan.Acted:
		return e.acted(n)
	case *plan.All:
		sets, err := e.sets(n.Of, func(rest []plan.Node) plan.Node { return &plan.All{Of: rest} })
		if err != nil {
			return nil, err
		}
		if len(sets) == 0 {
			return e.Contacts(), e.err
		}
		return roaring.FastAnd(sets...), nil
	case *plan.Any:
		sets, err := e.sets(n.Of, func(rest []plan.Node) plan.Node { return &plan.Any{Of: rest} })
		if err != nil {
			return nil, err
		}
		return roaring.FastOr(sets...), nil
	}
	return e.ask(n)
}

// sets answers the sets of several plans. Those that are about contacts are
// joined and asked together.
func (e *everybody) sets(nodes []plan.Node, join func([]plan.Node) plan.Node) (sets []*roaring.Bitmap, err error) {
	var rest []plan.Node
	for _, n := range nodes {
		if !bySets(n) {
			rest = append(rest, n)
			continue
		}
		set, err := e.set(n)
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	if len(rest) == 0 {
		return sets, nil
	}
	set, err := e.ask(join(rest))
	if err != nil {
		return nil, err
	}
	return append(sets, set), nil
}

// bySets tells plans that have a leaf whose set is known or is an aggregate.
func bySets(n plan.Node) bool {
	for leaf := range plan.Leaves(n) {
		switch leaf.(type) {
		case *plan.Acted, *plan.InGroup, plan.Everyone, plan.Nobody:
			return true
		}
	}
	return false
}

// acted answers whose activities measure as a leaf says.
func (e *everybody) acted(n *plan.Acted) (*roaring.Bitmap, error) {
	key := plan.LeafKey(n)
	if set := e.known[key]; set != nil {
		return set, nil
	}
	c := &compiler{statement: &statement{}, r: e.reading, of: e.of}
	c.text("select a.contact_no from activity a where ", c.matching("a", n.Types, n.Channels, n.Where, n.From, n.To), c.only("a.contact_no", e.of),
		" group by a.contact_no having ", c.measured(n))
	set, err := e.numbers(c)
	if err == nil {
		e.known[key] = set
	}
	return set, err
}

// ask asks each contact.
func (e *everybody) ask(n plan.Node) (*roaring.Bitmap, error) {
	c, err := e.compile(n, e.members, e.of)
	if err != nil {
		return nil, err
	}
	return e.numbers(c)
}

func (e *everybody) numbers(c *compiler) (*roaring.Bitmap, error) {
	if c.err != nil {
		return nil, c.err
	}
	var found numbered
	if err := e.alone(c.String(), c.args, found.row); err != nil {
		return nil, err
	}
	return found.all(), nil
}
