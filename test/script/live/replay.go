package live

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/test/judge"
	"github.com/muster-groups/muster/test/script"
)

// Replayed is a System that, when it is closed, has everything happen again on
// new stores, each time with the activities and dated decisions in another
// order, moved between the changes of fields and identity and across movements
// of the clock. The last membership must be the same: it follows from what is
// known, not from when it became known.
type Replayed struct {
	*System
	chance *rand.Rand
	times  int
	open   func() (store.Store, error) // a new store each time
	began  muster.Instant

	log     []act
	facts   []fact
	created []muster.ContactID
	born    map[muster.ContactID]int // place in log
	keep    map[string]bool          // activity types with a retention: their late arrivals expire
}

// act is one thing that was done, with the clock at which it was.
type act struct {
	clock   muster.Instant
	defines bool // facts do not move across it
	do      func(*System) error
}

// fact is an activity or a dated decision, detached from the change that
// brought it: it may happen at any place in [from, to] of the log.
type fact struct {
	at       muster.Instant
	item     muster.Item
	place    int // where it was
	from, to int
}

// Replay makes a system whose happenings are repeated on stores that open makes.
func Replay(tb testing.TB, o script.Options, chance *rand.Rand, times int, open func() (store.Store, error)) *Replayed {
	var first store.Store
	r := &Replayed{chance: chance, times: times, open: open, began: o.Clock, born: map[muster.ContactID]int{}, keep: map[string]bool{}}
	r.System = New(tb, o, Kept, func() (store.Store, error) {
		var err error
		if first == nil {
			first, err = open()
		}
		return first, err
	})
	return r
}

func (r *Replayed) note(defines bool, do func(*System) error) {
	r.log = append(r.log, act{clock: r.clock, defines: defines, do: do})
}

// Advance notes that the clock was advanced.
func (r *Replayed) Advance() error {
	r.note(false, (*System).Advance)
	return r.System.Advance()
}

// SetZone notes a change of the project's zone.
func (r *Replayed) SetZone(name string) error {
	r.note(false, func(s *System) error { return s.SetZone(name) })
	return r.System.SetZone(name)
}

// Define notes a definition.
func (r *Replayed) Define(d script.Definition) error {
	if d.Activity != nil && d.Activity.RetentionDays > 0 {
		r.keep[d.Activity.Code] = true
	}
	if d.Retention != nil && d.Retention.AnonymousDays+d.Retention.KnownDays > 0 {
		r.times = 0 // who does something too late is no longer there to do it
	}
	r.note(true, func(s *System) error { return s.Define(d) })
	return r.System.Define(d)
}

// Drop notes that a definition or a group went.
func (r *Replayed) Drop(kind, code string) error {
	r.note(true, func(s *System) error { return s.Drop(kind, code) })
	return r.System.Drop(kind, code)
}

// SaveGroup notes a save.
func (r *Replayed) SaveGroup(save script.Save) error {
	r.note(false, func(s *System) error { return s.SaveGroup(save) })
	return r.System.SaveGroup(save)
}

// Recalculate notes a recalculation.
func (r *Replayed) Recalculate(code string) error {
	r.note(false, func(s *System) error { return s.Recalculate(code) })
	return r.System.Recalculate(code)
}

// Apply notes the changes of fields and identity as a batch, and apart from it
// the facts that came with them.
func (r *Replayed) Apply(b muster.Batch) (muster.BatchResult, error) {
	result, err := r.System.Apply(b)
	if err != nil {
		return result, err
	}
	rest := muster.Batch{Authority: b.Authority}
	for i, item := range b.Items {
		res := result.Items[i]
		if res.Status != muster.Accepted {
			continue
		}
		if res.Created {
			r.created = append(r.created, res.Contact)
			r.born[res.Contact] = len(r.log)
		}
		rest.Items = append(rest.Items, r.detach(item, res.Contact, result.At))
	}
	r.note(false, func(s *System) error {
		result, err := s.Apply(rest)
		return errors.Join(err, refusals(result))
	})
	return result, nil
}

// detach takes the facts out of an item and answers what is left of it.
func (r *Replayed) detach(item muster.Item, who muster.ContactID, now muster.Instant) muster.Item {
	him := muster.Identifiers{ID: who}
	switch {
	case item.Activity != nil && !r.keep[item.Activity.Type]:
		a := *item.Activity
		a.Who, a.ID = him, ""
		if !a.HasAt {
			a.At, a.HasAt = now, true
		}
		a.At = min(a.At, now)
		r.facts = append(r.facts, fact{at: a.At, item: muster.Item{Activity: &a}, place: len(r.log)})
		return muster.Item{Contact: &muster.ContactChange{Who: item.Activity.Who}}
	case item.Contact != nil:
		rest := *item.Contact
		rest.Decisions = nil
		for _, d := range item.Contact.Decisions {
			if d.At == 0 {
				d.At = now
			}
			d.At = min(d.At, now)
			change := &muster.ContactChange{Who: him, Decisions: []muster.DecisionInput{d}}
			r.facts = append(r.facts, fact{at: d.At, item: muster.Item{Contact: change}, place: len(r.log)})
		}
		return muster.Item{Contact: &rest}
	}
	return item
}

// refusals answers the first item that was refused, unless an erased contact was meant.
func refusals(result muster.BatchResult) error {
	for _, res := range result.Items {
		if res.Status != muster.Accepted && muster.CodeOf(res.Err) != muster.CodeGone {
			return fmt.Errorf("in another order an item is %s: %w", res.Status, res.Err)
		}
	}
	return nil
}

// Close repeats everything in other orders and ends the system.
func (r *Replayed) Close() error {
	r.bound()
	want, err := r.everybody(r.System)
	for n := 0; n < r.times && err == nil; n++ {
		if err = r.replay(want); err != nil {
			err = fmt.Errorf("in another order of facts: %w", err)
		}
	}
	return errors.Join(err, r.System.Close())
}

// bound finds the places where each fact may happen: not before it can be
// known, and with the definitions that it was brought with.
func (r *Replayed) bound() {
	for i := range r.facts {
		f := &r.facts[i]
		who := f.item.Contact
		id := muster.ContactID{}
		if who != nil {
			id = who.Who.ID
		} else {
			id = f.item.Activity.Who.ID
		}
		f.from, f.to = r.born[id], len(r.log)-1
		for place, a := range r.log {
			switch {
			case a.clock < f.at && place < f.place:
				f.from = max(f.from, place+1)
			case a.defines && place < f.place:
				f.from = max(f.from, place)
			case a.defines && place > f.place:
				f.to = min(f.to, place-1)
			}
		}
	}
}

func (r *Replayed) replay(want map[string][]muster.ContactID) error {
	after := map[int][]muster.Item{} // by place in the log
	for _, f := range r.facts {
		place := f.from + r.chance.IntN(f.to-f.from+1)
		after[place] = append(after[place], f.item)
	}
	ids := r.created
	var st store.Store
	s := New(r.tb, script.Options{Clock: r.began, NewID: func() (id muster.ContactID) {
		id, ids = ids[0], ids[1:]
		return id
	}}, Kept, func() (store.Store, error) {
		var err error
		st, err = r.open()
		return st, err
	})
	for place, a := range r.log {
		s.SetClock(a.clock)
		// What was refused then is refused now.
		if err := a.do(s); muster.CodeOf(err) == muster.CodeInternal && err != nil {
			return errors.Join(err, s.Close())
		}
		items := after[place]
		r.chance.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		for len(items) > 0 {
			n := 1 + r.chance.IntN(len(items))
			result, err := s.Apply(muster.Batch{Authority: muster.Edit, Items: items[:n]})
			if err := errors.Join(err, refusals(result)); err != nil {
				return errors.Join(err, s.Close())
			}
			items = items[n:]
		}
	}
	s.SetClock(r.clock)
	got, err := r.everybody(s)
	if err == nil && !maps.EqualFunc(got, want, slices.Equal) {
		err = fmt.Errorf("the members are %v, they were %v", got, want)
	}
	return errors.Join(err, s.Close())
}

// everybody takes all groups to the time of the clock and answers their members.
func (r *Replayed) everybody(s *System) (map[string][]muster.ContactID, error) {
	if err := s.Advance(); err != nil {
		return nil, err
	}
	if _, err := judge.Compare(s.tb.Context(), s.roster); err != nil {
		return nil, err
	}
	out := map[string][]muster.ContactID{}
	err := s.store.View(s.tb.Context(), func(v store.View) error {
		for code, g := range s.roster.State().Groups {
			members := idsOf(v, v.Members(g.No))
			slices.SortFunc(members, func(a, b muster.ContactID) int { return slices.Compare(a[:], b[:]) })
			out[code] = members
		}
		return nil
	})
	return out, err
}
