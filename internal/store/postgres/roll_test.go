package postgres_test

import (
	"errors"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/uuid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
)

func TestEachNodeSeesWhoIsInAGroupThatAnotherForgetsAndMakes(t *testing.T) {
	ctx, url := t.Context(), empty(t)
	var nodes [2]*postgres.Store
	for i := range nodes {
		s, err := postgres.Open(ctx, url, postgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		nodes[i] = s
	}
	write := func(node int, fn func(tx store.Tx) error) {
		t.Helper()
		if err := nodes[node].Update(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	enter := func(group muster.GroupNo, who ...uint32) func(tx store.Tx) error {
		return func(tx store.Tx) error {
			return tx.Record(group, muster.Cause{Kind: muster.CauseCondition}, roaring.BitmapOf(who...), nil)
		}
	}
	look := func(v store.View, group muster.GroupNo, want ...uint32) {
		t.Helper()
		if got := v.Members(group); !got.Equals(roaring.BitmapOf(want...)) {
			t.Errorf("members of %d: got %v, want %v", group, got, want)
		}
	}
	see := func(group muster.GroupNo, want ...uint32) {
		t.Helper()
		for _, s := range nodes {
			if err := s.View(ctx, func(v store.View) error { look(v, group, want...); return nil }); err != nil {
				t.Fatal(err)
			}
		}
	}

	write(0, func(tx store.Tx) error {
		for range 3 {
			if _, err := tx.CreateContact(muster.ContactID(uuid.New()), 1); err != nil {
				return err
			}
		}
		if err := tx.SetTick(1); err != nil {
			return err
		}
		return enter(1, 1, 2)(tx)
	})
	write(1, enter(2, 2))
	see(1, 1, 2)
	see(2, 2)
	see(3)

	// Two groups that another node has changed since, once and twice.
	leave := func(tx store.Tx) error {
		return tx.Record(2, muster.Cause{Kind: muster.CauseTime}, nil, roaring.BitmapOf(2))
	}
	write(0, func(tx store.Tx) error { return errors.Join(enter(1, 3)(tx), leave(tx)) })
	write(0, enter(2, 1, 2))
	see(1, 1, 2, 3)
	see(2, 1, 2)
	write(0, leave)
	write(1, func(tx store.Tx) error {
		return tx.Record(1, muster.Cause{Kind: muster.CauseTime}, nil, roaring.BitmapOf(3))
	})
	see(2, 1)

	// A view that began before stays as it was, whatever its node has heard since.
	err := nodes[0].View(ctx, func(before store.View) error {
		write(1, func(tx store.Tx) error { return tx.Forget(1) })
		write(1, enter(3, 3))
		see(1)
		see(2, 1)
		see(3, 3)
		look(before, 1, 1, 2)
		look(before, 2, 1)
		look(before, 3)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	write(1, func(tx store.Tx) error { return tx.Forget(3) })
	write(0, func(tx store.Tx) error {
		look(tx, 3)
		return nil
	})
	late, err := postgres.Open(ctx, url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer late.Close()
	nodes[0] = late
	see(1)
	see(2, 1)
	see(3)
}
