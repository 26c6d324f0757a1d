package definition

import (
	"encoding/json"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// Schema is the JSON Schema of a text of definitions, for editors that complete
// and check while one types. The types of conditions and their parameters are
// the catalogue's; what only a check with the project's definitions can tell,
// such as whether a field exists, is left to it.
func Schema() ([]byte, error) {
	described := catalog.New().Describe()
	var conditions []any
	var codes []string
	for _, t := range described.Types {
		codes = append(codes, t.Type)
		conditions = append(conditions, object{
			"if":   object{"properties": object{"type": object{"const": t.Type}}, "required": []string{"type"}},
			"then": object{"properties": object{"params": parametersOf(t)}},
		})
	}
	node := object{"oneOf": []any{reference("condition"), reference("group")}}
	schema := object{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "Muster definitions",
		"type":    "object", "additionalProperties": false,
		"properties": object{
			"settings": object{"type": "object", "additionalProperties": false, "properties": object{
				"time_zone":    object{"type": "string", "description": "The IANA name of the project's time zone."},
				"history_days": someDays("For how many days the past can be asked for; 0 is for ever."),
			}},
			"fields": list(record("code", object{
				"code": aCode(), "name": aText(), "type": words(muster.TextField, muster.NumberField, muster.BooleanField, muster.DateField, muster.DatetimeField, muster.ChoiceField, muster.ChoicesField),
				"choices": list(record("code", object{"code": aText(), "name": aText()})),
			}, "type")),
			"activity_types": list(record("code", object{
				"code": aCode(), "name": aText(), "retention_days": object{"type": "integer", "minimum": 0, "description": "How many days activities are kept; 0 keeps them forever."},
				"attributes": list(record("code", object{"code": aText(), "name": aText(), "type": words(muster.TextAttribute, muster.NumberAttribute, muster.BooleanAttribute, muster.DatetimeAttribute)}, "type")),
			})),
			"retention": object{"type": "object", "additionalProperties": false, "properties": object{
				"enabled": aFlag(), "hour": object{"type": "integer", "minimum": 0, "maximum": 23, "description": "The hour of the project's time zone at which the nightly run begins."},
				"anonymous_days": someDays("After how many days without an activity anonymous contacts are erased; 0 is never."),
				"known_days":     someDays("The same for contacts with an email or an external id; 0 is never."),
			}},
			"consents": list(record("code", object{"code": aCode(), "name": aText(), "description": aText()})),
			"lists":    list(record("code", object{"code": aCode(), "name": aText(), "description": aText()})),
			"channels": list(record("code", object{"code": aCode(), "name": aText(), "description": aText(), "kind": words("website", "email", "app", "other")})),
			"groups": list(record("code", object{
				"code": aCode(), "name": aText(), "description": aText(), "time_zone": aText(),
				"schedule_recalculation": aFlag(), "shown_to_websites": aFlag(),
				"condition": record("groups", object{"version": object{"const": 1}, "match": words(muster.MatchAll, muster.MatchAny), "groups": list(reference("group"))}),
			}, "condition")),
		},
		"$defs": object{
			"group":     record("conditions", object{"match": words(muster.MatchAll, muster.MatchAny), "not": aFlag(), "conditions": object{"type": "array", "minItems": 1, "items": node}}),
			"condition": object{"type": "object", "additionalProperties": false, "required": []string{"type"}, "properties": object{"type": object{"enum": codes}, "not": aFlag(), "params": object{"type": "object"}}, "allOf": conditions},
		},
	}
	b, err := json.MarshalIndent(schema, "", "  ")
	return append(b, '\n'), err
}

type object = map[string]any

func reference(def string) object { return object{"$ref": "#/$defs/" + def} }

func someDays(description string) object {
	return object{"type": "integer", "minimum": 0, "description": description}
}

func list(of object) object { return object{"type": "array", "items": of} }

func aText() object { return object{"type": "string"} }

func aFlag() object { return object{"type": "boolean"} }

// aCode is what muster.ValidCode accepts.
func aCode() object { return object{"type": "string", "pattern": "^[a-z][a-z0-9_.-]{0,63}$"} }

// record is an object of known keys, of which the first and more are required.
func record(first string, properties object, more ...string) object {
	return object{"type": "object", "additionalProperties": false, "required": append([]string{first}, more...), "properties": properties}
}

func words[W ~string](list ...W) object { return object{"enum": list} }

// parametersOf is what a condition type takes. Comparisons take further keys
// beside op, which depend on the operator.
func parametersOf(t catalog.TypeInfo) object {
	properties := object{}
	var required []string
	for _, p := range append(append([]catalog.ParamInfo(nil), t.Parameters...), t.Common...) {
		if p.Required {
			required = append(required, p.Name)
		}
		said := object{"description": p.Label}
		switch p.Kind {
		case "texts", "codes", "choices", "steps", "where":
			said["type"] = "array"
		case "count", "percent", "number":
			said["type"] = "number"
		case "boolean":
			said["type"] = "boolean"
		case "within", "times", "amount":
			said["type"] = "object"
			forms := object{}
			for _, f := range p.Forms {
				forms[f.Key] = object{"description": f.Label}
				if f.Operand == "range" {
					forms["to"] = object{"description": "and"}
				}
			}
			said["properties"], said["additionalProperties"] = forms, false
		case "comparison":
			operand := p.Operand
			if operand == "" {
				operand = "value"
			}
			for _, key := range []string{operand, "values", "from", "to"} {
				properties[key] = true
			}
			if p.Missing != "" {
				properties["missing"] = object{"type": "boolean"}
			}
			said["type"] = "string"
		}
		if len(p.Options) > 0 && p.Kind == "choice" {
			var options []string
			for _, o := range p.Options {
				options = append(options, o.Code)
			}
			said["enum"] = options
		}
		properties[p.Name] = said
	}
	params := object{"type": "object", "additionalProperties": false, "properties": properties, "description": t.Sentence}
	if len(required) > 0 {
		params["required"] = required
	}
	return params
}
