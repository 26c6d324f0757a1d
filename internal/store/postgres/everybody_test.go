package postgres_test

import (
	"context"
	"errors"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
)

// The database ends the question at a part of the plan, wherever that stands.
func TestAScanWhosePartFailsAnswersWhy(t *testing.T) {
	s, err := postgres.Open(t.Context(), empty(t), postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const group = 1
	counted := &plan.Acted{From: 0, To: muster.Forever, Measure: plan.Count, Compare: plan.Compare{Op: plan.AtLeast, A: muster.DecimalOne}}
	// A text that the database refuses.
	broken := &plan.Field{Code: "city\x00", Pred: plan.Present{}}
	for _, n := range []plan.Node{
		broken, &plan.Not{Of: broken},
		&plan.Any{Of: []plan.Node{&plan.InGroup{Group: group}, broken}}, &plan.Any{Of: []plan.Node{broken, counted}},
		&plan.All{Of: []plan.Node{&plan.InGroup{Group: group}, broken}}, &plan.All{Of: []plan.Node{counted, &plan.Not{Of: &plan.Any{Of: []plan.Node{counted, broken}}}}},
	} {
		sets, err := s.Scan(t.Context(), []store.Query{{Node: n, Members: map[muster.GroupNo]*roaring.Bitmap{group: roaring.BitmapOf(1)}}}, nil)
		if err == nil || errors.Is(err, context.Canceled) || sets != nil {
			t.Errorf("%s: got %v, %v, want the database's error", plan.Key(n), sets, err)
		}
	}
}
