package storetest

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/plan/plantest"
	"github.com/muster-groups/muster/internal/store"
)

// world is a random history, written to a store and kept beside it in the
// dullest form: every parent contact with all its facts.
type world struct {
	*rand.Rand
	living map[muster.ContactNo]*plantest.Contact
	last   muster.ContactNo
	added  map[int32]muster.Activity // of the current transaction, by ordinal
	owner  map[int32]muster.ContactNo
}

func newWorld(seed uint64) *world {
	return &world{Rand: rand.New(rand.NewPCG(seed, 7)), living: map[muster.ContactNo]*plantest.Contact{}}
}

// someone answers a random parent; 0 when there is none.
func (w *world) someone() muster.ContactNo {
	if w.last == 0 {
		return 0
	}
	for range 20 {
		if no := muster.ContactNo(w.IntN(int(w.last)) + 1); w.living[no] != nil {
			return no
		}
	}
	return 0
}

// step writes a random transaction of n changes.
func (w *world) step(tx *writer, n int) {
	w.added, w.owner = map[int32]muster.Activity{}, map[int32]muster.ContactNo{}
	for range n {
		no := w.someone()
		if no != 0 && w.IntN(8) == 0 {
			w.expect(tx)
		}
		switch kind := w.IntN(100); {
		case no == 0 || kind < 12:
			w.create(tx)
		case kind < 55:
			w.act(tx, no)
		case kind < 75:
			w.field(tx, no)
		case kind < 83:
			w.decide(tx, no)
		case kind < 94:
			w.move(tx, no)
		case kind < 97:
			w.merge(tx, no)
		case kind < 99:
			w.erase(tx, no)
		default:
			w.expire(tx)
		}
	}
}

// expect tells of changes that may come, and looks at whom they are about.
func (w *world) expect(tx *writer) {
	var items []muster.Item
	for range w.IntN(6) {
		no := w.someone()
		c := w.living[no]
		who := muster.Identifiers{ExternalID: c.ExternalID, Email: c.Email}
		switch {
		case w.IntN(3) == 0:
			who = muster.Identifiers{ID: c.ID}
		case len(c.VisitorIDs) > 0:
			who.VisitorID = c.VisitorIDs[0]
		}
		if w.IntN(2) == 0 {
			items = append(items, muster.Item{Contact: &muster.ContactChange{Who: who}})
		} else {
			items = append(items, muster.Item{Activity: &muster.ActivityInput{Activity: muster.Activity{ID: fmt.Sprint("a", w.IntN(1000))}, Who: who}})
		}
	}
	tx.Expect(items)
	for range w.IntN(3) {
		no := w.someone()
		tx.Owner(no)
		code, _ := w.value()
		got, want := tx.Field(no, code), w.living[no].Fields[code]
		if fmt.Sprint(got) != fmt.Sprint(want) {
			tx.t.Errorf("field %s of contact %d, expected: got %v, want %v", code, no, got, want)
		}
		tx.Decision(no, muster.OnConsent, w.word())
	}
}

func (w *world) create(tx *writer) {
	no := tx.contact(int(w.last) + 1)
	w.last = no
	c := &plantest.Contact{Contact: muster.Contact{ID: id(int(no)), No: no, CreatedAt: tx.Tick(), LastActivityAt: muster.Beginning, Fields: map[string]muster.Value{}}}
	w.living[no] = c
	if w.IntN(2) == 0 {
		c.Email = fmt.Sprintf("%s%d@example.com", w.word(), no)
		tx.must(tx.SetEmail(no, c.Email))
	}
	if w.IntN(3) == 0 {
		c.ExternalID = fmt.Sprint("x", no)
		tx.must(tx.SetExternalID(no, c.ExternalID))
	}
	if w.IntN(2) == 0 {
		c.VisitorIDs = []string{fmt.Sprint("v", no)}
		tx.must(tx.AddVisitor(no, c.VisitorIDs[0]))
	}
}

func (w *world) act(tx *writer, no muster.ContactNo) {
	a := muster.Activity{Type: w.kind(), At: w.moment(), Channel: w.channel(), ID: fmt.Sprint("a", w.IntN(1000))}
	for _, name := range []string{"amount", "ok", "page"} {
		if v := w.scalar(name); v.Kind != muster.Missing {
			a.Attributes = append(a.Attributes, muster.Attribute{Name: name, Value: v})
		}
	}
	ordinal := tx.act(no, a)
	c := w.living[no]
	c.Activities = append(c.Activities, a)
	c.LastActivityAt = max(c.LastActivityAt, a.At)
	w.added[int32(ordinal)], w.owner[int32(ordinal)] = a, no
}

func (w *world) field(tx *writer, no muster.ContactNo) {
	code, v := w.value()
	tx.must(tx.SetField(no, code, v))
	w.living[no].Fields[code] = v
	if v.IsMissing() {
		delete(w.living[no].Fields, code)
	}
}

func (w *world) decide(tx *writer, no muster.ContactNo) {
	d := muster.Decision{Kind: muster.OnConsent, Code: w.word(), State: muster.Agreed + muster.DecisionState(w.IntN(2)), At: w.moment(), Version: w.word()}
	if w.IntN(2) == 0 {
		d.Kind, d.State = muster.OnList, muster.Receiving+muster.DecisionState(w.IntN(3))
	}
	c := w.living[no]
	if stands := keepDecision(c, d); tx.decide(no, d) != stands {
		tx.t.Errorf("decision %+v of %+v: stands %t, want %t", d, c.Decisions, !stands, stands)
	}
}

// keepDecision keeps a decision when it stands, and answers whether it does.
func keepDecision(c *plantest.Contact, d muster.Decision) bool {
	at := slices.IndexFunc(c.Decisions, func(old muster.Decision) bool { return old.Kind == d.Kind && old.Code == d.Code })
	if at < 0 {
		c.Decisions = append(c.Decisions, d)
		slices.SortFunc(c.Decisions, func(a, b muster.Decision) int {
			if a.Kind != b.Kind {
				return int(a.Kind) - int(b.Kind)
			}
			return bytes.Compare([]byte(a.Code), []byte(b.Code))
		})
		return true
	}
	if !d.Stands(c.Decisions[at]) {
		return false
	}
	c.Decisions[at] = d
	return true
}

// move changes the membership of a group by one or a few.
func (w *world) move(tx *writer, no muster.ContactNo) {
	group := muster.GroupNo(w.IntN(3) + 1)
	entered, left := roaring.New(), roaring.New()
	for range w.IntN(4) + 1 {
		c := w.living[no]
		if at := slices.Index(c.Groups, group); at < 0 {
			c.Groups = append(c.Groups, group)
			entered.Add(uint32(no))
		} else if !entered.Contains(uint32(no)) {
			c.Groups = slices.Delete(c.Groups, at, at+1)
			left.Add(uint32(no))
		}
		if no = w.someone(); no == 0 || left.Contains(uint32(no)) {
			break
		}
	}
	tx.record(group, muster.CauseActivity, entered, left)
}

// leave takes a contact out of its groups.
func (w *world) leave(tx *writer, no muster.ContactNo, kind muster.CauseKind) {
	for _, group := range w.living[no].Groups {
		tx.record(group, kind, nil, set(no))
	}
}

func (w *world) merge(tx *writer, no muster.ContactNo) {
	other := w.someone()
	if other == 0 || other == no {
		return
	}
	w.leave(tx, other, muster.CauseMerge)
	tx.must(tx.Merge(no, other))
	parent, merged := w.living[no], w.living[other]
	delete(w.living, other)
	if parent.Email == "" {
		parent.Email = merged.Email
	}
	if parent.ExternalID == "" {
		parent.ExternalID = merged.ExternalID
	}
	parent.VisitorIDs = append(parent.VisitorIDs, merged.VisitorIDs...)
	for code, v := range merged.Fields {
		if parent.Fields[code].IsMissing() {
			parent.Fields[code] = v
		}
	}
	for _, d := range merged.Decisions {
		keepDecision(parent, d)
	}
	parent.Activities = append(parent.Activities, merged.Activities...)
	parent.LastActivityAt = max(parent.LastActivityAt, merged.LastActivityAt)
	parent.MergedIDs = append(append(parent.MergedIDs, merged.MergedIDs...), merged.ID)
	slices.SortFunc(parent.MergedIDs, func(a, b muster.ContactID) int { return bytes.Compare(a[:], b[:]) })
	for ordinal, owner := range w.owner {
		if owner == other {
			w.owner[ordinal] = no
		}
	}
}

func (w *world) erase(tx *writer, no muster.ContactNo) {
	w.leave(tx, no, muster.CauseErasure)
	tx.must(tx.Erase(no))
	delete(w.living, no)
	for ordinal, owner := range w.owner {
		if owner == no {
			delete(w.added, ordinal)
		}
	}
}

func (w *world) expire(tx *writer) {
	kind, before := w.kind(), w.moment()-15
	want := roaring.New()
	gone := func(a muster.Activity) bool { return a.Type == kind && a.At < before }
	for no, c := range w.living {
		if slices.ContainsFunc(c.Activities, gone) {
			want.Add(uint32(no))
		}
		c.Activities = slices.DeleteFunc(c.Activities, gone)
		c.LastActivityAt = muster.Beginning
		for _, a := range c.Activities {
			c.LastActivityAt = max(c.LastActivityAt, a.At)
		}
	}
	for ordinal, a := range w.added {
		if gone(a) {
			delete(w.added, ordinal)
		}
	}
	had, err := tx.Expire(kind, before)
	tx.must(err)
	if !had.Equals(want) {
		tx.t.Errorf("contacts that had a %s before %s: got %s, want %s", kind, before, show(had), show(want))
	}
}

// matching answers the set that a plan denotes.
func (w *world) matching(n plan.Node, members map[muster.GroupNo]*roaring.Bitmap, of *roaring.Bitmap) *roaring.Bitmap {
	found := roaring.New()
	for no, c := range w.living {
		if of != nil && !of.Contains(uint32(no)) {
			continue
		}
		judged := *c
		judged.Groups = slices.Clone(c.Groups)
		for group, set := range members {
			judged.Groups = slices.DeleteFunc(judged.Groups, func(g muster.GroupNo) bool { return g == group })
			if set.Contains(uint32(no)) {
				judged.Groups = append(judged.Groups, group)
			}
		}
		if plantest.Holds(n, &judged) {
			found.Add(uint32(no))
		}
	}
	return found
}

// everyone asks for all.
var everyone = store.Query{Node: plan.Everyone{}}

// numbers answers the living in order.
func (w *world) numbers() []muster.ContactNo { return slices.Sorted(maps.Keys(w.living)) }
