package property_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog/conditiontest"
	"github.com/muster-groups/muster/internal/roster"
)

func TestEveryGroupEqualsTheOracleAfterEveryStep(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rt)
		w.define()
		w.check()
		steps := rapid.IntRange(5, 40).Draw(rt, "steps")
		for range steps {
			w.step()
			w.check()
		}
		w.close()
	})
}

var ctx = context.Background()

func (w *world) note(format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf("%s %s", w.now, fmt.Sprintf(format, args...)))
}

func (w *world) must(err error) {
	w.rt.Helper()
	if err != nil {
		w.rt.Fatalf("%v\nsteps:\n%s", err, joined(w.log))
	}
}

// define makes definitions of every kind, and a few groups to refer to.
func (w *world) define() {
	for _, f := range []muster.Field{
		{Code: "score", Name: "Score", Type: muster.NumberField},
		{Code: "plan", Name: "Plan", Type: muster.ChoiceField, Choices: []muster.Choice{{Code: "free"}, {Code: "pro"}, {Code: "max"}}},
		{Code: "tags", Name: "Tags", Type: muster.ChoicesField},
		{Code: "renewal", Name: "Renewal", Type: muster.DateField},
		{Code: "trial_end", Name: "Trial end", Type: muster.DatetimeField},
		{Code: "vip", Name: "VIP", Type: muster.BooleanField},
	} {
		w.must(w.roster.PutField(ctx, f))
	}
	w.must(w.roster.PutActivityType(ctx, muster.ActivityType{Code: "watched", Name: "Watched a video", Attributes: []muster.AttributeDef{
		{Code: "minutes", Name: "Minutes", Type: muster.NumberAttribute}, {Code: "live", Name: "Live", Type: muster.BooleanAttribute},
		{Code: "title", Name: "Title", Type: muster.TextAttribute}, {Code: "aired", Name: "Aired", Type: muster.DatetimeAttribute},
	}}))
	for _, code := range []string{"tracking", "profiling"} {
		w.must(w.roster.PutNamed(ctx, roster.KindConsent, muster.Named{Code: code, Name: code}))
	}
	for _, code := range []string{"news", "offers"} {
		w.must(w.roster.PutNamed(ctx, roster.KindList, muster.Named{Code: code, Name: code}))
	}
	for _, code := range []string{"site", "shop"} {
		w.must(w.roster.PutNamed(ctx, roster.KindChannel, muster.Named{Code: code, Name: code, Kind: "website"}))
	}
	for i := range 3 {
		w.saveGroup(fmt.Sprintf("g%d", i), true)
	}
}

// step does one random thing.
func (w *world) step() {
	switch k := rapid.IntRange(0, 19).Draw(w.rt, "step"); {
	case k < 8:
		w.batch()
	case k < 12:
		w.tick()
	case k < 14:
		w.saveGroup(fmt.Sprintf("g%d", rapid.IntRange(0, 5).Draw(w.rt, "group")), rapid.Bool().Draw(w.rt, "recalculate"))
	case k == 14:
		w.recalculate()
	case k == 15:
		w.merge()
	case k == 16:
		w.erase()
	case k == 17:
		w.note("restart")
		w.restart()
	case k == 18:
		w.note("crash")
		w.crash()
	default:
		zone := rapid.SampledFrom([]string{"", "Europe/Vienna", "America/New_York", "Asia/Kolkata"}).Draw(w.rt, "zone")
		w.note("zone %s", zone)
		w.must(w.roster.SetZone(ctx, zone))
		for code := range w.roster.State().Groups {
			w.settle(code)
		}
	}
}

// settle waits for a group's recalculation when one waits or runs.
func (w *world) settle(code string) {
	if status, _ := w.roster.Status(code); status == muster.Recalculating {
		job, err := w.roster.Recalculate(ctx, code)
		w.must(err)
		w.must(job.Wait(ctx))
	}
}

func (w *world) saveGroup(code string, recalculate bool) {
	state := w.roster.State()
	condition := conditiontest.Random(w.rt, state.Schema)
	text, err := condition.MarshalJSON()
	w.must(err)
	zone := rapid.SampledFrom([]string{"", "", "Europe/Vienna", "America/New_York"}).Draw(w.rt, "group zone")
	name := code
	w.note("save %s recalculate=%v zone=%q %s", code, recalculate, zone, text)
	_, _, err = w.roster.SaveGroup(ctx, roster.Save{Create: state.Groups[code] == nil, Code: code, Name: &name, Zone: &zone, Condition: &condition, Recalculate: recalculate, Author: "chance"})
	if muster.CodeOf(err) == muster.CodeCycle {
		return
	}
	w.must(err)
	w.settle(code)
}

func (w *world) recalculate() {
	code := fmt.Sprintf("g%d", rapid.IntRange(0, 2).Draw(w.rt, "group"))
	w.note("recalculate %s", code)
	job, err := w.roster.Recalculate(ctx, code)
	w.must(err)
	w.must(job.Wait(ctx))
	if g := w.roster.State().Groups[code]; g.LastCorrections != 0 {
		w.rt.Fatalf("recalculating %s corrected %d memberships\nsteps:\n%s", code, g.LastCorrections, joined(w.log))
	}
}

func (w *world) tick() {
	by := rapid.SampledFrom([]int{1, 1, 59, 3600, 4 * 3600, 86400, 3 * 86400, 29 * 86400, 31 * 86400, 100 * 86400}).Draw(w.rt, "seconds")
	w.now += muster.Instant(by + rapid.IntRange(0, 2).Draw(w.rt, "more"))
	w.note("tick")
	_, err := w.roster.Advance(ctx)
	w.must(err)
}

func (w *world) merge() {
	a, b := w.contact(), w.contact()
	if a.IsZero() || a == b {
		return
	}
	w.note("merge %s into %s", a, b)
	_, err := w.roster.Apply(ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Merge: &muster.MergeChange{Contact: a, Into: b,
		Keep: rapid.SampledFrom([]string{"", "into", "contact"}).Draw(w.rt, "keep")}}}})
	w.must(err)
}

func (w *world) erase() {
	id := w.contact()
	if id.IsZero() {
		return
	}
	w.note("erase %s", id)
	_, err := w.roster.Apply(ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Erase: &id}}})
	w.must(err)
	_, err = w.store.Maintain(ctx)
	w.must(err)
}
