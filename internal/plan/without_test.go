package plan_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/plan/plantest"
)

func TestWithoutDenotesWhoWouldBeInIfAgedActivitiesWereGone(t *testing.T) {
	exactly := 0
	rapid.Check(t, func(t *rapid.T) {
		aged := map[string]muster.Instant{}
		for _, kind := range []string{"x", "y"} {
			if rapid.Bool().Draw(t, "has a rule") {
				aged[kind] = drawInstant(t)
			}
		}
		node := drawNode(t, 2)
		without, exact := plan.Without(node, aged)
		if !exact {
			return
		}
		exactly++
		for range 10 {
			c := drawContact(t)
			later := *c
			later.Activities = slices.DeleteFunc(slices.Clone(c.Activities), func(a muster.Activity) bool {
				before, ruled := aged[a.Type]
				return ruled && a.At < before
			})
			if got, want := plantest.Holds(without, c), plantest.Holds(node, &later); got != want {
				t.Fatalf("%s without %v is %s, which is %v for %+v; want %v", plan.Key(node), aged, plan.Key(without), got, c, want)
			}
		}
	})
	if exactly == 0 {
		t.Error("got no plan that can say it, want most")
	}
}

func TestWithoutCanSayMostConditions(t *testing.T) {
	aged := map[string]muster.Instant{"x": 10, "y": 20}
	for _, c := range []struct {
		name  string
		node  plan.Node
		exact bool
	}{
		{"one type", &plan.Acted{Types: []string{"x"}, From: 0, To: 100, Measure: plan.Sum}, true},
		{"several types that are kept equally long", &plan.Acted{Types: []string{"a", "b"}, From: 0, To: 100, Measure: plan.Sum}, true},
		{"several types after all ages", &plan.Acted{Types: []string{"x", "y"}, From: 20, To: 100, Measure: plan.Sum}, true},
		{"whether there is one of several types", &plan.Acted{Types: []string{"x", "y"}, From: 0, To: 100, Measure: plan.Count, Compare: plan.Compare{Op: plan.AtLeast, A: muster.DecimalOne}}, true},
		{"every type after all ages", &plan.Acted{From: 20, To: 100, Measure: plan.Count}, true},
		{"every type", &plan.Acted{From: 19, To: 100, Measure: plan.Count}, false},
		{"a sum of types that are kept differently", &plan.Acted{Types: []string{"x", "y"}, From: 0, To: 100, Measure: plan.Sum}, false},
		{"a wishlist", &plan.Latest{Add: []string{"x"}, Remove: []string{"b"}}, false},
		{"another wishlist", &plan.Latest{Add: []string{"a"}, Remove: []string{"b"}}, true},
	} {
		if _, exact := plan.Without(c.node, aged); exact != c.exact {
			t.Errorf("%s: got exact %v, want %v", c.name, exact, c.exact)
		}
	}
}
