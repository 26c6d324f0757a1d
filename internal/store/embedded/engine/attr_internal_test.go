package engine

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAnAttributeColumnPicksWhatItHoldsWhetherNarrowOrWide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Codes on both sides of what two bytes can tell.
		code := rapid.OneOf(rapid.Uint32Range(0, 3), rapid.Uint32Range(65534, 65540), rapid.Just[uint32](65536+1))
		codes := rapid.SliceOfN(code, 1, 50).Draw(t, "codes")
		column := attrColumn{name: 1, narrow: make([]uint16, len(codes)+3)}
		for i, c := range codes {
			column.set(i, c)
		}
		column.fit(len(codes), len(codes)+1)
		for i, want := range codes {
			if got := column.at(uint32(i)); got != want {
				t.Fatalf("at(%d) of %v = %d, want %d", i, codes, got, want)
			}
		}
		passing := rapid.SliceOfN(code, 1, 4).Draw(t, "passing")
		var cache testCache
		test := cache.get("key", 65541, func(code uint32) bool { return slices.Contains(passing, code) })
		var want []uint16
		for i, c := range codes {
			if slices.Contains(passing, c) {
				want = append(want, uint16(i))
			}
		}
		var into selection
		if got := into[:column.pick(len(codes), test, &into)]; !slices.Equal(got, want) {
			t.Fatalf("pick of %v for %v = %v, want %v", codes, passing, got, want)
		}
		for i := range codes {
			into[i] = uint16(i)
		}
		if got := into[:column.refine(&into, len(codes), test)]; !slices.Equal(got, want) {
			t.Fatalf("refine of %v for %v = %v, want %v", codes, passing, got, want)
		}
	})
}
