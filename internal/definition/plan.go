package definition

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// A Change makes one definition what it is wanted to be.
type Change struct {
	Kind Kind
	Code string
	// Was and Is are the definition as text; "" where there is none.
	Was, Is string
	// Value is the definition wanted, of the type that the set holds; nil to delete.
	Value any
}

// Print answers the set as text. Reading the text answers the same set.
func (s Set) Print() (string, error) {
	s.Sort()
	if slices.IndexFunc(Kinds(), func(k Kind) bool { return len(s.entries(k)) > 0 }) < 0 {
		return "# Nothing is defined.\n", nil
	}
	lists := make([]string, 0, len(Kinds()))
	for _, k := range Kinds() {
		var values []any
		for _, e := range s.entries(k) {
			values = append(values, e.value)
		}
		if len(values) == 0 {
			continue
		}
		var defined any = values
		if k.single() {
			defined = values[0]
		}
		text, err := toYAML(map[Kind]any{k: defined})
		if err != nil {
			return "", err
		}
		lists = append(lists, text)
	}
	return strings.Join(lists, "\n"), nil
}

// Plan answers the changes that lead from what there is to what is wanted, in
// an order in which they can be made. What is not mentioned stays, unless prune
// says that whatever else there is of the kinds mentioned is deleted.
//
// Its error is everything that would be refused: conditions that name what
// would not exist, definitions that are deleted while a group uses them.
func Plan(current, wanted Set, prune bool) ([]Change, error) {
	var changes, deletions []Change
	final := current
	if wanted.Settings != nil && current.Settings != nil {
		wanted.Settings = wanted.Settings.over(*current.Settings)
	}
	for _, k := range Kinds() {
		was, is := byCode(current.entries(k)), byCode(wanted.entries(k))
		for _, code := range order(k, wanted) {
			before, after, err := texts(was[code], is[code])
			if err != nil {
				return nil, err
			}
			change := Change{k, code, before, after, is[code]}
			switch {
			case before == after:
			case retentionFirst(current, change):
				changes = slices.Insert(changes, 0, change)
			default:
				changes = append(changes, change)
			}
		}
		if !prune || len(is) == 0 || k.single() {
			continue
		}
		gone := order(k, current)
		slices.Reverse(gone)
		var ofKind []Change
		for _, code := range gone {
			if is[code] == nil && !builtIn(k, code) {
				before, _, err := texts(was[code], nil)
				if err != nil {
					return nil, err
				}
				ofKind = append(ofKind, Change{k, code, before, "", nil})
			}
		}
		deletions = append(ofKind, deletions...) // groups before what they use
	}
	final = final.after(append(slices.Clone(changes), deletions...))
	return append(changes, deletions...), final.check()
}

func texts(was, is any) (before, after string, err error) {
	if was != nil {
		if before, err = toYAML(was); err != nil {
			return "", "", err
		}
	}
	if is != nil {
		after, err = toYAML(is)
	}
	return before, after, err
}

// same reports whether two definitions have the same text.
func same(a, b any) bool {
	was, is, err := texts(a, b)
	return err == nil && was == is
}

func byCode(list []entry) map[string]any {
	m := map[string]any{}
	for _, e := range list {
		m[e.code] = e.value
	}
	return m
}

// order lists the codes of a kind; a group stands after those it refers to.
func order(k Kind, s Set) []string {
	var codes []string
	for _, e := range s.entries(k) {
		codes = append(codes, e.code)
	}
	slices.Sort(codes)
	if k != Groups {
		return codes
	}
	refersTo := map[string][]string{}
	for _, g := range s.Groups {
		refersTo[g.Code] = catalog.GroupsOf(g.Condition)
	}
	var sorted []string
	placed := map[string]bool{}
	var place func(code string)
	place = func(code string) {
		if placed[code] {
			return
		}
		placed[code] = true
		for _, other := range refersTo[code] {
			if _, known := refersTo[other]; known {
				place(other)
			}
		}
		sorted = append(sorted, code)
	}
	for _, code := range codes {
		place(code)
	}
	return sorted
}

func builtIn(k Kind, code string) bool {
	switch k {
	case Fields:
		return slices.ContainsFunc(muster.BuiltInFields(), func(f muster.Field) bool { return f.Code == code })
	case ActivityTypes:
		return slices.ContainsFunc(muster.BuiltInActivityTypes(), func(t muster.ActivityType) bool { return t.Code == code })
	}
	return false
}

// after answers the set with the changes made.
func (s Set) after(changes []Change) Set {
	var out Set
	for _, k := range Kinds() {
		values := byCode(s.entries(k))
		for _, c := range changes {
			switch {
			case c.Kind == k && c.Value == nil:
				delete(values, c.Code)
			case c.Kind == k:
				values[c.Code] = c.Value
			}
		}
		for _, v := range values {
			switch v := v.(type) {
			case muster.Field:
				out.Fields = append(out.Fields, v)
			case muster.ActivityType:
				out.ActivityTypes = append(out.ActivityTypes, v)
			case ProjectSettings:
				out.Settings = &v
			case RetentionRules:
				out.Retention = &v
			case muster.Named:
				list := out.named(k)
				*list = append(*list, v)
			case Group:
				out.Groups = append(out.Groups, v)
			}
		}
	}
	out.Sort()
	return out
}

// check checks the condition of every group against the set.
func (s *Set) check() error {
	c, schema := catalog.New(), s.schema()
	e := muster.Errorf(muster.CodeInvalid, "Nothing was changed, because the definitions do not fit together.")
	e.Problems = append(e.Problems, s.checkSettings()...)
	e.Problems = append(e.Problems, s.checkRetention()...)
	for _, g := range s.Groups {
		_, err := c.Check(g.Condition, schema)
		if found := (*muster.Error)(nil); errors.As(err, &found) {
			for _, p := range found.Problems {
				p.Location = fmt.Sprintf("/groups/%s/condition%s", g.Code, p.Location)
				e.Problems = append(e.Problems, p)
			}
		}
	}
	if len(e.Problems) > 0 {
		return e
	}
	return nil
}
