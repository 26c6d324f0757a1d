package roster

import (
	"context"
	"fmt"

	"github.com/muster-groups/muster"
)

// skew is how many seconds the clocks of processes on one store may differ.
const skew = 10

// instant is a commit's T: the clock, never before the last T. A clock that
// jumped more than 24 h ahead while running is not followed unless accepted.
func (r *Roster) instant(tick muster.Instant) (muster.Instant, error) {
	now := r.opts.Clock.Now()
	switch {
	case tick == 0:
		return max(now, r.live.at), nil
	case now < tick && r.share.store != nil && tick <= now+skew:
		r.late.Store(nil)
		return tick, nil // another machine's clock made it
	case now < tick:
		r.stand(fmt.Sprintf("the system clock (%s) is behind the last commit (%s): time stands still until it catches up", now, tick))
		return tick, nil
	case now > tick+maxRunGap && r.live.at != 0 && r.opened && !r.opts.Manual && !r.opts.AcceptClock:
		r.stand(fmt.Sprintf("the system clock (%s) jumped more than 24 h ahead of the last commit (%s): time stands still; restart with --accept-clock if it is right", now, tick))
		return tick, nil
	}
	r.late.Store(nil)
	return now, nil
}

func (r *Roster) stand(why string) {
	if r.late.Swap(&why) == nil {
		r.log.Warn("time stands still", "why", why)
	}
}

// ClockProblem says why time stands still, or "".
func (r *Roster) ClockProblem() string {
	if why := r.late.Load(); why != nil {
		return *why
	}
	return ""
}

// Now is the instant that a commit would have.
func (r *Roster) Now() muster.Instant {
	return max(r.opts.Clock.Now(), muster.Instant(r.latest.Load()))
}

// Advance brings every group to now and starts what is due: recalculations and
// the nightly run of retention. It answers T.
func (r *Roster) Advance(ctx context.Context) (muster.Instant, error) {
	r.commit.Lock()
	c, err := r.write(ctx, nil)
	var turn []*planned
	if err == nil {
		turn = plansOf(r.live.foresee())
	}
	r.commit.Unlock()
	if err != nil {
		return 0, err
	}
	r.lookAhead(turn)
	if err := r.keepHorizon(ctx, c.at); err != nil {
		return 0, err
	}
	if r.opts.Manual || r.Works() {
		if err := r.startRetention(ctx, c.at); err != nil {
			return 0, err
		}
	}
	return c.at, r.startDue(ctx, c.at)
}

// lookAhead prepares a turn of the calendar, in the background where the clock
// moves by itself.
func (r *Roster) lookAhead(turn []*planned) {
	if len(turn) == 0 {
		return
	}
	if r.opts.Manual {
		r.prepare(r.life, turn)
		return
	}
	r.jobs.mu.Lock()
	defer r.jobs.mu.Unlock()
	if !r.jobs.closed {
		r.done.Go(func() { r.prepare(r.life, turn) })
	}
}
