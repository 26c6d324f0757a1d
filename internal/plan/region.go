package plan

import "github.com/muster-groups/muster"

// interval is [from, to) on a line of instants or dates.
type interval[T muster.Instant | muster.Date] struct{ from, to T }

func (i interval[T]) isEmpty() bool { return i.from >= i.to }

// hull answers the smallest interval that covers both.
func (i interval[T]) hull(j interval[T]) interval[T] {
	switch {
	case i.isEmpty():
		return j
	case j.isEmpty():
		return i
	}
	return interval[T]{min(i.from, j.from), max(i.to, j.to)}
}

// region answers the symmetric difference of two intervals, at most two
// intervals, none empty. Bounds may have moved in any direction, together or
// apart: a window that grows by an end, slides over itself or jumps far away.
func region[T muster.Instant | muster.Date](was, is interval[T]) []interval[T] {
	if was == is {
		return nil
	}
	parts := [2]interval[T]{was, is}
	overlap := !was.isEmpty() && !is.isEmpty() && was.from < is.to && is.from < was.to
	if overlap {
		parts[0] = interval[T]{min(was.from, is.from), max(was.from, is.from)}
		parts[1] = interval[T]{min(was.to, is.to), max(was.to, is.to)}
	}
	var out []interval[T]
	for _, part := range parts {
		if !part.isEmpty() {
			out = append(out, part)
		}
	}
	return out
}

// monthDayRegion answers the month-days that are in one of two lists of ranges
// but not in both, as inclusive ranges.
func monthDayRegion(was, is [][2]int) [][2]int {
	var out [][2]int
	for monthDay := 101; monthDay <= 1231; monthDay++ {
		if inRanges(was, monthDay) == inRanges(is, monthDay) {
			continue
		}
		if last := len(out) - 1; last >= 0 && out[last][1] == monthDay-1 {
			out[last][1] = monthDay
		} else {
			out = append(out, [2]int{monthDay, monthDay})
		}
	}
	return out
}

func inRanges(ranges [][2]int, monthDay int) bool {
	for _, r := range ranges {
		if r[0] <= monthDay && monthDay <= r[1] {
			return true
		}
	}
	return false
}
