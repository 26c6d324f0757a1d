package oracle_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
)

// truth is a leaf that is always true or always false.
func truth(yes bool, pointer string) *catalog.Leaf {
	months := []int{}
	if yes {
		months = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	}
	return &catalog.Leaf{Pointer: pointer, Type: "month", Args: catalog.Args{Months: months}}
}

func TestAllIsIntersectionAnyIsUnionNotIsComplement(t *testing.T) {
	cases := []struct {
		name      string
		condition *catalog.Condition
		want      bool
	}{
		{"an empty condition matches nobody", &catalog.Condition{Match: muster.MatchAll}, false},
		{"all of true and false", &catalog.Condition{Match: muster.MatchAll, Groups: []*catalog.Group{
			{Match: muster.MatchAll, Nodes: []catalog.Node{truth(true, ""), truth(false, "")}}}}, false},
		{"any of true and false", &catalog.Condition{Match: muster.MatchAll, Groups: []*catalog.Group{
			{Match: muster.MatchAny, Nodes: []catalog.Node{truth(true, ""), truth(false, "")}}}}, true},
		{"any of no true", &catalog.Condition{Match: muster.MatchAll, Groups: []*catalog.Group{
			{Match: muster.MatchAny, Nodes: []catalog.Node{truth(false, ""), truth(false, "")}}}}, false},
		{"not of a group", &catalog.Condition{Match: muster.MatchAll, Groups: []*catalog.Group{
			{Match: muster.MatchAny, Not: true, Nodes: []catalog.Node{truth(false, ""), truth(false, "")}}}}, true},
		{"any of the outer groups", &catalog.Condition{Match: muster.MatchAny, Groups: []*catalog.Group{
			{Match: muster.MatchAll, Nodes: []catalog.Node{truth(false, "")}},
			{Match: muster.MatchAll, Nodes: []catalog.Node{truth(true, "")}}}}, true},
		{"all of the outer groups", &catalog.Condition{Match: muster.MatchAll, Groups: []*catalog.Group{
			{Match: muster.MatchAll, Nodes: []catalog.Node{truth(false, "")}},
			{Match: muster.MatchAll, Nodes: []catalog.Node{truth(true, "")}}}}, false},
		{"a nested group with not", &catalog.Condition{Match: muster.MatchAll, Groups: []*catalog.Group{
			{Match: muster.MatchAll, Nodes: []catalog.Node{truth(true, ""),
				&catalog.Group{Match: muster.MatchAll, Not: true, Nodes: []catalog.Node{truth(true, "")}}}}}}, false},
	}
	for _, c := range cases {
		if got := oracle.Matches(c.condition, &oracle.Person{}, at(now), time.UTC, muster.NewSchema(nil)); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestExplainTellsTheTruthOfEveryNodeAfterItsOwnNot(t *testing.T) {
	negated := truth(true, "/groups/0/conditions/1")
	negated.Not = true
	condition := &catalog.Condition{Match: muster.MatchAny, Groups: []*catalog.Group{
		{Pointer: "/groups/0", Match: muster.MatchAny, Nodes: []catalog.Node{truth(true, "/groups/0/conditions/0"), negated}},
		{Pointer: "/groups/1", Match: muster.MatchAll, Not: true, Nodes: []catalog.Node{truth(true, "/groups/1/conditions/0")}},
	}}
	matched, got := oracle.Explain(condition, &oracle.Person{}, at(now), nil, muster.NewSchema(nil))
	want := map[string]bool{
		"/groups/0": true, "/groups/0/conditions/0": true, "/groups/0/conditions/1": false,
		"/groups/1": false, "/groups/1/conditions/0": true,
	}
	if !matched || !maps.Equal(got, want) {
		t.Errorf("got %v %v, want true %v", matched, got, want)
	}
}

func TestNestedGroupsAreEvaluatedInDependencyOrder(t *testing.T) {
	inGroup := func(codes ...string) *catalog.Condition {
		return only(leaf("in-groups", catalog.Args{Mode: muster.MatchAny, Codes: codes}))
	}
	outside := only(not(leaf("in-groups", catalog.Args{Mode: muster.MatchAny, Codes: []string{"adults", "never"}})))
	people := []*oracle.Person{
		{ID: muster.ContactID{1}, Email: "ann@example.com"},
		{ID: muster.ContactID{2}, Groups: map[string]bool{"known": true}}, // must be ignored
	}
	members := oracle.MatchesAll([]oracle.Group{
		{Code: "known", Condition: only(leaf("identified", catalog.Args{}))},
		{Code: "never"},
		{Code: "adults", Condition: inGroup("known", "never")},
		{Code: "others", Condition: outside},
	}, people, at(now), muster.NewSchema(nil))
	for code, want := range map[string][]byte{"known": {1}, "never": nil, "adults": {1}, "others": {2}} {
		var got []byte
		for id := range members[code] {
			got = append(got, id[0])
		}
		if !slices.Equal(got, want) {
			t.Errorf("group %s: got members %v, want %v", code, got, want)
		}
	}
}

func TestAGroupIsReadInItsOwnZone(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	tuesday := only(leaf("weekday", catalog.Args{Weekdays: []int{2}}))
	people := []*oracle.Person{{ID: muster.ContactID{1}}}
	members := oracle.MatchesAll([]oracle.Group{
		{Code: "here", Condition: tuesday, Zone: vienna},
		{Code: "there", Condition: tuesday},
	}, people, at("2026-03-16T23:30:00Z"), muster.NewSchema(nil))
	if len(members["here"]) != 1 || len(members["there"]) != 0 {
		t.Errorf("at Monday 23:30 UTC: got %v, want Tuesday in Vienna only", members)
	}
}
