package catalog

import (
	"encoding/json"
	"fmt"

	"github.com/muster-groups/muster"
)

// ParamInfo describes one parameter for the builder and the documentation.
type ParamInfo struct {
	Name string `json:"name"`
	// Kind is the control it needs: text, texts, code, codes, choice, choices,
	// number, count, percent, duration, comparison, time, amount, steps,
	// boolean, within, times or where.
	Kind     string `json:"kind"`
	Label    string `json:"label"`
	Required bool   `json:"required,omitempty"`
	Default  string `json:"default,omitempty"`
	// Source names the list under /options that holds the values.
	Source string `json:"source,omitempty"`
	// Options are the values of a short fixed list.
	Options []Option `json:"options,omitempty"`
	// Values names the list under /options that suggests what a comparison
	// compares with; {name} stands for the value of that parameter.
	Values string `json:"values,omitempty"`
	// Forms are the ways of writing within, times and amount, each under its key.
	Forms []Form `json:"forms,omitempty"`
	// Steps describes the parameters of each of the steps of a sequence.
	Steps []ParamInfo `json:"steps,omitempty"`
	// When says for which choice of another parameter this one is needed; it is
	// not taken otherwise.
	When *When `json:"when,omitempty"`
	// Kinds are the kinds of value a comparison may compare; their operators
	// stand in the description of the catalogue. By names the parameter whose
	// choice decides which of them applies; for where and attribute, the one
	// that names the activity types.
	Kinds []string `json:"kinds,omitempty"`
	By    string   `json:"by,omitempty"`
	// Operand is the key of the operand where it is not value.
	Operand string `json:"operand,omitempty"`
	// Missing says that the parameter missing is taken: "negative" with
	// negative operators, "always" with all.
	Missing string `json:"missing,omitempty"`
	// Low and High bound a count.
	Low  int `json:"low,omitempty"`
	High int `json:"high,omitempty"`
}

// Form is one way of writing a parameter: its key, its words, and what stands
// under the key: duration, count, number, pair (two counts), choice (of the
// parameter's options) or range (of dates or instants, under from and to).
type Form struct {
	Key     string `json:"key"`
	Label   string `json:"label"`
	Operand string `json:"operand"`
}

// When names a choice of another parameter.
type When struct {
	Parameter string `json:"parameter"`
	Value     string `json:"value"`
}

// Option is one value of a fixed list.
type Option struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// param is a parameter that reads, prints and says itself.
type param struct {
	ParamInfo
	keys  []string // the keys it takes; the name alone when nil
	read  func(r *reader, o *object, a *Args)
	print func(a *Args, out map[string]any)
	say   func(s *speech, a *Args) string
}

func (p param) taken() []string {
	if p.keys != nil {
		return p.keys
	}
	return []string{p.Name}
}

// optional makes a parameter one that may be left out.
func optional(p param) param {
	read := p.read
	p.Required = false
	p.read = func(r *reader, o *object, a *Args) {
		if _, written := o.members[p.Name]; written {
			read(r, o, a)
		}
	}
	return p
}

// need takes a required key.
func (r *reader) need(o *object, key, expected string) (json.RawMessage, bool) {
	raw, ok := o.take(key)
	if !ok {
		r.fail(o.place(key), "required", "Expected %s, %s.", key, expected)
	}
	return raw, ok
}

// free is a text that nobody defines beforehand, such as a form.
func free(name, label, source string, target func(*Args) *string) param {
	return param{
		ParamInfo: ParamInfo{Name: name, Kind: "text", Label: label, Required: true, Source: source},
		read: func(r *reader, o *object, a *Args) {
			if raw, ok := r.need(o, name, "a text"); ok {
				*target(a), _ = r.text(o.place(name), raw, "a text")
			}
		},
		print: func(a *Args, out map[string]any) {
			if *target(a) != "" {
				out[name] = *target(a)
			}
		},
		say: func(_ *speech, a *Args) string { return *target(a) },
	}
}

// freeList is a list of such texts. The nouns stand before one and before several.
func freeList(name, label, source, one, several string, target func(*Args) *[]string) param {
	return param{
		ParamInfo: ParamInfo{Name: name, Kind: "texts", Label: label, Required: true, Source: source},
		read: func(r *reader, o *object, a *Args) {
			if raw, ok := r.need(o, name, "an array of texts"); ok {
				*target(a), _ = r.texts(o.place(name), raw, "texts", nil)
			}
		},
		print: func(a *Args, out map[string]any) {
			if len(*target(a)) > 0 {
				out[name] = *target(a)
			}
		},
		say: func(_ *speech, a *Args) string { return counted(one, several, *target(a), "or") },
	}
}

// defined is the code of something the schema defines.
func defined[V any](name, label, source, noun string, in func(*muster.Schema) map[string]V, display func(*speech, string) string, target func(*Args) *string) param {
	p := free(name, label, source, target)
	p.Kind = "code"
	p.read = func(r *reader, o *object, a *Args) {
		raw, ok := r.need(o, name, "the code of a "+noun)
		if !ok {
			return
		}
		code, ok := r.text(o.place(name), raw, "the code of a "+noun)
		if ok && known(r, o.place(name), code, noun, in(r.schema)) {
			*target(a) = code
		}
	}
	p.say = func(s *speech, a *Args) string { return display(s, *target(a)) }
	return p
}

// definedList is a list of codes of things the schema defines.
func definedList[V any](name, label, source, noun string, in func(*muster.Schema) map[string]V, say func(*speech, []string) string, target func(*Args) *[]string) param {
	p := freeList(name, label, source, "", "", target)
	p.Kind = "codes"
	p.read = func(r *reader, o *object, a *Args) {
		if raw, ok := r.need(o, name, "an array of codes"); ok {
			*target(a), _ = r.texts(o.place(name), raw, "codes", func(at, code string) (string, bool) {
				return code, known(r, at, code, noun, in(r.schema))
			})
		}
	}
	p.say = func(s *speech, a *Args) string { return say(s, *target(a)) }
	return p
}

// word is one of a few words; the first is the default unless required.
func word(name, label string, required bool, options []Option, target func(*Args) string, set func(*Args, string)) param {
	var words []string
	for _, o := range options {
		words = append(words, o.Code)
	}
	p := param{ParamInfo: ParamInfo{Name: name, Kind: "choice", Label: label, Required: required, Options: options}}
	if !required {
		p.Default = words[0]
	}
	p.read = func(r *reader, o *object, a *Args) {
		raw, written := o.take(name)
		switch {
		case written:
			if s, ok := r.oneOf(o.place(name), raw, words); ok {
				set(a, s)
			}
		case required:
			r.fail(o.place(name), "required", "Expected %s, %s.", name, orList(words))
		default:
			set(a, words[0])
		}
	}
	p.print = func(a *Args, out map[string]any) {
		if target(a) != p.Default {
			out[name] = target(a)
		}
	}
	p.say = func(_ *speech, a *Args) string {
		for _, o := range options {
			if o.Code == target(a) {
				return o.Name
			}
		}
		return ""
	}
	return p
}

// mode says whether any or all of a list are meant; any is the default.
func mode() param {
	return word("mode", "Any or all", false, []Option{{"any", "any of"}, {"all", "all of"}},
		func(a *Args) string { return string(a.Mode) }, func(a *Args, s string) { a.Mode = muster.Match(s) })
}

// state is the state of a decision; the first is the default.
func state(options ...Option) param {
	kind := muster.OnList
	if options[0].Code == "agreed" {
		kind = muster.OnConsent
	}
	return word("state", "State", false, options,
		func(a *Args) string { return a.State.String() },
		func(a *Args, s string) { a.State, _ = muster.ParseDecisionState(kind, s) })
}

// count is a whole number in a range.
func count(name, label string, low, high int, target func(*Args) *int) param {
	return param{
		ParamInfo: ParamInfo{Name: name, Kind: "count", Label: label, Required: true, Low: low, High: high},
		read: func(r *reader, o *object, a *Args) {
			if raw, ok := r.need(o, name, fmt.Sprintf("a whole number from %d to %d", low, high)); ok {
				*target(a), _ = r.whole(o.place(name), raw, low, high)
			}
		},
		print: func(a *Args, out map[string]any) {
			if *target(a) >= low {
				out[name] = *target(a)
			}
		},
		say: func(_ *speech, a *Args) string { return fmt.Sprint(*target(a)) },
	}
}

// compares is op with its operand, for values of fixed kinds.
func compares(label string, c comparison) param {
	return comparesBy(label, c, "", func(*reader, *Args, *comparison) {})
}

// comparesBy is op where an earlier parameter, by, decides what is compared:
// fill completes the comparison.
func comparesBy(label string, c comparison, by string, fill func(*reader, *Args, *comparison)) param {
	if c.key == "" {
		c.key = operandValue
	}
	info := ParamInfo{Name: "op", Kind: "comparison", Label: label, Required: true, By: by, Low: c.low, High: c.high, Values: c.values}
	for _, k := range c.kinds {
		info.Kinds = append(info.Kinds, string(k))
	}
	if c.key != operandValue {
		info.Operand = c.key
	}
	keys := []string{"op", c.key, "values", "from", "to"}
	if c.missing != missingNever {
		info.Missing = map[missingRule]string{missingOnNegative: "negative", missingAlways: "always"}[c.missing]
		keys = append(keys, "missing")
	}
	return param{
		ParamInfo: info,
		keys:      keys,
		read: func(r *reader, o *object, a *Args) {
			here := c
			fill(r, a, &here)
			setOperand(a, r.compare(o, here))
		},
		print: func(a *Args, out map[string]any) { printOperand(out, c.key, operandOf(a)) },
		say:   func(s *speech, a *Args) string { return s.comparison(a) },
	}
}

// missing restricts the result, after not, to contacts with a value.
func missing() param {
	return param{
		ParamInfo: ParamInfo{Name: "missing", Kind: "boolean", Label: "Include contacts without a value", Default: "true"},
		read: func(r *reader, o *object, a *Args) {
			if raw, ok := o.take("missing"); ok {
				a.Missing = r.missing(o.place("missing"), raw, missingAlways, OperatorInfo{})
			}
		},
		print: func(a *Args, out map[string]any) {
			if a.Missing != nil {
				out["missing"] = *a.Missing
			}
		},
	}
}
