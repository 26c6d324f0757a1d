package family

import (
	"fmt"
	"strings"
)

// A place is where a condition compares a value of one activity.
type place struct {
	name, kind, params string
	fact               string // with % where attribute=value stands
	attribute          string
	key                string // of the operand
}

func textPlaces() []place {
	return []place{
		{"visited-url", "visited-url", "", "page_visit", "url", "value"},
		{"landed-on-url", "landed-on-url", "", "landing_page", "url", "value"},
		{"came-from", "came-from", `"parameter":"referrer"`, "page_visit", "referrer", "value"},
		{"submitted-form-value", "submitted-form-value", `"form":"order","form_field":"item"`, "form_submit form=order", "field.item", "value"},
		{"entered-data", "entered-data", "", "data_input", "value", "source"},
		{"performed-with-value", "performed-with-value", `"activity_type":"click"`, "click", "value", "value"},
		{"email-clicked-url", "email-clicked-url", "", "email_click", "url", "value"},
	}
}

// spelled are contacts by the text of their only activity; blank has one
// without the attribute, none has no activity.
func spelled() [][2]string {
	return [][2]string{
		{"exact", `"Blue Mug"`}, {"folded", `"  BLUE mug "`}, {"longer", `"Blue Mug Set"`}, {"suffix", `"Big Blue Mug"`},
		{"inner", `"Big Blue Mug Set"`}, {"other", `"Red Cup"`},
	}
}

// A pair is an operator and its complement with those whose activity matches
// the positive one.
type pair struct {
	positive, negative, operand string
	members                     []string
}

func textPairs() []pair {
	return []pair{
		{"is", "is_not", `"blue mug"`, []string{"exact", "folded"}},
		{"contains", "not_contains", `"blue MUG"`, []string{"exact", "folded", "longer", "suffix", "inner"}},
		{"starts_with", "not_starts_with", `"blue mug"`, []string{"exact", "folded", "longer"}},
		{"ends_with", "not_ends_with", `" Mug "`, []string{"exact", "folded", "suffix"}},
		{"one_of", "none_of", `["red cup","blue mug"]`, []string{"exact", "folded", "other"}},
		{"matches", "not_matches", `"b?ue*"`, []string{"exact", "folded", "longer"}},
	}
}

func texts(scripts map[string]string) {
	valued := []string{"exact", "folded", "longer", "suffix", "inner", "other"}
	active := append([]string{"blank"}, valued...)
	everyone := append([]string{"none"}, active...)
	for _, p := range textPlaces() {
		var lines []string
		for _, s := range spelled() {
			lines = append(lines, fmt.Sprintf("%s %s %s=%s", s[0], p.fact, p.attribute, s[1]))
		}
		lines = append(lines, "blank "+p.fact)
		facts := command("contact", []string{"none"}) + command("activity", lines)
		for _, o := range textPairs() {
			key := p.key
			if strings.HasPrefix(o.operand, "[") {
				key = "values"
			}
			ask := func(op, more string) string {
				return condition(p.kind, p.params, fmt.Sprintf(`"op":%q,%q:%s%s`, op, key, o.operand, more))
			}
			questions := []question{
				{"yes", ask(o.positive, ""), o.members},
				{"no", ask(o.negative, ""), without(active, o.members)},
				{"known-no", ask(o.negative, `,"missing":false`), without(valued, o.members)},
				{"not-yes", "not " + ask(o.positive, ""), without(everyone, o.members)},
				{"not-no", "not " + ask(o.negative, ""), append([]string{"none"}, o.members...)},
			}
			scripts[fmt.Sprintf("operator/%s-%s.txt", p.name, strings.ReplaceAll(o.positive, "_", "-"))] = script(
				fmt.Sprintf("%s and %s of %s look at one activity at a time; contacts without one match only negations of the condition.", o.positive, o.negative, p.name), "", facts, questions)
		}
	}
}
