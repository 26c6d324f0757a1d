package nodes_test

import (
	"context"
	"errors"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

func TestALeaseIsOfOneHolderAndItsBatchesEndWithIt(t *testing.T) {
	c := newCluster(t, 2)
	a, b := c.nodes[0], c.nodes[1]
	hold := func(n *node, want bool) *roster.Hold {
		t.Helper()
		h, err := n.roster.Hold(c.ctx, "file f")
		if held := err == nil; held != want || err != nil && !errors.Is(err, store.ErrTakenOver) {
			t.Fatalf("hold on %s: got %v, want it held: %t", n.name, err, want)
		}
		return h
	}
	send := func(n *node, visitor, lease string, want error) {
		t.Helper()
		batch := muster.Batch{Authority: muster.Edit, Lease: lease, Items: []muster.Item{{Contact: &muster.ContactChange{Who: muster.Identifiers{VisitorID: visitor}}}},
			Note: func([]muster.ItemResult) muster.Note {
				return muster.Note{Kind: "note", Code: "f", Body: []byte(visitor)}
			}}
		_, err := n.roster.Apply(c.ctx, batch)
		if !errors.Is(err, want) {
			t.Errorf("%s sends %s under %q: got %v, want %v", n.name, visitor, lease, err, want)
		}
	}
	first := hold(a, true)
	hold(a, false) // it has it already, for something else
	hold(b, false)
	send(a, "v1", first.Name(), nil)
	send(b, "v2", first.Name(), store.ErrTakenOver)

	// It is gone without a word, as when the machine stood still.
	c.must(c.exec(`update lease set holder = 'somebody else', until = 'infinity' where name = 'file f'`))
	send(a, "v3", first.Name(), store.ErrTakenOver)
	send(a, "v4", "", nil)
	<-first.Lost().Done()
	if cause := context.Cause(first.Lost()); !errors.Is(cause, store.ErrTakenOver) {
		t.Errorf("lost: got %v, want that it is another's", cause)
	}
	first.Release() // of somebody else's it does nothing
	hold(b, false)
	c.must(c.exec(`delete from lease where name = 'file f'`))
	second := hold(b, true)
	documents, err := b.roster.SettledDocuments(c.ctx, "note")
	c.must(err)
	if got := string(documents["f"]); got != "v4" {
		t.Errorf("what the last commit noted: got %q, want v4", got)
	}
	second.Release()
	third := hold(a, true) // at once
	third.Release()
	c.check()
}
