package app

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/muster-groups/muster"
)

// LiveActivity is an activity as it was accepted a moment ago.
type LiveActivity struct {
	Activity
	ContactID muster.ContactID `json:"contact_id"`
	ID        *string          `json:"id" doc:"The sender's id of the activity."`
}

// liveBuffer is how many activities wait for a slow listener; what does not fit
// is counted and left out, so that a listener never holds a writer up.
const liveBuffer = 512

// broadcast hands accepted activities to those who listen. With nobody
// listening it costs a load.
type broadcast struct {
	listening atomic.Int32
	mu        sync.Mutex
	listeners map[*Listener]bool
}

// Listener hears the activities that this process accepts.
type Listener struct {
	from       *broadcast
	waits      context.Context // the App's
	activities chan LiveActivity
	dropped    atomic.Int64
}

// Listen begins to hear accepted activities. The caller closes the listener.
func (a *App) Listen() *Listener {
	l := &Listener{from: &a.live, waits: a.waits, activities: make(chan LiveActivity, liveBuffer)}
	a.live.mu.Lock()
	defer a.live.mu.Unlock()
	if a.live.listeners == nil {
		a.live.listeners = map[*Listener]bool{}
	}
	a.live.listeners[l] = true
	a.live.listening.Add(1)
	return l
}

// Close ends the listening.
func (l *Listener) Close() {
	l.from.mu.Lock()
	defer l.from.mu.Unlock()
	if l.from.listeners[l] {
		delete(l.from.listeners, l)
		l.from.listening.Add(-1)
	}
}

// Next waits for an activity. dropped is how many were left out before it,
// because the listener was too slow. The error is the context's, or
// CodeUnavailable when the App ends.
func (l *Listener) Next(ctx context.Context) (activity LiveActivity, dropped int64, err error) {
	select {
	case activity = <-l.activities:
		return activity, l.dropped.Swap(0), nil
	case <-ctx.Done():
		return LiveActivity{}, 0, ctx.Err()
	case <-l.waits.Done():
		return LiveActivity{}, 0, muster.Errorf(muster.CodeUnavailable, "the server is shutting down")
	}
}

// publish tells the listeners of the accepted activities of a batch.
func (b *broadcast) publish(batch muster.Batch, result muster.BatchResult) {
	if b.listening.Load() == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, item := range batch.Items {
		if item.Activity == nil || result.Items[i].Status != muster.Accepted {
			continue
		}
		shaped := item.Activity.Activity
		if !item.Activity.HasAt {
			shaped.At = result.At
		}
		live := LiveActivity{Activity: shapeActivity(muster.StoredActivity{Activity: shaped}), ContactID: result.Items[i].Contact, ID: optional(shaped.ID)}
		for l := range b.listeners {
			select {
			case l.activities <- live:
			default:
				l.dropped.Add(1)
			}
		}
	}
}
