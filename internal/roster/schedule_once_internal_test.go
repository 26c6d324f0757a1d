package roster

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
)

// interrupted is a store that does something before each scan.
type interrupted struct {
	store.Store
	scans  int
	before func()
}

func (i *interrupted) Scan(ctx context.Context, queries []store.Query, progress func(float64)) ([]*roaring.Bitmap, error) {
	i.scans++
	i.before()
	return i.Store.Scan(ctx, queries, progress)
}

// Another process may have done a scheduled run since this one found it due:
// before it begins, or while it calculates.
func TestARunThatSomebodyElseHasDoneIsNotDoneAgain(t *testing.T) {
	now, err := muster.ParseInstant("2026-06-01T12:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	opened, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st := &interrupted{Store: opened, before: func() {}}
	r, err := Open(t.Context(), st, Options{Clock: ClockFunc(func() muster.Instant { return now }), Manual: true, ServerZone: time.UTC, Minute: func(int, int) int { return 60 }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(r.Close(), st.Close()); err != nil {
			t.Error(err)
		}
	}()
	condition, err := muster.ParseCondition([]byte(`{"groups":[{"conditions":[{"type":"identified"}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	code, daily := "g", true
	if _, _, err := r.SaveGroup(t.Context(), Save{Create: true, Code: code, Name: &code, Condition: &condition, Schedule: &daily, Recalculate: true}); err != nil {
		t.Fatal(err)
	}
	run := func(job *Job) {
		t.Helper()
		if err := job.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if job := r.jobs.of(code); job != nil {
		run(job)
	}
	other := func() { // as it looks when another process has run it at this instant
		r.commit.Lock()
		defer r.commit.Unlock()
		_, err := r.write(t.Context(), func(c *commit) error {
			g := edit(c.state.Groups[code])
			g.Schedule.LastRun = c.at
			return c.putGroup(g)
		})
		if err != nil {
			t.Error(err)
		}
	}
	for _, test := range []struct {
		name        string
		pass        muster.Instant
		before      func()
		scans       int
		recalculate bool
	}{
		{"it is due", 86400, func() {}, 1, true},
		{"it was done before it began", 60, func() {}, 0, false},
		{"it is done while it calculates", 86400, other, 1, false},
		{"it is due again", 86400, func() {}, 1, true},
	} {
		was := r.State().Groups[code].LastRecalculated
		now += test.pass
		if _, err := r.write(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		st.scans, st.before = 0, test.before
		run(r.enqueue(code, true))
		g := r.State().Groups[code]
		if st.scans != test.scans || (g.LastRecalculated != was) != test.recalculate {
			t.Errorf("%s: got %d scans and recalculated at %s after %s, want %d scans, recalculated %t", test.name, st.scans, g.LastRecalculated, was, test.scans, test.recalculate)
		}
		if status, _ := r.Status(code); status != muster.UpToDate {
			t.Errorf("%s: got the status %s, want %s", test.name, status, muster.UpToDate)
		}
	}
}
