package app

import (
	"sync"
	"time"

	"github.com/muster-groups/muster"
)

// Counters count what the App has done since it was made, for metrics. Apply
// observes each batch: how long it took and how many of its items were kept.
type Counters struct {
	mu       sync.Mutex
	batches  int64
	items    map[muster.ItemStatus]int64
	observer func(time.Duration, int)
	seconds  [rateSeconds]second // the last minute, by the second modulo its length
}

// rateSeconds is over how long rates are taken.
const rateSeconds = 60

// second is what happened in one second of the system's clock.
type second struct{ at, items, batches int64 }

// Items answers how many items had each outcome, and the number of batches.
func (c *Counters) Items() (items map[muster.ItemStatus]int64, batches int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	items = map[muster.ItemStatus]int64{}
	for status, n := range c.items {
		items[status] = n
	}
	return items, c.batches
}

// Observe sets who is told the duration and size of each applied batch. It is
// set once, before the App is used.
func (c *Counters) Observe(fn func(took time.Duration, items int)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.observer = fn
}

// note counts a batch; it is called with the lock held.
func (c *Counters) note(result muster.BatchResult, now int64) {
	if c.items == nil {
		c.items = map[muster.ItemStatus]int64{}
	}
	c.batches++
	for _, item := range result.Items {
		c.items[item.Status]++
	}
	s := &c.seconds[now%rateSeconds]
	if s.at != now {
		*s = second{at: now}
	}
	s.items += int64(len(result.Items))
	s.batches++
}

// rates answers items and batches per second over the last whole minute.
func (c *Counters) rates(now int64) (items, batches float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.seconds {
		if s.at > now-rateSeconds && s.at < now {
			items, batches = items+float64(s.items), batches+float64(s.batches)
		}
	}
	return items / (rateSeconds - 1), batches / (rateSeconds - 1)
}
