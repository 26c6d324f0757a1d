package engine

import (
	"sync"

	"github.com/muster-groups/muster"
)

// codeTest is the answer of a predicate for every code of a dictionary.
type codeTest struct {
	bits []uint64
	// length is how many codes have been decided.
	length int
	// ones counts the codes that pass; only is the one that does when ones is 1.
	ones int
	only uint32
	used uint64
}

// holds reports whether a code passes. Codes given after the test was made do
// not; the rows that carry them are re-evaluated by whoever scans meanwhile.
func (t *codeTest) holds(code uint32) bool {
	at := code >> 6
	return at < uint32(len(t.bits)) && t.bits[at]>>(code&63)&1 != 0
}

// testCache keeps the predicates evaluated on a dictionary lately, bounded in
// number and bytes. A test is never changed once answered: extending it for
// new codes makes a new one.
type testCache struct {
	mu    sync.Mutex
	tests map[string]*codeTest
	clock uint64
	bytes int64
}

const (
	maxTests     = 2048
	maxTestBytes = 32 << 20
)

// get answers the test with that canonical key for all codes below length.
func (c *testCache) get(key string, length int, holds func(code uint32) bool) *codeTest {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock++
	old := c.tests[key]
	if old != nil && old.length == length {
		old.used = c.clock
		return old
	}
	t := &codeTest{bits: make([]uint64, (length+63)/64), length: length, used: c.clock}
	from := 0
	if old != nil {
		copy(t.bits, old.bits)
		from, t.ones, t.only = old.length, old.ones, old.only
		c.bytes -= int64(len(old.bits)) * 8
	}
	for code := from; code < length; code++ {
		if holds(uint32(code)) {
			t.bits[code>>6] |= 1 << (code & 63)
			t.ones++
			t.only = uint32(code)
		}
	}
	if c.tests == nil {
		c.tests = map[string]*codeTest{}
	}
	c.tests[key] = t
	c.bytes += int64(len(t.bits)) * 8
	for (len(c.tests) > maxTests || c.bytes > maxTestBytes) && len(c.tests) > 1 {
		c.evict(t)
	}
	return t
}

// evict forgets the oldest of a few tests; a map's order is as good as chance.
func (c *testCache) evict(keep *codeTest) {
	var oldest string
	var age uint64
	seen := 0
	for key, t := range c.tests {
		if t != keep && (oldest == "" || t.used < age) {
			oldest, age = key, t.used
		}
		if seen++; seen == 16 {
			break
		}
	}
	c.bytes -= int64(len(c.tests[oldest].bits)) * 8
	delete(c.tests, oldest)
}

func (c *testCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tests, c.bytes = nil, 0
}

func (c *testCache) size() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// textScalar makes a text.
func textScalar(s string) muster.Scalar { return muster.Scalar{Kind: muster.KindText, Text: s} }
