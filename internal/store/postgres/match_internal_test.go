package postgres

import (
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

func TestAFewAreOnlyLookedUpWhereThatMatters(t *testing.T) {
	visited := &plan.Acted{Types: []string{"visit"}, From: muster.Beginning, To: muster.Forever, Compare: plan.Compare{Op: plan.AtLeast, A: muster.DecimalOne}}
	city := &plan.Field{Code: "city", Pred: plan.Present{}}
	for _, test := range []struct {
		name     string
		node     plan.Node
		lookedUp bool
	}{
		{"an activity", visited, false},
		{"two facts", &plan.All{Of: []plan.Node{visited, city}}, false},
		{"a fact and not another", &plan.All{Of: []plan.Node{visited, &plan.Not{Of: city}}}, false},
		{"not a fact", &plan.Not{Of: visited}, true},
		{"a fact or not another", &plan.Any{Of: []plan.Node{visited, &plan.Not{Of: city}}}, true},
		{"what a contact is", &plan.All{Of: []plan.Node{visited, plan.Identified{}}}, true},
		{"a column of contacts", &plan.All{Of: []plan.Node{visited, &plan.Field{Code: "email", Pred: plan.Present{}}}}, true},
		{"no steps", &plan.Sequence{}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			few := roaring.BitmapOf(3, 5)
			c, err := (&reading{}).compile(test.node, nil, few)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.HasPrefix(c.String(), ofParents); got != test.lookedUp {
				t.Errorf("looked up: got %t, want %t: %s", got, test.lookedUp, c)
			}
			onCluster, err := (&reading{sharded: true}).compile(test.node, nil, few)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := onCluster.String(), OnCluster(c.String()); got != want {
				t.Errorf("on a cluster: got %s, want what is judged, %s", got, want)
			}
		})
	}
}
