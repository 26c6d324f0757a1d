package postgres

import (
	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// Match answers each query's set. What the transaction knows by itself it does
// not ask: who just visited a page has visited it at least once. Only those for
// whom that does not settle the plan are asked about.
func (t *transaction) Match(queries []store.Query) ([]*roaring.Bitmap, error) {
	open := make([]store.Query, len(queries))
	sure := make([]*roaring.Bitmap, len(queries))
	for i, q := range queries {
		open[i] = q
		if q.Of == nil || q.Of.GetCardinality() > many {
			continue
		}
		k := known{t: t, members: q.Members, of: roaring.And(q.Of, t.reading.Contacts())}
		b := k.node(q.Node)
		sure[i], open[i].Of = b.sure, roaring.AndNot(b.may, b.sure)
	}
	if t.err != nil {
		return nil, t.err
	}
	sets, err := t.reading.Match(open)
	if err != nil {
		return nil, err
	}
	for i, set := range sets {
		if sure[i] != nil {
			set.Or(sure[i])
		}
	}
	return sets, nil
}

// known finds who of some parents satisfies a plan, by what a transaction knows
// without asking.
type known struct {
	t       *transaction
	members map[muster.GroupNo]*roaring.Bitmap
	of      *roaring.Bitmap
}

// bounds are those who surely satisfy a plan and those who may.
type bounds struct{ sure, may *roaring.Bitmap }

func (k *known) node(n plan.Node) bounds {
	switch n := n.(type) {
	case plan.Everyone:
		return bounds{k.of, k.of}
	case plan.Nobody:
		return bounds{roaring.New(), roaring.New()}
	case *plan.All:
		b := bounds{k.of, k.of}
		for _, child := range n.Of {
			c := k.node(child)
			b = bounds{roaring.And(b.sure, c.sure), roaring.And(b.may, c.may)}
		}
		return b
	case *plan.Any:
		b := bounds{roaring.New(), roaring.New()}
		for _, child := range n.Of {
			c := k.node(child)
			b = bounds{roaring.Or(b.sure, c.sure), roaring.Or(b.may, c.may)}
		}
		return b
	case *plan.Not:
		b := k.node(n.Of)
		return bounds{roaring.AndNot(k.of, b.may), roaring.AndNot(k.of, b.sure)}
	case *plan.InGroup:
		set, overridden := k.members[n.Group]
		if !overridden {
			set = k.t.Members(n.Group)
		}
		if set == nil {
			set = roaring.New()
		}
		set = roaring.And(k.of, set)
		return bounds{set, set}
	}
	b := bounds{roaring.New(), roaring.New()}
	for it := k.of.Iterator(); it.HasNext(); {
		no := it.Next()
		holds, settled := k.leaf(n, muster.ContactNo(no))
		if holds {
			b.sure.Add(no)
		}
		if holds || !settled {
			b.may.Add(no)
		}
	}
	return b
}

// leaf answers whether a leaf holds for a contact, as far as that is settled.
func (k *known) leaf(n plan.Node, no muster.ContactNo) (holds, settled bool) {
	switch n := n.(type) {
	case *plan.Acted:
		// What it did before can only add to a count.
		holds = n.Measure == plan.Count && n.Compare.Op == plan.AtLeast && k.t.actedNow(n, no)
		return holds, holds
	case plan.Identified:
		o, settled := k.t.foreseenOwner(no)
		return settled && (o.Email != "" || o.ExternalID != ""), settled
	case *plan.Sample:
		o, settled := k.t.foreseenOwner(no)
		return settled && n.Holds(o.ID), settled
	case *plan.Field:
		if f := k.t.foreseen; f != nil && n.Code != "email" && n.Code != "created_at" {
			fields, settled := f.fields[no]
			return settled && plan.MatchValue(n.Pred, fields[n.Code]), settled
		}
	case *plan.Decided:
		if f := k.t.foreseen; f != nil {
			decisions, settled := f.decisions[no]
			d, made := decisions[decided{n.Kind, n.Code}]
			return made && d.State == n.State && within(d.At, n.From, n.To), settled
		}
	}
	return false, false
}

func (t *transaction) foreseenOwner(no muster.ContactNo) (store.Owner, bool) {
	if t.foreseen == nil {
		return store.Owner{}, false
	}
	o, known := t.foreseen.owners[no]
	return o, known
}

// actedNow reports whether what a contact did in this transaction is enough for
// a count of at least some.
func (t *transaction) actedNow(n *plan.Acted, no muster.ContactNo) bool {
	if t.byContact == nil {
		t.byContact = map[muster.ContactNo][]int{}
		for i := range t.added {
			t.byContact[t.added[i].contact] = append(t.byContact[t.added[i].contact], i)
		}
	}
	count := muster.Decimal(0)
	for _, i := range t.byContact[no] {
		if a := &t.added[i]; !a.gone && within(a.At, n.From, n.To) && fits(&a.Activity, n.Types, n.Channels, n.Where) {
			count += muster.DecimalOne
		}
	}
	return count > 0 && count >= n.Compare.A
}
