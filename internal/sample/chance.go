package sample

import (
	"math"
	"math/rand/v2"
	"sort"
)

// chance is the source of every random decision; it never reads the system's.
type chance struct{ *rand.Rand }

func newChance(seed, stream uint64) chance {
	return chance{rand.New(rand.NewPCG(seed, stream))}
}

// yes is true with probability p.
func (c chance) yes(p float64) bool { return c.Float64() < p }

// between draws from [low, high].
func (c chance) between(low, high int) int { return low + c.IntN(high-low+1) }

// pick draws one of the values, all equally likely.
func pick[T any](c chance, values []T) T { return values[c.IntN(len(values))] }

// weights draws indexes in proportion to given weights.
type weights []float64 // running totals

func newWeights(parts ...float64) weights {
	w := make(weights, len(parts))
	total := 0.0
	for i, p := range parts {
		total += p
		w[i] = total
	}
	return w
}

// newZipf makes weights that fall with the rank: 1/(rank+1)^s.
func newZipf(n int, s float64) weights {
	parts := make([]float64, n)
	for i := range parts {
		parts[i] = 1 / math.Pow(float64(i+1), s)
	}
	return newWeights(parts...)
}

func (w weights) pick(c chance) int {
	x := c.Float64() * w[len(w)-1]
	return min(sort.SearchFloat64s(w, x), len(w)-1)
}

// guide answers picks from a table of n entries in constant time, each weight
// rounded to n-ths; the load asks tens of millions of times.
type guide []uint16

func (w weights) guide(n int) guide {
	g := make(guide, n)
	i, total := 0, w[len(w)-1]
	for k := range g {
		for i < len(w)-1 && w[i]/total < (float64(k)+0.5)/float64(n) {
			i++
		}
		g[k] = uint16(i)
	}
	return g
}

func (g guide) pick(c chance) int { return int(g[c.Uint32N(uint32(len(g)))]) }
