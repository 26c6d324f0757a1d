package muster

import (
	"fmt"
	"strconv"
)

// Unit is a unit of a Duration. Seconds to weeks are exact; months and years
// are calendar steps.
type Unit byte

// The units in rising order.
const (
	Seconds Unit = iota + 1
	Minutes
	Hours
	Days
	Weeks
	Months
	Years
)

var unitNames = map[string]Unit{"s": Seconds, "m": Minutes, "h": Hours, "d": Days, "w": Weeks, "mo": Months, "y": Years}

// Suffix is the unit as a duration writes it: s m h d w mo y.
func (u Unit) Suffix() string {
	for s, unit := range unitNames {
		if unit == u {
			return s
		}
	}
	return "?"
}

// Duration is a length of time as a condition writes it: "90s" "45m" "12h"
// "30d" "8w" "3mo" "1y".
type Duration struct {
	N    int64 // at least 1
	Unit Unit
}

// maxYears bounds durations so that no bound computed from one overflows.
const maxYears = 200

// ParseDuration parses a duration of at least 1 and at most 200 years.
func ParseDuration(s string) (Duration, error) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	unit, known := unitNames[s[i:]]
	n, err := strconv.ParseInt(s[:i], 10, 64)
	if !known || err != nil || n < 1 {
		return Duration{}, fmt.Errorf("%q is not a duration: expected a number of at least 1 and a unit, such as 90s 45m 12h 30d 8w 3mo 1y", s)
	}
	d := Duration{N: n, Unit: unit}
	limit := map[Unit]int64{Seconds: 366 * 86400, Minutes: 366 * 1440, Hours: 366 * 24, Days: 366, Weeks: 53, Months: 12, Years: 1}[unit] * maxYears
	if n > limit {
		return Duration{}, fmt.Errorf("%q is too long: the longest duration is %d years", s, maxYears)
	}
	return d, nil
}

// String prints the form that ParseDuration reads.
func (d Duration) String() string { return strconv.FormatInt(d.N, 10) + d.Unit.Suffix() }

// Exact answers the length in seconds of a duration in seconds to weeks;
// ok is false for calendar steps.
func (d Duration) Exact() (seconds int64, ok bool) {
	switch d.Unit {
	case Seconds:
		return d.N, true
	case Minutes:
		return d.N * 60, true
	case Hours:
		return d.N * 3600, true
	case Days:
		return d.N * 86400, true
	case Weeks:
		return d.N * 7 * 86400, true
	}
	return 0, false
}

// MarshalText prints the duration.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText parses the duration.
func (d *Duration) UnmarshalText(b []byte) error {
	parsed, err := ParseDuration(string(b))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
