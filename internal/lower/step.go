package lower

import (
	"math"
	"time"

	"github.com/muster-groups/muster"
)

// shifted answers the instant a duration before (sign -1) or after (sign 1) t.
//
// Exact durations are seconds. Calendar durations step the local date and keep
// the wall time, and so stepped, the bound would sometimes move back while time
// goes on: one month before 28 March 23:00 is 28 February 23:00, and one month
// before 29 March 01:00 is 28 February 01:00. A bound that moves back would let
// contacts return who had left by time alone, so the bound is the largest value
// that any instant up to t gives.
func shifted(t muster.Instant, d muster.Duration, sign int, zone *time.Location) muster.Instant {
	if seconds, exact := d.Exact(); exact {
		return t + muster.Instant(int64(sign)*seconds)
	}
	wall := int64(math.MinInt64)
	for _, candidate := range peaks(t, zone) {
		wall = max(wall, stepWall(wallAt(candidate, zone), sign*calendarMonths(d)))
	}
	return reach(wall, zone)
}

// shiftedDate is shifted for dates, in which no part of a day is lost. Stepping
// dates by months never moves back, so there is nothing to look back for.
func shiftedDate(d muster.Date, by muster.Duration, sign int) muster.Date {
	if seconds, exact := by.Exact(); exact {
		return d + muster.Date(int64(sign)*(seconds/secondsPerDay))
	}
	return stepDate(d, sign*calendarMonths(by))
}

const secondsPerDay = 86400

// calendarMonths is the length of a calendar duration.
func calendarMonths(d muster.Duration) int {
	if d.Unit == muster.Years {
		return 12 * int(d.N)
	}
	return int(d.N)
}

// stepDate steps a date by months; a missing day becomes the month's last.
func stepDate(d muster.Date, months int) muster.Date {
	year, month, day := d.Civil()
	first := muster.NewDate(year, month+time.Month(months), 1)
	next := muster.NewDate(year, month+time.Month(months)+1, 1)
	return min(first+muster.Date(day-1), next-1)
}

// A wall reading is what a local clock and calendar show, as the seconds from
// 1970-01-01T00:00:00 to it on a clock that never changes.

func wallAt(t muster.Instant, zone *time.Location) int64 {
	_, offset := t.Time().In(zone).Zone()
	return int64(t) + int64(offset)
}

// stepWall steps the date of a wall reading and keeps its time of day.
func stepWall(wall int64, months int) int64 {
	date := floorDiv(wall, secondsPerDay)
	stepped := stepDate(muster.Date(date), months)
	return wall + (int64(stepped)-date)*secondsPerDay
}

// reach is the first instant at which the local clock shows the reading or a
// later one: the first of two when it repeats, the transition when it is skipped.
func reach(wall int64, zone *time.Location) muster.Instant {
	// No offset is as large as a day, so a day ahead of the reading taken as UTC
	// the clock has not reached it yet.
	t := time.Unix(wall-secondsPerDay, 0).In(zone)
	for {
		_, offset := t.Zone()
		_, end := t.ZoneBounds()
		if !end.IsZero() && !end.After(t) {
			// Go answers the start of 31 December as the end of a stretch on
			// that day of leap years beyond the zone's table; no clock is
			// changed between the years.
			end = t.Add(secondsPerDay * time.Second)
		}
		if reached := max(t.Unix(), wall-int64(offset)); end.IsZero() || reached < end.Unix() {
			return muster.Instant(reached)
		}
		t = end.In(zone)
	}
}

// lookBack is how far before now an instant can still give a larger stepped
// reading than now does. A local date and one four or more days before it never
// step to the same date, since at most 28, 29, 30 and 31 do, and no clock was
// ever put back by more than a day; a week has room for all of it.
const lookBack = 7 * secondsPerDay

// peaks answers the instants up to t among which the stepped reading is
// largest. Between local midnights and changes of the zone's offset it grows
// with time, so these are t itself and the last second before each of them.
func peaks(t muster.Instant, zone *time.Location) []muster.Instant {
	out := []muster.Instant{t}
	for from := t; ; {
		local := from.Time().In(zone)
		_, offset := local.Zone()
		start, _ := local.ZoneBounds()
		begin := t - lookBack
		if !start.IsZero() {
			begin = max(begin, muster.InstantOf(start))
		}
		// The midnights within this stretch of constant offset.
		midnight := muster.Instant(floorDiv(int64(from)+int64(offset), secondsPerDay)*secondsPerDay - int64(offset))
		for ; midnight > begin; midnight -= secondsPerDay {
			out = append(out, midnight-1)
		}
		if begin <= t-lookBack {
			return out
		}
		from = begin - 1
		out = append(out, from)
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
