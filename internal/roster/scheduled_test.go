package roster_test

import (
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

const half = 2*60 + 30 // 02:30

func TestAScheduledGroupIsRecalculatedDaily(t *testing.T) {
	w := newWorld(t, "Europe/Vienna", "2026-06-01T12:00:00Z", half)
	w.save("all", everyone, true, true)
	w.settle()
	w.wantRun("all", "2026-06-01T12:00:00Z", "2026-06-02T00:30:00Z")
	w.advance("2026-06-02T00:29:59Z")
	w.wantRun("all", "2026-06-01T12:00:00Z", "2026-06-02T00:30:00Z")
	w.advance("2026-06-02T00:30:00Z")
	w.wantRun("all", "2026-06-02T00:30:00Z", "2026-06-03T00:30:00Z")
	w.advance("2026-06-02T00:30:30Z")
	w.advance("2026-06-02T23:00:00Z")
	w.wantRun("all", "2026-06-02T00:30:00Z", "2026-06-03T00:30:00Z")
}

func TestAMinuteThatSpringSkipsRunsAtTheNextOne(t *testing.T) {
	w := newWorld(t, "Europe/Vienna", "2026-03-28T12:00:00Z", half)
	w.save("all", everyone, true, true)
	w.settle()
	w.advance("2026-03-29T00:59:59Z") // 01:59:59; then it is 03:00
	w.wantRun("all", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")
	w.advance("2026-03-29T01:00:00Z")
	w.wantRun("all", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")
}

func TestAMinuteThatAutumnRepeatsRunsOnce(t *testing.T) {
	w := newWorld(t, "Europe/Vienna", "2026-10-24T12:00:00Z", half)
	w.save("all", everyone, true, true)
	w.settle()
	w.advance("2026-10-25T00:30:00Z")
	w.wantRun("all", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")
	w.advance("2026-10-25T01:30:00Z") // 02:30 again
	w.wantRun("all", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")
}

func TestARunMissedWhileTheProcessWasDownIsMadeUpAtStart(t *testing.T) {
	w := newWorld(t, "Europe/Vienna", "2026-06-01T12:00:00Z", half)
	w.save("all", everyone, true, true)
	w.settle()
	w.restart("2026-06-04T09:15:00Z")
	if _, err := w.roster.Advance(w.ctx); err != nil { // as the first tick does
		t.Fatal(err)
	}
	w.settle()
	w.wantRun("all", "2026-06-04T09:15:00Z", "2026-06-05T00:30:00Z")
}

func TestAScheduledRunActivatesWhatIsPending(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.visit("a", "b")
	w.save("g", identified, true, true)
	w.settle()
	w.save("g", anonymous, false, true)
	w.wantStatus("g", muster.ConditionChanged)
	w.wantMembers("g", 0)
	w.advance("2026-06-02T02:30:00Z")
	w.wantStatus("g", muster.UpToDate)
	w.wantMembers("g", 2)
	w.wantRun("g", "2026-06-02T02:30:00Z", "2026-06-03T02:30:00Z")
}

// A membership that was damaged behind the loop's back is put right, counted
// and recorded with the cause recalculation; also beside a condition that
// becomes active in the same run.
func TestCorrectionsAreCounted(t *testing.T) {
	for _, pending := range []bool{false, true} {
		w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
		w.visit("a", "b", "c")
		w.save("g", anonymous, true, true)
		w.settle()
		w.must(w.store.Update(w.ctx, func(tx store.Tx) error {
			g := w.group("g")
			return tx.Record(g.No, muster.Cause{Kind: muster.CauseTime}, roaring.New(), roaring.BitmapOf(tx.Members(g.No).Minimum()))
		}))
		w.wantMembers("g", 2)
		want := uint64(3)
		if pending {
			w.save("g", identified, false, true)
			want = 0
		}
		w.advance("2026-06-02T02:30:00Z")
		w.wantMembers("g", want)
		if got := w.group("g").LastCorrections; got != 1 {
			t.Errorf("pending %v: corrections: got %d, want 1", pending, got)
		}
	}
}
