package nodes_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

func (c *cluster) erase(n *node, visitor string) {
	c.t.Helper()
	var id muster.ContactID
	c.must(n.roster.Store().View(c.ctx, func(v store.View) error { id = v.Owner(v.ByVisitor(visitor)).ID; return nil }))
	_, err := n.act(func(r *roster.Roster) error {
		_, err := r.Apply(c.ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Erase: &id}}})
		return err
	})
	c.must(err)
}

func (c *cluster) advance(n *node) {
	c.t.Helper()
	_, err := n.act(func(r *roster.Roster) error {
		_, err := r.Advance(c.ctx)
		return err
	})
	c.must(err)
}

// fillSlices has as many come as three slices hold.
func (c *cluster) fillSlices(n *node) {
	c.t.Helper()
	var list []string
	for i := range 3 * slice {
		list = append(list, visitor(i))
	}
	c.visit(n, list...)
}

// working answers the node that does the work, and another one.
func (c *cluster) working() (works, other *node) {
	if c.nodes[1].roster.Works() {
		return c.nodes[1], c.nodes[0]
	}
	return c.nodes[0], c.nodes[1]
}

// Somebody who is in no group is erased by another node while a group is calculated.
func TestWhoeverIsErasedElsewhereDuringARecalculationIsNoMember(t *testing.T) {
	t.Parallel()
	c := newClusterOf(t, 2, time.Minute)
	works, other := c.working()
	c.fillSlices(other)
	var done atomic.Bool
	before := func(_ context.Context, of *roaring.Bitmap) {
		if of.Minimum() == 2*slice && done.CompareAndSwap(false, true) {
			c.erase(other, visitor(3)) // of the first slice, which was looked at
		}
	}
	works.before.Store(&before)
	_, err := c.save(works, "g", anonymous, false)
	c.must(err)
	c.settle()
	if !done.Load() {
		t.Fatal("nobody was erased")
	}
	if got := c.members(works, "g"); got != 3*slice-1 {
		t.Errorf("members: got %d, want %d", got, 3*slice-1)
	}
	c.check()
}

// Likewise while a node has the turn of the calendar prepared.
func TestWhoeverIsErasedElsewhereBeforeATurnDoesNotEnterAtIt(t *testing.T) {
	t.Parallel()
	c := newClusterOf(t, 2, time.Minute)
	prepares, other := c.nodes[0], c.nodes[1]
	c.visit(prepares, "v", "w")
	_, err := c.save(prepares, "g", `{"groups":[{"match":"all","conditions":[{"type":"identified","not":true},{"type":"weekday","params":{"any_of":["Monday"]}}]}]}`, false)
	c.must(err)
	c.settle()
	sunday := time.Date(2026, 3, 1, 23, 59, 30, 0, time.UTC)
	c.now.Store(int64(muster.InstantOf(sunday)))
	c.advance(prepares)
	c.erase(other, "v")
	c.now.Add(30)
	c.advance(prepares)
	if got := c.members(prepares, "g"); got != 1 {
		t.Errorf("members: got %d, want 1", got)
	}
	c.check()
}
