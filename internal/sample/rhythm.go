package sample

import (
	"sort"

	"github.com/muster-groups/muster"
)

// rhythm spreads moments over a period as people do: quiet nights, a bump at
// lunch, a long evening, slower Saturdays, and a business that grows.
type rhythm struct {
	start  muster.Instant
	end    muster.Instant // exclusive
	totals weights        // per hour of the period
}

// hourWeight is the traffic by hour of the day, UTC, of a European audience.
var hourWeight = [24]float64{
	1.2, .8, .5, .5, .7, 1.4, 2.6, 4.0, 5.2, 5.8, 6.0, 6.4,
	6.2, 5.6, 5.5, 5.6, 5.9, 6.6, 7.6, 8.2, 7.8, 5.6, 3.6, 2.1,
}

// dayWeight is the traffic by day of the week, Sunday first.
var dayWeight = [7]float64{.92, 1.12, 1.10, 1.06, 1.02, .94, .78}

func newRhythm(start, end muster.Instant, growth float64) *rhythm {
	hours := int((end - start + 3599) / 3600)
	parts := make([]float64, hours)
	for i := range parts {
		t := (start + muster.Instant(i)*3600).Time()
		share := float64(i) / float64(hours)
		parts[i] = hourWeight[t.Hour()] * dayWeight[t.Weekday()] * (1 + growth*share)
	}
	return &rhythm{start: start, end: end, totals: newWeights(parts...)}
}

// at maps a share of the traffic in [0,1) to the moment by which it has come.
// It rises with the share, so evenly stepped shares give a stream in time order.
func (r *rhythm) at(share float64) muster.Instant {
	x := share * r.totals[len(r.totals)-1]
	i := min(sort.SearchFloat64s(r.totals, x), len(r.totals)-1)
	before := 0.0
	if i > 0 {
		before = r.totals[i-1]
	}
	within := (x - before) / (r.totals[i] - before)
	return min(r.start+muster.Instant(i)*3600+muster.Instant(within*3600), r.end-1)
}
