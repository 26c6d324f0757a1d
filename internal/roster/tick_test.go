package roster_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
)

// busy is a store that cannot write once, as when another node writes for long.
type busy struct {
	store.Store
	refused bool
	wrote   chan struct{}
}

func (b *busy) Update(ctx context.Context, fn func(store.Tx) error) error {
	if !b.refused {
		b.refused = true
		return muster.Errorf(muster.CodeUnavailable, "another node has been writing for long")
	}
	err := b.Store.Update(ctx, fn)
	select {
	case b.wrote <- struct{}{}:
	default:
	}
	return err
}

func TestTheClockGoesOnAfterATickThatCouldNotBeWritten(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		st, err := embedded.Open(t.Context(), dir, embedded.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := &busy{Store: st, refused: true, wrote: make(chan struct{})} // opening writes
		r, err := roster.Open(t.Context(), b, roster.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b.refused = false
		r.Start()
		<-b.wrote
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

// failing is a store whose transactions cannot answer for a while.
type failing struct {
	*gated
	fails bool
}

func (f *failing) Update(ctx context.Context, fn func(store.Tx) error) error {
	return f.gated.Update(ctx, func(tx store.Tx) error { return fn(failingTx{tx, f}) })
}

type failingTx struct {
	store.Tx
	of *failing
}

func (tx failingTx) Match(queries []store.Query) ([]*roaring.Bitmap, error) {
	if tx.of.fails {
		return nil, errors.New("the question was cancelled")
	}
	return tx.Tx.Match(queries)
}

// A tick that fails has not passed: the next one looks at whom it should have.
func TestATickThatFailsIsMadeUpFor(t *testing.T) {
	w := newWorld(t, "UTC", "2026-03-02T09:00:00Z", 60)
	f := &failing{gated: w.store}
	w.must(w.roster.Close())
	var err error
	w.roster, err = roster.Open(w.ctx, f, roster.Options{Clock: roster.ClockFunc(func() muster.Instant { return w.now }), Manual: true})
	w.must(err)
	w.save("week", `{"groups":[{"conditions":[{"type":"performed-any","params":{"within":{"last":"7d"}}}]}]}`, true, false)
	w.settle()
	_, err = w.roster.Apply(w.ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{
		{Activity: &muster.ActivityInput{Who: muster.Identifiers{VisitorID: "v"}, HasAt: true, Activity: muster.Activity{Type: "click", At: w.now}}},
	}})
	w.must(err)
	if got := w.members("week"); got != 1 {
		t.Fatalf("there are %d members, want 1", got)
	}
	f.fails = true
	w.now = instant(t, "2026-03-10T09:00:00Z")
	if _, err := w.roster.Advance(w.ctx); err == nil {
		t.Fatal("the tick did not fail")
	}
	f.fails = false
	w.advance("2026-03-10T09:01:00Z")
	if got := w.members("week"); got != 0 {
		t.Errorf("after a tick that failed there are %d members, want 0", got)
	}
}
