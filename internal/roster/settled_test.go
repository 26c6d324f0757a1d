package roster_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

// looked is a store that looks right after each commit, as the first reader does.
type looked struct {
	*gated
	look func()
}

func (l looked) Update(ctx context.Context, fn func(store.Tx) error) error {
	err := l.gated.Update(ctx, fn)
	if l.look != nil {
		l.look()
	}
	return err
}

// Who reads members sees the state that they belong to: also the first reader
// after a commit, and however many read while it is made.
func TestStateAndMembersChangeTogether(t *testing.T) {
	w := newWorld(t, "UTC", "2026-03-02T09:00:00Z", 60)
	l := &looked{gated: w.store}
	w.must(w.roster.Close())
	var err error
	w.roster, err = roster.Open(w.ctx, l, roster.Options{Clock: roster.ClockFunc(func() muster.Instant { return w.now }), Manual: true})
	w.must(err)
	w.visit("v1", "v2", "v3")

	// Odd versions are everybody, even ones nobody.
	var seen atomic.Int64
	check := func(v store.View) error {
		g := w.roster.State().Groups["g"]
		if g == nil {
			return nil
		}
		if got, want := v.Members(g.No).GetCardinality(), uint64(3*(g.Active%2)); got != want {
			return fmt.Errorf("with version %d in force there are %d members, want %d", g.Active, got, want)
		}
		seen.Store(int64(g.Active))
		return nil
	}
	look := func() {
		if err := w.store.View(w.ctx, check); err != nil {
			t.Error(err)
		}
	}
	l.look = look
	const versions = 40
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for seen.Load() < versions && !t.Failed() {
				look()
			}
		})
	}
	for n := 1; n <= versions && !t.Failed(); n++ {
		w.save("g", []string{identified, anonymous}[n%2], true, false)
		w.settle()
	}
	readers.Wait()
}
