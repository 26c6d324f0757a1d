package roster

import (
	"context"
	"sync"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// feed wakes those who wait for change records.
type feed struct {
	mu      sync.Mutex
	changed chan struct{} // closed and replaced when records were written
}

func (f *feed) wake() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *feed) next() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

// WaitChanges returns nil once there are change records after a number, or the
// context's error.
func (r *Roster) WaitChanges(ctx context.Context, after muster.Seq) error {
	for {
		next := r.feed.next() // before looking, so that nothing is missed between
		var last muster.Seq
		if err := r.store.View(ctx, func(v store.View) error { last = v.LastSeq(); return nil }); err != nil {
			return err
		}
		if last > after {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return ctx.Err()
		case <-r.life.Done():
			return muster.Errorf(muster.CodeUnavailable, "the server is shutting down")
		}
	}
}
