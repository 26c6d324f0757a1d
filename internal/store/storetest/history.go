package storetest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// histories are the sentences about the change log as a whole.
var histories = []sentence{
	{"every question about the past is answered as replaying all records would", func(c *subject) {
		h := &past{Rand: rand.New(rand.NewPCG(8, 8)), members: map[muster.GroupNo]*roaring.Bitmap{1: set(), 2: set(), 3: set()}, horizon: store.Horizon{At: muster.Beginning}}
		c.write(func(tx *writer) {
			for n := 1; n <= crowd; n++ {
				tx.contact(n)
			}
		})
		for round := range 2 {
			for range 25 {
				c.write(func(tx *writer) {
					for group := muster.GroupNo(1); group <= 3; group++ {
						h.move(tx, group)
					}
				})
				c.now -= instant(h.IntN(2)) // the next may be of the same instant
			}
			c.write(func(tx *writer) {
				for range 3 {
					h.erase(tx)
				}
			})
			c.still(func(l *looker) { h.judge(l, round) })
		}
	}},
	{"no instant of a long past is lost, however a store keeps it", func(c *subject) {
		h := &past{Rand: rand.New(rand.NewPCG(9, 9)), members: map[muster.GroupNo]*roaring.Bitmap{1: set(), 2: set()}, horizon: store.Horizon{At: muster.Beginning}}
		c.write(func(tx *writer) {
			for n := 1; n <= crowd; n++ {
				tx.contact(n)
			}
		})
		// So many records that a store that keeps memberships in between keeps some.
		for range 60 {
			c.write(func(tx *writer) {
				h.moveMany(tx, 1, 1500)
				h.moveMany(tx, 2, h.IntN(3))
			})
		}
		c.write(func(tx *writer) {
			for range 3 {
				h.erase(tx)
			}
		})
		c.still(func(l *looker) {
			h.judgeCounts(l)
			members := map[muster.GroupNo]*roaring.Bitmap{1: set(), 2: set()}
			next := 0
			for at := instant(0); at <= l.Tick(); at++ {
				for ; next < len(h.changes) && h.changes[next].At <= at; next++ {
					switch change := h.changes[next]; {
					case change.Contact == 0: // erased since
					case change.Entered:
						members[change.Group].Add(uint32(change.Contact))
					default:
						members[change.Group].Remove(uint32(change.Contact))
					}
				}
				for group, want := range members {
					got, err := l.MembersAt(group, at)
					l.same("error", err, nil)
					if !got.Equals(want) {
						l.Errorf("%s: members of group %d at %d: got %d, want %d", l.when, group, at, got.GetCardinality(), want.GetCardinality())
					}
				}
			}
		})
	}},
}

// crowd is how many contacts there are: enough for changes that a store may
// keep in another form than a few.
const crowd = 6_000

// past is the change log as a list.
type past struct {
	*rand.Rand
	changes []muster.Change
	members map[muster.GroupNo]*roaring.Bitmap
	erased  []muster.ContactNo
	horizon store.Horizon
}

// move lets some, or sometimes most, contacts enter and leave a group.
func (h *past) move(tx *writer, group muster.GroupNo) {
	n := h.IntN(4)
	if h.IntN(30) == 0 {
		n = 4 * crowd
	}
	h.moveMany(tx, group, n)
}

// moveMany lets so many draws of a contact change sides.
func (h *past) moveMany(tx *writer, group muster.GroupNo, n int) {
	members, entered, left := h.members[group], roaring.New(), roaring.New()
	for range n {
		no := uint32(h.IntN(crowd) + 1)
		switch {
		case slices.Contains(h.erased, muster.ContactNo(no)):
		case members.Contains(no):
			left.Add(no)
		default:
			entered.Add(no)
		}
	}
	kind := []muster.CauseKind{muster.CauseField, muster.CauseConsent, muster.CauseActivity}[h.IntN(3)]
	h.record(tx, group, muster.Cause{Kind: kind, Code: fmt.Sprint("f", h.IntN(3))}, entered, left)
}

func (h *past) record(tx *writer, group muster.GroupNo, cause muster.Cause, entered, left *roaring.Bitmap) {
	for i, moved := range []*roaring.Bitmap{left, entered} {
		for _, no := range moved.ToArray() {
			h.changes = append(h.changes, muster.Change{
				Seq: muster.Seq(len(h.changes) + 1), Group: group, Contact: muster.ContactNo(no), At: tx.Tick(), Entered: i == 1, Cause: cause,
			})
		}
	}
	h.members[group].AndNot(left)
	h.members[group].Or(entered)
	tx.must(tx.Record(group, cause, entered, left))
}

func (h *past) erase(tx *writer) {
	no := muster.ContactNo(h.IntN(crowd) + 1)
	if slices.Contains(h.erased, no) {
		return
	}
	for _, group := range slices.Sorted(maps.Keys(h.members)) {
		if h.members[group].Contains(uint32(no)) {
			h.record(tx, group, muster.Cause{Kind: muster.CauseErasure}, set(), set(no))
		}
	}
	tx.must(tx.Erase(no))
	h.erased = append(h.erased, no)
	for i := range h.changes {
		if h.changes[i].Contact == no {
			h.changes[i].Contact = 0
		}
	}
}

func (h *past) judge(l *looker, round int) {
	l.same("last record", l.LastSeq(), muster.Seq(len(h.changes)))
	for group, members := range h.members {
		l.same(fmt.Sprint("members of group ", group), l.Members(group), members)
		for range 8 {
			at := instant(h.IntN(int(l.Tick()) + 3))
			got, err := l.MembersAt(group, at)
			if at < h.horizon.At {
				l.code(fmt.Sprintf("members at %d, before the horizon", at), err, muster.CodeHistoryExpired)
				continue
			}
			l.same("error", err, nil)
			if want := h.at(group, at); !got.Equals(want) {
				l.Errorf("round %d, %s: members of group %d at %d: got %s, want %s", round, l.when, group, at, show(got), show(want))
			}
		}
	}
	h.judgeCounts(l)
	for range 30 {
		q := h.query()
		got, err := l.Changes(q)
		if !q.Latest && q.After < h.horizon.Seq {
			l.code(fmt.Sprintf("records for %+v, before the horizon", q), err, muster.CodeHistoryExpired)
			continue
		}
		l.same("error", err, nil)
		l.same(fmt.Sprintf("round %d, records for %+v", round, q), got, h.answer(q))
	}
	for range 20 {
		no := muster.ContactNo(h.IntN(crowd) + 1)
		got, err := l.Memberships(no)
		l.same("error", err, nil)
		l.same(fmt.Sprintf("round %d, memberships of %d", round, no), got, h.memberships(no))
	}
}

// judgeCounts counts records one by one, as of what a store says it counted from.
func (h *past) judgeCounts(l *looker) {
	for range 12 {
		group, from, limit := muster.GroupNo(h.IntN(len(h.members)+2)), instant(h.IntN(int(l.Tick())+3)-1), crowd/4+h.IntN(3*crowd)
		if h.IntN(3) == 0 {
			from = muster.Beginning
		}
		what := fmt.Sprintf("count of group %d from %d, of at least %d", group, from, limit)
		got, err := l.CountChanges(group, from, limit)
		l.same("error", err, nil)
		all := 0
		want := store.ChangeCounts{From: got.From, Kinds: map[muster.CauseKind]store.ChangeCount{}}
		for _, c := range h.changes {
			if c.Group != group || c.At < max(from, h.horizon.At) {
				continue
			}
			all++
			switch {
			case c.At < got.From:
			case c.Entered:
				want.Add(c.Cause.Kind, store.ChangeCount{Entered: 1})
			default:
				want.Add(c.Cause.Kind, store.ChangeCount{Left: 1})
			}
		}
		l.same(what, got, want)
		counted := 0
		for _, n := range got.Kinds {
			counted += int(n.Entered + n.Left)
		}
		if asked := max(from, h.horizon.At); got.From < asked || (got.From > asked && counted < min(limit, all)) {
			l.Errorf("%s, %s: counted %d of %d, from %d on", what, l.when, counted, all, got.From)
		}
	}
}

// at replays a group's records up to an instant.
func (h *past) at(group muster.GroupNo, at instant) *roaring.Bitmap {
	members := roaring.New()
	for _, c := range h.changes {
		switch {
		case c.Group != group || c.At > at || c.Contact == 0:
		case c.Entered:
			members.Add(uint32(c.Contact))
		default:
			members.Remove(uint32(c.Contact))
		}
	}
	return members
}

func (h *past) query() store.ChangeQuery {
	n := len(h.changes) + 1
	q := store.ChangeQuery{Limit: h.IntN(40), Latest: h.IntN(2) == 0}
	if h.IntN(2) == 0 {
		q.After = muster.Seq(h.IntN(n))
	}
	if h.IntN(2) == 0 {
		q.Before = muster.Seq(h.IntN(n) + 1)
	}
	if h.IntN(2) == 0 {
		q.Group = muster.GroupNo(h.IntN(4) + 1)
	}
	if h.IntN(2) == 0 {
		q.Contact = muster.ContactNo(h.IntN(crowd) + 1)
	}
	return q
}

func (h *past) answer(q store.ChangeQuery) []muster.Change {
	found := keep(h.changes, func(c muster.Change) bool {
		return c.Seq > max(q.After, h.horizon.Seq) && (q.Before == 0 || c.Seq < q.Before) && (q.Group == 0 || c.Group == q.Group) && (q.Contact == 0 || c.Contact == q.Contact)
	})
	if q.Latest {
		slices.Reverse(found)
	}
	if q.Limit == 0 {
		q.Limit = 1000
	}
	return found[:min(len(found), q.Limit)]
}

func (h *past) memberships(no muster.ContactNo) []store.Membership {
	var list []store.Membership
	for group := muster.GroupNo(1); group <= 3; group++ {
		if !h.members[group].Contains(uint32(no)) {
			continue
		}
		m := store.Membership{Group: group}
		for _, c := range h.changes {
			if c.Group == group && c.Contact == no && c.Entered {
				m.Since = c.At
			}
		}
		list = append(list, m)
	}
	return list
}
