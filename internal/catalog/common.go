package catalog

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
)

// commonParams answers the parameters that activity conditions share.
func commonParams(takes common, reads []string) []param {
	var params []param
	if takes&takesTimes != 0 {
		params = append(params, timesParam())
	}
	if takes&takesWithin != 0 {
		params = append(params, withinParam())
	}
	if takes&takesChannels != 0 {
		params = append(params, optional(channelsParam()))
	}
	if takes&takesWhere != 0 {
		params = append(params, whereParam(reads))
	}
	return params
}

func channelsParam() param {
	return definedList("channels", "Channels", "channels", "channel",
		func(s *muster.Schema) map[string]muster.Named { return s.Channels },
		func(s *speech, codes []string) string {
			return counted("the channel", "any of the channels", s.names(codes, s.channel), "or")
		},
		func(a *Args) *[]string { return &a.Channels })
}

func timesParam() param {
	return param{
		ParamInfo: ParamInfo{Name: "times", Kind: "times", Label: "How often", Default: "at least 1", Forms: []Form{
			{"at_least", "at least", "count"}, {"at_most", "at most", "count"}, {"exactly", "exactly", "count"}, {"between", "between", "pair"},
		}},
		read: func(r *reader, o *object, a *Args) {
			a.Times = Times{1, -1}
			if raw, ok := o.take("times"); ok {
				a.Times = r.times(o.place("times"), raw)
			}
		},
		print: func(a *Args, out map[string]any) {
			switch t := a.Times; {
			case t == Times{1, -1}:
			case t.Max < 0:
				out["times"] = map[string]any{"at_least": t.Min}
			case t.Min == t.Max:
				out["times"] = map[string]any{"exactly": t.Min}
			case t.Min == 0:
				out["times"] = map[string]any{"at_most": t.Max}
			default:
				out["times"] = map[string]any{"between": []int{t.Min, t.Max}}
			}
		},
	}
}

func (r *reader) times(at string, raw json.RawMessage) Times {
	forms := []string{"at_least", "at_most", "exactly", "between"}
	o, ok := r.object(at, raw, "an object with one of at_least, at_most, exactly or between")
	if !ok {
		return Times{}
	}
	form, raw, ok := r.oneForm(o, forms)
	if !ok {
		return Times{}
	}
	place := o.place(form)
	switch form {
	case "at_least":
		n, _ := r.whole(place, raw, 1, maxCount)
		return Times{n, -1}
	case "at_most":
		n, _ := r.whole(place, raw, 0, maxCount)
		return Times{0, n}
	case "exactly":
		n, _ := r.whole(place, raw, 0, maxCount)
		return Times{n, n}
	}
	var pair []json.RawMessage
	if err := json.Unmarshal(raw, &pair); err != nil || len(pair) != 2 {
		r.fail(place, "wrong_type", "Expected an array of two whole numbers, such as [2, 5].")
		return Times{}
	}
	low, okLow := r.whole(place+"/0", pair[0], 0, maxCount)
	high, okHigh := r.whole(place+"/1", pair[1], 0, maxCount)
	if okLow && okHigh && high < low {
		r.fail(place+"/1", "out_of_range", "Expected at least %d, the number before it.", low)
	}
	return Times{low, high}
}

// oneForm takes the only key of an object that is written in one of several forms.
func (r *reader) oneForm(o *object, forms []string) (string, json.RawMessage, bool) {
	var found []string
	for _, f := range forms {
		if _, ok := o.members[f]; ok {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		if len(found) > 1 {
			r.fail(o.place(found[1]), "unknown_key", "Expected only one of %s.", orList(forms))
		} else {
			for _, key := range slices.Sorted(maps.Keys(o.members)) {
				r.fail(o.place(key), "unknown_key", "The key %q is not known here; expected %s.%s", key, orList(forms), suggest(key, forms))
			}
			if len(o.members) == 0 {
				r.fail(o.at, "required", "Expected one of %s.", orList(forms))
			}
		}
		return "", nil, false
	}
	raw, _ := o.take(found[0])
	r.rest(o, forms)
	return found[0], raw, true
}

func periods() []Option {
	return []Option{
		{"today", "today"}, {"yesterday", "yesterday"}, {"this_week", "this week"}, {"last_week", "last week"},
		{"this_month", "this month"}, {"last_month", "last month"}, {"this_quarter", "this quarter"},
		{"last_quarter", "last quarter"}, {"this_year", "this year"}, {"last_year", "last year"},
	}
}

func withinParam() param {
	return param{
		ParamInfo: ParamInfo{Name: "within", Kind: "within", Label: "When", Default: "any time", Options: periods(), Forms: []Form{
			{"last", "in the last", "duration"}, {"older_than", "longer ago than", "duration"}, {"period", "in the period", "choice"}, {"from", "between", "range"},
		}},
		read: func(r *reader, o *object, a *Args) {
			if raw, ok := o.take("within"); ok {
				a.Window = r.window(o.place("within"), raw)
			}
		},
		print: func(a *Args, out map[string]any) {
			if w := a.Window; w != (Window{}) {
				out["within"] = printWindow(w)
			}
		},
	}
}

func (r *reader) window(at string, raw json.RawMessage) Window {
	o, ok := r.object(at, raw, "an object with last, older_than, from and to, or period")
	if !ok {
		return Window{}
	}
	from, hasFrom := o.members["from"]
	to, hasTo := o.members["to"]
	if !hasFrom && !hasTo {
		form, raw, ok := r.oneForm(o, []string{"last", "older_than", "period", "from", "to"})
		if !ok {
			return Window{}
		}
		var w Window
		switch form {
		case "last", "older_than":
			d, _ := r.duration(o.place(form), raw)
			if form == "last" {
				w.Last = &d
			} else {
				w.OlderThan = &d
			}
		case "period":
			var words []string
			for _, p := range periods() {
				words = append(words, p.Code)
			}
			w.Period, _ = r.oneOf(o.place(form), raw, words)
		}
		return w
	}
	o.take("from")
	o.take("to")
	for _, key := range slices.Sorted(maps.Keys(o.members)) {
		r.fail(o.place(key), "unknown_key", "The key %q does not stand beside from and to; expected only from and to.", key)
	}
	var w Window
	if hasFrom {
		if b, ok := r.bound(o.place("from"), from, true); ok {
			w.From = &b
		}
	}
	if hasTo {
		if b, ok := r.bound(o.place("to"), to, true); ok {
			w.To = &b
		}
	}
	if w.From != nil && w.To != nil {
		r.inOrder(o.place("to"), *w.From, *w.To, true)
	}
	return w
}

func printWindow(w Window) map[string]any {
	out := map[string]any{}
	switch {
	case w.Last != nil:
		out["last"] = w.Last.String()
	case w.OlderThan != nil:
		out["older_than"] = w.OlderThan.String()
	case w.Period != "":
		out["period"] = w.Period
	}
	if w.From != nil {
		out["from"] = w.From.String()
	}
	if w.To != nil {
		out["to"] = w.To.String()
	}
	return out
}

func whereParam(reads []string) param {
	return param{
		ParamInfo: ParamInfo{Name: "where", Kind: "where", Label: "With details", Source: "attributes", Values: "attribute:{attribute}", High: maxFilters},
		read: func(r *reader, o *object, a *Args) {
			if raw, ok := o.take("where"); ok {
				types := reads
				if types == nil {
					types = a.Types
				}
				a.Where = r.where(o.place("where"), raw, types)
			}
		},
		print: func(a *Args, out map[string]any) {
			if len(a.Where) > 0 {
				out["where"] = printWhere(a.Where)
			}
		},
	}
}

// where reads the filters on activities of these types; nil is all types.
// The filters are sorted and distinct: all of them hold, in whatever order.
func (r *reader) where(at string, raw json.RawMessage, types []string) []Filter {
	items, ok := r.items(at, raw, "filters")
	if !ok {
		return nil
	}
	if len(items) > maxFilters {
		r.fail(at, "too_many", "Expected at most %d filters, found %d.", maxFilters, len(items))
		return nil
	}
	filters := map[string]Filter{}
	for i, item := range items {
		o, ok := r.object(fmt.Sprintf("%s/%d", at, i), item, "a filter, an object with attribute, op and value")
		if !ok {
			continue
		}
		var f Filter
		var kinds []valueKind
		if raw, ok := r.need(o, "attribute", "the code of an attribute"); ok {
			if code, ok := r.text(o.place("attribute"), raw, "the code of an attribute"); ok {
				f.Attribute = code
				kinds = r.attribute(o.place("attribute"), code, types)
			}
		}
		c := r.compare(o, comparison{kinds: kinds})
		r.rest(o, []string{"attribute", "op", "value", "values", "from", "to", "missing"})
		f.Type = map[valueKind]muster.AttributeType{textKind: muster.TextAttribute, numberKind: muster.NumberAttribute,
			booleanKind: muster.BooleanAttribute, datetimeKind: muster.DatetimeAttribute}[c.kind]
		f.Op, f.Text, f.Numbers, f.Dates, f.Length, f.Days, f.Missing = c.op, c.text, c.numbers, c.dates, c.length, c.days, c.missing
		filters[canonicalBytes(printFilter(f))] = f
	}
	var sorted []Filter
	for _, key := range slices.Sorted(maps.Keys(filters)) {
		sorted = append(sorted, filters[key])
	}
	return sorted
}

func printFilter(f Filter) map[string]any {
	out := map[string]any{"attribute": f.Attribute}
	printOperand(out, operandValue, operandOfFilter(f))
	return out
}

func operandOfFilter(f Filter) operand {
	return operand{op: f.Op, text: f.Text, numbers: f.Numbers, dates: f.Dates, length: f.Length, days: f.Days, missing: f.Missing}
}

func printWhere(filters []Filter) []map[string]any {
	var list []map[string]any
	for _, f := range filters {
		list = append(list, printFilter(f))
	}
	return list
}

// attribute answers how an attribute of activities of these types (nil is all)
// may be compared. It must be declared on at least one of them; where several
// declare it differently, the operator decides the reading.
func (r *reader) attribute(at, code string, types []string) []valueKind {
	if types == nil {
		types = slices.Sorted(maps.Keys(r.schema.ActivityTypes))
	}
	offered := map[valueKind]bool{}
	var declared []string
	for _, name := range types {
		t, ok := r.schema.ActivityTypes[name]
		if !ok {
			continue // reported where the types are read
		}
		if def, ok := t.Attribute(code); ok {
			for _, kind := range attributeKinds(def) {
				offered[kind] = true
			}
		}
		for _, def := range t.Attributes {
			declared = append(declared, def.Code)
		}
	}
	var kinds []valueKind
	for _, kind := range []valueKind{textKind, numberKind, booleanKind, datetimeKind} {
		if offered[kind] {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		slices.Sort(declared)
		declared = append(slices.Compact(declared), muster.ValueAttribute)
		hint := suggest(code, declared)
		if hint == "" && len(declared) <= 15 {
			hint = " Expected " + orList(declared) + "."
		}
		r.fail(at, "unknown_code", "The attribute %q is not declared on these activities.%s", code, hint)
	}
	return kinds
}

func isFormField(code string) bool { return strings.HasPrefix(code, muster.FormFieldPrefix) }
