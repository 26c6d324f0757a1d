package postgres_test

import (
	"fmt"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// A large group is gone for every reader with the commit that forgets it; its
// rows are gone a few at a time afterwards, and others commit in between.
func TestAForgottenGroupIsGoneAtOnceAndItsRowsAreInSteps(t *testing.T) {
	const everybody, atOnce = 2_500, 1_000
	const gone, stays, comes = muster.GroupNo(1), muster.GroupNo(2), muster.GroupNo(3)
	url := people(t, everybody)
	open := func() *postgres.Store { return opened(t, url, postgres.Options{AtOnce: atOnce}) }
	writer, reader := open(), open()
	update := func(fn func(store.Tx) error) {
		t.Helper()
		if err := writer.Update(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	record := func(tx store.Tx, group muster.GroupNo, entered *roaring.Bitmap) error {
		return tx.Record(group, muster.Cause{Kind: muster.CauseCondition}, entered, nil)
	}
	maintain := func() (more bool) {
		t.Helper()
		more, err := writer.Maintain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return more
	}
	all := func() *roaring.Bitmap {
		set := roaring.New()
		set.AddRange(1, everybody+1)
		return set
	}
	rows := func(when string, want ...int) {
		t.Helper()
		conn, err := pgtest.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		for i, group := range []muster.GroupNo{gone, stays, comes} {
			var got int
			if err := conn.QueryRow(t.Context(), `select count(*) from membership where group_no = $1`, int64(group)).Scan(&got); err != nil {
				t.Fatal(err)
			}
			if got != want[i] {
				t.Errorf("%s: rows of group %d: got %d, want %d", when, group, got, want[i])
			}
		}
	}
	see := func(when string, want map[muster.GroupNo]uint64) {
		t.Helper()
		for name, s := range map[string]*postgres.Store{"the one that wrote": writer, "another node": reader, "a new node": open()} {
			err := s.View(t.Context(), func(v store.View) error {
				memberships, err := v.Memberships(7)
				if err != nil {
					return err
				}
				if len(memberships) != len(want) {
					t.Errorf("%s, %s: memberships of a contact: got %v, want %d", when, name, memberships, len(want))
				}
				for _, group := range []muster.GroupNo{gone, stays, comes} {
					in, err := v.Match([]store.Query{{Node: &plan.InGroup{Group: group}}})
					if err != nil {
						return err
					}
					if members, matching := v.Members(group).GetCardinality(), in[0].GetCardinality(); members != want[group] || matching != want[group] {
						t.Errorf("%s, %s: group %d has %d members and %d contacts in it, want %d", when, name, group, members, matching, want[group])
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}

	update(func(tx store.Tx) error {
		if err := record(tx, gone, all()); err != nil {
			return err
		}
		return record(tx, stays, roaring.BitmapOf(7, 8))
	})
	for maintain() {
	}
	rows("written", everybody, 2, 0)

	update(func(tx store.Tx) error { return tx.Forget(gone) })
	for left := everybody; left > 0; left = max(left-atOnce, 0) {
		when := fmt.Sprint("with ", left, " rows left")
		rows(when, left, 2, 0)
		see(when, map[muster.GroupNo]uint64{stays: 2})
		if !maintain() {
			t.Errorf("%s: maintain says that there is nothing more", when)
		}
	}
	rows("in the end", 0, 2, 0)
	update(func(tx store.Tx) error { return record(tx, comes, roaring.BitmapOf(7)) })
	update(func(tx store.Tx) error { return tx.Forget(stays) })
	for maintain() {
	}
	rows("another one forgotten", 0, 0, 1)
	see("another one forgotten", map[muster.GroupNo]uint64{comes: 1})
}
