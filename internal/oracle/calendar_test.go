package oracle_test

import (
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
)

// visitIn asks whether the only visit lies in the window.
func visitIn(w catalog.Window) catalog.Leaf {
	return leaf("performed-any", catalog.Args{Window: w, Times: once})
}

func visit(when string) oracle.Person { return did(act("page_visit", when)) }

func TestWindows(t *testing.T) {
	older := catalog.Window{OlderThan: ptr(duration("30d"))}
	dates := catalog.Window{From: ptr(bound("2026-03-02")), To: ptr(bound("2026-03-03"))}
	instants := catalog.Window{From: ptr(bound("2026-03-02T10:00:00Z")), To: ptr(bound("2026-03-03T10:00:00Z"))}
	check(t, []sentence{
		{name: "last includes now", leaf: visitIn(last("30d")), person: visit(now), want: true},
		{name: "last ends now", leaf: visitIn(last("30d")), person: visit("2026-03-18T12:00:01Z")},
		{name: "last excludes now-D", leaf: visitIn(last("30d")), person: visit("2026-02-16T12:00:00Z")},
		{name: "last begins a second later", leaf: visitIn(last("30d")), person: visit("2026-02-16T12:00:01Z"), want: true},
		{name: "older_than includes now-D", leaf: visitIn(older), person: visit("2026-02-16T12:00:00Z"), want: true},
		{name: "older_than excludes later", leaf: visitIn(older), person: visit("2026-02-16T12:00:01Z")},
		{name: "from a date is included", leaf: visitIn(dates), person: visit("2026-03-02T00:00:00Z"), want: true},
		{name: "before from", leaf: visitIn(dates), person: visit("2026-03-01T23:59:59Z")},
		{name: "to a date includes the day", leaf: visitIn(dates), person: visit("2026-03-03T23:59:59Z"), want: true},
		{name: "after that day", leaf: visitIn(dates), person: visit("2026-03-04T00:00:00Z")},
		{name: "dates are local", leaf: visitIn(dates), person: visit("2026-03-03T23:00:00Z"), zone: "Europe/Vienna"},
		{name: "from an instant is included", leaf: visitIn(instants), person: visit("2026-03-02T10:00:00Z"), want: true},
		{name: "to an instant is excluded", leaf: visitIn(instants), person: visit("2026-03-03T10:00:00Z")},
		{name: "only from", leaf: visitIn(catalog.Window{From: ptr(bound("2026-03-02"))}), person: visit(now), want: true},
		{name: "only to", leaf: visitIn(catalog.Window{To: ptr(bound("2026-03-02"))}), person: visit(now)},
	})
}

func TestLastDaysAreExactAcrossDaylightSaving(t *testing.T) {
	// Vienna loses an hour on 29 March 2026; a day stays 24 hours.
	check(t, []sentence{
		{name: "24 hours ago", leaf: visitIn(last("1d")), person: visit("2026-03-28T12:00:00Z"), now: "2026-03-29T12:00:00Z", zone: "Europe/Vienna"},
		{name: "a second later", leaf: visitIn(last("1d")), person: visit("2026-03-28T12:00:01Z"), now: "2026-03-29T12:00:00Z", zone: "Europe/Vienna", want: true},
	})
}

func TestPeriods(t *testing.T) {
	// Now is Wednesday, 18 March 2026. Each period: its first second and the second after its last.
	periods := map[string][2]string{
		"today":        {"2026-03-18T00:00:00Z", "2026-03-19T00:00:00Z"},
		"yesterday":    {"2026-03-17T00:00:00Z", "2026-03-18T00:00:00Z"},
		"this_week":    {"2026-03-16T00:00:00Z", "2026-03-23T00:00:00Z"},
		"last_week":    {"2026-03-09T00:00:00Z", "2026-03-16T00:00:00Z"},
		"this_month":   {"2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"},
		"last_month":   {"2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		"this_quarter": {"2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"},
		"last_quarter": {"2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z"},
		"this_year":    {"2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		"last_year":    {"2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
	}
	for name, p := range periods {
		l := visitIn(catalog.Window{Period: name})
		before := did(muster.Activity{Type: "x", At: at(p[0]) - 1})
		lastSecond := did(muster.Activity{Type: "x", At: at(p[1]) - 1})
		check(t, []sentence{
			{name: name + " includes its first second", leaf: l, person: visit(p[0]), want: true},
			{name: name + " excludes the second before", leaf: l, person: before},
			{name: name + " includes its last second", leaf: l, person: lastSecond, want: true},
			{name: name + " excludes the next", leaf: l, person: visit(p[1])},
		})
	}
	sunday := "2026-03-22T12:00:00Z"
	check(t, []sentence{
		{name: "weeks start on Monday", leaf: visitIn(catalog.Window{Period: "this_week"}), person: visit("2026-03-16T00:00:00Z"), now: sunday, want: true},
		{name: "a day that loses an hour", leaf: visitIn(catalog.Window{Period: "today"}), person: visit("2026-03-29T21:59:59Z"), now: "2026-03-29T10:00:00Z", zone: "Europe/Vienna", want: true},
		{name: "and ends an hour earlier", leaf: visitIn(catalog.Window{Period: "today"}), person: visit("2026-03-29T22:00:00Z"), now: "2026-03-29T10:00:00Z", zone: "Europe/Vienna"},
		{name: "a day without midnight starts at one", leaf: visitIn(catalog.Window{Period: "today"}), person: visit("2018-11-04T03:00:00Z"), now: "2018-11-04T12:00:00Z", zone: "America/Sao_Paulo", want: true},
		{name: "not before", leaf: visitIn(catalog.Window{Period: "today"}), person: visit("2018-11-04T02:59:59Z"), now: "2018-11-04T12:00:00Z", zone: "America/Sao_Paulo"},
	})
}

// boundIs asserts that the window (now-D, now] begins right after the instant.
func boundIs(name, length, now, zone, want string) []sentence {
	return []sentence{
		{name: name + ", the bound", leaf: visitIn(last(length)), person: did(muster.Activity{At: at(want)}), now: now, zone: zone},
		{name: name + ", after the bound", leaf: visitIn(last(length)), person: did(muster.Activity{At: at(want) + 1}), now: now, zone: zone, want: true},
	}
}

func TestCalendarSteps(t *testing.T) {
	const vienna = "Europe/Vienna"
	var cases []sentence
	for _, c := range [][5]string{
		{"a month keeps the wall time", "1mo", "2026-03-18T12:00:00Z", "", "2026-02-18T12:00:00Z"},
		{"also across daylight saving", "1mo", "2026-04-15T10:00:00Z", vienna, "2026-03-15T11:00:00Z"},
		{"a year", "1y", "2026-03-18T12:00:00Z", "", "2025-03-18T12:00:00Z"},
		{"a missing day becomes the month's last", "1mo", "2026-03-28T23:00:00Z", "", "2026-02-28T23:00:00Z"},
		{"the bound never moves back", "1mo", "2026-03-29T01:00:00Z", "", "2026-02-28T23:59:59Z"},
		{"and stays there until a day exists again", "1mo", "2026-03-31T23:59:58Z", "", "2026-02-28T23:59:59Z"},
		{"and moves on then", "1mo", "2026-04-01T00:00:00Z", "", "2026-03-01T00:00:00Z"},
		{"a year after 29 February", "1y", "2028-02-29T01:00:00Z", "", "2027-02-28T23:59:59Z"},
		// In Vienna 02:00 to 03:00 is skipped on 29 March 2026: 01:00 UTC is the transition.
		{"a skipped wall time is the transition", "1mo", "2026-04-29T00:30:00Z", vienna, "2026-03-29T01:00:00Z"},
		{"the transition itself", "1mo", "2026-04-29T00:00:00Z", vienna, "2026-03-29T01:00:00Z"},
		{"after the gap", "1mo", "2026-04-29T01:00:00Z", vienna, "2026-03-29T01:00:00Z"},
		// In Vienna 02:00 to 03:00 is repeated on 25 October 2026: first from 00:00 UTC.
		{"a repeated wall time is its first", "1mo", "2026-11-25T01:30:00Z", vienna, "2026-10-25T00:30:00Z"},
		{"after the repetition", "1mo", "2026-11-25T02:00:00Z", vienna, "2026-10-25T02:00:00Z"},
		// From within the repeated hour the wall clock goes back, the bound does not.
		{"the first pass", "1mo", "2026-10-25T00:30:00Z", vienna, "2026-09-25T00:30:00Z"},
		{"the second pass stands still", "1mo", "2026-10-25T01:30:00Z", vienna, "2026-09-25T00:59:59Z"},
		{"after the second pass", "1mo", "2026-10-25T02:00:00Z", vienna, "2026-09-25T01:00:00Z"},
		// Apia skipped 30 December 2011 as a whole.
		{"a skipped day is the transition", "1mo", "2012-01-30T00:00:00Z", "Pacific/Apia", "2011-12-30T10:00:00Z"},
	} {
		cases = append(cases, boundIs(c[0], c[1], c[2], c[3], c[4])...)
	}
	check(t, cases)
}

func TestTheBoundOfCalendarStepsNeverMovesBack(t *testing.T) {
	// The first second after the bound must stay out once it is out.
	for _, zone := range []string{"UTC", "Europe/Vienna", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia"} {
		probe := did(muster.Activity{At: at("2011-02-28T12:00:00Z")})
		for _, length := range []string{"1mo", "10mo", "1y"} {
			gone := false
			for s := at("2011-03-25T00:00:00Z"); s < at("2011-04-03T00:00:00Z"); s += 1800 {
				c := sentence{leaf: visitIn(last(length)), person: probe, now: s.String(), zone: zone}
				in := matches(t, c)
				if gone && in {
					t.Fatalf("%s in %s: the activity left the window and came back at %s", length, zone, s)
				}
				gone = !in
			}
		}
	}
}

func TestDateAndTime(t *testing.T) {
	weekday := leaf("weekday", catalog.Args{Weekdays: []int{3, 7}})
	month := leaf("month", catalog.Args{Months: []int{3}})
	clock := func(from, to int) catalog.Leaf {
		return leaf("time-of-day", catalog.Args{Minutes: [2]int{from, to}})
	}
	check(t, []sentence{
		{name: "weekday", leaf: weekday, want: true},
		{name: "Sunday is 7", leaf: weekday, now: "2026-03-22T00:00:00Z", want: true},
		{name: "another weekday", leaf: weekday, now: "2026-03-19T00:00:00Z"},
		{name: "weekday is local", leaf: weekday, now: "2026-03-17T23:00:00Z", zone: "Europe/Vienna", want: true},
		{name: "month", leaf: month, want: true},
		{name: "month is local", leaf: month, now: "2026-03-31T22:00:00Z", zone: "Europe/Vienna"},
		{name: "from is included", leaf: clock(720, 780), want: true},
		{name: "to is excluded", leaf: clock(660, 720)},
		{name: "past midnight, late", leaf: clock(22*60, 6*60), now: "2026-03-18T23:59:59Z", want: true},
		{name: "past midnight, early", leaf: clock(22*60, 6*60), now: "2026-03-18T05:59:59Z", want: true},
		{name: "past midnight, by day", leaf: clock(22*60, 6*60), now: "2026-03-18T06:00:00Z"},
		{name: "time of day is local", leaf: clock(13*60, 14*60), zone: "Europe/Vienna", want: true},
	})
}
