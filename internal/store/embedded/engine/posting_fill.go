package engine

import "slices"

// fillPostings fills empty postings with all living rows at once. Inserting them one by
// one would visit the contacts in order of arrival, which is random, and wait
// for memory several times for each row. Here the rows are brought together by
// stretches of contact numbers that fit into the processor's cache, and every
// list is written once, in its final size.
func (e *Engine) fillPostings() {
	f := filling{e: e}
	f.collect()
	for stretch := range f.ends {
		f.write(uint32(stretch))
	}
}

const (
	stretchBits = 12 // contact numbers of a stretch
	stretchMask = 1<<stretchBits - 1
	kindBits    = 32 - stretchBits
)

// posted is a row for the postings: the contact's number within its stretch
// and the type in one word, and the row.
type posted struct {
	key uint32
	ref rowRef
}

type filling struct {
	e       *Engine
	rows    []posted // stretch by stretch, each by type, day, time and arrival
	ends    []int    // of the stretches in rows
	ordered []posted // of one stretch, by contact
	sorting []uint64 // seconds and places of one partition
}

// collect brings the rows of each stretch together.
func (f *filling) collect() {
	f.ends = make([]int, f.e.people.count>>stretchBits+1)
	for _, c := range f.e.rows.chunks {
		if c == nil {
			continue
		}
		for _, no := range c.contact[:c.n] {
			if owner := f.e.people.root(no); owner != 0 {
				f.ends[owner>>stretchBits]++
			}
		}
	}
	total := 0
	for i, n := range f.ends {
		f.ends[i] = total // the beginning, which moves to the end as rows come in
		total += n
	}
	f.rows = make([]posted, total)
	for kind, k := range f.e.rows.kinds {
		if k == nil {
			continue
		}
		for _, p := range k.parts {
			f.partition(uint32(kind), p)
		}
	}
}

// partition adds the rows of a partition by time, then arrival.
func (f *filling) partition(kind uint32, p *partition) {
	f.sorting = f.sorting[:0]
	for i, number := range p.chunks {
		c := f.e.rows.chunks[number]
		for place, second := range c.second[:c.n] {
			f.sorting = append(f.sorting, uint64(second)<<32|uint64(i)<<chunkBits|uint64(place))
		}
	}
	if !slices.IsSorted(f.sorting) {
		slices.Sort(f.sorting)
	}
	for _, at := range f.sorting {
		number, place := p.chunks[uint32(at)>>chunkBits], uint32(at)&chunkMask
		owner := f.e.people.root(f.e.rows.chunks[number].contact[place])
		if owner == 0 {
			continue
		}
		end := &f.ends[owner>>stretchBits]
		f.rows[*end] = posted{owner&stretchMask<<kindBits | kind, number<<chunkBits | place}
		*end++
	}
}

// write writes the lists of a stretch.
func (f *filling) write(stretch uint32) {
	from := 0
	if stretch > 0 {
		from = f.ends[stretch-1]
	}
	rows := f.rows[from:f.ends[stretch]]
	var ends [1 << stretchBits]int
	for _, r := range rows {
		ends[r.key>>kindBits]++
	}
	total := 0
	for i, n := range ends {
		ends[i] = total
		total += n
	}
	f.ordered = slices.Grow(f.ordered[:0], len(rows))[:len(rows)]
	for _, r := range rows {
		end := &ends[r.key>>kindBits]
		f.ordered[*end] = r
		*end++
	}
	begin := 0
	for i, end := range ends {
		if begin < end {
			f.contact(stretch<<stretchBits|uint32(i), f.ordered[begin:end])
		}
		begin = end
	}
}

// contact writes the lists of one contact, whose rows come by type.
func (f *filling) contact(no uint32, rows []posted) {
	p := &f.e.postings
	kinds := uint32(1)
	for i := 1; i < len(rows); i++ {
		if rows[i].key != rows[i-1].key {
			kinds++
		}
	}
	class := classFor(1 + kinds*entryWords)
	directory := p.arena.alloc(class)
	p.directory.set(no, uint32(directory)+1)
	entries := p.arena.block(directory, 1+kinds*entryWords)
	entries[0] = kinds<<8 | uint32(class)
	for entries = entries[1:]; len(rows) > 0; entries = entries[entryWords:] {
		n := 1
		for n < len(rows) && rows[n].key == rows[0].key {
			n++
		}
		kind := rows[0].key & (1<<kindBits - 1)
		f.e.active.note(no, f.e.rows.at(rows[n-1].ref)) // they are in order of time
		if n == 1 {
			entries[0], entries[1], entries[2] = kind<<8|inlineList, 1, rows[0].ref
		} else {
			class := classFor(uint32(n))
			list := p.arena.alloc(class)
			refs := p.arena.block(list, uint32(n))
			for i := range refs {
				refs[i] = rows[i].ref
			}
			entries[0], entries[1], entries[2] = kind<<8|uint32(class), uint32(n), uint32(list)
		}
		rows = rows[n:]
	}
}
