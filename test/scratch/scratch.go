// Package scratch gives tests directories and the chance they are run with. It
// must know nothing of what is tested.
package scratch

import (
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// memory is where Linux keeps files in memory.
const memory = "/dev/shm"

// Dir makes a directory that lasts as long as the test. It is in memory where
// there is such a place: for tests of anything but the disk itself.
func Dir(tb testing.TB) string {
	tb.Helper()
	root := ""
	if f, err := os.Stat(memory); err == nil && f.IsDir() {
		root = memory
	}
	dir, err := os.MkdirTemp(root, "muster-test-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return dir
}

// Seed is what a run's chance grows from: MUSTER_TEST_SEED, or another one each
// time, which is logged so that the run can be repeated.
func Seed(tb testing.TB) uint64 {
	tb.Helper()
	seed, err := strconv.ParseUint(os.Getenv("MUSTER_TEST_SEED"), 10, 64)
	if err != nil {
		seed = uint64(time.Now().UnixNano())
	}
	tb.Logf("MUSTER_TEST_SEED=%d repeats this run", seed)
	return seed
}

// Chance makes the random numbers of one part of a run, by its name.
func Chance(seed uint64, name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// Budget is how long a test may go on with what it need not do in full:
// MUSTER_TEST_BUDGET, a duration, or the given one. In a soak it is without end
// unless MUSTER_TEST_BUDGET says otherwise.
func Budget(usual time.Duration) time.Duration {
	if d, err := time.ParseDuration(os.Getenv("MUSTER_TEST_BUDGET")); err == nil {
		return d
	}
	if Soak() {
		return 1 << 62
	}
	return usual
}

// Soak tells whether everything is to be run at length: MUSTER_SOAK=1.
func Soak() bool { return os.Getenv("MUSTER_SOAK") == "1" }
