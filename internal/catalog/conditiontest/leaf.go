package conditiontest

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
)

// maker fills the parameters of one condition type.
type maker func(g generator, p map[string]any)

// makers answers a maker for every condition type of the language.
func makers() map[string]maker {
	return map[string]maker{
		"age":         age,
		"age-between": ageBetween,
		"birthday":    birthday,
		"gender": func(g generator, p map[string]any) {
			p["value"] = g.pick("gender", choicesOf(g.schema.Fields["gender"])...)
			g.missing(p)
		},
		"country": func(g generator, p map[string]any) {
			p["any_of"] = g.some("countries", "AF", "AX", "AL", "AT", "de")
			g.missing(p)
		},
		"state": func(g generator, p map[string]any) {
			p["any_of"] = g.some("states", "US-CA", "DE-BY", "at-9")
			g.missing(p)
		},
		"field":                 field,
		"field-empty":           func(g generator, p map[string]any) { p["field"] = g.pick("field", codes(g.schema.Fields)...) },
		"consent":               consent,
		"in-groups":             inGroups,
		"recipient-list":        recipientList,
		"unsubscribed-from-all": func(g generator, p map[string]any) { g.within(p) },
		"created":               func(g generator, p map[string]any) { g.compareDate(p, true, true) },
		"identified":            nothing,
		"registered":            nothing,

		"visited-page":         activity([]string{"page_visit"}, func(g generator, p map[string]any) { p["pages"] = g.some("pages", Pages()...) }),
		"visited-url":          activity([]string{"page_visit"}, func(g generator, p map[string]any) { g.compareText(p, "value", URLs()) }),
		"visited-channel":      visitedChannel,
		"landed-on-page":       activity([]string{"landing_page"}, func(g generator, p map[string]any) { p["pages"] = g.some("pages", Pages()...) }),
		"landed-on-url":        activity([]string{"landing_page"}, func(g generator, p map[string]any) { g.compareText(p, "value", URLs()) }),
		"came-from":            activity([]string{"page_visit", "landing_page"}, cameFrom),
		"submitted-form":       activity([]string{"form_submit"}, func(g generator, p map[string]any) { p["form"] = g.pick("form", "contact", "signup") }),
		"submitted-form-value": activity([]string{"form_submit"}, formValue),
		"entered-data":         activity([]string{"data_input"}, func(g generator, p map[string]any) { g.compareText(p, "source", Texts()) }),
		"performed":            performed,
		"performed-any":        activity(nil, nothing),
		"performed-with-value": performedWithValue,
		"inactive":             inactive,
		"logged-in":            activity([]string{"login"}, nothing),
		"searched":             activity([]string{"search"}, searched),

		"email-sent":        activity([]string{"email_sent"}, emails),
		"email-opened":      activity([]string{"email_open"}, emails),
		"email-clicked":     activity([]string{"email_click"}, emails),
		"email-bounced":     activity([]string{"email_bounce"}, emails),
		"email-clicked-url": activity([]string{"email_click"}, func(g generator, p map[string]any) { emails(g, p); g.compareText(p, "value", URLs()) }),

		"purchased-product":  activity([]string{"product_purchased"}, func(g generator, p map[string]any) { p["products"] = g.some("products", products()...) }),
		"products-purchased": measuring([]string{"product_purchased"}, func(g generator, p map[string]any) { g.compareNumber(p, false) }),
		"spent":              measuring([]string{"purchase"}, spent),
		"orders":             activity([]string{"purchase"}, nothing),
		"wishlist":           wishlist,

		"activity-count":   activityCount,
		"activity-measure": activityMeasure,
		"first-activity":   edge,
		"last-activity":    edge,
		"sequence":         sequence,
		"sample":           sample,

		"weekday": func(g generator, p map[string]any) {
			p["any_of"] = g.some("weekdays", "monday", "Wednesday", "friday", "saturday", "sunday")
		},
		"month": func(g generator, p map[string]any) {
			p["any_of"] = g.some("months", "january", "March", "april", "december")
		},
		"time-of-day": timeOfDay,
	}
}

func nothing(generator, map[string]any) {}

func products() []string { return []string{"p1", "P1", "p2", "p3"} }

func age(g generator, p map[string]any) {
	op := g.pick("op", "equal", "not_equal", "greater", "at_least", "less", "at_most", "between", "not_between")
	p["op"] = op
	if strings.HasSuffix(op, "between") {
		from := g.int("from", 0, 45)
		p["from"], p["to"] = from, from+g.int("width", 0, 30)
	} else {
		p["years"] = g.int("years", 0, 45)
	}
	g.missing(p)
}

func ageBetween(g generator, p map[string]any) {
	from := g.int("from", 0, 45)
	p["from"], p["to"] = from, from+g.int("width", 0, 30)
	g.missing(p)
}

func birthday(g generator, p map[string]any) {
	p["when"] = g.pick("when", "yesterday", "today", "tomorrow", "in_next", "in_month")
	switch p["when"] {
	case "in_next":
		p["days"] = g.int("days", 1, 60)
	case "in_month":
		p["month"] = g.int("month", 1, 12)
	}
	g.missing(p)
}

// missing sometimes writes missing where every use of the type takes it.
func (g generator) missing(p map[string]any) {
	if g.chance("missing", 4) {
		p["missing"] = g.chance("missing true", 3)
	}
}

func field(g generator, p map[string]any) {
	f := g.schema.Fields[g.pick("field", codes(g.schema.Fields)...)]
	p["field"] = f.Code
	g.compareField(p, f)
}

func consent(g generator, p map[string]any) {
	p["consent"] = g.pick("consent", codes(g.schema.Consents)...)
	if g.chance("state", 2) {
		p["state"] = g.pick("state", "agreed", "revoked")
	}
	g.within(p)
}

func recipientList(g generator, p map[string]any) {
	p["list"] = g.pick("list", codes(g.schema.Lists)...)
	if g.chance("state", 2) {
		p["state"] = g.pick("state", "receiving", "unsubscribed", "bounced")
	}
	g.within(p)
}

func inGroups(g generator, p map[string]any) {
	p["groups"] = g.some("groups", codes(g.schema.Groups)...)
	g.mode(p)
}

func (g generator) mode(p map[string]any) {
	if g.chance("mode", 2) {
		p["mode"] = g.pick("mode", "any", "all")
	}
}

func visitedChannel(g generator, p map[string]any) {
	p["channels"] = g.some("channels", codes(g.schema.Channels)...)
	g.times(p)
	g.within(p)
	g.where(p, []string{"page_visit"})
}

func cameFrom(g generator, p map[string]any) {
	p["parameter"] = g.pick("parameter", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "referrer")
	g.compareText(p, "value", []string{"google", "Newsletter", "news"})
}

func formValue(g generator, p map[string]any) {
	p["form"], p["form_field"] = g.pick("form", "contact", "signup"), g.pick("form field", "size", "other")
	g.compareValue(p)
}

// compareValue compares as text or as number.
func (g generator) compareValue(p map[string]any) {
	if g.chance("as number", 2) {
		g.compareNumber(p, true)
	} else {
		g.compareText(p, "value", Texts())
	}
}

// activityTypes draws from types that the random data of tests uses often,
// and sometimes from all.
func (g generator) activityTypes() []string {
	all := codes(g.schema.ActivityTypes)
	var frequent []string
	for _, code := range all {
		if !g.schema.ActivityTypes[code].BuiltIn || slices.Contains([]string{"page_visit", "form_submit", "purchase"}, code) {
			frequent = append(frequent, code)
		}
	}
	if g.chance("rare types", 4) || len(frequent) == 0 {
		return g.some("types", all...)
	}
	return g.some("types", frequent...)
}

func (g generator) optionalTypes(p map[string]any) []string {
	if g.chance("any type", 4) {
		return nil
	}
	types := g.activityTypes()
	p["types"] = types
	return types
}

func performed(g generator, p map[string]any) {
	types := g.activityTypes()
	p["types"] = types
	g.mode(p)
	g.common(p, types)
}

func performedWithValue(g generator, p map[string]any) {
	types := g.activityTypes()[:1]
	p["activity_type"] = types[0]
	g.compareValue(p)
	g.common(p, types)
}

func activityCount(g generator, p map[string]any) { g.common(p, g.optionalTypes(p)) }

func edge(g generator, p map[string]any) { g.commonNoTimes(p, g.optionalTypes(p)) }

func inactive(g generator, p map[string]any) {
	p["last"] = g.pick("last", Durations()...)
	g.channels(p)
	g.where(p, nil)
}

func searched(g generator, p map[string]any) {
	p["keywords"] = g.some("keywords", "red", "Shoes", "sho")
	g.mode(p)
}

func emails(g generator, p map[string]any) {
	if g.chance("emails", 2) {
		p["emails"] = g.some("emails", "welcome", "march")
	}
	if g.chance("campaigns", 3) {
		p["campaigns"] = g.some("campaigns", "spring", "Winter")
	}
}

func spent(g generator, p map[string]any) {
	low := g.int("low", -2, 20)
	amount := map[string]any{}
	form := g.int("form", 0, 2)
	if form != 1 {
		amount["at_least"] = low
	}
	if form != 0 {
		amount["at_most"] = low + g.int("width", 0, 20)
	}
	p["amount"] = amount
}

func wishlist(g generator, p map[string]any) {
	if g.chance("count", 2) {
		p["at_least"] = g.int("at_least", 1, 3)
	} else {
		p["products"] = g.some("products", products()...)
	}
	g.channels(p)
}

func activityMeasure(g generator, p map[string]any) {
	types := g.optionalTypes(p)
	measure := g.pick("measure", "sum", "average", "smallest", "largest", "distinct")
	var usable []string
	for _, def := range g.attributes(types) {
		if measure == "distinct" || def.Type == muster.NumberAttribute || def.Type == muster.TextAttribute {
			usable = append(usable, def.Code)
		}
	}
	p["measure"], p["attribute"] = measure, g.pick("attribute", usable...)
	g.compareNumber(p, true)
	g.commonNoTimes(p, types)
}

func sequence(g generator, p map[string]any) {
	var steps []map[string]any
	for i := range g.int("steps", 2, 4) {
		step := map[string]any{}
		types := g.optionalTypes(step)
		g.where(step, types)
		if i > 0 && g.chance("gap", 2) {
			step["within_previous"] = g.pick("gap", "1s", "90s", "45m", "12h", "24h", "7d", "30d", "2w")
		}
		steps = append(steps, step)
	}
	p["steps"] = steps
	g.within(p)
	g.channels(p)
}

func sample(g generator, p map[string]any) {
	p["percent"] = json.Number(g.pick("percent", "0.0001", "1", "12.5", "50", "99.9999", "100"))
	if g.chance("salt", 2) {
		p["salt"] = g.pick("salt", "a", "spring")
	}
}

func timeOfDay(g generator, p map[string]any) {
	times := []string{"00:00", "08:59", "09:00", "09:01", "12:00", "22:30"}
	i := g.int("from", 0, len(times)-1)
	p["from"], p["to"] = times[i], times[(i+g.int("to", 1, len(times)-1))%len(times)]
}
