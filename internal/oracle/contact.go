package oracle

import (
	"slices"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// age compares the completed years. Text operators on a date make no sense, so
// the years are compared as a number of their own.
func (q *question) age(c comparison) bool {
	born := q.field("birthday").date
	if born == nil {
		return c.holds(value{}, q.cal)
	}
	return c.holds(value{number: whole(q.cal.completedYears(*born))}, q.cal)
}

func (q *question) birthday(a *catalog.Args) bool {
	born := q.field("birthday").date
	if born == nil {
		return false
	}
	today := q.cal.today()
	switch a.When {
	case "yesterday":
		return anniversaryWithin(*born, today.plusDays(-1), 1)
	case "today":
		return anniversaryWithin(*born, today, 1)
	case "tomorrow":
		return anniversaryWithin(*born, today.plusDays(1), 1)
	case "in_next":
		return anniversaryWithin(*born, today, a.Days)
	case "in_month":
		return int(born.month) == a.Month
	}
	panic("oracle: birthday " + a.When + " is not known")
}

// choice reports whether a choice field has one of the codes.
func (q *question) choice(field string, codes []string) bool {
	v := q.field(field)
	return slices.ContainsFunc(codes, func(code string) bool {
		return isOneOf(code, v.choices) || (v.text != "" && fold(v.text) == fold(code))
	})
}

// decided reports whether the standing decision has the state and was made in
// the window.
func (q *question) decided(kind muster.DecisionKind, code string, state muster.DecisionState, w catalog.Window) bool {
	var standing *muster.Decision
	for _, d := range append(slices.Clone(q.p.Decisions), q.decisionsByActivity()...) {
		if d.Kind != kind || d.Code != code {
			continue
		}
		if standing == nil || d.At > standing.At || (d.At == standing.At && strictness[d.State] > strictness[standing.State]) {
			standing = &d
		}
	}
	return standing != nil && standing.State == state && q.cal.within(standing.At, w)
}

// strictness orders the states that one kind of decision can have: of two made
// at the same instant the stricter stands.
var strictness = map[muster.DecisionState]int{
	muster.Agreed: 1, muster.Revoked: 2,
	muster.Receiving: 1, muster.Bounced: 2, muster.Unsubscribed: 3,
}

// decisionsByActivity answers the decisions that activities amount to: an
// unsubscription from a list or, without one, from all mail; a hard bounce.
func (q *question) decisionsByActivity() []muster.Decision {
	var decisions []muster.Decision
	for _, a := range q.p.Activities {
		list := strings.TrimSpace(a.Attribute("list").Text)
		switch {
		case a.Type == "email_unsubscribe" && list == "":
			decisions = append(decisions, muster.Decision{Kind: muster.OnAllMail, State: muster.Unsubscribed, At: a.At})
		case a.Type == "email_unsubscribe":
			decisions = append(decisions, muster.Decision{Kind: muster.OnList, Code: list, State: muster.Unsubscribed, At: a.At})
		case a.Type == "email_bounce" && list != "" && isTrue(attribute(a, "hard", muster.BooleanAttribute)):
			decisions = append(decisions, muster.Decision{Kind: muster.OnList, Code: list, State: muster.Bounced, At: a.At})
		}
	}
	return decisions
}

func isTrue(v value) bool { return v.boolean != nil && *v.boolean }

func (q *question) inGroups(a *catalog.Args) bool {
	in := func(code string) bool { return q.p.Groups[code] }
	if a.Mode == muster.MatchAll {
		return !slices.ContainsFunc(a.Codes, func(code string) bool { return !in(code) })
	}
	return slices.ContainsFunc(a.Codes, in)
}

// registered is having registered as a member and not being disabled.
func (q *question) registered(a *catalog.Args) bool {
	disabled := q.field("member_enabled").boolean
	return len(q.activities(a, "member_registration")) > 0 && (disabled == nil || *disabled)
}
