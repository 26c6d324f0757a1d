package oracle_test

import (
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
)

func TestAgeIsCompletedYearsToday(t *testing.T) {
	born := func(s string) oracle.Person { return person(map[string]muster.Value{"birthday": day(s)}) }
	age := func(op catalog.Operator, years ...string) catalog.Leaf {
		return leaf("age", catalog.Args{Op: op, Numbers: decimals(years...)})
	}
	ageWith := func(op catalog.Operator, years string) catalog.Leaf {
		return leaf("age", catalog.Args{Op: op, Numbers: decimals(years), Missing: &exclude})
	}
	check(t, []sentence{
		{name: "on the birthday", leaf: age(catalog.Equal, "30"), person: born("1996-03-18"), want: true},
		{name: "the day before", leaf: age(catalog.Equal, "29"), person: born("1996-03-19"), want: true},
		{name: "29 February completes on 28 February in common years", leaf: age(catalog.Equal, "26"), person: born("2000-02-29"), now: "2026-02-28T00:00:00Z", want: true},
		{name: "not on 27 February", leaf: age(catalog.Equal, "25"), person: born("2000-02-29"), now: "2026-02-27T23:59:59Z", want: true},
		{name: "29 February completes on itself in leap years", leaf: age(catalog.Equal, "27"), person: born("2000-02-29"), now: "2028-02-28T12:00:00Z", want: true},
		{name: "and on the 29th", leaf: age(catalog.Equal, "28"), person: born("2000-02-29"), now: "2028-02-29T00:00:00Z", want: true},
		{name: "1900 was a common year", leaf: age(catalog.Equal, "4"), person: born("1896-02-29"), now: "1900-02-28T12:00:00Z", want: true},
		{name: "today is local", leaf: age(catalog.Equal, "30"), person: born("1996-03-18"), now: "2026-03-17T23:00:00Z", zone: "Europe/Vienna", want: true},
		{name: "unknown birthday is missing", leaf: age(catalog.AtLeast, "0")},
		{name: "not_equal includes unknown", leaf: age(catalog.NotEqual, "5"), want: true},
		{name: "missing false restricts not_equal", leaf: ageWith(catalog.NotEqual, "5")},
		{name: "not includes unknown", leaf: not(age(catalog.AtLeast, "18")), want: true},
		{name: "missing false restricts after not", leaf: not(ageWith(catalog.AtLeast, "18"))},
		{name: "missing false keeps known ones after not", leaf: not(ageWith(catalog.AtLeast, "18")), person: born("2020-01-01"), want: true},
		{name: "born tomorrow is not yet 0", leaf: age(catalog.AtLeast, "0"), person: born("2026-03-19")},
		{name: "age-between includes from", leaf: leaf("age-between", catalog.Args{Numbers: decimals("30", "40")}), person: born("1996-03-18"), want: true},
		{name: "age-between includes to", leaf: leaf("age-between", catalog.Args{Numbers: decimals("20", "30")}), person: born("1995-03-19"), want: true},
		{name: "age-between excludes more", leaf: leaf("age-between", catalog.Args{Numbers: decimals("20", "30")}), person: born("1995-03-18")},
	})
}

func TestBirthday(t *testing.T) {
	born := func(s string) oracle.Person { return person(map[string]muster.Value{"birthday": day(s)}) }
	when := func(w string) catalog.Leaf { return leaf("birthday", catalog.Args{When: w}) }
	next := func(days int) catalog.Leaf { return leaf("birthday", catalog.Args{When: "in_next", Days: days}) }
	known := func(l catalog.Leaf) catalog.Leaf { l.Args.Missing = &exclude; return l }
	check(t, []sentence{
		{name: "yesterday", leaf: when("yesterday"), person: born("1980-03-17"), want: true},
		{name: "today", leaf: when("today"), person: born("1980-03-18"), want: true},
		{name: "today is not yesterday", leaf: when("today"), person: born("1980-03-17")},
		{name: "tomorrow", leaf: when("tomorrow"), person: born("1980-03-19"), want: true},
		{name: "tomorrow over the year's end", leaf: when("tomorrow"), person: born("1980-01-01"), now: "2026-12-31T00:00:00Z", want: true},
		{name: "in_next covers today", leaf: next(1), person: born("1980-03-18"), want: true},
		{name: "in_next covers today to today+n-1", leaf: next(7), person: born("1980-03-24"), want: true},
		{name: "in_next ends there", leaf: next(7), person: born("1980-03-25")},
		{name: "in_next a whole year", leaf: next(366), person: born("2000-02-29"), want: true},
		{name: "in_month", leaf: leaf("birthday", catalog.Args{When: "in_month", Month: 2}), person: born("2000-02-29"), want: true},
		{name: "29 February is celebrated on 28 February in common years", leaf: when("today"), person: born("2000-02-29"), now: "2026-02-28T12:00:00Z", want: true},
		{name: "and not on 1 March", leaf: when("today"), person: born("2000-02-29"), now: "2026-03-01T12:00:00Z"},
		{name: "in leap years on itself", leaf: when("today"), person: born("2000-02-29"), now: "2028-02-28T12:00:00Z"},
		{name: "unknown", leaf: when("today")},
		{name: "not, unknown", leaf: not(when("today")), want: true},
		{name: "not, unknown, missing false", leaf: not(known(when("today")))},
	})
}

func TestGenderCountryStateCompareCodes(t *testing.T) {
	p := person(map[string]muster.Value{"gender": choices("female"), "country": choices("AT"), "state": choices("AT-9")})
	country := leaf("country", catalog.Args{Codes: []string{"DE", "at"}})
	known := country
	known.Args.Missing = &exclude
	check(t, []sentence{
		{name: "gender", leaf: leaf("gender", catalog.Args{Code: "Female"}), person: p, want: true},
		{name: "another gender", leaf: leaf("gender", catalog.Args{Code: "male"}), person: p},
		{name: "country", leaf: country, person: p, want: true},
		{name: "another country", leaf: leaf("country", catalog.Args{Codes: []string{"DE"}}), person: p},
		{name: "state", leaf: leaf("state", catalog.Args{Codes: []string{"AT-9"}}), person: p, want: true},
		{name: "unknown country", leaf: country},
		{name: "not, unknown country", leaf: not(country), want: true},
		{name: "not, unknown country, missing false", leaf: not(known)},
	})
}

func TestTheStandingDecisionDecides(t *testing.T) {
	decided := func(list ...muster.Decision) oracle.Person { return oracle.Person{Decisions: list} }
	d := func(kind muster.DecisionKind, code string, state muster.DecisionState, when string) muster.Decision {
		return muster.Decision{Kind: kind, Code: code, State: state, At: at(when)}
	}
	agreed := d(muster.OnConsent, "tracking", muster.Agreed, "2026-03-01T00:00:00Z")
	revokedLater := d(muster.OnConsent, "tracking", muster.Revoked, "2026-03-02T00:00:00Z")
	revokedThen := d(muster.OnConsent, "tracking", muster.Revoked, "2026-03-01T00:00:00Z")
	consent := func(state muster.DecisionState, w catalog.Window) catalog.Leaf {
		return leaf("consent", catalog.Args{Code: "tracking", State: state, Window: w})
	}
	list := func(state muster.DecisionState) catalog.Leaf {
		return leaf("recipient-list", catalog.Args{Code: "news", State: state})
	}
	receiving := d(muster.OnList, "news", muster.Receiving, "2026-03-01T00:00:00Z")
	bounced := d(muster.OnList, "news", muster.Bounced, "2026-03-01T00:00:00Z")
	unsubscribed := d(muster.OnList, "news", muster.Unsubscribed, "2026-03-01T00:00:00Z")
	optedOut := d(muster.OnAllMail, "", muster.Unsubscribed, "2026-03-01T00:00:00Z")
	optedIn := d(muster.OnAllMail, "", muster.Receiving, "2026-03-02T00:00:00Z")
	all := leaf("unsubscribed-from-all", catalog.Args{})
	check(t, []sentence{
		{name: "agreed", leaf: consent(muster.Agreed, catalog.Window{}), person: decided(agreed), want: true},
		{name: "undecided", leaf: consent(muster.Agreed, catalog.Window{})},
		{name: "undecided is not revoked", leaf: consent(muster.Revoked, catalog.Window{})},
		{name: "another consent", leaf: consent(muster.Agreed, catalog.Window{}), person: decided(d(muster.OnConsent, "other", muster.Agreed, "2026-03-01T00:00:00Z"))},
		{name: "the later decision stands, whatever the order", leaf: consent(muster.Revoked, catalog.Window{}), person: decided(revokedLater, agreed), want: true},
		{name: "the earlier one no longer", leaf: consent(muster.Agreed, catalog.Window{}), person: decided(agreed, revokedLater)},
		{name: "revoked beats agreed at equal instants", leaf: consent(muster.Revoked, catalog.Window{}), person: decided(revokedThen, agreed), want: true},
		{name: "within the window", leaf: consent(muster.Agreed, last("30d")), person: decided(agreed), want: true},
		{name: "before the window", leaf: consent(muster.Agreed, last("10d")), person: decided(agreed)},
		{name: "receiving", leaf: list(muster.Receiving), person: decided(receiving), want: true},
		{name: "bounced beats receiving", leaf: list(muster.Bounced), person: decided(bounced, receiving), want: true},
		{name: "unsubscribed beats bounced", leaf: list(muster.Unsubscribed), person: decided(unsubscribed, bounced, receiving), want: true},
		{name: "all mail", leaf: all, person: decided(optedOut), want: true},
		{name: "all mail, back again", leaf: all, person: decided(optedIn, optedOut)},
		{name: "a list is not all mail", leaf: all, person: decided(unsubscribed)},
		{name: "email_unsubscribe with a list", leaf: list(muster.Unsubscribed), person: did(act("email_unsubscribe", "2026-03-01T00:00:00Z", "list=news")), want: true},
		{name: "email_unsubscribe with a list is not from all", leaf: all, person: did(act("email_unsubscribe", "2026-03-01T00:00:00Z", "list=news"))},
		{name: "email_unsubscribe without a list", leaf: all, person: did(act("email_unsubscribe", "2026-03-01T00:00:00Z")), want: true},
		{name: "a hard bounce", leaf: list(muster.Bounced), person: did(act("email_bounce", "2026-03-01T00:00:00Z", "list=news", "hard=!true")), want: true},
		{name: "a soft bounce", leaf: list(muster.Bounced), person: did(act("email_bounce", "2026-03-01T00:00:00Z", "list=news"))},
		{name: "in-groups any", leaf: leaf("in-groups", catalog.Args{Mode: muster.MatchAny, Codes: []string{"a", "b"}}), person: oracle.Person{Groups: map[string]bool{"b": true}}, want: true},
		{name: "in-groups all", leaf: leaf("in-groups", catalog.Args{Mode: muster.MatchAll, Codes: []string{"a", "b"}}), person: oracle.Person{Groups: map[string]bool{"b": true}}},
		{name: "identified by email", leaf: leaf("identified", catalog.Args{}), person: oracle.Person{Email: "a@b.c"}, want: true},
		{name: "identified by external id", leaf: leaf("identified", catalog.Args{}), person: oracle.Person{ExternalID: "7"}, want: true},
		{name: "anonymous", leaf: not(leaf("identified", catalog.Args{})), want: true},
		{name: "registered", leaf: leaf("registered", catalog.Args{}), person: did(act("member_registration", "2026-03-01T00:00:00Z")), want: true},
		{name: "registered and disabled", leaf: leaf("registered", catalog.Args{}), person: oracle.Person{
			Activities: []muster.Activity{act("member_registration", "2026-03-01T00:00:00Z")},
			Fields:     map[string]muster.Value{"member_enabled": boolean(false)}}},
		{name: "enabled but never registered", leaf: leaf("registered", catalog.Args{}), person: person(map[string]muster.Value{"member_enabled": boolean(true)})},
	})
}
