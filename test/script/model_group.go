package script

import (
	"slices"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// SaveGroup creates a group or makes its condition pending.
func (m *Model) SaveGroup(s Save) error {
	if s.Zone != "" {
		if _, err := time.LoadLocation(s.Zone); err != nil {
			return muster.Errorf(muster.CodeInvalid, "%q is not a time zone", s.Zone)
		}
	}
	schema := m.schema
	if _, exists := schema.Groups[s.Code]; !exists {
		schema = schema.Clone()
		schema.Groups[s.Code] = muster.GroupNo(len(schema.Groups) + 1)
	}
	checked, err := m.catalog.Check(s.Condition, schema)
	if err != nil {
		return err
	}
	if m.reaches(groupsIn(checked), s.Code, map[string]bool{}) {
		return muster.Errorf(muster.CodeCycle, "group %s would refer to itself", s.Code)
	}
	g := m.group(s.Code)
	if g == nil {
		g = &group{code: s.Code, members: map[muster.ContactID]bool{}}
		m.groups = append(m.groups, g)
	}
	m.schema = schema
	g.pending = &version{condition: s.Condition, zone: s.Zone}
	m.commit(func(*commit) {})
	if s.Recalculate {
		return m.Recalculate(s.Code)
	}
	return nil
}

// reaches reports whether one of the groups refers to a code, over the active
// and pending conditions of all groups together.
func (m *Model) reaches(codes []string, code string, visited map[string]bool) bool {
	for _, c := range codes {
		if c == code {
			return true
		}
		g := m.group(c)
		if g == nil || visited[c] {
			continue
		}
		visited[c] = true
		for _, v := range []*version{g.active, g.pending} {
			if v != nil && m.reaches(groupsIn(m.check(v)), code, visited) {
				return true
			}
		}
	}
	return false
}

// Recalculate activates what is pending; it ends with the new membership.
func (m *Model) Recalculate(code string) error {
	g := m.group(code)
	if g == nil {
		return muster.Errorf(muster.CodeNotFound, "there is no group %s", code)
	}
	m.commit(func(c *commit) {
		c.recalculated, c.recalculation = []*group{g}, muster.CauseRecalculation
		if g.pending != nil {
			g.active, g.pending = g.pending, nil
			c.recalculation = muster.CauseCondition
		}
	})
	return nil
}

// inOrder answers the groups so that each comes after all it refers to.
func (m *Model) inOrder() []*group {
	var ordered []*group
	var add func(g *group)
	add = func(g *group) {
		if g == nil || slices.Contains(ordered, g) {
			return
		}
		if g.active != nil {
			for _, code := range groupsIn(m.check(g.active)) {
				add(m.group(code))
			}
		}
		ordered = append(ordered, g)
	}
	for _, g := range m.groups {
		add(g)
	}
	return ordered
}

// leavesOf answers the leaves of a condition.
func leavesOf(c *catalog.Condition) []*catalog.Leaf {
	var leaves []*catalog.Leaf
	var walk func(n catalog.Node)
	walk = func(n catalog.Node) {
		switch n := n.(type) {
		case *catalog.Leaf:
			leaves = append(leaves, n)
		case *catalog.Group:
			for _, child := range n.Nodes {
				walk(child)
			}
		}
	}
	for _, g := range c.Groups {
		walk(g)
	}
	return leaves
}

// groupsIn answers the codes of the groups a condition refers to.
func groupsIn(c *catalog.Condition) []string {
	var codes []string
	for _, l := range leavesOf(c) {
		if l.Type == "in-groups" {
			codes = append(codes, l.Args.Codes...)
		}
	}
	return codes
}

// uses reports whether a condition names a definition.
func uses(c *catalog.Condition, kind, code string) bool {
	for _, l := range leavesOf(c) {
		a := &l.Args
		named := false
		switch kind {
		case "group":
			named = l.Type == "in-groups" && slices.Contains(a.Codes, code)
		case "field":
			named = slices.Contains(fieldsOf(l), code)
		case "activity":
			named = slices.Contains(a.Types, code)
			for _, s := range a.Steps {
				named = named || slices.Contains(s.Types, code)
			}
		case "consent":
			named = l.Type == "consent" && a.Code == code
		case "list":
			named = l.Type == "recipient-list" && a.Code == code
		case "channel":
			named = slices.Contains(a.Channels, code)
		}
		if named {
			return true
		}
	}
	return false
}

// fieldsOf answers the fields a leaf reads.
func fieldsOf(l *catalog.Leaf) []string {
	switch l.Type {
	case "age", "age-between", "birthday":
		return []string{"birthday"}
	case "gender", "country", "state":
		return []string{l.Type}
	case "field", "field-empty":
		return []string{l.Args.Field}
	case "created":
		return []string{"created_at"}
	case "registered":
		return []string{"member_enabled"}
	}
	return nil
}

// typesOf answers the activity types a leaf reads; reads is false when it
// reads no activities at all, and no types are all types.
func typesOf(l *catalog.Leaf) (types []string, reads bool) {
	switch l.Type {
	case "visited-page", "visited-url", "visited-channel":
		return []string{"page_visit"}, true
	case "landed-on-page", "landed-on-url":
		return []string{"landing_page"}, true
	case "came-from":
		return []string{"page_visit", "landing_page"}, true
	case "submitted-form", "submitted-form-value":
		return []string{"form_submit"}, true
	case "entered-data":
		return []string{"data_input"}, true
	case "logged-in":
		return []string{"login"}, true
	case "searched":
		return []string{"search"}, true
	case "email-sent":
		return []string{"email_sent"}, true
	case "email-opened":
		return []string{"email_open"}, true
	case "email-bounced":
		return []string{"email_bounce"}, true
	case "email-clicked", "email-clicked-url":
		return []string{"email_click"}, true
	case "purchased-product", "products-purchased":
		return []string{"product_purchased"}, true
	case "spent", "orders":
		return []string{"purchase"}, true
	case "wishlist":
		return []string{"product_added_to_wishlist", "product_removed_from_wishlist"}, true
	case "registered":
		return []string{"member_registration"}, true
	case "performed-any", "inactive":
		return nil, true
	case "performed", "performed-with-value", "activity-count", "activity-measure", "first-activity", "last-activity":
		return l.Args.Types, true
	case "sequence":
		for _, s := range l.Args.Steps {
			if len(s.Types) == 0 {
				return nil, true
			}
			types = append(types, s.Types...)
		}
		return types, true
	case "field", "field-empty":
		return nil, l.Args.Field == "last_activity_at"
	}
	return nil, false
}
