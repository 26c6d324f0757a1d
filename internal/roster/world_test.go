package roster_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
)

// world is a roster over the embedded store, with a clock that the test moves
// and scans that the test may hold up.
type world struct {
	t      *testing.T
	ctx    context.Context
	dir    string
	zone   *time.Location
	minute int // of schedules
	now    muster.Instant
	store  *gated
	roster *roster.Roster
}

// gated is a store whose scans go through a gate.
type gated struct {
	store.Store
	gate  func(context.Context) error // nil is open
	after func()                      // is done after each scan, unless nil
}

func (g *gated) Scan(ctx context.Context, queries []store.Query, progress func(float64)) ([]*roaring.Bitmap, error) {
	if g.gate != nil {
		if err := g.gate(ctx); err != nil {
			return nil, err
		}
	}
	if g.after != nil {
		defer g.after()
	}
	return g.Store.Scan(ctx, queries, progress)
}

func newWorld(t *testing.T, zone, now string, minute int) *world {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, ctx: context.Background(), dir: t.TempDir(), zone: location, minute: minute, now: instant(t, now)}
	w.open()
	t.Cleanup(w.close)
	return w
}

func instant(t *testing.T, text string) muster.Instant {
	t.Helper()
	at, err := muster.ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (w *world) open() {
	w.t.Helper()
	st, err := embedded.Open(w.ctx, w.dir, embedded.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.store = &gated{Store: st}
	w.roster, err = roster.Open(w.ctx, w.store, roster.Options{
		Clock: roster.ClockFunc(func() muster.Instant { return w.now }), Manual: true,
		ServerZone: w.zone, Minute: func(int, int) int { return w.minute },
	})
	if err != nil {
		w.t.Fatal(errors.Join(err, st.Close()))
	}
}

func (w *world) close() {
	if err := errors.Join(w.roster.Close(), w.store.Close()); err != nil {
		w.t.Error(err)
	}
}

// restart closes everything and opens it again at an instant.
func (w *world) restart(at string) {
	w.t.Helper()
	w.close()
	w.now = instant(w.t, at)
	w.open()
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// advance moves the clock and waits for what that starts.
func (w *world) advance(to string) {
	w.t.Helper()
	w.now = instant(w.t, to)
	_, err := w.roster.Advance(w.ctx)
	w.must(err)
	w.settle()
}

func (w *world) settle() {
	w.t.Helper()
	for code := range w.roster.State().Groups {
		if status, _ := w.roster.Status(code); status == muster.Recalculating {
			job, err := w.roster.Recalculate(w.ctx, code)
			w.must(err)
			_ = job.Wait(w.ctx) // the group's status says how it ended
		}
	}
}

const (
	everyone   = `{"groups":[{"conditions":[{"type":"identified","not":true}]},{"conditions":[{"type":"identified"}]}],"match":"any"}`
	identified = `{"groups":[{"conditions":[{"type":"identified"}]}]}`
	anonymous  = `{"groups":[{"conditions":[{"type":"identified","not":true}]}]}`
)

// save saves a condition; daily schedules the group.
func (w *world) save(code, condition string, recalculate, daily bool) {
	w.t.Helper()
	parsed, err := muster.ParseCondition([]byte(condition))
	w.must(err)
	_, _, err = w.roster.SaveGroup(w.ctx, roster.Save{
		Create: w.roster.State().Groups[code] == nil, Code: code, Name: &code, Condition: &parsed,
		Recalculate: recalculate, Schedule: &daily, Author: "test",
	})
	w.must(err)
}

func (w *world) visit(visitors ...string) {
	w.t.Helper()
	batch := muster.Batch{Authority: muster.Edit}
	for _, v := range visitors {
		batch.Items = append(batch.Items, muster.Item{Contact: &muster.ContactChange{Who: muster.Identifiers{VisitorID: v}}})
	}
	_, err := w.roster.Apply(w.ctx, batch)
	w.must(err)
}

func (w *world) members(code string) (n uint64) {
	w.t.Helper()
	w.must(w.store.View(w.ctx, func(v store.View) error {
		n = v.Members(w.group(code).No).GetCardinality()
		return nil
	}))
	return n
}

func (w *world) group(code string) *muster.Group { return w.roster.State().Groups[code] }

func (w *world) wantStatus(code string, want muster.GroupStatus) {
	w.t.Helper()
	if got, _ := w.roster.Status(code); got != want {
		w.t.Errorf("status of %s: got %s, want %s", code, got, want)
	}
}

func (w *world) wantMembers(code string, want uint64) {
	w.t.Helper()
	if got := w.members(code); got != want {
		w.t.Errorf("members of %s: got %d, want %d", code, got, want)
	}
}

// wantRun checks when a group was recalculated last, and when it is next.
func (w *world) wantRun(code, last, next string) {
	w.t.Helper()
	g := w.group(code)
	if got := g.LastRecalculated.String(); got != last {
		w.t.Errorf("last recalculation of %s: got %s, want %s", code, got, last)
	}
	if got := w.roster.NextRun(g).String(); got != next {
		w.t.Errorf("next recalculation of %s: got %s, want %s", code, got, next)
	}
	if g.LastCorrections != 0 {
		w.t.Errorf("corrections of %s: got %d, want 0", code, g.LastCorrections)
	}
}
