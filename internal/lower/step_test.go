package lower_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/lower"
	"github.com/muster-groups/muster/internal/plan"
)

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

func duration(s string) muster.Duration {
	d, err := muster.ParseDuration(s)
	if err != nil {
		panic(err)
	}
	return d
}

// local reads a wall clock in a zone, with an offset where it matters:
// "2026-10-25 02:30:00 +0100".
func local(s string, z *time.Location) muster.Instant {
	if t, err := time.Parse("2006-01-02 15:04:05 -0700", s); err == nil {
		return muster.InstantOf(t)
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, z)
	if err != nil {
		panic(err)
	}
	return muster.InstantOf(t)
}

func shown(t muster.Instant, z *time.Location) string {
	return t.Time().In(z).Format("2006-01-02 15:04:05 -0700")
}

// ago answers now-D as lowering has it: "older than" ends right after it.
func ago(now muster.Instant, d string, z *time.Location) muster.Instant {
	length := duration(d)
	leaf := &catalog.Leaf{Type: "performed-any", Args: catalog.Args{Times: catalog.Times{Min: 1, Max: -1}, Window: catalog.Window{OlderThan: &length}}}
	return lower.LowerLeaf(leaf, lower.Env{Now: now, Zone: z}).(*plan.Acted).To - 1
}

// ahead answers now+D as lowering has it: "in the next" ends right after it.
func ahead(now muster.Instant, d string, z *time.Location) muster.Instant {
	leaf := &catalog.Leaf{Type: "created", Args: catalog.Args{Op: catalog.InNext, Length: duration(d)}}
	field := lower.LowerLeaf(leaf, lower.Env{Now: now, Zone: z}).(*plan.Field)
	return field.Pred.(plan.InstantRange).To - 1
}

func TestDurationsBeforeNow(t *testing.T) {
	berlin, newYork, saoPaulo, apia := zone("Europe/Berlin"), zone("America/New_York"), zone("America/Sao_Paulo"), zone("Pacific/Apia")
	for _, c := range []struct {
		name      string
		zone      *time.Location
		now, d    string
		want      string
		wantAhead bool
	}{
		{name: "days are exact also across daylight saving", zone: berlin, now: "2026-03-30 12:00:00", d: "2d", want: "2026-03-28 11:00:00"},
		{name: "a month keeps the wall time across daylight saving", zone: berlin, now: "2026-04-15 12:00:00", d: "1mo", want: "2026-03-15 12:00:00"},
		{name: "a year", zone: berlin, now: "2026-06-10 08:30:15", d: "1y", want: "2025-06-10 08:30:15"},
		{name: "twelve months", zone: berlin, now: "2026-06-10 08:30:15", d: "12mo", want: "2025-06-10 08:30:15"},
		{name: "the last day that exists a month earlier", zone: time.UTC, now: "2026-03-28 23:00:00", d: "1mo", want: "2026-02-28 23:00:00"},
		{name: "the day after stays at the month's end", zone: time.UTC, now: "2026-03-29 01:00:00", d: "1mo", want: "2026-02-28 23:59:59"},
		{name: "and so until the month ends", zone: time.UTC, now: "2026-03-31 22:00:00", d: "1mo", want: "2026-02-28 23:59:59"},
		{name: "the next month moves on", zone: time.UTC, now: "2026-04-01 00:00:00", d: "1mo", want: "2026-03-01 00:00:00"},
		{name: "a 31st after a month of 30 days", zone: time.UTC, now: "2026-07-31 10:00:00", d: "1mo", want: "2026-06-30 23:59:59"},
		{name: "a 30th after a month of 30 days", zone: time.UTC, now: "2026-07-30 10:00:00", d: "1mo", want: "2026-06-30 10:00:00"},
		{name: "a leap day a year later", zone: time.UTC, now: "2024-02-29 10:00:00", d: "1y", want: "2023-02-28 23:59:59"},
		{name: "in a leap year 28 March still has its day", zone: time.UTC, now: "2024-03-29 10:00:00", d: "1mo", want: "2024-02-29 10:00:00"},
		{name: "a skipped wall time is the transition", zone: berlin, now: "2026-04-29 02:30:00", d: "1mo", want: "2026-03-29 03:00:00"},
		{name: "a repeated wall time is its first", zone: berlin, now: "2026-11-25 02:30:00", d: "1mo", want: "2026-10-25 02:30:00 +0200"},
		{name: "after a repeated hour the second one is behind", zone: berlin, now: "2026-11-25 03:00:00", d: "1mo", want: "2026-10-25 03:00:00 +0100"},
		{name: "a clock put back does not move the bound back", zone: berlin, now: "2026-10-25 02:10:00 +0100", d: "1mo", want: "2026-09-25 02:59:59"},
		{name: "before the clock is put back", zone: berlin, now: "2026-10-25 02:10:00 +0200", d: "1mo", want: "2026-09-25 02:10:00"},
		{name: "the hour is caught up", zone: berlin, now: "2026-10-25 03:00:00 +0100", d: "1mo", want: "2026-09-25 03:00:00"},
		{name: "west of Greenwich", zone: newYork, now: "2026-12-08 01:30:00", d: "1mo", want: "2026-11-08 01:30:00"},
		{name: "a skipped midnight", zone: saoPaulo, now: "2018-12-04 00:10:00", d: "1mo", want: "2018-11-04 01:00:00"},
		{name: "a skipped day", zone: apia, now: "2012-01-30 12:00:00", d: "1mo", want: "2011-12-31 00:00:00"},
		{name: "a month ahead", zone: time.UTC, now: "2026-01-15 12:00:00", d: "1mo", want: "2026-02-15 12:00:00", wantAhead: true},
		{name: "a month ahead of a 28th", zone: time.UTC, now: "2026-01-28 12:00:00", d: "1mo", want: "2026-02-28 12:00:00", wantAhead: true},
		{name: "a month ahead of a 31st", zone: time.UTC, now: "2026-01-31 12:00:00", d: "1mo", want: "2026-02-28 23:59:59", wantAhead: true},
		{name: "a week ahead", zone: berlin, now: "2026-03-28 12:00:00", d: "1w", want: "2026-04-04 13:00:00", wantAhead: true},
	} {
		now := local(c.now, c.zone)
		got := ago(now, c.d, c.zone)
		if c.wantAhead {
			got = ahead(now, c.d, c.zone)
		}
		if want := local(c.want, c.zone); got != want {
			t.Errorf("%s: %s and %s at %s give %s, want %s", c.name, c.now, c.d, c.zone, shown(got, c.zone), shown(want, c.zone))
		}
	}
}

// steppedOnce follows the definition for a single instant, by trial: of the
// offsets in force around it, those that show the stepped wall time are right.
func steppedOnce(t muster.Instant, months int, z *time.Location) muster.Instant {
	l := t.Time().In(z)
	first := time.Date(l.Year(), l.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	day := min(l.Day(), time.Date(first.Year(), first.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day())
	wall := time.Date(first.Year(), first.Month(), day, l.Hour(), l.Minute(), l.Second(), 0, time.UTC).Unix()
	shows := func(at int64) int64 {
		_, offset := time.Unix(at, 0).In(z).Zone()
		return at + int64(offset)
	}
	early := wall - (shows(wall-86400) - (wall - 86400))
	late := wall - (shows(wall+86400) - (wall + 86400))
	for _, at := range []int64{min(early, late), max(early, late)} {
		if shows(at) == wall {
			return muster.Instant(at)
		}
	}
	// Skipped: the transition is the first instant that shows more.
	at := wall - 86400
	for step := int64(3600); step > 0; step /= 60 {
		for shows(at+step) < wall {
			at += step
		}
	}
	return muster.Instant(at + 1)
}

func drawZone(t *rapid.T) *time.Location {
	return zone(rapid.SampledFrom([]string{
		"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "America/St_Johns",
	}).Draw(t, "zone"))
}

// drawNow prefers days on which something happens: month ends, leap days and
// changes of the clock.
func drawNow(t *rapid.T) muster.Instant {
	days := []muster.Date{
		muster.NewDate(2026, time.March, 29), muster.NewDate(2026, time.October, 25), muster.NewDate(2026, time.March, 1),
		muster.NewDate(2024, time.February, 29), muster.NewDate(2025, time.March, 30), muster.NewDate(2011, time.December, 31),
		muster.NewDate(2018, time.November, 4), muster.NewDate(2026, time.January, 1), muster.NewDate(2010, time.November, 7),
	}
	day := rapid.SampledFrom(days).Draw(t, "day") + muster.Date(rapid.IntRange(-2, 3).Draw(t, "days"))
	if rapid.Bool().Draw(t, "any day") {
		day = muster.NewDate(2005+rapid.IntRange(0, 25).Draw(t, "year"), time.January, 1+rapid.IntRange(0, 365).Draw(t, "day of year"))
	}
	return muster.Instant(int64(day)*86400 + rapid.Int64Range(0, 86399).Draw(t, "second"))
}

func TestACalendarBoundIsTheLargestOfAllInstantsUpToNow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z, now := drawZone(t), drawNow(t)
		months := rapid.SampledFrom([]int{1, 2, 3, 6, 12, 48}).Draw(t, "months")
		d := muster.Duration{N: int64(months), Unit: muster.Months}.String()
		// The wall clock breaks at full minutes only, so the largest value is
		// given by now or by the last second of some minute before.
		back, next := steppedOnce(now, -months, z), steppedOnce(now, months, z)
		for before := now - now%60 - 1; before > now-4*86400; before -= 60 {
			back, next = max(back, steppedOnce(before, -months, z)), max(next, steppedOnce(before, months, z))
		}
		if got := ago(now, d, z); got != back {
			t.Fatalf("%s before %s at %s is %s, want %s", d, shown(now, z), z, shown(got, z), shown(back, z))
		}
		if got := ahead(now, d, z); got != next {
			t.Fatalf("%s after %s at %s is %s, want %s", d, shown(now, z), z, shown(got, z), shown(next, z))
		}
	})
}

func TestACalendarBoundNeverMovesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z, now := drawZone(t), drawNow(t)
		later := now + muster.Instant(rapid.Int64Range(0, 4*86400).Draw(t, "later"))
		d := rapid.SampledFrom([]string{"1mo", "3mo", "1y", "4y"}).Draw(t, "duration")
		if was, is := ago(now, d, z), ago(later, d, z); is < was {
			t.Fatalf("%s before %s at %s is %s, but before %s it is %s", d, shown(now, z), z, shown(was, z), shown(later, z), shown(is, z))
		}
		if was, is := ahead(now, d, z), ahead(later, d, z); is < was {
			t.Fatalf("%s after %s at %s is %s, but after %s it is %s", d, shown(now, z), z, shown(was, z), shown(later, z), shown(is, z))
		}
	})
}
