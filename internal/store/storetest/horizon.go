package storetest

import (
	"fmt"
	"math/rand/v2"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// horizons are the sentences about how far back the past can be asked for.
var horizons = []sentence{
	{"without a horizon all of the past can be asked for", func(c *subject) {
		c.write(func(tx *writer) { tx.record(1, muster.CauseCondition, set(tx.contact(1)), nil) })
		c.still(func(l *looker) {
			l.same("horizon", l.Horizon(), store.Horizon{At: muster.Beginning})
			got, err := l.MembersAt(1, muster.Beginning)
			l.same("error", err, nil)
			l.same("members at the beginning", got, set())
		})
	}},
	{"before the horizon nothing is answered, and from it on everything as before", func(c *subject) {
		c.write(func(tx *writer) {
			for n := 1; n <= 4; n++ {
				tx.contact(n)
			}
			tx.record(1, muster.CauseCondition, set(1, 2), nil)
			tx.record(2, muster.CauseCondition, set(3), nil)
		})
		c.write(func(tx *writer) { tx.record(1, muster.CauseTime, set(3), set(2)) })
		c.write(func(tx *writer) { tx.record(1, muster.CauseTime, set(4), set(3)) })
		c.write(func(tx *writer) { tx.record(1, muster.CauseTime, set(2), set(1)) })
		c.always(func(tx *writer) { tx.must(tx.SetHorizon(3)) }, func(l *looker) {
			l.same("horizon", l.Horizon(), store.Horizon{At: 3, Seq: 5})
			for _, group := range []muster.GroupNo{1, 2, 9} {
				_, err := l.MembersAt(group, 2)
				l.code(fmt.Sprint("members before it, of group ", group), err, muster.CodeHistoryExpired)
			}
			got, err := l.MembersAt(1, 3)
			l.same("error", err, nil)
			l.same("members at it", got, set(1, 4))
			got, err = l.MembersAt(1, 4)
			l.same("error", err, nil)
			l.same("members after it", got, set(2, 4))
			got, err = l.MembersAt(2, 3)
			l.same("error", err, nil)
			l.same("members who have been in for longer", got, set(3))

			_, err = l.Changes(store.ChangeQuery{})
			l.code("records from the beginning", err, muster.CodeHistoryExpired)
			_, err = l.Changes(store.ChangeQuery{After: 4, Contact: 1})
			l.code("records after one before it", err, muster.CodeHistoryExpired)
			time := muster.Cause{Kind: muster.CauseTime}
			kept := []muster.Change{
				{Seq: 6, Group: 1, Contact: 3, At: 3, Cause: time}, {Seq: 7, Group: 1, Contact: 4, At: 3, Entered: true, Cause: time},
				{Seq: 8, Group: 1, Contact: 1, At: 4, Cause: time}, {Seq: 9, Group: 1, Contact: 2, At: 4, Entered: true, Cause: time},
			}
			changes, err := l.Changes(store.ChangeQuery{After: 5})
			l.same("error", err, nil)
			l.same("records after the last before it", changes, kept)
			changes, err = l.Changes(store.ChangeQuery{Latest: true, Contact: 1})
			l.same("error", err, nil)
			l.same("a contact's records, latest first", changes, kept[2:3])
			memberships, err := l.Memberships(3)
			l.same("error", err, nil)
			l.same("a membership from before it", memberships, []store.Membership{{Group: 2, Since: 1}})
			l.same("last record", l.LastSeq(), muster.Seq(9))
		})
	}},
	{"the horizon never moves back, and not past the commit", func(c *subject) {
		c.write(func(tx *writer) { tx.record(1, muster.CauseCondition, set(tx.contact(1)), nil) })
		c.write(func(tx *writer) { tx.must(tx.SetHorizon(2)) })
		c.always(func(tx *writer) {
			tx.must(tx.SetHorizon(1))
			if tx.SetHorizon(c.now+1) == nil {
				c.Error("a horizon after the commit was taken")
			}
		}, func(l *looker) { l.same("horizon", l.Horizon(), store.Horizon{At: 2, Seq: 1}) })
	}},
	{"records of the commit at the horizon stay, when it keeps nothing else", func(c *subject) {
		c.write(func(tx *writer) { tx.record(1, muster.CauseCondition, set(tx.contact(1), tx.contact(2)), nil) })
		c.always(func(tx *writer) {
			tx.must(tx.SetHorizon(2))
			tx.record(1, muster.CauseTime, nil, set(1))
		}, func(l *looker) {
			changes, err := l.Changes(store.ChangeQuery{After: 2})
			l.same("error", err, nil)
			l.same("records", changes, []muster.Change{{Seq: 3, Group: 1, Contact: 1, At: 2, Cause: muster.Cause{Kind: muster.CauseTime}}})
		})
		c.always(func(tx *writer) { tx.must(tx.SetHorizon(3)) }, func(l *looker) {
			l.same("last record", l.LastSeq(), muster.Seq(3))
			changes, err := l.Changes(store.ChangeQuery{After: 3})
			l.same("error", err, nil)
			l.same("records", changes, []muster.Change(nil))
			l.same("members", l.Members(1), set(2))
		})
		c.always(func(tx *writer) { tx.record(1, muster.CauseTime, set(1), nil) }, func(l *looker) {
			l.same("the next record's number", l.LastSeq(), muster.Seq(4))
			memberships, err := l.Memberships(1)
			l.same("error", err, nil)
			l.same("memberships", memberships, []store.Membership{{Group: 1, Since: 4}})
		})
	}},
	{"an erasure reaches behind the horizon", func(c *subject) {
		c.write(func(tx *writer) {
			for n := 1; n <= 3; n++ {
				tx.contact(n)
			}
			tx.record(1, muster.CauseCondition, set(1, 2, 3), nil)
		})
		c.write(func(tx *writer) { tx.must(tx.SetHorizon(2)) })
		c.maintain()
		c.always(func(tx *writer) {
			tx.record(1, muster.CauseErasure, nil, set(2))
			tx.must(tx.Erase(2))
		}, func(l *looker) {
			got, err := l.MembersAt(1, 2)
			l.same("error", err, nil)
			l.same("members of the past", got, set(1, 3))
			memberships, err := l.Memberships(3)
			l.same("error", err, nil)
			l.same("memberships of another", memberships, []store.Membership{{Group: 1, Since: 1}})
		})
	}},
	{"at random horizons, instants within are answered as before and none outside, in the middle of folding too", func(c *subject) {
		h := &past{Rand: rand.New(rand.NewPCG(10, 10)), members: map[muster.GroupNo]*roaring.Bitmap{1: set(), 2: set(), 3: set()}, horizon: store.Horizon{At: muster.Beginning}}
		c.write(func(tx *writer) {
			for n := 1; n <= crowd; n++ {
				tx.contact(n)
			}
		})
		for round := range 3 {
			for range 15 {
				c.write(func(tx *writer) {
					for group := muster.GroupNo(1); group <= 3; group++ {
						h.move(tx, group)
					}
					h.moveMany(tx, 1, h.IntN(1000))
				})
			}
			c.write(func(tx *writer) { h.erase(tx) })
			c.write(func(tx *writer) { h.retreat(tx) })
			// Folding goes on in small steps, between them the store may end.
			for range 3 {
				if _, err := c.store.Maintain(c.Context()); err != nil {
					c.Fatalf("maintain: %v", err)
				}
				c.reopen()
				c.view(func(v store.View) { h.judge(&looker{View: v, T: c.T, when: "in the middle of folding"}, round) })
			}
			c.write(func(tx *writer) { h.erase(tx) })
			c.still(func(l *looker) { h.judge(l, round) })
		}
	}},
}

// retreat moves the horizon to a random instant.
func (h *past) retreat(tx *writer) {
	at := max(0, h.horizon.At)
	at += instant(h.IntN(int(tx.Tick()-at) + 1))
	tx.must(tx.SetHorizon(at))
	h.horizon.At = max(h.horizon.At, at)
	for _, c := range h.changes {
		if c.At < at {
			h.horizon.Seq = max(h.horizon.Seq, c.Seq)
		}
	}
	if got := tx.Horizon(); got != h.horizon {
		tx.t.Errorf("horizon: got %+v, want %+v", got, h.horizon)
	}
}
