package roster_test

import (
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

func (w *world) wantHorizon(want string) {
	w.t.Helper()
	at := muster.Beginning
	if want != "" {
		at = instant(w.t, want)
	}
	w.must(w.store.View(w.ctx, func(v store.View) error {
		if got := v.Horizon().At; got != at {
			w.t.Errorf("at %s the horizon: got %s, want %s", w.now, got, at)
		}
		return nil
	}))
}

func TestTheHorizonOfHistoryMovesAtNightWhenThereIsSomethingBeforeIt(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.must(w.roster.SetZone(w.ctx, "Europe/Vienna"))
	w.save("g", anonymous, true, false)
	w.settle()
	w.advance("2026-06-03T12:00:00Z")
	w.must(w.roster.SetHistoryDays(w.ctx, 2))
	w.wantHorizon("") // nothing has happened yet
	w.visit("a")      // on 3 June
	w.advance("2026-06-04T12:00:00Z")
	w.visit("b")
	w.advance("2026-06-05T12:00:00Z")
	w.wantHorizon("")
	w.advance("2026-06-06T00:59:59Z")
	w.wantHorizon("")
	w.advance("2026-06-06T01:00:00Z") // 3 o'clock in Vienna
	w.wantHorizon("2026-06-03T22:00:00Z")
	w.wantMembers("g", 2)
	w.restart("2026-06-06T09:00:00Z")
	w.wantHorizon("2026-06-03T22:00:00Z")
	w.must(w.roster.SetHistoryDays(w.ctx, 1))
	w.wantHorizon("2026-06-04T22:00:00Z") // at once
	w.must(w.roster.SetHistoryDays(w.ctx, 0))
	w.advance("2026-09-01T12:00:00Z")
	w.wantHorizon("2026-06-04T22:00:00Z") // neither back nor on
}

func TestHistoryIsKeptForEverUnlessSaidOtherwise(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.save("g", anonymous, true, false)
	w.settle()
	w.visit("a")
	w.advance("2028-05-31T12:00:00Z")
	w.wantHorizon("")
	w.must(w.roster.SetHistoryDays(w.ctx, 730))
	w.advance("2028-06-01T02:59:59Z")
	w.wantHorizon("") // there is nothing before it yet
	w.advance("2028-06-01T03:00:00Z")
	w.wantHorizon("2026-06-02T00:00:00Z")
	for _, days := range []int{-1, roster.MostHistoryDays + 1} {
		if err := w.roster.SetHistoryDays(w.ctx, days); muster.CodeOf(err) != muster.CodeInvalid {
			t.Errorf("%d days: got %v, want CodeInvalid", days, err)
		}
	}
}
