package crew_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/delivery/crew"
)

// hand is a worker that only says whether it works.
type hand struct {
	id    string
	at    muster.Instant
	works bool
}

func (h *hand) Made() (string, muster.Instant) { return h.id, h.at }
func (h *hand) Start(context.Context)          { h.works = true }
func (h *hand) Halt()                          { h.works = false }

// written is what is written down, by another process as well.
type written []*hand

func (w *written) read(context.Context) ([]*hand, error) { return slices.Clone(*w), nil }

func open(t *testing.T, w *written) *crew.Crew[*hand] {
	t.Helper()
	c, err := crew.Open(t.Context(), "hand", w.read)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func names(t *testing.T, c *crew.Crew[*hand]) (out []string) {
	t.Helper()
	all, err := c.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range all {
		out = append(out, h.id)
	}
	return out
}

func TestTheOldestIsFirst(t *testing.T) {
	c := open(t, &written{{id: "b", at: 2}, {id: "c", at: 1}, {id: "a", at: 2}})
	if got, want := names(t, c), []string{"c", "a", "b"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWhoDoesNotWorkKnowsWhatOthersHaveWritten(t *testing.T) {
	kept := &written{{id: "a"}}
	c := open(t, kept)
	*kept = written{{id: "b"}}
	if got, want := names(t, c), []string{"b"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := c.Find(t.Context(), "a"); muster.CodeOf(err) != muster.CodeNotFound {
		t.Errorf("finding a, which is gone: got %v, want %s", err, muster.CodeNotFound)
	}
}

func TestWhoWorksIsHaltedWhileItIsEdited(t *testing.T) {
	one := &hand{id: "a"}
	c := open(t, &written{one})
	for _, working := range []bool{false, true} {
		if working {
			c.Start()
		}
		wrong := errors.New("wrong")
		_, err := c.Edit(t.Context(), "a", func(h *hand) error {
			if h.works {
				t.Error("it works while it is edited")
			}
			return wrong
		})
		if !errors.Is(err, wrong) || one.works != working {
			t.Errorf("after an edit that failed: got %v, works %v; want the edit's error, works %v", err, one.works, working)
		}
	}
	if err := c.Remove(t.Context(), "a", func() error { return nil }); err != nil || one.works {
		t.Errorf("removed: got %v, works %v", err, one.works)
	}
}

func TestThereIsRoomForSoManyAndOnlyWhatIsKeptCounts(t *testing.T) {
	c := open(t, &written{})
	c.Start()
	full := errors.New("the disk is full")
	if err := c.Add(t.Context(), &hand{id: "lost"}, func() error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
	for i := range crew.Most {
		h := &hand{id: fmt.Sprint(i), at: muster.Instant(i)}
		if err := c.Add(t.Context(), h, func() error { return nil }); err != nil || !h.works {
			t.Fatalf("the one of number %d: got %v, works %v", i, err, h.works)
		}
	}
	err := c.Add(t.Context(), &hand{id: "one more"}, func() error { return nil })
	if muster.CodeOf(err) != muster.CodeConflict {
		t.Errorf("one more: got %v, want %s", err, muster.CodeConflict)
	}
	if got := names(t, c); len(got) != crew.Most || got[0] != "0" {
		t.Errorf("got %d, first %s", len(got), got[0])
	}
}

func TestOrdersAreObeyedOnceEach(t *testing.T) {
	var list crew.Orders
	list = list.With(0, crew.Order{Pause: true}).With(0, crew.Order{Resume: true})
	numbers := func(obeyed int64) (out []int64) {
		for o := range list.Since(obeyed) {
			out = append(out, o.Number)
		}
		return out
	}
	if got, want := numbers(0), []int64{1, 2}; !slices.Equal(got, want) {
		t.Errorf("of somebody who obeyed none: got %v, want %v", got, want)
	}
	if got, want := numbers(1), []int64{2}; !slices.Equal(got, want) {
		t.Errorf("of somebody who obeyed the first: got %v, want %v", got, want)
	}
	// It is written down that both were obeyed: they are dropped, their numbers stay taken.
	list = list.With(2, crew.Order{Compare: true})
	if got, want := numbers(0), []int64{3}; !slices.Equal(got, want) {
		t.Errorf("after the next one: got %v, want %v", got, want)
	}
}
