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

// How many activities leave windows in the measured ticks.
const (
	leaving         = 100_000
	leavingInMinute = 1000
)

func (b *bench) measureTick(ctx context.Context) error {
	groups := windowGroups(tickDays[:])
	if err := b.windowsLive(ctx, groups); err != nil {
		return err
	}
	now := b.clock.Now()
	to, n := b.minutes().jump(now, tickDays[:], min(leaving, b.Activities/50))
	took, err := b.moveClock(ctx, to)
	if err != nil {
		return err
	}
	b.found("tick", fmt.Sprintf("the clock moves on by %s", time.Duration(to-now)*time.Second), ms(took), "ms",
		"%s activities leave %d windows of any activity, beside the %d live groups", grouped(float64(n)), len(tickDays), b.Groups)
	return b.drop(ctx, groups)
}

// measureMinute moves the clock minute by minute: so many windows that about
// 1,000 activities leave one in each, or, of few activities, longer.
func (b *bench) measureMinute(ctx context.Context) error {
	const most = 30
	minutes := b.minutes()
	var days []int
	for n := 0; n < leavingInMinute && len(days) < most; {
		days = append(days, 5+8*len(days))
		_, n = minutes.jump(b.clock.Now(), days, 1)
	}
	groups := windowGroups(days)
	if err := b.windowsLive(ctx, groups); err != nil {
		return err
	}
	var times []time.Duration
	left, from := 0, b.clock.Now()
	for range b.Rounds {
		to, n := minutes.jump(b.clock.Now(), days, leavingInMinute*9/10)
		took, err := b.moveClock(ctx, to)
		if err != nil {
			return err
		}
		times, left = append(times, took), left+n
	}
	each := time.Duration(b.clock.Now()-from) * time.Second / time.Duration(b.Rounds)
	b.found("minute", fmt.Sprintf("the clock moves on by %s", each), ms(median(times)), "ms",
		"%s activities leave %d windows of any activity, beside the %d live groups; median of %d, the slowest %.1f ms",
		grouped(float64(left/b.Rounds)), len(days), b.Groups, len(times), ms(quantile(times, 1)))
	return b.drop(ctx, groups)
}

func windowGroups(days []int) (groups []sample.Group) {
	for _, days := range days {
		code := fmt.Sprintf("window-%d", days)
		groups = append(groups, sample.Group{Code: code, Name: code, Condition: sample.Acts(3, fmt.Sprintf("%dd", days))})
	}
	return groups
}

// windowsLive makes groups with windows live, beside the run's, as of now.
func (b *bench) windowsLive(ctx context.Context, groups []sample.Group) error {
	if err := b.allLive(ctx); err != nil {
		return err
	}
	if _, err := b.live(ctx, groups); err != nil {
		return err
	}
	_, err := b.moveClock(ctx, b.clock.Now()) // nothing is left to do before it
	return err
}

func (b *bench) moveClock(ctx context.Context, to muster.Instant) (took time.Duration, err error) {
	started := time.Now()
	_, err = b.app.MoveClock(ctx, app.ClockInput{To: to})
	return time.Since(started), err
}

// minutes is how many activities each minute has.
type minutes struct {
	start muster.Instant
	n     []int32
}

func (b *bench) minutes() minutes {
	m := minutes{b.load.Start, make([]int32, (b.load.End-b.load.Start)/60+1)}
	for row := range b.load.Rows() {
		m.n[(row.At-m.start)/60]++
	}
	return m
}

// jump finds how far the clock must move, by a minute at least, for so many
// activities to leave windows of some days, counted over all windows.
func (m minutes) jump(now muster.Instant, days []int, want int) (to muster.Instant, n int) {
	for to = now; n < want && to < now+86400*30; to += 60 {
		for _, d := range days {
			at := to - muster.Instant(d)*86400
			if i := (at - m.start) / 60; at >= m.start && int(i) < len(m.n) {
				n += int(m.n[i])
			}
		}
	}
	return to, n
}
