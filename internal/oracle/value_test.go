package oracle_test

import (
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
)

func field(code string, op catalog.Operator, operand catalog.Args) catalog.Leaf {
	operand.Field, operand.Op = code, op
	return leaf("field", operand)
}

func texts(list ...string) catalog.Args          { return catalog.Args{Text: list} }
func numbersOf(list ...string) catalog.Args      { return catalog.Args{Numbers: decimals(list...)} }
func datesOf(list ...string) catalog.Args        { return catalog.Args{Dates: bounds(list...)} }
func lengthOf(s string) catalog.Args             { return catalog.Args{Length: duration(s)} }
func withoutMissing(a catalog.Args) catalog.Args { a.Missing = &exclude; return a }

func TestTextOperators(t *testing.T) {
	company := func(s string) oracle.Person { return person(map[string]muster.Value{"company": text(s)}) }
	nobody := oracle.Person{}
	check(t, []sentence{
		{name: "is", leaf: field("company", catalog.Is, texts("Acme")), person: company("Acme"), want: true},
		{name: "is compares folded", leaf: field("company", catalog.Is, texts("STRASSE")), person: company("straße"), want: true},
		{name: "is compares after NFC", leaf: field("company", catalog.Is, texts("cafe\u0301")), person: company("CAFÉ"), want: true},
		{name: "is compares composed forms", leaf: field("company", catalog.Is, texts("\u0390")), person: company("\u03aa\u0301"), want: true},
		{name: "is trims outer white space", leaf: field("company", catalog.Is, texts(" acme\u00a0")), person: company("acme"), want: true},
		{name: "is keeps inner white space", leaf: field("company", catalog.Is, texts("ac me")), person: company("acme")},
		{name: "is without a value", leaf: field("company", catalog.Is, texts("acme")), person: nobody},
		{name: "is_not", leaf: field("company", catalog.IsNot, texts("acme")), person: company("Other"), want: true},
		{name: "is_not of the same", leaf: field("company", catalog.IsNot, texts("acme")), person: company("ACME")},
		{name: "is_not without a value", leaf: field("company", catalog.IsNot, texts("acme")), person: nobody, want: true},
		{name: "is_not, missing false", leaf: field("company", catalog.IsNot, withoutMissing(texts("acme"))), person: nobody},
		{name: "not is_not, missing false is the plain complement", leaf: not(field("company", catalog.IsNot, withoutMissing(texts("acme")))), person: nobody, want: true},
		{name: "empty text is missing", leaf: field("company", catalog.IsNot, withoutMissing(texts("acme"))), person: company("  ")},
		{name: "contains", leaf: field("company", catalog.Contains, texts("CM")), person: company("Acme"), want: true},
		{name: "contains compares composed forms", leaf: field("company", catalog.Contains, texts("\u0390")), person: company("x\u03aa\u0301x"), want: true},
		{name: "not_contains", leaf: field("company", catalog.NotContains, texts("cm")), person: company("Acme")},
		{name: "not_contains without a value", leaf: field("company", catalog.NotContains, texts("cm")), person: nobody, want: true},
		{name: "starts_with", leaf: field("company", catalog.StartsWith, texts("ac")), person: company("Acme"), want: true},
		{name: "not_starts_with", leaf: field("company", catalog.NotStartsWith, texts("me")), person: company("Acme"), want: true},
		{name: "ends_with", leaf: field("company", catalog.EndsWith, texts("ME")), person: company("Acme"), want: true},
		{name: "not_ends_with", leaf: field("company", catalog.NotEndsWith, texts("me")), person: company("Acme")},
		{name: "one_of", leaf: field("company", catalog.OneOf, texts("x", "ACME")), person: company("acme"), want: true},
		{name: "one_of without a value", leaf: field("company", catalog.OneOf, texts("x")), person: nobody},
		{name: "none_of", leaf: field("company", catalog.NoneOf, texts("x", "ACME")), person: company("acme")},
		{name: "none_of without a value", leaf: field("company", catalog.NoneOf, texts("x")), person: nobody, want: true},
		{name: "matches, any run", leaf: field("company", catalog.Matches, texts("a*e")), person: company("Acme"), want: true},
		{name: "matches, an empty run", leaf: field("company", catalog.Matches, texts("acme*")), person: company("Acme"), want: true},
		{name: "matches, one character", leaf: field("company", catalog.Matches, texts("?cm?")), person: company("Ücmé"), want: true},
		{name: "matches needs the whole value", leaf: field("company", catalog.Matches, texts("cm")), person: company("Acme")},
		{name: "matches, runs go back", leaf: field("company", catalog.Matches, texts("*ab*abc")), person: company("xabyabababc"), want: true},
		{name: "not_matches", leaf: field("company", catalog.NotMatches, texts("?")), person: company("ab"), want: true},
		{name: "not_matches without a value, missing false", leaf: field("company", catalog.NotMatches, withoutMissing(texts("?"))), person: nobody},
		{name: "field email reads the identifier", leaf: field("email", catalog.EndsWith, texts("@example.com")), person: oracle.Person{Email: "Ann@Example.com"}, want: true},
		{name: "without an email, email is missing", leaf: field("email", catalog.IsNot, withoutMissing(texts("x"))), person: nobody},
	})
}

func TestNumberOperators(t *testing.T) {
	score := func(s string) oracle.Person { return person(map[string]muster.Value{"score": number(s)}) }
	nobody := oracle.Person{}
	check(t, []sentence{
		{name: "equal", leaf: field("score", catalog.Equal, numbersOf("0.1")), person: score("0.100000"), want: true},
		{name: "equal differs in a millionth", leaf: field("score", catalog.Equal, numbersOf("0.1")), person: score("0.100001")},
		{name: "not_equal", leaf: field("score", catalog.NotEqual, numbersOf("1")), person: score("2"), want: true},
		{name: "not_equal without a value", leaf: field("score", catalog.NotEqual, numbersOf("1")), person: nobody, want: true},
		{name: "not_equal, missing false", leaf: field("score", catalog.NotEqual, withoutMissing(numbersOf("1"))), person: nobody},
		{name: "greater", leaf: field("score", catalog.Greater, numbersOf("1")), person: score("1")},
		{name: "at_least", leaf: field("score", catalog.AtLeast, numbersOf("1")), person: score("1"), want: true},
		{name: "less", leaf: field("score", catalog.Less, numbersOf("-1")), person: score("-1.5"), want: true},
		{name: "at_most", leaf: field("score", catalog.AtMost, numbersOf("1")), person: score("1.000001")},
		{name: "less without a value", leaf: field("score", catalog.Less, numbersOf("1")), person: nobody},
		{name: "between includes its lower end", leaf: field("score", catalog.Between, numbersOf("1", "2")), person: score("1"), want: true},
		{name: "between includes its upper end", leaf: field("score", catalog.Between, numbersOf("1", "2")), person: score("2"), want: true},
		{name: "between excludes what is above", leaf: field("score", catalog.Between, numbersOf("1", "2")), person: score("2.000001")},
		{name: "not_between", leaf: field("score", catalog.NotBetween, numbersOf("1", "2")), person: score("2.000001"), want: true},
		{name: "not_between without a value", leaf: field("score", catalog.NotBetween, numbersOf("1", "2")), person: nobody, want: true},
	})
}

func TestATextCountsAsANumberOnlyInOneForm(t *testing.T) {
	atLeastZero := func(v string) sentence {
		l := leaf("performed-with-value", catalog.Args{Types: []string{"quiz"}, Op: catalog.NotEqual, Numbers: decimals("0"), Missing: &exclude, Times: once})
		return sentence{name: v, leaf: l, person: did(act("quiz", "2026-03-01T00:00:00Z", "value="+v))}
	}
	var cases []sentence
	for _, v := range []string{"1", "+1", "-1", " 1.5 ", "1.000001", "9199999999999.999999", "01", "#1.5"} {
		c := atLeastZero(v)
		c.want = true
		cases = append(cases, c)
	}
	for _, v := range []string{"", "x", "1.", ".5", "1,5", "1e3", "1.0000000", "9200000000000", "-9200000000000", "٣", "+ 1", "!true"} {
		cases = append(cases, atLeastZero(v))
	}
	check(t, cases)
}

func TestBooleanAndChoiceOperators(t *testing.T) {
	enabled := func(b bool) oracle.Person { return person(map[string]muster.Value{"member_enabled": boolean(b)}) }
	roles := person(map[string]muster.Value{"roles": choices("admin", "Buyer")})
	none := catalog.Args{}
	check(t, []sentence{
		{name: "is_true", leaf: field("member_enabled", catalog.IsTrue, none), person: enabled(true), want: true},
		{name: "is_true of false", leaf: field("member_enabled", catalog.IsTrue, none), person: enabled(false)},
		{name: "is_false", leaf: field("member_enabled", catalog.IsFalse, none), person: enabled(false), want: true},
		{name: "is_false without a value", leaf: field("member_enabled", catalog.IsFalse, none)},
		{name: "any_of", leaf: field("roles", catalog.AnyOf, texts("buyer", "x")), person: roles, want: true},
		{name: "any_of of others", leaf: field("roles", catalog.AnyOf, texts("x")), person: roles},
		{name: "all_of", leaf: field("roles", catalog.AllOf, texts("ADMIN", "buyer")), person: roles, want: true},
		{name: "all_of with one lacking", leaf: field("roles", catalog.AllOf, texts("admin", "x")), person: roles},
		{name: "all_of without a value", leaf: field("roles", catalog.AllOf, texts("admin"))},
		{name: "none_of", leaf: field("roles", catalog.NoneOf, texts("x", "y")), person: roles, want: true},
		{name: "none_of with one present", leaf: field("roles", catalog.NoneOf, texts("x", "BUYER")), person: roles},
		{name: "none_of without a value", leaf: field("roles", catalog.NoneOf, texts("x")), want: true},
		{name: "none_of, missing false", leaf: field("roles", catalog.NoneOf, withoutMissing(texts("x")))},
		{name: "identified as a field", leaf: field("identified", catalog.IsFalse, none), want: true},
	})
}

func TestDateOperatorsCountInDays(t *testing.T) {
	since := func(s string) oracle.Person { return person(map[string]muster.Value{"since": day(s)}) }
	f := func(op catalog.Operator, a catalog.Args) catalog.Leaf { return field("since", op, a) }
	check(t, []sentence{
		{name: "on", leaf: f(catalog.On, datesOf("2026-03-18")), person: since("2026-03-18"), want: true},
		{name: "on another day", leaf: f(catalog.On, datesOf("2026-03-18")), person: since("2026-03-17")},
		{name: "before", leaf: f(catalog.Before, datesOf("2026-03-18")), person: since("2026-03-17"), want: true},
		{name: "before itself", leaf: f(catalog.Before, datesOf("2026-03-18")), person: since("2026-03-18")},
		{name: "after", leaf: f(catalog.After, datesOf("2026-03-18")), person: since("2026-03-19"), want: true},
		{name: "after itself", leaf: f(catalog.After, datesOf("2026-03-18")), person: since("2026-03-18")},
		{name: "between includes the first day", leaf: f(catalog.Between, datesOf("2026-03-18", "2026-03-20")), person: since("2026-03-18"), want: true},
		{name: "between includes the last day", leaf: f(catalog.Between, datesOf("2026-03-18", "2026-03-20")), person: since("2026-03-20"), want: true},
		{name: "between excludes the day after", leaf: f(catalog.Between, datesOf("2026-03-18", "2026-03-20")), person: since("2026-03-21")},
		{name: "in_last includes today", leaf: f(catalog.InLast, lengthOf("7d")), person: since("2026-03-18"), want: true},
		{name: "in_last excludes its bound", leaf: f(catalog.InLast, lengthOf("7d")), person: since("2026-03-11")},
		{name: "in_last begins after its bound", leaf: f(catalog.InLast, lengthOf("1w")), person: since("2026-03-12"), want: true},
		{name: "in_last excludes tomorrow", leaf: f(catalog.InLast, lengthOf("7d")), person: since("2026-03-19")},
		{name: "more_than_ago includes its bound", leaf: f(catalog.MoreThanAgo, lengthOf("7d")), person: since("2026-03-11"), want: true},
		{name: "more_than_ago excludes later", leaf: f(catalog.MoreThanAgo, lengthOf("7d")), person: since("2026-03-12")},
		{name: "in_next excludes today", leaf: f(catalog.InNext, lengthOf("7d")), person: since("2026-03-18")},
		{name: "in_next includes its bound", leaf: f(catalog.InNext, lengthOf("7d")), person: since("2026-03-25"), want: true},
		{name: "in_next excludes later", leaf: f(catalog.InNext, lengthOf("7d")), person: since("2026-03-26")},
		{name: "more_than_ahead excludes its bound", leaf: f(catalog.MoreThanAhead, lengthOf("7d")), person: since("2026-03-25")},
		{name: "more_than_ahead", leaf: f(catalog.MoreThanAhead, lengthOf("7d")), person: since("2026-03-26"), want: true},
		{name: "months step the date", leaf: f(catalog.MoreThanAgo, lengthOf("1mo")), person: since("2026-02-28"), now: "2026-03-31T12:00:00Z", want: true},
		{name: "a missing day becomes the month's last", leaf: f(catalog.MoreThanAgo, lengthOf("1mo")), person: since("2026-03-01"), now: "2026-03-31T12:00:00Z"},
		{name: "a year from 29 February", leaf: f(catalog.InNext, lengthOf("1y")), person: since("2029-02-28"), now: "2028-02-29T12:00:00Z", want: true},
		{name: "today is the local day", leaf: f(catalog.InLast, lengthOf("1d")), person: since("2026-03-19"), now: "2026-03-18T23:30:00Z", zone: "Europe/Vienna", want: true},
		{name: "anniversary today", leaf: f(catalog.AnniversaryInNext, catalog.Args{Days: 1}), person: since("2001-03-18"), want: true},
		{name: "anniversary on the last day", leaf: f(catalog.AnniversaryInNext, catalog.Args{Days: 3}), person: since("2001-03-20"), want: true},
		{name: "anniversary after the last day", leaf: f(catalog.AnniversaryInNext, catalog.Args{Days: 3}), person: since("2001-03-21")},
		{name: "anniversary over the year's end", leaf: f(catalog.AnniversaryInNext, catalog.Args{Days: 5}), person: since("2001-01-02"), now: "2026-12-30T00:00:00Z", want: true},
		{name: "comparisons without a value", leaf: f(catalog.Before, datesOf("2026-03-18"))},
	})
}

func TestDatetimeOperatorsCompareInstants(t *testing.T) {
	seen := func(s string) oracle.Person { return person(map[string]muster.Value{"seen": instant(s)}) }
	f := func(op catalog.Operator, a catalog.Args) catalog.Leaf { return field("seen", op, a) }
	const vienna = "Europe/Vienna" // one hour ahead of UTC in winter
	check(t, []sentence{
		{name: "on begins with the local day", leaf: f(catalog.On, datesOf("2026-03-18")), person: seen("2026-03-17T23:00:00Z"), zone: vienna, want: true},
		{name: "on ends with the local day", leaf: f(catalog.On, datesOf("2026-03-18")), person: seen("2026-03-18T23:00:00Z"), zone: vienna},
		{name: "before is before the day's start", leaf: f(catalog.Before, datesOf("2026-03-18")), person: seen("2026-03-17T22:59:59Z"), zone: vienna, want: true},
		{name: "before excludes the start", leaf: f(catalog.Before, datesOf("2026-03-18")), person: seen("2026-03-17T23:00:00Z"), zone: vienna},
		{name: "after is from the next day's start", leaf: f(catalog.After, datesOf("2026-03-18")), person: seen("2026-03-18T23:00:00Z"), zone: vienna, want: true},
		{name: "after excludes the day", leaf: f(catalog.After, datesOf("2026-03-18")), person: seen("2026-03-18T22:59:59Z"), zone: vienna},
		{name: "between includes both days", leaf: f(catalog.Between, datesOf("2026-03-18", "2026-03-19")), person: seen("2026-03-19T22:59:59Z"), zone: vienna, want: true},
		{name: "between ends with the last day", leaf: f(catalog.Between, datesOf("2026-03-18", "2026-03-19")), person: seen("2026-03-19T23:00:00Z"), zone: vienna},
		{name: "before an instant", leaf: f(catalog.Before, datesOf("2026-03-18T10:00:00Z")), person: seen("2026-03-18T10:00:00Z")},
		{name: "after an instant", leaf: f(catalog.After, datesOf("2026-03-18T10:00:00Z")), person: seen("2026-03-18T10:00:01Z"), want: true},
		{name: "in_last includes now", leaf: f(catalog.InLast, lengthOf("90s")), person: seen(now), want: true},
		{name: "in_last excludes its bound", leaf: f(catalog.InLast, lengthOf("90s")), person: seen("2026-03-18T11:58:30Z")},
		{name: "in_last begins a second later", leaf: f(catalog.InLast, lengthOf("90s")), person: seen("2026-03-18T11:58:31Z"), want: true},
		{name: "more_than_ago includes its bound", leaf: f(catalog.MoreThanAgo, lengthOf("12h")), person: seen("2026-03-18T00:00:00Z"), want: true},
		{name: "in_next excludes now", leaf: f(catalog.InNext, lengthOf("45m")), person: seen(now)},
		{name: "in_next includes its bound", leaf: f(catalog.InNext, lengthOf("45m")), person: seen("2026-03-18T12:45:00Z"), want: true},
		{name: "more_than_ahead", leaf: f(catalog.MoreThanAhead, lengthOf("45m")), person: seen("2026-03-18T12:45:01Z"), want: true},
		{name: "anniversary by the local day", leaf: f(catalog.AnniversaryInNext, catalog.Args{Days: 1}), person: seen("2001-03-17T23:30:00Z"), zone: vienna, want: true},
		{name: "created reads the contact's beginning", leaf: leaf("created", catalog.Args{Op: catalog.InLast, Length: duration("1d")}), person: oracle.Person{CreatedAt: at("2026-03-18T11:00:00Z")}, want: true},
		{name: "last_activity_at is the latest activity", leaf: field("last_activity_at", catalog.On, datesOf("2026-03-02")),
			person: did(act("click", "2026-03-02T10:00:00Z"), act("click", "2026-03-01T10:00:00Z")), want: true},
		{name: "last_activity_at without activities", leaf: field("last_activity_at", catalog.Before, datesOf("2026-03-02"))},
		{name: "field-empty of last_activity_at", leaf: leaf("field-empty", catalog.Args{Field: "last_activity_at"}), want: true},
		{name: "field-empty of email", leaf: leaf("field-empty", catalog.Args{Field: "email"}), person: oracle.Person{Email: "a@b.c"}},
		{name: "field-empty of an empty text", leaf: leaf("field-empty", catalog.Args{Field: "city"}), person: person(map[string]muster.Value{"city": text("")}), want: true},
		{name: "field-empty of zero", leaf: leaf("field-empty", catalog.Args{Field: "score"}), person: person(map[string]muster.Value{"score": number("0")})},
		{name: "field-empty of false", leaf: leaf("field-empty", catalog.Args{Field: "member_enabled"}), person: person(map[string]muster.Value{"member_enabled": boolean(false)})},
	})
}
