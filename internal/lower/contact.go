package lower

import (
	"math"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
)

// contactDetail is the table "Contact details"; nil for types of other tables.
func (l *lowering) contactDetail(conditionType string, a *catalog.Args) plan.Node {
	switch conditionType {
	case "age":
		return l.age(comparison(operandsOf(a)))
	case "age-between":
		return l.age(plan.Compare{Op: plan.Between, A: a.Numbers[0], B: a.Numbers[1]}, false)
	case "birthday":
		return &plan.Field{Code: "birthday", Pred: l.birthday(a)}
	case "gender", "country", "state":
		codes := slices.Concat(a.Codes, a.Text)
		if a.Code != "" {
			codes = append(codes, a.Code)
		}
		return &plan.Field{Code: conditionType, Pred: plan.Choices{Values: folded(codes)}}
	case "field":
		return l.field(a.Field, operandsOf(a))
	case "field-empty":
		return l.fieldEmpty(a.Field)
	case "created":
		return l.field("created_at", operandsOf(a))
	case "consent":
		return l.decided(muster.OnConsent, a, muster.Agreed)
	case "recipient-list":
		return l.decided(muster.OnList, a, muster.Receiving)
	case "unsubscribed-from-all":
		s := l.window(a.Window)
		return &plan.Decided{Kind: muster.OnAllMail, State: muster.Unsubscribed, From: s.from, To: s.to}
	case "in-groups":
		return l.inGroups(a)
	case "identified":
		return plan.Identified{}
	case "registered":
		return l.registered(a)
	}
	return nil
}

// age turns a comparison of completed years into a range of birthdays.
func (l *lowering) age(c plan.Compare, negative bool) plan.Node {
	lowest, highest := int64(math.MinInt32), int64(math.MaxInt32)
	switch c.Op {
	case plan.Equal:
		lowest, highest = ceil(c.A), floor(c.A)
	case plan.Greater:
		lowest = floor(c.A) + 1
	case plan.AtLeast:
		lowest = ceil(c.A)
	case plan.Less:
		highest = ceil(c.A) - 1
	case plan.AtMost:
		highest = floor(c.A)
	case plan.Between:
		lowest, highest = ceil(c.A), floor(c.B)
	}
	return negated(negative, &plan.Field{Code: "birthday", Pred: ages(lowest, highest, l.today)})
}

func floor(d muster.Decimal) int64 { return floorDiv(int64(d), int64(muster.DecimalOne)) }

func ceil(d muster.Decimal) int64 { return -floor(-d) }

func (l *lowering) birthday(a *catalog.Args) plan.MonthDays {
	switch a.When {
	case "yesterday":
		return celebrated(l.today-1, 1, nil)
	case "tomorrow":
		return celebrated(l.today+1, 1, nil)
	case "in_next":
		return celebrated(l.today, a.Days, nil)
	case "in_month":
		return plan.MonthDays{Ranges: [][2]int{{a.Month*100 + 1, a.Month*100 + 31}}}
	}
	return celebrated(l.today, 1, nil)
}

// field lowers an operator on a field. The negative operators also hold for
// contacts without a value unless missing is false.
func (l *lowering) field(code string, o operands) plan.Node {
	switch code {
	case "identified":
		return negated(o.op == catalog.IsFalse, plan.Identified{})
	case "last_activity_at":
		return l.lastActivity(o)
	}
	t := l.fieldTest(l.fieldType(code), o)
	node := negated(t.negative, &plan.Field{Code: code, Pred: t.pred})
	if t.negative && excludesMissing(o.missing) {
		return all(has(code), node)
	}
	return node
}

func (l *lowering) fieldTest(fieldType muster.FieldType, o operands) test {
	switch fieldType {
	case muster.NumberField:
		return numberTest(o)
	case muster.BooleanField:
		return booleanTest(o)
	case muster.DateField:
		return l.dateTest(o)
	case muster.DatetimeField:
		return l.datetimeTest(o)
	case muster.ChoiceField, muster.ChoicesField:
		return choiceTest(o)
	}
	return textTest(o)
}

// fieldType answers the type of a field; created_at does not depend on the schema.
func (l *lowering) fieldType(code string) muster.FieldType {
	if code == "created_at" {
		return muster.DatetimeField
	}
	return l.FieldType(code)
}

// lastActivity lowers an operator on last_activity_at: some activity in the
// span and none after it. An anniversary is no span and the catalogue refuses it.
func (l *lowering) lastActivity(o operands) plan.Node {
	s := l.instants(o)
	return all(anyActivityIn(s), not(anyActivityIn(span{s.to, muster.Forever})))
}

func anyActivityIn(s span) plan.Node {
	return atLeast(plan.Acted{From: s.from, To: s.to}, 1)
}

func (l *lowering) fieldEmpty(code string) plan.Node {
	switch code {
	case "identified": // it is always true or false
		return plan.Nobody{}
	case "last_activity_at":
		return not(anyActivityIn(always()))
	}
	return not(has(code))
}

func (l *lowering) decided(kind muster.DecisionKind, a *catalog.Args, standard muster.DecisionState) plan.Node {
	state := a.State
	if state == muster.Undecided {
		state = standard
	}
	s := l.window(a.Window)
	return &plan.Decided{Kind: kind, Code: a.Code, State: state, From: s.from, To: s.to}
}

func (l *lowering) inGroups(a *catalog.Args) plan.Node {
	nodes := make([]plan.Node, len(a.Codes))
	for i, code := range a.Codes {
		if no, exists := l.Groups[code]; exists {
			nodes[i] = &plan.InGroup{Group: no}
		} else {
			nodes[i] = plan.Nobody{}
		}
	}
	if a.Mode == muster.MatchAll {
		return &plan.All{Of: nodes}
	}
	return &plan.Any{Of: nodes}
}

// registered is those who registered as a member and were not disabled since;
// contacts without member_enabled count as enabled.
func (l *lowering) registered(a *catalog.Args) plan.Node {
	disabled := &plan.Field{Code: "member_enabled", Pred: plan.Boolean{Is: false}}
	return all(atLeast(l.activities(a, []string{"member_registration"}), 1), not(disabled))
}
