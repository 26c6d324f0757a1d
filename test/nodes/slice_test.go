package nodes_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/test/judge"
)

const (
	// calculated depends on activities, on time and on another group.
	calculated = `{"match":"any","groups":[{"conditions":[
		{"type":"visited-page","params":{"pages":["/pricing"],"times":{"at_least":2},"within":{"last":"1d"}}}]},{"match":"all","conditions":[
		{"type":"in-groups","params":{"groups":["other"]}},{"type":"performed-any","not":true,"params":{"within":{"period":"today"}}}]}]}`
	readsIt = `{"groups":[{"conditions":[{"type":"in-groups","not":true,"params":{"groups":["g"]}}]}]}`
)

// watch sees every look of the recalculation that makes "calculated" active.
type watch struct {
	*cluster
	dies []int // before which of its slices the first node that works is gone, the next, ...

	mu      sync.Mutex
	workers []*node
	gone    []*node
	done    map[*node][]int // slices, numbered from 0
	again   map[*node]int   // looks at others
	changes int
}

func newWatch(t *testing.T, nodes int) *watch {
	w := &watch{cluster: newClusterOf(t, nodes, time.Minute), done: map[*node][]int{}, again: map[*node]int{}}
	first := w.nodes[0]
	list := make([]string, 6*slice)
	for i := range list {
		list[i] = visitor(i)
	}
	w.visit(first, list...)
	for range 2 { // the same, so that some have visited twice: they leave by time alone
		w.changes = 0
		w.changeSome(first)
	}
	for _, g := range [][2]string{{"other", identified}, {"g", identified}, {"reader", readsIt}} {
		_, err := w.save(first, g[0], g[1], false)
		w.must(err)
	}
	w.settle()
	return w
}

func (w *watch) watch(before func(n *node, ctx context.Context, of *roaring.Bitmap)) {
	for _, n := range w.nodes {
		fn := func(ctx context.Context, of *roaring.Bitmap) {
			if n.roster.State().Groups["g"].Pending != 0 {
				before(n, ctx, of)
			}
		}
		n.before.Store(&fn)
	}
}

func visitor(n int) string { return fmt.Sprint("s", n%(6*slice)) }

// changeSome changes contacts of all slices, and makes one.
func (w *watch) changeSome(n *node) {
	w.t.Helper()
	w.changes++
	batch := muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Contact: &muster.ContactChange{Who: muster.Identifiers{VisitorID: fmt.Sprint("new", w.changes)}}}}}
	page := []muster.Attribute{{Name: "page", Value: muster.Scalar{Kind: muster.KindText, Text: "/pricing"}}}
	for i := range 6 {
		who := muster.Identifiers{VisitorID: visitor(i*slice + 7*w.changes)}
		batch.Items = append(batch.Items,
			muster.Item{Activity: &muster.ActivityInput{Who: who, Activity: muster.Activity{Type: "page_visit", Attributes: page}}},
			muster.Item{Activity: &muster.ActivityInput{Who: muster.Identifiers{VisitorID: visitor(i*slice + 3*w.changes)}, Activity: muster.Activity{Type: "page_visit", Attributes: page}}},
			muster.Item{Contact: &muster.ContactChange{Who: muster.Identifiers{VisitorID: visitor(i*slice + 5*w.changes), ExternalID: fmt.Sprintf("x%d-%d", w.changes, i)}}})
	}
	_, err := n.act(func(r *roster.Roster) error {
		_, err := r.Apply(w.ctx, batch)
		return err
	})
	w.must(err)
}

// eraseOne erases somebody who would be a member: of a slice that was looked at
// already, once half of them were.
func (w *watch) eraseOne(n *node) {
	w.t.Helper()
	id := fmt.Sprintf("x1-%d", 7-w.changes)
	_, err := n.act(func(r *roster.Roster) error {
		var erased muster.ContactID
		err := r.Store().View(w.ctx, func(v store.View) error {
			if no := v.ByExternalID(id); no != 0 {
				erased = v.Owner(no).ID
			}
			return nil
		})
		if err != nil || erased.IsZero() {
			return err
		}
		_, err = r.Apply(w.ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Erase: &erased}}})
		return err
	})
	w.must(err)
}

// living answers a node that is not gone.
func (w *watch) living() *node {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.nodes {
		if !slices.Contains(w.gone, n) {
			return n
		}
	}
	return nil
}

// settleLiving waits until the recalculation has ended on a node that is not gone.
func (w *watch) settleLiving() {
	for {
		n := w.living()
		if err := n.roster.Refresh(w.ctx); err != nil {
			continue // it has just gone
		}
		if status, _ := n.roster.Status("g"); status != muster.Recalculating {
			break
		}
		if job, err := n.roster.Recalculate(w.ctx, "g"); err == nil {
			_ = job.Wait(w.ctx) // the node may be gone
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.nodes = slices.DeleteFunc(w.nodes, func(n *node) bool { return slices.Contains(w.gone, n) })
}

// take notes a look, or lets the node be gone, without a word, instead.
func (w *watch) take(n *node, of *roaring.Bitmap) (gone bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.workers, n) {
		w.workers = append(w.workers, n)
	}
	place := slices.Index(w.workers, n)
	if of.Minimum()%slice != 0 || of.GetCardinality() < slice {
		w.again[n]++
		return false
	}
	if place < len(w.dies) && len(w.done[n]) == w.dies[place] {
		w.gone = append(w.gone, n)
		return true
	}
	w.done[n] = append(w.done[n], int(of.Minimum()/slice))
	return false
}

// The nodes that work are gone one after the other, each in the middle; before
// every slice somebody changes contacts of all of them, and time passes. What is
// in force stays right meanwhile, and what was found is not looked for again.
func TestARecalculationGoesOnFromTheSlicesThatNodesThatAreGoneHaveLeft(t *testing.T) {
	w := newWatch(t, 3)
	w.dies = []int{3, 2}
	w.watch(func(n *node, _ context.Context, of *roaring.Bitmap) {
		if w.take(n, of) {
			_ = n.store.Close()
			w.must(w.exec(`update lease set until = clock_timestamp()`)) // the minute is over
			return
		}
		w.now.Add(5 * 3600)
		other := w.living()
		w.changeSome(other)
		w.eraseOne(other)
		_, err := other.act(func(r *roster.Roster) error {
			_, err := judge.Compare(w.ctx, r)
			return err
		})
		if err != nil {
			t.Errorf("while it is recalculated: %v", err)
		}
	})
	_, err := w.save(w.nodes[0], "g", calculated, false)
	w.must(err)
	w.settleLiving()
	if len(w.workers) != 3 {
		t.Fatalf("nodes that have worked: got %d, want 3", len(w.workers))
	}
	var all []int
	for i, n := range w.workers {
		all = append(all, w.done[n]...)
		if (w.again[n] > 0) != (i > 0) {
			t.Errorf("the %d. node that worked looked again at others %d times; only those after the first have to", i+1, w.again[n])
		}
	}
	slices.Sort(all)
	if want := []int{0, 1, 2, 3, 4, 5, 6}; !slices.Equal(all, want) {
		t.Errorf("slices that were looked at, by all nodes: got %v, want each once", all)
	}
	w.settle()
	w.check()
	w.nothingLeft()
	for _, n := range w.gone {
		n.close()
	}
}

func TestARecalculationIsCancelledBetweenSlicesAndLeavesNothing(t *testing.T) {
	w := newWatch(t, 2)
	was := w.members(w.nodes[0], "g")
	reached := make(chan struct{})
	w.watch(func(n *node, ctx context.Context, of *roaring.Bitmap) {
		w.take(n, of)
		if len(w.done[n]) == 3 {
			close(reached)
			<-ctx.Done()
		}
	})
	_, err := w.save(w.nodes[0], "g", calculated, false)
	w.must(err)
	<-reached
	other := w.nodes[0]
	if other.roster.Works() {
		other = w.nodes[1]
	}
	w.changeSome(other)
	_, err = other.act(func(r *roster.Roster) error { return r.Cancel(w.ctx, "g") })
	w.must(err)
	for _, n := range w.nodes {
		w.must(n.roster.Refresh(w.ctx))
		if got, _ := n.roster.Status("g"); got != muster.ConditionChanged {
			t.Errorf("status on %s: got %s, want %s", n.name, got, muster.ConditionChanged)
		}
		if got := w.members(n, "g"); got != was+6 { // who got an external id meanwhile
			t.Errorf("members on %s: got %d, want %d", n.name, got, was+6)
		}
	}
	w.nothingLeft()
	w.check()

	w.watch(func(*node, context.Context, *roaring.Bitmap) {})
	_, err = other.act(func(r *roster.Roster) error {
		job, err := r.Recalculate(w.ctx, "g")
		if err != nil {
			return err
		}
		return job.Wait(w.ctx)
	})
	w.must(err)
	w.check()
}

// A slice asks the plan as of the beginning. What arrives late, and counts by that
// plan and no more by the one as of its arrival, is no reason to leave anybody out.
func TestWhatArrivesLateDuringARecalculationIsJudgedAsOfTheSwitch(t *testing.T) {
	w := newWatch(t, 1)
	n := w.nodes[0]
	w.now.Add(86400)
	everybody := w.members(n, "other") + w.members(n, "reader")
	began, arrived := muster.Instant(w.now.Load()), false
	w.watch(func(n *node, _ context.Context, _ *roaring.Bitmap) {
		if arrived {
			return
		}
		arrived = true
		w.now.Add(90)
		_, err := n.roster.Advance(w.ctx) // of this the next commit has nothing to say
		w.must(err)
		batch := muster.Batch{Authority: muster.Edit}
		for i := range 6 {
			batch.Items = append(batch.Items, muster.Item{Activity: &muster.ActivityInput{Who: muster.Identifiers{VisitorID: visitor(i * slice)}, HasAt: true, Activity: muster.Activity{Type: "page_visit", At: began - 10}}})
		}
		_, err = n.roster.Apply(w.ctx, batch)
		w.must(err)
	})
	_, err := w.save(n, "g", `{"groups":[{"conditions":[{"type":"performed-any","not":true,"params":{"within":{"last":"60s"}}}]}]}`, false)
	w.must(err)
	w.settle()
	if got := w.members(n, "g"); !arrived || got != everybody {
		t.Errorf("members, nobody having done anything for a minute: got %d, want all %d; arrived: %v", got, everybody, arrived)
	}
	w.check()
}

// nothingLeft looks whether recalculations have dropped what they had kept.
func (w *watch) nothingLeft() {
	w.t.Helper()
	conn, err := pgx.Connect(w.ctx, w.url)
	w.must(err)
	defer conn.Close(w.ctx)
	var rows int
	w.must(conn.QueryRow(w.ctx, `select count(*) from work`).Scan(&rows))
	if rows != 0 {
		w.t.Errorf("parts that recalculations have left: got %d, want none", rows)
	}
}
