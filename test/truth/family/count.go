package family

import "fmt"

// times are the forms of the parameter times, on contacts with none to four
// such activities.
func times(scripts map[string]string) {
	for _, s := range subjects() {
		if s.noTimes {
			continue
		}
		names := []string{"none", "one", "two", "three", "four"}
		var lines []string
		for n, name := range names {
			for i := range n {
				lines = append(lines, s.at(name, fmt.Sprintf("2026-02-0%dT10:00:00Z", i+1)))
			}
		}
		ask := func(code, times string, members ...string) question {
			return question{code, condition(s.kind, s.params, `"times":`+times), members}
		}
		questions := []question{
			ask("at-least-2", `{"at_least":2}`, "two", "three", "four"),
			ask("at-most-1", `{"at_most":1}`, "none", "one"),
			ask("exactly-0", `{"exactly":0}`, "none"),
			ask("exactly-3", `{"exactly":3}`, "three"),
			ask("between-1-2", `{"between":[1,2]}`, "one", "two"),
			ask("between-0-1", `{"between":[0,1]}`, "none", "one"),
			{"not-at-least-2", "not " + condition(s.kind, s.params, `"times":{"at_least":2}`), []string{"none", "one"}},
			{"once", condition(s.kind, s.params), []string{"one", "two", "three", "four"}},
		}
		facts := command("contact", []string{"none"}) + command(s.command, lines)
		scripts["times/"+s.name+".txt"] = script("How often, of "+s.name+": a range that contains 0 includes contacts with none.", s.define, facts, questions)
	}
}

// filters are channels and where, which look at one activity at a time.
func filters(scripts map[string]string) {
	for _, s := range subjects() {
		if s.noFilters {
			continue
		}
		define := "channel shop\nchannel blog"
		if s.define != "" {
			define += "\n" + s.define
		}
		const at = "2026-02-01T10:00:00Z"
		lines := []string{
			s.at("gold", at) + " value=gold channel=shop",
			s.at("silver", at) + " value=silver channel=blog",
			s.at("plain", at),
			s.at("split", at) + " value=gold channel=blog",
			s.at("split", at) + " value=silver channel=shop",
		}
		where := func(op string) string { return `"where":[{"attribute":"value",` + op + `}]` }
		shop, gold := `"channels":["shop"]`, where(`"op":"is","value":"Gold"`)
		ask := func(code string, members []string, params ...string) question {
			return question{code, condition(s.kind, append([]string{s.params}, params...)...), members}
		}
		everyone := []string{"none", "gold", "silver", "plain", "split"}
		questions := []question{
			ask("shop", []string{"gold", "split"}, shop),
			ask("either", []string{"gold", "silver", "split"}, `"channels":["blog","shop"]`),
			ask("is-gold", []string{"gold", "split"}, gold),
			ask("is-not-gold", []string{"silver", "plain", "split"}, where(`"op":"is_not","value":"gold"`)),
			ask("known-not-gold", []string{"silver", "split"}, where(`"op":"is_not","value":"gold","missing":false`)),
			ask("gold-in-shop", []string{"gold"}, gold, shop),
			{"not-gold-in-shop", "not " + condition(s.kind, s.params, gold, shop), without(everyone, []string{"gold"})},
		}
		facts := command("contact", []string{"none"}) + command(s.command, lines)
		scripts["filter/"+s.name+".txt"] = script("Channels and where of "+s.name+" hold on the same activity; negative operators match one without the attribute.", define, facts, questions)
	}
}
