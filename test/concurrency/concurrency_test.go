package concurrency_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/test/judge"
	"github.com/muster-groups/muster/test/scratch"
)

// conditions are what the groups g0, g1, ... switch between. The last ones
// refer to the groups before them.
var conditions = []string{
	`{"groups":[{"conditions":[{"type":"visited-page","params":{"pages":["/pricing"],"times":{"at_least":2},"within":{"last":"7d"}}}]}]}`,
	`{"match":"any","groups":[{"conditions":[{"type":"inactive","params":{"last":"1d"}}]},{"conditions":[{"type":"consent","params":{"consent":"tracking"}}]}]}`,
	`{"groups":[{"match":"any","not":true,"conditions":[{"type":"field","params":{"field":"score","op":"at_least","value":5}},{"type":"activity-count","params":{"types":["purchase"],"times":{"at_least":1},"within":{"last":"30d"}}}]}]}`,
	`{"groups":[{"match":"all","conditions":[{"type":"sample","params":{"percent":50}},{"type":"performed-any","params":{"within":{"period":"today"}}}]}]}`,
	`{"groups":[{"conditions":[{"type":"activity-measure","params":{"types":["purchase"],"measure":"distinct","attribute":"rating","op":"at_least","value":2}}]}]}`,
}

const references = `{"groups":[{"match":"any","conditions":[{"type":"in-groups","params":{"groups":["g0"]}},{"type":"in-groups","not":true,"params":{"groups":["g1"]}}]}]}`

// crowd is a roster that many use at once.
type crowd struct {
	t      *testing.T
	ctx    context.Context
	store  store.Store
	roster *roster.Roster
	now    atomic.Int64
	start  muster.Instant
}

func newCrowd(t *testing.T) *crowd {
	c := &crowd{t: t, ctx: context.Background(), start: muster.InstantOf(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))}
	c.now.Store(int64(c.start))
	st, err := embedded.Open(c.ctx, scratch.Dir(t), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.store = st
	c.roster, err = roster.Open(c.ctx, st, roster.Options{
		Clock: roster.ClockFunc(func() muster.Instant { return muster.Instant(c.now.Load()) }), Manual: true, ServerZone: time.UTC,
	})
	if err != nil {
		t.Fatal(errors.Join(err, st.Close()))
	}
	c.must(c.roster.PutField(c.ctx, muster.Field{Code: "score", Name: "Score", Type: muster.NumberField}))
	c.must(c.roster.PutNamed(c.ctx, roster.KindConsent, muster.Named{Code: "tracking", Name: "Tracking"}))
	c.must(c.rating(muster.TextAttribute))
	for i, condition := range append(slices.Clone(conditions), references) {
		c.must(c.save(fmt.Sprintf("g%d", i), condition, true))
	}
	return c
}

func (c *crowd) must(err error) {
	if err != nil {
		c.t.Helper()
		c.t.Error(err)
	}
}

func (c *crowd) save(code, condition string, create bool) error {
	parsed, err := muster.ParseCondition([]byte(condition))
	if err != nil {
		return err
	}
	daily := true
	_, _, err = c.roster.SaveGroup(c.ctx, roster.Save{Create: create, Code: code, Name: &code, Condition: &parsed, Schedule: &daily, Recalculate: true, Author: "crowd"})
	return err
}

func (c *crowd) close() {
	c.must(c.roster.Close())
	c.must(c.store.Close())
}

// settle waits until nothing is recalculated any more.
func (c *crowd) settle() {
	for again := true; again; {
		again = false
		for code := range c.roster.State().Groups {
			if status, _ := c.roster.Status(code); status == muster.Recalculating {
				again = true
				job, err := c.roster.Recalculate(c.ctx, code)
				c.must(err)
				_ = job.Wait(c.ctx) // that it was cancelled is no failure
			}
		}
	}
}

func TestEverythingAtOnceLeavesEveryGroupRight(t *testing.T) {
	c := newCrowd(t)
	rounds := 150
	if scratch.Soak() {
		rounds = 1500
	}
	seed := scratch.Seed(t)
	var all sync.WaitGroup
	for name, act := range map[string]func(*rand.Rand) error{
		"writer 1": c.write, "writer 2": c.write, "writer 3": c.write, "eraser": c.erase,
		"reader": c.read, "scanner": c.scan, "ticker": c.tick, "editor": c.edit, "recalculator": c.recalculate, "definer": c.define,
	} {
		all.Go(func() {
			chance := scratch.Chance(seed, name)
			for range rounds {
				if err := act(chance); err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
			}
		})
	}
	all.Wait()
	c.settle()
	if _, err := c.roster.Advance(c.ctx); err != nil {
		t.Fatal(err)
	}
	c.settle()
	if _, err := judge.Compare(c.ctx, c.roster); err != nil {
		t.Error(err)
	}
	c.must(c.checkFeed())
	for code, g := range c.roster.State().Groups {
		if g.LastCorrections != 0 || g.Failure != "" {
			t.Errorf("group %s: %d corrections, failure %q; want none", code, g.LastCorrections, g.Failure)
		}
	}
	c.close()
}

func who(chance *rand.Rand) (who muster.Identifiers) {
	n := chance.IntN(40)
	switch chance.IntN(4) {
	case 0:
		who.ExternalID = fmt.Sprint("x", n)
	case 1:
		who.Email = fmt.Sprintf("p%d@example.com", n)
	case 2:
		who.VisitorID = fmt.Sprint("v", n)
	default: // brings contacts together
		who.ExternalID, who.VisitorID = fmt.Sprint("x", n), fmt.Sprint("v", chance.IntN(40))
	}
	return who
}

// write applies a batch about contacts that others write to at the same time.
func (c *crowd) write(chance *rand.Rand) error {
	batch := muster.Batch{Authority: muster.Edit}
	for range 1 + chance.IntN(8) {
		switch chance.IntN(3) {
		case 0:
			score := muster.Value{Kind: muster.KindNumber, Number: muster.Decimal(chance.IntN(10)) * muster.DecimalOne}
			state := []muster.DecisionState{muster.Agreed, muster.Revoked}[chance.IntN(2)]
			batch.Items = append(batch.Items, muster.Item{Contact: &muster.ContactChange{Who: who(chance), Fields: map[string]muster.Value{"score": score},
				Decisions: []muster.DecisionInput{{Kind: muster.OnConsent, Code: "tracking", State: state}}}})
		default:
			rating := muster.Attribute{Name: "rating", Value: muster.Scalar{Kind: muster.KindText, Text: []string{"7", "7.0"}[chance.IntN(2)]}}
			page := muster.Attribute{Name: "page", Value: muster.Scalar{Kind: muster.KindText, Text: []string{"/pricing", "/blog"}[chance.IntN(2)]}}
			in := &muster.ActivityInput{Who: who(chance), HasAt: true, Activity: muster.Activity{
				Type: []string{"page_visit", "purchase"}[chance.IntN(2)], At: c.start - muster.Instant(chance.IntN(40*86400)), Attributes: []muster.Attribute{page, rating}}}
			batch.Items = append(batch.Items, muster.Item{Activity: in})
		}
	}
	result, err := c.roster.Apply(c.ctx, batch)
	if err != nil {
		return err
	}
	for i, r := range result.Items {
		if r.Status == muster.Rejected {
			return fmt.Errorf("item %d is rejected: %w", i, r.Err)
		}
	}
	return nil
}

func (c *crowd) erase(chance *rand.Rand) error {
	var id muster.ContactID
	err := c.store.View(c.ctx, func(v store.View) error {
		if no := v.ByExternalID(fmt.Sprint("x", chance.IntN(40))); no != 0 && chance.IntN(4) == 0 {
			id = v.Owner(no).ID
		}
		return nil
	})
	if err != nil || id.IsZero() {
		return err
	}
	_, err = c.roster.Apply(c.ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Erase: &id}}})
	_, failed := c.store.Maintain(c.ctx)
	return errors.Join(err, failed)
}

// read asks within one view for what must fit together.
func (c *crowd) read(chance *rand.Rand) error {
	groups := c.roster.State().Groups
	return c.store.View(c.ctx, func(v store.View) error {
		for code, g := range groups {
			members := v.Members(g.No)
			if !roaring.AndNot(members, v.Contacts()).IsEmpty() {
				return fmt.Errorf("group %s has members that are no contacts", code)
			}
			at, err := v.MembersAt(g.No, v.Tick())
			if err != nil {
				return err
			}
			if !at.Equals(members) {
				return fmt.Errorf("group %s has the members %v, and as of now %v", code, members, at)
			}
			for it := members.Iterator(); it.HasNext(); {
				no := muster.ContactNo(it.Next())
				if chance.IntN(10) > 0 {
					continue
				}
				list, err := v.Memberships(no)
				if err != nil {
					return err
				}
				if !slices.ContainsFunc(list, func(m store.Membership) bool { return m.Group == g.No }) {
					return fmt.Errorf("contact %d is in group %s, but not by its memberships", no, code)
				}
				if _, err := v.Contact(no); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// scan previews a condition over all contacts while writes go on.
func (c *crowd) scan(chance *rand.Rand) error {
	parsed, err := muster.ParseCondition([]byte(conditions[chance.IntN(len(conditions))]))
	if err != nil {
		return err
	}
	checked, _, err := c.roster.CheckCondition(parsed, false)
	if err != nil {
		return err
	}
	node := c.roster.Lower(checked, nil, c.roster.Now())
	_, err = c.store.Scan(c.ctx, []store.Query{{Node: node}}, func(float64) {})
	return err
}

func (c *crowd) tick(chance *rand.Rand) error {
	c.now.Add(int64(1 + chance.IntN(6*3600)))
	_, err := c.roster.Advance(c.ctx)
	return err
}

func (c *crowd) edit(chance *rand.Rand) error {
	return c.save(fmt.Sprintf("g%d", chance.IntN(len(conditions))), conditions[chance.IntN(len(conditions))], false)
}

// recalculate starts, joins or cancels a recalculation.
func (c *crowd) recalculate(chance *rand.Rand) error {
	code := fmt.Sprintf("g%d", chance.IntN(len(conditions)+1))
	job, err := c.roster.Recalculate(c.ctx, code)
	if err != nil {
		return err
	}
	switch chance.IntN(3) {
	case 0:
		if err := c.roster.Cancel(c.ctx, code); err != nil && muster.CodeOf(err) != muster.CodeConflict {
			return err
		}
	case 1:
		if err := job.Wait(c.ctx); err != nil && muster.CodeOf(err) != muster.CodeConflict {
			return err
		}
	}
	return nil
}

// define changes definitions that are in use.
func (c *crowd) define(chance *rand.Rand) error {
	switch chance.IntN(3) {
	case 0:
		return c.roster.SetZone(c.ctx, []string{"", "Europe/Vienna", "Asia/Tokyo"}[chance.IntN(3)])
	case 1:
		kind := []muster.AttributeType{muster.TextAttribute, muster.NumberAttribute}[chance.IntN(2)]
		return c.rating(kind)
	}
	code := fmt.Sprint("f", chance.IntN(5))
	return c.roster.PutField(c.ctx, muster.Field{Code: code, Name: code, Type: muster.TextField})
}

// rating defines an attribute that a condition in use reads, which every time
// recalculates its group.
func (c *crowd) rating(kind muster.AttributeType) error {
	return c.roster.PutActivityType(c.ctx, muster.ActivityType{Code: "purchase", Name: "Purchase", Attributes: []muster.AttributeDef{{Code: "rating", Name: "Rating", Type: kind}}})
}

// checkFeed reads the whole feed: no number is missing, and it adds up to the membership.
func (c *crowd) checkFeed() error {
	groups := c.roster.State().Groups
	return c.store.View(c.ctx, func(v store.View) error {
		sets := map[muster.GroupNo]*roaring.Bitmap{}
		var last muster.Seq
		for last < v.LastSeq() {
			page, err := v.Changes(store.ChangeQuery{After: last, Limit: 1000})
			if err != nil {
				return err
			}
			for _, change := range page {
				if change.Seq != last+1 {
					return fmt.Errorf("after record %d comes %d", last, change.Seq)
				}
				last = change.Seq
				if sets[change.Group] == nil {
					sets[change.Group] = roaring.New()
				}
				no := uint32(change.Contact)
				switch {
				case no == 0: // erased since
				case change.Entered && !sets[change.Group].CheckedAdd(no), !change.Entered && !sets[change.Group].CheckedRemove(no):
					return fmt.Errorf("record %+v changes nothing", change)
				}
			}
			if len(page) == 0 {
				return fmt.Errorf("the feed ends at %d, the last record is %d", last, v.LastSeq())
			}
		}
		for code, g := range groups {
			if set := sets[g.No]; set != nil && !set.Equals(v.Members(g.No)) {
				return fmt.Errorf("group %s has the members %v, its records add up to %v", code, v.Members(g.No), set)
			}
		}
		return nil
	})
}
