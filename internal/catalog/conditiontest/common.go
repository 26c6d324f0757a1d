package conditiontest

import (
	"github.com/muster-groups/muster"
)

// activity adds the common parameters to a maker for activities of fixed types.
func activity(types []string, make maker) maker {
	return func(g generator, p map[string]any) {
		make(g, p)
		g.common(p, types)
	}
}

// measuring is activity without times.
func measuring(types []string, make maker) maker {
	return func(g generator, p map[string]any) {
		make(g, p)
		g.commonNoTimes(p, types)
	}
}

func (g generator) common(p map[string]any, types []string) {
	g.times(p)
	g.commonNoTimes(p, types)
}

func (g generator) commonNoTimes(p map[string]any, types []string) {
	g.within(p)
	g.channels(p)
	g.where(p, types)
}

func (g generator) times(p map[string]any) {
	switch g.int("times", 0, 7) {
	case 1:
		p["times"] = map[string]any{"at_least": g.int("at_least", 1, 3)}
	case 2:
		p["times"] = map[string]any{"at_most": g.int("at_most", 0, 2)}
	case 3:
		p["times"] = map[string]any{"exactly": g.int("exactly", 0, 2)}
	case 4:
		low := g.int("low", 0, 2)
		p["times"] = map[string]any{"between": []int{low, low + g.int("width", 0, 2)}}
	}
}

func (g generator) within(p map[string]any) {
	switch g.int("within", 0, 6) {
	case 1, 2:
		p["within"] = map[string]any{"last": g.pick("last", Durations()...)}
	case 3:
		p["within"] = map[string]any{"older_than": g.pick("older_than", Durations()...)}
	case 4:
		p["within"] = map[string]any{"period": g.pick("period", "today", "yesterday", "this_week", "last_week", "this_month",
			"last_month", "this_quarter", "last_quarter", "this_year", "last_year")}
	case 5:
		p["within"] = g.absolute()
	}
}

// absolute draws from, to or both; two of one kind stand in order.
func (g generator) absolute() map[string]any {
	bounds, last := Dates(), 0
	if g.chance("instants", 2) {
		bounds = Instants()
	}
	w := map[string]any{}
	form := g.int("ends", 0, 2)
	if form != 1 {
		last = g.int("from", 0, len(bounds)-2)
		w["from"] = bounds[last]
	}
	switch {
	case form == 2:
		w["to"] = bounds[g.int("to", last+1, len(bounds)-1)]
	case form == 1:
		w["to"] = g.pick("to", bounds...)
	}
	return w
}

func (g generator) channels(p map[string]any) {
	if len(g.schema.Channels) > 0 && g.chance("channels", 4) {
		p["channels"] = g.some("channels", codes(g.schema.Channels)...)
	}
}

func (g generator) where(p map[string]any, types []string) {
	if !g.chance("where", 3) {
		return
	}
	defs := g.attributes(types)
	var filters []map[string]any
	for range g.int("filters", 1, 2) {
		def := defs[g.int("attribute", 0, len(defs)-1)]
		f := map[string]any{"attribute": def.Code}
		switch def.Type {
		case muster.NumberAttribute:
			g.compareNumber(f, true)
		case muster.BooleanAttribute:
			f["op"] = g.pick("op", "is_true", "is_false")
		case muster.DatetimeAttribute:
			g.compareDate(f, true, false)
		default:
			g.compareAttribute(f, def.Code)
		}
		filters = append(filters, f)
	}
	p["where"] = filters
}

func (g generator) compareAttribute(f map[string]any, code string) {
	switch code {
	case muster.ValueAttribute, "field.size":
		g.compareValue(f)
	case "page":
		g.compareText(f, "value", Pages())
	case "url", "referrer":
		g.compareText(f, "value", URLs())
	default:
		g.compareText(f, "value", append(Texts(), "google", "contact", "o1", "o2"))
	}
}

// attributes answers what conditions on these types (nil is all) can use.
func (g generator) attributes(types []string) []muster.AttributeDef {
	if types == nil {
		types = codes(g.schema.ActivityTypes)
	}
	seen := map[string]bool{}
	var defs []muster.AttributeDef
	for _, code := range types {
		t := g.schema.ActivityTypes[code]
		for _, name := range append(attributeCodes(t), muster.ValueAttribute) {
			if def, ok := t.Attribute(name); ok && !seen[name] {
				seen[name] = true
				defs = append(defs, def)
			}
		}
	}
	return defs
}

func attributeCodes(t muster.ActivityType) []string {
	var list []string
	for _, def := range t.Attributes {
		list = append(list, def.Code)
	}
	if t.Code == "form_submit" {
		list = append(list, muster.FormFieldPrefix+"size")
	}
	return list
}
