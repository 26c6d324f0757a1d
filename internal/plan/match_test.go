package plan_test

import (
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

func text(s string) muster.Scalar   { return muster.Scalar{Kind: muster.KindText, Text: s} }
func number(s string) muster.Scalar { return muster.Scalar{Kind: muster.KindNumber, Text: s} }
func boolean(s string) muster.Scalar {
	return muster.Scalar{Kind: muster.KindBoolean, Text: s}
}

func is(values ...string) plan.Text { return plan.Text{Op: plan.TextIs, Values: values} }

func TestMatchScalarReadsValuesByThePredicate(t *testing.T) {
	atLeast3 := plan.Number{Compare: plan.Compare{Op: plan.AtLeast, A: 3 * muster.DecimalOne}}
	march := plan.InstantRange{From: at("2026-03-01T00:00:00Z"), To: at("2026-04-01T00:00:00Z")}
	berlin := zone("Europe/Berlin")
	for _, c := range []struct {
		name          string
		pred          plan.Predicate
		value         muster.Scalar
		matches, fits bool
	}{
		{"text folded", is("strasse"), text(" Straße "), true, true},
		{"empty text is missing", is(""), text("  "), false, false},
		{"missing", is("x"), muster.Scalar{}, false, false},
		{"number as text", is("3.5"), number("3.5"), true, true},
		{"boolean as text", is("true"), boolean("true"), true, true},
		{"contains one of", plan.Text{Op: plan.TextContains, Values: []string{"hat", "shoe"}}, text("red shoes"), true, true},
		{"text as number", atLeast3, text(" +3.0 "), true, true},
		{"text that is no number", atLeast3, text("three"), false, false},
		{"seven fraction digits", atLeast3, number("3.1234567"), false, false},
		{"boolean is no number", atLeast3, boolean("true"), false, false},
		{"number", atLeast3, number("2"), false, true},
		{"word as boolean", plan.Boolean{Is: true}, text("true"), true, true},
		{"other word as boolean", plan.Boolean{Is: true}, text("yes"), false, false},
		{"number is no boolean", plan.Boolean{Is: true}, number("1"), false, false},
		{"false", plan.Boolean{Is: false}, boolean("false"), true, true},
		{"instant", march, text("2026-04-01T01:00:00+02:00"), true, true},
		{"date as instant", march, text("2026-04-01"), false, true},
		{"no instant", march, text("March"), false, false},
		{"local month-day", plan.MonthDays{Ranges: [][2]int{{401, 401}}, Zone: berlin}, text("2020-03-31T23:00:00Z"), true, true},
		{"present", plan.Present{}, boolean("false"), true, true},
		{"absent", plan.Present{}, muster.Scalar{}, false, false},
	} {
		matches, fits := plan.MatchScalar(c.pred, c.value)
		if matches != c.matches || fits != c.fits {
			t.Errorf("%s: MatchScalar(%+v, %+v) = %v, %v, want %v, %v", c.name, c.pred, c.value, matches, fits, c.matches, c.fits)
		}
	}
}

func TestAFilterAppliesNotToValuesAndMissingToTheirAbsence(t *testing.T) {
	for _, c := range []struct {
		not, missing bool
		value        muster.Scalar
		want         bool
	}{
		{false, false, text("a"), true},
		{false, false, text("b"), false},
		{false, false, muster.Scalar{}, false},
		{true, true, text("a"), false},
		{true, true, text("b"), true},
		{true, true, muster.Scalar{}, true},
		{true, false, muster.Scalar{}, false},
		{true, true, text(" "), true},
	} {
		f := plan.Filter{Attribute: "x", Pred: is("a"), Not: c.not, Missing: c.missing}
		if got := f.Holds(c.value); got != c.want {
			t.Errorf("%+v.Holds(%+v) = %v, want %v", f, c.value, got, c.want)
		}
	}
}

func TestMatchValueReadsFieldsOfTheKindOnly(t *testing.T) {
	leapDay := muster.NewDate(1992, time.February, 29)
	date := func(d muster.Date) muster.Value { return muster.Value{Kind: muster.KindDate, Date: d} }
	choices := func(codes ...string) muster.Value { return muster.Value{Kind: muster.KindChoices, Choices: codes} }
	for _, c := range []struct {
		name string
		pred plan.Predicate
		v    muster.Value
		want bool
	}{
		{"text", is("acme"), muster.Value{Kind: muster.KindText, Text: "ACME"}, true},
		{"missing text", is(""), muster.Value{}, false},
		{"choice is no text", is("de"), choices("DE"), false},
		{"any choice", plan.Choices{Values: []string{"at", "de"}}, choices("DE"), true},
		{"no choice", plan.Choices{Values: []string{"at"}}, choices("CH", "DE"), false},
		{"all choices", plan.Choices{All: true, Values: []string{"at", "de"}}, choices("AT", "CH", "DE"), true},
		{"not all choices", plan.Choices{All: true, Values: []string{"at", "de"}}, choices("AT"), false},
		{"missing choice", plan.Choices{All: true}, muster.Value{}, false},
		{"date", plan.DateRange{From: leapDay, To: leapDay + 1}, date(leapDay), true},
		{"end is excluded", plan.DateRange{From: leapDay - 1, To: leapDay}, date(leapDay), false},
		{"month-day", plan.MonthDays{Ranges: [][2]int{{229, 229}}}, date(leapDay), true},
		{"month-day of a date in a zone", plan.MonthDays{Ranges: [][2]int{{229, 229}}, Zone: time.UTC}, date(leapDay), false},
		{"datetime is no date", plan.DateRange{From: muster.FirstDate, To: muster.LastDate}, muster.Value{Kind: muster.KindDatetime}, false},
		{"datetime", plan.InstantRange{From: 5, To: 6}, muster.Value{Kind: muster.KindDatetime, Instant: 5}, true},
		{"number", plan.Number{Compare: plan.Compare{Op: plan.Equal, A: 7}}, muster.Value{Kind: muster.KindNumber, Number: 7}, true},
		{"boolean", plan.Boolean{Is: false}, muster.Value{Kind: muster.KindBoolean}, true},
		{"missing boolean", plan.Boolean{Is: false}, muster.Value{}, false},
		{"present", plan.Present{}, muster.Value{Kind: muster.KindBoolean}, true},
		{"absent", plan.Present{}, muster.Value{}, false},
	} {
		if got := plan.MatchValue(c.pred, c.v); got != c.want {
			t.Errorf("%s: MatchValue(%+v, %+v) = %v, want %v", c.name, c.pred, c.v, got, c.want)
		}
	}
}

func TestSamplesNestAndFollowThePublishedHash(t *testing.T) {
	id, err := muster.ParseContactID("0190f7a2-5b7c-7000-8000-000000000001")
	if err != nil {
		t.Fatal(err)
	}
	// Computed apart from this code, from the definition at plan.Sample.
	for salt, want := range map[string]uint32{"": 281858, "spring": 150935} {
		if got := plan.SampleBucket(salt, id); got != want {
			t.Errorf("SampleBucket(%q, %v) = %d, want %d", salt, id, got, want)
		}
	}
	inside := 0
	for i := range 10_000 {
		id[14], id[15] = byte(i>>8), byte(i)
		ten := (&plan.Sample{Salt: "s", To: 100_000}).Holds(id)
		twenty := (&plan.Sample{Salt: "s", To: 200_000}).Holds(id)
		if ten && !twenty {
			t.Fatalf("%v is among 10%% but not among 20%%", id)
		}
		if ten {
			inside++
		}
	}
	if inside < 900 || inside > 1100 {
		t.Errorf("10%% of 10,000 contacts are %d, want about 1,000", inside)
	}
}

func at(s string) muster.Instant {
	t, err := muster.ParseInstant(s)
	if err != nil {
		panic(err)
	}
	return t
}

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}
