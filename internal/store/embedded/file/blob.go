package file

import (
	"encoding/binary"
	"errors"

	"github.com/ncruces/go-sqlite3"

	"github.com/muster-groups/muster"
)

// damaged says that a row cannot be what was written.
func damaged(table string, key int64) error {
	return muster.Errorf(muster.CodeUnavailable, "The database is damaged: row %d of table %s cannot be read. Restore a backup.", key, table)
}

// Damaged tells whether an error is SQLite's word for a file that is not, or no
// longer, what it wrote.
func Damaged(err error) bool {
	return errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, sqlite3.NOTADB)
}

// blob writes the parts of a compact blob: numbers as varints, texts with
// their length before them.
type blob []byte

func (b *blob) number(n uint64) { *b = binary.AppendUvarint(*b, n) }
func (b *blob) signed(n int64)  { *b = binary.AppendVarint(*b, n) }
func (b *blob) octet(c byte)    { *b = append(*b, c) }

func (b *blob) text(s string) {
	b.number(uint64(len(s)))
	*b = append(*b, s...)
}

func (b *blob) bytes(p []byte) {
	b.number(uint64(len(p)))
	*b = append(*b, p...)
}

// reading reads what a blob wrote. The first impossible part sets bad, and all
// later answers are zero, so that a caller checks once, at the end.
type reading struct {
	rest []byte
	bad  bool
}

func (r *reading) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reading) signed() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reading) octet() byte {
	if len(r.rest) == 0 {
		r.fail()
		return 0
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	return c
}

// raw answers the bytes of a text without copying them.
func (r *reading) raw() []byte {
	size := r.number()
	if size > uint64(len(r.rest)) {
		r.fail()
		return nil
	}
	p := r.rest[:size]
	r.rest = r.rest[size:]
	return p
}

func (r *reading) text() string { return string(r.raw()) }

// count reads how many parts follow; each takes at least one byte, so that
// damage cannot ask for more memory than the blob's own size.
func (r *reading) count() int {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reading) word(texts []string) string {
	no := r.number()
	if no >= uint64(len(texts)) {
		r.fail()
		return ""
	}
	return texts[no]
}

func (r *reading) fail() { r.bad, r.rest = true, nil }

// end answers an error unless the whole blob has been read in order.
func (r *reading) end(table string, key int64) error {
	if r.bad || len(r.rest) > 0 {
		return damaged(table, key)
	}
	return nil
}
