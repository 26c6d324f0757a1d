package roster_test

import (
	"context"
	"testing"

	"github.com/muster-groups/muster"
)

// tuesdayVisitors are, on Tuesdays, those with an activity in the last hour.
const tuesdayVisitors = `{"groups":[{"match":"all","conditions":[{"type":"weekday","params":{"any_of":["tuesday"]}},{"type":"performed-any","params":{"within":{"last":"1h"}}}]}]}`

// act lets visitors have visited a page at an instant.
func (w *world) act(at string, visitors ...string) {
	w.t.Helper()
	batch := muster.Batch{Authority: muster.Edit}
	for _, v := range visitors {
		batch.Items = append(batch.Items, muster.Item{Activity: &muster.ActivityInput{
			Who: muster.Identifiers{VisitorID: v}, HasAt: true, Activity: muster.Activity{Type: "page_visit", At: instant(w.t, at)},
		}})
	}
	_, err := w.roster.Apply(w.ctx, batch)
	w.must(err)
}

// turning makes a world shortly before a Tuesday, with a group that the turn of
// the day moves, and answers how many scans prepared it.
func turning(t *testing.T) (w *world, scans int) {
	w = newWorld(t, "UTC", "2026-03-02T22:00:00Z", 0)
	w.save("tuesday", tuesdayVisitors, true, false)
	w.settle()
	w.advance("2026-03-02T23:40:00Z")
	w.act("2026-03-02T23:00:05Z", "early")
	w.act("2026-03-02T23:30:00Z", "late", "later")
	w.store.gate = func(context.Context) error { scans++; return nil }
	w.advance("2026-03-02T23:59:30Z")
	w.store.gate = nil
	return w, scans
}

func TestATurnOfTheCalendarIsPreparedBeforeItComes(t *testing.T) {
	w, scans := turning(t)
	if scans == 0 {
		t.Fatal("scans before the turn: got none, want some")
	}
	w.wantMembers("tuesday", 0)
	w.store.gate = func(context.Context) error { t.Error("a prepared turn scanned again"); return nil }
	w.advance("2026-03-03T00:00:00Z")
	w.wantMembers("tuesday", 3)
}

// The commit that takes a turn in may be later than the turn: what time alone
// did in between counts as well.
func TestWhatFallsOutOfAWindowBetweenATurnAndItsCommitIsNotTakenIn(t *testing.T) {
	w, _ := turning(t)
	w.advance("2026-03-03T00:00:10Z")
	w.wantMembers("tuesday", 2)
}

// What happens between the preparation and the turn is in it.
func TestWhatHappensAfterATurnWasPreparedIsTakenIn(t *testing.T) {
	w, _ := turning(t)
	w.now = instant(t, "2026-03-02T23:59:40Z")
	w.act("2026-03-02T23:59:40Z", "last")
	w.advance("2026-03-03T00:00:00Z")
	w.wantMembers("tuesday", 4)
}

// A clock that passes two turns at once finds nothing prepared for the second.
func TestAClockThatPassesTwoTurnsAtOnceIsRight(t *testing.T) {
	w, _ := turning(t)
	w.act("2026-03-02T23:30:00Z", "more")
	w.advance("2026-03-03T00:15:00Z")
	w.wantMembers("tuesday", 3)
	w.advance("2026-03-04T00:00:00Z")
	w.wantMembers("tuesday", 0)
}
