package engine

import (
	"cmp"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// group is the membership of one contact group and how it came about.
type group struct {
	members   snapshot
	floor     floor
	blocks    []uint32 // packed runs, in order
	runs      []uint32 // of the log, after them
	large     []*large // of both, in order
	marks     []mark
	moved     uint64 // changes since the last mark
	forgotten bool
	base      muster.Seq // records up to here were loaded as one membership
}

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
		index = e.log.addSets(first, no, e.tick, cause, &large{left: left.Clone(), entered: entered.Clone()})
	} else {
		index = addRows(&e.log, first, no, e.tick, cause, left.ToArray(), entered.ToArray())
	}
	g.forgotten = false
	e.commit.Changes = append(e.commit.Changes, e.log.record(g.add(index, &e.log)))
	for c := range e.collectors {
		if c.groups[no] {
			c.dirty.Or(entered)
			c.dirty.Or(left)
		}
	}
	return nil
}

// file appends a run that the membership includes already.
func (g *group) file(index uint32, l *changeLog) {
	g.runs = append(g.runs, index)
	if r := l.runs.at(int(index)); r.large != nil {
		g.large = append(g.large, r.large)
	}
}

// add appends a run and changes the membership.
func (g *group) add(index uint32, l *changeLog) *passage {
	g.file(index, l)
	p := &passage{}
	l.read(int(index), p)
	members := g.members.edit()
	p.apply(members, false)
	if g.moved += uint64(p.n); g.moved >= max(leastBetweenMarks, members.GetCardinality()/2) {
		g.marks = append(g.marks, mark{p.end(), members.Clone()})
		g.moved = 0
	}
	return p
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
	// A member's last record is an entering: the latest large run with one is it,
	// unless a small run came later. Without any it is in the floor.
	for i := range list {
		g := e.groups[list[i].Group]
		for _, s := range slices.Backward(g.large) {
			if s.first < latest[i] {
				break
			}
			if s.entered.Contains(no) {
				latest[i], list[i].Since = s.first, s.at
				break
			}
		}
		if latest[i] == 0 {
			list[i].Since = g.floor.sinceOf(no)
		}
	}
	return list, nil
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
// the erased contacts out of the memberships of the past.
func (e *Engine) rewrite(runs map[muster.Seq]record.Changes, erased []uint32) {
	for _, first := range slices.Sorted(maps.Keys(runs)) {
		e.commit.Rewritten = append(e.commit.Rewritten, runs[first])
	}
	for _, g := range e.groups {
		for _, no := range erased {
			g.floor.erase(no)
			for _, m := range g.marks {
				m.members.Remove(no)
			}
		}
	}
}

// TakeFloors answers up to limit floors that the file does not have yet, and
// takes it to have them from now on.
func (e *Engine) TakeFloors(limit int) []record.Floor {
	var floors []record.Floor
	for no, g := range e.groups {
		if f := &g.floor; f.fresh && len(floors) < limit {
			floors = append(floors, record.Floor{Group: no, Seq: f.seq, Bitmap: bitmapSet(f.members, nil).Bitmap, Since: slices.Clone(f.since)})
			f.fresh = false
		}
	}
	slices.SortFunc(floors, func(a, b record.Floor) int { return cmp.Compare(a.Group, b.Group) })
	return floors
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
