package oracle_test

import (
	"fmt"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
)

const (
	monday  = "2026-03-16T10:00:00Z"
	tuesday = "2026-03-17T10:00:00Z"
)

func TestWebActivity(t *testing.T) {
	page := func(pages ...string) catalog.Leaf {
		return leaf("visited-page", catalog.Args{Codes: pages, Times: once})
	}
	url := func(op catalog.Operator, value string) catalog.Leaf {
		return leaf("visited-url", catalog.Args{Op: op, Text: []string{value}, Times: once})
	}
	urlKnown := url(catalog.NotContains, "cart")
	urlKnown.Args.Missing = &exclude
	came := func(parameter, value string) catalog.Leaf {
		return leaf("came-from", catalog.Args{Parameter: parameter, Op: catalog.Is, Text: []string{value}, Times: once})
	}
	searched := func(mode muster.Match, keywords ...string) catalog.Leaf {
		return leaf("searched", catalog.Args{Mode: mode, Keywords: keywords, Times: once})
	}
	performed := func(mode muster.Match, times catalog.Times, types ...string) catalog.Leaf {
		return leaf("performed", catalog.Args{Mode: mode, Types: types, Times: times})
	}
	check(t, []sentence{
		{name: "visited-page", leaf: page("/a", "/Pricing"), person: did(act("page_visit", monday, "page=/pricing")), want: true},
		{name: "a landing is no visit", leaf: page("/pricing"), person: did(act("landing_page", monday, "page=/pricing"))},
		{name: "visited-url", leaf: url(catalog.Contains, "shop"), person: did(act("page_visit", monday, "url=https://SHOP.example")), want: true},
		{name: "one visit without it is enough for a negative operator", leaf: url(catalog.NotContains, "cart"),
			person: did(act("page_visit", monday, "url=/cart"), act("page_visit", monday, "url=/home")), want: true},
		{name: "all visits with it", leaf: url(catalog.NotContains, "cart"), person: did(act("page_visit", monday, "url=/cart"))},
		{name: "no visit at all", leaf: url(catalog.NotContains, "cart")},
		{name: "not: no such visit exists", leaf: not(url(catalog.NotContains, "cart")), person: did(act("page_visit", monday, "url=/cart")), want: true},
		{name: "a visit without a URL matches a negative operator", leaf: url(catalog.NotContains, "cart"), person: did(act("page_visit", monday)), want: true},
		{name: "missing false excludes it", leaf: urlKnown, person: did(act("page_visit", monday))},
		{name: "visited-channel", leaf: leaf("visited-channel", catalog.Args{Channels: []string{"web", "shop"}, Times: once}), person: did(act("page_visit", monday, "channel=shop")), want: true},
		{name: "visited another channel", leaf: leaf("visited-channel", catalog.Args{Channels: []string{"web"}, Times: once}), person: did(act("page_visit", monday))},
		{name: "landed-on-page", leaf: leaf("landed-on-page", catalog.Args{Codes: []string{"/x"}, Times: once}), person: did(act("landing_page", monday, "page=/x")), want: true},
		{name: "landed-on-url", leaf: leaf("landed-on-url", catalog.Args{Op: catalog.StartsWith, Text: []string{"http"}, Times: once}), person: did(act("landing_page", monday, "url=https://x")), want: true},
		{name: "came-from by a visit", leaf: came("utm_source", "News"), person: did(act("page_visit", monday, "utm_source=news")), want: true},
		{name: "came-from by a landing", leaf: came("referrer", "x"), person: did(act("landing_page", monday, "referrer=x")), want: true},
		{name: "came-from another parameter", leaf: came("utm_medium", "news"), person: did(act("page_visit", monday, "utm_source=news"))},
		{name: "submitted-form", leaf: leaf("submitted-form", catalog.Args{Code: "contact", Times: once}), person: did(act("form_submit", monday, "form=Contact")), want: true},
		{name: "submitted-form-value", leaf: leaf("submitted-form-value", catalog.Args{Code: "contact", FormField: "size", Op: catalog.AtLeast, Numbers: decimals("50"), Times: once}),
			person: did(act("form_submit", monday, "form=contact", "field.size=120")), want: true},
		{name: "the value was in another form", leaf: leaf("submitted-form-value", catalog.Args{Code: "contact", FormField: "size", Op: catalog.AtLeast, Numbers: decimals("50"), Times: once}),
			person: did(act("form_submit", monday, "form=demo", "field.size=120"), act("form_submit", monday, "form=contact"))},
		{name: "entered-data compares the label", leaf: leaf("entered-data", catalog.Args{Op: catalog.Is, Text: []string{"Newsletter"}, Times: once}), person: did(act("data_input", monday, "value=newsletter")), want: true},
		{name: "performed any", leaf: performed(muster.MatchAny, once, "click", "login"), person: did(act("login", monday)), want: true},
		{name: "performed any counts totals", leaf: performed(muster.MatchAny, catalog.Times{Min: 2, Max: -1}, "click", "login"), person: did(act("login", monday), act("click", monday)), want: true},
		{name: "performed all", leaf: performed(muster.MatchAll, once, "click", "login"), person: did(act("login", monday))},
		{name: "performed all asks each type", leaf: performed(muster.MatchAll, catalog.Times{Min: 2, Max: -1}, "click", "login"),
			person: did(act("login", monday), act("click", monday), act("click", tuesday))},
		{name: "performed-any", leaf: leaf("performed-any", catalog.Args{Times: once}), person: did(act("whatever", monday)), want: true},
		{name: "performed-with-value", leaf: leaf("performed-with-value", catalog.Args{Types: []string{"quiz"}, Op: catalog.Between, Numbers: decimals("1", "2"), Times: once}), person: did(act("quiz", monday, "value=1.5")), want: true},
		{name: "performed-with-value, a text", leaf: leaf("performed-with-value", catalog.Args{Types: []string{"quiz"}, Op: catalog.Is, Text: []string{"1.5"}, Times: once}), person: did(act("quiz", monday, "value=#1.5")), want: true},
		{name: "logged-in", leaf: leaf("logged-in", catalog.Args{Times: once}), person: did(act("login", monday)), want: true},
		{name: "searched any", leaf: searched(muster.MatchAny, "red", "shoe"), person: did(act("search", monday, "keywords=Blue Shoes")), want: true},
		{name: "searched all in one search", leaf: searched(muster.MatchAll, "red", "shoe"), person: did(act("search", monday, "keywords=red shoes")), want: true},
		{name: "searched all in two searches", leaf: searched(muster.MatchAll, "red", "shoe"), person: did(act("search", monday, "keywords=red"), act("search", tuesday, "keywords=shoes"))},
	})
}

func TestInactive(t *testing.T) {
	inactive := leaf("inactive", catalog.Args{Length: duration("30d")})
	web := inactive
	web.Args.Channels = []string{"web"}
	created := func(when string, activities ...muster.Activity) oracle.Person {
		return oracle.Person{CreatedAt: at(when), Activities: activities}
	}
	check(t, []sentence{
		{name: "created that long ago, no activity", leaf: inactive, person: created("2026-02-16T12:00:00Z"), want: true},
		{name: "created a second later", leaf: inactive, person: created("2026-02-16T12:00:01Z")},
		{name: "an activity in it", leaf: inactive, person: created("2020-01-01T00:00:00Z", act("x", "2026-02-16T12:00:01Z"))},
		{name: "the last activity just before it", leaf: inactive, person: created("2020-01-01T00:00:00Z", act("x", "2026-02-16T12:00:00Z")), want: true},
		{name: "active elsewhere", leaf: web, person: created("2020-01-01T00:00:00Z", act("x", monday, "channel=app")), want: true},
		{name: "active there", leaf: web, person: created("2020-01-01T00:00:00Z", act("x", monday, "channel=web"))},
	})
}

func TestTimes(t *testing.T) {
	visits := func(n int) oracle.Person {
		var p oracle.Person
		for i := range n {
			p.Activities = append(p.Activities, act("page_visit", fmt.Sprintf("2026-03-01T00:00:%02dZ", i), "page=/a"))
		}
		return p
	}
	times := map[string]catalog.Times{
		"at_least 2": {Min: 2, Max: -1}, "at_most 2": {Min: 0, Max: 2}, "exactly 2": {Min: 2, Max: 2},
		"exactly 0": {Min: 0, Max: 0}, "between 2 and 3": {Min: 2, Max: 3}, "between 0 and 1": {Min: 0, Max: 1},
	}
	want := map[string][5]bool{ // for 0, 1, 2, 3 and 4 visits
		"at_least 2":      {false, false, true, true, true},
		"at_most 2":       {true, true, true, false, false},
		"exactly 2":       {false, false, true, false, false},
		"exactly 0":       {true, false, false, false, false},
		"between 2 and 3": {false, false, true, true, false},
		"between 0 and 1": {true, true, false, false, false},
	}
	for name, range_ := range times {
		for n, in := range want[name] {
			check(t, []sentence{{
				name: fmt.Sprintf("%s of %d", name, n), want: in, person: visits(n),
				leaf: leaf("visited-page", catalog.Args{Codes: []string{"/a"}, Times: range_}),
			}})
		}
	}
}

func TestWhereHoldsOnTheSameActivity(t *testing.T) {
	where := func(filters ...catalog.Filter) catalog.Leaf {
		return leaf("activity-count", catalog.Args{Types: []string{"webinar"}, Where: filters, Times: once})
	}
	topic := func(op catalog.Operator, value string) catalog.Filter {
		return catalog.Filter{Attribute: "topic", Type: muster.TextAttribute, Op: op, Text: []string{value}}
	}
	minutes := func(op catalog.Operator, value string) catalog.Filter {
		return catalog.Filter{Attribute: "minutes", Type: muster.NumberAttribute, Op: op, Numbers: decimals(value)}
	}
	live := func(op catalog.Operator) catalog.Filter {
		return catalog.Filter{Attribute: "live", Type: muster.BooleanAttribute, Op: op}
	}
	started := func(op catalog.Operator, dates ...string) catalog.Filter {
		return catalog.Filter{Attribute: "started", Type: muster.DatetimeAttribute, Op: op, Dates: bounds(dates...)}
	}
	topicKnown := topic(catalog.IsNot, "x")
	topicKnown.Missing = &exclude
	seen := func(attributes ...string) oracle.Person { return did(act("webinar", monday, attributes...)) }
	check(t, []sentence{
		{name: "both on one", leaf: where(topic(catalog.Is, "go"), minutes(catalog.AtLeast, "30")), person: seen("topic=Go", "minutes=#30"), want: true},
		{name: "one each on two", leaf: where(topic(catalog.Is, "go"), minutes(catalog.AtLeast, "30")),
			person: did(act("webinar", monday, "topic=go"), act("webinar", monday, "minutes=#30"))},
		{name: "a negative operator matches without the attribute", leaf: where(topic(catalog.IsNot, "x")), person: seen(), want: true},
		{name: "missing false excludes it", leaf: where(topicKnown), person: seen()},
		{name: "white space is missing", leaf: where(topicKnown), person: seen("topic=  ")},
		{name: "a number as text is its shortest form", leaf: where(topic(catalog.Is, "1.5")), person: seen("topic=#1.5"), want: true},
		{name: "a boolean as text", leaf: where(topic(catalog.Is, "true")), person: seen("topic=!true"), want: true},
		{name: "a text as number", leaf: where(minutes(catalog.Equal, "30")), person: seen("minutes= 30 "), want: true},
		{name: "no number is missing", leaf: where(minutes(catalog.NotEqual, "30")), person: seen("minutes=many"), want: true},
		{name: "a boolean is no number", leaf: where(minutes(catalog.AtLeast, "0")), person: seen("minutes=!true")},
		{name: "a boolean", leaf: where(live(catalog.IsFalse)), person: seen("live=!false"), want: true},
		{name: "a word as boolean", leaf: where(live(catalog.IsTrue)), person: seen("live=true"), want: true},
		{name: "another word", leaf: where(live(catalog.IsFalse)), person: seen("live=no")},
		{name: "a number is no boolean", leaf: where(live(catalog.IsTrue)), person: seen("live=#1")},
		{name: "a datetime", leaf: where(started(catalog.On, "2026-03-16")), person: seen("started=2026-03-16T23:59:59.9Z"), want: true},
		{name: "a date is midnight UTC", leaf: where(started(catalog.Before, "2026-03-16T00:00:01Z")), person: seen("started=2026-03-16"), want: true},
		{name: "a datetime with an offset", leaf: where(started(catalog.On, "2026-03-16")), person: seen("started=2026-03-17T01:00:00+02:00"), want: true},
		{name: "no datetime", leaf: where(started(catalog.Before, "2027-01-01")), person: seen("started=soon")},
	})
}

func TestEmailActivity(t *testing.T) {
	args := func(emails, campaigns []string) catalog.Args {
		return catalog.Args{Emails: emails, Campaigns: campaigns, Times: once}
	}
	opened := did(act("email_open", monday, "email=Welcome", "campaign=spring"))
	clicked := did(act("email_click", monday, "email=welcome", "campaign=spring", "url=https://x/pricing"))
	clickedURL := args([]string{"welcome"}, nil)
	clickedURL.Op, clickedURL.Text = catalog.EndsWith, []string{"/pricing"}
	check(t, []sentence{
		{name: "any email", leaf: leaf("email-opened", args(nil, nil)), person: opened, want: true},
		{name: "this email", leaf: leaf("email-opened", args([]string{"x", "welcome"}, nil)), person: opened, want: true},
		{name: "this campaign", leaf: leaf("email-opened", args(nil, []string{"Spring"})), person: opened, want: true},
		{name: "this email in another campaign", leaf: leaf("email-opened", args([]string{"welcome"}, []string{"autumn"})), person: opened},
		{name: "sent is not opened", leaf: leaf("email-sent", args(nil, nil)), person: opened},
		{name: "sent", leaf: leaf("email-sent", args(nil, nil)), person: did(act("email_sent", monday)), want: true},
		{name: "bounced", leaf: leaf("email-bounced", args(nil, nil)), person: did(act("email_bounce", monday)), want: true},
		{name: "clicked", leaf: leaf("email-clicked", args([]string{"welcome"}, nil)), person: clicked, want: true},
		{name: "clicked a URL", leaf: leaf("email-clicked-url", clickedURL), person: clicked, want: true},
		{name: "clicked it in another email", leaf: leaf("email-clicked-url", clickedURL), person: did(act("email_click", monday, "url=https://x/pricing"))},
	})
}

func TestCommerce(t *testing.T) {
	bought := did(
		act("purchase", monday, "amount=#10.10"), act("purchase", tuesday, "amount=#20.20"), act("purchase", tuesday),
		act("product_purchased", monday, "product=Shoe", "quantity=#2"), act("product_purchased", tuesday, "product=hat", "quantity=#1"))
	amount := func(atLeast, atMost string) catalog.Args {
		var a catalog.Args
		if atLeast != "" {
			a.AtLeast = &decimals(atLeast)[0]
		}
		if atMost != "" {
			a.AtMost = &decimals(atMost)[0]
		}
		return a
	}
	wish := func(products ...string) catalog.Leaf { return leaf("wishlist", catalog.Args{Codes: products}) }
	wishes := func(n int) catalog.Leaf { return leaf("wishlist", catalog.Args{Count: n}) }
	added := func(product, when string) muster.Activity {
		return act("product_added_to_wishlist", when, "product="+product)
	}
	removed := func(product, when string) muster.Activity {
		return act("product_removed_from_wishlist", when, "product="+product)
	}
	check(t, []sentence{
		{name: "purchased-product", leaf: leaf("purchased-product", catalog.Args{Codes: []string{"shoe"}, Times: once}), person: bought, want: true},
		{name: "products-purchased sums quantities", leaf: leaf("products-purchased", catalog.Args{Op: catalog.Equal, Numbers: decimals("3")}), person: bought, want: true},
		{name: "no products is 0", leaf: leaf("products-purchased", catalog.Args{Op: catalog.Less, Numbers: decimals("1")}), want: true},
		{name: "spent at least", leaf: leaf("spent", amount("30.3", "")), person: bought, want: true},
		{name: "spent in the window only", leaf: func() catalog.Leaf { l := leaf("spent", amount("30.3", "")); l.Args.Window = last("1d"); return l }(), person: bought},
		{name: "spent at most", leaf: leaf("spent", amount("", "30.29")), person: bought},
		{name: "spent between", leaf: leaf("spent", amount("30.3", "30.3")), person: bought, want: true},
		{name: "no orders is 0", leaf: leaf("spent", amount("", "0")), want: true},
		{name: "orders", leaf: leaf("orders", catalog.Args{Times: catalog.Times{Min: 3, Max: 3}}), person: bought, want: true},
		{name: "on the wishlist", leaf: wish("HAT", "x"), person: did(added("hat", monday)), want: true},
		{name: "removed later", leaf: wish("hat"), person: did(removed("hat", tuesday), added("hat", monday))},
		{name: "added again", leaf: wish("hat"), person: did(added("hat", tuesday), removed("hat", monday), added("hat", "2026-03-01T00:00:00Z")), want: true},
		{name: "removed beats added at equal instants", leaf: wish("hat"), person: did(removed("hat", monday), added("hat", monday))},
		{name: "at least n", leaf: wishes(2), person: did(added("hat", monday), added("shoe", monday)), want: true},
		{name: "the same product twice is one", leaf: wishes(2), person: did(added("hat", monday), added("Hat", tuesday))},
		{name: "nothing on it", leaf: wishes(1)},
	})
}

func TestMeasures(t *testing.T) {
	measure := func(name string, op catalog.Operator, operands ...string) catalog.Leaf {
		return leaf("activity-measure", catalog.Args{Types: []string{"play"}, Attribute: "score", Measure: name, Op: op, Numbers: decimals(operands...)})
	}
	known := measure("average", catalog.NotEqual, "1")
	known.Args.Missing = &exclude
	plays := func(scores ...string) oracle.Person {
		var p oracle.Person
		for _, s := range scores {
			p.Activities = append(p.Activities, act("play", monday, "score="+s))
		}
		return p
	}
	check(t, []sentence{
		{name: "sum", leaf: measure("sum", catalog.Equal, "0.3"), person: plays("#0.1", "#0.2", "many"), want: true},
		{name: "sum beyond 64 bits", leaf: measure("sum", catalog.Greater, "9199999999999"), person: plays("#9199999999999", "#9199999999999", "#9199999999999"), want: true},
		{name: "no activity: sum 0", leaf: measure("sum", catalog.Equal, "0"), want: true},
		{name: "average is exact", leaf: measure("average", catalog.Equal, "0.333333"), person: plays("#0", "#0", "#1")},
		{name: "average above its rounding", leaf: measure("average", catalog.Greater, "0.333333"), person: plays("#0", "#0", "#1"), want: true},
		{name: "average passes over what is no number", leaf: measure("average", catalog.Equal, "2"), person: plays("#1", "#3", "x"), want: true},
		{name: "no activity: average missing", leaf: measure("average", catalog.AtMost, "5")},
		{name: "a negative operator matches it", leaf: measure("average", catalog.NotEqual, "1"), want: true},
		{name: "missing false excludes it", leaf: known},
		{name: "smallest", leaf: measure("smallest", catalog.Equal, "-1"), person: plays("#1", "-1"), want: true},
		{name: "largest", leaf: measure("largest", catalog.Equal, "1"), person: plays("#1", "-1"), want: true},
		{name: "no activity: largest missing", leaf: measure("largest", catalog.AtMost, "1")},
		{name: "distinct compares folded text", leaf: measure("distinct", catalog.Equal, "2"), person: plays("A", "a ", "b", " "), want: true},
		{name: "no activity: distinct 0", leaf: measure("distinct", catalog.Equal, "0"), want: true},
	})
}

func TestFirstAndLastActivity(t *testing.T) {
	edge := func(name string, a catalog.Args) catalog.Leaf { a.Types = []string{"login"}; return leaf(name, a) }
	from := bound("2026-03-17")
	since := catalog.Args{Window: catalog.Window{From: &from}}
	until := catalog.Args{Window: catalog.Window{To: &from}}
	twice := did(act("login", tuesday), act("click", "2026-03-01T00:00:00Z"), act("login", monday))
	check(t, []sentence{
		{name: "first in the window", leaf: edge("first-activity", until), person: twice, want: true},
		{name: "first before the window", leaf: edge("first-activity", since), person: twice},
		{name: "first before the window, arrived in order", leaf: edge("first-activity", since), person: did(act("login", monday), act("login", tuesday))},
		{name: "last in the window", leaf: edge("last-activity", since), person: twice, want: true},
		{name: "last after the window", leaf: edge("last-activity", catalog.Args{Window: catalog.Window{To: ptr(bound("2026-03-16"))}}), person: twice},
		{name: "no activity", leaf: edge("last-activity", catalog.Args{})},
	})
}

func ptr[T any](v T) *T { return &v }

func TestSequenceFindsAnyAssignment(t *testing.T) {
	step := func(within string, types ...string) catalog.Step {
		s := catalog.Step{Types: types}
		if within != "" {
			s.Within = ptr(duration(within))
		}
		return s
	}
	sequence := func(steps ...catalog.Step) catalog.Leaf { return leaf("sequence", catalog.Args{Steps: steps}) }
	inWindow := sequence(step("", "a"), step("", "b"))
	inWindow.Args.Window = last("1d")
	const t0, t1, t2, t3 = "2026-03-18T01:00:00Z", "2026-03-18T02:00:00Z", "2026-03-18T03:00:00Z", "2026-03-18T04:00:00Z"
	check(t, []sentence{
		{name: "in order", leaf: sequence(step("", "a"), step("", "b")), person: did(act("b", t1), act("a", t0)), want: true},
		{name: "in the wrong order", leaf: sequence(step("", "a"), step("", "b")), person: did(act("b", t0), act("a", t1))},
		{name: "at the same instant", leaf: sequence(step("", "a"), step("", "b")), person: did(act("a", t0), act("b", t0)), want: true},
		{name: "different activities", leaf: sequence(step("", "a"), step("", "a")), person: did(act("a", t0))},
		{name: "two of a kind", leaf: sequence(step("", "a"), step("", "a")), person: did(act("a", t0), act("a", t0)), want: true},
		{name: "the gap is at most within_previous", leaf: sequence(step("", "a"), step("1h", "b")), person: did(act("a", t0), act("b", t1)), want: true},
		{name: "a second more", leaf: sequence(step("", "a"), step("3599s", "b")), person: did(act("a", t0), act("b", t1))},
		{name: "a later first step may reach further", leaf: sequence(step("", "a"), step("1h", "b")), person: did(act("a", t0), act("a", t2), act("b", t3)), want: true},
		{name: "the earliest middle step is not always right", leaf: sequence(step("", "a"), step("2h", "b"), step("1h", "c")), person: did(act("a", t0), act("b", t1), act("b", t2), act("c", t3)), want: true},
		{name: "no assignment", leaf: sequence(step("", "a"), step("1h", "b"), step("1h", "c")), person: did(act("a", t0), act("b", t2), act("c", t3))},
		{name: "all in the window", leaf: inWindow, person: did(act("a", "2026-03-17T12:00:00Z"), act("b", t0))},
		{name: "a step that any type fulfils must leave the needed one", leaf: sequence(step("", "a", "b"), step("", "a")), person: did(act("a", t0), act("b", t0)), want: true},
	})
}
