package app

import (
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"
)

// Whatever was found, an estimate says nothing that what was looked at rules out.
func TestAnEstimateNeverContradictsWhatWasSeen(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := rapid.Uint64Range(1, 1<<32).Draw(rt, "all")
		of := rapid.Uint64Range(1, min(all, 20_000)).Draw(rt, "of")
		if rapid.Bool().Draw(rt, "nearly all") {
			of = all - min(all-1, rapid.Uint64Range(0, 3).Draw(rt, "missing"))
		}
		found := rapid.Uint64Range(0, of).Draw(rt, "found")
		got := estimated(found, of, all)
		if of == all {
			if got.Count != found || got.Range != nil {
				rt.Fatalf("of everybody: got %+v, want exactly %d", got, found)
			}
			return
		}
		r := got.Range
		switch {
		case r == nil:
			rt.Fatalf("got %+v, want a range", got)
		case r.Low > got.Count || got.Count > r.High:
			rt.Fatalf("got %d outside of %+v", got.Count, *r)
		case r.Low < found || r.High > all-(of-found):
			rt.Fatalf("got %+v, but %d match and %d do not", *r, found, of-found)
		case got.Count == 0:
			rt.Fatal("got 0, but not everybody was looked at")
		}
	})
}

// Wilson's interval by hand: of 40 in 4,000 the share is between 0.7354 % and 1.3586 %.
func TestAnEstimateSaysHowExactItIs(t *testing.T) {
	for _, c := range []struct{ found, of, all, low, count, high uint64 }{
		{40, 4000, 1_000_000_000, 7_353_000, 10_000_000, 13_587_000},
		{0, 4000, 1_000_000_000, 0, 479_700, 959_500},
		{4000, 4000, 1_000_000_000, 999_040_000, 1_000_000_000, 1_000_000_000},
	} {
		got := estimated(c.found, c.of, c.all)
		near := func(a, b uint64) bool { return max(a, b)-min(a, b) <= 1000 }
		if !near(got.Count, c.count) || !near(got.Range.Low, c.low) || !near(got.Range.High, c.high) {
			t.Errorf("%d of %d among %d: got %d in %+v, want %d from %d to %d", c.found, c.of, c.all, got.Count, *got.Range, c.count, c.low, c.high)
		}
	}
}

// Whoever comes or goes, most of the sample stays: what was read for it is at hand.
func TestASampleIsOfTheSizeThatIsAskedForAndStays(t *testing.T) {
	all := roaring.New()
	all.AddRange(1, 1_000_001)
	some := draw(all, 4000)
	if n := some.GetCardinality(); n < 3700 || n > 4300 {
		t.Errorf("got %d contacts, want about 4,000", n)
	}
	halves := some.Clone()
	halves.RemoveRange(500_001, 1_000_001)
	if n := halves.GetCardinality(); n < 1800 || n > 2200 {
		t.Errorf("got %d of the elder half, want about 2,000", n)
	}
	all.AddRange(1_000_001, 1_001_001)
	if stayed := roaring.And(some, draw(all, 4000)); stayed.GetCardinality() < some.GetCardinality()-30 {
		t.Errorf("a thousand contacts later %d of %d are left", stayed.GetCardinality(), some.GetCardinality())
	}
}
