package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/sample"
)

// applyBatch is how many changes a batch of the measures has.
const applyBatch = 1000

// applied is what a run of batches came to.
type applied struct {
	rate  float64 // changes a second
	times []time.Duration
	moves int // entered and left
}

func (a applied) note() string {
	return fmt.Sprintf("%d batches of %s, %.1f ms each (95 %%: %.1f ms); %s moves",
		len(a.times), grouped(applyBatch), ms(median(a.times)), ms(quantile(a.times, .95)), grouped(float64(a.moves)))
}

// applyBatches applies traffic of known contacts on the busy pages.
func (b *bench) applyBatches(ctx context.Context) (a applied, err error) {
	total := time.Duration(0)
	for range 6 * b.Rounds {
		batch := b.traffic(applyBatch)
		started := time.Now()
		result, err := b.roster.Apply(ctx, batch)
		if err != nil {
			return a, err
		}
		took := time.Since(started)
		for _, item := range result.Items {
			if item.Status != muster.Accepted {
				return a, fmt.Errorf("an activity was %s: %w", item.Status, item.Err)
			}
		}
		a.times, total = append(a.times, took), total+took
		a.moves += len(result.Entered) + len(result.Left)
	}
	a.rate = float64(len(a.times)*applyBatch) / total.Seconds()
	return a, nil
}

// traffic is a batch that no earlier one equals, at the present instant.
func (b *bench) traffic(n int) muster.Batch {
	b.stream++
	return b.load.Traffic(b.stream, n, 0, sample.BusyPages, b.roster.Now())
}

func (b *bench) measureApply(ctx context.Context) error {
	took, err := b.live(ctx, sample.LoadGroups(b.load, b.Groups))
	if err != nil {
		return err
	}
	if took > time.Second {
		b.found("apply", fmt.Sprintf("making %d groups live first", b.Groups), took.Seconds(), "s", "one recalculation after the other")
	}
	members, err := b.memberships(ctx)
	if err != nil {
		return err
	}
	a, err := b.applyBatches(ctx)
	if err != nil {
		return err
	}
	b.found("apply", fmt.Sprintf("durable, %d groups live", b.Groups), a.rate, "/s", "%s; %s memberships", a.note(), grouped(float64(members)))
	return nil
}

func (b *bench) measureUnrelated(ctx context.Context) error {
	const more = 1000
	if err := b.allLive(ctx); err != nil {
		return err
	}
	others := sample.OtherGroups(b.load, more)
	if err := b.drop(ctx, others); err != nil {
		return err
	}
	before, err := b.applyBatches(ctx)
	if err != nil {
		return err
	}
	if _, err := b.live(ctx, others); err != nil {
		return err
	}
	after, err := b.applyBatches(ctx)
	if err != nil {
		return err
	}
	b.found("unrelated", fmt.Sprintf("%d groups", b.Groups), before.rate, "/s", "%s", before.note())
	b.found("unrelated", fmt.Sprintf("%s groups more, on other pages", grouped(more)), after.rate, "/s", "%s", after.note())
	b.found("unrelated", "time with them to time without", before.rate/after.rate, "times", "1 is no difference")
	return b.drop(ctx, others)
}
