package catalog

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
)

// Uses names the definitions a condition refers to, each list sorted and
// distinct. It answers "in use" and finds cycles and never-calculated groups.
type Uses struct {
	Fields        []string
	ActivityTypes []string // named by a condition, or read by its type
	Consents      []string
	Lists         []string
	Channels      []string
	Groups        []string
	// Attributes are used on every activity type of Types; nil Types is any.
	Attributes []AttributeUse
}

// AttributeUse is an attribute with the activity types on which it is used.
type AttributeUse struct {
	Types     []string
	Attribute string
}

// UsesOf lists what a checked condition refers to.
func (c *Catalog) UsesOf(cond *Condition) Uses {
	fields, types, consents := map[string]bool{}, map[string]bool{}, map[string]bool{}
	lists, channels, groups := map[string]bool{}, map[string]bool{}, map[string]bool{}
	var u Uses
	note := func(set map[string]bool, codes ...string) {
		for _, code := range codes {
			if code != "" {
				set[code] = true
			}
		}
	}
	filters := func(on []string, where []Filter) {
		for _, f := range where {
			u.Attributes = append(u.Attributes, AttributeUse{on, f.Attribute})
		}
	}
	Walk(cond, func(n Node) {
		l, ok := n.(*Leaf)
		if !ok {
			return
		}
		t, a := c.types[l.Type], &l.Args
		if t == nil {
			return
		}
		note(fields, a.Field)
		note(fields, t.fields()...)
		note(types, t.activityTypes(a)...)
		note(channels, a.Channels...)
		filters(t.activityTypes(a), a.Where)
		for _, s := range a.Steps {
			note(types, s.Types...)
			filters(s.Types, s.Where)
		}
		if a.Attribute != "" {
			u.Attributes = append(u.Attributes, AttributeUse{a.Types, a.Attribute})
		}
		switch t.code {
		case "consent":
			note(consents, a.Code)
		case "recipient-list":
			note(lists, a.Code)
		case "in-groups":
			note(groups, a.Codes...)
		}
	})
	sorted := func(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
	u.Fields, u.ActivityTypes, u.Consents = sorted(fields), sorted(types), sorted(consents)
	u.Lists, u.Channels, u.Groups = sorted(lists), sorted(channels), sorted(groups)
	return u
}

// fields answers the built-in fields that a type reads by itself.
func (t *conditionType) fields() []string {
	switch t.code {
	case "age", "age-between", "birthday":
		return []string{"birthday"}
	case "gender", "country", "state":
		return []string{t.code}
	case "created":
		return []string{"created_at"}
	case "registered":
		return []string{"member_enabled"}
	}
	return nil
}

// GroupsOf lists the codes of the groups that a document names, whether or not
// it passes the check today: no cycle and no use is overlooked.
func GroupsOf(cond muster.Condition) []string {
	codes := map[string]bool{}
	for _, g := range cond.Groups {
		groupsOf(g, codes)
	}
	return slices.Sorted(maps.Keys(codes))
}

func groupsOf(n muster.Node, codes map[string]bool) {
	switch node := n.(type) {
	case *muster.ConditionGroup:
		for _, child := range node.Conditions {
			groupsOf(child, codes)
		}
	case *muster.Leaf:
		var params struct{ Groups []string }
		if node.Type == "in-groups" && json.Unmarshal(node.Params, &params) == nil {
			for _, code := range params.Groups {
				codes[strings.TrimSpace(code)] = true
			}
		}
	}
}
