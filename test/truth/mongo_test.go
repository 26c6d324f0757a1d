package truth_test

import (
	"fmt"
	"slices"
	"strings"
)

// A record is one contact as a document: n a number, s a text, b a boolean,
// tags a list. A member that is not there is missing.
type record map[string]any

// mongo evaluates a MongoDB-style filter, by that language's own rules: a
// comparison is false on a missing member, $ne and $nin are the complement of
// $eq and $in, null equals a missing member, and a list equals each of its
// elements.
func mongo(filter map[string]any, r record) bool {
	for key, want := range filter {
		switch key {
		case "$and":
			for _, part := range want.([]any) {
				if !mongo(part.(map[string]any), r) {
					return false
				}
			}
		case "$or", "$nor":
			some := slices.ContainsFunc(want.([]any), func(part any) bool { return mongo(part.(map[string]any), r) })
			if some != (key == "$or") {
				return false
			}
		default:
			if !mongoField(r[key], want) {
				return false
			}
		}
	}
	return true
}

func mongoField(value, want any) bool {
	operators, isOperators := want.(map[string]any)
	if !isOperators {
		return mongoEqual(value, want)
	}
	for op, operand := range operators {
		if !mongoOperator(value, op, operand) {
			return false
		}
	}
	return true
}

func mongoOperator(value any, op string, operand any) bool {
	switch op {
	case "$eq":
		return mongoEqual(value, operand)
	case "$ne":
		return !mongoEqual(value, operand)
	case "$in":
		return slices.ContainsFunc(operand.([]any), func(o any) bool { return mongoEqual(value, o) })
	case "$nin":
		return !slices.ContainsFunc(operand.([]any), func(o any) bool { return mongoEqual(value, o) })
	case "$all":
		return !slices.ContainsFunc(operand.([]any), func(o any) bool { return !mongoEqual(value, o) })
	case "$exists":
		return (value != nil) == operand.(bool)
	case "$not":
		return !mongoField(value, operand)
	case "$regex":
		text, ok := value.(string)
		pattern := operand.(string)
		literal := strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
		from, to := strings.HasPrefix(pattern, "^"), strings.HasSuffix(pattern, "$")
		switch {
		case !ok:
			return false
		case from && to:
			return text == literal
		case from:
			return strings.HasPrefix(text, literal)
		case to:
			return strings.HasSuffix(text, literal)
		}
		return strings.Contains(text, literal)
	}
	x, ok := value.(float64)
	y := operand.(float64)
	switch {
	case !ok:
		return false
	case op == "$gt":
		return x > y
	case op == "$gte":
		return x >= y
	case op == "$lt":
		return x < y
	case op == "$lte":
		return x <= y
	}
	panic("unknown operator " + op)
}

func mongoEqual(value, want any) bool {
	if list, ok := value.([]any); ok {
		return slices.Contains(list, want)
	}
	return value == want
}

// fromMongo writes a filter as a node of our language, "" and an error for what
// cannot be expressed.
func fromMongo(filter map[string]any) (node, error) {
	var all []node
	for _, key := range sortedKeys(filter) {
		want := filter[key]
		switch key {
		case "$and", "$or", "$nor":
			var parts []node
			for _, part := range want.([]any) {
				n, err := fromMongo(part.(map[string]any))
				if err != nil {
					return nil, err
				}
				parts = append(parts, n)
			}
			n := group("all", parts...)
			if key != "$and" {
				n = group("any", parts...)
			}
			if key == "$nor" {
				n["not"] = true
			}
			all = append(all, n)
		default:
			n, err := fromMongoField(key, want)
			if err != nil {
				return nil, err
			}
			all = append(all, n)
		}
	}
	return group("all", all...), nil
}

func fromMongoField(field string, want any) (node, error) {
	operators, ok := want.(map[string]any)
	if !ok {
		operators = map[string]any{"$eq": want}
	}
	var all []node
	for _, op := range sortedKeys(operators) {
		n, err := fromMongoOperator(field, op, operators[op])
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return group("all", all...), nil
}

func fromMongoOperator(field, op string, operand any) (node, error) {
	switch op {
	case "$eq":
		return equal(field, operand), nil
	case "$ne":
		return negated(equal(field, operand)), nil
	case "$in", "$nin", "$all":
		var parts []node
		for _, o := range operand.([]any) {
			parts = append(parts, equal(field, o))
		}
		n := group("any", parts...)
		if op == "$all" {
			n = group("all", parts...)
		}
		if op == "$nin" {
			n = negated(n)
		}
		return n, nil
	case "$exists":
		n := leaf("field-empty", map[string]any{"field": field})
		if operand.(bool) {
			n = negated(n)
		}
		return n, nil
	case "$not":
		n, err := fromMongoField(field, operand)
		return negated(n), err
	case "$gt", "$gte", "$lt", "$lte":
		name := map[string]string{"$gt": "greater", "$gte": "at_least", "$lt": "less", "$lte": "at_most"}[op]
		return compare(field, name, operand), nil
	case "$regex":
		pattern := operand.(string)
		literal := strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
		if strings.ContainsAny(literal, `.*+?()[]{}|\^$`) {
			return nil, fmt.Errorf("the pattern %q is more than a literal with anchors", pattern)
		}
		from, to := strings.HasPrefix(pattern, "^"), strings.HasSuffix(pattern, "$")
		switch {
		case from && to:
			return compare(field, "is", literal), nil
		case from:
			return compare(field, "starts_with", literal), nil
		case to:
			return compare(field, "ends_with", literal), nil
		}
		return compare(field, "contains", literal), nil
	}
	return nil, fmt.Errorf("the operator %s has no counterpart", op)
}
