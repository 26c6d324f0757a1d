package personalize

import (
	"container/list"
	"sync"
	"time"

	"github.com/muster-groups/muster"
)

// cache remembers the visitors seen last, up to a number of them.
type cache struct {
	most int

	mu     sync.Mutex
	recent *list.List // of *entry, the one seen last in front
	of     map[muster.Identifiers]*list.Element
}

func newCache(most int) *cache {
	return &cache{most: most, recent: list.New(), of: map[muster.Identifiers]*list.Element{}}
}

// entry answers what is remembered of a visitor, and makes room for it.
func (c *cache) entry(who muster.Identifiers) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at, ok := c.of[who]; ok {
		c.recent.MoveToFront(at)
		return at.Value.(*entry)
	}
	e := &entry{who: who}
	c.of[who] = c.recent.PushFront(e)
	for c.recent.Len() > c.most {
		oldest := c.recent.Back()
		delete(c.of, oldest.Value.(*entry).who)
		c.recent.Remove(oldest)
	}
	return e
}

// entry is what is known of one visitor.
type entry struct {
	who muster.Identifiers

	mu     sync.Mutex
	groups []string
	at     time.Time     // of the answer; zero before the first
	asking chan struct{} // closed when the lookup that runs has ended; nil when none runs
}

// last answers the last answer and when it was asked for.
func (e *entry) last() ([]string, time.Time, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.groups, e.at, !e.at.IsZero()
}

// ask lets lookup run unless it does already, and answers what is closed at its end.
func (e *entry) ask(lookup func(done func([]string, error))) <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.asking != nil {
		return e.asking
	}
	asking, at := make(chan struct{}), time.Now()
	e.asking = asking
	go lookup(func(groups []string, err error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if err == nil {
			e.groups, e.at = groups, at
		}
		e.asking = nil
		close(asking)
	})
	return asking
}

// limiter allows something once a second.
type limiter struct {
	mu   sync.Mutex
	last time.Time
}

func (l *limiter) allow(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.last) < time.Second {
		return false
	}
	l.last = now
	return true
}
