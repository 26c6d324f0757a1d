package engine

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// However many predicates are asked, what is remembered of them has a bound,
// and is counted to the byte.
func TestTheMemoryOfPredicatesIsBounded(t *testing.T) {
	for _, c := range []struct {
		name           string
		length, asking int // codes of the dictionary, predicates
	}{
		{"in number", 64, 6000},
		{"in bytes", 16 << 20, 20}, // of 2 MiB each
	} {
		var cache testCache
		chance := rand.New(rand.NewPCG(1, 2))
		for range c.asking {
			key := chance.IntN(2 * c.asking)
			// A dictionary grows: a test is made anew for its new codes.
			cache.get(fmt.Sprint(key), c.length+chance.IntN(3)*64, func(uint32) bool { return false })
			var bytes int64
			for _, test := range cache.tests {
				bytes += int64(len(test.bits)) * 8
			}
			if bytes != cache.size() {
				t.Fatalf("%s: size: got %d, want %d", c.name, cache.size(), bytes)
			}
			if len(cache.tests) > maxTests || bytes > maxTestBytes {
				t.Fatalf("%s: got %d tests of %d bytes, want at most %d and %d", c.name, len(cache.tests), bytes, maxTests, maxTestBytes)
			}
		}
	}
}
