package plan

import (
	"cmp"
	"math/bits"

	"github.com/muster-groups/muster"
)

// Int128 is a signed 128 bit number, Hi * 2^64 + Lo. It holds the sum of any
// number of decimals that a store can keep (in millionths), exactly.
type Int128 struct {
	Hi int64
	Lo uint64
}

// Int128Of widens a number.
func Int128Of(x int64) Int128 { return Int128{Hi: x >> 63, Lo: uint64(x)} }

// Product answers a * b, which always fits.
func Product(a, b int64) Int128 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	// The unsigned product counts each negative factor as 2^64 more than it is.
	if a < 0 {
		hi -= uint64(b)
	}
	if b < 0 {
		hi -= uint64(a)
	}
	return Int128{Hi: int64(hi), Lo: lo}
}

// Add answers x + y.
func (x Int128) Add(y Int128) Int128 {
	lo, carry := bits.Add64(x.Lo, y.Lo, 0)
	hi, _ := bits.Add64(uint64(x.Hi), uint64(y.Hi), carry)
	return Int128{Hi: int64(hi), Lo: lo}
}

// AddDecimal answers x + d, in millionths.
func (x Int128) AddDecimal(d muster.Decimal) Int128 { return x.Add(Int128Of(int64(d))) }

// Cmp answers -1, 0 or 1 as x is less than, equal to or greater than y.
func (x Int128) Cmp(y Int128) int {
	if c := cmp.Compare(x.Hi, y.Hi); c != 0 {
		return c
	}
	return cmp.Compare(x.Lo, y.Lo)
}
