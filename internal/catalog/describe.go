package catalog

import "github.com/muster-groups/muster"

// Description is the catalogue as data, ready for GET /catalog: the builder and
// the documentation need nothing else.
type Description struct {
	Categories []Category `json:"categories"`
	Types      []TypeInfo `json:"types"`
	// Operators lists the operators of each kind of value: text, number,
	// boolean, choice, choices, date, datetime.
	Operators map[string][]OperatorInfo `json:"operators"`
	// Units are the units of durations: 30d is a duration of 30 of the unit d.
	Units []Option `json:"units"`
}

// TypeInfo describes one condition type.
type TypeInfo struct {
	Type     string   `json:"type"`
	Category Category `json:"category"`
	Label    string   `json:"label"`
	Synonyms []string `json:"synonyms,omitempty"`
	// Sentence is a template: {name} stands for a parameter, [a|b] for a, or b
	// when the condition is negated.
	Sentence   string      `json:"sentence"`
	Parameters []ParamInfo `json:"parameters,omitempty"`
	// Common are the common parameters it takes.
	Common []ParamInfo `json:"common,omitempty"`
	// ActivityTypes are those whose attributes the parameter where may use;
	// empty where the parameter types decides.
	ActivityTypes []string `json:"activity_types,omitempty"`
}

// typesParam names the parameter that says which activity types are meant; ""
// where the condition type says so itself.
func (t *conditionType) typesParam() string {
	for _, p := range t.params {
		if t.reads == nil && p.Source == "activity-types" {
			return p.Name
		}
	}
	return ""
}

// FieldKinds answers how conditions compare a field's value: the keys of
// Description.Operators.
func FieldKinds(f muster.Field) []string { return []string{string(fieldKind(f.Type))} }

// AttributeKinds answers how conditions compare an attribute's value.
func AttributeKinds(def muster.AttributeDef) []string {
	var kinds []string
	for _, k := range attributeKinds(def) {
		kinds = append(kinds, string(k))
	}
	return kinds
}

// Describe answers the whole catalogue.
func (c *Catalog) Describe() Description {
	d := Description{
		Categories: []Category{ContactDetails, WebActivity, EmailActivity, Commerce, AnyActivity, DateAndTime},
		Operators:  map[string][]OperatorInfo{},
		Units:      []Option{{"s", "seconds"}, {"m", "minutes"}, {"h", "hours"}, {"d", "days"}, {"w", "weeks"}, {"mo", "months"}, {"y", "years"}},
	}
	for _, kind := range append(allKinds(), choicesKind) {
		d.Operators[string(kind)] = operatorsOf(kind)
	}
	for _, code := range c.order {
		t := c.types[code]
		info := TypeInfo{Type: t.code, Category: t.category, Label: t.label, Synonyms: t.synonyms, Sentence: t.sentence, ActivityTypes: t.reads}
		own := len(t.params) - len(commonParams(t.common, t.reads))
		for i, p := range t.params {
			if i < own {
				info.Parameters = append(info.Parameters, p.ParamInfo)
			} else {
				if p.Kind == "where" {
					p.By = t.typesParam()
				}
				info.Common = append(info.Common, p.ParamInfo)
			}
		}
		d.Types = append(d.Types, info)
	}
	return d
}
