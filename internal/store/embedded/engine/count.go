package engine

import (
	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

const (
	minInstant = muster.Beginning
	maxInstant = muster.Forever
)

// chunksPerPiece is how many chunks a scan reads at a stretch: about a tenth
// of a millisecond.
const chunksPerPiece = 64

// chunksOf lists the chunks of the test's types whose days meet [from, to).
func (e *Engine) chunksOf(t *rowTest, from, to muster.Instant) []uint32 {
	var list []uint32
	e.eachPartition(t, from, to, func(p *partition) { list = append(list, p.chunks...) })
	return list
}

func (e *Engine) eachPartition(t *rowTest, from, to muster.Instant, visit func(p *partition)) {
	if t.never || from >= to {
		return
	}
	first, last := window(from, to)
	for code, k := range e.rows.kinds {
		if k != nil && t.hasKind(uint32(code)) {
			k.visit(first, last, func(_ int32, p *partition) { visit(p) })
		}
	}
}

// scanCost estimates the nanoseconds that counted takes.
func (v *evaluation) scanCost(t *rowTest, from, to muster.Instant, everyone int) float64 {
	chunks := 0
	v.piece(func() { v.e.eachPartition(t, from, to, func(p *partition) { chunks += len(p.chunks) }) })
	perRow := 1.5 + 0.7*float64(len(t.filters))
	return 20_000 + float64(chunks)*(chunkRows*perRow/2+200) + float64(everyone)*1.5
}

// counted answers the contacts with at least need matching rows in [from, to),
// by counting per contact over the chunks' columns.
func (v *evaluation) counted(t *rowTest, from, to muster.Instant, need, everyone int) (*roaring.Bitmap, error) {
	if need <= 127 {
		return countRows[uint8](v, t, from, to, uint8(need), everyone)
	}
	return countRows[uint32](v, t, from, to, uint32(min(need, 1<<30)), everyone)
}

// countRows counts in saturating counters: two of them, each at most need, can
// be added without overflow. Every worker has counters of its own.
func countRows[T uint8 | uint32](v *evaluation, t *rowTest, from, to muster.Instant, need T, everyone int) (*roaring.Bitmap, error) {
	var chunks []uint32
	v.piece(func() { chunks = v.e.chunksOf(t, from, to) })
	counters := make([][]T, v.workers())
	pieces := (len(chunks) + chunksPerPiece - 1) / chunksPerPiece
	err := v.parallel(pieces, func(worker, piece int) {
		counts := counters[worker]
		if counts == nil {
			counts = make([]T, (everyone+63)&^63)
			counters[worker] = counts
		}
		var picked selection
		for _, number := range chunks[piece*chunksPerPiece : min(piece*chunksPerPiece+chunksPerPiece, len(chunks))] {
			c := v.e.rows.chunks[number]
			if c == nil {
				continue // gone since the list was made; its contacts are known to the scan
			}
			places, all := t.pick(c, from, to, &picked)
			if all {
				for _, no := range c.contact[:c.n] {
					if int(no) < len(counts) && counts[no] < need {
						counts[no]++
					}
				}
				continue
			}
			for _, at := range places {
				if no := c.contact[at]; int(no) < len(counts) && counts[no] < need {
					counts[no]++
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return reached(v, counters, need), nil
}

// reached adds the workers' counters up, gives merged contacts' counts to their
// parents and answers who has at least need.
func reached[T uint8 | uint32](v *evaluation, counters [][]T, need T) *roaring.Bitmap {
	var total []T
	for _, counts := range counters {
		switch {
		case counts == nil:
		case total == nil:
			total = counts
		default:
			for i, n := range counts[:len(total)] {
				total[i] = min(total[i]+n, need)
			}
		}
	}
	if total == nil {
		return roaring.New()
	}
	total[0] = 0 // dead rows
	foldMerged(v, total, need)
	words := make([]uint64, len(total)/64)
	for i := range words {
		var word uint64
		for bit, n := range total[i*64 : i*64+64] {
			if n >= need {
				word |= 1 << bit
			}
		}
		words[i] = word
	}
	return roaring.FromDense(words, false)
}

// foldMerged adds the counts of merged contacts to their parents'.
func foldMerged[T uint8 | uint32](v *evaluation, total []T, need T) {
	parents, pages := &v.e.people.parent, 0
	v.piece(func() {
		if len(v.e.people.merged) > 0 {
			pages = len(parents.pages)
		}
	})
	for at := range pages {
		v.piece(func() {
			page := parents.page(at)
			if page == nil {
				return
			}
			for i, parent := range page {
				no := at<<pageBits | i
				if parent != 0 && parent != erasedParent && max(no, int(parent)) < len(total) {
					total[parent] = min(total[parent]+total[no], need)
					total[no] = 0
				}
			}
		})
	}
}

// measured answers a leaf that measures more than a count: whoever has a
// matching row at all is asked one by one.
func (v *evaluation) measured(l *acted, within *roaring.Bitmap, everyone int) (*roaring.Bitmap, error) {
	active, err := v.counted(&l.test, l.from, l.to, 1, everyone)
	if err != nil {
		return nil, err
	}
	active.And(within)
	return v.walk(l, active)
}
