package engine

import (
	"math"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Aged counts the activities of a type older than an instant. It looks at the
// rows of two days at most: of the others the chunks know how many are alive.
func (e *Engine) Aged(activityType string, before muster.Instant) (store.Aged, error) {
	aged := store.Aged{Oldest: muster.Forever}
	k := e.rows.kind(e.types.find(textScalar(activityType)))
	if k == nil {
		return aged, nil
	}
	_, last := window(muster.Beginning, before)
	oldestDay := int32(math.MinInt32)
	k.visit(math.MinInt32, last, func(day int32, p *partition) {
		for _, number := range p.chunks {
			c := e.rows.chunks[number]
			alive := int64(c.n - c.dead)
			first := alive > 0 && (aged.Activities == 0 || day == oldestDay)
			if day != last && !first {
				aged.Activities += alive
				continue
			}
			for i, no := range c.contact[:c.n] {
				if at := c.at(i); no != 0 && at < before {
					aged.Activities++
					if aged.Oldest = min(aged.Oldest, at); oldestDay != day && first {
						oldestDay = day
					}
				}
			}
		}
	})
	return aged, nil
}
