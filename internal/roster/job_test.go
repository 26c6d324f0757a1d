package roster_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// hold makes scans wait: reached tells that one has begun, and the answer lets it go on.
func (w *world) hold() (reached chan struct{}, release chan error) {
	reached, release = make(chan struct{}, 10), make(chan error, 10)
	w.store.gate = func(ctx context.Context) error {
		reached <- struct{}{}
		select {
		case err := <-release:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return reached, release
}

func TestMembershipServesTheOldConditionUntilTheSwitch(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.visit("a")
	w.save("g", anonymous, true, false)
	w.settle()
	reached, release := w.hold()
	w.save("g", identified, true, false)
	<-reached
	w.visit("b")
	w.wantStatus("g", muster.Recalculating)
	w.wantMembers("g", 2) // the change went through, by the old condition
	release <- nil
	w.settle()
	w.wantMembers("g", 0)
}

func TestASecondRequestJoinsTheRunningOne(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.save("g", anonymous, false, false)
	reached, release := w.hold()
	first, err := w.roster.Recalculate(w.ctx, "g")
	w.must(err)
	<-reached
	second, err := w.roster.Recalculate(w.ctx, "g")
	w.must(err)
	if first != second {
		t.Error("the second request: got another job, want the running one")
	}
	release <- nil
	w.must(second.Wait(w.ctx))
}

func TestCancellingReturnsToTheStateBefore(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.visit("a")
	w.save("g", anonymous, true, false)
	w.settle()
	w.save("g", identified, false, false)
	reached, _ := w.hold()
	job, err := w.roster.Recalculate(w.ctx, "g")
	w.must(err)
	<-reached
	w.must(w.roster.Cancel(w.ctx, "g"))
	if err := job.Wait(w.ctx); muster.CodeOf(err) != muster.CodeConflict {
		t.Errorf("the cancelled recalculation: got %v, want a conflict", err)
	}
	w.wantStatus("g", muster.ConditionChanged)
	w.wantMembers("g", 1)
	if err := w.roster.Cancel(w.ctx, "g"); muster.CodeOf(err) != muster.CodeConflict {
		t.Errorf("cancelling what does not run: got %v, want a conflict", err)
	}
}

func TestCancellingWhatWaitsDoesNotWaitForItsTurn(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.visit("a")
	w.save("first", identified, false, false)
	w.save("g", anonymous, false, false)
	reached, release := w.hold()
	_, err := w.roster.Recalculate(w.ctx, "first")
	w.must(err)
	<-reached
	job, err := w.roster.Recalculate(w.ctx, "g")
	w.must(err)
	w.must(w.roster.Cancel(w.ctx, "g")) // while the first one stands still
	if err := job.Wait(w.ctx); muster.CodeOf(err) != muster.CodeConflict {
		t.Errorf("the cancelled recalculation: got %v, want that it was cancelled", err)
	}
	w.wantStatus("g", muster.NeverCalculated)
	w.wantStatus("first", muster.Recalculating)
	release <- nil
	w.settle()
	w.wantStatus("first", muster.UpToDate)
	w.wantStatus("g", muster.NeverCalculated)
}

func TestCancellingAfterARedefinitionLeavesTheOldMeaningAndSaysSo(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T22:00:00Z", half)
	w.visit("a")
	w.save("g", anonymous, true, false)
	w.settle()
	reached, release := w.hold()
	w.must(w.roster.SetZone(w.ctx, "Asia/Tokyo"))
	<-reached
	w.must(w.roster.Cancel(w.ctx, "g"))
	w.wantStatus("g", muster.ConditionChanged)
	if got := w.group("g").ActiveZone; got != "UTC" {
		t.Errorf("the zone in force: got %s, want UTC", got)
	}
	release <- nil
	job, err := w.roster.Recalculate(w.ctx, "g")
	w.must(err)
	w.must(job.Wait(w.ctx))
	w.wantStatus("g", muster.UpToDate)
	if got := w.group("g").ActiveZone; got != "Asia/Tokyo" {
		t.Errorf("the zone in force: got %s, want Asia/Tokyo", got)
	}
}

func TestSavingWhileOneRunsLeavesTheNewerPending(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.visit("a")
	reached, release := w.hold()
	w.save("g", anonymous, true, false)
	<-reached
	w.save("g", identified, false, false)
	release <- nil
	w.settle()
	w.wantStatus("g", muster.ConditionChanged)
	w.wantMembers("g", 1)
	if g := w.group("g"); g.Active != 1 || g.Pending != 2 {
		t.Errorf("versions: got active %d and pending %d, want 1 and 2", g.Active, g.Pending)
	}
}

func TestAFailureIsAStatusAndTheOldVersionStays(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.visit("a")
	w.save("g", anonymous, true, false)
	w.settle()
	_, release := w.hold()
	release <- errors.New("the scan broke")
	w.save("g", identified, true, false)
	w.settle()
	w.wantStatus("g", muster.Failed)
	w.wantMembers("g", 1)
	if got := w.group("g").Failure; got != "the scan broke" {
		t.Errorf("failure: got %q, want what broke", got)
	}
	w.store.gate = nil
	job, err := w.roster.Recalculate(w.ctx, "g")
	w.must(err)
	w.must(job.Wait(w.ctx))
	w.wantStatus("g", muster.UpToDate)
	w.wantMembers("g", 0)
}

func TestPeopleComeBeforeSchedules(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	for _, code := range []string{"a", "b", "c"} {
		w.save(code, anonymous, true, code != "c")
	}
	w.settle()
	w.visit("v")
	reached, release := w.hold()
	w.now = instant(t, "2026-06-02T02:30:00Z")
	_, err := w.roster.Advance(w.ctx) // a and b are due; a begins
	w.must(err)
	<-reached
	w.save("c", identified, true, false)
	for range 3 {
		release <- nil
	}
	w.settle()
	var order []string
	w.must(w.store.View(w.ctx, func(v store.View) error {
		list, err := v.Changes(store.ChangeQuery{Latest: true, Limit: 1})
		for _, c := range list {
			order = append(order, w.roster.State().ByNo[c.Group].Code+" "+c.Cause.Kind.String())
		}
		return err
	}))
	if want := []string{"c condition"}; !slices.Equal(order, want) {
		t.Errorf("the last change: got %v, want %v", order, want)
	}
}

func TestARequestedRecalculationBeginsAgainAfterARestart(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.visit("a")
	reached, _ := w.hold()
	w.save("g", anonymous, true, false)
	<-reached
	w.restart("2026-06-01T12:00:10Z")
	w.settle()
	w.wantStatus("g", muster.UpToDate)
	w.wantMembers("g", 1)
}

// A definition that changes during a recalculation is not lost: the group is
// computed again by what it means then.
func TestAZoneChangedDuringARecalculationIsFollowed(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T20:00:00Z", half) // a Monday; in Tokyo it is Tuesday
	w.visit("a")
	reached, release := w.hold()
	w.save("g", `{"groups":[{"conditions":[{"type":"weekday","params":{"any_of":["tuesday"]}}]}]}`, true, false)
	<-reached
	w.must(w.roster.SetZone(w.ctx, "Asia/Tokyo"))
	for range 2 {
		release <- nil
	}
	w.settle()
	w.wantMembers("g", 1)
	if got := w.group("g").ActiveZone; got != "Asia/Tokyo" {
		t.Errorf("the zone in force: got %s, want Asia/Tokyo", got)
	}
}

func TestDependentsSwitchInTheSameCommit(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.visit("a")
	w.save("base", identified, true, false)
	w.settle()
	w.save("reader", `{"groups":[{"conditions":[{"type":"in-groups","params":{"groups":["base"]}}]}]}`, true, false)
	w.settle()
	w.save("base", anonymous, true, false)
	w.settle()
	w.wantMembers("reader", 1)
	var records []muster.Change
	w.must(w.store.View(w.ctx, func(v store.View) error {
		var err error
		records, err = v.Changes(store.ChangeQuery{})
		return err
	}))
	if len(records) != 2 || records[0].At != records[1].At ||
		records[0].Cause != (muster.Cause{Kind: muster.CauseCondition}) || records[1].Cause != (muster.Cause{Kind: muster.CauseGroup, Code: "base"}) {
		t.Errorf("records: got %+v, want base by its condition and reader by the group base", records)
	}
}

// A commit may evaluate everybody anew after the scan has looked and before its
// answer is in; who was erased by the same commit is nobody then.
func TestWhoIsErasedWhileTheCalendarTurnsIsNoMemberAfterTheScan(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T23:00:00Z", half)
	w.visit("a", "b")
	w.save("g", `{"match":"any","groups":[{"conditions":[{"type":"weekday","params":{"any_of":["tuesday"]}}]},{"conditions":[{"type":"identified","not":true}]}]}`, false, false)
	var erased muster.ContactID
	w.must(w.store.View(w.ctx, func(v store.View) error {
		erased = v.Owner(v.ByVisitor("a")).ID
		return nil
	}))
	w.store.after = func() {
		w.store.after = nil
		w.now = instant(t, "2026-06-02T00:00:01Z")
		_, err := w.roster.Apply(w.ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Erase: &erased}}})
		w.must(err)
	}
	job, err := w.roster.Recalculate(w.ctx, "g")
	w.must(err)
	w.must(job.Wait(w.ctx))
	w.wantMembers("g", 1)
}
