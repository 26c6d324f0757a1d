package engine

import (
	"cmp"
	"slices"
	"sort"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// group is the membership of one contact group and how it came about.
type group struct {
	members   snapshot
	runs      []uint32 // of the log, in order
	marks     []mark
	moved     uint64 // changes since the last mark
	forgotten bool
	base      muster.Seq // records up to here were loaded as one membership
}

// mark is the membership after a number of runs. Marks are set often enough
// that an instant of the past is near one, and seldom enough that they are
// small beside the changes between them.
type mark struct {
	runs    int
	members *roaring.Bitmap
}

const leastBetweenMarks = 16384

func (e *Engine) group(no muster.GroupNo) *group {
	g := e.groups[no]
	if g == nil {
		g = &group{members: newSnapshot()}
		e.groups[no] = g
	}
	return g
}

// Record changes a group's membership and appends the change records.
func (e *Engine) Record(no muster.GroupNo, cause muster.Cause, entered, left *roaring.Bitmap) error {
	if entered == nil {
		entered = roaring.New()
	}
	if left == nil {
		left = roaring.New()
	}
	n := entered.GetCardinality() + left.GetCardinality()
	if n == 0 {
		return nil
	}
	g := e.group(no)
	first := e.log.seq + 1
	var index uint32
	if n > largeRun {
		index = e.log.addSets(first, no, e.tick, cause, runSets{left: left.Clone(), entered: entered.Clone()})
	} else {
		index = e.log.addRows(first, no, e.tick, cause, left.ToArray(), entered.ToArray())
	}
	g.forgotten = false
	g.add(index, n, &e.log, true)
	e.commit.Changes = append(e.commit.Changes, e.log.record(index))
	for c := range e.collectors {
		if c.groups[no] {
			c.dirty.Or(entered)
			c.dirty.Or(left)
		}
	}
	return nil
}

// add appends a run, changing the membership unless it already includes it.
func (g *group) add(index uint32, n uint64, l *changeLog, apply bool) {
	g.runs = append(g.runs, index)
	if !apply {
		return
	}
	members := g.members.edit()
	l.apply(l.runs.at(int(index)), members, false)
	if g.moved += n; g.moved >= max(leastBetweenMarks, members.GetCardinality()/2) {
		g.marks = append(g.marks, mark{len(g.runs), members.Clone()})
		g.moved = 0
	}
}

// Forget drops a deleted group's membership.
func (e *Engine) Forget(no muster.GroupNo) error {
	e.forget(no)
	e.commit.Forgotten = append(e.commit.Forgotten, no)
	return nil
}

func (e *Engine) forget(no muster.GroupNo) {
	g := e.group(no)
	for c := range e.collectors {
		if c.groups[no] {
			c.dirty.Or(g.members.set)
		}
	}
	g.members, g.forgotten = newSnapshot(), true
}

// Members is the current membership.
func (e *Engine) Members(no muster.GroupNo) *roaring.Bitmap {
	if g := e.groups[no]; g != nil {
		return g.members.share()
	}
	return roaring.New()
}

// MembersAt is the membership after the last commit with T <= at. Contacts
// erased since are not in it.
func (e *Engine) MembersAt(no muster.GroupNo, at muster.Instant) (*roaring.Bitmap, error) {
	g := e.groups[no]
	if g == nil {
		return roaring.New(), nil
	}
	wanted := sort.Search(len(g.runs), func(i int) bool { return e.log.runs.at(int(g.runs[i])).at > at })
	if wanted == len(g.runs) {
		return g.members.share(), nil
	}
	// Begin at the nearest membership known: the empty beginning, a mark or now.
	near := mark{0, nil}
	closer := func(m mark) bool { return abs(m.runs-wanted) < abs(near.runs-wanted) }
	for _, m := range g.marks {
		if closer(m) {
			near = m
		}
	}
	if now := (mark{len(g.runs), g.members.set}); !g.forgotten && closer(now) {
		near = now
	}
	members := roaring.New()
	if near.members != nil {
		members = near.members.Clone()
	}
	for i := near.runs; i < wanted; i++ {
		e.log.apply(e.log.runs.at(int(g.runs[i])), members, false)
	}
	for i := near.runs - 1; i >= wanted; i-- {
		e.log.apply(e.log.runs.at(int(g.runs[i])), members, true)
	}
	return members, nil
}

func abs(n int) int { return max(n, -n) }

// Memberships answers the groups a contact is in with the last entering.
func (e *Engine) Memberships(contact muster.ContactNo) ([]store.Membership, error) {
	no := uint32(contact)
	var list []store.Membership
	for number, g := range e.groups {
		if g.members.set.Contains(no) {
			list = append(list, store.Membership{Group: number})
		}
	}
	if list == nil {
		return nil, nil
	}
	slices.SortFunc(list, func(a, b store.Membership) int { return cmp.Compare(a.Group, b.Group) })
	latest := make([]muster.Seq, len(list))
	e.log.ofContact(no, func(c muster.Change) {
		at, found := slices.BinarySearchFunc(list, c.Group, func(m store.Membership, g muster.GroupNo) int { return cmp.Compare(m.Group, g) })
		if found && c.Entered && c.Seq > latest[at] {
			latest[at], list[at].Since = c.Seq, c.At
		}
	})
	return list, nil
}

// record answers a run as the file keeps it.
func (l *changeLog) record(index uint32) record.Changes {
	r := l.runs.at(int(index))
	changes := record.Changes{First: r.first, Group: r.group, At: r.at, Cause: l.causes[r.cause]}
	if r.large {
		s := &l.sets[r.start]
		changes.Left = bitmapSet(s.left, s.leftGaps)
		changes.Entered = bitmapSet(s.entered, s.enteredGaps)
		return changes
	}
	for place := range r.n {
		no := muster.ContactNo(l.rows.at(int(r.start + place)).contact)
		if place < r.left {
			changes.Left.Few = append(changes.Left.Few, no)
		} else {
			changes.Entered.Few = append(changes.Entered.Few, no)
		}
	}
	return changes
}

// bitmapSet serialises a set; writing into memory does not fail.
func bitmapSet(set *roaring.Bitmap, gaps []uint32) record.Set {
	bytes, err := set.ToBytes()
	if err != nil {
		panic("engine: a bitmap could not be serialised: " + err.Error())
	}
	return record.Set{Bitmap: bytes, Erased: uint32(len(gaps)), Gaps: slices.Clone(gaps)}
}

// rewrite puts runs whose contacts have been erased into the commit, and takes
// the erased contacts out of the marks.
func (e *Engine) rewrite(runs map[uint32]struct{}, erased []uint32) {
	indexes := make([]uint32, 0, len(runs))
	for index := range runs {
		indexes = append(indexes, index)
	}
	slices.Sort(indexes)
	for _, index := range indexes {
		e.commit.Rewritten = append(e.commit.Rewritten, e.log.record(index))
	}
	for _, g := range e.groups {
		for _, m := range g.marks {
			for _, no := range erased {
				m.members.Remove(no)
			}
		}
	}
}

// Bases answers the current membership of every group, for the file to keep so
// that the next start need not replay all changes.
func (e *Engine) Bases() []record.Base {
	bases := make([]record.Base, 0, len(e.groups))
	for no, g := range e.groups {
		base := record.Base{Group: no, Seq: e.log.seq}
		if !g.forgotten {
			base.Bitmap = bitmapSet(g.members.set, nil).Bitmap
		}
		bases = append(bases, base)
	}
	slices.SortFunc(bases, func(a, b record.Base) int { return cmp.Compare(a.Group, b.Group) })
	return bases
}
