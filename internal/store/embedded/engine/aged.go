package engine

import (
	"math"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Aged counts the activities of a type older than an instant. Rows are looked at
// only in chunks that lie across the instant or may hold the oldest one: of
// the others it is known how many are alive.
func (e *Engine) Aged(activityType string, before muster.Instant) (store.Aged, error) {
	aged := store.Aged{Oldest: muster.Forever}
	k := e.rows.kind(e.types.find(textScalar(activityType)))
	if k == nil {
		return aged, nil
	}
	_, last := window(muster.Beginning, before)
	k.visit(math.MinInt32, last, func(day int32, p *partition) {
		start := muster.Instant(day) * secondsPerDay
		for _, number := range p.chunks {
			c := e.rows.chunks[number]
			earliest, latest := start+muster.Instant(c.earliest), start+muster.Instant(c.latest)
			if latest < before && earliest >= aged.Oldest {
				aged.Activities += int64(c.n - c.dead)
				continue
			}
			for i, no := range c.contact[:c.n] {
				if at := c.at(i); no != 0 && at < before {
					aged.Activities++
					aged.Oldest = min(aged.Oldest, at)
				}
			}
		}
	})
	return aged, nil
}
