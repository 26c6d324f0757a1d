package property_test

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/test/script"
)

// facts is what is known of every contact according to the model of the
// scripts, which resolves identities and merges by rules written a second time.
// It has no groups: those are judged over the facts that the store answers.
type facts struct {
	model *script.Model
	all   []muster.ContactID // ever made

	erasures int
}

func newFacts(now muster.Instant) facts {
	var ids uint64
	return facts{model: script.NewModel(script.Options{Clock: now, NewID: func() muster.ContactID {
		ids++
		return idOf(ids)
	}})}
}

func (f *facts) define(now muster.Instant, d script.Definition) error {
	f.model.SetClock(now)
	return f.model.Define(d)
}

// zone tells the model in which zone nights are.
func (f *facts) zone(now muster.Instant, name string) error {
	f.model.SetClock(now)
	return f.model.SetZone(cmp.Or(name, "UTC"))
}

// advance takes the model along.
func (f *facts) advance(now muster.Instant) error {
	f.model.SetClock(now)
	before := f.gone()
	err := f.model.Advance()
	f.erasures += f.gone() - before
	return err
}

// gone counts who was erased, by somebody or by retention.
func (f *facts) gone() (n int) {
	for _, id := range f.all {
		if _, err := f.model.Contact(muster.Identifiers{ID: id}); muster.CodeOf(err) == muster.CodeGone {
			n++
		}
	}
	return n
}

// apply applies a batch to both and compares what became of the items.
func (w *world) apply(batch muster.Batch) error {
	w.facts.name(&batch)
	got, err := w.roster.Apply(ctx, batch)
	if err != nil {
		return err
	}
	w.facts.model.SetClock(w.now)
	want, err := w.facts.model.Apply(batch)
	if err != nil {
		return err
	}
	if got.At != want.At {
		return fmt.Errorf("the batch was applied at %s, want %s", got.At, want.At)
	}
	for i, g := range got.Items {
		e := want.Items[i]
		slices.Sort(g.Ignored)
		slices.Sort(e.Ignored)
		if g.Status == muster.Duplicate {
			g.Contact = e.Contact // whose it would have been, as far as one can tell
		}
		if g.Status != e.Status || g.Contact != e.Contact || g.Created != e.Created || !slices.Equal(g.Ignored, e.Ignored) || muster.CodeOf(g.Err) != muster.CodeOf(e.Err) {
			return fmt.Errorf("item %d: got %+v, want %+v", i, g, e)
		}
		if g.Created {
			w.facts.all = append(w.facts.all, g.Contact)
		}
	}
	return nil
}

// name makes the senders' ids unique since the last erasure, and drops those of
// types with a retention: a restart forgets the ids of what was removed.
func (f *facts) name(batch *muster.Batch) {
	for i, item := range batch.Items {
		switch {
		case item.Erase != nil:
			f.erasures++
		case item.Activity != nil && item.Activity.ID != "":
			a := *item.Activity
			a.ID = fmt.Sprint(a.ID, "-", f.erasures)
			if slices.Contains([]string{"a0", "a1", "page_visit"}, a.Type) {
				a.ID = ""
			}
			batch.Items[i].Activity = &a
		}
	}
}

// compare sets everything the store knows of everybody against the model.
func (f *facts) compare(st store.Store) error {
	return st.View(ctx, func(v store.View) error {
		for _, id := range f.all {
			want, failure := f.model.Contact(muster.Identifiers{ID: id})
			no, err := v.ByID(id)
			if muster.CodeOf(err) != muster.CodeOf(failure) {
				return fmt.Errorf("contact %s: got %v, want %v", id, err, failure)
			}
			if err != nil {
				continue
			}
			got, err := v.Contact(no)
			if err != nil {
				return err
			}
			if g, w := describe(got), describe(want); g != w {
				return fmt.Errorf("contact %s\nis   %s\nwant %s", id, g, w)
			}
			if got.ID != id {
				continue // merged: its activities are looked at with the parent's
			}
			activities, err := f.model.Activities(id)
			if err != nil {
				return err
			}
			stored, err := v.Activities(no, store.ActivityQuery{Limit: 1 << 20})
			if err != nil {
				return err
			}
			var did []muster.Activity
			for _, a := range stored {
				did = append(did, a.Activity)
			}
			if g, w := describeActivities(did), describeActivities(activities); !slices.Equal(g, w) {
				return fmt.Errorf("contact %s\ndid  %q\nwant %q", id, g, w)
			}
		}
		return nil
	})
}

func describe(c muster.Contact) string {
	c.No = 0
	c.VisitorIDs, c.MergedIDs, c.Decisions = slices.Clone(c.VisitorIDs), slices.Clone(c.MergedIDs), slices.Clone(c.Decisions)
	slices.Sort(c.VisitorIDs)
	slices.SortFunc(c.MergedIDs, func(a, b muster.ContactID) int { return slices.Compare(a[:], b[:]) })
	slices.SortFunc(c.Decisions, func(a, b muster.Decision) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Code, b.Code))
	})
	values := map[string]muster.Value{}
	for code, v := range c.Fields {
		if !v.IsMissing() {
			values[code] = v
		}
	}
	c.Fields = values
	return fmt.Sprintf("%+v", c) // maps print in order of their keys
}

func describeActivities(list []muster.Activity) (out []string) {
	for _, a := range list {
		attributes := slices.Clone(a.Attributes)
		slices.SortFunc(attributes, func(a, b muster.Attribute) int { return cmp.Compare(a.Name, b.Name) })
		out = append(out, fmt.Sprintf("%s %s %s %v", a.At, a.Type, a.Channel, attributes))
	}
	slices.Sort(out)
	return out
}
