package plan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/plan/plantest"
)

func activityFact(from, to muster.Instant) plan.Fact {
	return plan.ActedFact{Types: []string{"x"}, From: from, To: to}
}

func TestMovedAnswersTheRegionOfEachLeaf(t *testing.T) {
	moment := func(from, to muster.Instant) plan.Node {
		return &plan.Field{Code: "moment", Pred: plan.InstantRange{From: from, To: to}}
	}
	birthday := func(from, to int) plan.Node {
		return &plan.Field{Code: "birthday", Pred: plan.MonthDays{Ranges: [][2]int{{from, to}}}}
	}
	agreed := func(from, to muster.Instant) plan.Node {
		return &plan.Decided{Kind: muster.OnConsent, Code: "news", State: muster.Agreed, From: from, To: to}
	}
	shipped := func(from, to muster.Instant) plan.Node {
		leaf := visited("x")
		leaf.Where = []plan.Filter{{Attribute: "p", Pred: is("a")}, {Attribute: "ships", Pred: plan.InstantRange{From: from, To: to}, Not: true, Missing: true}}
		leaf.From, leaf.To = 0, 100
		return leaf
	}
	steps := func(from, to muster.Instant) plan.Node {
		return &plan.Sequence{Steps: []plan.Step{{Types: []string{"x"}}, {Types: []string{"y"}}, {Types: []string{"x"}}}, From: from, To: to}
	}
	for _, c := range []struct {
		name    string
		was, is plan.Node
		want    []plan.Fact
	}{
		{"standing still", during(0, 10), during(0, 10), nil},
		{"sliding", during(0, 10), during(1, 11), []plan.Fact{activityFact(0, 1), activityFact(10, 11)}},
		{"sliding back", during(1, 11), during(0, 10), []plan.Fact{activityFact(0, 1), activityFact(10, 11)}},
		{"jumping", during(0, 10), during(10, 20), []plan.Fact{activityFact(0, 10), activityFact(10, 20)}},
		{"growing", during(muster.Beginning, 10), during(muster.Beginning, 12), []plan.Fact{activityFact(10, 12)}},
		{"growing on both sides", during(4, 6), during(2, 9), []plan.Fact{activityFact(2, 4), activityFact(6, 9)}},
		{"from empty", during(5, 5), during(3, 4), []plan.Fact{activityFact(3, 4)}},
		{"twice the same", any(during(0, 10), not(during(0, 10))), any(during(1, 10), not(during(1, 10))), []plan.Fact{activityFact(0, 1)}},
		{"datetime", moment(0, 5), moment(2, 5), []plan.Fact{plan.FieldInstantFact{Code: "moment", From: 0, To: 2}}},
		{"decision", agreed(0, 5), agreed(2, 5), []plan.Fact{plan.DecidedFact{Kind: muster.OnConsent, Code: "news", From: 0, To: 2}}},
		{
			"month-days", birthday(228, 301), birthday(301, 303),
			[]plan.Fact{plan.FieldMonthDaysFact{Code: "birthday", Ranges: [][2]int{{228, 300}, {302, 303}}}},
		},
		{
			"a date attribute", shipped(0, 5), shipped(1, 5),
			[]plan.Fact{plan.ActedFact{Types: []string{"x"}, Where: []plan.Filter{
				{Attribute: "p", Pred: is("a")},
				{Attribute: "ships", Pred: plan.InstantRange{From: 0, To: 1}},
			}, From: 0, To: 100}},
		},
		{"steps", steps(0, 10), steps(1, 10), []plan.Fact{activityFact(0, 1), plan.ActedFact{Types: []string{"y"}, From: 0, To: 1}}},
	} {
		moves, everyone := plan.Moved(c.was, c.is)
		if everyone {
			t.Errorf("%s: everyone moved, want %v", c.name, c.want)
		}
		if diff := cmp.Diff(c.want, plan.Facts(moves)); diff != "" {
			t.Errorf("%s: facts differ (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestMovedSaysWhichWay(t *testing.T) {
	counted := func(op plan.CompareOp, measure plan.Measure) func(from, to muster.Instant) plan.Node {
		return func(from, to muster.Instant) plan.Node {
			return &plan.Acted{Types: []string{"x"}, From: from, To: to, Measure: measure, Attribute: "p", Compare: plan.Compare{Op: op, A: muster.DecimalOne, B: muster.DecimalOne}}
		}
	}
	negated := func(of func(from, to muster.Instant) plan.Node) func(from, to muster.Instant) plan.Node {
		return func(from, to muster.Instant) plan.Node { return all(not(of(from, to))) }
	}
	least := counted(plan.AtLeast, plan.Count)
	for _, c := range []struct {
		name           string
		of             func(from, to muster.Instant) plan.Node
		leave, arrives plan.Effect
	}{
		{"at least", least, plan.OnlyOut, plan.OnlyIn},
		{"not at least", negated(least), plan.OnlyIn, plan.OnlyOut},
		{"not not at least", negated(negated(least)), plan.OnlyOut, plan.OnlyIn},
		{"distinct at most", counted(plan.AtMost, plan.Distinct), plan.EitherWay, plan.EitherWay}, // none satisfies nothing
		{"distinct at least", counted(plan.AtLeast, plan.Distinct), plan.OnlyOut, plan.OnlyIn},
		{"sum at least", counted(plan.AtLeast, plan.Sum), plan.EitherWay, plan.EitherWay},
		{"equal", counted(plan.Equal, plan.Count), plan.EitherWay, plan.EitherWay},
		{"at least, and not", func(from, to muster.Instant) plan.Node { return all(least(from, to), not(least(from, to))) }, plan.EitherWay, plan.EitherWay},
	} {
		moves, _ := plan.Moved(c.of(0, 10), c.of(1, 11))
		want := []plan.Move{{Fact: activityFact(0, 1), Effect: c.leave}, {Fact: activityFact(10, 11), Effect: c.arrives}}
		if diff := cmp.Diff(want, moves); diff != "" {
			t.Errorf("%s: moves differ (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestMovedIsEveryoneWhenMoreThanABoundDiffers(t *testing.T) {
	for _, c := range []struct {
		name    string
		was, is plan.Node
	}{
		{"a weekday begins", all(word("a"), plan.Nobody{}), all(word("a"), plan.Everyone{})},
		{"another value", word("a"), word("b")},
		{"another type", visited("x"), visited("y")},
		{"another group", &plan.InGroup{Group: 1}, &plan.InGroup{Group: 2}},
		{"another shape", all(word("a"), word("b")), any(word("a"), word("b"))},
		{"another length", all(word("a")), all(word("a"), word("b"))},
		{"another zone", localDay(zone("Europe/Berlin")), localDay(time.UTC)},
	} {
		if facts, everyone := plan.Moved(c.was, c.is); !everyone || facts != nil {
			t.Errorf("%s: Moved = %v, %v, want no facts and everyone", c.name, facts, everyone)
		}
	}
}

func localDay(z *time.Location) plan.Node {
	return &plan.Field{Code: "moment", Pred: plan.MonthDays{Ranges: [][2]int{{101, 101}}, Zone: z}}
}

func TestMovedNamesEveryContactWhoseTruthChanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		was := drawNode(t, 2)
		is := nudged(t, was)
		moves, everyone := plan.Moved(was, is)
		if everyone {
			t.Fatalf("everyone moved between %s and %s, want facts only", plan.Key(was), plan.Key(is))
		}
		for range 10 {
			c := drawContact(t)
			held, holds := plantest.Holds(was, c), plantest.Holds(is, c)
			if held != holds && !plantest.Moves(moves, c, holds) {
				t.Fatalf("from %s to %s the truth of %+v became %v, but none of %+v does that to it", plan.Key(was), plan.Key(is), c, holds, moves)
			}
		}
	})
}
