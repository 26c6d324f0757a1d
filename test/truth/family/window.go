package family

import "fmt"

// when are contacts by the instant of their only fact. Scripts begin on Sunday,
// 2026-03-01T09:00:00Z, so that now is the last day of its week and the first
// of its month, and 30 days ago is 2026-01-30T09:00:00Z.
func when() [][2]string {
	return [][2]string{
		{"now", "2026-03-01T09:00:00Z"},
		{"midnight", "2026-03-01T00:00:00Z"},
		{"eve", "2026-02-28T23:59:59Z"},
		{"monday", "2026-02-23T00:00:00Z"},
		{"sunday", "2026-02-22T23:59:59Z"},
		{"february", "2026-02-01T00:00:00Z"},
		{"january", "2026-01-31T23:59:59Z"},
		{"inside", "2026-01-30T09:00:01Z"},
		{"bound", "2026-01-30T09:00:00Z"},
		{"newyear", "2026-01-01T00:00:00Z"},
		{"silvester", "2025-12-31T23:59:59Z"},
		{"october", "2025-10-01T00:00:00Z"},
		{"september", "2025-09-30T23:59:59Z"},
		{"first", "2025-01-01T00:00:00Z"},
		{"before", "2024-12-31T23:59:59Z"},
	}
}

// A window with those contacts of when whose fact lies in it.
type window struct {
	code, within string
	members      []string
}

// durationWindows are windows of moving and fixed bounds.
func durationWindows() []window {
	return []window{
		{"last", `{"last":"30d"}`, []string{"now", "midnight", "eve", "monday", "sunday", "february", "january", "inside"}},
		{"older", `{"older_than":"30d"}`, []string{"bound", "newyear", "silvester", "october", "september", "first", "before"}},
		{"last-month-step", `{"last":"1mo"}`, []string{"now", "midnight", "eve", "monday", "sunday"}},
		{"from-date", `{"from":"2026-02-01"}`, []string{"now", "midnight", "eve", "monday", "sunday", "february"}},
		{"to-date", `{"to":"2026-01-31"}`, []string{"january", "inside", "bound", "newyear", "silvester", "october", "september", "first", "before"}},
		{"dates", `{"from":"2026-02-01","to":"2026-02-28"}`, []string{"eve", "monday", "sunday", "february"}},
		{"instants", `{"from":"2026-01-30T09:00:00Z","to":"2026-02-22T23:59:59Z"}`, []string{"february", "january", "inside", "bound"}},
	}
}

// periodWindows are the calendar periods.
func periodWindows() []window {
	period := func(name string, members ...string) window {
		return window{name, fmt.Sprintf(`{"period":%q}`, name), members}
	}
	thisYear := []string{"now", "midnight", "eve", "monday", "sunday", "february", "january", "inside", "bound", "newyear"}
	return []window{
		period("today", "now", "midnight"),
		period("yesterday", "eve"),
		period("this_week", "now", "midnight", "eve", "monday"),
		period("last_week", "sunday"),
		period("this_month", "now", "midnight"),
		period("last_month", "eve", "monday", "sunday", "february"),
		period("this_quarter", thisYear...),
		period("last_quarter", "silvester", "october"),
		period("this_year", thisYear...),
		period("last_year", "silvester", "october", "september", "first"),
	}
}

func windows(scripts map[string]string) {
	for _, s := range subjects() {
		lines := []string{}
		all := []string{"never"}
		for _, w := range when() {
			all = append(all, w[0])
			lines = append(lines, s.at(w[0], w[1]))
		}
		facts := command("contact", []string{"never"}) + command(s.command, lines)
		for _, f := range []struct {
			name, heading string
			windows       []window
		}{
			{"durations", "Bounds of " + s.name + ": last excludes its start and includes now, older_than includes its bound, a date to is a whole day, an instant to is excluded.", durationWindows()},
			{"periods", "Calendar periods of " + s.name + ", asked on a Sunday that is the first of a month.", periodWindows()},
		} {
			var questions []question
			for _, w := range f.windows {
				questions = append(questions, question{w.code, condition(s.kind, s.params, `"within":`+w.within), w.members})
			}
			last := f.windows[0]
			questions = append(questions, question{"not-" + last.code, "not " + condition(s.kind, s.params, `"within":`+last.within), without(all, last.members)})
			scripts["window/"+s.name+"-"+f.name+".txt"] = script(f.heading, s.define, facts, questions)
		}
	}
}

// moving are windows that pass a fact as time goes on, to the second.
func moving(scripts map[string]string) {
	for _, s := range subjects() {
		group := func(code, condition string) string { return fmt.Sprintf("group %s\n%s\n----\n\n", code, condition) }
		recent, older := condition(s.kind, s.params, `"within":{"last":"1h"}`), condition(s.kind, s.params, `"within":{"older_than":"1h"}`)
		text := "# " + s.name + " leaves a window, and enters one, in the second in which the bound passes its fact.\n\n"
		if s.define != "" {
			text += command("define", []string{s.define})
		}
		text += group("recent", recent) + group("not-recent", "not "+recent) + group("older", older)
		text += command(s.command, []string{s.at("ann", "2026-03-01T09:00:00Z")})
		check := func(members string) string {
			return "members recent not-recent older\n----\n" + members + "\n"
		}
		inside, outside := "recent: ann\nnot-recent: nobody\nolder: nobody", "recent: nobody\nnot-recent: ann\nolder: ann"
		text += check(inside) + "\nadvance 2026-03-01T09:59:59Z\n----\n\n" + check(inside) + "\nadvance 2026-03-01T10:00:00Z\n----\n\n" + check(outside)
		scripts["moving/"+s.name+".txt"] = text
	}
}
