package engine

import (
	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// largeRun is the number of changes from which a run is kept as bitmaps.
const largeRun = 4096

// changeLog is every change record, as runs: the changes of one group with one
// cause in one commit, left before entered, each by contact number. The latest
// runs are kept in order of their numbers, as they came; older ones are packed
// into blocks of one group each (file block.go). Runs of many changes are
// bitmaps, and a record's number follows from its rank.
type changeLog struct {
	runs   series[run] // from firstRun on
	rows   series[changeRow]
	last   paged[uint32] // the contact's latest row + 1; before firstRow it is packed
	large  []*large      // in order of their numbers, packed or not
	causes []muster.Cause
	codes  map[muster.Cause]uint32
	recent uint32     // the cause used last
	seq    muster.Seq // of the last record

	firstRun, firstRow int
	blocks             blocks
	packing            packing

	horizon store.Horizon // records up to it are not answered any more
	folding folding
}

// head is what all changes of a run share.
type head struct {
	first muster.Seq
	at    muster.Instant
	group muster.GroupNo
	cause uint32
	left  uint32 // how many of n are leavings
	n     uint32
}

// end is the number of the last record.
func (h *head) end() muster.Seq { return h.first + muster.Seq(h.n) - 1 }

// run is a run that is not packed, or is about to be given up because it is.
type run struct {
	head
	start  uint32 // the first row, or where rows would have begun
	packed bool
	large  *large
}

type changeRow struct {
	contact uint32 // 0 when erased since
	run     uint32
	prev    uint32 // the contact's row before + 1
}

func newChangeLog() changeLog {
	return changeLog{codes: map[muster.Cause]uint32{}, horizon: store.Horizon{At: muster.Beginning}}
}

func (l *changeLog) causeCode(c muster.Cause) uint32 {
	if l.recent < uint32(len(l.causes)) && l.causes[l.recent] == c {
		return l.recent // as mostly
	}
	code, known := l.codes[c]
	if !known {
		code = uint32(len(l.causes))
		l.causes, l.codes[c] = append(l.causes, c), code
	}
	l.recent = code
	return code
}

// addRows appends a small run; 0 stands for an erased contact.
func addRows[No ~uint32](l *changeLog, first muster.Seq, group muster.GroupNo, at muster.Instant, cause muster.Cause, left, entered []No) uint32 {
	index := uint32(l.runs.n)
	l.runs.push(run{
		head: head{
			first: first, at: at, group: group, cause: l.causeCode(cause),
			left: uint32(len(left)), n: uint32(len(left) + len(entered)),
		},
		start: uint32(l.rows.n),
	})
	for _, list := range [2][]No{left, entered} {
		for _, no := range list {
			row := changeRow{contact: uint32(no), run: index}
			if no != 0 {
				row.prev = l.last.get(uint32(no))
				l.last.set(uint32(no), uint32(l.rows.n)+1)
			}
			l.rows.push(row)
		}
	}
	l.seq = max(l.seq, l.runs.at(int(index)).end())
	return index
}

// addSets appends a large run.
func (l *changeLog) addSets(first muster.Seq, group muster.GroupNo, at muster.Instant, cause muster.Cause, sets *large) uint32 {
	index := uint32(l.runs.n)
	left := uint32(sets.left.GetCardinality()) + uint32(len(sets.leftGaps))
	sets.head = head{
		first: first, at: at, group: group, cause: l.causeCode(cause),
		left: left, n: left + uint32(sets.entered.GetCardinality()) + uint32(len(sets.enteredGaps)),
	}
	l.runs.push(run{head: sets.head, start: uint32(l.rows.n), large: sets})
	l.large = append(l.large, sets)
	l.seq = max(l.seq, sets.end())
	return index
}

// passage is a run as it is read, packed or not. Its contacts are the reader's
// until the next is read.
type passage struct {
	head
	contacts []uint32 // left, then entered; 0 for who was erased since
	large    *large   // instead
}

// read answers a run that is not packed.
func (l *changeLog) read(index int, p *passage) {
	r := l.runs.at(index)
	p.head, p.large, p.contacts = r.head, r.large, p.contacts[:0]
	if r.large != nil {
		return
	}
	for place := range r.n {
		p.contacts = append(p.contacts, l.rows.at(int(r.start+place)).contact)
	}
}

// change answers the record at a place of a run.
func (l *changeLog) change(p *passage, place uint32) muster.Change {
	c := muster.Change{
		Seq: p.first + muster.Seq(place), Group: p.group, At: p.at, Entered: place >= p.left, Cause: l.causes[p.cause],
	}
	if p.large != nil {
		c.Contact = p.large.contact(place)
	} else {
		c.Contact = muster.ContactNo(p.contacts[place])
	}
	return c
}

// apply makes the run's changes to a set of members, or takes them back.
func (p *passage) apply(members *roaring.Bitmap, back bool) {
	if p.large != nil {
		left, entered := p.large.left, p.large.entered
		if back {
			left, entered = entered, left
		}
		members.AndNot(left)
		members.Or(entered)
		return
	}
	for place, no := range p.contacts {
		switch {
		case no == 0:
		case (uint32(place) >= p.left) != back:
			members.Add(no)
		default:
			members.Remove(no)
		}
	}
}

// record answers a run as the file keeps it.
func (l *changeLog) record(p *passage) record.Changes {
	changes := record.Changes{First: p.first, Group: p.group, At: p.at, Cause: l.causes[p.cause]}
	if p.large != nil {
		changes.Left = bitmapSet(p.large.left, p.large.leftGaps)
		changes.Entered = bitmapSet(p.large.entered, p.large.enteredGaps)
		return changes
	}
	for place, no := range p.contacts {
		if uint32(place) < p.left {
			changes.Left.Few = append(changes.Left.Few, muster.ContactNo(no))
		} else {
			changes.Entered.Few = append(changes.Entered.Few, muster.ContactNo(no))
		}
	}
	return changes
}

// ofContact calls visit with every record of a contact in a small run, in no
// order.
func (l *changeLog) ofContact(no uint32, visit func(muster.Change)) {
	var p passage
	for at := l.last.get(no); at > uint32(l.firstRow); {
		row := l.rows.at(int(at - 1))
		if r := l.runs.at(int(row.run)); !r.packed {
			place := at - 1 - r.start
			p.head = r.head
			visit(muster.Change{
				Seq: r.first + muster.Seq(place), Group: r.group, Contact: muster.ContactNo(no), At: r.at, Entered: place >= r.left, Cause: l.causes[r.cause],
			})
		}
		at = row.prev
	}
	l.blocks.ofContact(no, &p, func() {
		for place, each := range p.contacts {
			if each == no {
				visit(l.change(&p, uint32(place)))
			}
		}
	})
}

// erase takes the contact out of its records and answers, by number, the runs
// it was in as the file is to keep them.
func (l *changeLog) erase(no uint32, rewritten map[muster.Seq]record.Changes) {
	var p passage
	runs := map[uint32]struct{}{}
	for at := l.last.get(no); at > uint32(l.firstRow); {
		row := l.rows.at(int(at - 1))
		runs[row.run] = struct{}{}
		at = row.prev
		row.contact, row.prev = 0, 0
	}
	for index := range runs {
		if l.runs.at(int(index)).packed {
			continue
		}
		l.read(int(index), &p)
		rewritten[p.first] = l.record(&p)
	}
	l.blocks.erase(no, func(p *passage) { rewritten[p.first] = l.record(p) })
	if l.last.get(no) != 0 {
		l.last.set(no, 0)
	}
	for _, s := range l.large {
		if s.erase(no) {
			rewritten[s.first] = l.record(&passage{head: s.head, large: s})
		}
	}
}

func (l *changeLog) size() int64 {
	n := l.runs.size() + l.rows.size() + l.last.size() + int64(cap(l.large))*8 + l.blocks.size()
	for _, s := range l.large {
		n += s.size()
	}
	return n
}
