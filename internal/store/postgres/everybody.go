package postgres

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// everybody evaluates plans over all contacts, or some of them, by sets: each
// leaf over activities is one aggregate, which costs a fraction of asking each
// contact, and so is each leaf that stands in several places: it is asked once for
// all of them. What is left of a plan between such leaves is one question about contacts.
type everybody struct {
	*reading
	of      *roaring.Bitmap // a range or few; nil is all
	members map[muster.GroupNo]*roaring.Bitmap
	places  map[string]int             // of leaves, by key
	known   map[string]*roaring.Bitmap // leaves, by key; never modified
}

// bySets evaluates queries that have leaves in common.
type bySets struct {
	*reading
	places map[string]int
	known  map[*roaring.Bitmap]map[string]*roaring.Bitmap // by whom was asked about; nil is everybody
}

func (r *reading) bySets(queries ...store.Query) *bySets {
	b := &bySets{reading: r, places: map[string]int{}, known: map[*roaring.Bitmap]map[string]*roaring.Bitmap{}}
	for _, q := range queries {
		for leaf := range plan.Leaves(q.Node) {
			b.places[plan.LeafKey(leaf)]++
		}
	}
	return b
}

// match answers one of the queries.
func (b *bySets) match(q store.Query) (*roaring.Bitmap, error) {
	r := b.reading
	if q.Of != nil && q.Of.IsEmpty() {
		return roaring.New(), nil
	}
	e := &everybody{reading: r, members: q.Members, places: b.places}
	if q.Of != nil && (isRange(q.Of) || q.Of.GetCardinality() <= many) {
		e.of = q.Of
	}
	if e.known = b.known[e.of]; e.known == nil {
		e.known = map[string]*roaring.Bitmap{}
		b.known[e.of] = e.known
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
	key := plan.LeafKey(n)
	set := e.known[key]
	if set == nil {
		var err error
		if set, err = e.leaf(n); err != nil {
			return nil, err
		}
		e.known[key] = set
	}
	return set, nil
}

// sets answers the sets of several plans. Those that are about contacts are
// joined and asked together if they are several.
func (e *everybody) sets(nodes []plan.Node, join func([]plan.Node) plan.Node) (sets []*roaring.Bitmap, err error) {
	var rest []plan.Node
	oneByOne := slices.ContainsFunc(nodes, walksContacts)
	for _, n := range nodes {
		if !e.apart(n, oneByOne) {
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
	one := e.set
	if len(rest) > 1 {
		one, rest = e.ask, []plan.Node{join(rest)}
	}
	set, err := one(rest[0])
	if err != nil {
		return nil, err
	}
	return append(sets, set), nil
}

// walksContacts tells plans that look into the history of one contact after the
// other. What else is asked may spare that for most of them.
func walksContacts(n plan.Node) bool {
	for leaf := range plan.Leaves(n) {
		switch leaf.(type) {
		case *plan.Sequence, *plan.Latest:
			return true
		}
	}
	return false
}

// apart tells plans that have a leaf whose set is known, is an aggregate or has
// more than one use; or, unless contacts are looked at one by one anyway, rows that say
// it themselves: beside a question about contacts the database would go through all of
// them for each slice.
func (e *everybody) apart(n plan.Node, oneByOne bool) bool {
	switch n.(type) {
	case plan.Everyone, plan.Nobody:
		return true
	}
	for leaf := range plan.Leaves(n) {
		switch leaf := leaf.(type) {
		case *plan.Acted, *plan.InGroup:
			return true
		case *plan.Decided:
			if !oneByOne {
				return true
			}
		case *plan.Field:
			if !oneByOne && !ofContact(leaf.Code) {
				return true
			}
		}
		if e.places[plan.LeafKey(leaf)] > 1 {
			return true
		}
	}
	return false
}

// leaf answers who satisfies a leaf. Where rows say it themselves, contacts are
// not looked at: they would be asked one by one, or all be put beside them.
func (e *everybody) leaf(n plan.Node) (*roaring.Bitmap, error) {
	c := &compiler{statement: &statement{}, r: e.reading, of: e.of}
	switch n := n.(type) {
	case *plan.Acted:
		c.text("select a.contact_no from activity a where ", c.matching("a", n.Types, n.Channels, n.Where, n.From, n.To), c.only("a.contact_no", e.of),
			" group by a.contact_no having ", c.measured(n))
		return e.numbers(c)
	case *plan.Decided:
		c.text("select d.contact_no from decision d where ", c.decided(n), c.only("d.contact_no", e.of))
		return e.numbers(c)
	case *plan.Field:
		if ofContact(n.Code) {
			break
		}
		test := c.valued(n)
		if test == "" {
			return roaring.New(), nil
		}
		c.text("select f.contact_no from field f where ", test, c.only("f.contact_no", e.of))
		return e.numbers(c)
	}
	return e.ask(n)
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
