package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// tally passes everything on to an archive and counts it.
type tally struct {
	store.Archive
	tell progress
	head store.ArchivedHead

	contacts, merged, erased, activities, changes, documents int64
	groups                                                   map[muster.GroupNo]bool
}

func newTally(to store.Archive, tell progress) *tally {
	return &tally{Archive: to, tell: tell, groups: map[muster.GroupNo]bool{}}
}

// all passes on everything that a store keeps, unless somebody writes to it meanwhile.
func (t *tally) all(ctx context.Context, from store.Store) error {
	archived, ok := from.(store.Archived)
	if !ok {
		return fmt.Errorf("a store of the type %T cannot be copied", from)
	}
	if err := archived.Archive(ctx, t); err != nil {
		return err
	}
	return from.View(ctx, func(v store.View) error {
		if v.Tick() != t.head.Tick || v.LastSeq() != t.head.LastSeq {
			return muster.Errorf(muster.CodeConflict, "Somebody wrote while it was copied, and nothing was kept of the copy. Stop the servers first.")
		}
		return nil
	})
}

// Start passes on the head.
func (t *tally) Start(head store.ArchivedHead) error {
	t.head = head
	return t.Archive.Start(head)
}

// every is how often something is told of what goes on.
const every = 10_000

// Contact counts a contact.
func (t *tally) Contact(c store.ArchivedContact) error {
	t.contacts++
	switch {
	case c.Erased:
		t.erased++
	case c.Parent != 0:
		t.merged++
	}
	if t.contacts%every == 0 {
		t.tell("copying contacts", float64(t.contacts)/float64(t.head.LastContact))
	}
	return t.Archive.Contact(c)
}

// Activity counts an activity.
func (t *tally) Activity(a store.ArchivedActivity) error {
	if t.activities++; t.activities%every == 0 {
		t.tell("copying activities", float64(a.Row)/float64(t.head.LastRow))
	}
	return t.Archive.Activity(a)
}

// Floor notes a group.
func (t *tally) Floor(group muster.GroupNo, members *roaring.Bitmap, since []muster.Instant) error {
	t.groups[group] = true
	return t.Archive.Floor(group, members, since)
}

// Change counts a change.
func (t *tally) Change(c muster.Change) error {
	t.groups[c.Group] = true
	if t.changes++; t.changes%every == 0 {
		t.tell("copying history", float64(c.Seq)/float64(t.head.LastSeq))
	}
	return t.Archive.Change(c)
}

// Document counts a document.
func (t *tally) Document(kind, code string, body []byte) error {
	t.documents++
	return t.Archive.Document(kind, code, body)
}

// compare holds two stores against each other: counts, the end of history, and
// who is in which group since when, by numbers, which are the same.
func (t *tally) compare(ctx context.Context, from, to store.Store) error {
	was, err := from.Stats(ctx)
	if err != nil {
		return err
	}
	is, err := to.Stats(ctx)
	if err != nil {
		return err
	}
	if was.Contacts != is.Contacts || was.Merged != is.Merged || was.Activities != is.Activities || was.Changes != is.Changes {
		return fmt.Errorf("contacts, merged ones, activities and changes were %d, %d, %d, %d and are %d, %d, %d, %d",
			was.Contacts, was.Merged, was.Activities, was.Changes, is.Contacts, is.Merged, is.Activities, is.Changes)
	}
	return from.View(ctx, func(a store.View) error {
		return to.View(ctx, func(b store.View) error {
			if a.Tick() != b.Tick() || a.LastSeq() != b.LastSeq() || a.Horizon() != b.Horizon() {
				return fmt.Errorf("the last commit, the last change and the horizon were %s, %d, %v and are %s, %d, %v",
					a.Tick(), a.LastSeq(), a.Horizon(), b.Tick(), b.LastSeq(), b.Horizon())
			}
			if !a.Contacts().Equals(b.Contacts()) {
				return fmt.Errorf("the contacts are others")
			}
			for _, group := range slices.Sorted(maps.Keys(t.groups)) {
				if !a.Members(group).Equals(b.Members(group)) {
					return fmt.Errorf("group number %d had %d members and has %d, or others", group, a.Members(group).GetCardinality(), b.Members(group).GetCardinality())
				}
			}
			return nil
		})
	})
}
