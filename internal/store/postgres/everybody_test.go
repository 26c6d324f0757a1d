package postgres_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
)

// The database ends the question at a part of the plan, wherever that stands.
func TestAScanWhosePartFailsAnswersWhy(t *testing.T) {
	s := opened(t, empty(t), postgres.Options{})
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
	// Whichever connection meets it: parts of several plans are asked on two.
	for _, nodes := range [][]plan.Node{{counted, broken, broken}, {broken, counted, broken}, {broken, broken, counted, counted}} {
		var queries []store.Query
		for _, n := range nodes {
			queries = append(queries, store.Query{Node: n})
		}
		sets, err := s.Scan(t.Context(), queries, nil)
		if err == nil || errors.Is(err, context.Canceled) || sets != nil {
			t.Errorf("%d plans: got %v, %v, want the database's error", len(nodes), sets, err)
		}
	}
	if sets, err := s.Scan(t.Context(), []store.Query{{Node: counted}, {Node: plan.Identified{}}, {Node: &plan.Not{Of: plan.Identified{}}}}, nil); err != nil || len(sets) != 3 {
		t.Errorf("after failures: got %v, %v", sets, err)
	}
}

// While one scan has the second connection, others do without.
func TestScansDoNotWaitForEachOther(t *testing.T) {
	s := opened(t, empty(t), postgres.Options{Readers: 2})
	counted := &plan.Acted{From: 0, To: muster.Forever, Measure: plan.Count, Compare: plan.Compare{Op: plan.AtLeast, A: muster.DecimalOne}}
	queries := []store.Query{{Node: counted}, {Node: plan.Identified{}}, {Node: &plan.Not{Of: plan.Identified{}}}}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 5 {
				if _, err := s.Scan(t.Context(), queries, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
