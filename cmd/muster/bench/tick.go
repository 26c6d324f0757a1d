package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/sample"
)

// tickDays are the ten windows out of which activities fall.
var tickDays = [...]int{5, 10, 15, 21, 28, 45, 75, 120, 180, 240}

// leaving is how many activities leave windows in the measured tick.
const leaving = 100_000

func (b *bench) measureTick(ctx context.Context) error {
	if err := b.allLive(ctx); err != nil {
		return err
	}
	var groups []sample.Group
	for _, days := range tickDays {
		code := fmt.Sprintf("window-%d", days)
		groups = append(groups, sample.Group{Code: code, Name: code, Condition: sample.Acts(3, fmt.Sprintf("%dd", days))})
	}
	if _, err := b.live(ctx, groups); err != nil {
		return err
	}
	now := b.clock.Now()
	to, n := b.jump(now)
	if _, err := b.app.MoveClock(ctx, app.ClockInput{To: now}); err != nil { // nothing is left to do before it
		return err
	}
	started := time.Now()
	if _, err := b.app.MoveClock(ctx, app.ClockInput{To: to}); err != nil {
		return err
	}
	took := time.Since(started)
	b.found("tick", fmt.Sprintf("the clock moves on by %s", time.Duration(to-now)*time.Second), ms(took), "ms",
		"%s activities leave %d windows of any activity, beside the %d live groups", grouped(float64(n)), len(tickDays), b.Groups)
	return b.drop(ctx, groups)
}

// jump finds how far the clock must move for so many activities to leave the
// windows, counted over all windows.
func (b *bench) jump(now muster.Instant) (to muster.Instant, n int) {
	const step = 60
	perStep := make([]int32, (b.load.End-b.load.Start)/step+1)
	for row := range b.load.Rows() {
		perStep[(row.At-b.load.Start)/step]++
	}
	want := min(leaving, b.Activities/50)
	to = now
	for n < want && to < now+86400*30 {
		for _, days := range tickDays {
			at := to - muster.Instant(days)*86400
			if i := (at - b.load.Start) / step; at >= b.load.Start && int(i) < len(perStep) {
				n += int(perStep[i])
			}
		}
		to += step
	}
	return to, n
}
