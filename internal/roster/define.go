package roster

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// Kind is a kind of named definition.
type Kind string

// The kinds of named definition.
const (
	KindConsent Kind = docConsent
	KindList    Kind = docList
	KindChannel Kind = docChannel
)

// PutField defines or redefines a custom field. A field that a condition uses
// keeps its type, and the choices that conditions name (CodeInUse).
func (r *Roster) PutField(ctx context.Context, f muster.Field) error {
	if err := checkDefinition(f.Code, f.Name); err != nil {
		return err
	}
	if !slices.Contains([]muster.FieldType{muster.TextField, muster.NumberField, muster.BooleanField, muster.DateField, muster.DatetimeField, muster.ChoiceField, muster.ChoicesField}, f.Type) {
		return located("/type", "expected text, number, boolean, date, datetime, choice or choices")
	}
	if len(f.Choices) > 0 && f.Type != muster.ChoiceField && f.Type != muster.ChoicesField {
		return located("/choices", "only choice and choices fields have choices")
	}
	for i, choice := range f.Choices {
		at := "/choices/" + strconv.Itoa(i) + "/code"
		switch {
		case strings.TrimSpace(choice.Code) == "":
			return located(at, "expected the code of the choice")
		case slices.ContainsFunc(f.Choices[:i], func(c muster.Choice) bool { return strings.EqualFold(c.Code, choice.Code) }):
			return located(at, "expected a code of its own, found "+strconv.Quote(choice.Code)+" again")
		}
	}
	f.BuiltIn, f.System = false, false
	return r.define(ctx, func(c *commit, s *muster.Schema) error {
		old, known := s.Fields[f.Code]
		switch {
		case old.BuiltIn:
			return muster.Errorf(muster.CodeConflict, "the field %s is built in and cannot be changed", f.Code)
		case known && old.Type != f.Type:
			if users := r.users(c.state, func(u catalog.Uses) bool { return slices.Contains(u.Fields, f.Code) }); users != nil {
				return inUse("the field "+f.Code, users)
			}
		}
		s.Fields = maps.Clone(s.Fields)
		s.Fields[f.Code] = f
		if err := r.refuseBroken(c.state, "the field "+f.Code); err != nil {
			return err
		}
		return c.put(docField, f.Code, f)
	})
}

// DeleteField removes a custom field that no condition uses. Its values stay
// stored and come back if it is defined again with the same type.
func (r *Roster) DeleteField(ctx context.Context, code string) error {
	return r.define(ctx, func(c *commit, s *muster.Schema) error {
		old, known := s.Fields[code]
		switch {
		case !known:
			return muster.Errorf(muster.CodeNotFound, "there is no field %s", code)
		case old.BuiltIn:
			return muster.Errorf(muster.CodeConflict, "the field %s is built in and cannot be deleted", code)
		}
		if users := r.users(c.state, func(u catalog.Uses) bool { return slices.Contains(u.Fields, code) }); users != nil {
			return inUse("the field "+code, users)
		}
		s.Fields = maps.Clone(s.Fields)
		delete(s.Fields, code)
		return c.tx.Delete(docField, code)
	})
}

// PutActivityType defines or redefines an activity type. Redefining the
// attributes of a type in use recalculates the groups that read it, and is
// refused (CodeInUse) when a condition would no longer make sense. Of a
// built-in type only the retention and further attributes can be set.
func (r *Roster) PutActivityType(ctx context.Context, t muster.ActivityType) error {
	if err := checkDefinition(t.Code, t.Name); err != nil {
		return err
	}
	if t.RetentionDays < 0 || t.RetentionDays > mostDays {
		return located("/retention_days", "expected 0 (for ever) or a number of days, at most "+strconv.Itoa(mostDays))
	}
	seen := map[string]bool{}
	for i, a := range t.Attributes {
		at := "/attributes/" + strconv.Itoa(i)
		switch {
		case a.Code == "":
			return located(at+"/code", "expected the code of the attribute")
		case seen[a.Code]:
			return located(at+"/code", "expected a code of its own, found "+strconv.Quote(a.Code)+" again")
		case !slices.Contains([]muster.AttributeType{muster.TextAttribute, muster.NumberAttribute, muster.BooleanAttribute, muster.DatetimeAttribute}, a.Type):
			return located(at+"/type", "expected text, number, boolean or datetime")
		}
		seen[a.Code] = true
	}
	var dependents []string
	err := r.define(ctx, func(c *commit, s *muster.Schema) error {
		if err := c.state.checkKept(t.RetentionDays); err != nil {
			return err
		}
		old := s.ActivityTypes[t.Code]
		t.BuiltIn = old.BuiltIn
		if old.BuiltIn {
			for _, kept := range muster.NewSchema(nil).ActivityTypes[t.Code].Attributes {
				at := slices.IndexFunc(t.Attributes, func(a muster.AttributeDef) bool { return a.Code == kept.Code })
				if at < 0 {
					t.Attributes = append(t.Attributes, kept)
				} else if t.Attributes[at].Type != kept.Type {
					return muster.Errorf(muster.CodeConflict, "the attribute %s of %s is built in and keeps its type", kept.Code, t.Code)
				}
			}
		}
		if gone := removed(old.Attributes, t.Attributes); gone != "" {
			if users := r.users(c.state, func(u catalog.Uses) bool { return usesAttribute(u, t.Code, gone) }); users != nil {
				return inUse("the attribute "+gone+" of "+t.Code, users)
			}
		}
		if !reflect.DeepEqual(old.Attributes, t.Attributes) {
			dependents = r.users(c.state, func(u catalog.Uses) bool { return readsType(u, t.Code) })
		}
		s.ActivityTypes = maps.Clone(s.ActivityTypes)
		s.ActivityTypes[t.Code] = t
		if err := r.refuseBroken(c.state, "the activity type "+t.Code); err != nil {
			return err
		}
		if err := c.put(docActivityType, t.Code, t); err != nil {
			return err
		}
		return c.renew(dependents)
	})
	if err == nil {
		r.resume(dependents)
	}
	return err
}

// removed answers an attribute that was declared and is not any more, or "".
func removed(was, is []muster.AttributeDef) string {
	for _, a := range was {
		if !slices.ContainsFunc(is, func(b muster.AttributeDef) bool { return b.Code == a.Code }) {
			return a.Code
		}
	}
	return ""
}

// DeleteActivityType removes an activity type that is not built in and that no
// condition uses. Its activities stay stored.
func (r *Roster) DeleteActivityType(ctx context.Context, code string) error {
	return r.define(ctx, func(c *commit, s *muster.Schema) error {
		old, known := s.ActivityTypes[code]
		switch {
		case !known:
			return muster.Errorf(muster.CodeNotFound, "there is no activity type %s", code)
		case old.BuiltIn:
			return muster.Errorf(muster.CodeConflict, "the activity type %s is built in and cannot be deleted", code)
		}
		if users := r.users(c.state, func(u catalog.Uses) bool { return slices.Contains(u.ActivityTypes, code) }); users != nil {
			return inUse("the activity type "+code, users)
		}
		s.ActivityTypes = maps.Clone(s.ActivityTypes)
		delete(s.ActivityTypes, code)
		return c.tx.Delete(docActivityType, code)
	})
}

// PutNamed defines or redefines a consent, a list or a channel.
func (r *Roster) PutNamed(ctx context.Context, kind Kind, n muster.Named) error {
	if err := checkDefinition(n.Code, n.Name); err != nil {
		return err
	}
	if n.Kind != "" && (kind != KindChannel || !slices.Contains([]string{"website", "email", "app", "other"}, n.Kind)) {
		return located("/kind", "expected website, email, app or other, on a channel")
	}
	return r.define(ctx, func(c *commit, s *muster.Schema) error {
		named, _ := named(s, kind)
		*named = maps.Clone(*named)
		(*named)[n.Code] = n
		return c.put(string(kind), n.Code, n)
	})
}

// DeleteNamed removes a consent, list or channel that no condition uses.
func (r *Roster) DeleteNamed(ctx context.Context, kind Kind, code string) error {
	return r.define(ctx, func(c *commit, s *muster.Schema) error {
		named, used := named(s, kind)
		if _, known := (*named)[code]; !known {
			return muster.Errorf(muster.CodeNotFound, "there is no %s %s", kind, code)
		}
		if users := r.users(c.state, func(u catalog.Uses) bool { return slices.Contains(used(u), code) }); users != nil {
			return inUse("the "+string(kind)+" "+code, users)
		}
		*named = maps.Clone(*named)
		delete(*named, code)
		return c.tx.Delete(string(kind), code)
	})
}

func named(s *muster.Schema, kind Kind) (*map[string]muster.Named, func(catalog.Uses) []string) {
	switch kind {
	case KindConsent:
		return &s.Consents, func(u catalog.Uses) []string { return u.Consents }
	case KindList:
		return &s.Lists, func(u catalog.Uses) []string { return u.Lists }
	}
	return &s.Channels, func(u catalog.Uses) []string { return u.Channels }
}

// SetZone sets the project's time zone. Groups without a zone of their own are
// recalculated; until the switch the old meaning stays.
func (r *Roster) SetZone(ctx context.Context, name string) error {
	zone, err := loadZone(name)
	if err != nil {
		return err
	}
	var dependents []string
	err = r.define(ctx, func(c *commit, s *muster.Schema) error {
		s.Zone = zone
		next := c.state.Settings
		next.Zone = name
		c.state.Settings = next
		for _, code := range c.state.sortedCodes() {
			g := c.state.Groups[code]
			if v := g.Version(g.Active); v != nil && v.Zone == "" && g.ActiveZone != zone.String() {
				dependents = append(dependents, code)
			}
		}
		if err := c.put(docSettings, settingsCode, next); err != nil {
			return err
		}
		return c.renew(dependents)
	})
	if err == nil {
		r.resume(dependents)
	}
	return err
}

// define runs one commit that changes definitions: fn gets a schema whose maps
// it clones before it writes to them.
func (r *Roster) define(ctx context.Context, fn func(*commit, *muster.Schema) error) error {
	r.commit.Lock()
	defer r.commit.Unlock()
	_, err := r.write(ctx, func(c *commit) error {
		before := c.state
		c.state = c.state.copy()
		if err := fn(c, c.state.Schema); err != nil {
			c.state = before
			return err
		}
		return nil
	})
	return err
}

func checkDefinition(code, name string) error {
	if !muster.ValidCode(code) {
		return located("/code", "expected a code of lower-case letters, digits, - _ and ., beginning with a letter")
	}
	if strings.TrimSpace(name) == "" {
		return located("/name", "expected a name")
	}
	return nil
}

// NamedBy answers the codes of the groups whose active or pending condition
// names something.
func (r *Roster) NamedBy(names func(catalog.Uses) bool) []string { return r.users(r.State(), names) }

// users answers the codes of the groups whose active or pending condition
// names something; nil when there is none.
func (r *Roster) users(state *State, names func(catalog.Uses) bool) []string {
	var out []string
	for _, code := range state.sortedCodes() {
		g := state.Groups[code]
		for _, number := range []int{g.Active, g.Pending} {
			v := g.Version(number)
			if v == nil {
				continue
			}
			checked, err := r.catalog.Check(v.Condition, state.Schema)
			if err == nil && names(r.catalog.UsesOf(checked)) {
				out = append(out, code)
				break
			}
		}
	}
	return out
}

// refuseBroken refuses a redefinition after which a condition in force or
// pending would no longer check: its group could not follow it any more.
func (r *Roster) refuseBroken(next *State, what string) error {
	var broken []string
	for _, code := range next.sortedCodes() {
		g := next.Groups[code]
		for _, number := range []int{g.Active, g.Pending} {
			v := g.Version(number)
			if v == nil {
				continue
			}
			if _, err := r.catalog.Check(v.Condition, next.Schema); err != nil {
				broken = append(broken, code)
				break
			}
		}
	}
	if broken != nil {
		return inUse(what+", as it was,", broken)
	}
	return nil
}

// usesAttribute reports whether an attribute of an activity type is used.
func usesAttribute(u catalog.Uses, activityType, attribute string) bool {
	return slices.ContainsFunc(u.Attributes, func(a catalog.AttributeUse) bool {
		return a.Attribute == attribute && (a.Types == nil || slices.Contains(a.Types, activityType))
	})
}

// readsType reports whether an activity type is named, or an attribute read on any type.
func readsType(u catalog.Uses, activityType string) bool {
	return slices.Contains(u.ActivityTypes, activityType) ||
		slices.ContainsFunc(u.Attributes, func(a catalog.AttributeUse) bool { return a.Types == nil })
}
