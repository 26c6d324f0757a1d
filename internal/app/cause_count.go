package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// CauseCount is how many contacts entered and left a group by one kind of cause.
type CauseCount struct {
	Kind    string `json:"kind" enum:"activity,field,consent,list,identity,merge,time,condition,group,recalculation,erasure,retention"`
	Entered uint64 `json:"entered"`
	Left    uint64 `json:"left"`
}

// Causes are the causes by which contacts entered and left a group, the most
// frequent first.
type Causes struct {
	Items []CauseCount   `json:"items" nullable:"false"`
	From  muster.Instant `json:"from" doc:"Everything from here on is counted."`
	To    muster.Instant `json:"to"`
}

const (
	usualCauses = 30 * 86400
	// countedCauses is about how many records are looked at, the latest ones, so
	// that the answer does not take longer and longer.
	countedCauses = 500_000
)

// GroupCauses counts a group's change records since an instant by cause; from 0
// is 30 days before now.
func (a *App) GroupCauses(ctx context.Context, code string, from muster.Instant) (Causes, error) {
	g, err := a.group(code)
	if err != nil {
		return Causes{}, err
	}
	out := Causes{Items: []CauseCount{}}
	err = a.view(ctx, func(v store.View) error {
		out.To = v.Tick()
		if from == 0 {
			from = out.To - usualCauses
		}
		counts, err := v.CountChanges(g.No, from, countedCauses)
		out.From = counts.From
		for kind, n := range counts.Kinds {
			out.Items = append(out.Items, CauseCount{Kind: kind.String(), Entered: n.Entered, Left: n.Left})
		}
		return err
	})
	slices.SortFunc(out.Items, func(a, b CauseCount) int {
		return cmp.Or(cmp.Compare(b.Entered+b.Left, a.Entered+a.Left), cmp.Compare(a.Kind, b.Kind))
	})
	return out, err
}
