package catalog

// valueKind says what kind of value an operator compares.
type valueKind string

const (
	textKind     valueKind = "text"
	numberKind   valueKind = "number"
	booleanKind  valueKind = "boolean"
	choiceKind   valueKind = "choice"
	choicesKind  valueKind = "choices"
	dateKind     valueKind = "date"
	datetimeKind valueKind = "datetime"
)

// The forms of an operand, as the keys that carry it.
const (
	operandValue    = "value"    // value
	operandValues   = "values"   // values, a list
	operandRange    = "range"    // from and to
	operandDuration = "duration" // value, a duration
	operandDays     = "days"     // value, a number of days
	operandNone     = "none"
)

// OperatorInfo describes an operator for one kind of value.
type OperatorInfo struct {
	Op    Operator `json:"op"`
	Label string   `json:"label"`
	// Operand is the form of what it compares with: value, values, range
	// (from and to), duration, days or none.
	Operand string `json:"operand"`
	// Negative operators also match a missing value unless missing is false.
	Negative bool `json:"negative,omitempty"`

	verb    string // "contains" or "is"
	negated string // "does not contain" or "is not"
	rest    string // what follows the verb, before the operand
}

func is(op Operator, operand, rest string) OperatorInfo {
	label := "is"
	if rest != "" {
		label += " " + rest
	}
	return OperatorInfo{Op: op, Label: label, Operand: operand, verb: "is", negated: "is not", rest: rest}
}

// not makes a negative operator of its positive.
func not(op Operator, positive OperatorInfo) OperatorInfo {
	label := positive.negated
	if positive.rest != "" {
		label += " " + positive.rest
	}
	return OperatorInfo{Op: op, Label: label, Operand: positive.Operand, Negative: true, verb: positive.negated, negated: positive.verb, rest: positive.rest}
}

func verb(op Operator, operand, verb, negated, rest string) OperatorInfo {
	label := verb
	if rest != "" {
		label += " " + rest
	}
	return OperatorInfo{Op: op, Label: label, Operand: operand, verb: verb, negated: negated, rest: rest}
}

// operatorsOf lists the operators of a kind of value in the order of the builder.
func operatorsOf(kind valueKind) []OperatorInfo {
	switch kind {
	case textKind:
		is_ := is(Is, operandValue, "")
		contains := verb(Contains, operandValue, "contains", "does not contain", "")
		starts := verb(StartsWith, operandValue, "starts with", "does not start with", "")
		ends := verb(EndsWith, operandValue, "ends with", "does not end with", "")
		oneOf := is(OneOf, operandValues, "one of")
		matches := verb(Matches, operandValue, "matches", "does not match", "the pattern")
		return []OperatorInfo{
			is_, not(IsNot, is_), contains, not(NotContains, contains), starts, not(NotStartsWith, starts),
			ends, not(NotEndsWith, ends), oneOf, not(NoneOf, oneOf), matches, not(NotMatches, matches),
		}
	case numberKind:
		equal, between := is(Equal, operandValue, "equal to"), is(Between, operandRange, "between")
		return []OperatorInfo{
			equal, not(NotEqual, equal), is(Greater, operandValue, "more than"), is(AtLeast, operandValue, "at least"),
			is(Less, operandValue, "less than"), is(AtMost, operandValue, "at most"), between, not(NotBetween, between),
		}
	case booleanKind:
		return []OperatorInfo{is(IsTrue, operandNone, "true"), is(IsFalse, operandNone, "false")}
	case choiceKind:
		anyOf := is(AnyOf, operandValues, "any of")
		return []OperatorInfo{anyOf, is(AllOf, operandValues, "all of"), not(NoneOf, anyOf)}
	case choicesKind:
		anyOf := verb(AnyOf, operandValues, "includes", "does not include", "any of")
		return []OperatorInfo{anyOf, verb(AllOf, operandValues, "includes", "does not include", "all of"), not(NoneOf, anyOf)}
	case dateKind, datetimeKind:
		return []OperatorInfo{
			is(On, operandValue, "on"), is(Before, operandValue, "before"), is(After, operandValue, "after"),
			is(Between, operandRange, "between"), is(InLast, operandDuration, "in the last"),
			is(MoreThanAgo, operandDuration, "at least this long ago"), is(InNext, operandDuration, "in the next"),
			is(MoreThanAhead, operandDuration, "further ahead than"),
			verb(AnniversaryInNext, operandDays, "has its anniversary", "does not have its anniversary", "in the next"),
		}
	}
	return nil
}

// findOperator answers the kind, of those offered, that has the operator.
func findOperator(kinds []valueKind, op Operator) (valueKind, OperatorInfo, bool) {
	for _, kind := range kinds {
		for _, info := range operatorsOf(kind) {
			if info.Op == op {
				return kind, info, true
			}
		}
	}
	return "", OperatorInfo{}, false
}

// operatorNames lists the operators of several kinds, each once.
func operatorNames(kinds []valueKind) []string {
	var names []string
	seen := map[Operator]bool{}
	for _, kind := range kinds {
		for _, info := range operatorsOf(kind) {
			if !seen[info.Op] {
				seen[info.Op] = true
				names = append(names, string(info.Op))
			}
		}
	}
	return names
}

// allKinds is offered where the compared thing itself is unknown, so that an
// operator is at least a real one.
func allKinds() []valueKind {
	return []valueKind{textKind, numberKind, booleanKind, choiceKind, dateKind, datetimeKind}
}
