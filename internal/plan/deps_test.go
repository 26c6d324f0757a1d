package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/plan/plantest"
)

func TestDependsListsWhatAPlanReads(t *testing.T) {
	viewed := visited("x")
	viewed.Where = []plan.Filter{
		{Attribute: "p", Pred: is("a", "b")},
		{Attribute: "q", Pred: is("a"), Not: true},
		{Attribute: "r", Pred: is("a"), Missing: true},
	}
	spent := &plan.Acted{Types: []string{"y"}, Measure: plan.Sum, Attribute: "p", Compare: plan.Compare{Op: plan.AtLeast}}
	steps := &plan.Sequence{Steps: []plan.Step{{Types: []string{"x"}}, {Channels: []string{"web"}}}}
	wishes := &plan.Latest{Add: []string{"y"}, Remove: []string{"x"}, Key: "p", Keys: []string{"a"}}
	got := plan.Depends(all(
		viewed, not(any(visited("z"), not(visited()))), spent, steps, wishes,
		word("a"), not(word("b")), &plan.Field{Code: "created_at", Pred: plan.Present{}},
		&plan.Decided{Kind: muster.OnConsent, Code: "news"}, &plan.Decided{Kind: muster.OnList, Code: "weekly"},
		&plan.Decided{Kind: muster.OnAllMail}, &plan.InGroup{Group: 7}, &plan.InGroup{Group: 3},
		plan.Identified{}, &plan.Sample{To: 1}, plan.Everyone{},
	))
	want := plan.Deps{
		Activities: []plan.ActivityDep{
			{Leaf: viewed, Positive: true, Rising: true, Types: []string{"x"}, Equals: []plan.Equals{{Attribute: "p", Values: []string{"a", "b"}}}},
			{Leaf: visited("z"), Types: []string{"z"}},
			{Leaf: visited(), Positive: true, Rising: true},
			{Leaf: spent, Positive: true, Types: []string{"y"}},
			{Leaf: steps, Positive: true, Types: []string{"x"}},
			{Leaf: steps, Positive: true, Channels: []string{"web"}},
			{Leaf: wishes, Positive: true, Types: []string{"x", "y"}, Equals: []plan.Equals{{Attribute: "p", Values: []string{"a"}}}},
		},
		Fields:   []string{"created_at", "word"},
		Consents: []string{"news"}, Lists: []string{"weekly"}, AllMail: true,
		Groups: []muster.GroupNo{3, 7}, Identified: true, Sample: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Depends differs (-want +got):\n%s", diff)
	}
}

func TestAnActivityThatNoDependencyHoldsForChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, before, other := drawNode(t, 2), drawContact(t), drawContact(t)
		deps := plan.Depends(n)
		for _, a := range other.Activities {
			held, rising := false, true
			for _, dep := range deps.Activities {
				if dep.Holds(a) {
					held, rising = true, rising && dep.Rising
				}
			}
			after := *before
			after.Activities = append(append([]muster.Activity(nil), before.Activities...), a)
			was, is := plantest.Holds(n, before), plantest.Holds(n, &after)
			if !held && was != is {
				t.Fatalf("no dependency of %s holds for %+v, but it changed %v to %v of %+v", plan.Key(n), a, was, is, before)
			}
			if held && rising && was && !is {
				t.Fatalf("only rising leaves of %s read %+v, but it took away %+v", plan.Key(n), a, before)
			}
		}
	})
}

func TestNewContactMayMatchKnowsContactsWithoutFacts(t *testing.T) {
	created := func(from, to muster.Instant) plan.Node {
		return &plan.Field{Code: "created_at", Pred: plan.InstantRange{From: from, To: to}}
	}
	for _, c := range []struct {
		name string
		n    plan.Node
		want bool
	}{
		{"acted", visited(), false},
		{"not acted", not(visited()), true},
		{"field", word("a"), false},
		{"field empty", not(&plan.Field{Code: "word", Pred: plan.Present{}}), true},
		{"anonymous", not(plan.Identified{}), true},
		{"created now", created(5, 6), true},
		{"created before", created(muster.Beginning, 5), false},
		{"sample", &plan.Sample{To: 1}, true},
		{"not sample", not(&plan.Sample{To: 1}), true},
		{"not everyone's sample", not(&plan.Sample{To: plan.Buckets}), false},
		{"some of sample that acted", all(&plan.Sample{To: 1}, visited()), false},
		{"not in group", not(&plan.InGroup{Group: 1}), true},
		{"not one of all", not(all(word("a"), plan.Everyone{})), true},
	} {
		if got := plan.NewContactMayMatch(c.n, 5); got != c.want {
			t.Errorf("%s: NewContactMayMatch = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestNewContactMayMatchNeverMissesANewContact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, c := drawNode(t, 3), &plantest.Contact{}
		c.CreatedAt = drawInstant(t)
		c.ID[15] = byte(rapid.IntRange(0, 255).Draw(t, "id"))
		if plantest.Holds(n, c) && !plan.NewContactMayMatch(n, c.CreatedAt) {
			t.Fatalf("%s holds for a new contact, but NewContactMayMatch says it cannot", plan.Key(n))
		}
	})
}
