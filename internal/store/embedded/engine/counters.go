package engine

import (
	"encoding/binary"

	"github.com/RoaringBitmap/roaring/v2"
)

// mostInBytes is the largest need that counters of one byte can tell: the sum
// of two counters that stop at need must fit beside the bit that says so.
const mostInBytes = 127

// byteCounters count in bytes that stop at need, without branches: whether a
// contact has enough already is as good as random, and a mispredicted branch
// costs more than the counting.
type byteCounters struct {
	need    uint8
	workers []*bytesOfWorker
}

type bytesOfWorker struct {
	need   uint8
	counts []uint8 // a multiple of 64 long
}

func (c *byteCounters) more(everyone int) adder {
	made := &bytesOfWorker{need: c.need, counts: make([]uint8, (everyone+63)&^63)}
	c.workers = append(c.workers, made)
	return made
}

func (w *bytesOfWorker) all(contacts []uint32) {
	counts, need := w.counts, w.need
	for _, no := range contacts {
		if int(no) < len(counts) {
			n := counts[no]
			counts[no] = n + (n-need)>>7 // adds 1 below need, 0 at need
		}
	}
}

func (w *bytesOfWorker) some(contacts []uint32, places []uint16) {
	counts, need := w.counts, w.need
	for _, at := range places {
		if no := contacts[at]; int(no) < len(counts) {
			n := counts[no]
			counts[no] = n + (n-need)>>7
		}
	}
}

// everyByte repeats a byte eight times when multiplied by it.
const everyByte = 0x0101010101010101

// reached works on eight contacts at a time. In each byte, n + 128 - need has
// the highest bit set just when n has reached need.
func (c *byteCounters) reached(v *evaluation) *roaring.Bitmap {
	total := c.workers[0].counts
	toTop, need := uint64(128-c.need)*everyByte, uint64(c.need)*everyByte
	for _, w := range c.workers[1:] {
		for i := 0; i < len(total); i += 8 {
			sum := binary.LittleEndian.Uint64(total[i:]) + binary.LittleEndian.Uint64(w.counts[i:])
			full := (sum + toTop) & (0x80 * everyByte) >> 7 * 0xff // all ones where need is reached
			binary.LittleEndian.PutUint64(total[i:], sum&^full|need&full)
		}
	}
	total[0] = 0 // dead rows
	foldMerged(v, total, c.need)
	words := make([]uint64, len(total)/64)
	for i := range words {
		var word uint64
		for part := 0; part < 64; part += 8 {
			top := (binary.LittleEndian.Uint64(total[i*64+part:]) + toTop) & (0x80 * everyByte) >> 7
			// The product brings the lowest bit of byte i to bit 56 + i.
			word |= top * 0x0102040810204080 >> 56 << part
		}
		words[i] = word
	}
	return roaring.FromDense(words, false)
}

// wordCounters count in words, for needs that are rarely so large.
type wordCounters struct {
	need    uint32
	workers []*wordsOfWorker
}

type wordsOfWorker struct {
	need   uint32
	counts []uint32
}

func (c *wordCounters) more(everyone int) adder {
	made := &wordsOfWorker{need: c.need, counts: make([]uint32, (everyone+63)&^63)}
	c.workers = append(c.workers, made)
	return made
}

func (w *wordsOfWorker) all(contacts []uint32) {
	for _, no := range contacts {
		if int(no) < len(w.counts) {
			w.counts[no] = min(w.counts[no]+1, w.need)
		}
	}
}

func (w *wordsOfWorker) some(contacts []uint32, places []uint16) {
	for _, at := range places {
		if no := contacts[at]; int(no) < len(w.counts) {
			w.counts[no] = min(w.counts[no]+1, w.need)
		}
	}
}

func (c *wordCounters) reached(v *evaluation) *roaring.Bitmap {
	total := c.workers[0].counts
	for _, w := range c.workers[1:] {
		for i, n := range w.counts {
			total[i] = min(total[i]+n, c.need)
		}
	}
	total[0] = 0 // dead rows
	foldMerged(v, total, c.need)
	words := make([]uint64, len(total)/64)
	for no, n := range total {
		if n >= c.need {
			words[no>>6] |= 1 << (no & 63)
		}
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
