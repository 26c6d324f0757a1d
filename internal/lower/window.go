package lower

import (
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// span is a window of instants, [from, to).
type span struct{ from, to muster.Instant }

// always is any time.
func always() span { return span{muster.Beginning, muster.Forever} }

// window answers the span of a within parameter.
func (l *lowering) window(w catalog.Window) span {
	switch {
	case w.Last != nil:
		return l.inLast(*w.Last)
	case w.OlderThan != nil:
		return l.moreThanAgo(*w.OlderThan)
	case w.Period != "":
		first, next := period(w.Period, l.today)
		return l.days(first, next)
	}
	s := always()
	if w.From != nil {
		s.from = l.start(*w.From)
	}
	if w.To != nil {
		s.to = l.start(*w.To)
		if w.To.IsDate {
			s.to = l.dayStart(w.To.Date + 1)
		}
	}
	return s
}

// In whole seconds (now-D, now] is [now-D+1, now+1), and likewise for the others.

func (l *lowering) inLast(d muster.Duration) span {
	return span{shifted(l.Now, d, -1, l.Zone) + 1, l.Now + 1}
}

func (l *lowering) moreThanAgo(d muster.Duration) span {
	return span{muster.Beginning, shifted(l.Now, d, -1, l.Zone) + 1}
}

func (l *lowering) inNext(d muster.Duration) span {
	return span{l.Now + 1, shifted(l.Now, d, 1, l.Zone) + 1}
}

func (l *lowering) moreThanAhead(d muster.Duration) span {
	return span{shifted(l.Now, d, 1, l.Zone) + 1, muster.Forever}
}

// days is the local days from first to before next.
func (l *lowering) days(first, next muster.Date) span {
	return span{l.dayStart(first), l.dayStart(next)}
}

// dayStart is the first instant of a local day; of a skipped day, the next one's.
func (l *lowering) dayStart(d muster.Date) muster.Instant {
	return reach(int64(d)*secondsPerDay, l.Zone)
}

// start is the instant itself, or the first one of the day.
func (l *lowering) start(b catalog.Bound) muster.Instant {
	if b.IsDate {
		return l.dayStart(b.Date)
	}
	return b.Instant
}

// end is the instant after the bound: after the instant, or after the whole day.
func (l *lowering) end(b catalog.Bound) muster.Instant {
	if b.IsDate {
		return l.dayStart(b.Date + 1)
	}
	return b.Instant + 1
}

// period answers the first day of a named period and the first day after it.
func period(name string, today muster.Date) (first, next muster.Date) {
	year, month, _ := today.Civil()
	switch name {
	case "today":
		return today, today + 1
	case "yesterday":
		return today - 1, today
	case "this_week":
		return monday(today), monday(today) + 7
	case "last_week":
		return monday(today) - 7, monday(today)
	case "this_month":
		return muster.NewDate(year, month, 1), muster.NewDate(year, month+1, 1)
	case "last_month":
		return muster.NewDate(year, month-1, 1), muster.NewDate(year, month, 1)
	case "this_quarter":
		quarter := month - (month-1)%3
		return muster.NewDate(year, quarter, 1), muster.NewDate(year, quarter+3, 1)
	case "last_quarter":
		quarter := month - (month-1)%3
		return muster.NewDate(year, quarter-3, 1), muster.NewDate(year, quarter, 1)
	case "this_year":
		return muster.NewDate(year, time.January, 1), muster.NewDate(year+1, time.January, 1)
	case "last_year":
		return muster.NewDate(year-1, time.January, 1), muster.NewDate(year, time.January, 1)
	}
	panic("lower: unknown period " + name)
}

func monday(d muster.Date) muster.Date { return d - muster.Date(weekday(d)-1) }

// weekday is 1 on Monday to 7 on Sunday.
func weekday(d muster.Date) int {
	// 1970-01-01 was a Thursday.
	return int(((int64(d)+3)%7+7)%7) + 1
}
