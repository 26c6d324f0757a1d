package postgres_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
)

// What was read before the turn changes no answer, whatever others have done since.
func TestWhatWasForeseenIsForgottenWhenItChanges(t *testing.T) {
	if server.Cluster() {
		return // nothing is foreseen there
	}
	rapid.Check(t, func(rt *rapid.T) {
		url := empty(t)
		open := func() *postgres.Store {
			s, err := postgres.Open(t.Context(), url, postgres.Options{})
			if err != nil {
				rt.Fatal(err)
			}
			rt.Cleanup(func() {
				if err := s.Close(); err != nil {
					rt.Error(err)
				}
			})
			return s
		}
		here, there := open(), open()
		var changes []muster.Item
		var senders []string
		for n := 1; n <= 5; n++ {
			for _, who := range []muster.Identifiers{{ID: idOf(n)}, {ExternalID: fmt.Sprint("x", n)}, {Email: fmt.Sprintf("E%d@example.com", n)}, {VisitorID: fmt.Sprint("v", n)}} {
				id := fmt.Sprint("sent ", n)
				changes = append(changes, muster.Item{Activity: &muster.ActivityInput{Who: who, Activity: muster.Activity{ID: id, Type: "visit"}}})
				senders = append(senders, id)
			}
		}
		w := &renaming{T: rt}
		w.some(there)
		var before []store.Foreseen
		for range 2 {
			some := rapid.SliceOfN(rapid.SampledFrom(changes), 1, 12).Draw(rt, "foreseen")
			f := here.Foresee(t.Context(), some)
			for f == nil && t.Context().Err() == nil { // until it has a connection
				f = here.Foresee(t.Context(), some)
			}
			before = append(before, f)
		}
		if rapid.Bool().Draw(rt, "between") {
			w.some(there)
		}
		look := func(s *postgres.Store, first func(tx store.SharedTx)) string {
			text := ""
			err := s.Update(t.Context(), func(tx store.Tx) error {
				first(tx.(store.SharedTx))
				for n := 1; n <= 5; n++ {
					no, err := tx.ByID(idOf(n))
					text += fmt.Sprintln(no, muster.CodeOf(err), tx.ByExternalID(fmt.Sprint("x", n)), tx.ByEmail(fmt.Sprintf("e%d@example.com", n)), tx.ByVisitor(fmt.Sprint("v", n)))
				}
				for no := 1; no <= w.contacts; no++ {
					o := tx.Owner(muster.ContactNo(no))
					o.HasVisitor = false // need not be told of all
					text += fmt.Sprintf("%+v", o)
					for _, id := range senders {
						text += fmt.Sprintln(tx.HasActivity(muster.ContactNo(no), "visit", 10, id))
					}
				}
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
			return text
		}
		expected := rapid.SliceOf(rapid.SampledFrom(changes)).Draw(rt, "expected")
		got := look(here, func(tx store.SharedTx) { tx.Know(before); tx.Expect(expected) })
		want := look(there, func(store.SharedTx) {})
		if got != want {
			rt.Errorf("with what was foreseen (-want +got):\n%s", cmp.Diff(want, got))
		}
	})
}

func idOf(n int) muster.ContactID { return muster.ContactID{0: 1, 15: byte(n)} }

// renaming makes contacts, gives them identifiers and activities, merges and erases them.
type renaming struct {
	*rapid.T
	contacts int
}

func (w *renaming) some(s *postgres.Store) {
	for range rapid.IntRange(1, 4).Draw(w.T, "commits") {
		err := s.Update(w.Context(), func(tx store.Tx) error {
			for range rapid.IntRange(1, 5).Draw(w.T, "changes") {
				w.change(tx)
			}
			return nil
		})
		if err != nil {
			w.Fatal(err)
		}
	}
}

// change makes one change. What the store refuses is no matter here.
func (w *renaming) change(tx store.Tx) {
	what := rapid.SampledFrom([]int{1, 2, 3, 4, 5, 6, 6, 7, 8}).Draw(w.T, "what")
	if what == 1 && w.contacts < 5 || w.contacts < 2 {
		w.contacts++
		if _, err := tx.CreateContact(idOf(w.contacts), 1); err != nil {
			w.Fatal(err)
		}
		return
	}
	no := muster.ContactNo(rapid.IntRange(1, w.contacts).Draw(w.T, "who"))
	n := rapid.IntRange(1, 5).Draw(w.T, "value")
	if !tx.Contacts().Contains(uint32(no)) {
		return
	}
	switch what {
	case 1, 2, 3:
		_ = tx.SetExternalID(no, fmt.Sprint("x", n))
	case 4:
		_ = tx.SetEmail(no, fmt.Sprintf("e%d@example.com", n))
	case 5:
		_ = tx.AddVisitor(no, fmt.Sprint("v", n))
	case 6:
		if other := muster.ContactNo(rapid.IntRange(1, w.contacts).Draw(w.T, "into")); other != no && tx.Contacts().Contains(uint32(other)) {
			_ = tx.Merge(other, no)
		}
	case 7:
		_ = tx.Erase(no)
	case 8:
		_, _ = tx.AddActivity(no, muster.Activity{Type: "visit", At: 10, ID: fmt.Sprint("sent ", n)})
	}
}
