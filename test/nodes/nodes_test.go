package nodes_test

import (
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
)

const (
	anonymous  = `{"groups":[{"conditions":[{"type":"identified","not":true}]}]}`
	identified = `{"groups":[{"conditions":[{"type":"identified"}]}]}`
)

func TestWhatOneNodeHasDefinedTheNextRequestToAnotherKnows(t *testing.T) {
	c := newCluster(t, 2)
	a, b := c.nodes[0], c.nodes[1]
	for i, code := range []string{"height", "weight", "age"} {
		by, other := c.nodes[i%2], c.nodes[1-i%2]
		_, err := by.act(func(r *roster.Roster) error {
			return r.PutField(c.ctx, muster.Field{Code: code, Name: code, Type: muster.NumberField})
		})
		c.must(err)
		batch := muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Contact: &muster.ContactChange{
			Who: muster.Identifiers{ExternalID: "somebody"}, Fields: map[string]muster.Value{code: {Kind: muster.KindNumber, Number: muster.DecimalOne}}}}}}
		_, err = other.act(func(r *roster.Roster) error {
			result, err := r.Apply(c.ctx, batch)
			if err == nil && result.Items[0].Status != muster.Accepted {
				t.Errorf("a value of the field %s: got %s (%v), want accepted", code, result.Items[0].Status, result.Items[0].Err)
			}
			return err
		})
		c.must(err)
	}
	_, err := a.act(func(r *roster.Roster) error { return r.DeleteField(c.ctx, "age") })
	c.must(err)
	_, err = b.act(func(r *roster.Roster) error {
		if _, known := r.State().Schema.Fields["age"]; known {
			t.Error("a field that the other node has deleted: got it, want none")
		}
		return nil
	})
	c.must(err)
}

// A change is evaluated by what is in force when it is committed, also on a node
// that has not been asked anything since.
func TestACommitKnowsGroupsThatAnotherNodeHasMade(t *testing.T) {
	c := newCluster(t, 2)
	a, b := c.nodes[0], c.nodes[1]
	_, err := c.save(a, "g", anonymous, false)
	c.must(err)
	c.settle()
	_, err = b.roster.Apply(c.ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Contact: &muster.ContactChange{Who: muster.Identifiers{VisitorID: "v"}}}}})
	c.must(err)
	if got := c.members(a, "g"); got != 1 {
		t.Errorf("members: got %d, want 1", got)
	}
	c.check()
}

func TestTwoNodesCannotMakeTheSameGroup(t *testing.T) {
	c := newCluster(t, 2)
	_, err := c.save(c.nodes[0], "g", anonymous, false)
	c.must(err)
	parsed, err := muster.ParseCondition([]byte(identified))
	c.must(err)
	name := "g"
	// No Refresh before: the second node does not know of the first one's group yet.
	_, _, err = c.nodes[1].roster.SaveGroup(c.ctx, roster.Save{Create: true, Code: "g", Name: &name, Condition: &parsed})
	if muster.CodeOf(err) != muster.CodeConflict {
		t.Errorf("making it again: got %v, want a conflict", err)
	}
}

func TestWhatASenderRepeatsToAnotherNodeIsADuplicate(t *testing.T) {
	c := newCluster(t, 2)
	contact := muster.Item{Contact: &muster.ContactChange{Who: muster.Identifiers{VisitorID: "v"}, ID: "message-1"}}
	activity := muster.Item{Activity: &muster.ActivityInput{Who: muster.Identifiers{VisitorID: "v"}, Activity: muster.Activity{Type: "page_visit", ID: "message-2"}}}
	for i, want := range []muster.ItemStatus{muster.Accepted, muster.Duplicate, muster.Duplicate} {
		n := c.nodes[i%2]
		_, err := n.act(func(r *roster.Roster) error {
			result, err := r.Apply(c.ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{contact, activity}})
			for k, item := range result.Items {
				if item.Status != want {
					t.Errorf("item %d, sent to %s the %d. time: got %s, want %s", k, n.name, i+1, item.Status, want)
				}
			}
			return err
		})
		c.must(err)
	}
}

func TestRecalculationsAreDoneByOneNodeAndKnownToAll(t *testing.T) {
	c := newCluster(t, 3)
	working := 0
	for _, n := range c.nodes {
		if n.roster.Works() {
			working++
		}
	}
	if working != 1 {
		t.Errorf("nodes that work: got %d, want 1", working)
	}
	c.visit(c.nodes[0], "v", "w")
	for i, condition := range []string{anonymous, identified, anonymous} {
		n := c.nodes[i]
		_, err := c.save(n, "g", condition, false)
		c.must(err)
		_, err = n.act(func(r *roster.Roster) error {
			job, err := r.Recalculate(c.ctx, "g")
			if err != nil {
				return err
			}
			return job.Wait(c.ctx)
		})
		c.must(err)
		want := uint64(2)
		if condition == identified {
			want = 0
		}
		for _, n := range c.nodes {
			if got := c.members(n, "g"); got != want {
				t.Errorf("members on %s after the recalculation asked for on node%d: got %d, want %d", n.name, i, got, want)
			}
			if got, _ := n.roster.Status("g"); got != muster.UpToDate {
				t.Errorf("status on %s: got %s, want %s", n.name, got, muster.UpToDate)
			}
		}
	}
	c.check()
}

// The node that works is gone without a word: its roster is never closed before
// its connections are.
func TestAnotherNodeGoesOnWhenTheOneThatWorksIsGone(t *testing.T) {
	c := newCluster(t, 2)
	at := 0
	if c.nodes[1].roster.Works() {
		at = 1
	}
	gone, left := c.nodes[at], c.nodes[1-at]
	c.visit(gone, "v")
	c.must(gone.store.Close())
	_, err := c.save(left, "g", anonymous, false)
	c.must(err)
	_, err = left.act(func(r *roster.Roster) error {
		job, err := r.Recalculate(c.ctx, "g")
		if err != nil {
			return err
		}
		return job.Wait(c.ctx)
	})
	c.must(err)
	if !left.roster.Works() {
		t.Error("the node that is left: got one that does not work, want one that does")
	}
	if got := c.members(left, "g"); got != 1 {
		t.Errorf("members: got %d, want 1", got)
	}
	c.nodes = []*node{left}
	c.check()
	gone.close()
}
