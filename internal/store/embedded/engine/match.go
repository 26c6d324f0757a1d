package engine

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster/internal/store"
)

// smallSet is the number of contacts up to which a query is answered contact
// by contact, through the whole plan.
const smallSet = 4096

// Match answers each query's set. The bitmaps are the caller's to modify.
func (e *Engine) Match(queries []store.Query) ([]*roaring.Bitmap, error) {
	return e.evaluation(context.Background(), true).match(queries)
}

func (v *evaluation) match(queries []store.Query) ([]*roaring.Bitmap, error) {
	ops := make([]*op, len(queries))
	for i, q := range queries {
		ops[i] = v.compiler.query(q, i)
	}
	answers := make([]*roaring.Bitmap, len(queries))
	if err := v.matchSmall(queries, ops, answers); err != nil {
		return nil, err
	}
	parents := v.e.people.parents.set
	for i, q := range queries {
		if answers[i] != nil {
			continue
		}
		within := parents
		if q.Of != nil {
			within = roaring.And(q.Of, parents)
		}
		found, err := v.set(ops[i], within)
		if err != nil {
			return nil, err
		}
		answers[i] = found
	}
	return answers, nil
}

// matchSmall answers the queries with few contacts. Leaves that several of
// them contain keep their answer per contact, by the contact's position among
// all contacts of these queries.
func (v *evaluation) matchSmall(queries []store.Query, ops []*op, answers []*roaring.Bitmap) error {
	var small []int
	union, n := (*roaring.Bitmap)(nil), 0
	for i, q := range queries {
		if q.Of == nil || q.Of.GetCardinality() > smallSet {
			continue
		}
		small = append(small, i)
		if n++; n == 1 {
			union = q.Of
		} else if union != q.Of {
			union = roaring.Or(union, q.Of)
		}
	}
	if n == 0 {
		return nil
	}
	contacts := union.ToArray()
	for _, s := range v.compiler.leaves {
		if s.uses > 1 && s.cost() >= worthKeeping {
			s.memo = make([]byte, len(contacts))
		}
	}
	for _, i := range small {
		answers[i] = roaring.New()
		position := 0
		for it := queries[i].Of.Iterator(); it.HasNext(); position++ {
			no := it.Next()
			for contacts[position] != no {
				position++
			}
			if v.e.people.isParent(no) && ops[i].holds(no, position) {
				answers[i].Add(no)
			}
		}
	}
	for _, s := range v.compiler.leaves {
		s.memo = nil // positions mean nothing to the large queries
	}
	return nil
}
