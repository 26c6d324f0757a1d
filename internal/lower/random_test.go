package lower_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
	"github.com/muster-groups/muster/internal/plan/plantest"
)

// draw makes random conditions and contacts around a few instants, so that
// facts lie on, just before and just after the bounds of windows.
type draw struct {
	*rapid.T
	zone *time.Location
	now  []muster.Instant // the instants that conditions will be lowered at
}

func pick[T any](d draw, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(d.T, label)
}

func (d draw) bool(label string) bool { return rapid.Bool().Draw(d.T, label) }

func (d draw) int(label string, low, high int) int { return rapid.IntRange(low, high).Draw(d.T, label) }

func some[T interface{ ~int | ~string }](d draw, label string, from ...T) []T {
	list := rapid.SliceOfNDistinct(rapid.SampledFrom(from), 1, 2, rapid.ID).Draw(d.T, label)
	slices.Sort(list)
	return list
}

func (d draw) duration() muster.Duration {
	return duration(pick(d, "duration", "1s", "36h", "1d", "2d", "1w", "1mo", "2mo", "1y"))
}

func (d draw) days() muster.Duration {
	return duration(pick(d, "day duration", "1d", "2d", "1w", "1mo", "1y"))
}

// instant answers an instant near now, or near a duration before or after it.
func (d draw) instant() muster.Instant {
	t := pick(d, "near", d.now...).Time().In(d.zone)
	sign := pick(d, "sign", -1, 1)
	switch d.int("distance", 0, 6) {
	case 0:
		t = t.AddDate(0, sign, 0)
	case 1:
		t = t.AddDate(sign, 0, 0)
	case 2:
		t = t.AddDate(0, 0, sign*pick(d, "days", 1, 2, 7))
	case 3:
		t = time.Date(t.Year(), t.Month(), t.Day()+d.int("midnight", -40, 40), 0, 0, 0, 0, d.zone)
	case 4:
		t = t.Add(time.Duration(sign) * 36 * time.Hour)
	}
	return muster.InstantOf(t) + muster.Instant(pick(d, "offset", 0, 0, -1, 1, -3600, 3600))
}

func (d draw) date() muster.Date { return muster.DateOf(d.instant().Time().In(d.zone)) }

func (d draw) bound() catalog.Bound {
	if d.bool("date bound") {
		return catalog.Bound{IsDate: true, Date: d.date()}
	}
	return catalog.Bound{Instant: d.instant()}
}

func (d draw) window() catalog.Window {
	var w catalog.Window
	switch d.int("window", 0, 4) {
	case 0:
		length := d.duration()
		w.Last = &length
	case 1:
		length := d.duration()
		w.OlderThan = &length
	case 2:
		w.Period = pick(d, "period", "today", "yesterday", "this_week", "last_week", "this_month", "last_month",
			"this_quarter", "last_quarter", "this_year", "last_year")
	case 3:
		from, to := d.bound(), d.bound()
		if d.bool("from") {
			w.From = &from
		}
		if d.bool("to") {
			w.To = &to
		}
	}
	return w
}

func (d draw) times() catalog.Times {
	return pick(d, "times", catalog.Times{Min: 1, Max: -1}, catalog.Times{Min: 1, Max: -1}, catalog.Times{Min: 2, Max: -1},
		catalog.Times{}, catalog.Times{Min: 0, Max: 1}, catalog.Times{Min: 1, Max: 2})
}

func (d draw) missing() *bool {
	if d.bool("missing") {
		return nil
	}
	return no()
}

var textOps = []catalog.Operator{
	catalog.Is, catalog.IsNot, catalog.Contains, catalog.NotContains, catalog.StartsWith, catalog.NotStartsWith,
	catalog.EndsWith, catalog.NotEndsWith, catalog.Matches, catalog.NotMatches, catalog.OneOf, catalog.NoneOf,
}

var numberOps = []catalog.Operator{
	catalog.Equal, catalog.NotEqual, catalog.Greater, catalog.AtLeast, catalog.Less, catalog.AtMost, catalog.Between, catalog.NotBetween,
}

var dateOps = []catalog.Operator{
	catalog.On, catalog.Before, catalog.After, catalog.Between, catalog.InLast, catalog.MoreThanAgo, catalog.InNext, catalog.MoreThanAhead,
}

var texts = []string{"a", "B", "ab", "Straße", "STRASSE", "1", "2.5"}

func (d draw) textOperand(a *catalog.Args) {
	a.Op, a.Missing = pick(d, "text operator", textOps...), d.missing()
	a.Text = []string{pick(d, "text", append([]string{"a*", "?"}, texts...)...)}
	if a.Op == catalog.OneOf || a.Op == catalog.NoneOf {
		a.Text = some(d, "texts", texts...)
	}
}

func (d draw) numberOperand(a *catalog.Args, low, high int) {
	a.Op, a.Missing = pick(d, "number operator", numberOps...), d.missing()
	a.Numbers = decimals(int64(d.int("number", low, high)))
	if a.Op == catalog.Between || a.Op == catalog.NotBetween {
		a.Numbers = append(a.Numbers, a.Numbers[0]+muster.Decimal(d.int("more", 0, 3))*muster.DecimalOne)
	}
}

func (d draw) dateOperand(a *catalog.Args, dates bool) {
	a.Op = pick(d, "date operator", dateOps...)
	for range 2 {
		b := d.bound()
		if dates || a.Op == catalog.On {
			b = catalog.Bound{IsDate: true, Date: d.date()}
		}
		a.Dates = append(a.Dates, b)
	}
	if a.Op != catalog.Between {
		a.Dates = a.Dates[:1]
	}
	a.Length = d.duration()
	if dates {
		a.Length = d.days()
	}
}

func (d draw) where() []catalog.Filter {
	filters := make([]catalog.Filter, pick(d, "filters", 0, 0, 1, 2))
	for i := range filters {
		var a catalog.Args
		f := catalog.Filter{Attribute: pick(d, "attribute", "value", "page", "start")}
		switch f.Type = pick(d, "attribute type", muster.TextAttribute, muster.NumberAttribute, muster.BooleanAttribute, muster.DatetimeAttribute); f.Type {
		case muster.NumberAttribute:
			d.numberOperand(&a, 0, 3)
		case muster.BooleanAttribute:
			a.Op = pick(d, "boolean operator", catalog.IsTrue, catalog.IsFalse)
		case muster.DatetimeAttribute:
			d.dateOperand(&a, false)
		default:
			d.textOperand(&a)
		}
		f.Op, f.Text, f.Numbers, f.Dates, f.Length, f.Missing = a.Op, a.Text, a.Numbers, a.Dates, a.Length, a.Missing
		filters[i] = f
	}
	return filters
}

func (d draw) common() catalog.Args {
	a := catalog.Args{Window: d.window(), Times: d.times(), Where: d.where()}
	if d.int("channels", 0, 3) == 0 {
		a.Channels = []string{"web"}
	}
	return a
}

func (d draw) field() catalog.Args {
	a := catalog.Args{Field: pick(d, "field", "company", "score", "member_enabled", "renewal", "seen", "created_at",
		"last_activity_at", "identified", "country", "roles", "email")}
	switch fieldTypes[a.Field] {
	case muster.TextField:
		d.textOperand(&a)
	case muster.NumberField:
		d.numberOperand(&a, 0, 3)
	case muster.BooleanField:
		a.Op = pick(d, "boolean operator", catalog.IsTrue, catalog.IsFalse)
	case muster.DateField, muster.DatetimeField:
		d.dateOperand(&a, fieldTypes[a.Field] == muster.DateField)
		if a.Field != "last_activity_at" && d.int("anniversary", 0, 4) == 0 {
			a.Op, a.Days = catalog.AnniversaryInNext, pick(d, "anniversary days", 1, 2, 30, 365, 366)
		}
	default:
		a.Op, a.Missing = pick(d, "choice operator", catalog.AnyOf, catalog.AllOf, catalog.NoneOf), d.missing()
		a.Text = some(d, "choices", "a", "b", "c")
	}
	return a
}

// leafMakers draws the parameters of every condition type.
func leafMakers() map[string]func(d draw) catalog.Args {
	types := []string{"page_visit", "click", "purchase", "login"}
	counting := func(set func(d draw, a *catalog.Args)) func(draw) catalog.Args {
		return func(d draw) catalog.Args {
			a := d.common()
			set(d, &a)
			return a
		}
	}
	plain := counting(func(draw, *catalog.Args) {})
	codes := func(values ...string) func(draw) catalog.Args {
		return counting(func(d draw, a *catalog.Args) { a.Codes = some(d, "codes", values...) })
	}
	text := counting(func(d draw, a *catalog.Args) { d.textOperand(a) })
	mail := counting(func(d draw, a *catalog.Args) {
		if d.bool("emails") {
			a.Emails = some(d, "emails", "a", "b")
		}
		if d.bool("campaigns") {
			a.Campaigns = some(d, "campaigns", "a", "b")
		}
	})
	decided := func(states ...muster.DecisionState) func(draw) catalog.Args {
		return func(d draw) catalog.Args {
			return catalog.Args{Code: "news", State: pick(d, "state", states...), Window: d.window()}
		}
	}
	typed := counting(func(d draw, a *catalog.Args) { a.Types = some(d, "types", types...) })
	form := func(with func(d draw, a *catalog.Args)) func(draw) catalog.Args {
		return counting(func(d draw, a *catalog.Args) {
			a.Code = pick(d, "form", "a", "B")
			with(d, a)
		})
	}
	return map[string]func(d draw) catalog.Args{
		"age": func(d draw) catalog.Args {
			var a catalog.Args
			d.numberOperand(&a, 0, 3)
			return a
		},
		"age-between": func(d draw) catalog.Args {
			return catalog.Args{Numbers: decimals(int64(d.int("from", 0, 2)), 2), Missing: d.missing()}
		},
		"birthday": func(d draw) catalog.Args {
			return catalog.Args{
				When: pick(d, "when", "yesterday", "today", "tomorrow", "in_next", "in_month"),
				Days: pick(d, "birthday days", 1, 2, 30, 365, 366), Month: d.int("month", 1, 12), Missing: d.missing(),
			}
		},
		"gender": func(d draw) catalog.Args {
			return catalog.Args{Code: pick(d, "gender", "A", "b"), Missing: d.missing()}
		},
		"country": func(d draw) catalog.Args {
			return catalog.Args{Codes: some(d, "countries", "A", "b"), Missing: d.missing()}
		},
		"state": func(d draw) catalog.Args {
			return catalog.Args{Codes: some(d, "states", "A", "b"), Missing: d.missing()}
		},
		"field": draw.field,
		"field-empty": func(d draw) catalog.Args {
			return catalog.Args{Field: pick(d, "field", "company", "created_at", "last_activity_at", "identified", "email")}
		},
		"consent":               decided(muster.Agreed, muster.Revoked),
		"recipient-list":        decided(muster.Receiving, muster.Bounced, muster.Unsubscribed),
		"unsubscribed-from-all": func(d draw) catalog.Args { return catalog.Args{Window: d.window()} },
		"created": func(d draw) catalog.Args {
			var a catalog.Args
			d.dateOperand(&a, false)
			return a
		},
		"identified": func(draw) catalog.Args { return catalog.Args{} },
		"registered": func(draw) catalog.Args { return catalog.Args{} },
		"in-groups": func(d draw) catalog.Args {
			return catalog.Args{Mode: pick(d, "mode", muster.MatchAll, muster.MatchAny), Codes: some(d, "groups", "vip", "new", "gone")}
		},
		"visited-page":    codes("a", "B"),
		"landed-on-page":  codes("a", "B"),
		"visited-url":     text,
		"landed-on-url":   text,
		"visited-channel": counting(func(_ draw, a *catalog.Args) { a.Channels = []string{"web"} }),
		"came-from": counting(func(d draw, a *catalog.Args) {
			a.Parameter = "url"
			d.textOperand(a)
		}),
		"submitted-form":       form(func(draw, *catalog.Args) {}),
		"submitted-form-value": form(func(d draw, a *catalog.Args) { a.FormField = "x"; d.textOperand(a) }),
		"entered-data":         text,
		"performed": counting(func(d draw, a *catalog.Args) {
			a.Mode, a.Types = pick(d, "mode", muster.MatchAll, muster.MatchAny), some(d, "types", types...)
		}),
		"performed-any": plain,
		"performed-with-value": counting(func(d draw, a *catalog.Args) {
			a.Types = some(d, "types", types...)[:1]
			if d.bool("numbers") {
				d.numberOperand(a, 0, 3)
			} else {
				d.textOperand(a)
			}
		}),
		"inactive":  func(d draw) catalog.Args { return catalog.Args{Length: d.duration(), Where: d.where()} },
		"logged-in": plain,
		"searched": counting(func(d draw, a *catalog.Args) {
			a.Mode, a.Keywords = pick(d, "mode", muster.MatchAll, muster.MatchAny), some(d, "keywords", "a", "B", "STR")
		}),
		"email-sent": mail, "email-opened": mail, "email-bounced": mail, "email-clicked": mail,
		"email-clicked-url": counting(func(d draw, a *catalog.Args) { d.textOperand(a); a.Emails = []string{"a"} }),
		"purchased-product": codes("a", "b"),
		"products-purchased": counting(func(d draw, a *catalog.Args) {
			d.numberOperand(a, -1, 3)
			a.Missing = nil
		}),
		"spent": counting(func(d draw, a *catalog.Args) {
			limits := decimals(int64(d.int("at least", 0, 2)), int64(d.int("at most", 2, 4)))
			if d.bool("lower limit") {
				a.AtLeast = &limits[0]
			}
			if a.AtLeast == nil || d.bool("upper limit") {
				a.AtMost = &limits[1]
			}
		}),
		"orders": plain,
		"wishlist": func(d draw) catalog.Args {
			if d.bool("products") {
				return catalog.Args{Codes: some(d, "products", "a", "B")}
			}
			return catalog.Args{Count: d.int("count", 1, 2)}
		},
		"activity-count": typed,
		"activity-measure": counting(func(d draw, a *catalog.Args) {
			a.Types, a.Attribute = some(d, "types", types...), "value"
			a.Measure = pick(d, "measure", "sum", "average", "smallest", "largest", "distinct")
			d.numberOperand(a, -1, 3)
		}),
		"first-activity": typed,
		"last-activity":  typed,
		"sequence": counting(func(d draw, a *catalog.Args) {
			a.Where = nil
			for range d.int("steps", 2, 3) {
				step := catalog.Step{Types: some(d, "types", types...), Where: d.where()}
				if d.bool("gap") {
					gap := duration(pick(d, "gap", "1s", "36h", "2d"))
					step.Within = &gap
				}
				a.Steps = append(a.Steps, step)
			}
		}),
		"sample": func(d draw) catalog.Args {
			return catalog.Args{Percent: muster.Decimal(d.int("percent", 0, 100)) * muster.DecimalOne, Salt: pick(d, "salt", "", "s")}
		},
		"weekday": func(d draw) catalog.Args { return catalog.Args{Weekdays: some(d, "weekdays", 1, 2, 3, 4, 5, 6, 7)} },
		"month":   func(d draw) catalog.Args { return catalog.Args{Months: some(d, "months", 1, 2, 3, 10, 12)} },
		"time-of-day": func(d draw) catalog.Args {
			from := d.int("minute", 0, 1439)
			return catalog.Args{Minutes: [2]int{from, (from + d.int("minutes", 1, 1439)) % 1440}}
		},
	}
}

// drawnTypes lists the condition types that random conditions have.
func drawnTypes() []string {
	var types []string
	for conditionType := range leafMakers() {
		types = append(types, conditionType)
	}
	slices.Sort(types)
	return types
}

func (d draw) leaf() *catalog.Leaf {
	conditionType := pick(d, "type", drawnTypes()...)
	return &catalog.Leaf{Type: conditionType, Not: d.bool("not"), Args: leafMakers()[conditionType](d)}
}

func (d draw) condition() *catalog.Condition {
	group := &catalog.Group{Match: pick(d, "match", muster.MatchAll, muster.MatchAny), Not: d.bool("not")}
	for range d.int("conditions", 1, 2) {
		group.Nodes = append(group.Nodes, d.leaf())
	}
	return &catalog.Condition{Match: pick(d, "match", muster.MatchAll, muster.MatchAny), Groups: []*catalog.Group{group}}
}

func (d draw) value(t muster.FieldType) muster.Value {
	if d.bool("no value") {
		return muster.Value{}
	}
	switch t {
	case muster.TextField:
		return muster.Value{Kind: muster.KindText, Text: pick(d, "text", texts...)}
	case muster.NumberField:
		return muster.Value{Kind: muster.KindNumber, Number: muster.Decimal(d.int("half", -1, 7)) * muster.DecimalOne / 2}
	case muster.BooleanField:
		return muster.Value{Kind: muster.KindBoolean, Boolean: d.bool("yes")}
	case muster.DateField:
		return muster.Value{Kind: muster.KindDate, Date: d.date() - muster.Date(365*d.int("years", 0, 3))}
	case muster.DatetimeField:
		return muster.Value{Kind: muster.KindDatetime, Instant: d.instant()}
	}
	codes := some(d, "codes", "a", "B", "c")
	if t == muster.ChoiceField {
		codes = codes[:1]
	}
	return muster.Value{Kind: muster.KindChoices, Choices: codes}
}

func (d draw) scalar() muster.Scalar {
	switch d.int("scalar", 0, 4) {
	case 0:
		return muster.Scalar{}
	case 1:
		return muster.Scalar{Kind: muster.KindNumber, Text: pick(d, "number", "0", "1", "2", "2.5", "1e30")}
	case 2:
		return muster.Scalar{Kind: muster.KindBoolean, Text: pick(d, "boolean", "true", "false")}
	case 3:
		return muster.Scalar{Kind: muster.KindText, Text: pick(d, "moment", d.instant().String(), d.date().String())}
	}
	return muster.Scalar{Kind: muster.KindText, Text: pick(d, "text", append([]string{" ", "true"}, texts...)...)}
}

// contact draws a contact with at least one fact of most kinds.
func (d draw) contact() *plantest.Contact {
	c := &plantest.Contact{}
	c.ID[15] = byte(d.int("id", 0, 255))
	c.CreatedAt = d.instant()
	c.Email = pick(d, "email", "", "A@example.com")
	c.Fields = map[string]muster.Value{}
	for _, code := range []string{"company", "score", "member_enabled", "birthday", "renewal", "seen", "country", "gender", "state", "roles"} {
		if v := d.value(fieldTypes[code]); !v.IsMissing() {
			c.Fields[code] = v
		}
	}
	c.Decisions = append(c.Decisions,
		muster.Decision{Kind: muster.OnConsent, Code: "news", State: pick(d, "state", muster.Agreed, muster.Revoked), At: d.instant()},
		muster.Decision{Kind: muster.OnList, Code: "news", State: pick(d, "state", muster.Receiving, muster.Bounced, muster.Unsubscribed), At: d.instant()},
		muster.Decision{Kind: muster.OnAllMail, State: pick(d, "state", muster.Receiving, muster.Unsubscribed), At: d.instant()})
	if d.bool("vip") {
		c.Groups = []muster.GroupNo{3}
	}
	for range d.int("activities", 0, 4) {
		a := muster.Activity{
			Type: pick(d, "type", "page_visit", "landing_page", "click", "purchase", "login", "search", "form_submit", "data_input",
				"member_registration", "email_open", "email_click", "product_purchased", "product_added_to_wishlist", "product_removed_from_wishlist"),
			At: d.instant(), Channel: pick(d, "channel", "", "web"),
		}
		for _, name := range []string{"value", "page", "url", "start", "form", "field.x", "keywords", "email", "campaign", "product", "quantity", "amount"} {
			if s := d.scalar(); s.Kind != muster.Missing {
				a.Attributes = append(a.Attributes, muster.Attribute{Name: name, Value: s})
			}
		}
		c.Activities = append(c.Activities, a)
	}
	return c
}

// person is the contact as the oracle sees it.
func person(c *plantest.Contact) *oracle.Person {
	return &oracle.Person{
		ID: c.ID, CreatedAt: c.CreatedAt, Email: c.Email, Fields: c.Fields, Decisions: c.Decisions, Activities: c.Activities,
		Groups: map[string]bool{"vip": slices.Contains(c.Groups, 3)},
	}
}
