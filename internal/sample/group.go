package sample

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/muster-groups/muster"
)

//go:embed groups.json
var storyGroups []byte

// StoryGroups are the ready-made groups of the story, in an order in which
// each refers only to earlier ones.
func StoryGroups() ([]Group, error) {
	var groups []Group
	if err := json.Unmarshal(storyGroups, &groups); err != nil {
		return nil, fmt.Errorf("groups.json: %w", err)
	}
	return groups, nil
}

// BusyPages is how many of the load's pages, the busiest, Traffic for the live
// groups and LoadGroups use; the others belong to OtherGroups.
const BusyPages = 500

// LoadGroups makes n groups over the load's data, a mix of what marketers
// write: visits of a page, emails, forms, orders, fields and decisions, alone
// and combined, with windows of a week to a year.
func LoadGroups(l *Load, n int) []Group {
	groups := make([]Group, 0, n)
	windows := []string{"7d", "14d", "30d", "60d", "90d", "1y"}
	for i := range n {
		page := l.Page((i * 7) % BusyPages)
		window := windows[i%len(windows)]
		visits := leaf("visited-page", `{"pages":[%q],"times":{"at_least":%d},"within":{"last":%q}}`, page, 1+i%3, window)
		var conditions []muster.Node
		match := muster.MatchAll
		switch i % 10 {
		case 0, 1, 2, 3:
			conditions = []muster.Node{visits}
		case 4:
			conditions = []muster.Node{visits, leaf("country", `{"any_of":["DE","AT"]}`)}
		case 5:
			conditions = []muster.Node{leaf("submitted-form", `{"form":%q,"within":{"last":%q}}`, loadForms[i%len(loadForms)], window), leaf("identified", "")}
		case 6:
			conditions = []muster.Node{leaf("email-opened", `{"emails":[%q]}`, loadEmails[i%len(loadEmails)]), negated(visits)}
		case 7:
			conditions = []muster.Node{leaf("spent", `{"amount":{"at_least":%d},"within":{"last":%q}}`, 20+i, window), leaf("consent", `{"consent":"tracking"}`)}
		case 8:
			match = muster.MatchAny
			conditions = []muster.Node{visits, leaf("searched", `{"keywords":[%q],"within":{"last":%q}}`, goods[i%len(goods)].category, window)}
		case 9:
			conditions = []muster.Node{
				leaf("recipient-list", `{"list":"newsletter"}`),
				&muster.ConditionGroup{Match: muster.MatchAny, Conditions: []muster.Node{visits, leaf("orders", `{"within":{"last":%q}}`, window)}},
			}
		}
		groups = append(groups, Group{
			Code: fmt.Sprintf("live-%04d", i), Name: fmt.Sprintf("Live group %d", i),
			Condition: document(match, conditions...),
		})
	}
	return groups
}

// OtherGroups makes n groups on pages beyond BusyPages.
func OtherGroups(l *Load, n int) []Group {
	groups := make([]Group, 0, n)
	for i := range n {
		page := l.Page(BusyPages + i%(LoadPages-BusyPages))
		groups = append(groups, Group{
			Code: fmt.Sprintf("other-%04d", i), Name: fmt.Sprintf("Other group %d", i),
			Condition: document(muster.MatchAll, leaf("visited-page", `{"pages":[%q],"times":{"at_least":%d},"within":{"last":"30d"}}`, page, 1+i/(LoadPages-BusyPages))),
		})
	}
	return groups
}

// Visits is the condition "visited the page at least n times within a length".
func Visits(page string, times int, within string) muster.Condition {
	return document(muster.MatchAll, leaf("visited-page", `{"pages":[%q],"times":{"at_least":%d},"within":{"last":%q}}`, page, times, within))
}

// Acts is the condition "did anything at least n times within a length".
func Acts(times int, within string) muster.Condition {
	return document(muster.MatchAll, leaf("performed-any", `{"times":{"at_least":%d},"within":{"last":%q}}`, times, within))
}

// FiveConditions is the document whose preview is measured: visits, a form, a
// field, a decision and an order, in two condition groups. Different variants
// have no condition on activities in common.
func FiveConditions(l *Load, variant int) muster.Condition {
	c := document(muster.MatchAny,
		leaf("visited-page", `{"pages":[%q,%q],"times":{"at_least":2},"within":{"last":"%dd"}}`, l.Page(3+variant), l.Page(40+variant), 60+variant),
		leaf("submitted-form", `{"form":"quote","within":{"last":"%dd"}}`, 90+variant),
		leaf("orders", `{"times":{"at_least":2},"within":{"last":"%dd"}}`, 200+variant),
	)
	c.Groups = append(c.Groups, &muster.ConditionGroup{Match: muster.MatchAll, Conditions: []muster.Node{
		leaf("country", `{"any_of":["DE","AT","CH"]}`),
		leaf("consent", `{"consent":"tracking"}`),
	}})
	return c
}

// HalfOfEverybody is a condition that about half of all contacts satisfy.
func HalfOfEverybody() muster.Condition {
	return document(muster.MatchAny,
		leaf("performed-any", `{"times":{"at_least":12},"within":{"last":"330d"}}`),
		leaf("activity-count", `{"types":["purchase"],"times":{"at_least":2}}`),
	)
}

func document(match muster.Match, nodes ...muster.Node) muster.Condition {
	return muster.Condition{Match: muster.MatchAll, Groups: []*muster.ConditionGroup{{Match: match, Conditions: nodes}}}
}

func leaf(kind, params string, values ...any) *muster.Leaf {
	l := &muster.Leaf{Type: kind}
	if params != "" {
		l.Params = json.RawMessage(fmt.Sprintf(params, values...))
	}
	return l
}

func negated(l *muster.Leaf) *muster.Leaf {
	return &muster.Leaf{Type: l.Type, Not: true, Params: l.Params}
}
