package lower_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/lower"
	"github.com/muster-groups/muster/internal/plan"
)

// noon is 12:00 on Friday, 1 May 2026 in Berlin.
var noon = local("2026-05-01 12:00:00", zone("Europe/Berlin"))

func berlinNoon() lower.Env {
	return lower.Env{
		Now: noon, Zone: zone("Europe/Berlin"),
		Groups:    map[string]muster.GroupNo{"vip": 3, "new": 5},
		FieldType: func(code string) muster.FieldType { return fieldTypes[code] },
	}
}

var fieldTypes = map[string]muster.FieldType{
	"company": muster.TextField, "email": muster.TextField, "score": muster.NumberField, "member_enabled": muster.BooleanField,
	"birthday": muster.DateField, "renewal": muster.DateField, "seen": muster.DatetimeField, "created_at": muster.DatetimeField,
	"last_activity_at": muster.DatetimeField, "identified": muster.BooleanField,
	"country": muster.ChoiceField, "gender": muster.ChoiceField, "state": muster.ChoiceField, "roles": muster.ChoicesField,
}

func berlin(s string) muster.Instant { return local(s, zone("Europe/Berlin")) }

func date(s string) muster.Date {
	d, err := muster.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func onDate(s string) catalog.Bound { return catalog.Bound{IsDate: true, Date: date(s)} }

func boundAt(t muster.Instant) catalog.Bound { return catalog.Bound{Instant: t} }

func decimals(list ...int64) []muster.Decimal {
	out := make([]muster.Decimal, len(list))
	for i, n := range list {
		out[i] = muster.Decimal(n) * muster.DecimalOne
	}
	return out
}

func no() *bool { return new(bool) }

func all(of ...plan.Node) plan.Node    { return &plan.All{Of: of} }
func either(of ...plan.Node) plan.Node { return &plan.Any{Of: of} }
func not(of plan.Node) plan.Node       { return &plan.Not{Of: of} }

func field(code string, p plan.Predicate) plan.Node { return &plan.Field{Code: code, Pred: p} }

func is(values ...string) plan.Text { return plan.Text{Op: plan.TextIs, Values: values} }

func having(attribute string, p plan.Predicate) plan.Filter {
	return plan.Filter{Attribute: attribute, Pred: p}
}

// acted answers the activities of a type at any time, at least n of them.
func acted(n int64, activityType string, where ...plan.Filter) *plan.Acted {
	leaf := &plan.Acted{
		Where: where, From: muster.Beginning, To: muster.Forever,
		Measure: plan.Count, Compare: plan.Compare{Op: plan.AtLeast, A: muster.Decimal(n) * muster.DecimalOne},
	}
	if activityType != "" {
		leaf.Types = []string{activityType}
	}
	return leaf
}

func during(from, to muster.Instant, leaf *plan.Acted) *plan.Acted {
	leaf.From, leaf.To = from, to
	return leaf
}

func measuring(m plan.Measure, attribute string, c plan.Compare, leaf *plan.Acted) *plan.Acted {
	leaf.Measure, leaf.Attribute, leaf.Compare = m, attribute, c
	return leaf
}

func once() catalog.Times { return catalog.Times{Min: 1, Max: -1} }

type example struct {
	name string
	leaf catalog.Leaf
	want plan.Node
}

func leaf(conditionType string, a catalog.Args) catalog.Leaf {
	return catalog.Leaf{Type: conditionType, Args: a}
}

func check(t *testing.T, env lower.Env, examples []example) {
	t.Helper()
	for _, e := range examples {
		got := lower.LowerLeaf(&e.leaf, env)
		// Locations are compared by name: they hold caches.
		zones := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
		if diff := cmp.Diff(e.want, got, zones); diff != "" {
			t.Errorf("%s: %s %+v lowers differently (-want +got):\n%s", e.name, e.leaf.Type, e.leaf.Args, diff)
		}
	}
}

func TestContactDetails(t *testing.T) {
	born := func(from, to string) plan.Node {
		r := plan.DateRange{From: muster.FirstDate + 1, To: muster.LastDate}
		if from != "" {
			r.From = date(from)
		}
		if to != "" {
			r.To = date(to)
		}
		return field("birthday", r)
	}
	celebrated := func(ranges ...[2]int) plan.Node { return field("birthday", plan.MonthDays{Ranges: ranges}) }
	days30 := duration("30d")
	check(t, berlinNoon(), []example{
		{"of age", leaf("age", catalog.Args{Op: catalog.AtLeast, Numbers: decimals(18)}), born("", "2008-05-02")},
		{"under age", leaf("age", catalog.Args{Op: catalog.Less, Numbers: decimals(18)}), born("2008-05-02", "")},
		{"older than", leaf("age", catalog.Args{Op: catalog.Greater, Numbers: decimals(18)}), born("", "2007-05-02")},
		{"at most", leaf("age", catalog.Args{Op: catalog.AtMost, Numbers: decimals(18)}), born("2007-05-02", "")},
		{"of that age", leaf("age", catalog.Args{Op: catalog.Equal, Numbers: decimals(30)}), born("1995-05-02", "1996-05-02")},
		{"of no whole age", leaf("age", catalog.Args{Op: catalog.Equal, Numbers: []muster.Decimal{30_500_000}}), born("1995-05-02", "1995-05-02")},
		{"not of that age", leaf("age", catalog.Args{Op: catalog.NotEqual, Numbers: decimals(30)}), not(born("1995-05-02", "1996-05-02"))},
		{
			"not of that age but known", leaf("age", catalog.Args{Op: catalog.NotEqual, Numbers: decimals(30), Missing: no()}),
			all(field("birthday", plan.Present{}), not(born("1995-05-02", "1996-05-02"))),
		},
		{
			"missing restricts after the not", catalog.Leaf{Type: "age-between", Not: true, Args: catalog.Args{Numbers: decimals(18, 30), Missing: no()}},
			all(field("birthday", plan.Present{}), not(born("1995-05-02", "2008-05-02"))),
		},
		{"birthday today", leaf("birthday", catalog.Args{When: "today"}), celebrated([2]int{501, 501})},
		{"birthday yesterday", leaf("birthday", catalog.Args{When: "yesterday"}), celebrated([2]int{430, 430})},
		{"birthday tomorrow", leaf("birthday", catalog.Args{When: "tomorrow"}), celebrated([2]int{502, 502})},
		{"birthday soon", leaf("birthday", catalog.Args{When: "in_next", Days: 7}), celebrated([2]int{501, 507})},
		{"birthday over the new year", leaf("birthday", catalog.Args{When: "in_next", Days: 260}), celebrated([2]int{101, 115}, [2]int{501, 1231})},
		{"birthday in a year", leaf("birthday", catalog.Args{When: "in_next", Days: 366}), celebrated([2]int{101, 1231})},
		{"birthday in February", leaf("birthday", catalog.Args{When: "in_month", Month: 2}), celebrated([2]int{201, 231})},
		{"gender", leaf("gender", catalog.Args{Code: "F"}), field("gender", plan.Choices{Values: []string{"f"}})},
		{
			"country known", catalog.Leaf{Type: "country", Not: true, Args: catalog.Args{Codes: []string{"DE", "AT"}, Missing: no()}},
			all(field("country", plan.Present{}), not(field("country", plan.Choices{Values: []string{"at", "de"}}))),
		},
		{"state", leaf("state", catalog.Args{Codes: []string{"DE-BY"}}), field("state", plan.Choices{Values: []string{"de-by"}})},
		{"identified", leaf("identified", catalog.Args{}), plan.Identified{}},
		{"anonymous", catalog.Leaf{Type: "identified", Not: true}, not(plan.Identified{})},
		{
			"consent", leaf("consent", catalog.Args{Code: "news", State: muster.Revoked, Window: catalog.Window{Last: &days30}}),
			&plan.Decided{Kind: muster.OnConsent, Code: "news", State: muster.Revoked, From: noon - 30*86400 + 1, To: noon + 1},
		},
		{
			"list", leaf("recipient-list", catalog.Args{Code: "weekly", State: muster.Bounced}),
			&plan.Decided{Kind: muster.OnList, Code: "weekly", State: muster.Bounced, From: muster.Beginning, To: muster.Forever},
		},
		{
			"all mail", leaf("unsubscribed-from-all", catalog.Args{}),
			&plan.Decided{Kind: muster.OnAllMail, State: muster.Unsubscribed, From: muster.Beginning, To: muster.Forever},
		},
		{"any group", leaf("in-groups", catalog.Args{Mode: muster.MatchAny, Codes: []string{"vip", "gone"}}), either(&plan.InGroup{Group: 3}, plan.Nobody{})},
		{"all groups", leaf("in-groups", catalog.Args{Mode: muster.MatchAll, Codes: []string{"vip", "new"}}), all(&plan.InGroup{Group: 3}, &plan.InGroup{Group: 5})},
		{
			"created", leaf("created", catalog.Args{Op: catalog.InLast, Length: days30}),
			field("created_at", plan.InstantRange{From: noon - 30*86400 + 1, To: noon + 1}),
		},
		{
			"registered", leaf("registered", catalog.Args{}),
			all(acted(1, "member_registration"), not(field("member_enabled", plan.Boolean{Is: false}))),
		},
	})
}

func TestAgeAndBirthdayAroundLeapDays(t *testing.T) {
	for _, c := range []struct {
		today, born string
		years       int64
		birthday    bool
	}{
		{"2026-02-27", "2008-02-29", 17, false},
		{"2026-02-28", "2008-02-29", 18, true},
		{"2026-03-01", "2008-02-29", 18, false},
		{"2028-02-28", "2008-02-29", 19, false},
		{"2028-02-29", "2008-02-29", 20, true},
		{"2028-02-29", "2007-02-28", 21, false},
		{"2028-02-29", "2007-03-01", 20, false},
		{"2026-02-28", "2008-03-01", 17, false},
		{"2026-02-28", "2008-02-28", 18, true},
		{"2026-05-01", "2026-05-02", -1, false},
	} {
		env := lower.Env{Now: local(c.today+" 00:00:00", time.UTC), Zone: time.UTC}
		for years := c.years - 1; years <= c.years+1; years++ {
			aged := leaf("age", catalog.Args{Op: catalog.Equal, Numbers: decimals(years)})
			r := lower.LowerLeaf(&aged, env).(*plan.Field).Pred.(plan.DateRange)
			if got := r.Holds(date(c.born)); got != (years == c.years) {
				t.Errorf("on %s somebody born on %s is %d: %v, want %v", c.today, c.born, years, got, years == c.years)
			}
		}
		today := leaf("birthday", catalog.Args{When: "today"})
		if got := lower.LowerLeaf(&today, env).(*plan.Field).Pred.(plan.MonthDays).Holds(date(c.born)); got != c.birthday {
			t.Errorf("on %s somebody born on %s has birthday: %v, want %v", c.today, c.born, got, c.birthday)
		}
	}
}

func TestFieldOperators(t *testing.T) {
	on := func(op catalog.Operator, code string, a catalog.Args) catalog.Leaf {
		a.Op, a.Field = op, code
		return leaf("field", a)
	}
	text := func(op plan.TextOp, value string) plan.Node {
		return field("company", plan.Text{Op: op, Values: []string{value}})
	}
	written := func(s ...string) catalog.Args { return catalog.Args{Text: s} }
	score := func(op plan.CompareOp, bounds ...int64) plan.Node {
		c := plan.Compare{Op: op, A: decimals(bounds...)[0]}
		if len(bounds) > 1 {
			c.B = decimals(bounds...)[1]
		}
		return field("score", plan.Number{Compare: c})
	}
	numbers := func(list ...int64) catalog.Args { return catalog.Args{Numbers: decimals(list...)} }
	dates := func(list ...catalog.Bound) catalog.Args { return catalog.Args{Dates: list} }
	length := func(s string) catalog.Args { return catalog.Args{Length: duration(s)} }
	renewal := func(from, to muster.Date) plan.Node { return field("renewal", plan.DateRange{From: from, To: to}) }
	seen := func(from, to muster.Instant) plan.Node { return field("seen", plan.InstantRange{From: from, To: to}) }
	anyIn := func(from, to muster.Instant) plan.Node { return during(from, to, acted(1, "")) }
	day := onDate("2026-03-29")
	first, last := muster.FirstDate, muster.LastDate
	unknown := written("Acme")
	unknown.Missing = no()
	check(t, berlinNoon(), []example{
		{"is", on(catalog.Is, "company", written(" ACME ")), text(plan.TextIs, "acme")},
		{"is not", on(catalog.IsNot, "company", written("Acme")), not(text(plan.TextIs, "acme"))},
		{"is not, known", on(catalog.IsNot, "company", unknown), all(field("company", plan.Present{}), not(text(plan.TextIs, "acme")))},
		{"is, known", on(catalog.Is, "company", unknown), text(plan.TextIs, "acme")},
		{"contains", on(catalog.Contains, "company", written("Acme")), text(plan.TextContains, "acme")},
		{"does not contain", on(catalog.NotContains, "company", written("Acme")), not(text(plan.TextContains, "acme"))},
		{"starts with", on(catalog.StartsWith, "company", written("Acme")), text(plan.TextStartsWith, "acme")},
		{"does not start with", on(catalog.NotStartsWith, "company", written("Acme")), not(text(plan.TextStartsWith, "acme"))},
		{"ends with", on(catalog.EndsWith, "company", written("GmbH")), text(plan.TextEndsWith, "gmbh")},
		{"does not end with", on(catalog.NotEndsWith, "company", written("GmbH")), not(text(plan.TextEndsWith, "gmbh"))},
		{"matches", on(catalog.Matches, "company", written("A*")), text(plan.TextMatches, "a*")},
		{"does not match", on(catalog.NotMatches, "company", written("A*")), not(text(plan.TextMatches, "a*"))},
		{"one of", on(catalog.OneOf, "company", written("B", "a", "b")), field("company", is("a", "b"))},
		{"none of", on(catalog.NoneOf, "company", written("B", "a")), not(field("company", is("a", "b")))},

		{"equal", on(catalog.Equal, "score", numbers(3)), score(plan.Equal, 3)},
		{"not equal", on(catalog.NotEqual, "score", numbers(3)), not(score(plan.Equal, 3))},
		{"greater", on(catalog.Greater, "score", numbers(3)), score(plan.Greater, 3)},
		{"at least", on(catalog.AtLeast, "score", numbers(3)), score(plan.AtLeast, 3)},
		{"less", on(catalog.Less, "score", numbers(3)), score(plan.Less, 3)},
		{"at most", on(catalog.AtMost, "score", numbers(3)), score(plan.AtMost, 3)},
		{"between", on(catalog.Between, "score", numbers(3, 5)), score(plan.Between, 3, 5)},
		{"not between", on(catalog.NotBetween, "score", numbers(3, 5)), not(score(plan.Between, 3, 5))},

		{"true", on(catalog.IsTrue, "member_enabled", catalog.Args{}), field("member_enabled", plan.Boolean{Is: true})},
		{"false", on(catalog.IsFalse, "member_enabled", catalog.Args{}), field("member_enabled", plan.Boolean{})},
		{"any of", on(catalog.AnyOf, "roles", written("B", "A")), field("roles", plan.Choices{Values: []string{"a", "b"}})},
		{"all of", on(catalog.AllOf, "roles", written("B", "A")), field("roles", plan.Choices{All: true, Values: []string{"a", "b"}})},
		{"none of the choices", on(catalog.NoneOf, "roles", written("B")), not(field("roles", plan.Choices{Values: []string{"b"}}))},

		{"on a date", on(catalog.On, "renewal", dates(day)), renewal(date("2026-03-29"), date("2026-03-30"))},
		{"before a date", on(catalog.Before, "renewal", dates(day)), renewal(first, date("2026-03-29"))},
		{"after a date", on(catalog.After, "renewal", dates(day)), renewal(date("2026-03-30"), last)},
		{"between dates", on(catalog.Between, "renewal", dates(day, onDate("2026-04-02"))), renewal(date("2026-03-29"), date("2026-04-03"))},
		{"in the last days", on(catalog.InLast, "renewal", length("7d")), renewal(date("2026-04-25"), date("2026-05-02"))},
		{"in the last month", on(catalog.InLast, "renewal", length("1mo")), renewal(date("2026-04-02"), date("2026-05-02"))},
		{"more than two weeks ago", on(catalog.MoreThanAgo, "renewal", length("2w")), renewal(first, date("2026-04-18"))},
		{"in the next days", on(catalog.InNext, "renewal", length("7d")), renewal(date("2026-05-02"), date("2026-05-09"))},
		{"more than a year ahead", on(catalog.MoreThanAhead, "renewal", length("1y")), renewal(date("2027-05-02"), last)},
		{"anniversary of a date", on(catalog.AnniversaryInNext, "renewal", catalog.Args{Days: 2}), field("renewal", plan.MonthDays{Ranges: [][2]int{{501, 502}}})},

		{"on a short day", on(catalog.On, "seen", dates(day)), seen(berlin("2026-03-29 00:00:00"), berlin("2026-03-30 00:00:00"))},
		{"before a day", on(catalog.Before, "seen", dates(day)), seen(muster.Beginning, berlin("2026-03-29 00:00:00"))},
		{"after a day", on(catalog.After, "seen", dates(day)), seen(berlin("2026-03-30 00:00:00"), muster.Forever)},
		{"before an instant", on(catalog.Before, "seen", dates(boundAt(9))), seen(muster.Beginning, 9)},
		{"after an instant", on(catalog.After, "seen", dates(boundAt(9))), seen(10, muster.Forever)},
		{"between an instant and a day", on(catalog.Between, "seen", dates(boundAt(9), day)), seen(9, berlin("2026-03-30 00:00:00"))},
		{"in the last hours", on(catalog.InLast, "seen", length("12h")), seen(noon-43200+1, noon+1)},
		{"more than hours ago", on(catalog.MoreThanAgo, "seen", length("12h")), seen(muster.Beginning, noon-43200+1)},
		{"in the next hours", on(catalog.InNext, "seen", length("12h")), seen(noon+1, noon+43200+1)},
		{"more than hours ahead", on(catalog.MoreThanAhead, "seen", length("12h")), seen(noon+43200+1, muster.Forever)},
		{
			"anniversary of an instant", on(catalog.AnniversaryInNext, "seen", catalog.Args{Days: 1}),
			field("seen", plan.MonthDays{Ranges: [][2]int{{501, 501}}, Zone: zone("Europe/Berlin")}),
		},

		{"identified", on(catalog.IsTrue, "identified", catalog.Args{}), plan.Identified{}},
		{"not identified", on(catalog.IsFalse, "identified", catalog.Args{}), not(plan.Identified{})},
		{
			"last activity in a window", on(catalog.InLast, "last_activity_at", length("1h")),
			all(anyIn(noon-3600+1, noon+1), not(anyIn(noon+1, muster.Forever))),
		},
		{
			"last activity long ago", on(catalog.MoreThanAgo, "last_activity_at", length("1h")),
			all(anyIn(muster.Beginning, noon-3600+1), not(anyIn(noon-3600+1, muster.Forever))),
		},
		{"email", on(catalog.EndsWith, "email", written("@Example.com")), field("email", plan.Text{Op: plan.TextEndsWith, Values: []string{"@example.com"}})},
		{"empty", leaf("field-empty", catalog.Args{Field: "company"}), not(field("company", plan.Present{}))},
		{"no activity", leaf("field-empty", catalog.Args{Field: "last_activity_at"}), not(anyIn(muster.Beginning, muster.Forever))},
		{"identified is never empty", leaf("field-empty", catalog.Args{Field: "identified"}), plan.Nobody{}},
	})
}

func TestWebActivities(t *testing.T) {
	hour := duration("1h")
	common := catalog.Args{
		Codes: []string{"/pricing", "/Demo"}, Times: catalog.Times{Min: 3, Max: -1}, Channels: []string{"web", "app", "web"},
		Window: catalog.Window{Last: &hour},
		Where: []catalog.Filter{
			{Attribute: "language", Type: muster.TextAttribute, Op: catalog.IsNot, Text: []string{"DE"}},
			{Attribute: "title", Type: muster.TextAttribute, Op: catalog.NotContains, Text: []string{"x"}, Missing: no()},
			{Attribute: "value", Type: muster.NumberAttribute, Op: catalog.AtLeast, Numbers: decimals(2)},
			{Attribute: "first", Type: muster.BooleanAttribute, Op: catalog.IsFalse},
			{Attribute: "start", Type: muster.DatetimeAttribute, Op: catalog.InNext, Length: hour},
		},
	}
	busy := during(noon-3600+1, noon+1, acted(3, "page_visit",
		having("page", is("/demo", "/pricing")),
		plan.Filter{Attribute: "language", Pred: is("de"), Not: true, Missing: true},
		plan.Filter{Attribute: "title", Pred: plan.Text{Op: plan.TextContains, Values: []string{"x"}}, Not: true},
		having("value", plan.Number{Compare: plan.Compare{Op: plan.AtLeast, A: 2 * muster.DecimalOne}}),
		having("first", plan.Boolean{Is: false}),
		having("start", plan.InstantRange{From: noon + 1, To: noon + 3601}),
	))
	busy.Channels = []string{"app", "web"}
	contains := func(values ...string) plan.Text { return plan.Text{Op: plan.TextContains, Values: values} }
	twoTypes := acted(1, "")
	twoTypes.Types = []string{"click", "login"}
	visits := acted(1, "", having("utm_source", is("ads")))
	visits.Types = []string{"landing_page", "page_visit"}
	onWeb := acted(1, "page_visit")
	onWeb.Channels = []string{"web"}
	check(t, berlinNoon(), []example{
		{"with everything", leaf("visited-page", common), busy},
		{"url", leaf("visited-url", catalog.Args{Op: catalog.Contains, Text: []string{"Shop"}, Times: once()}), acted(1, "page_visit", having("url", contains("shop")))},
		{
			"a url that does not contain", leaf("visited-url", catalog.Args{Op: catalog.NotContains, Text: []string{"shop"}, Times: once()}),
			acted(1, "page_visit", plan.Filter{Attribute: "url", Pred: contains("shop"), Not: true, Missing: true}),
		},
		{"channel", leaf("visited-channel", catalog.Args{Channels: []string{"web"}, Times: once()}), onWeb},
		{"landed on page", leaf("landed-on-page", catalog.Args{Codes: []string{"/a"}, Times: once()}), acted(1, "landing_page", having("page", is("/a")))},
		{"landed on url", leaf("landed-on-url", catalog.Args{Op: catalog.Is, Text: []string{"a"}, Times: once()}), acted(1, "landing_page", having("url", is("a")))},
		{"came from", leaf("came-from", catalog.Args{Parameter: "utm_source", Op: catalog.Is, Text: []string{"Ads"}, Times: once()}), visits},
		{"form", leaf("submitted-form", catalog.Args{Code: "Contact", Times: once()}), acted(1, "form_submit", having("form", is("contact")))},
		{
			"form value", leaf("submitted-form-value", catalog.Args{Code: "contact", FormField: "size", Op: catalog.Is, Text: []string{"XL"}, Times: once()}),
			acted(1, "form_submit", having("form", is("contact")), having("field.size", is("xl"))),
		},
		{"data", leaf("entered-data", catalog.Args{Op: catalog.Is, Text: []string{"Plan"}, Times: once()}), acted(1, "data_input", having("value", is("plan")))},
		{"any type", leaf("performed", catalog.Args{Mode: muster.MatchAny, Types: []string{"login", "click"}, Times: once()}), twoTypes},
		{"every type", leaf("performed", catalog.Args{Mode: muster.MatchAll, Types: []string{"login", "click"}, Times: once()}), all(acted(1, "login"), acted(1, "click"))},
		{"anything", leaf("performed-any", catalog.Args{Times: once()}), acted(1, "")},
		{
			"with a number", leaf("performed-with-value", catalog.Args{Types: []string{"click"}, Op: catalog.Greater, Numbers: decimals(2), Times: once()}),
			acted(1, "click", having("value", plan.Number{Compare: plan.Compare{Op: plan.Greater, A: 2 * muster.DecimalOne}})),
		},
		{"with a text", leaf("performed-with-value", catalog.Args{Types: []string{"click"}, Op: catalog.Is, Text: []string{"Red"}, Times: once()}), acted(1, "click", having("value", is("red")))},
		{
			"inactive", leaf("inactive", catalog.Args{Length: hour}),
			all(
				field("created_at", plan.InstantRange{From: muster.Beginning, To: noon - 3600 + 1}),
				not(during(noon-3600+1, noon+1, acted(1, ""))),
			),
		},
		{"login", leaf("logged-in", catalog.Args{Times: once()}), acted(1, "login")},
		{"any keyword", leaf("searched", catalog.Args{Mode: muster.MatchAny, Keywords: []string{"Red", "blue"}, Times: once()}), acted(1, "search", having("keywords", contains("blue", "red")))},
		{
			"all keywords", leaf("searched", catalog.Args{Mode: muster.MatchAll, Keywords: []string{"Red", "blue"}, Times: once()}),
			acted(1, "search", having("keywords", contains("blue")), having("keywords", contains("red"))),
		},
	})
}

func TestTimes(t *testing.T) {
	times := func(low, high int) catalog.Leaf {
		return leaf("performed-any", catalog.Args{Times: catalog.Times{Min: low, Max: high}})
	}
	check(t, berlinNoon(), []example{
		{"at least", times(3, -1), acted(3, "")},
		{"at most", times(0, 2), not(acted(3, ""))},
		{"exactly", times(2, 2), all(acted(2, ""), not(acted(3, "")))},
		{"never", times(0, 0), not(acted(1, ""))},
		{"between", times(2, 5), all(acted(2, ""), not(acted(6, "")))},
	})
}

func TestEmailAndCommerceActivities(t *testing.T) {
	compare := func(op plan.CompareOp, bounds ...int64) plan.Compare {
		c := plan.Compare{Op: op, A: decimals(bounds...)[0]}
		if len(bounds) > 1 {
			c.B = decimals(bounds...)[1]
		}
		return c
	}
	spent := func(c plan.Compare) plan.Node { return measuring(plan.Sum, "amount", c, acted(1, "purchase")) }
	amount := func(n int64) *muster.Decimal { return &decimals(n)[0] }
	wishes := plan.Latest{Add: []string{"product_added_to_wishlist"}, Remove: []string{"product_removed_from_wishlist"}, Key: "product"}
	someWish, manyWishes := wishes, wishes
	someWish.Keys, manyWishes.AtLeast = []string{"hat", "shoe"}, 3
	check(t, berlinNoon(), []example{
		{"sent", leaf("email-sent", catalog.Args{Times: once()}), acted(1, "email_sent")},
		{
			"opened", leaf("email-opened", catalog.Args{Emails: []string{"E1"}, Campaigns: []string{"c2", "c1"}, Times: once()}),
			acted(1, "email_open", having("email", is("e1")), having("campaign", is("c1", "c2"))),
		},
		{"bounced", leaf("email-bounced", catalog.Args{Times: once()}), acted(1, "email_bounce")},
		{"clicked", leaf("email-clicked", catalog.Args{Campaigns: []string{"c"}, Times: once()}), acted(1, "email_click", having("campaign", is("c")))},
		{
			"clicked a url", leaf("email-clicked-url", catalog.Args{Op: catalog.Is, Text: []string{"u"}, Emails: []string{"e"}, Times: once()}),
			acted(1, "email_click", having("url", is("u")), having("email", is("e"))),
		},
		{"product", leaf("purchased-product", catalog.Args{Codes: []string{"Hat"}, Times: once()}), acted(1, "product_purchased", having("product", is("hat")))},
		{
			"quantity", leaf("products-purchased", catalog.Args{Op: catalog.Greater, Numbers: decimals(4)}),
			measuring(plan.Sum, "quantity", compare(plan.Greater, 4), acted(1, "product_purchased")),
		},
		{"spent at least", leaf("spent", catalog.Args{AtLeast: amount(100)}), spent(compare(plan.AtLeast, 100))},
		{"spent at most", leaf("spent", catalog.Args{AtMost: amount(100)}), not(spent(compare(plan.Greater, 100)))},
		{"spent between", leaf("spent", catalog.Args{AtLeast: amount(50), AtMost: amount(100)}), spent(compare(plan.Between, 50, 100))},
		{"spent nothing or little", leaf("spent", catalog.Args{AtLeast: amount(0), AtMost: amount(100)}), not(spent(compare(plan.NotBetween, 0, 100)))},
		{"orders", leaf("orders", catalog.Args{Times: catalog.Times{Min: 2, Max: -1}}), acted(2, "purchase")},
		{"on the wishlist", leaf("wishlist", catalog.Args{Codes: []string{"Shoe", "hat"}}), &someWish},
		{"many on the wishlist", leaf("wishlist", catalog.Args{Count: 3}), &manyWishes},
	})
}

func TestAnyActivity(t *testing.T) {
	hour := duration("1h")
	inHour := catalog.Window{Last: &hour}
	measure := func(m string, op catalog.Operator, missing *bool, bounds ...int64) catalog.Leaf {
		return leaf("activity-measure", catalog.Args{Types: []string{"click"}, Attribute: "n", Measure: m, Op: op, Numbers: decimals(bounds...), Missing: missing})
	}
	of := func(m plan.Measure, op plan.CompareOp, bound int64) plan.Node {
		return measuring(m, "n", plan.Compare{Op: op, A: decimals(bound)[0]}, acted(1, "click"))
	}
	clicks := catalog.Args{Types: []string{"click"}, Window: inHour}
	check(t, berlinNoon(), []example{
		{"count", leaf("activity-count", catalog.Args{Types: []string{"click"}, Times: catalog.Times{Min: 0, Max: 1}}), not(acted(2, "click"))},
		{"sum that nothing satisfies", measure("sum", catalog.AtMost, nil, 5), not(of(plan.Sum, plan.Greater, 5))},
		{"sum that nothing does not satisfy", measure("sum", catalog.AtMost, nil, -5), of(plan.Sum, plan.AtMost, -5)},
		{"sum not equal to something", measure("sum", catalog.NotEqual, nil, 5), not(of(plan.Sum, plan.Equal, 5))},
		{"sum not equal to nothing", measure("sum", catalog.NotEqual, nil, 0), of(plan.Sum, plan.NotEqual, 0)},
		{"distinct", measure("distinct", catalog.AtLeast, nil, 2), of(plan.Distinct, plan.AtLeast, 2)},
		{"few distinct", measure("distinct", catalog.Less, nil, 2), not(of(plan.Distinct, plan.AtLeast, 2))},
		{"average", measure("average", catalog.AtMost, nil, 5), of(plan.Average, plan.AtMost, 5)},
		{"average not equal", measure("average", catalog.NotEqual, nil, 5), not(of(plan.Average, plan.Equal, 5))},
		{"known average not equal", measure("average", catalog.NotEqual, no(), 5), of(plan.Average, plan.NotEqual, 5)},
		{"smallest", measure("smallest", catalog.Less, nil, 5), of(plan.Smallest, plan.Less, 5)},
		{"largest", measure("largest", catalog.Greater, nil, 5), of(plan.Largest, plan.Greater, 5)},
		{
			"first in a window", leaf("first-activity", clicks),
			all(during(noon-3599, noon+1, acted(1, "click")), not(during(muster.Beginning, noon-3599, acted(1, "click")))),
		},
		{
			"last in a window", leaf("last-activity", clicks),
			all(during(noon-3599, noon+1, acted(1, "click")), not(during(noon+1, muster.Forever, acted(1, "click")))),
		},
		{
			"sequence", leaf("sequence", catalog.Args{
				Steps: []catalog.Step{
					{Types: []string{"login"}, Within: &hour},
					{Types: []string{"purchase", "click"}, Within: &hour, Where: []catalog.Filter{{Attribute: "n", Op: catalog.Is, Text: []string{"A"}}}},
				},
				Window: inHour, Channels: []string{"web"},
			}),
			&plan.Sequence{
				Steps: []plan.Step{
					{Types: []string{"login"}, Channels: []string{"web"}},
					{Types: []string{"click", "purchase"}, Channels: []string{"web"}, Where: []plan.Filter{having("n", is("a"))}, Within: 3600},
				},
				From: noon - 3599, To: noon + 1,
			},
		},
		{"sample", leaf("sample", catalog.Args{Percent: 12_500_000, Salt: "s"}), &plan.Sample{Salt: "s", To: 125_000}},
	})
}

func TestWindows(t *testing.T) {
	window := func(w catalog.Window, from, to muster.Instant) example {
		return example{"window", leaf("performed-any", catalog.Args{Window: w, Times: once()}), during(from, to, acted(1, ""))}
	}
	period := func(name, from, to string) example {
		e := window(catalog.Window{Period: name}, berlin(from+" 00:00:00"), berlin(to+" 00:00:00"))
		e.name = name
		return e
	}
	day, instant, hour := onDate("2026-03-29"), boundAt(12345), duration("1h")
	check(t, berlinNoon(), []example{
		window(catalog.Window{}, muster.Beginning, muster.Forever),
		window(catalog.Window{Last: &hour}, noon-3599, noon+1),
		window(catalog.Window{OlderThan: &hour}, muster.Beginning, noon-3599),
		window(catalog.Window{From: &day}, berlin("2026-03-29 00:00:00"), muster.Forever),
		window(catalog.Window{To: &day}, muster.Beginning, berlin("2026-03-30 00:00:00")),
		window(catalog.Window{From: &instant, To: &day}, 12345, berlin("2026-03-30 00:00:00")),
		window(catalog.Window{To: &instant}, muster.Beginning, 12345),
		period("today", "2026-05-01", "2026-05-02"),
		period("yesterday", "2026-04-30", "2026-05-01"),
		period("this_week", "2026-04-27", "2026-05-04"),
		period("last_week", "2026-04-20", "2026-04-27"),
		period("this_month", "2026-05-01", "2026-06-01"),
		period("last_month", "2026-04-01", "2026-05-01"),
		period("this_quarter", "2026-04-01", "2026-07-01"),
		period("last_quarter", "2026-01-01", "2026-04-01"),
		period("this_year", "2026-01-01", "2027-01-01"),
		period("last_year", "2025-01-01", "2026-01-01"),
	})
}

func TestDateAndTimeAreAboutTheLocalClock(t *testing.T) {
	everyone, nobody := plan.Node(plan.Everyone{}), plan.Node(plan.Nobody{})
	clock := func(from, to int) catalog.Leaf { return leaf("time-of-day", catalog.Args{Minutes: [2]int{from, to}}) }
	check(t, berlinNoon(), []example{
		{"Friday", leaf("weekday", catalog.Args{Weekdays: []int{5}}), everyone},
		{"not Thursday", catalog.Leaf{Type: "weekday", Not: true, Args: catalog.Args{Weekdays: []int{4}}}, not(nobody)},
		{"May", leaf("month", catalog.Args{Months: []int{1, 5}}), everyone},
		{"April", leaf("month", catalog.Args{Months: []int{4}}), nobody},
		{"from noon", clock(720, 721), everyone},
		{"until noon", clock(700, 720), nobody},
		{"past midnight, late", clock(720, 60), everyone},
		{"past midnight, between", clock(721, 720), nobody},
	})
	// At 23:30 UTC on that day it is Saturday in Berlin already.
	late := berlinNoon()
	late.Now = local("2026-05-01 23:30:00", time.UTC)
	check(t, late, []example{
		{"Saturday", leaf("weekday", catalog.Args{Weekdays: []int{6}}), everyone},
		{"past midnight, early", clock(720, 120), everyone},
	})
}

func TestAConditionKeepsItsTree(t *testing.T) {
	identified := &catalog.Leaf{Type: "identified"}
	sometimes := &catalog.Leaf{Type: "weekday", Not: true, Args: catalog.Args{Weekdays: []int{1}}}
	inner := &catalog.Group{Match: muster.MatchAny, Not: true, Nodes: []catalog.Node{identified, sometimes}}
	c := &catalog.Condition{Match: muster.MatchAll, Groups: []*catalog.Group{{Match: muster.MatchAll, Nodes: []catalog.Node{inner, identified}}}}
	want := all(all(not(either(plan.Identified{}, not(plan.Nobody{}))), plan.Identified{}))
	if diff := cmp.Diff(want, lower.Lower(c, berlinNoon())); diff != "" {
		t.Errorf("the condition lowers differently (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(plan.Node(plan.Nobody{}), lower.Lower(&catalog.Condition{Match: muster.MatchAll}, berlinNoon())); diff != "" {
		t.Errorf("the empty condition lowers differently (-want +got):\n%s", diff)
	}
}

func TestEveryTypeOfTheCatalogueHasAMeaning(t *testing.T) {
	types := catalog.New().Types()
	if len(types) == 0 {
		t.Fatal("the catalogue has no types, want those of the language")
	}
	drawn := drawnTypes()
	for _, conditionType := range types {
		if !slices.Contains(drawn, conditionType) {
			t.Errorf("the random conditions never draw %s, so nothing compares its lowering with the oracle", conditionType)
		}
	}
}
