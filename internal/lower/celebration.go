package lower

import (
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// A 29 February is celebrated, and completes its year, on 28 February in
// common years.

// farYears exceeds every age, so that its square never overflows a date.
const farYears = 20_000

// agedAtLeast answers the last birthday of those who have completed at least so
// many years today.
func agedAtLeast(years int64, today muster.Date) muster.Date {
	switch {
	case years > farYears:
		return muster.FirstDate
	case years < -farYears:
		return muster.LastDate - 1
	}
	year, month, day := today.Civil()
	born := year - int(years)
	if month == time.February && day >= 28 && !(day == 28 && isLeap(year)) {
		// Today the birthdays of both days are complete.
		return muster.NewDate(born, time.March, 1) - 1
	}
	return muster.NewDate(born, month, day)
}

// ages answers the birthdays of those who have completed lowest to highest years.
func ages(lowest, highest int64, today muster.Date) plan.DateRange {
	return plan.DateRange{From: agedAtLeast(highest+1, today) + 1, To: agedAtLeast(lowest, today) + 1}
}

// celebrated answers the dates whose month and day are celebrated on one of the
// days from first on. A zone makes it a test on instants, see plan.MonthDays.
func celebrated(first muster.Date, days int, zone *time.Location) plan.MonthDays {
	// 366 days in a row hold every celebration.
	last := first + muster.Date(min(days, 366)) - 1
	var ranges [][2]int
	for first <= last {
		year, _, _ := first.Civil()
		yearEnd := min(last, muster.NewDate(year, time.December, 31))
		r := [2]int{monthDay(first), monthDay(yearEnd)}
		if r[1] == 228 && !isLeap(year) {
			r[1] = 229
		}
		ranges = append(ranges, r)
		first = yearEnd + 1
	}
	return plan.MonthDays{Ranges: joined(ranges), Zone: zone}
}

// joined sorts at most two ranges, of which the second is of the year after the
// first, and joins them where they meet.
func joined(ranges [][2]int) [][2]int {
	if len(ranges) < 2 {
		return ranges
	}
	early, late := ranges[1], ranges[0]
	if early[1] >= late[0]-1 {
		return [][2]int{{min(early[0], late[0]), max(early[1], late[1])}}
	}
	return [][2]int{early, late}
}

func monthDay(d muster.Date) int {
	_, month, day := d.Civil()
	return int(month)*100 + day
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }
