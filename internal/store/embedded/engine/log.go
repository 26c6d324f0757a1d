package engine

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

// largeRun is the number of changes from which a run is kept as bitmaps.
const largeRun = 4096

// changeLog is every change record in order, as runs: the changes of one group
// with one cause in one commit, left before entered, each by contact number. A
// small run has a row per change, linked to the same contact's previous
// change; a large run is two bitmaps, and a record's number follows from its rank.
type changeLog struct {
	runs   series[run]
	rows   series[changeRow]
	last   paged[uint32] // the contact's latest row + 1
	sets   []runSets
	large  []uint32 // runs kept as bitmaps
	causes []muster.Cause
	codes  map[muster.Cause]uint32
	seq    muster.Seq // of the last record
	n      int64      // how many records there are
}

type run struct {
	first muster.Seq
	at    muster.Instant
	group muster.GroupNo
	cause uint32
	start uint32 // first row, or place in sets when large
	left  uint32 // how many of n are leavings
	n     uint32
	large bool
}

type changeRow struct {
	contact uint32 // 0 when erased since
	run     uint32
	prev    uint32 // row + 1
}

// runSets are the contacts of a large run. Gaps are the places, among all
// records of the set, of those erased since.
type runSets struct {
	left, entered         *roaring.Bitmap
	leftGaps, enteredGaps []uint32
}

func newChangeLog() changeLog { return changeLog{codes: map[muster.Cause]uint32{}} }

func (l *changeLog) causeCode(c muster.Cause) uint32 {
	code, known := l.codes[c]
	if !known {
		code = uint32(len(l.causes))
		l.causes, l.codes[c] = append(l.causes, c), code
	}
	return code
}

// addRows appends a small run; 0 stands for an erased contact.
func (l *changeLog) addRows(first muster.Seq, group muster.GroupNo, at muster.Instant, cause muster.Cause, left, entered []uint32) uint32 {
	index := uint32(l.runs.n)
	l.runs.push(run{
		first: first, at: at, group: group, cause: l.causeCode(cause), start: uint32(l.rows.n),
		left: uint32(len(left)), n: uint32(len(left) + len(entered)),
	})
	for _, list := range [2][]uint32{left, entered} {
		for _, no := range list {
			row := changeRow{contact: no, run: index}
			if no != 0 {
				row.prev = l.last.get(no)
				l.last.set(no, uint32(l.rows.n)+1)
			}
			l.rows.push(row)
		}
	}
	l.seq = first + muster.Seq(len(left)+len(entered)) - 1
	l.n += int64(len(left) + len(entered))
	return index
}

// addSets appends a large run.
func (l *changeLog) addSets(first muster.Seq, group muster.GroupNo, at muster.Instant, cause muster.Cause, sets runSets) uint32 {
	index := uint32(l.runs.n)
	left := uint32(sets.left.GetCardinality()) + uint32(len(sets.leftGaps))
	n := left + uint32(sets.entered.GetCardinality()) + uint32(len(sets.enteredGaps))
	l.runs.push(run{
		first: first, at: at, group: group, cause: l.causeCode(cause), start: uint32(len(l.sets)), left: left, n: n, large: true,
	})
	l.sets = append(l.sets, sets)
	l.large = append(l.large, index)
	l.seq = first + muster.Seq(n) - 1
	l.n += int64(n)
	return index
}

// change answers the record at a place of a run.
func (l *changeLog) change(r *run, place uint32) muster.Change {
	c := muster.Change{
		Seq: r.first + muster.Seq(place), Group: r.group, At: r.at, Entered: place >= r.left, Cause: l.causes[r.cause],
	}
	switch {
	case !r.large:
		c.Contact = muster.ContactNo(l.rows.at(int(r.start + place)).contact)
	case c.Entered:
		c.Contact = selectPlace(l.sets[r.start].entered, l.sets[r.start].enteredGaps, place-r.left)
	default:
		c.Contact = selectPlace(l.sets[r.start].left, l.sets[r.start].leftGaps, place)
	}
	return c
}

// selectPlace answers the contact at a place of a set with gaps, 0 in a gap.
func selectPlace(set *roaring.Bitmap, gaps []uint32, place uint32) muster.ContactNo {
	before, inGap := slices.BinarySearch(gaps, place)
	if inGap {
		return 0
	}
	no, err := set.Select(place - uint32(before))
	if err != nil {
		return 0
	}
	return muster.ContactNo(no)
}

// placeOf answers the place of a member of a set with gaps.
func placeOf(set *roaring.Bitmap, gaps []uint32, no uint32) uint32 {
	place := uint32(set.Rank(no)) - 1
	for _, gap := range gaps {
		if gap <= place {
			place++
		}
	}
	return place
}

// apply makes the run's changes to a set of members, or takes them back.
func (l *changeLog) apply(r *run, members *roaring.Bitmap, back bool) {
	if r.large {
		left, entered := l.sets[r.start].left, l.sets[r.start].entered
		if back {
			left, entered = entered, left
		}
		members.AndNot(left)
		members.Or(entered)
		return
	}
	for place := range r.n {
		no := l.rows.at(int(r.start + place)).contact
		switch {
		case no == 0:
		case (place >= r.left) != back:
			members.Add(no)
		default:
			members.Remove(no)
		}
	}
}

// erase takes the contact out of its records and notes the runs it was in.
func (l *changeLog) erase(no uint32, rewritten map[uint32]struct{}) {
	for at := l.last.get(no); at != 0; {
		row := l.rows.at(int(at - 1))
		rewritten[row.run] = struct{}{}
		at = row.prev
		row.contact, row.prev = 0, 0
	}
	if l.last.get(no) != 0 {
		l.last.set(no, 0)
	}
	for _, index := range l.large {
		s := &l.sets[l.runs.at(int(index)).start]
		if s.left.Contains(no) {
			s.leftGaps = insertSorted(s.leftGaps, placeOf(s.left, s.leftGaps, no))
			s.left.Remove(no)
			rewritten[index] = struct{}{}
		}
		if s.entered.Contains(no) {
			s.enteredGaps = insertSorted(s.enteredGaps, placeOf(s.entered, s.enteredGaps, no))
			s.entered.Remove(no)
			rewritten[index] = struct{}{}
		}
	}
}

func insertSorted(list []uint32, v uint32) []uint32 {
	at, _ := slices.BinarySearch(list, v)
	return slices.Insert(list, at, v)
}

// ofContact calls visit with every record of a contact, latest first among the
// small runs, then among the large ones.
func (l *changeLog) ofContact(no uint32, visit func(muster.Change)) {
	for at := l.last.get(no); at != 0; {
		row := l.rows.at(int(at - 1))
		r := l.runs.at(int(row.run))
		visit(l.change(r, at-1-r.start))
		at = row.prev
	}
	for _, index := range slices.Backward(l.large) {
		r := l.runs.at(int(index))
		s := &l.sets[r.start]
		if s.left.Contains(no) {
			visit(l.change(r, placeOf(s.left, s.leftGaps, no)))
		}
		if s.entered.Contains(no) {
			visit(l.change(r, r.left+placeOf(s.entered, s.enteredGaps, no)))
		}
	}
}

func (l *changeLog) size() int64 {
	n := l.runs.size() + l.rows.size() + l.last.size() + int64(cap(l.large))*4
	for i := range l.sets {
		s := &l.sets[i]
		n += int64(s.left.GetSizeInBytes()+s.entered.GetSizeInBytes()) + int64(cap(s.leftGaps)+cap(s.enteredGaps))*4 + 64
	}
	return n
}
