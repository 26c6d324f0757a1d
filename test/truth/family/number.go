package family

import (
	"fmt"
	"slices"
	"strings"
)

// A numberPlace compares a number. The facts give each contact one value; what
// blank (no value), words (a text that is no number) and none (no fact at all)
// are to the operators depends on the place.
type numberPlace struct {
	name, kind, params string
	define             string
	command, fact      string // % is attribute=value
	attribute          string
	zero               []string // those whose value is 0
	missing            []string // those without a value, who match negative operators
	never              []string // those who match no operator
}

func numberPlaces() []numberPlace {
	measure := func(name string, zero, missing []string) numberPlace {
		return numberPlace{"activity-measure-" + name, "activity-measure", `"types":["play"],"measure":"` + name + `","attribute":"score"`,
			"activity play score:number", "activity", "play", "score", zero, missing, nil}
	}
	all := []string{"blank", "words", "none"}
	return []numberPlace{
		{"performed-with-value", "performed-with-value", `"activity_type":"click"`, "", "activity", "click", "value", nil, []string{"blank", "words"}, []string{"none"}},
		{"submitted-form-value", "submitted-form-value", `"form":"order","form_field":"size"`, "", "activity", "form_submit form=order", "field.size", nil, []string{"blank", "words"}, []string{"none"}},
		{"products-purchased", "products-purchased", "", "", "activity", "product_purchased", "quantity", all, nil, nil},
		measure("sum", all, nil), measure("average", nil, all), measure("smallest", nil, all), measure("largest", nil, all),
	}
}

// numbers asks around 5 and 10, a millionth to either side.
func numbers(scripts map[string]string) {
	values := [][2]string{{"below", "4.999999"}, {"five", "5"}, {"above", "5.000001"}, {"ten", "10"}, {"beyond", "10.000001"}, {"words", `"five"`}}
	valued := []string{"below", "five", "above", "ten", "beyond"}
	for _, p := range numberPlaces() {
		lines := []string{"blank " + p.fact}
		for _, v := range values {
			lines = append(lines, fmt.Sprintf("%s %s %s=%s", v[0], p.fact, p.attribute, v[1]))
		}
		facts := command("contact", []string{"none"}) + command(p.command, lines)
		everyone := slices.Concat(valued, []string{"blank", "words", "none"})
		// zero is who has 0, if 0 satisfies the operator.
		for _, o := range []struct {
			op, operand string
			members     []string
			zero        bool // 0 satisfies it
			negative    bool // those without a value match
		}{
			{"equal", `"value":5`, []string{"five"}, false, false},
			{"not_equal", `"value":5`, []string{"below", "above", "ten", "beyond"}, true, true},
			{"greater", `"value":5`, []string{"above", "ten", "beyond"}, false, false},
			{"at_least", `"value":5`, []string{"five", "above", "ten", "beyond"}, false, false},
			{"less", `"value":5`, []string{"below"}, true, false},
			{"at_most", `"value":5`, []string{"below", "five"}, true, false},
			{"between", `"from":5,"to":10`, []string{"five", "above", "ten"}, false, false},
			{"not_between", `"from":5,"to":10`, []string{"below", "beyond"}, true, true},
		} {
			yes := slices.Clone(o.members)
			if o.zero {
				yes = append(yes, p.zero...)
			}
			known := slices.Clone(yes)
			if o.negative {
				yes = append(yes, p.missing...)
			}
			ask := condition(p.kind, p.params, fmt.Sprintf(`"op":%q,%s`, o.op, o.operand))
			questions := []question{{"yes", ask, yes}, {"not-yes", "not " + ask, without(everyone, yes)}}
			if o.negative && p.kind != "products-purchased" {
				questions = append(questions, question{"known-yes", condition(p.kind, p.params, fmt.Sprintf(`"op":%q,%s,"missing":false`, o.op, o.operand)), known})
			}
			scripts[fmt.Sprintf("operator/%s-%s.txt", p.name, strings.ReplaceAll(o.op, "_", "-"))] = script(
				fmt.Sprintf("%s of %s, a millionth to either side of its bounds; a text that is no number has no number.", o.op, p.name), p.define, facts, questions)
		}
	}
}

// instants asks date operators of datetimes, in a field and in where.
func instants(scripts map[string]string) {
	values := [][2]string{
		{"later", "2026-03-08T09:00:01Z"}, {"ahead", "2026-03-08T09:00:00Z"}, {"soon", "2026-03-01T09:00:01Z"}, {"now", "2026-03-01T09:00:00Z"},
		{"midnight", "2026-03-01T00:00:00Z"}, {"eve", "2026-02-28T23:59:59Z"}, {"inside", "2026-02-22T09:00:01Z"}, {"bound", "2026-02-22T09:00:00Z"},
	}
	operators := []struct {
		op, operand string
		members     []string
	}{
		{"on", `"value":"2026-03-01"`, []string{"soon", "now", "midnight"}},
		{"before", `"value":"2026-03-01"`, []string{"eve", "inside", "bound"}},
		{"after", `"value":"2026-03-01"`, []string{"later", "ahead"}},
		{"between", `"from":"2026-02-28","to":"2026-03-01"`, []string{"soon", "now", "midnight", "eve"}},
		{"in_last", `"value":"7d"`, []string{"now", "midnight", "eve", "inside"}},
		{"more_than_ago", `"value":"7d"`, []string{"bound"}},
		{"in_next", `"value":"7d"`, []string{"soon", "ahead"}},
		{"more_than_ahead", `"value":"7d"`, []string{"later"}},
	}
	everyone := []string{"none"}
	var fields, visits []string
	for _, v := range values {
		everyone = append(everyone, v[0])
		fields = append(fields, v[0]+" due="+v[1])
		visits = append(visits, v[0]+" visit due="+v[1])
	}
	for _, o := range operators {
		name := strings.ReplaceAll(o.op, "_", "-")
		for _, p := range []struct{ name, define, command, before, after, heading string }{
			{"field-datetime", "field due datetime", "contact", `field {"field":"due",`, "}", "a datetime field"},
			{"where-datetime", "activity visit due:datetime", "activity", `activity-count {"types":["visit"],"where":[{"attribute":"due",`, "}]}", "a datetime attribute"},
		} {
			lines := fields
			if p.command == "activity" {
				lines = visits
			}
			ask := fmt.Sprintf("%s\"op\":%q,%s%s", p.before, o.op, o.operand, p.after)
			facts := command("contact", []string{"none"}) + command(p.command, lines)
			scripts["operator/"+p.name+"-"+name+".txt"] = script(fmt.Sprintf("%s of %s, to the second.", o.op, p.heading), p.define, facts,
				[]question{{"yes", ask, o.members}, {"not-yes", "not " + ask, without(everyone, o.members)}})
		}
	}
}
