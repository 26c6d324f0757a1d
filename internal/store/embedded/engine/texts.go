package engine

import (
	"encoding/binary"
	"unsafe"
)

// textRef is the place of a text in a texts arena; 0 is the empty text.
type textRef uint32

const (
	textBlockBits = 16
	textBlockSize = 1 << textBlockBits
)

// texts is an append-only arena of texts: one length-prefixed byte run each,
// without a string header and invisible to the garbage collector's scan. A
// text can be wiped, which leaves its space unused until the next load.
type texts struct {
	blocks [][]byte
	used   int // bytes used in the last block
	wiped  int // bytes lost to wiped texts
}

// add stores a text.
func (a *texts) add(s string) textRef {
	if s == "" {
		return 0
	}
	need := len(s) + binary.MaxVarintLen32
	if len(a.blocks) == 0 {
		// Place 0 means "no text", so the first byte of the first block is not used.
		a.blocks, a.used = append(a.blocks, make([]byte, textBlockSize)), 1
	}
	last := a.blocks[len(a.blocks)-1]
	if len(last) != textBlockSize || a.used+need > textBlockSize {
		// A text longer than a block gets a block of its own length.
		last = make([]byte, max(textBlockSize, need))
		a.blocks, a.used = append(a.blocks, last), 0
	}
	ref := textRef((len(a.blocks)-1)<<textBlockBits | a.used)
	n := binary.PutUvarint(last[a.used:], uint64(len(s)))
	a.used += n + copy(last[a.used+n:], s)
	if a.used >= textBlockSize-binary.MaxVarintLen32 {
		a.used = textBlockSize
	}
	return ref
}

// bytes answers the stored bytes, which the caller must not keep or change.
func (a *texts) bytes(ref textRef) []byte {
	if ref == 0 {
		return nil
	}
	block := a.blocks[ref>>textBlockBits]
	at := int(ref & (textBlockSize - 1))
	size, n := binary.Uvarint(block[at:])
	return block[at+n : at+n+int(size)]
}

// glance reads where a text begins.
func (a *texts) glance(ref textRef) uint64 {
	if ref == 0 {
		return 0
	}
	return uint64(a.blocks[ref>>textBlockBits][ref&(textBlockSize-1)])
}

// peek answers the text without copying it. It is valid only while the engine's
// lock is held, because the text may be wiped later.
func (a *texts) peek(ref textRef) string {
	b := a.bytes(ref)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// text answers a copy of the text.
func (a *texts) text(ref textRef) string { return string(a.bytes(ref)) }

// wipe overwrites the text with zero bytes.
func (a *texts) wipe(ref textRef) {
	b := a.bytes(ref)
	clear(b)
	a.wiped += len(b)
}

func (a *texts) size() int64 {
	var n int64
	for _, b := range a.blocks {
		n += int64(cap(b)) + 24
	}
	return n
}
