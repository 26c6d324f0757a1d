package lower

import (
	"slices"

	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
)

// dateAndTime is the table "Date and time", which is about now and no contact:
// Everyone or Nobody. It is nil for types of other tables.
func (l *lowering) dateAndTime(conditionType string, a *catalog.Args) plan.Node {
	switch conditionType {
	case "weekday":
		return everyoneIf(slices.Contains(a.Weekdays, weekday(l.today)))
	case "month":
		_, month, _ := l.today.Civil()
		return everyoneIf(slices.Contains(a.Months, int(month)))
	case "time-of-day":
		local := l.Now.Time().In(l.Zone)
		return everyoneIf(inMinutes(local.Hour()*60+local.Minute(), a.Minutes[0], a.Minutes[1]))
	}
	return nil
}

// inMinutes reports whether a minute of the day is in [from, to), which passes
// midnight when to is before from.
func inMinutes(minute, from, to int) bool {
	if from <= to {
		return from <= minute && minute < to
	}
	return minute >= from || minute < to
}
