// Package family writes the scripts that follow a table: every window, every
// form of times, every operator, on every condition type that takes it.
//
// The expected members are not what a system answered: they stand in the
// tables of this package, worked out from the language by hand, and a test
// holds the committed scripts against them. It must not evaluate conditions.
package family

import (
	"fmt"
	"slices"
	"strings"
)

// Scripts answers all scripts of the families by their paths in the corpus.
func Scripts() map[string]string {
	scripts := map[string]string{}
	windows(scripts)
	moving(scripts)
	times(scripts)
	filters(scripts)
	texts(scripts)
	numbers(scripts)
	instants(scripts)
	return scripts
}

// A question is a group of a script with who must be in it.
type question struct {
	code, condition string
	members         []string
}

// script writes one script: a heading, what is defined, the facts, the groups
// and who is in them.
func script(heading, define, facts string, questions []question) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", heading)
	if define != "" {
		fmt.Fprintf(&b, "define\n%s\n----\n\n", define)
	}
	b.WriteString(facts)
	var codes, answers []string
	for _, q := range questions {
		fmt.Fprintf(&b, "group %s\n%s\n----\n\n", q.code, q.condition)
		codes = append(codes, q.code)
		answers = append(answers, q.code+": "+members(q.members))
	}
	fmt.Fprintf(&b, "members %s\n----\n%s\n", strings.Join(codes, " "), strings.Join(answers, "\n"))
	return b.String()
}

func members(names []string) string {
	if len(names) == 0 {
		return "nobody"
	}
	return strings.Join(slices.Sorted(slices.Values(names)), " ")
}

// without answers everybody else.
func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(n string) bool { return slices.Contains(some, n) })
}

// condition writes a condition with its parameters.
func condition(conditionType string, params ...string) string {
	params = slices.DeleteFunc(params, func(p string) bool { return p == "" })
	if len(params) == 0 {
		return conditionType
	}
	return conditionType + " {" + strings.Join(params, ",") + "}"
}

// command writes a command with lines of input and no output.
func command(name string, lines []string) string {
	return name + "\n" + strings.Join(lines, "\n") + "\n----\n\n"
}
