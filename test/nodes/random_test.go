package nodes_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/test/scratch"
)

// conditions are what the groups g0, g1, ... switch between. The group "reader"
// refers to the first two.
var conditions = []string{
	`{"groups":[{"conditions":[{"type":"visited-page","params":{"pages":["/pricing"],"times":{"at_least":2},"within":{"last":"7d"}}}]}]}`,
	`{"match":"any","groups":[{"conditions":[{"type":"inactive","params":{"last":"1d"}}]},{"conditions":[{"type":"consent","params":{"consent":"tracking"}}]}]}`,
	`{"groups":[{"match":"any","not":true,"conditions":[{"type":"field","params":{"field":"score","op":"at_least","value":5}},{"type":"activity-count","params":{"types":["purchase"],"times":{"at_least":1},"within":{"last":"30d"}}}]}]}`,
	`{"groups":[{"match":"all","conditions":[{"type":"sample","params":{"percent":50}},{"type":"performed-any","params":{"within":{"period":"today"}}}]}]}`,
	`{"groups":[{"conditions":[{"type":"activity-measure","params":{"types":["purchase"],"measure":"distinct","attribute":"rating","op":"at_least","value":2}}]}]}`,
}

const references = `{"groups":[{"match":"any","conditions":[{"type":"in-groups","params":{"groups":["g0"]}},{"type":"in-groups","not":true,"params":{"groups":["g1"]}}]}]}`

const people = 30

// crowd is many who act on a cluster at once.
type crowd struct {
	*cluster
	mu           sync.Mutex
	acknowledged []string // external ids
	commits      int
}

func TestManyNodesAtOnceLeaveEveryGroupRight(t *testing.T) {
	c := &crowd{cluster: newCluster(t, 2)}
	c.define(t)
	seed, started, budget := scratch.Seed(t), time.Now(), scratch.Budget(15*time.Second)
	rounds, wanted := 0, 0
	if scratch.Soak() {
		wanted = 100_000
	}
	for rounds == 0 || time.Since(started) < budget && (wanted == 0 || c.commits < wanted) {
		rounds++
		c.round(scratch.Chance(seed, fmt.Sprint("round ", rounds)).Uint64())
		if t.Failed() {
			break
		}
	}
	t.Logf("%d rounds, %d acknowledged batches", rounds, c.commits)
}

func (c *crowd) define(t *testing.T) {
	_, err := c.nodes[0].act(func(r *roster.Roster) error {
		return errors.Join(
			r.PutField(c.ctx, muster.Field{Code: "score", Name: "Score", Type: muster.NumberField}),
			r.PutNamed(c.ctx, roster.KindConsent, muster.Named{Code: "tracking", Name: "Tracking"}),
			c.rating(r, muster.TextAttribute))
	})
	c.must(err)
	for i, condition := range conditions {
		_, err := c.save(c.nodes[i%len(c.nodes)], fmt.Sprint("g", i), condition, true)
		c.must(err)
	}
	_, err = c.save(c.nodes[0], "reader", references, true)
	c.must(err)
	c.settle()
}

// round lets everybody act, cuts connections meanwhile, and judges what has come
// of it.
func (c *crowd) round(seed uint64) {
	var all sync.WaitGroup
	for name, act := range map[string]func(*node, *rand.Rand) error{
		"writer 1": c.write, "writer 2": c.write, "writer 3": c.write, "writer 4": c.write, "writer 5": c.write, "writer 6": c.write,
		"eraser": c.erase, "ticker": c.tick, "editor": c.edit, "recalculator": c.recalculate, "definer": c.redefine, "cutter": c.cutSome,
	} {
		all.Go(func() {
			chance := scratch.Chance(seed, name)
			for range 8 {
				n := c.nodes[chance.IntN(len(c.nodes))]
				if err := act(n, chance); err != nil {
					c.t.Errorf("%s on %s: %v", name, n.name, err)
					return
				}
			}
		})
	}
	for _, n := range c.nodes {
		all.Go(func() {
			f := &reader{node: n}
			for range 20 {
				if err := f.follow(); err != nil {
					c.t.Errorf("the feed of %s: %v", n.name, err)
					return
				}
			}
		})
	}
	all.Wait()
	if c.t.Failed() {
		return
	}
	c.settle()
	c.check()
	c.settle() // schedules that were due by the last tick
	c.check()
	c.checkAcknowledged()
}

// write applies a batch about contacts that others write to at the same time,
// with somebody new in it.
func (c *crowd) write(n *node, chance *rand.Rand) error {
	id := fmt.Sprintf("ack%d", chance.Uint64())
	batch := muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Contact: &muster.ContactChange{Who: muster.Identifiers{ExternalID: id}}}}}
	for range 1 + chance.IntN(6) {
		batch.Items = append(batch.Items, c.item(chance))
	}
	done, err := n.act(func(r *roster.Roster) error {
		result, err := r.Apply(c.ctx, batch)
		for i, item := range result.Items {
			if item.Status == muster.Rejected {
				return fmt.Errorf("item %d is rejected: %w", i, item.Err)
			}
		}
		return err
	})
	if done {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.commits++
		c.acknowledged = append(c.acknowledged, id)
	}
	return err
}

func (c *crowd) item(chance *rand.Rand) muster.Item {
	if chance.IntN(3) == 0 {
		score := muster.Value{Kind: muster.KindNumber, Number: muster.Decimal(chance.IntN(10)) * muster.DecimalOne}
		state := []muster.DecisionState{muster.Agreed, muster.Revoked}[chance.IntN(2)]
		return muster.Item{Contact: &muster.ContactChange{Who: who(chance), Fields: map[string]muster.Value{"score": score},
			Decisions: []muster.DecisionInput{{Kind: muster.OnConsent, Code: "tracking", State: state}}}}
	}
	rating := muster.Attribute{Name: "rating", Value: muster.Scalar{Kind: muster.KindText, Text: []string{"7", "7.0"}[chance.IntN(2)]}}
	page := muster.Attribute{Name: "page", Value: muster.Scalar{Kind: muster.KindText, Text: []string{"/pricing", "/blog"}[chance.IntN(2)]}}
	return muster.Item{Activity: &muster.ActivityInput{Who: who(chance), HasAt: true, Activity: muster.Activity{
		Type: []string{"page_visit", "purchase"}[chance.IntN(2)], At: c.start - muster.Instant(chance.IntN(40*86400)), Attributes: []muster.Attribute{page, rating}}}}
}

func who(chance *rand.Rand) (who muster.Identifiers) {
	n := chance.IntN(people)
	switch chance.IntN(4) {
	case 0:
		who.ExternalID = fmt.Sprint("x", n)
	case 1:
		who.Email = fmt.Sprintf("p%d@example.com", n)
	case 2:
		who.VisitorID = fmt.Sprint("v", n)
	default: // brings contacts together
		who.ExternalID, who.VisitorID = fmt.Sprint("x", n), fmt.Sprint("v", chance.IntN(people))
	}
	return who
}

func (c *crowd) erase(n *node, chance *rand.Rand) error {
	if chance.IntN(4) > 0 {
		return nil
	}
	_, err := n.act(func(r *roster.Roster) error {
		var id muster.ContactID
		err := r.Store().View(c.ctx, func(v store.View) error {
			if no := v.ByExternalID(fmt.Sprint("x", chance.IntN(people))); no != 0 {
				id = v.Owner(no).ID
			}
			return nil
		})
		if err != nil || id.IsZero() {
			return err
		}
		_, err = r.Apply(c.ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Erase: &id}}})
		return err
	})
	return err
}

func (c *crowd) tick(n *node, chance *rand.Rand) error {
	c.now.Add(int64(1 + chance.IntN(6*3600)))
	_, err := n.act(func(r *roster.Roster) error {
		_, err := r.Advance(c.ctx)
		return err
	})
	return err
}

func (c *crowd) edit(n *node, chance *rand.Rand) error {
	_, err := c.save(n, fmt.Sprint("g", chance.IntN(len(conditions))), conditions[chance.IntN(len(conditions))], true)
	return err
}

// recalculate starts, joins or cancels a recalculation.
func (c *crowd) recalculate(n *node, chance *rand.Rand) error {
	code := fmt.Sprint("g", chance.IntN(len(conditions)))
	_, err := n.act(func(r *roster.Roster) error {
		job, err := r.Recalculate(c.ctx, code)
		if err != nil {
			return err
		}
		switch chance.IntN(3) {
		case 0:
			err = r.Cancel(c.ctx, code)
		case 1:
			err = job.Wait(c.ctx)
		}
		if muster.CodeOf(err) == muster.CodeConflict {
			return nil // it was cancelled, or had ended
		}
		return err
	})
	return err
}

// redefine changes definitions that are in use.
func (c *crowd) redefine(n *node, chance *rand.Rand) error {
	_, err := n.act(func(r *roster.Roster) error {
		switch chance.IntN(3) {
		case 0:
			return r.SetZone(c.ctx, []string{"", "Europe/Vienna", "Asia/Tokyo"}[chance.IntN(3)])
		case 1:
			return c.rating(r, []muster.AttributeType{muster.TextAttribute, muster.NumberAttribute}[chance.IntN(2)])
		}
		code := fmt.Sprint("f", chance.IntN(5))
		return r.PutField(c.ctx, muster.Field{Code: code, Name: code, Type: muster.TextField})
	})
	return err
}

// rating defines an attribute that a condition in use reads, which every time
// recalculates its group.
func (c *crowd) rating(r *roster.Roster, kind muster.AttributeType) error {
	return r.PutActivityType(c.ctx, muster.ActivityType{Code: "purchase", Name: "Purchase", Attributes: []muster.AttributeDef{{Code: "rating", Name: "Rating", Type: kind}}})
}

// cutSome cuts a node's connections now and then.
func (c *crowd) cutSome(n *node, chance *rand.Rand) error {
	if chance.IntN(6) > 0 {
		_, err := n.act(func(r *roster.Roster) error { return nil })
		return err
	}
	return n.cut()
}

// checkAcknowledged looks for everybody who was acknowledged.
func (c *crowd) checkAcknowledged() {
	c.t.Helper()
	found := roaring.New()
	_, err := c.nodes[0].act(func(r *roster.Roster) error {
		return r.Store().View(c.ctx, func(v store.View) error {
			for _, id := range c.acknowledged {
				no := v.ByExternalID(id)
				if no == 0 || !found.CheckedAdd(uint32(no)) {
					return fmt.Errorf("a contact that was acknowledged, %s: got number %d, want one of its own", id, no)
				}
			}
			return nil
		})
	})
	c.must(err)
}
