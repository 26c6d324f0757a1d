package truth_test

import (
	"fmt"
	"slices"
	"strings"
)

// jsonLogic evaluates a JsonLogic rule whose comparisons have a variable on
// the left and a literal on the right, by that language's own rules, which are
// JavaScript's: a missing variable is null, null orders like 0 and equals
// nothing but null; "in" looks for a text in a text or a value in a list.
func jsonLogic(rule any, r record) bool {
	op, args := operation(rule)
	switch op {
	case "and":
		return !slices.ContainsFunc(args, func(a any) bool { return !jsonLogic(a, r) })
	case "or":
		return slices.ContainsFunc(args, func(a any) bool { return jsonLogic(a, r) })
	case "!":
		return !jsonLogic(args[0], r)
	case "missing":
		return slices.ContainsFunc(args, func(a any) bool { return r[a.(string)] == nil })
	case "in":
		return jsonLogicIn(args, r)
	}
	value := r[variable(args[0])]
	if op == "==" || op == "!=" {
		return (value == args[1]) == (op == "==")
	}
	x, isNumber := value.(float64)
	if value != nil && !isNumber {
		panic("only numbers are ordered here")
	}
	return ordered(op, x, args[1].(float64))
}

func jsonLogicIn(args []any, r record) bool {
	if list, ok := args[1].([]any); ok { // {"in": [{"var": ...}, list]}
		return slices.Contains(list, r[variable(args[0])])
	}
	switch in := r[variable(args[1])].(type) { // {"in": [literal, {"var": ...}]}
	case string:
		return strings.Contains(in, args[0].(string))
	case []any:
		return slices.Contains(in, args[0])
	}
	return false
}

func ordered(op string, x, y float64) bool {
	switch op {
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	case ">=":
		return x >= y
	}
	panic("unknown operation " + op)
}

func operation(rule any) (string, []any) {
	for op, args := range rule.(map[string]any) {
		if list, ok := args.([]any); ok {
			return op, list
		}
		return op, []any{args}
	}
	panic("an empty rule")
}

func variable(a any) string { return a.(map[string]any)["var"].(string) }

// fromJSONLogic writes a rule as a node of our language.
func fromJSONLogic(rule any) (node, error) {
	op, args := operation(rule)
	switch op {
	case "and", "or":
		var parts []node
		for _, a := range args {
			n, err := fromJSONLogic(a)
			if err != nil {
				return nil, err
			}
			parts = append(parts, n)
		}
		return group(map[string]string{"and": "all", "or": "any"}[op], parts...), nil
	case "!":
		n, err := fromJSONLogic(args[0])
		return negated(n), err
	case "missing":
		var parts []node
		for _, a := range args {
			parts = append(parts, leaf("field-empty", map[string]any{"field": a}))
		}
		return group("any", parts...), nil
	case "in":
		if list, ok := args[1].([]any); ok {
			var parts []node
			for _, o := range list {
				parts = append(parts, equal(variable(args[0]), o))
			}
			return group("any", parts...), nil
		}
		if field := variable(args[1]); field != "tags" {
			return compare(field, "contains", args[0]), nil
		}
		return equal(variable(args[1]), args[0]), nil
	case "==", "!=":
		n := equal(variable(args[0]), args[1])
		if op == "!=" {
			n = negated(n)
		}
		return n, nil
	case "<", "<=", ">", ">=":
		field, bound := variable(args[0]), args[1].(float64)
		n := compare(field, map[string]string{"<": "less", "<=": "at_most", ">": "greater", ">=": "at_least"}[op], bound)
		if ordered(op, 0, bound) { // a missing variable orders like 0
			n = group("any", n, leaf("field-empty", map[string]any{"field": field}))
		}
		return n, nil
	}
	return nil, fmt.Errorf("the operation %q has no counterpart", op)
}
