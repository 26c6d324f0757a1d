package storetest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// orders are the sentences about Ordered.
var orders = []sentence{
	{"contacts come by creation and by last activity, ties by number, those without at the end, whatever happened to them", func(c *subject) {
		w := newWorld(11)
		for range 25 {
			c.write(func(tx *writer) {
				w.step(tx, 40)
				w.ordered(&looker{View: tx.Tx, T: c.T, when: "in the transaction"})
			})
			c.view(func(v store.View) { w.ordered(&looker{View: v, T: c.T, when: "after the commit"}) })
			if w.IntN(3) == 0 {
				c.maintain()
			}
		}
		c.still(w.ordered)
	}},
	{"instants before 1970 and after 2106 have their place", func(c *subject) {
		at := []instant{-5_000_000_000, -7, 0, 3, 4294967292, 4294967293, 4294967294, 4294967296, 90_000_000_000}
		var want []store.Placed
		c.always(func(tx *writer) {
			for i, at := range at {
				no := tx.contact(i + 1)
				tx.act(no, muster.Activity{Type: "visit", At: at})
				tx.act(no, muster.Activity{Type: "order", At: at - 1})
				want = append(want, store.Placed{No: no, At: at})
			}
		}, func(l *looker) {
			got, err := l.Ordered(store.Order{By: store.ByLastActivity, Limit: 100})
			l.code("in order", err, "")
			l.same("in order", got, want)
			got, err = l.Ordered(store.Order{By: store.ByLastActivity, Latest: true, Limit: 100})
			slices.Reverse(got)
			l.code("latest first", err, "")
			l.same("latest first", got, want)
		})
	}},
	{"a place stays where it is when whoever stood there moves or goes", func(c *subject) {
		var numbers []muster.ContactNo
		c.write(func(tx *writer) {
			for i := range 6 {
				no := tx.contact(i + 1)
				tx.act(no, muster.Activity{Type: "visit", At: instant(100 + i/2)})
				numbers = append(numbers, no)
			}
		})
		page := func(v store.View, after *store.Placed) []store.Placed {
			found, err := v.Ordered(store.Order{By: store.ByLastActivity, Latest: true, After: after, Limit: 3})
			c.must("ordered", err)
			return found
		}
		var first []store.Placed
		c.view(func(v store.View) { first = page(v, nil) })
		c.same("the first page", first, []store.Placed{{No: numbers[4], At: 102}, {No: numbers[5], At: 102}, {No: numbers[2], At: 101}})
		c.write(func(tx *writer) {
			tx.act(numbers[2], muster.Activity{Type: "visit", At: 200}) // to the top
			tx.must(tx.Erase(numbers[5]))
		})
		c.view(func(v store.View) {
			c.same("the second page", page(v, &first[2]), []store.Placed{{No: numbers[3], At: 101}, {No: numbers[0], At: 100}, {No: numbers[1], At: 100}})
		})
	}},
}

// ordered compares every order, read page by page, with the dullest one.
func (w *world) ordered(l *looker) {
	l.Helper()
	some := roaring.New()
	for no := range w.living {
		if w.IntN(2) == 0 {
			some.Add(uint32(no))
		}
	}
	some.Add(1 << 20) // nobody
	for _, of := range []*roaring.Bitmap{nil, some, roaring.New()} {
		for _, by := range []store.OrderedBy{store.ByCreation, store.ByLastActivity} {
			for _, latest := range []bool{false, true} {
				q := store.Order{By: by, Latest: latest, Of: of, Limit: 1 + w.IntN(60)}
				what := fmt.Sprintf("order %d, latest %t, of %s, %d at a time", by, latest, show(of), q.Limit)
				var got []store.Placed
				for range len(w.living) + 1 {
					page, err := l.Ordered(q)
					l.code(what, err, "")
					if len(page) > q.Limit {
						l.Errorf("%s, %s: a page has %d", what, l.when, len(page))
					}
					if got = append(got, page...); len(page) < q.Limit {
						break
					}
					q.After = &page[len(page)-1]
				}
				l.same(what, got, w.order(q))
			}
		}
	}
}

// order sorts everybody.
func (w *world) order(q store.Order) (all []store.Placed) {
	for _, no := range slices.Sorted(maps.Keys(w.living)) {
		if q.Of != nil && !q.Of.Contains(uint32(no)) {
			continue
		}
		at := w.living[no].CreatedAt
		if q.By == store.ByLastActivity {
			at = w.living[no].LastActivityAt
		}
		all = append(all, store.Placed{No: no, At: at})
	}
	slices.SortStableFunc(all, func(a, b store.Placed) int {
		switch {
		case a.At == muster.Beginning || b.At == muster.Beginning:
			return cmp.Compare(b2i(a.At == muster.Beginning), b2i(b.At == muster.Beginning))
		case q.Latest:
			return cmp.Compare(b.At, a.At)
		}
		return cmp.Compare(a.At, b.At)
	})
	return all
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
