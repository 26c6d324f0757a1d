package engine

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Ordered answers contacts by an instant. There is no order on the side that
// every activity would have to keep up: an instant of every contact is a column,
// and one look through it finds the few that come next, at any place equally fast.
func (e *Engine) Ordered(q store.Order) ([]store.Placed, error) {
	of := e.people.parents.set
	if q.Of != nil {
		of = roaring.And(q.Of, of)
	}
	at := e.lastActivity
	if q.By == store.ByCreation {
		at = func(no uint32) muster.Instant { return muster.Instant(e.people.created.get(no)) }
	}
	after := place{key: math.MinInt64}
	if q.After != nil {
		after = standing(q.After.At, uint32(q.After.No), q.Latest)
	}
	all := next{after: after, limit: q.Limit}
	var mu sync.Mutex
	// A worker takes one container of the set at a time.
	err := e.evaluation(context.Background(), true).parallel(int(e.people.count>>16)+1, func(_, piece int) {
		mine := next{after: after, limit: q.Limit}
		it := of.Iterator()
		it.AdvanceIfNeeded(uint32(piece) << 16)
		for it.HasNext() && it.PeekNext()>>16 == uint32(piece) {
			no := it.Next()
			mine.add(standing(at(no), no, q.Latest))
		}
		mu.Lock()
		defer mu.Unlock()
		for _, p := range mine.places {
			all.add(p)
		}
	})
	if err != nil {
		return nil, err
	}
	all.cut()
	found := make([]store.Placed, len(all.places))
	for i, p := range all.places {
		found[i] = store.Placed{No: muster.ContactNo(p.no), At: at(p.no)}
	}
	return found, nil
}

// place is where a contact stands in an order: by the key, then by number.
type place struct {
	key int64
	no  uint32
}

func standing(at muster.Instant, no uint32, latest bool) place {
	switch {
	case at == muster.Beginning:
		return place{math.MaxInt64, no} // without an instant, at the end
	case latest:
		return place{-int64(at), no}
	}
	return place{int64(at), no}
}

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.key, o.key), cmp.Compare(p.no, o.no))
}

// next collects the first few places after one.
type next struct {
	after  place
	limit  int
	full   bool // last is one of limit places that were seen: those behind it are not wanted
	last   place
	places []place
}

func (n *next) add(p place) {
	if p.compare(n.after) <= 0 || n.full && p.compare(n.last) >= 0 {
		return
	}
	if n.places = append(n.places, p); len(n.places) >= 4*n.limit {
		n.cut()
	}
}

// cut keeps the first places only.
func (n *next) cut() {
	slices.SortFunc(n.places, place.compare)
	if len(n.places) >= n.limit && n.limit > 0 {
		n.places = n.places[:n.limit]
		n.full, n.last = true, n.places[n.limit-1]
	}
}
