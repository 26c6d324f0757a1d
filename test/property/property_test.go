package property_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog/conditiontest"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/test/judge"
	"github.com/muster-groups/muster/test/scratch"
)

func TestEveryGroupEqualsTheOracleAfterEveryStep(t *testing.T) {
	follow(t, inMemory(t), 1_000_000, 1<<62)
}

// A step costs a hundred times as much here: every question is a round trip.
func TestEveryGroupEqualsTheOracleOnPostgreSQL(t *testing.T) {
	follow(t, onPostgres(worlds), 20_000, scratch.Budget(6*time.Second)/3)
}

// follow lets chance drive worlds, each in a place of its own. Outside of a soak
// it does what rapid's checks are, or what the time allows of them.
func follow(t *testing.T, newPlace func() (place, error), most int, share time.Duration) {
	longest, wanted, budget, began := 40, 0, share, time.Now()
	if scratch.Soak() {
		longest, wanted, budget = 200, most, scratch.Budget(0)
	}
	if n, err := strconv.Atoi(os.Getenv("MUSTER_PROPERTY_STEPS")); err == nil {
		longest, wanted, budget = 200, n, 1<<62
	}
	steps, worlds := 0, 0
	defer func() { t.Logf("%d steps in %d worlds", steps, worlds) }()
	for first := true; first || steps < wanted && time.Since(began) < budget; first = false {
		rapid.Check(t, func(rt *rapid.T) {
			if steps > 0 && time.Since(began) >= budget {
				return
			}
			in, err := newPlace()
			if err != nil {
				rt.Fatal(err)
			}
			w := newWorld(rt, in)
			w.define()
			w.check()
			for range rapid.IntRange(5, longest).Draw(rt, "steps") {
				w.step()
				w.check()
			}
			w.close()
			steps, worlds = steps+w.steps, worlds+1
		})
	}
}

// step does one random thing.
func (w *world) step() {
	switch k := rapid.IntRange(0, 39).Draw(w.rt, "step"); {
	case k < 16:
		w.must(w.batch()())
	case k < 24:
		w.must(w.tick()())
		w.settle()
	case k < 27:
		w.must(w.save()())
		w.settle()
	case k < 31:
		w.recalculate()
	case k == 31:
		w.must(w.merge()())
	case k == 32:
		w.must(w.erase()())
	case k == 33:
		w.must(w.zone()())
		w.settle()
	case k == 34:
		w.redefine()
	case k == 35:
		w.restore()
	case k == 36:
		w.deleteGroup()
	case k == 37:
		w.restart()
	case k == 38:
		w.crash()
	default:
		w.must(w.one(w.item())())
	}
}

// groups answers the codes of the groups, in order.
func (w *world) groups() []string {
	return slices.Sorted(maps.Keys(w.roster.State().Groups))
}

// settle waits for every recalculation that waits or runs, and for those that
// are asked for meanwhile.
func (w *world) settle() {
	for again := true; again; {
		again = false
		for _, code := range w.groups() {
			if status, _ := w.roster.Status(code); status == muster.Recalculating {
				again = true
				job, err := w.roster.Recalculate(ctx, code)
				w.must(err)
				w.must(job.Wait(ctx))
			}
		}
	}
}

// The things that may also happen during a recalculation are drawn first and
// done later: drawing belongs to the test's own goroutine.

// save creates or changes a group.
func (w *world) save() func() error {
	state := w.roster.State()
	code := fmt.Sprintf("g%d", rapid.IntRange(0, 5).Draw(w.rt, "group"))
	condition := conditiontest.Random(w.rt, state.Schema)
	text, err := condition.MarshalJSON()
	w.must(err)
	s := roster.Save{Code: code, Name: &code, Author: "chance", Condition: &condition}
	s.Recalculate = rapid.IntRange(0, 2).Draw(w.rt, "recalculate") > 0
	zone := rapid.SampledFrom([]string{"", "", "Europe/Vienna", "America/New_York"}).Draw(w.rt, "group zone")
	s.Zone = &zone
	if rapid.IntRange(0, 3).Draw(w.rt, "schedule") == 0 {
		daily := rapid.Bool().Draw(w.rt, "daily")
		s.Schedule = &daily
	}
	return func() error {
		w.note("save %s recalculate=%v zone=%q %s", code, s.Recalculate, zone, text)
		s.Create = w.roster.State().Groups[code] == nil
		_, _, err := w.roster.SaveGroup(ctx, s)
		switch muster.CodeOf(err) {
		case muster.CodeCycle:
			return nil
		case muster.CodeInvalid: // a group it names has been deleted since it was drawn
			if slices.Equal(codesOf(state), codesOf(w.roster.State())) {
				return err
			}
			return nil
		}
		return err
	}
}

func codesOf(s *roster.State) []string { return slices.Sorted(maps.Keys(s.Groups)) }

// recalculate recalculates a group while up to four other things happen.
func (w *world) recalculate() {
	code := rapid.SampledFrom(w.groups()).Draw(w.rt, "recalculated")
	meanwhile := func(do func() error) func() error {
		return func() error {
			// An earlier job may have switched since.
			if err := errors.Join(w.past.follow(w.store), w.past.remember(w.store, w.roster.State()), do()); err != nil {
				return err
			}
			if _, err := judge.Compare(ctx, w.roster); err != nil {
				return fmt.Errorf("during the recalculation: %w", err)
			}
			return errors.Join(w.past.follow(w.store), w.past.remember(w.store, w.roster.State()))
		}
	}
	scans := w.store.interruptions()
	for range rapid.IntRange(0, 2).Draw(w.rt, "before") {
		scans.before = append(scans.before, meanwhile(w.anything()))
	}
	for range rapid.IntRange(0, 2).Draw(w.rt, "after") {
		scans.after = append(scans.after, meanwhile(w.anything()))
	}
	w.note("recalculate %s", code)
	job, err := w.roster.Recalculate(ctx, code)
	w.must(err)
	err = job.Wait(ctx)
	w.note("recalculated %s: %v", code, err)
	w.settle()
	w.must(scans.err)
	scans.before, scans.after = nil, nil
	if g := w.roster.State().Groups[code]; g != nil && muster.CodeOf(err) != muster.CodeConflict {
		w.must(err)
	}
}

// anything draws what may happen during a recalculation.
func (w *world) anything() func() error {
	switch k := rapid.IntRange(0, 11).Draw(w.rt, "meanwhile"); {
	case k < 5:
		return w.batch()
	case k < 8:
		return w.tick()
	case k == 8:
		return w.save()
	case k == 9:
		return w.merge()
	case k == 10:
		return w.erase()
	default:
		return w.zone()
	}
}

func (w *world) zone() func() error {
	zone := rapid.SampledFrom([]string{"", "Europe/Vienna", "America/New_York", "Asia/Kolkata"}).Draw(w.rt, "zone")
	return func() error {
		w.note("zone %s", zone)
		return errors.Join(w.roster.SetZone(ctx, zone), w.facts.zone(w.now, zone))
	}
}

// tick moves the clock: by a little, by a window, to a change of the clocks, or
// to shortly before a day begins somewhere, for which the roster prepares.
func (w *world) tick() func() error {
	by := rapid.SampledFrom([]int{beforeMidnight, beforeMidnight, 0, 1, 1, 1, 59, 3600, 4 * 3600, 86400, 3 * 86400, 7 * 86400, 29 * 86400, 31 * 86400, 100 * 86400}).Draw(w.rt, "seconds")
	more := rapid.IntRange(0, 2).Draw(w.rt, "more")
	zone, before := "", 0
	switch by {
	case 0:
		zone = rapid.SampledFrom([]string{"Europe/Vienna", "America/New_York"}).Draw(w.rt, "clocks of")
	case beforeMidnight:
		zone = rapid.SampledFrom([]string{"UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata"}).Draw(w.rt, "midnight of")
		before = rapid.IntRange(1, 50).Draw(w.rt, "before midnight")
	}
	return func() error {
		switch by {
		case 0:
			w.now = nextClockChange(w.now, zone) - 1 + muster.Instant(more)
		case beforeMidnight:
			w.now = max(w.now, nextMidnight(w.now, zone)-muster.Instant(before))
		default:
			w.now += muster.Instant(by + more)
		}
		w.note("tick")
		_, err := w.roster.Advance(ctx)
		return errors.Join(err, w.facts.advance(w.now))
	}
}

// beforeMidnight stands for a step to shortly before a day begins.
const beforeMidnight = -1

func nextMidnight(now muster.Instant, zone string) muster.Instant {
	location, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	return (muster.DateOf(now.Time().In(location)) + 1).Start(location)
}

func (w *world) merge() func() error {
	a, b := w.contact(), w.contact()
	keep := rapid.SampledFrom([]string{"", "into", "contact"}).Draw(w.rt, "keep")
	return w.one(muster.Item{Merge: &muster.MergeChange{Contact: a, Into: b, Keep: keep}})
}

func (w *world) erase() func() error {
	id := w.contact()
	apply := w.one(muster.Item{Erase: &id})
	return func() error {
		if err := apply(); err != nil {
			return err
		}
		_, err := w.store.Maintain(ctx)
		return err
	}
}

func (w *world) one(item muster.Item) func() error {
	return func() error {
		w.noteItem(item)
		return w.apply(muster.Batch{Authority: muster.Edit, Items: []muster.Item{item}})
	}
}

// restore makes a past version of a group pending.
func (w *world) restore() {
	code := rapid.SampledFrom(w.groups()).Draw(w.rt, "restored")
	g := w.roster.State().Groups[code]
	number := rapid.IntRange(1, len(g.Versions)).Draw(w.rt, "version")
	w.note("restore version %d of %s", number, code)
	_, _, err := w.roster.RestoreVersion(ctx, code, number, "chance")
	if c := muster.CodeOf(err); c == muster.CodeCycle || c == muster.CodeInvalid {
		return // it names what is gone, or what names this group by now
	}
	w.must(err)
}

func (w *world) deleteGroup() {
	if len(w.groups()) < 3 {
		return
	}
	code := rapid.SampledFrom(w.groups()).Draw(w.rt, "deleted")
	g := w.roster.State().Groups[code]
	w.note("delete %s", code)
	err := w.roster.DeleteGroup(ctx, code)
	if muster.CodeOf(err) == muster.CodeInUse {
		return
	}
	w.must(err)
	delete(w.past.replayed, g.No)
}
