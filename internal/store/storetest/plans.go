package storetest

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/plan/plantest"
	"github.com/muster-groups/muster/internal/store"
)

// plans are the sentences about Match, Named and Noticed: whatever path a
// store takes, it answers what a reading of each contact's facts does.
var plans = []sentence{
	{"a random history reads back as it was written", func(c *subject) {
		c.history(1, func(w *world, l *looker) {
			want := roaring.New()
			for _, no := range w.numbers() {
				want.Add(uint32(no))
				kept := w.living[no]
				got, err := l.Contact(no)
				l.same("error", err, nil)
				l.same(fmt.Sprint("contact ", no), got, kept.Contact)
				var groups []muster.GroupNo
				for group := muster.GroupNo(1); group <= 3; group++ {
					if l.Members(group).Contains(uint32(no)) {
						groups = append(groups, group)
					}
				}
				l.same(fmt.Sprint("number of groups of contact ", no), len(groups), len(kept.Groups))
			}
			l.same("contacts", l.Contacts(), want)
		})
	}},
	{"every plan matches whom a naive reading of it does", func(c *subject) {
		c.history(2, func(w *world, l *looker) {
			for range 40 {
				queries := make([]store.Query, 8)
				for i := range queries {
					queries[i] = w.query()
				}
				got, err := l.Match(queries)
				l.same("error", err, nil)
				for i, q := range queries {
					if want := w.matching(q.Node, q.Members, q.Of); !got[i].Equals(want) {
						l.Errorf("%s: plan %s over %s with members %v: got %s, want %s",
							l.when, spell(q.Node), spellSet(q.Of), q.Members, show(got[i]), show(want))
					}
					got[i].Add(1 << 30) // they are the caller's
				}
			}
		})
	}},
	{"named never answers too few", func(c *subject) {
		c.history(3, func(w *world, l *looker) {
			for range 50 {
				facts := []plan.Fact{w.fact(), w.fact(), w.fact(), w.fact()}
				if a, ok := facts[0].(plan.ActedFact); ok { // windows are often the same
					for i, f := range facts {
						if f, ok := f.(plan.ActedFact); ok {
							f.From, f.To = a.From, a.To
							facts[i] = f
						}
					}
				}
				named, err := l.Named(facts)
				l.same("error", err, nil)
				for i, f := range facts {
					for no, kept := range w.living {
						if plantest.Names(f, kept) && !named[i].Contains(uint32(no)) {
							l.Errorf("%s: %T%+v does not name contact %d: got %s", l.when, f, f, no, show(named[i]))
						}
					}
					named[i].AndNot(l.Contacts())
					l.same("named that are no contacts", named[i], set())
				}
			}
		})
	}},
	{"noticed answers exactly whose new activities count", func(c *subject) {
		w := newWorld(4)
		for range 30 {
			c.write(func(tx *writer) {
				w.step(tx, 40)
				for range 10 {
					leaf := w.acted()
					want, ordinals := set(), []int32(nil)
					for ordinal, a := range w.added {
						ordinals = append(ordinals, ordinal)
						fact := plan.ActedFact{Types: leaf.Types, Channels: leaf.Channels, Where: leaf.Where, From: leaf.From, To: leaf.To}
						if plantest.Names(fact, &plantest.Contact{Activities: []muster.Activity{a}}) {
							want.Add(uint32(w.owner[ordinal]))
						}
					}
					got, err := tx.Noticed(leaf, ordinals)
					tx.must(err)
					if !got.Equals(want) {
						c.Errorf("noticed by %s: got %s, want %s", spell(leaf), show(got), show(want))
					}
				}
			})
		}
	}},
}

// history writes a random history in many transactions and looks at it in the
// last one, after it, after housekeeping and after a restart; then it goes on.
func (c *subject) history(seed uint64, look func(w *world, l *looker)) {
	c.Helper()
	w := newWorld(seed)
	for range 2 {
		for range 12 {
			c.write(func(tx *writer) { w.step(tx, 60) })
		}
		c.always(func(tx *writer) { w.step(tx, 60) }, func(l *looker) { look(w, l) })
	}
}

// query draws a plan over everyone, a few or many, sometimes with other members.
func (w *world) query() store.Query {
	q := store.Query{Node: w.node(3)}
	if share := w.IntN(4); share > 0 {
		q.Of = roaring.New()
		for no := range w.living {
			if w.IntN(8) < share*share {
				q.Of.Add(uint32(no))
			}
		}
	}
	if w.IntN(3) == 0 {
		q.Members = map[muster.GroupNo]*roaring.Bitmap{2: roaring.New()}
		for no := range w.living {
			if w.IntN(3) == 0 {
				q.Members[2].Add(uint32(no))
			}
		}
	}
	return q
}

// spell prints a plan with its leaves.
func spell(n plan.Node) string {
	list := func(name string, of []plan.Node) string {
		s := name + "("
		for i, child := range of {
			if i > 0 {
				s += ", "
			}
			s += spell(child)
		}
		return s + ")"
	}
	switch n := n.(type) {
	case *plan.All:
		return list("All", n.Of)
	case *plan.Any:
		return list("Any", n.Of)
	case *plan.Not:
		return list("Not", []plan.Node{n.Of})
	}
	return fmt.Sprintf("%T%+v", n, n)
}

func spellSet(s *roaring.Bitmap) string {
	if s == nil {
		return "everyone"
	}
	return show(s)
}
