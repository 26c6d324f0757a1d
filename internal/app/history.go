package app

import (
	"context"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Size is a group's size at the end of a step of its history. Entered and Left
// are net: they compare the members at the step's ends.
type Size struct {
	At      muster.Instant `json:"at" doc:"The end of the step."`
	Members uint64         `json:"members"`
	Entered uint64         `json:"entered"`
	Left    uint64         `json:"left"`
}

// SizeHistory is a group's size over time, from when on it is known, and the
// gaps in it.
type SizeHistory struct {
	Page[Size]
	KnownFrom muster.Instant `json:"known_from" doc:"From when on the size is known: since the group was created, or since when history is kept. Items begin with the first whole step after that."`
	Gaps      []Gap          `json:"gaps" nullable:"false" doc:"When nobody looked: what moved in a gap is recorded at its end."`
}

// Gap is a stretch of time in which the program was down or the clock jumped.
type Gap struct {
	From muster.Instant `json:"from"`
	To   muster.Instant `json:"to"`
}

// Per is the length of the steps of a history.
type Per string

// The steps. Days and weeks are those of the project's time zone; weeks begin on Monday.
const (
	PerHour Per = "hour"
	PerDay  Per = "day"
	PerWeek Per = "week"
)

const (
	// maxSteps bounds a history: each step is read for itself.
	maxSteps = 750
	// usualSteps is how many a history has when nothing is said.
	usualSteps = 30
)

// GroupHistory answers a group's size at the end of every step between two
// instants, the last step ending now at the latest. from 0 is 30 steps before
// to, to 0 is now. From before the horizon of history is CodeHistoryExpired; steps
// that begin before it are left out.
func (a *App) GroupHistory(ctx context.Context, code string, from, to muster.Instant, per Per) (SizeHistory, error) {
	g, err := a.group(code)
	if err != nil {
		return SizeHistory{}, err
	}
	var tick, known muster.Instant
	err = a.view(ctx, func(v store.View) error {
		tick, known = v.Tick(), max(v.Horizon().At, g.CreatedAt)
		if from == 0 {
			return nil
		}
		return reaches(v, "/from", from)
	})
	if err != nil {
		return SizeHistory{}, err
	}
	if to == 0 || to > tick {
		to = tick
	}
	if from > to {
		return SizeHistory{}, invalidAt("/from", problemRange, "expected an instant not after "+to.String())
	}
	ends := stepEnds(from, to, per, zoneOf(a.schema()))
	if len(ends) > maxSteps+1 {
		return SizeHistory{}, invalidAt("/from", problemRange, "expected at most "+itoa(maxSteps)+" steps; ask for less time or longer steps")
	}
	out := make([]Size, 0, len(ends))
	for i := 1; i < len(ends); i++ {
		err := a.view(ctx, func(v store.View) error {
			since := max(ends[i-1]-1, g.CreatedAt-1)
			if since < v.Horizon().At {
				return nil
			}
			before, err := v.MembersAt(g.No, since)
			if err != nil {
				return err
			}
			after, err := v.MembersAt(g.No, min(ends[i]-1, to))
			if err != nil {
				return err
			}
			both := before.AndCardinality(after)
			out = append(out, Size{At: min(ends[i], to), Members: after.GetCardinality(),
				Entered: after.GetCardinality() - both, Left: before.GetCardinality() - both})
			return nil
		})
		if err != nil {
			return SizeHistory{}, err
		}
	}
	gaps, err := a.roster.Gaps(ctx, ends[0], to)
	if err != nil {
		return SizeHistory{}, err
	}
	answer := SizeHistory{Page: PageOf(out, ""), KnownFrom: known, Gaps: []Gap{}}
	for _, g := range gaps {
		answer.Gaps = append(answer.Gaps, Gap(g))
	}
	return answer, nil
}

func zoneOf(s *muster.Schema) *time.Location {
	if s.Zone == nil {
		return time.UTC
	}
	return s.Zone
}

// stepEnds answers the bounds of the steps that cover from to to, in rising
// order; each step is from one bound, included, to the next, excluded. With too
// many it stops early, one over what is permitted.
func stepEnds(from, to muster.Instant, per Per, zone *time.Location) []muster.Instant {
	// Steps are numbered; start tells where a number begins.
	first, last, days := muster.Instant(0), to/3600+1, muster.Instant(0)
	start := func(n muster.Instant) muster.Instant { return n * 3600 }
	number := func(t muster.Instant) muster.Instant { return t / 3600 }
	if per != PerHour {
		days = 1
		if per == PerWeek {
			days = 7
		}
		// Day 0, 1970-01-01, was a Thursday: weeks of seven days begin three days before.
		shift := muster.Instant(0)
		if per == PerWeek {
			shift = 3
		}
		start = func(n muster.Instant) muster.Instant { return muster.Date(n*days - shift).Start(zone) }
		number = func(t muster.Instant) muster.Instant {
			return (muster.Instant(muster.DateOf(t.Time().In(zone))) + shift) / days
		}
		last = number(to) + 1
	}
	first = last - usualSteps
	if from != 0 {
		first = number(from)
	}
	var out []muster.Instant
	for n := first; n <= last && len(out) <= maxSteps+1; n++ {
		out = append(out, start(n))
	}
	return out
}
