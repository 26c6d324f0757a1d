package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/plan/plantest"
)

func visited(types ...string) *plan.Acted {
	return &plan.Acted{
		Types: types, From: muster.Beginning, To: muster.Forever,
		Measure: plan.Count, Compare: plan.Compare{Op: plan.AtLeast, A: muster.DecimalOne},
	}
}

func all(of ...plan.Node) plan.Node { return &plan.All{Of: of} }
func any(of ...plan.Node) plan.Node { return &plan.Any{Of: of} }
func not(of plan.Node) plan.Node    { return &plan.Not{Of: of} }
func word(value string) plan.Node   { return &plan.Field{Code: "word", Pred: is(value)} }
func during(from, to muster.Instant) plan.Node {
	leaf := visited("x")
	leaf.From, leaf.To = from, to
	return leaf
}

func TestCanonAppliesTheSimpleLaws(t *testing.T) {
	a, b, c := word("a"), word("b"), word("c")
	everyone, nobody := plan.Node(plan.Everyone{}), plan.Node(plan.Nobody{})
	for _, test := range []struct {
		name      string
		got, want plan.Node
	}{
		{"no members of all", all(), everyone},
		{"no members of any", any(), nobody},
		{"a single member", all(any(a)), a},
		{"nesting", all(a, all(b, all(c))), all(a, b, c)},
		{"nesting that appears by collapse", all(a, any(all(b, c))), all(a, b, c)},
		{"order", any(c, a, b), any(a, b, c)},
		{"repetition", all(a, b, a), all(a, b)},
		{"repetition up to order", any(all(a, b), all(b, a)), all(a, b)},
		{"double not", not(not(a)), a},
		{"not everyone", not(everyone), nobody},
		{"everyone in all", all(a, everyone), a},
		{"nobody in all", all(a, nobody), nobody},
		{"everyone in any", any(a, everyone), everyone},
		{"nobody in any", any(a, nobody), a},
		{"a member and its complement", all(b, not(all(c, a)), all(a, c)), all(a, b, c, not(all(a, c)))},
		{"a member beside its complement", all(b, a, not(a)), nobody},
		{"a member or its complement", any(b, a, not(a)), everyone},
		{"an empty window", any(a, during(5, 5)), a},
		{"an inverted window", not(during(6, 5)), everyone},
		{"types in another order", visited("y", "x", "y"), visited("x", "y")},
		{"an empty range of dates", &plan.Field{Code: "d", Pred: plan.DateRange{From: 2, To: 2}}, nobody},
		{"the whole sample", &plan.Sample{To: plan.Buckets}, everyone},
		{"no sample", &plan.Sample{}, nobody},
		{"all of one choice", &plan.Field{Code: "c", Pred: plan.Choices{All: true, Values: []string{"x"}}}, &plan.Field{Code: "c", Pred: plan.Choices{Values: []string{"x"}}}},
	} {
		got, want := plan.Key(test.got), plan.Key(test.want)
		if got != want {
			t.Errorf("%s: the key is %s, want %s", test.name, got, want)
		}
	}
}

func TestCanonAnswersSortedTrees(t *testing.T) {
	a, b := word("a"), word("b")
	got := plan.Canon(all(not(not(b)), plan.Everyone{}, all(a, b)))
	if diff := cmp.Diff(all(a, b), got); diff != "" {
		t.Errorf("Canon differs (-want +got):\n%s", diff)
	}
}

func TestDifferentLeavesHaveDifferentKeys(t *testing.T) {
	leaves := []plan.Node{
		plan.Everyone{}, plan.Nobody{}, plan.Identified{},
		word("a"), word("b"), &plan.Field{Code: "wor", Pred: is("da")},
		&plan.Field{Code: "word", Pred: is("a", "b")}, &plan.Field{Code: "word", Pred: is("a1:b")},
		&plan.Field{Code: "word", Pred: plan.Text{Op: plan.TextContains, Values: []string{"a"}}},
		&plan.Field{Code: "word", Pred: plan.Present{}},
		&plan.Field{Code: "word", Pred: plan.Boolean{Is: true}}, &plan.Field{Code: "word", Pred: plan.Boolean{}},
		&plan.Field{Code: "word", Pred: plan.DateRange{From: 1, To: 2}}, &plan.Field{Code: "word", Pred: plan.InstantRange{From: 1, To: 2}},
		&plan.Field{Code: "word", Pred: plan.MonthDays{Ranges: [][2]int{{1, 2}}}},
		&plan.Field{Code: "word", Pred: plan.MonthDays{Ranges: [][2]int{{1, 2}}, Zone: zone("Europe/Berlin")}},
		&plan.Field{Code: "word", Pred: plan.Choices{Values: []string{"a", "b"}}}, &plan.Field{Code: "word", Pred: plan.Choices{All: true, Values: []string{"a", "b"}}},
		&plan.Field{Code: "word", Pred: plan.Number{Compare: plan.Compare{Op: plan.Less, A: 12}}}, &plan.Field{Code: "word", Pred: plan.Number{Compare: plan.Compare{Op: plan.Less, A: 1, B: 2}}},
		visited(), visited("x"), visited("x", "y"), visited("xy"), during(1, 2), during(12, 13),
		&plan.Acted{Channels: []string{"x"}, From: 1, To: 2, Measure: plan.Count},
		&plan.Acted{Types: []string{"x"}, From: 1, To: 2, Measure: plan.Sum, Attribute: "p"},
		&plan.Acted{Types: []string{"x"}, Where: []plan.Filter{{Attribute: "p", Pred: is("a")}}, From: 1, To: 2, Measure: plan.Count},
		&plan.Acted{Types: []string{"x"}, Where: []plan.Filter{{Attribute: "p", Pred: is("a"), Not: true}}, From: 1, To: 2, Measure: plan.Count},
		&plan.Acted{Types: []string{"x"}, Where: []plan.Filter{{Attribute: "p", Pred: is("a"), Missing: true}}, From: 1, To: 2, Measure: plan.Count},
		&plan.Sequence{Steps: []plan.Step{{Types: []string{"x"}}, {Types: []string{"y"}}}, From: 1, To: 2},
		&plan.Sequence{Steps: []plan.Step{{Types: []string{"x"}}, {Types: []string{"y"}, Within: 5}}, From: 1, To: 2},
		&plan.Latest{Add: []string{"x"}, Key: "p", AtLeast: 1}, &plan.Latest{Remove: []string{"x"}, Key: "p", AtLeast: 1}, &plan.Latest{Add: []string{"x"}, Key: "p", Keys: []string{"a"}},
		&plan.Decided{Kind: muster.OnConsent, Code: "a", State: muster.Agreed, From: 1, To: 2}, &plan.Decided{Kind: muster.OnList, Code: "a", State: muster.Receiving, From: 1, To: 2},
		&plan.InGroup{Group: 1}, &plan.InGroup{Group: 12}, &plan.Sample{Salt: "1", To: 2}, &plan.Sample{Salt: "", To: 12},
	}
	seen := map[string]int{}
	for i, leaf := range leaves {
		key := plan.LeafKey(leaf)
		if j, taken := seen[key]; taken {
			t.Errorf("%+v and %+v share the key %s", leaf, leaves[j], key)
		}
		seen[key] = i
	}
}

func TestCanonKeepsTheMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNode(t, 3)
		canonical := plan.Canon(n)
		for range 8 {
			c := drawContact(t)
			if got, want := plantest.Holds(canonical, c), plantest.Holds(n, c); got != want {
				t.Fatalf("the canonical form of %s says %v, want %v, of %+v", plan.Key(n), got, want, c)
			}
		}
		if got, want := plan.Key(canonical), plan.Key(n); got != want {
			t.Fatalf("the key of the canonical form is %s, want %s", got, want)
		}
		if diff := cmp.Diff(canonical, plan.Canon(canonical)); diff != "" {
			t.Fatalf("Canon changes its own answer (-once +twice):\n%s", diff)
		}
	})
}
