package roster_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

const pinged = `{"groups":[{"conditions":[{"type":"activity-count","params":{"types":["ping"]}}]}]}`

// retain enables retention: pings for ten days, anonymous contacts for five.
func (w *world) retain() {
	w.t.Helper()
	w.must(w.roster.PutActivityType(w.ctx, muster.ActivityType{Code: "ping", Name: "Ping", RetentionDays: 10}))
	enabled, anonymousDays := true, 5
	w.must(w.roster.SetRetention(w.ctx, roster.RetentionChange{Enabled: &enabled, AnonymousDays: &anonymousDays}))
}

// ping lets so many known contacts do something so often, a second apart.
func (w *world) ping(contacts, times int, from string) {
	w.t.Helper()
	at := instant(w.t, from)
	for c := range contacts {
		batch := muster.Batch{Authority: muster.Edit}
		for n := range times {
			batch.Items = append(batch.Items, muster.Item{Activity: &muster.ActivityInput{HasAt: true, Who: muster.Identifiers{ExternalID: fmt.Sprint("c-", c)},
				Activity: muster.Activity{Type: "ping", At: at + muster.Instant(n)}}})
		}
		result, err := w.roster.Apply(w.ctx, batch)
		w.must(err)
		for _, item := range result.Items {
			if item.Status != muster.Accepted {
				w.t.Fatalf("got %+v, want every activity accepted", item)
			}
		}
	}
}

// aged counts the pings that are left.
func (w *world) aged() (n int64) {
	w.t.Helper()
	w.must(w.store.View(w.ctx, func(v store.View) error {
		aged, err := v.Aged("ping", muster.Forever)
		n = aged.Activities
		return err
	}))
	return n
}

func (w *world) runs() []roster.RetentionRun {
	w.t.Helper()
	runs, err := w.roster.RetentionRuns(w.ctx)
	w.must(err)
	return runs
}

// broken is a store that gives up a transaction after so many.
type broken struct {
	store.Store
	after int
}

var errBroken = errors.New("the process was killed")

func (b *broken) Update(ctx context.Context, fn func(store.Tx) error) error {
	if b.after--; b.after < 0 {
		return errBroken
	}
	return b.Store.Update(ctx, fn)
}

func TestRetentionRunsAtNightInBoundedStepsAndIsLogged(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.retain()
	w.save("pinged", pinged, true, false)
	w.settle()
	w.ping(20, 400, "2026-06-01T00:00:00Z")
	w.visit("a", "b")
	w.advance("2026-06-02T02:59:59Z")
	if runs := w.runs(); len(runs) != 0 {
		t.Fatalf("before the hour: got %+v, want no run", runs)
	}
	w.advance("2026-06-12T03:00:00Z")
	runs := w.runs()
	if len(runs) != 1 || runs[0].EndedAt != w.now || runs[0].Activities[0].Removed != 8000 || runs[0].Contacts[0].Removed != 2 || runs[0].Left != 20 {
		t.Fatalf("got the runs %+v, want one that removed 8000 activities and 2 contacts and moved 20 members", runs)
	}
	if steps := runs[0].Steps; steps < 5 {
		t.Errorf("got %d steps for 8000 activities, want at most 2000 in each", steps)
	}
	if left := w.aged(); left != 0 {
		t.Errorf("got %d activities left, want none", left)
	}
	w.wantMembers("pinged", 0)
	w.advance("2026-06-12T04:00:00Z")
	w.advance("2026-06-13T02:59:59Z")
	if runs := w.runs(); len(runs) != 1 {
		t.Errorf("got %d runs before the next night, want 1", len(runs))
	}
}

func TestARunOfRetentionThatIsCutOffGoesOnAfterTheStart(t *testing.T) {
	for after := 1; after <= 6; after++ {
		w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
		w.retain()
		w.save("pinged", pinged, true, false)
		w.settle()
		w.ping(10, 500, "2026-06-01T00:00:00Z")
		w.now = instant(t, "2026-06-12T03:00:00Z")
		w.store.Store = &broken{Store: w.store.Store, after: after}
		if _, err := w.roster.Advance(w.ctx); !errors.Is(err, errBroken) {
			t.Fatalf("cut off after %d commits: got %v, want it cut off", after, err)
		}
		w.store.Store = w.store.Store.(*broken).Store
		w.restart("2026-06-12T03:05:00Z")
		w.advance("2026-06-12T03:05:01Z")
		runs := w.runs()
		if len(runs) != 1 || runs[0].EndedAt == 0 || runs[0].Activities[0].Removed != 5000 || w.aged() != 0 {
			t.Errorf("cut off after %d commits: got %+v and %d activities left, want one run that removed 5000", after, runs, w.aged())
		}
		w.wantMembers("pinged", 0)
	}
}

func TestWhoBecomesActiveWhileARunIsAtWorkStays(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.retain()
	w.save("all", everyone, true, false)
	w.settle()
	w.visit("a", "b")
	w.now = instant(t, "2026-06-12T03:00:00Z")
	came := false
	w.store.after = func() { // between finding who is inactive and erasing them
		if came {
			return
		}
		came = true
		batch := muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Activity: &muster.ActivityInput{Who: muster.Identifiers{VisitorID: "b"}, Activity: muster.Activity{Type: "login"}}}}}
		_, err := w.roster.Apply(w.ctx, batch)
		w.must(err)
	}
	_, err := w.roster.Advance(w.ctx)
	w.must(err)
	if runs := w.runs(); !came || runs[0].Contacts[0].Removed != 1 {
		t.Errorf("got %+v, want one of two contacts removed", runs)
	}
	w.wantMembers("all", 1)
}

func TestRetentionThatIsSwitchedOffStopsAndRefusesNothing(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.retain()
	disabled := false
	w.must(w.roster.SetRetention(w.ctx, roster.RetentionChange{Enabled: &disabled}))
	w.ping(1, 3, "2026-01-01T00:00:00Z")
	w.advance("2026-06-12T03:00:00Z")
	if runs := w.runs(); len(runs) != 0 || w.aged() != 3 {
		t.Errorf("got %+v and %d activities left, want no run and 3", runs, w.aged())
	}
}

func TestARecordOfAnErasureTellsWhomForThirtyDays(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.retain()
	w.save("all", everyone, true, false)
	w.settle()
	w.visit("a", "b")
	var ids []muster.ContactID
	w.must(w.store.View(w.ctx, func(v store.View) error {
		for it := v.Contacts().Iterator(); it.HasNext(); {
			ids = append(ids, v.Owner(muster.ContactNo(it.Next())).ID)
		}
		return nil
	}))
	w.advance("2026-06-12T03:00:00Z")
	told := func() (got map[muster.Seq]muster.ContactID) {
		w.must(w.store.View(w.ctx, func(v store.View) (err error) { got, err = w.roster.ErasedContacts(v); return err }))
		return got
	}
	if got := told(); len(got) != 2 || got[3] != ids[0] || got[4] != ids[1] {
		t.Errorf("got %v, want the records 3 and 4 to be about %v", got, ids)
	}
	w.restart("2026-07-12T02:59:59Z")
	w.advance("2026-07-12T03:00:00Z")
	if got := told(); len(got) != 2 {
		t.Errorf("after 30 days: got %v, want both told still", got)
	}
	w.advance("2026-07-12T03:00:01Z")
	if got := told(); len(got) != 0 {
		t.Errorf("after more than 30 days: got %v, want none", got)
	}
}
