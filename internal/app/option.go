package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/store"
)

// Catalog describes every condition type: what a builder needs.
func (a *App) Catalog() catalog.Description { return a.roster.Catalog().Describe() }

// SourceOption is a value that a parameter of a condition may take.
type SourceOption struct {
	Code string `json:"code"`
	Name string `json:"name"`
	// Kinds is for fields and attributes.
	Kinds []string `json:"kinds,omitempty" doc:"The kinds of value as which conditions compare it; the catalogue lists their operators."`
}

// seenSources are the option sources that are values seen in the data.
func seenSources() map[string]string {
	return map[string]string{
		"pages": "attribute:page", "urls": "attribute:url", "forms": "attribute:form", "emails": "attribute:email",
		"campaigns": "attribute:campaign", "products": "attribute:product", "keywords": "attribute:keywords",
		"states": "field:state",
	}
}

// definedSources are the option sources that the definitions answer.
func (a *App) definedSources() map[string]func(*muster.Schema) []SourceOption {
	return map[string]func(*muster.Schema) []SourceOption{
		"fields": func(s *muster.Schema) []SourceOption {
			return optionsOf(s.SortedFields(), func(f muster.Field) SourceOption {
				return SourceOption{f.Code, f.Name, catalog.FieldKinds(f)}
			})
		},
		"activity-types": func(s *muster.Schema) []SourceOption {
			return optionsOf(s.SortedActivityTypes(), func(t muster.ActivityType) SourceOption { return SourceOption{Code: t.Code, Name: t.Name} })
		},
		"attributes":  func(s *muster.Schema) []SourceOption { return attributeOptions(s, nil) },
		"form-fields": formFieldOptions,
		"consents":    func(s *muster.Schema) []SourceOption { return namedOptions(s.Consents) },
		"lists":       func(s *muster.Schema) []SourceOption { return namedOptions(s.Lists) },
		"channels":    func(s *muster.Schema) []SourceOption { return namedOptions(s.Channels) },
		"countries": func(*muster.Schema) []SourceOption {
			return optionsOf(muster.Countries(), func(c muster.Choice) SourceOption { return SourceOption{Code: c.Code, Name: c.Name} })
		},
		"groups": func(s *muster.Schema) []SourceOption {
			var out []SourceOption
			for _, code := range slices.Sorted(maps.Keys(s.GroupNames)) {
				out = append(out, SourceOption{Code: code, Name: s.GroupNames[code]})
			}
			return out
		},
	}
}

// OptionSources answers the names of the sources that Options knows, beside
// field:CODE and attribute:NAME.
func (a *App) OptionSources() []string {
	return slices.Sorted(maps.Keys(unite(a.definedSources(), seenSources())))
}

func unite[A, B any](a map[string]A, b map[string]B) map[string]bool {
	out := map[string]bool{}
	for k := range a {
		out[k] = true
	}
	for k := range b {
		out[k] = true
	}
	return out
}

// Options answers up to limit values of a source that contain a text: values
// seen in the data, most frequent first where the store counts, or definitions.
// Types are the activity types whose attributes are asked for.
func (a *App) Options(ctx context.Context, source, text string, types []string, limit int) (Page[SourceOption], error) {
	limit = pageSize(limit, 50, 500)
	schema := a.schema()
	if source == "attributes" {
		return PageOf(matching(attributeOptions(schema, types), text, limit), ""), nil
	}
	if list, ok := a.definedSources()[source]; ok {
		return PageOf(matching(list(schema), text, limit), ""), nil
	}
	seen, ok := seenSources()[source]
	switch code, isField := strings.CutPrefix(source, "field:"); {
	case isField:
		field, known := schema.Fields[code]
		if !known {
			return Page[SourceOption]{}, muster.Errorf(muster.CodeNotFound, "there is no field %s", code)
		}
		if len(field.Choices) > 0 {
			choices := optionsOf(field.Choices, func(c muster.Choice) SourceOption { return SourceOption{Code: c.Code, Name: c.Name} })
			return PageOf(matching(choices, text, limit), ""), nil
		}
		seen, ok = source, true
	case strings.HasPrefix(source, "attribute:"):
		seen, ok = source, true
	}
	if !ok {
		return Page[SourceOption]{}, muster.Errorf(muster.CodeNotFound, "there are no options %s: expected one of %s, field:CODE or attribute:NAME", source, strings.Join(a.OptionSources(), ", "))
	}
	var out []SourceOption
	err := a.view(ctx, func(v store.View) error {
		values, err := v.Values(seen, text, limit)
		for _, value := range values {
			out = append(out, SourceOption{Code: value, Name: value})
		}
		return err
	})
	return PageOf(out, ""), err
}

func matching(all []SourceOption, text string, limit int) []SourceOption {
	var out []SourceOption
	for _, o := range all {
		if len(out) < limit && containsFolded(text, o.Code, o.Name) {
			out = append(out, o)
		}
	}
	return out
}

func optionsOf[T any](in []T, option func(T) SourceOption) []SourceOption {
	out := make([]SourceOption, len(in))
	for i, t := range in {
		out[i] = option(t)
	}
	return out
}

func namedOptions(named map[string]muster.Named) []SourceOption {
	return optionsOf(sortedByCode(named), func(n muster.Named) SourceOption { return SourceOption{Code: n.Code, Name: n.Name} })
}

// attributeOptions answers the attributes that activities of these types have;
// of all types when none is named.
func attributeOptions(s *muster.Schema, types []string) []SourceOption {
	found := map[string]*SourceOption{}
	for _, t := range s.SortedActivityTypes() {
		if len(types) > 0 && !slices.Contains(types, t.Code) {
			continue
		}
		value, _ := t.Attribute(muster.ValueAttribute)
		for _, a := range append([]muster.AttributeDef{value}, t.Attributes...) {
			o := found[a.Code]
			if o == nil {
				o = &SourceOption{Code: a.Code, Name: cmp.Or(a.Name, a.Code)}
				found[a.Code] = o
			}
			for _, kind := range catalog.AttributeKinds(a) {
				if !slices.Contains(o.Kinds, kind) {
					o.Kinds = append(o.Kinds, kind)
				}
			}
		}
	}
	var out []SourceOption
	for _, code := range slices.Sorted(maps.Keys(found)) {
		out = append(out, *found[code])
	}
	return out
}

// formFieldOptions answers the form fields that the definitions declare.
func formFieldOptions(s *muster.Schema) []SourceOption {
	var out []SourceOption
	for _, a := range s.ActivityTypes["form_submit"].Attributes {
		if name, ok := strings.CutPrefix(a.Code, "field."); ok {
			out = append(out, SourceOption{Code: name, Name: a.Name})
		}
	}
	return out
}
