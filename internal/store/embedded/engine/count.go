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
const chunksPerPiece = 16

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
	chunks, rows := 0, 0
	v.piece(func() {
		v.e.eachPartition(t, from, to, func(p *partition) {
			chunks += len(p.chunks)
			rows += len(p.chunks)*chunkRows - chunkRows/2 // all are full but the last one
		})
	})
	perRow := 0.8 + 0.5*float64(len(t.filters))
	return 20_000 + float64(chunks)*200 + float64(rows)*perRow + float64(everyone)*0.5
}

// counted answers the contacts with at least need matching rows in [from, to),
// by counting per contact over the chunks' columns.
func (v *evaluation) counted(t *rowTest, from, to muster.Instant, need, everyone int) (*roaring.Bitmap, error) {
	if need <= mostInBytes {
		return countRows(v, t, from, to, everyone, &byteCounters{need: uint8(need)})
	}
	return countRows(v, t, from, to, everyone, &wordCounters{need: uint32(min(need, 1<<30))})
}

// counters count rows per contact, up to what is needed.
type counters interface {
	// more answers a set of counters for another worker, all zero.
	more(everyone int) adder
	// reached adds the workers' counters up, gives merged contacts' counts to
	// their parents and answers who has what is needed.
	reached(v *evaluation) *roaring.Bitmap
}

// adder is one worker's counters. Contacts beyond its size are passed over.
type adder interface {
	all(contacts []uint32)
	some(contacts []uint32, places []uint16)
}

func countRows(v *evaluation, t *rowTest, from, to muster.Instant, everyone int, c counters) (*roaring.Bitmap, error) {
	var chunks []uint32
	v.piece(func() { chunks = v.e.chunksOf(t, from, to) })
	adders := make([]adder, v.workers())
	for i := range adders {
		adders[i] = c.more(everyone)
	}
	pieces := (len(chunks) + chunksPerPiece - 1) / chunksPerPiece
	err := v.parallel(pieces, func(worker, piece int) {
		var picked selection
		for _, number := range chunks[piece*chunksPerPiece : min(piece*chunksPerPiece+chunksPerPiece, len(chunks))] {
			chunk := v.e.rows.chunks[number]
			if chunk == nil {
				continue // gone since the list was made; its contacts are known to the scan
			}
			if places, all := t.pick(chunk, from, to, &picked); all {
				adders[worker].all(chunk.contact[:chunk.n])
			} else {
				adders[worker].some(chunk.contact[:chunk.n], places)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return c.reached(v), nil
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
