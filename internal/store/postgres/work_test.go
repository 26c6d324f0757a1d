package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-groups/muster/internal/store/postgres"
)

func TestWhatTheHolderOfALeaseLeavesIsThereForTheNext(t *testing.T) {
	ctx, url := t.Context(), empty(t)
	s, err := postgres.Open(ctx, url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	holds := func(holder string) {
		t.Helper()
		if l, err := s.Lease(ctx, "work", holder, time.Hour, nil); err != nil || l.Holder != holder {
			t.Fatalf("lease: got %+v, %v, want it to be of %s", l, err, holder)
		}
	}
	leave := func(holder, work string, parts map[int][]byte, want bool) {
		t.Helper()
		if held, err := s.Leave(ctx, "work", holder, work, parts); err != nil || held != want {
			t.Errorf("%s leaves %v: got %t, %v, want %t", holder, parts, held, err, want)
		}
	}
	see := func(work string, want map[int][]byte) {
		t.Helper()
		got, err := s.Left(ctx, work)
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("left of %s: got %v, %v, want %v", work, got, err, want)
		}
	}
	none := map[int][]byte{}

	leave("a", "g", map[int][]byte{0: {1}}, false) // nobody holds the lease
	see("g", none)
	holds("a")
	leave("a", "g", map[int][]byte{0: {1}, 1: {2}}, true)
	leave("a", "g", map[int][]byte{1: {3}, 2: {}}, true)
	leave("a", "h", map[int][]byte{7: {4}}, true)
	see("g", map[int][]byte{0: {1}, 1: {3}, 2: {}})

	if err := s.Release(ctx, "work", "a"); err != nil {
		t.Fatal(err)
	}
	holds("b")
	leave("a", "g", map[int][]byte{2: {9}}, false)
	see("g", map[int][]byte{0: {1}, 1: {3}, 2: {}})
	leave("b", "g", map[int][]byte{2: {5}}, true)
	see("g", map[int][]byte{0: {1}, 1: {3}, 2: {5}})
	leave("a", "g", nil, false)
	see("g", map[int][]byte{0: {1}, 1: {3}, 2: {5}})
	leave("b", "g", nil, true)
	see("g", none)
	see("h", map[int][]byte{7: {4}})
}
