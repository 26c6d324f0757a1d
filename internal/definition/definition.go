// Package definition is a project's definitions as text: settings, fields,
// activity types, consents, lists, channels and contact groups in YAML, read strictly,
// printed in one stable form, and compared with what a server has.
//
// It must not know how a server is reached: whoever applies a plan of changes
// carries them out.
package definition

//go:generate go test . -run Fresh -rewrite

import (
	"slices"
	"strings"

	"github.com/muster-groups/muster"
)

// Set is everything that text can define. Within a kind, codes are distinct.
type Set struct {
	Settings      *ProjectSettings      `json:"settings,omitempty"`
	Fields        []muster.Field        `json:"fields,omitempty"`
	ActivityTypes []muster.ActivityType `json:"activity_types,omitempty"`
	Retention     *RetentionRules       `json:"retention,omitempty"`
	Consents      []muster.Named        `json:"consents,omitempty"`
	Lists         []muster.Named        `json:"lists,omitempty"`
	Channels      []muster.Named        `json:"channels,omitempty"`
	Groups        []Group               `json:"groups,omitempty"`
}

// Group is a contact group as text defines it. Condition is the version saved
// last, whether membership follows it already or not.
type Group struct {
	Code                  string           `json:"code"`
	Name                  string           `json:"name"`
	Description           string           `json:"description,omitempty"`
	TimeZone              string           `json:"time_zone,omitempty"`
	ScheduleRecalculation bool             `json:"schedule_recalculation,omitempty"`
	ShownToWebsites       bool             `json:"shown_to_websites,omitempty"`
	Condition             muster.Condition `json:"condition"`
}

// Kind is a kind of definition, as the key of its list.
type Kind string

// The kinds, in the order in which they are printed and applied: conditions
// name what stands before groups.
const (
	Settings      Kind = "settings"
	Fields        Kind = "fields"
	ActivityTypes Kind = "activity_types"
	Retention     Kind = "retention"
	Consents      Kind = "consents"
	Lists         Kind = "lists"
	Channels      Kind = "channels"
	Groups        Kind = "groups"
)

// Kinds lists them all.
func Kinds() []Kind {
	return []Kind{Settings, Fields, ActivityTypes, Retention, Consents, Lists, Channels, Groups}
}

// single reports whether there is one of the kind, which has no code.
func (k Kind) single() bool { return k == Settings || k == Retention }

// theOne stands for what there is one of where others have a code.
const theOne = "project"

// Noun is one definition of the kind, in words.
func (k Kind) Noun() string {
	if k == Settings {
		return "settings of the"
	}
	return strings.ReplaceAll(strings.TrimSuffix(string(k), "s"), "_", " ")
}

// entry is a definition with its code.
type entry struct {
	code  string
	value any
}

// entries answers the definitions of a kind.
func (s *Set) entries(k Kind) []entry {
	var list []entry
	add := func(code string, value any) { list = append(list, entry{code, value}) }
	switch k {
	case Settings:
		if s.Settings != nil {
			add(theOne, *s.Settings)
		}
	case Fields:
		for _, f := range s.Fields {
			f.BuiltIn, f.System = false, false
			add(f.Code, f)
		}
	case ActivityTypes:
		for _, t := range s.ActivityTypes {
			t.BuiltIn = false
			add(t.Code, t)
		}
	case Retention:
		if s.Retention != nil {
			add(theOne, *s.Retention)
		}
	case Consents, Lists, Channels:
		for _, n := range *s.named(k) {
			add(n.Code, n)
		}
	case Groups:
		for _, g := range s.Groups {
			add(g.Code, g)
		}
	}
	return list
}

func (s *Set) named(k Kind) *[]muster.Named {
	switch k {
	case Consents:
		return &s.Consents
	case Lists:
		return &s.Lists
	}
	return &s.Channels
}

// Sort puts every kind in the order of its codes, in which sets are printed.
func (s *Set) Sort() {
	slices.SortFunc(s.Fields, func(a, b muster.Field) int { return strings.Compare(a.Code, b.Code) })
	slices.SortFunc(s.ActivityTypes, func(a, b muster.ActivityType) int { return strings.Compare(a.Code, b.Code) })
	for _, k := range []Kind{Consents, Lists, Channels} {
		slices.SortFunc(*s.named(k), func(a, b muster.Named) int { return strings.Compare(a.Code, b.Code) })
	}
	slices.SortFunc(s.Groups, func(a, b Group) int { return strings.Compare(a.Code, b.Code) })
}

// WithoutBuiltIn leaves out what every project has, unless it was changed.
func (s *Set) WithoutBuiltIn() {
	if s.Retention != nil && *s.Retention == usualRetention() {
		s.Retention = nil
	}
	if s.Settings != nil {
		s.Settings = s.Settings.unusual()
	}
	s.Fields = slices.DeleteFunc(s.Fields, func(f muster.Field) bool {
		return slices.ContainsFunc(muster.BuiltInFields(), func(b muster.Field) bool { return same(b, f) })
	})
	s.ActivityTypes = slices.DeleteFunc(s.ActivityTypes, func(t muster.ActivityType) bool {
		return slices.ContainsFunc(muster.BuiltInActivityTypes(), func(b muster.ActivityType) bool { return same(b, t) })
	})
}

// schema is the project as the set defines it, to check conditions by.
func (s *Set) schema() *muster.Schema {
	schema := muster.NewSchema(nil)
	for _, f := range s.Fields {
		schema.Fields[f.Code] = f
	}
	for _, t := range s.ActivityTypes {
		schema.ActivityTypes[t.Code] = t
	}
	for k, target := range map[Kind]map[string]muster.Named{Consents: schema.Consents, Lists: schema.Lists, Channels: schema.Channels} {
		for _, n := range *s.named(k) {
			target[n.Code] = n
		}
	}
	for i, g := range s.Groups {
		schema.Groups[g.Code], schema.GroupNames[g.Code] = muster.GroupNo(i+1), g.Name
	}
	return schema
}
