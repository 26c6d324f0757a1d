package embedded

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

var _ store.Archived = (*Store)(nil)

// Archive tells everything that is kept: what the file holds, as a start would
// read it, and change records as the engine answers them.
func (s *Store) Archive(ctx context.Context, to store.Archive) error {
	for more := true; more; {
		var err error
		if more, err = s.Maintain(ctx); err != nil {
			return err
		}
	}
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	s.engine.RLock()
	defer s.engine.RUnlock()
	t := &teller{store: s, to: to, parents: map[muster.ContactNo]muster.ContactNo{}, words: map[record.Dict]map[uint32]muster.Scalar{}}
	return s.file.Load(ctx, t, nil)
}

// teller is the record.Sink that passes on what the file hands over.
type teller struct {
	store   *Store
	to      store.Archive
	lastRow uint64
	tick    muster.Instant
	words   map[record.Dict]map[uint32]muster.Scalar
	parents map[muster.ContactNo]muster.ContactNo

	// Contacts and the erased come one after the other, and are told by number.
	contacts  []store.ArchivedContact
	told      bool
	documents []record.Document
}

// Start keeps what is told with the first contact.
func (t *teller) Start(tick muster.Instant, counts record.Counts) error {
	t.tick, t.lastRow = tick, counts.LastRow
	return nil
}

// Entry keeps a dictionary entry.
func (t *teller) Entry(e record.Entry) error {
	if t.words[e.Dict] == nil {
		t.words[e.Dict] = map[uint32]muster.Scalar{}
	}
	t.words[e.Dict][e.Code] = muster.Scalar{Kind: e.Kind, Text: e.Text}
	return nil
}

// Contact keeps a contact until the erased ones are known.
func (t *teller) Contact(c record.Contact) error {
	a := store.ArchivedContact{Parent: c.Parent}
	a.No, a.ID, a.CreatedAt = c.No, c.ID, c.CreatedAt
	if c.Parent != 0 {
		t.parents[c.No] = c.Parent
	} else {
		a.ExternalID, a.Email, a.VisitorIDs, a.Fields, a.Decisions = c.ExternalID, c.Email, c.Visitors, c.Fields, standing(c.Decisions)
	}
	t.contacts = append(t.contacts, a)
	return nil
}

// standing is the decisions in force of all that were made.
func standing(made []muster.Decision) (list []muster.Decision) {
	for _, d := range made {
		i := slices.IndexFunc(list, func(old muster.Decision) bool { return old.Kind == d.Kind && old.Code == d.Code })
		switch {
		case i < 0:
			list = append(list, d)
		case d.Stands(list[i]):
			list[i] = d
		}
	}
	slices.SortFunc(list, func(a, b muster.Decision) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Code, b.Code))
	})
	return list
}

// Erased keeps an erased contact.
func (t *teller) Erased(e record.Erased) error {
	a := store.ArchivedContact{Erased: true}
	a.No, a.ID = e.No, e.ID
	t.contacts = append(t.contacts, a)
	return nil
}

// root follows merges.
func (t *teller) root(no muster.ContactNo) muster.ContactNo {
	for parent := t.parents[no]; parent != 0; parent = t.parents[no] {
		no = parent
	}
	return no
}

// begin tells the contacts, once.
func (t *teller) begin() error {
	if t.told {
		return nil
	}
	t.told = true
	slices.SortFunc(t.contacts, func(a, b store.ArchivedContact) int { return int(int64(a.No) - int64(b.No)) })
	head := store.ArchivedHead{Tick: t.tick, LastRow: t.lastRow, LastSeq: t.store.engine.LastSeq(), Horizon: t.store.engine.Horizon()}
	if n := len(t.contacts); n > 0 {
		head.LastContact = t.contacts[n-1].No
	}
	if err := t.to.Start(head); err != nil {
		return err
	}
	for _, c := range t.contacts {
		if c.Parent != 0 {
			c.Parent = t.root(c.No)
		}
		if err := t.to.Contact(c); err != nil {
			return err
		}
	}
	t.contacts = nil
	return nil
}

// Activities tells activities of those who are still there.
func (t *teller) Activities(list []record.Activity) error {
	if err := t.begin(); err != nil {
		return err
	}
	for i := range list {
		r := &list[i]
		a := store.ArchivedActivity{Arrived: r.Arrived}
		if a.Contact = t.root(r.Contact); t.store.engine.Owner(a.Contact).No == 0 {
			continue // erased, and not removed yet
		}
		a.Row, a.At, a.ID = r.Row, r.At, r.ID
		a.Type, a.Channel = t.words[record.Types][r.Type].Text, t.words[record.Channels][r.Channel].Text
		for _, attr := range r.Attrs {
			a.Attributes = append(a.Attributes, muster.Attribute{
				Name: t.words[record.Attributes][attr.Name].Text, Value: t.words[record.FirstAttribute+record.Dict(attr.Name)][attr.Value]})
		}
		if err := t.to.Activity(a); err != nil {
			return err
		}
	}
	return nil
}

// Base is of no use to others.
func (t *teller) Base(record.Base) error { return t.begin() }

// Horizon has been told.
func (t *teller) Horizon(record.Horizon) error { return t.begin() }

// Floor tells a membership at the horizon.
func (t *teller) Floor(f record.Floor) error {
	if err := t.begin(); err != nil {
		return err
	}
	members := roaring.New()
	if err := members.UnmarshalBinary(f.Bitmap); err != nil {
		return fmt.Errorf("the earlier membership of group %d: %w", f.Group, err)
	}
	if members.IsEmpty() {
		return nil
	}
	return t.to.Floor(f.Group, members, f.Since)
}

// Changes are told by the engine in the end.
func (t *teller) Changes(record.Changes) error { return nil }

// Document keeps a document for the end.
func (t *teller) Document(d record.Document) error {
	t.documents = append(t.documents, d)
	return nil
}

// Done tells the change records, and what comes after them.
func (t *teller) Done() error {
	if err := t.begin(); err != nil {
		return err
	}
	after := t.store.engine.Horizon().Seq
	for {
		list, err := t.store.engine.Changes(store.ChangeQuery{After: after, Limit: 10_000})
		if err != nil {
			return err
		}
		for _, c := range list {
			if err := t.to.Change(c); err != nil {
				return err
			}
			after = c.Seq
		}
		if len(list) == 0 {
			break
		}
	}
	for _, group := range t.store.engine.Forgotten() {
		if err := t.to.Forgotten(group); err != nil {
			return err
		}
	}
	for _, d := range t.documents {
		if err := t.to.Document(d.Kind, d.Code, d.Body); err != nil {
			return err
		}
	}
	return nil
}
