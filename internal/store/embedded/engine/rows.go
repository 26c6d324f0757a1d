package engine

import (
	"math"
	"slices"

	"github.com/muster-groups/muster"
)

// rowRef names an activity row: chunk number * 4,096 + place in the chunk.
type rowRef = uint32

// rows are all activities, partitioned by type and UTC day. A late arrival goes
// to its own old day, so a partition inside a window needs no look at times.
type rows struct {
	chunks []*chunk // by number; nil when free
	free   []uint32
	kinds  []*kindRows // by type code
	last   uint64      // arrival number of the last row
	alive  int64
	// thin lists chunks in which rows have died, for the purge.
	thin map[uint32]struct{}
}

// kindRows are the partitions of one activity type by day.
type kindRows struct {
	days  []int32 // ascending
	parts []*partition
}

// partition is the chunks of one type and day, in order of arrival.
type partition struct{ chunks []uint32 }

func newRows() rows { return rows{kinds: make([]*kindRows, 1), thin: map[uint32]struct{}{}} }

// kind answers the partitions of a type, nil when it never occurred.
func (r *rows) kind(code uint32) *kindRows {
	if code < uint32(len(r.kinds)) {
		return r.kinds[code]
	}
	return nil
}

// part answers the partition of a type and day, making it.
func (r *rows) part(code uint32, day int32) *partition {
	for uint32(len(r.kinds)) <= code {
		r.kinds = append(r.kinds, nil)
	}
	k := r.kinds[code]
	if k == nil {
		k = &kindRows{}
		r.kinds[code] = k
	}
	if n := len(k.days); n > 0 && k.days[n-1] == day {
		return k.parts[n-1]
	}
	at, found := slices.BinarySearch(k.days, day)
	if !found {
		k.days = slices.Insert(k.days, at, day)
		k.parts = slices.Insert(k.parts, at, &partition{})
	}
	return k.parts[at]
}

// add appends a row without channel, attributes and id.
func (r *rows) add(row uint64, contact, kind uint32, at muster.Instant) (rowRef, *chunk) {
	day, second := dayOf(at), secondOf(at)
	p := r.part(kind, day)
	var number uint32
	var c *chunk
	if n := len(p.chunks); n > 0 {
		number = p.chunks[n-1]
		c = r.chunks[number]
	}
	if c == nil || c.n == chunkRows || row-c.base > math.MaxUint32 {
		c = &chunk{kind: kind, day: day, base: row, earliest: second, latest: second}
		number = r.place(c)
		p.chunks = append(p.chunks, number)
	}
	c.grow()
	i := c.n
	c.contact[i], c.second[i], c.arrival[i] = contact, second, uint32(row-c.base)
	c.earliest, c.latest = min(c.earliest, second), max(c.latest, second)
	c.n++
	r.last = max(r.last, row)
	r.alive++
	return number<<chunkBits | uint32(i), c
}

func (r *rows) place(c *chunk) uint32 {
	if n := len(r.free); n > 0 {
		number := r.free[n-1]
		r.free = r.free[:n-1]
		r.chunks[number] = c
		return number
	}
	r.chunks = append(r.chunks, c)
	return uint32(len(r.chunks) - 1)
}

// at answers when a row happened.
func (r *rows) at(ref rowRef) muster.Instant {
	return r.chunks[ref>>chunkBits].at(int(ref & chunkMask))
}

// row answers the arrival number of a row.
func (r *rows) row(ref rowRef) uint64 { return r.chunks[ref>>chunkBits].row(int(ref & chunkMask)) }

// id answers the hash of the sender's id of a row, 0 when it has none.
func (r *rows) id(ref rowRef) uint64 {
	if ids := r.chunks[ref>>chunkBits].ids; ids != nil {
		return ids[ref&chunkMask]
	}
	return 0
}

// release frees a chunk that holds no living row.
func (r *rows) release(number uint32) {
	c := r.chunks[number]
	k := r.kinds[c.kind]
	at, found := slices.BinarySearch(k.days, c.day)
	if found {
		p := k.parts[at]
		p.chunks = slices.DeleteFunc(p.chunks, func(n uint32) bool { return n == number })
		if len(p.chunks) == 0 {
			k.days = slices.Delete(k.days, at, at+1)
			k.parts = slices.Delete(k.parts, at, at+1)
		}
	}
	r.chunks[number] = nil
	r.free = append(r.free, number)
	delete(r.thin, number)
}

// visit calls visit with every partition of a type whose day is in [first, last].
func (k *kindRows) visit(first, last int32, visit func(day int32, p *partition)) {
	at, _ := slices.BinarySearch(k.days, first)
	for ; at < len(k.days) && k.days[at] <= last; at++ {
		visit(k.days[at], k.parts[at])
	}
}

// before answers how many of the refs, which are sorted by time, happened before t.
func (r *rows) before(refs []rowRef, t muster.Instant) int {
	n := len(refs)
	if n == 0 || t == muster.Beginning {
		return 0
	}
	// Nearly every window ends after, or begins near, the latest activity.
	if t == muster.Forever || r.at(refs[n-1]) < t {
		return n
	}
	low, high := 0, n-1
	for step := 1; high > 0; step *= 2 {
		probe := max(high-step, 0)
		if r.at(refs[probe]) < t {
			low = probe + 1
			break
		}
		high = probe
	}
	for low < high {
		mid := (low + high) / 2
		if r.at(refs[mid]) < t {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

func (r *rows) size() int64 {
	n := int64(cap(r.chunks))*8 + int64(cap(r.free))*4
	for _, c := range r.chunks {
		if c != nil {
			n += c.size()
		}
	}
	for _, k := range r.kinds {
		if k != nil {
			n += int64(cap(k.days))*12 + int64(len(k.parts))*40
		}
	}
	return n
}
