package catalog

import (
	"fmt"

	"github.com/muster-groups/muster"
)

// anyActivityTypes are the general conditions on activities of any type.
func anyActivityTypes() []conditionType {
	return []conditionType{
		{
			code: "activity-count", category: AnyActivity, label: "Number of activities", synonyms: []string{"how many", "how often", "count", "event"},
			params: []param{optionalTypes()}, common: commonAll,
			sentence: "Contact [has|has not] performed {types}",
		},
		{
			code: "activity-measure", category: AnyActivity, label: "Measure of activities", synonyms: []string{"sum", "average", "smallest", "largest", "distinct", "total", "minimum", "maximum"},
			params: []param{
				optionalTypes(), measureParam(), attributeParam(),
				compares("Comparison", comparison{kinds: []valueKind{numberKind}}),
			},
			common:   commonNoTimes,
			sentence: "Contact's {measure} {attribute} of {types} {op}", subject: "it",
		},
		{
			code: "first-activity", category: AnyActivity, label: "First activity", synonyms: []string{"initial", "earliest", "new"},
			params: []param{optionalTypes()}, common: commonNoTimes,
			sentence: "Contact [has|has not] performed for the first time {types}",
		},
		{
			code: "last-activity", category: AnyActivity, label: "Last activity", synonyms: []string{"latest", "most recent"},
			params: []param{optionalTypes()}, common: commonNoTimes,
			sentence: "Contact [has|has not] performed for the last time {types}",
		},
		{
			code: "sequence", category: AnyActivity, label: "Sequence of activities", synonyms: []string{"funnel", "journey", "then", "followed by", "after"},
			params: []param{stepsParam()}, common: takesWithin | takesChannels,
			sentence: "Contact [has|has not] performed in this order {steps}",
		},
		{
			code: "sample", category: AnyActivity, label: "Random sample", synonyms: []string{"percent", "test", "A/B", "share", "control group"},
			params: []param{percentParam(), saltParam()}, sentence: "Contact [is|is not] in the random sample of {percent}{salt}",
		},
	}
}

func optionalTypes() param {
	p := optional(typesParam())
	p.Default = "any activity"
	p.say = func(s *speech, a *Args) string {
		if len(a.Types) == 0 {
			return "any activity"
		}
		return counted("the activity", "any of the activities", s.names(a.Types, s.activityType), "or")
	}
	return p
}

func measureParam() param {
	return word("measure", "Measure", true, []Option{{"sum", "sum of"}, {"average", "average"}, {"smallest", "smallest"}, {"largest", "largest"}, {"distinct", "number of different values of"}},
		func(a *Args) string { return a.Measure }, func(a *Args, s string) { a.Measure = s })
}

// attributeParam is what is measured. All measures but distinct need numbers,
// or texts, which count when they are numbers.
func attributeParam() param {
	p := free("attribute", "Attribute", "attributes", func(a *Args) *string { return &a.Attribute })
	p.Kind, p.By = "code", "types"
	read := p.read
	p.read = func(r *reader, o *object, a *Args) {
		read(r, o, a)
		if a.Attribute == "" {
			return
		}
		numbers := false
		kinds := r.attribute(o.place("attribute"), a.Attribute, a.Types)
		for _, k := range kinds {
			numbers = numbers || k == textKind || k == numberKind
		}
		if len(kinds) > 0 && !numbers && a.Measure != "distinct" && a.Measure != "" {
			r.fail(o.place("attribute"), "invalid_value", "The %s needs numbers, but the attribute %q is %s.", a.Measure, a.Attribute, kinds[0])
		}
	}
	p.say = func(s *speech, a *Args) string { return s.attribute(a.Attribute, a.Types) }
	return p
}

const minSteps, maxSteps = 2, 10

func stepsParam() param {
	return param{
		ParamInfo: ParamInfo{Name: "steps", Kind: "steps", Label: "Steps", Required: true, Low: minSteps, High: maxSteps, Steps: stepInfo()},
		read: func(r *reader, o *object, a *Args) {
			raw, ok := r.need(o, "steps", fmt.Sprintf("an array of %d to %d steps", minSteps, maxSteps))
			if !ok {
				return
			}
			items, ok := r.items(o.place("steps"), raw, "steps")
			if !ok {
				return
			}
			if len(items) < minSteps || len(items) > maxSteps {
				r.fail(o.place("steps"), "out_of_range", "Expected %d to %d steps, found %d.", minSteps, maxSteps, len(items))
				return
			}
			for i, item := range items {
				if step, ok := r.object(fmt.Sprintf("%s/%d", o.place("steps"), i), item, "a step, an object with types, where and within_previous"); ok {
					a.Steps = append(a.Steps, r.step(step, i == 0))
				}
			}
		},
		print: func(a *Args, out map[string]any) {
			var steps []map[string]any
			for _, s := range a.Steps {
				step := map[string]any{}
				if len(s.Types) > 0 {
					step["types"] = s.Types
				}
				if len(s.Where) > 0 {
					step["where"] = printWhere(s.Where)
				}
				if s.Within != nil {
					step["within_previous"] = s.Within.String()
				}
				steps = append(steps, step)
			}
			out["steps"] = steps
		},
		say: func(s *speech, a *Args) string { return s.steps(a.Steps) },
	}
}

// stepInfo describes the parameters of one step.
func stepInfo() []ParamInfo {
	filters := whereParam(nil).ParamInfo
	filters.By = "types"
	return []ParamInfo{
		optionalTypes().ParamInfo, filters,
		{Name: "within_previous", Kind: "duration", Label: "At most this long after the previous step"},
	}
}

// step reads one step; its parameters are those of a leaf of their own.
func (r *reader) step(o *object, first bool) Step {
	var a Args
	for _, p := range []param{optionalTypes(), whereParam(nil)} {
		p.read(r, o, &a)
	}
	step := Step{Types: a.Types, Where: a.Where}
	if raw, ok := o.take("within_previous"); ok {
		place := o.place("within_previous")
		d, ok := r.duration(place, raw)
		_, exact := d.Exact()
		switch {
		case first:
			r.fail(place, "unknown_key", "The first step has no previous one; expected no within_previous.")
		case ok && !exact:
			r.fail(place, "invalid_value", "The gap after a step is an exact time; expected a duration in s, m, h, d or w.")
		case ok:
			step.Within = &d
		}
	}
	r.rest(o, []string{"types", "where", "within_previous"})
	return step
}

// samplePlaces is how many of the buckets of a sample make one percent.
const samplePlaces = 10_000

func percentParam() param {
	return param{
		ParamInfo: ParamInfo{Name: "percent", Kind: "percent", Label: "Percent", Required: true, High: 100},
		read: func(r *reader, o *object, a *Args) {
			raw, ok := r.need(o, "percent", "a number from 0.0001 to 100")
			if !ok {
				return
			}
			d, ok := r.number(o.place("percent"), raw, "a number from 0.0001 to 100")
			if ok && (d <= 0 || d > 100*muster.DecimalOne || d%(muster.DecimalOne/samplePlaces) != 0) {
				r.fail(o.place("percent"), "out_of_range", "Expected a number from 0.0001 to 100 with at most four digits after the point.")
			}
			a.Percent = d
		},
		print: func(a *Args, out map[string]any) { out["percent"] = jsonNumber(a.Percent) },
		say:   func(_ *speech, a *Args) string { return a.Percent.String() + " percent" },
	}
}

// saltParam tells one sample from another; the same salt makes samples nest.
func saltParam() param {
	p := optional(free("salt", "Name of the sample", "", func(a *Args) *string { return &a.Salt }))
	p.say = func(_ *speech, a *Args) string {
		if a.Salt == "" {
			return ""
		}
		return " named " + quote(a.Salt)
	}
	return p
}
