package lower

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
)

// webActivity is the table "Web activity"; nil for types of other tables.
func (l *lowering) webActivity(conditionType string, a *catalog.Args) plan.Node {
	count := func(activityType string, filters ...plan.Filter) plan.Node {
		return counted(l.activities(a, []string{activityType}, filters...), a.Times)
	}
	switch conditionType {
	case "visited-page":
		return count("page_visit", oneOf("page", a.Codes...))
	case "visited-url":
		return count("page_visit", l.valueFilter("url", a))
	case "visited-channel":
		return count("page_visit")
	case "landed-on-page":
		return count("landing_page", oneOf("page", a.Codes...))
	case "landed-on-url":
		return count("landing_page", l.valueFilter("url", a))
	case "came-from":
		// Both kinds of visit carry where the visitor came from.
		visits := []string{"landing_page", "page_visit"}
		return counted(l.activities(a, visits, l.valueFilter(a.Parameter, a)), a.Times)
	case "submitted-form":
		return count("form_submit", oneOf("form", a.Code))
	case "submitted-form-value":
		return count("form_submit", oneOf("form", a.Code), l.valueFilter("field."+a.FormField, a))
	case "entered-data":
		return count("data_input", l.enteredData(a)...)
	case "performed":
		return l.performed(a)
	case "performed-any":
		return counted(l.activities(a, nil), a.Times)
	case "performed-with-value":
		return counted(l.activities(a, typesOf(a), l.valueFilter("value", a)), a.Times)
	case "inactive":
		return l.inactive(a)
	case "logged-in":
		return count("login")
	case "searched":
		return count("search", searched(a)...)
	}
	return nil
}

// typesOf answers the activity types, whether given as one, several or codes.
func typesOf(a *catalog.Args) []string {
	types := slices.Concat(a.Types, a.Codes)
	if a.Code != "" {
		types = append(types, a.Code)
	}
	return types
}

// enteredData asks for the source when one is named, and for the label (the
// value) when an operator is.
func (l *lowering) enteredData(a *catalog.Args) []plan.Filter {
	var filters []plan.Filter
	if a.Code != "" {
		filters = append(filters, oneOf("source", a.Code))
	}
	if a.Op != "" {
		filters = append(filters, l.valueFilter("value", a))
	}
	return filters
}

// performed with mode all asks each type on its own; with any, counts are
// totals over all types.
func (l *lowering) performed(a *catalog.Args) plan.Node {
	types := typesOf(a)
	if a.Mode != muster.MatchAll {
		return counted(l.activities(a, types), a.Times)
	}
	each := make([]plan.Node, len(types))
	for i, activityType := range types {
		each[i] = counted(l.activities(a, []string{activityType}), a.Times)
	}
	return all(each...)
}

// inactive is created at least that long ago and without an activity since.
func (l *lowering) inactive(a *catalog.Args) plan.Node {
	length := a.Length
	if a.Window.Last != nil {
		length = *a.Window.Last
	}
	before, since := l.moreThanAgo(length), l.inLast(length)
	active := l.activities(a, a.Types)
	active.From, active.To = since.from, since.to
	return all(
		&plan.Field{Code: "created_at", Pred: plan.InstantRange{From: before.from, To: before.to}},
		not(atLeast(active, 1)))
}

// searched looks for keywords inside the keywords of one search.
func searched(a *catalog.Args) []plan.Filter {
	if a.Mode != muster.MatchAll {
		return []plan.Filter{{Attribute: "keywords", Pred: plan.Text{Op: plan.TextContains, Values: folded(a.Keywords)}}}
	}
	var filters []plan.Filter
	for _, keyword := range folded(a.Keywords) {
		filters = append(filters, plan.Filter{Attribute: "keywords", Pred: plan.Text{Op: plan.TextContains, Values: []string{keyword}}})
	}
	return filters
}
