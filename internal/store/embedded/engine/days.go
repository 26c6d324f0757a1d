package engine

import (
	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

const secondsPerDay = 86400

// dayOf answers the UTC day of an instant.
func dayOf(t muster.Instant) int32 {
	day := int64(t) / secondsPerDay
	if int64(t)%secondsPerDay < 0 {
		day--
	}
	return int32(day)
}

// secondOf answers the second within the UTC day.
func secondOf(t muster.Instant) uint32 { return uint32(int64(t) - int64(dayOf(t))*secondsPerDay) }

// days finds the contacts that have a date on a certain day, so that a moving
// bound looks at the days it passes and not at every contact.
type days struct{ sets map[int32]*roaring.Bitmap }

func (x *days) add(day int32, no uint32) {
	if x.sets == nil {
		x.sets = map[int32]*roaring.Bitmap{}
	}
	set := x.sets[day]
	if set == nil {
		set = roaring.New()
		x.sets[day] = set
	}
	set.Add(no)
}

func (x *days) remove(day int32, no uint32) {
	set := x.sets[day]
	if set == nil {
		return
	}
	if set.Remove(no); set.IsEmpty() {
		delete(x.sets, day)
	}
}

// between calls visit with the set of every day in [first, last].
func (x *days) between(first, last int32, visit func(day int32, set *roaring.Bitmap)) {
	if int64(last)-int64(first) < int64(len(x.sets)) {
		for day := int64(first); day <= int64(last); day++ {
			if set := x.sets[int32(day)]; set != nil {
				visit(int32(day), set)
			}
		}
		return
	}
	for day, set := range x.sets {
		if first <= day && day <= last {
			visit(day, set)
		}
	}
}

// window turns [from, to) into an inclusive range of days that covers it.
func window(from, to muster.Instant) (first, last int32) {
	const lowest, highest = -1 << 31, 1<<31 - 1
	first, last = lowest, highest
	if from > muster.Instant(lowest)*secondsPerDay {
		first = dayOf(min(from, muster.Instant(highest)*secondsPerDay))
	}
	if to < muster.Instant(highest)*secondsPerDay {
		last = dayOf(max(to, muster.Instant(lowest+1)*secondsPerDay) - 1)
	}
	return first, last
}

func (x *days) size() int64 {
	var n int64
	for _, set := range x.sets {
		n += int64(set.GetSizeInBytes()) + 96
	}
	return n
}
