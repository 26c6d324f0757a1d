package roster

import (
	"context"
	"errors"
	"time"

	"github.com/muster-groups/muster"
)

// NextRun answers when a scheduled group is recalculated next, 0 when it is
// not scheduled. A run that was missed lies in the past.
func (r *Roster) NextRun(g *muster.Group) muster.Instant {
	if g.Schedule == nil {
		return 0
	}
	return nextRun(g.Schedule.Minute, r.opts.ServerZone, g.Schedule.LastRun)
}

// nextRun answers the first instant after another one at which the wall clock
// of a zone shows a minute of the day. A minute that a day skips runs at the
// next one that exists; one that a day repeats runs the first time only.
func nextRun(minute int, zone *time.Location, after muster.Instant) muster.Instant {
	day := muster.DateOf(after.Time().In(zone))
	for {
		if at := minuteOf(day, minute, zone); at > after {
			return at
		}
		day++
	}
}

// minuteOf answers the first instant of a day at or after a minute of it.
func minuteOf(day muster.Date, minute int, zone *time.Location) muster.Instant {
	at := day.Start(zone).Time().In(zone)
	for at.Hour()*60+at.Minute() < minute {
		at = at.Add(time.Minute)
	}
	return muster.InstantOf(at)
}

// startDue starts the scheduled recalculations whose time has come. A run that
// a group's own recalculation is doing already counts.
func (r *Roster) startDue(ctx context.Context, now muster.Instant) error {
	if !r.Works() {
		return nil // who works does it
	}
	if r.dueMinute.Swap(int64(now/60)) == int64(now/60) {
		return nil // schedules have whole minutes
	}
	state := r.State()
	for _, code := range state.sortedCodes() {
		g := state.Groups[code]
		if g.Schedule == nil || (g.Active == 0 && g.Pending == 0) || r.NextRun(g) > now {
			continue
		}
		if job := r.jobs.of(code); job == nil {
			r.enqueue(code, true)
		}
	}
	return ctx.Err()
}

// errRunBefore ends a scheduled recalculation that somebody else has done since it
// was found due.
var errRunBefore = errors.New("the scheduled run was done before")

// stillDue refuses a scheduled recalculation of a group that is not due any more,
// with nothing else to do: each due time has one run, whichever process does it.
func (r *Roster) stillDue(job *Job, g *muster.Group, now muster.Instant) error {
	if job.scheduled && g.Schedule != nil && r.NextRun(g) > now && g.Pending == 0 && !g.Requested && !g.Redefined {
		return errRunBefore
	}
	return nil
}
