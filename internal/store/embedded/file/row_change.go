package file

import (
	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// How a set is kept.
const (
	fewNumbers byte = iota
	wholeBitmap
)

// appendRun writes one run of a change_log row that begins at first.
func (w *words) appendRun(b *blob, first muster.Seq, c *record.Changes) {
	b.number(uint64(c.First - first))
	b.number(uint64(c.Group))
	b.signed(int64(c.At))
	b.octet(byte(c.Cause.Kind))
	b.number(w.number(c.Cause.Code))
	appendSet(b, &c.Left)
	appendSet(b, &c.Entered)
}

// appendSet writes a few numbers as differences, of which none is zero, so that
// zero can stand in the place of an erased contact.
func appendSet(b *blob, s *record.Set) {
	if s.Bitmap == nil {
		b.octet(fewNumbers)
		b.number(uint64(len(s.Few)))
		var last muster.ContactNo
		for _, no := range s.Few {
			if no == 0 {
				b.number(0)
				continue
			}
			b.number(uint64(no - last))
			last = no
		}
		return
	}
	b.octet(wholeBitmap)
	b.bytes(s.Bitmap)
	b.number(uint64(s.Erased))
	b.number(uint64(len(s.Gaps)))
	var last uint32
	for _, gap := range s.Gaps {
		b.number(uint64(gap - last))
		last = gap
	}
}

// readRuns answers the runs of a change_log row.
func readRuns(texts []string, first int64, data []byte) ([]record.Changes, error) {
	r := reading{rest: data}
	// A run takes 10 bytes at least, and a contact one: all find room at once.
	runs, room := make([]record.Changes, 0, len(data)/10+1), make([]muster.ContactNo, 0, len(data)/5)
	for len(r.rest) > 0 {
		c := record.Changes{First: muster.Seq(first) + muster.Seq(r.number())}
		c.Group = muster.GroupNo(r.number())
		c.At = muster.Instant(r.signed())
		c.Cause.Kind = muster.CauseKind(r.octet())
		c.Cause.Code = r.word(texts)
		c.Left = r.set(&room)
		c.Entered = r.set(&room)
		runs = append(runs, c)
	}
	return runs, r.end("change_log", first)
}

// set reads a set; a few numbers go into the room, while there is some.
func (r *reading) set(room *[]muster.ContactNo) record.Set {
	var s record.Set
	switch r.octet() {
	case fewNumbers:
		n := r.count()
		if n == 0 {
			return s
		}
		if cap(*room)-len(*room) < n {
			*room = make([]muster.ContactNo, 0, n+len(r.rest))
		}
		*room = (*room)[:len(*room)+n]
		s.Few = (*room)[len(*room)-n : len(*room) : len(*room)]
		clear(s.Few)
		var last muster.ContactNo
		for i := range s.Few {
			if step := muster.ContactNo(r.number()); step != 0 {
				last += step
				s.Few[i] = last
			}
		}
	case wholeBitmap:
		s.Bitmap = append([]byte{}, r.raw()...)
		s.Erased = uint32(r.number())
		n := r.count()
		if n == 0 {
			return s
		}
		s.Gaps = make([]uint32, n)
		var last uint32
		for i := range s.Gaps {
			last += uint32(r.number())
			s.Gaps[i] = last
		}
	default:
		r.fail()
	}
	return s
}
