package engine

import (
	"hash/maphash"
	"math"
	"sync"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// dictionary gives every distinct value a code, counted from 1; code 0 is "no
// value". It counts how many rows use a code, so that a value nobody uses any
// more can be dropped, and it caches the readings of its values that
// evaluation needs again and again.
//
// Codes are given under the engine's write lock. The cached readings are filled
// by readers, and therefore have a lock of their own.
type dictionary struct {
	seed  maphash.Seed
	texts texts
	refs  []textRef // per code; [0] unused
	kinds []uint8
	uses  []uint32
	dead  []uint32 // codes whose uses fell to 0, to be looked at by a purge
	index index

	reading sync.Mutex
	numbers []muster.Decimal // per code, noNumber when it is none
	classes []uint32         // per code, the code of the first value with the same folded text; 0 empty
	byFold  map[string]uint32
	tests   testCache
}

// noNumber stands for "not a number": it is outside of a Decimal's range.
const noNumber = muster.Decimal(math.MinInt64)

func newDictionary() *dictionary {
	return &dictionary{
		seed: maphash.MakeSeed(), refs: make([]textRef, 1), kinds: make([]uint8, 1), uses: make([]uint32, 1),
	}
}

// size is one more than the largest code.
func (d *dictionary) length() int { return len(d.refs) }

func (d *dictionary) hash(kind muster.ValueKind, text string) uint64 {
	return maphash.String(d.seed, text) + uint64(kind)*0x9e3779b97f4a7c15
}

// find answers the code of a value, 0 when it has none.
func (d *dictionary) find(s muster.Scalar) uint32 {
	code, _ := d.index.find(d.hash(s.Kind, s.Text), func(c uint32) bool {
		return d.kinds[c] == uint8(s.Kind) && string(d.texts.bytes(d.refs[c])) == s.Text
	})
	return code
}

// code answers the code of a value, giving it one when it is new.
func (d *dictionary) code(s muster.Scalar) (code uint32, isNew bool) {
	if code = d.find(s); code != 0 {
		return code, false
	}
	code = uint32(len(d.refs))
	d.put(code, s)
	return code, true
}

// put gives a value a certain code, as read back from disk. Codes in between
// belong to values that have been dropped.
func (d *dictionary) put(code uint32, s muster.Scalar) {
	for uint32(len(d.refs)) <= code {
		d.refs, d.kinds, d.uses = append(d.refs, 0), append(d.kinds, 0), append(d.uses, 0)
	}
	d.refs[code], d.kinds[code] = d.texts.add(s.Text), uint8(s.Kind)
	d.index.add(d.hash(s.Kind, s.Text), code, d.rehash)
}

func (d *dictionary) rehash(code uint32) uint64 {
	return d.hash(muster.ValueKind(d.kinds[code]), d.texts.peek(d.refs[code]))
}

// use and unuse count one more and one fewer row with the code.
func (d *dictionary) use(code uint32) { d.uses[code]++ }

func (d *dictionary) unuse(code uint32) {
	if d.uses[code]--; d.uses[code] == 0 {
		d.dead = append(d.dead, code)
	}
}

// noteDead looks for all values that nobody uses, after loading.
func (d *dictionary) noteDead() {
	d.dead = nil
	for code := 1; code < len(d.uses); code++ {
		if d.uses[code] == 0 && d.kinds[code] != 0 {
			d.dead = append(d.dead, uint32(code))
		}
	}
}

// drop removes the values that nobody uses and answers their codes. A dropped
// code is never given again.
func (d *dictionary) drop() []uint32 {
	var dropped []uint32
	for _, code := range d.dead {
		if d.uses[code] > 0 || d.kinds[code] == 0 {
			continue
		}
		d.index.remove(d.rehash(code), code)
		d.texts.wipe(d.refs[code])
		d.refs[code], d.kinds[code] = 0, 0
		dropped = append(dropped, code)
	}
	d.dead = nil
	if dropped != nil {
		// The cached readings may name a dropped value's text or code.
		d.numbers, d.classes, d.byFold = nil, nil, nil
		d.tests.clear()
	}
	return dropped
}

// scalar answers a copy of the value.
func (d *dictionary) scalar(code uint32) muster.Scalar {
	return muster.Scalar{Kind: muster.ValueKind(d.kinds[code]), Text: d.texts.text(d.refs[code])}
}

// peek answers the value, valid only while the engine's lock is held.
func (d *dictionary) peek(code uint32) muster.Scalar {
	return muster.Scalar{Kind: muster.ValueKind(d.kinds[code]), Text: d.texts.peek(d.refs[code])}
}

// decimals answers the number reading of every code.
func (d *dictionary) decimals() []muster.Decimal {
	d.reading.Lock()
	defer d.reading.Unlock()
	for code := len(d.numbers); code < len(d.refs); code++ {
		n, ok := plan.ReadNumber(d.peek(uint32(code)))
		if !ok {
			n = noNumber
		}
		d.numbers = append(d.numbers, n)
	}
	return d.numbers
}

// folds answers the class of every code: codes whose folded texts are equal
// have the same class. Class 0 is missing.
func (d *dictionary) folds() []uint32 {
	d.reading.Lock()
	defer d.reading.Unlock()
	d.extendFolds()
	return d.classes
}

func (d *dictionary) extendFolds() {
	if d.byFold == nil {
		d.byFold = map[string]uint32{}
	}
	for code := len(d.classes); code < len(d.refs); code++ {
		folded, ok := plan.ReadText(d.peek(uint32(code)))
		class := uint32(0)
		if ok {
			if class = d.byFold[folded]; class == 0 {
				class = uint32(code)
				d.byFold[string([]byte(folded))] = class
			}
		}
		d.classes = append(d.classes, class)
	}
}

// foldClass answers the class of a folded text, 0 when no value has it.
func (d *dictionary) foldClass(folded string) uint32 {
	d.reading.Lock()
	defer d.reading.Unlock()
	d.extendFolds()
	return d.byFold[folded]
}

func (d *dictionary) size() int64 {
	return d.texts.size() + int64(cap(d.refs))*4 + int64(cap(d.kinds)) + int64(cap(d.uses))*4 + d.index.size() +
		int64(cap(d.numbers))*8 + int64(cap(d.classes))*4 + d.tests.size()
}
