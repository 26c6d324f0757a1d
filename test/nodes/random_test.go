package nodes_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

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
	looked muster.Seq // the feed was whole up to here, when it was looked at last

	mu           sync.Mutex
	acknowledged map[string][]string // pages, by the contact of the writer who visited them
	sum          tally
}

// tally is what a crowd has done.
type tally struct {
	worlds, rounds int
	commits        int64 // of the database
	batches        int   // that were acknowledged
	cuts, restarts int
}

func (t tally) plus(o tally) tally {
	return tally{t.worlds + o.worlds, t.rounds + o.rounds, t.commits + o.commits, t.batches + o.batches, t.cuts + o.cuts, t.restarts + o.restarts}
}

// inOneWorld is how many commits a database gets before the next one is begun:
// what is judged after each round grows with them.
const inOneWorld = 4000

// perWriter is how many batches a writer sends while others edit, tick or cut once.
const perWriter = 3

// Promised are 100,000 commits without one wrong membership, which a soak makes.
// The database is one that syncs nothing: how commits meet is looked at here, not
// whether they outlive a crash of the machine.
func TestManyNodesAtOnceLeaveEveryGroupRight(t *testing.T) {
	seed, started, budget := scratch.Seed(t), time.Now(), scratch.Budget(15*time.Second)
	wanted, acts := int64(1), 8
	if scratch.Soak() {
		wanted, acts = 100_000, 40
	}
	var all tally
	more := func(at tally) bool {
		return !t.Failed() && (at.rounds == 0 || time.Since(started) < budget && (!scratch.Soak() || at.commits < wanted))
	}
	for more(all) {
		t.Run(fmt.Sprint("world ", all.worlds+1), func(t *testing.T) {
			c := &crowd{cluster: newCluster(t, 2), acknowledged: map[string][]string{}}
			c.define(t)
			defer func() { all = all.plus(c.sum) }()
			c.sum.worlds = 1
			for c.sum.commits < inOneWorld && !t.Failed() && more(all.plus(c.sum)) {
				c.sum.rounds++
				c.round(scratch.Chance(seed, fmt.Sprint("round ", all.rounds+c.sum.rounds)).Uint64(), acts)
			}
		})
		t.Logf("%d commits in %d rounds and %d worlds, %d acknowledged batches; %d cuts and %d restarts; seed %d", all.commits, all.rounds, all.worlds, all.batches, all.cuts, all.restarts, seed)
	}
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

// round lets everybody act, cuts connections and restarts nodes meanwhile, and
// judges what has come of it.
func (c *crowd) round(seed uint64, acts int) {
	var all sync.WaitGroup
	for name, act := range map[string]func(*node, *rand.Rand) error{
		"writer 1": c.writer(1), "writer 2": c.writer(2), "writer 3": c.writer(3), "writer 4": c.writer(4), "writer 5": c.writer(5), "writer 6": c.writer(6),
		"eraser": c.erase, "ticker": c.tick, "editor": c.edit, "recalculator": c.recalculate, "definer": c.redefine, "housekeeper": c.maintain, "cutter": c.cutSome, "operator": c.restartSome,
	} {
		all.Go(func() {
			chance := scratch.Chance(seed, name)
			times := acts
			if strings.HasPrefix(name, "writer") {
				times *= perWriter
			}
			for range times {
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
			f := &reader{node: n, last: c.looked}
			for range 2 * acts {
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
	c.count()
}

// writer applies batches about contacts that others write to at the same time,
// now and then with somebody new. Each has an activity of the writer's own.
func (c *crowd) writer(number int) func(*node, *rand.Rand) error {
	own := fmt.Sprint("writer", number)
	return func(n *node, chance *rand.Rand) error {
		id := fmt.Sprintf("ack%d", chance.Uint64())
		batch := muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Activity: &muster.ActivityInput{Who: muster.Identifiers{ExternalID: own},
			Activity: muster.Activity{Type: "page_visit", Attributes: []muster.Attribute{text("page", id)}}}}}}
		for range 1 + chance.IntN(6) {
			batch.Items = append(batch.Items, c.item(chance))
		}
		if chance.IntN(4) == 0 {
			batch.Items = append(batch.Items, muster.Item{Contact: &muster.ContactChange{Who: muster.Identifiers{ExternalID: id}}})
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
			c.sum.batches++
			c.acknowledged[own] = append(c.acknowledged[own], id)
		}
		return err
	}
}

func (c *crowd) item(chance *rand.Rand) muster.Item {
	if chance.IntN(3) == 0 {
		score := muster.Value{Kind: muster.KindNumber, Number: muster.Decimal(chance.IntN(10)) * muster.DecimalOne}
		state := []muster.DecisionState{muster.Agreed, muster.Revoked}[chance.IntN(2)]
		return muster.Item{Contact: &muster.ContactChange{Who: who(chance), Fields: map[string]muster.Value{"score": score},
			Decisions: []muster.DecisionInput{{Kind: muster.OnConsent, Code: "tracking", State: state}}}}
	}
	rating, page := text("rating", []string{"7", "7.0"}[chance.IntN(2)]), text("page", []string{"/pricing", "/blog"}[chance.IntN(2)])
	return muster.Item{Activity: &muster.ActivityInput{Who: who(chance), HasAt: true, Activity: muster.Activity{
		Type: []string{"page_visit", "purchase"}[chance.IntN(2)], At: c.start - muster.Instant(chance.IntN(40*86400)), Attributes: []muster.Attribute{page, rating}}}}
}

func text(name, value string) muster.Attribute {
	return muster.Attribute{Name: name, Value: muster.Scalar{Kind: muster.KindText, Text: value}}
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

// maintain does some of the housekeeping that is left.
func (c *crowd) maintain(n *node, chance *rand.Rand) error {
	_, err := n.act(func(r *roster.Roster) error {
		more, err := true, error(nil)
		for range chance.IntN(100) {
			if more && err == nil {
				more, err = r.Store().Maintain(c.ctx)
			}
		}
		return err
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
	c.counted(&c.sum.cuts)
	return n.cut()
}

// restartSome stops a node now and then as an operator does, and starts it again.
func (c *crowd) restartSome(n *node, chance *rand.Rand) error {
	if chance.IntN(10) > 0 {
		_, err := n.act(func(r *roster.Roster) error { return nil })
		return err
	}
	c.counted(&c.sum.restarts)
	return n.restart()
}

func (c *crowd) counted(what *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*what++
}

// checkAcknowledged looks for what was acknowledged: every batch is there, once.
func (c *crowd) checkAcknowledged() {
	c.t.Helper()
	for own, ids := range c.acknowledged {
		found := map[string]int{}
		_, err := c.nodes[0].act(func(r *roster.Roster) error {
			return r.Store().View(c.ctx, func(v store.View) error {
				no, q := v.ByExternalID(own), store.ActivityQuery{Limit: 1000}
				for {
					page, err := v.Activities(no, q)
					for _, a := range page {
						for _, attribute := range a.Attributes {
							found[attribute.Value.Text]++
						}
					}
					if err != nil || len(page) < q.Limit {
						return err
					}
					last := page[len(page)-1]
					q.BeforeAt, q.BeforeRow = last.At, last.Row
				}
			})
		})
		c.must(err)
		for _, id := range ids {
			if found[id] != 1 {
				c.t.Errorf("the batch %s of %s was acknowledged: got it %d times, want it once", id, own, found[id])
			}
		}
	}
}

// count notes how many commits there have been, and where the feed ends.
func (c *crowd) count() {
	c.t.Helper()
	_, err := c.nodes[0].act(func(r *roster.Roster) error {
		return r.Store().View(c.ctx, func(v store.View) error {
			c.sum.commits, c.looked = v.(store.SharedView).Written().Commit, v.LastSeq()
			return nil
		})
	})
	c.must(err)
}
