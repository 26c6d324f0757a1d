package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/sample"
	"github.com/muster-groups/muster/internal/store"
)

func (b *bench) measureRecalculate(ctx context.Context) error {
	page := b.load.Page(2)
	cases := []struct {
		name, page string
		condition  muster.Condition
	}{
		{"visited " + page + " at least 3 times in 90 days", page, sample.Visits(page, 3, "90d")},
		{"any activity at least 3 times in 90 days", "", sample.Acts(3, "90d")},
	}
	for _, c := range cases {
		if err := b.scan(ctx, c.name, c.page, c.condition); err != nil {
			return err
		}
	}
	if err := b.recalculation(ctx, "the same as a group", cases[1].condition); err != nil {
		return err
	}
	return b.recalculation(ctx, "five conditions as a group", sample.FiveConditions(b.load, 0))
}

// scan measures the computation alone: one plan over all contacts; and beside it,
// in turn, the database's own answer.
func (b *bench) scan(ctx context.Context, name, page string, condition muster.Condition) error {
	checked, _, err := b.roster.CheckCondition(condition, false)
	if err != nil {
		return err
	}
	at, err := b.tick(ctx)
	if err != nil {
		return err
	}
	query := store.Query{Node: b.roster.Lower(checked, nil, at)}
	var times, raw []time.Duration
	var found uint64
	for range b.Rounds {
		started := time.Now()
		sets, err := b.store.Scan(ctx, []store.Query{query}, nil)
		if err != nil {
			return err
		}
		times = append(times, time.Since(started))
		found = sets[0].GetCardinality()
		if b.Aggregate == nil {
			continue
		}
		started = time.Now()
		if _, err := b.Aggregate(ctx, at-90*86400, at, page); err != nil {
			return err
		}
		raw = append(raw, time.Since(started))
	}
	b.found("recalculate", name, ms(median(times)), "ms", "finds %s; median of %d", grouped(float64(found)), len(times))
	if raw != nil {
		b.found("recalculate", "... as an aggregate of the database alone", ms(median(raw)), "ms", "median of %d, in turn with the others", len(raw))
	}
	return nil
}

// recalculation measures what a marketer waits for after Recalculate, and what a
// scheduled run takes when the condition is the same as before.
func (b *bench) recalculation(ctx context.Context, name string, condition muster.Condition) error {
	const code = "recalculated"
	if err := b.drop(ctx, []sample.Group{{Code: code}}); err != nil { // of a run that was broken off
		return err
	}
	if err := b.save(ctx, sample.Group{Code: code, Name: "Recalculated", Condition: condition}); err != nil {
		return err
	}
	var times []time.Duration
	for range 1 + min(b.Rounds, 5) {
		started := time.Now()
		if err := b.recalculate(ctx, code); err != nil {
			return err
		}
		times = append(times, time.Since(started))
	}
	b.found("recalculate", name+", until it is switched", ms(times[0]), "ms", "from nothing, with its members")
	b.found("recalculate", "... once more, unchanged", ms(median(times[1:])), "ms", "from the request to its end; median of %d", len(times)-1)
	return b.roster.DeleteGroup(ctx, code)
}

// measureScheduled measures the daily run of a group whose condition is the same as
// before, from the second in which it is due, with all groups live.
func (b *bench) measureScheduled(ctx context.Context) error {
	if err := b.allLive(ctx); err != nil {
		return err
	}
	g := sample.Group{Code: "scheduled", Name: "Scheduled", Condition: sample.Acts(3, "90d")}
	daily := true
	var times []time.Duration
	for range min(b.Rounds, 5) {
		if err := b.drop(ctx, []sample.Group{g}); err != nil { // of the round before, or of a run that was broken off
			return err
		}
		_, _, err := b.roster.SaveGroup(ctx, roster.Save{Create: true, Code: g.Code, Name: &g.Name, Condition: &g.Condition, Schedule: &daily, Author: "bench"})
		if err != nil {
			return err
		}
		if err := b.recalculate(ctx, g.Code); err != nil {
			return err
		}
		took, err := b.untilRun(ctx, g.Code)
		if err != nil {
			return err
		}
		times = append(times, took)
	}
	b.found("scheduled", "any activity at least 3 times in 90 days, unchanged", ms(median(times)), "ms", "from the second in which it is due to its end, beside the %d live groups; median of %d, the slowest %.0f ms",
		b.Groups, len(times), ms(quantile(times, 1)))
	return b.drop(ctx, []sample.Group{g})
}

// untilRun moves the clock to where a group is due, and answers how long its run takes.
func (b *bench) untilRun(ctx context.Context, code string) (took time.Duration, err error) {
	due := b.roster.NextRun(b.roster.State().Groups[code])
	if _, err := b.moveClock(ctx, due-1); err != nil {
		return 0, err
	}
	started := time.Now()
	if _, err := b.moveClock(ctx, due); err != nil {
		return 0, err
	}
	for b.roster.NextRun(b.roster.State().Groups[code]) <= due {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
	return time.Since(started), nil
}

func (b *bench) measurePreview(ctx context.Context) error {
	var times, estimates []time.Duration
	var whole, estimated app.Preview
	ask := func(document []byte, estimate bool) (app.Preview, time.Duration, error) {
		started := time.Now()
		preview, err := b.app.PreviewCondition(ctx, app.PreviewInput{Condition: document, Estimate: estimate})
		if err == nil && len(preview.Problems) > 0 {
			err = fmt.Errorf("the condition has problems: %+v", preview.Problems)
		}
		return preview, time.Since(started), err
	}
	for i := range b.Rounds {
		document, err := sample.FiveConditions(b.load, i).MarshalJSON()
		if err != nil {
			return err
		}
		var took time.Duration
		if estimated, took, err = ask(document, true); err != nil {
			return err
		}
		estimates = append(estimates, took)
		if whole, took, err = ask(document, false); err != nil {
			return err
		}
		times = append(times, took)
	}
	b.found("preview", "all counts, each time a new condition", ms(median(times)), "ms", "five conditions in two groups, in total and one by one; the last finds %s; median of %d", grouped(float64(whole.Count)), len(times))
	b.found("preview", "the slowest of them", ms(quantile(times, 1)), "ms", "")
	if estimated.Exact {
		return nil
	}
	b.found("preview", "an estimate of the same before", ms(median(estimates)), "ms", "from %s contacts; the last is %s, from %s to %s; median of %d", grouped(float64(estimated.LookedAt)),
		grouped(float64(estimated.Count)), grouped(float64(estimated.Range.Low)), grouped(float64(estimated.Range.High)), len(estimates))
	b.found("preview", "the slowest of them", ms(quantile(estimates, 1)), "ms", "")
	return nil
}
