package roster_test

import (
	"context"
	"testing"
	"testing/synctest"

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
