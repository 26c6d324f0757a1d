package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// transcript writes down everything that it is told.
type transcript struct{ lines []string }

func (t *transcript) say(format string, args ...any) error {
	t.lines = append(t.lines, fmt.Sprintf(format, args...))
	return nil
}

func (t *transcript) Start(head store.ArchivedHead) error { return t.say("head %+v", head) }

func (t *transcript) Contact(c store.ArchivedContact) error {
	fields := map[string]muster.Value{} // none and no map are the same
	for code, v := range c.Fields {
		fields[code] = v
	}
	return t.say("contact %d %s %s of %d erased %t: %q %q %q %+v %+v", c.No, c.ID, c.CreatedAt, c.Parent, c.Erased, c.ExternalID, c.Email, c.VisitorIDs, fields, c.Decisions)
}

func (t *transcript) Activity(a store.ArchivedActivity) error {
	// The order of attributes means nothing.
	slices.SortFunc(a.Attributes, func(x, y muster.Attribute) int { return strings.Compare(x.Name, y.Name) })
	return t.say("activity %+v", a)
}

func (t *transcript) Floor(group muster.GroupNo, members *roaring.Bitmap, since []muster.Instant) error {
	return t.say("floor %d: %v since %v", group, members.ToArray(), since)
}

func (t *transcript) Change(c muster.Change) error { return t.say("change %+v", c) }

func (t *transcript) Forgotten(group muster.GroupNo) error { return t.say("forgotten %d", group) }

func (t *transcript) Document(kind, code string, body []byte) error {
	return t.say("document %s %s: %s", kind, code, body)
}

// transcribe opens a place, changes it, and writes down everything in it.
func transcribe(t *testing.T, at *config.Settings, change func(store.Store)) []string {
	t.Helper()
	st, err := openStore(t.Context(), at, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	if change != nil {
		change(st)
	}
	var all transcript
	if err := st.(store.Archived).Archive(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	return all.lines
}

// liveThrough fills a store with what a copy can lose: the demonstration's year
// with its merges, erased people, a deleted group, and history that was given up.
func liveThrough(t *testing.T, st store.Store) {
	t.Helper()
	story := storyDocument{Seed: 7, Contacts: 300, Activities: 4000}
	if _, err := tellStory(t.Context(), st, story, func(string, float64) {}); err != nil {
		t.Fatal(err)
	}
	var first muster.Change
	for _, act := range []func(store.Tx) error{
		func(tx store.Tx) error {
			list, err := tx.Changes(store.ChangeQuery{})
			if err != nil || len(list) < 100 {
				return fmt.Errorf("the story has %d changes, want 100 or more: %w", len(list), err)
			}
			first = list[0]
			for i, no := range tx.Contacts().ToArray() {
				if i%25 != 0 {
					continue
				}
				memberships, err := tx.Memberships(muster.ContactNo(no))
				if err != nil {
					return err
				}
				for _, m := range memberships {
					if err := tx.Record(m.Group, muster.Cause{Kind: muster.CauseErasure}, nil, roaring.BitmapOf(no)); err != nil {
						return err
					}
				}
				if err := tx.Erase(muster.ContactNo(no)); err != nil {
					return err
				}
			}
			return nil
		},
		func(tx store.Tx) error { return tx.Forget(first.Group) },
		func(tx store.Tx) error { return tx.SetHorizon(tx.Tick() - 90*86400) },
	} {
		if err := st.Update(t.Context(), act); err != nil {
			t.Fatal(err)
		}
	}
}

func copyThereAndBack(t *testing.T, server *pgtest.Server) {
	url, err := server.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	places := []*config.Settings{
		{Data: filepath.Join(t.TempDir(), "here")}, {Database: url, DatabaseConnections: 4}, {Data: filepath.Join(t.TempDir(), "again")},
	}
	want := transcribe(t, places[0], func(st store.Store) { liveThrough(t, st) })
	for _, kind := range []string{"floor", "change", "forgotten", "document", "activity"} {
		if !slices.ContainsFunc(want, func(line string) bool { return strings.HasPrefix(line, kind+" ") }) {
			t.Fatalf("there is no %s to copy", kind)
		}
	}
	for _, part := range []string{"erased true", "Contact:0 "} {
		if !slices.ContainsFunc(want, func(line string) bool { return strings.Contains(line, part) }) {
			t.Fatalf("there is no %q to copy", part)
		}
	}
	m := &Main{Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Lookup: func(string) (string, bool) { return "", false }}
	for i, to := range places[1:] {
		if _, err := m.copyWhole(t.Context(), places[i], to); err != nil {
			t.Fatalf("copy to %s: %v", to.Place(), err)
		}
		got := transcribe(t, to, nil)
		if len(got) != len(want) {
			t.Errorf("%s: got %d things, want %d", to.Place(), len(got), len(want))
		}
		for n := range min(len(got), len(want)) {
			if got[n] != want[n] {
				t.Fatalf("%s: got\n%s, want\n%s", to.Place(), got[n], want[n])
			}
		}
	}
}
