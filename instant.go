package muster

import (
	"fmt"
	"math"
	"time"
)

// Instant is a moment in whole seconds since 1970-01-01T00:00:00Z.
type Instant int64

// The open ends of time. No fact carries them; windows do.
const (
	Beginning Instant = math.MinInt64
	Forever   Instant = math.MaxInt64
)

// InstantOf truncates a time to whole seconds (toward the past).
func InstantOf(t time.Time) Instant { return Instant(t.Unix()) }

// Time is the instant in UTC.
func (t Instant) Time() time.Time { return time.Unix(int64(t), 0).UTC() }

// String prints RFC 3339 in UTC, or "beginning" and "forever" for the open ends.
func (t Instant) String() string {
	switch t {
	case Beginning:
		return "beginning"
	case Forever:
		return "forever"
	}
	return t.Time().Format(time.RFC3339)
}

// MarshalText prints RFC 3339 in UTC.
func (t Instant) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText parses RFC 3339 and truncates to whole seconds.
func (t *Instant) UnmarshalText(b []byte) error {
	parsed, err := ParseInstant(string(b))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}

// ParseInstant parses RFC 3339 (any offset, fractions truncated). Years 0001 to 9999.
func ParseInstant(s string) (Instant, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("%q is not an instant: expected RFC 3339 such as 2026-03-01T09:30:00Z", s)
	}
	return Instant(t.Unix()), nil
}

// Date is a calendar day as days since 1970-01-01, without a zone.
type Date int32

// The open ends of the calendar. No stored value carries them; ranges do.
const (
	FirstDate Date = math.MinInt32
	LastDate  Date = math.MaxInt32
)

// DateOf is the day of a wall clock reading, in the reading's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return NewDate(y, m, d)
}

// NewDate makes a date; out of range months and days carry over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	secs := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()
	return Date(secs / 86400) // midnight UTC, so the division is exact also before 1970
}

// Civil splits the date into year, month and day.
func (d Date) Civil() (year int, month time.Month, day int) {
	return time.Unix(int64(d)*86400, 0).UTC().Date()
}

// Start is the first instant of the day in a zone (after a skipped midnight, the transition).
func (d Date) Start(zone *time.Location) Instant {
	y, m, day := d.Civil()
	t := time.Date(y, m, day, 0, 0, 0, 0, zone)
	if DateOf(t) == d {
		// time.Date may pick the second of two midnights; the first one starts the day.
		if earlier := t.Add(-time.Hour); DateOf(earlier) == d {
			for DateOf(earlier.Add(-time.Hour)) == d {
				earlier = earlier.Add(-time.Hour)
			}
			t = earlier
		}
		return Instant(t.Unix())
	}
	// Midnight does not exist on this day: search the transition between the two days.
	low, high := t.Unix()-86400, t.Unix()+86400
	for low+1 < high {
		mid := low + (high-low)/2
		if DateOf(time.Unix(mid, 0).In(zone)) < d {
			low = mid
		} else {
			high = mid
		}
	}
	return Instant(high)
}

// String prints YYYY-MM-DD.
func (d Date) String() string {
	y, m, day := d.Civil()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
}

// MarshalText prints YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText parses YYYY-MM-DD.
func (d *Date) UnmarshalText(b []byte) error {
	parsed, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// ParseDate parses YYYY-MM-DD, years 0001 to 9999.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("%q is not a date: expected YYYY-MM-DD such as 2026-03-01", s)
	}
	return DateOf(t), nil
}
