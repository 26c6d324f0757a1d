package embedded

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// run gathers the change records of one group with one cause and instant: left,
// then entered, each ascending.
type run struct {
	first   muster.Change
	n       muster.Seq
	left    side
	entered side
}

// side is one direction of a run. A contact erased since is 0 in its place.
type side struct {
	list []muster.ContactNo
	last muster.ContactNo
}

// take takes a record in, unless it belongs to the next run.
func (r *run) take(c muster.Change) bool {
	if r.n == 0 {
		r.first = c
	}
	s := &r.left
	if c.Entered {
		s = &r.entered
	}
	f := r.first
	if c.Group != f.Group || c.At != f.At || c.Cause != f.Cause || c.Seq != f.Seq+r.n ||
		!c.Entered && len(r.entered.list) > 0 || c.Contact != 0 && c.Contact <= s.last {
		return false
	}
	s.list = append(s.list, c.Contact)
	if c.Contact != 0 {
		s.last = c.Contact
	}
	r.n++
	return true
}

// few is up to how many records a run has its numbers one by one, as the engine has it.
const few = 4096

// changes is the run as the file keeps it.
func (r *run) changes() (c record.Changes, any bool, err error) {
	if r.n == 0 {
		return c, false, nil
	}
	c = record.Changes{First: r.first.Seq, Group: r.first.Group, At: r.first.At, Cause: r.first.Cause}
	if r.n <= few {
		c.Left.Few, c.Entered.Few = r.left.list, r.entered.list
		return c, true, nil
	}
	if c.Left, err = r.left.set(); err == nil {
		c.Entered, err = r.entered.set()
	}
	return c, true, err
}

func (s *side) set() (set record.Set, err error) {
	bitmap := roaring.New()
	for place, no := range s.list {
		if no == 0 {
			set.Erased++
			set.Gaps = append(set.Gaps, uint32(place))
			continue
		}
		bitmap.Add(uint32(no))
	}
	set.Bitmap, err = bitmap.ToBytes()
	return set, err
}

func sortAttrs(list []record.Attr) {
	slices.SortFunc(list, func(a, b record.Attr) int { return cmp.Compare(a.Name, b.Name) })
}
