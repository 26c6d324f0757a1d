package property_test

import (
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/sample"
)

func TestARangeHoldsWhatIsSoAsOftenAsItSays(t *testing.T) { estimate(t, inMemory(t)) }

func TestARangeHoldsWhatIsSoOnPostgreSQL(t *testing.T) { estimate(t, onPostgres(worlds)) }

// estimate counts a hundred conditions in a sample and among everybody.
func estimate(t *testing.T, newPlace func() (place, error)) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	in, err := newPlace()
	must(err)
	defer func() { must(in.remove()) }()
	st, err := in.open()
	must(err)
	defer func() { must(st.Close()) }()
	load := sample.NewLoad(4, 2000, 20_000, muster.InstantOf(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)))
	r, err := roster.Open(ctx, st, roster.Options{Clock: roster.ClockFunc(func() muster.Instant { return load.End }), Manual: true, ServerZone: time.UTC})
	must(err)
	defer func() { must(r.Close()) }()
	for kind, all := range map[roster.Kind][]muster.Named{roster.KindConsent: sample.LoadDefinitions().Consents, roster.KindList: sample.LoadDefinitions().Lists, roster.KindChannel: sample.LoadDefinitions().Channels} {
		for _, n := range all {
			must(r.PutNamed(ctx, kind, n))
		}
	}
	for _, batches := range []iter.Seq[muster.Batch]{load.ContactBatches(2000), load.ActivityBatches(5000)} {
		for batch := range batches {
			_, err := r.Apply(ctx, batch)
			must(err)
		}
	}
	looking := func(at int) *app.App {
		a, err := app.New(ctx, app.Config{Roster: r, Limits: app.Limits{ContactsPerEstimate: at}})
		must(err)
		t.Cleanup(a.Close)
		return a
	}
	some, all := looking(400), looking(2000)
	wholes, right, parts, rightParts := 0, 0, 0, 0
	holds := func(of string, estimated, is app.Counted) int {
		switch r := estimated.Range; {
		case r == nil || estimated.Count == 0:
			t.Errorf("%s: got %+v of a sample, want a range and never nobody", of, estimated)
		case r.Low <= is.Count && is.Count <= r.High:
			return 1
		}
		return 0
	}
	for _, g := range sample.LoadGroups(load, 100) {
		document, err := g.Condition.MarshalJSON()
		must(err)
		ask := func(a *app.App, estimate bool) app.Preview {
			p, err := a.PreviewCondition(ctx, app.PreviewInput{Condition: document, Estimate: estimate})
			must(err)
			return p
		}
		is, estimated := ask(all, false), ask(some, true)
		if diff := cmp.Diff(is, ask(all, true)); diff != "" {
			t.Errorf("%s: an estimate that looks at everybody differs (-exact +estimate):\n%s", document, diff)
		}
		if !is.Exact || estimated.Exact || is.LookedAt != 2000 || estimated.LookedAt < 300 || estimated.LookedAt > 500 || estimated.Contacts != 2000 {
			t.Errorf("%s: got %d of %d, exact %t, and of everybody %d, exact %t", document, estimated.LookedAt, estimated.Contacts, estimated.Exact, is.LookedAt, is.Exact)
		}
		wholes++
		right += holds(string(document), estimated.Counted, is.Counted)
		for _, list := range [][2][]app.NodeCount{{is.PerGroup, estimated.PerGroup}, {is.PerCondition, estimated.PerCondition}} {
			for i, n := range list[0] {
				parts++
				rightParts += holds(n.Pointer, list[1][i].Counted, n.Counted)
			}
		}
	}
	t.Logf("%d of %d conditions and %d of %d parts are within their range", right, wholes, rightParts, parts)
	if right < wholes*9/10 || rightParts < parts*9/10 {
		t.Errorf("%d of %d conditions and %d of %d parts are within their range, want 95 of 100", right, wholes, rightParts, parts)
	}
}
