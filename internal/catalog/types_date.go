package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// dateTypes are the conditions on the calendar alone.
func dateTypes() []conditionType {
	return []conditionType{
		{
			code: "weekday", category: DateAndTime, label: "Day of the week", synonyms: []string{"Monday", "weekend", "today"},
			params:   []param{calendarParam("Days of the week", weekdayNames(), func(a *Args) *[]int { return &a.Weekdays })},
			sentence: "Today [is|is not] {any_of}",
		},
		{
			code: "month", category: DateAndTime, label: "Month", synonyms: []string{"January", "season", "current month"},
			params:   []param{calendarParam("Months", monthNames(), func(a *Args) *[]int { return &a.Months })},
			sentence: "The current month [is|is not] {any_of}",
		},
		{
			code: "time-of-day", category: DateAndTime, label: "Time of day", synonyms: []string{"hour", "clock", "night", "morning"},
			params:   []param{clockParam("from", "From", 0), clockParam("to", "To", 1)},
			sentence: "The time of day [is|is not] between {from} and {to}",
			check: func(r *reader, at string, a *Args) {
				if a.Minutes[0] == a.Minutes[1] {
					r.fail(at+"/to", "out_of_range", "Expected a time other than from; to itself is excluded.")
				}
			},
		},
	}
}

func weekdayNames() []string {
	return []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
}

func monthNames() []string {
	var names []string
	for m := time.January; m <= time.December; m++ {
		names = append(names, m.String())
	}
	return names
}

// nameOptions numbers names from 1 and writes their codes in lower case.
func nameOptions(names []string) []Option {
	var options []Option
	for _, name := range names {
		options = append(options, Option{Code: strings.ToLower(name), Name: name})
	}
	return options
}

// named reads one of the names, in any case, or its number from 1.
func (r *reader) named(at string, raw json.RawMessage, names []string) (int, bool) {
	if kindOf(raw) == "a number" {
		return r.whole(at, raw, 1, len(names))
	}
	s, ok := r.text(at, raw, "a name such as "+strings.ToLower(names[0]))
	if !ok {
		return 0, false
	}
	var codes []string
	for i, name := range names {
		if strings.EqualFold(name, s) {
			return i + 1, true
		}
		codes = append(codes, strings.ToLower(name))
	}
	r.fail(at, "invalid_value", "%q is not known here; expected %s.%s", s, orList(codes), suggest(s, codes))
	return 0, false
}

func calendarParam(label string, names []string, target func(*Args) *[]int) param {
	return param{
		ParamInfo: ParamInfo{Name: "any_of", Kind: "choices", Label: label, Required: true, Options: nameOptions(names)},
		read: func(r *reader, o *object, a *Args) {
			raw, ok := r.need(o, "any_of", "an array of names")
			if !ok {
				return
			}
			items, _ := r.items(o.place("any_of"), raw, "names")
			var list []int
			for i, item := range items {
				n, _ := r.named(fmt.Sprintf("%s/%d", o.place("any_of"), i), item, names)
				list = append(list, n)
			}
			slices.Sort(list)
			*target(a) = slices.Compact(list)
		},
		print: func(a *Args, out map[string]any) {
			var codes []string
			for _, n := range *target(a) {
				codes = append(codes, strings.ToLower(names[n-1]))
			}
			out["any_of"] = codes
		},
		say: func(_ *speech, a *Args) string {
			var said []string
			for _, n := range *target(a) {
				said = append(said, names[n-1])
			}
			return orList(said)
		},
	}
}

// monthParam is the month of a birthday.
func monthParam() param {
	names := monthNames()
	return param{
		ParamInfo: ParamInfo{Name: "month", Kind: "choice", Label: "Month", Options: nameOptions(names)},
		read: func(r *reader, o *object, a *Args) {
			if raw, ok := r.need(o, "month", "a month"); ok {
				a.Month, _ = r.named(o.place("month"), raw, names)
			}
		},
		print: func(a *Args, out map[string]any) { out["month"] = strings.ToLower(names[a.Month-1]) },
		say:   func(_ *speech, a *Args) string { return names[a.Month-1] },
	}
}

// clockParam is one end of time-of-day. 24:00 is the midnight at the day's end,
// the same minute as 00:00.
func clockParam(name, label string, end int) param {
	return param{
		ParamInfo: ParamInfo{Name: name, Kind: "time", Label: label, Required: true},
		read: func(r *reader, o *object, a *Args) {
			raw, ok := r.need(o, name, "a time such as 09:30")
			if !ok {
				return
			}
			s, ok := r.text(o.place(name), raw, "a time such as 09:30")
			if !ok {
				return
			}
			t, err := time.Parse("15:04", s)
			switch {
			case s == "24:00":
				a.Minutes[end] = 0
			case err != nil || len(s) != 5:
				r.fail(o.place(name), "invalid_value", "%q is not a time; expected hours and minutes such as 09:30.", s)
			default:
				a.Minutes[end] = t.Hour()*60 + t.Minute()
			}
		},
		print: func(a *Args, out map[string]any) { out[name] = clock(a.Minutes[end]) },
		say:   func(_ *speech, a *Args) string { return clock(a.Minutes[end]) },
	}
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
