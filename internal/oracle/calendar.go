package oracle

import (
	"fmt"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// calendar answers what the clock and the calendar on the wall say at one instant.
type calendar struct {
	now  muster.Instant
	zone *time.Location
}

// day is a calendar day. Out of range days and months carry over.
type day struct {
	year  int
	month time.Month
	day   int
}

func dayOf(d muster.Date) day {
	y, m, dd := d.Civil()
	return day{y, m, dd}
}

func (d day) plusDays(n int) day {
	t := time.Date(d.year, d.month, d.day+n, 0, 0, 0, 0, time.UTC)
	return day{t.Year(), t.Month(), t.Day()}
}

// plusMonths steps the month and keeps the day; a missing day becomes the month's last.
func (d day) plusMonths(n int) day {
	first := time.Date(d.year, d.month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(first.Year(), first.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return day{first.Year(), first.Month(), min(d.day, last)}
}

// before orders days.
func (d day) before(o day) bool {
	if d.year != o.year {
		return d.year < o.year
	}
	if d.month != o.month {
		return d.month < o.month
	}
	return d.day < o.day
}

func (d day) weekday() time.Weekday {
	return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC).Weekday()
}

// local is the wall clock at an instant.
func (c calendar) local(t muster.Instant) time.Time { return time.Unix(int64(t), 0).In(c.zone) }

// dayAt is the local day of an instant.
func (c calendar) dayAt(t muster.Instant) day {
	l := c.local(t)
	return day{l.Year(), l.Month(), l.Day()}
}

func (c calendar) today() day { return c.dayAt(c.now) }

// at is the first instant at which the wall clock has reached the reading: the
// instant itself, the first of two, or the transition that skipped it.
func (c calendar) at(d day, clock time.Duration) muster.Instant {
	reading := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC).Unix() + int64(clock/time.Second)
	// No zone is more than a day and a bit away from UTC, so two days suffice.
	piece := time.Unix(reading-2*86400, 0).In(c.zone)
	for {
		_, offset := piece.Zone()
		_, end := piece.ZoneBounds()
		if !end.IsZero() && !piece.Before(end) {
			end = piece.AddDate(0, 0, 1) // Go errs on the last day of leap years that are far ahead
		}
		candidate := max(reading-int64(offset), piece.Unix())
		if end.IsZero() || candidate < end.Unix() {
			return muster.Instant(candidate)
		}
		piece = end.In(c.zone)
	}
}

// start is the first instant of a local day.
func (c calendar) start(d day) muster.Instant { return c.at(d, 0) }

// months is the length of a calendar step.
func months(d muster.Duration) int {
	switch d.Unit {
	case muster.Months:
		return int(d.N)
	case muster.Years:
		return 12 * int(d.N)
	}
	panic(fmt.Sprintf("oracle: %s is not a calendar step", d))
}

func isCalendarStep(d muster.Duration) bool {
	return d.Unit == muster.Months || d.Unit == muster.Years
}

var secondsPer = map[muster.Unit]int64{
	muster.Seconds: 1, muster.Minutes: 60, muster.Hours: 3600, muster.Days: 86400, muster.Weeks: 7 * 86400,
}

// bound is now minus (sign -1) or plus (sign +1) the duration.
//
// Calendar steps step the local date and keep the wall time. So stepped, the
// bound would sometimes move back as time goes on (from 28 March 23:00 to
// 29 March 01:00, a month earlier is 28 February both times), therefore it is
// the largest value that any instant up to now gives. Between two breaks - a
// local midnight, a change of the zone's offset - the stepped value never
// moves back, so besides now only the last second before each break counts,
// and nothing further back than a few days can exceed what now gives.
func (c calendar) bound(d muster.Duration, sign int) muster.Instant {
	if !isCalendarStep(d) {
		return c.now + muster.Instant(int64(sign)*d.N*secondsPer[d.Unit])
	}
	n := sign * months(d)
	latest := c.stepped(c.now, n)
	for back := 0; back <= 8; back++ {
		midnight := c.start(c.today().plusDays(-back))
		if midnight <= c.now {
			latest = max(latest, c.stepped(midnight-1, n))
		}
	}
	for t := c.local(c.now); ; {
		change, _ := t.ZoneBounds()
		if change.IsZero() || change.Unix() < int64(c.now)-8*86400 {
			return latest
		}
		before := change.Unix() - 1
		latest = max(latest, c.stepped(muster.Instant(before), n))
		t = time.Unix(before, 0).In(c.zone)
	}
}

// stepped moves one instant by n months on the wall.
func (c calendar) stepped(t muster.Instant, n int) muster.Instant {
	l := c.local(t)
	clock := time.Duration(l.Hour())*time.Hour + time.Duration(l.Minute())*time.Minute + time.Duration(l.Second())*time.Second
	return c.at(c.dayAt(t).plusMonths(n), clock)
}

// dayBound is today minus or plus the duration, in days. Stepping days by
// months never moves back, so no maximum is needed.
func (c calendar) dayBound(d muster.Duration, sign int) day {
	switch d.Unit {
	case muster.Days:
		return c.today().plusDays(sign * int(d.N))
	case muster.Weeks:
		return c.today().plusDays(sign * 7 * int(d.N))
	}
	return c.today().plusMonths(sign * months(d))
}

// within reports whether an instant lies in a window.
func (c calendar) within(t muster.Instant, w catalog.Window) bool { return c.window(w)(t) }

// window answers what tells whether an instant lies in a window.
func (c calendar) window(w catalog.Window) func(muster.Instant) bool {
	switch {
	case w.Last != nil:
		bound := c.bound(*w.Last, -1)
		return func(t muster.Instant) bool { return t > bound && t <= c.now }
	case w.OlderThan != nil:
		bound := c.bound(*w.OlderThan, -1)
		return func(t muster.Instant) bool { return t <= bound }
	case w.Period != "":
		first, next := c.period(w.Period)
		from, to := c.start(first), c.start(next)
		return func(t muster.Instant) bool { return t >= from && t < to }
	}
	var from, to muster.Instant
	if w.From != nil {
		from = c.first(*w.From)
	}
	if w.To != nil {
		to = c.end(*w.To)
	}
	return func(t muster.Instant) bool { return (w.From == nil || t >= from) && (w.To == nil || t < to) }
}

// first is the instant, or the beginning of the day.
func (c calendar) first(b catalog.Bound) muster.Instant {
	if b.IsDate {
		return c.start(dayOf(b.Date))
	}
	return b.Instant
}

// end excludes an instant and includes a whole day.
func (c calendar) end(b catalog.Bound) muster.Instant {
	if b.IsDate {
		return c.start(dayOf(b.Date).plusDays(1))
	}
	return b.Instant
}

// period answers the first day of a named period and the first day after it.
func (c calendar) period(name string) (first, next day) {
	today := c.today()
	monday := today.plusDays(-((int(today.weekday()) + 6) % 7))
	month := day{today.year, today.month, 1}
	quarter := day{today.year, today.month - (today.month-1)%3, 1}
	year := day{today.year, time.January, 1}
	switch name {
	case "today":
		return today, today.plusDays(1)
	case "yesterday":
		return today.plusDays(-1), today
	case "this_week":
		return monday, monday.plusDays(7)
	case "last_week":
		return monday.plusDays(-7), monday
	case "this_month":
		return month, month.plusMonths(1)
	case "last_month":
		return month.plusMonths(-1), month
	case "this_quarter":
		return quarter, quarter.plusMonths(3)
	case "last_quarter":
		return quarter.plusMonths(-3), quarter
	case "this_year":
		return year, year.plusMonths(12)
	case "last_year":
		return year.plusMonths(-12), year
	}
	panic(fmt.Sprintf("oracle: %q is not a period", name))
}

// celebrated is the day in a year on which a date is remembered: 29 February
// is celebrated on 28 February in common years.
func celebrated(d day, year int) day {
	if d.month == time.February && d.day == 29 && !isLeap(year) {
		return day{year, time.February, 28}
	}
	return day{year, d.month, d.day}
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// anniversaryWithin reports whether a day is celebrated on one of n days from first.
func anniversaryWithin(d, first day, n int) bool {
	// 400 days hold every date of the calendar at least once, 29 February by its stand-in.
	for i := 0; i < min(n, 400); i++ {
		on := first.plusDays(i)
		if celebrated(d, on.year) == on {
			return true
		}
	}
	return false
}

// completedYears is the age today of somebody born on a day.
func (c calendar) completedYears(born day) int {
	years := c.today().year - born.year
	if c.today().before(celebrated(born, c.today().year)) {
		years--
	}
	return years
}
