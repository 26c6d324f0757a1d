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
	// countedCauses is how many records are counted, so that the answer does not
	// take longer and longer: the latest ones, and all of the instant of the last of them.
	countedCauses = 500_000
	// causeChunk is how many one reading looks at.
	causeChunk = 5_000
)

// GroupCauses counts a group's change records since an instant by cause; from 0
// is 30 days before now.
func (a *App) GroupCauses(ctx context.Context, code string, from muster.Instant) (Causes, error) {
	g, err := a.group(code)
	if err != nil {
		return Causes{}, err
	}
	counts := map[string]*CauseCount{}
	out := Causes{From: from}
	walk := store.ChangeQuery{Group: g.No, Latest: true, Limit: causeChunk}
	counted, at, more := 0, muster.Forever, true
	for more {
		err := a.view(ctx, func(v store.View) error {
			if out.To == 0 {
				out.To = v.Tick()
			}
			if out.From == 0 {
				out.From = out.To - usualCauses
			}
			out.From = max(out.From, v.Horizon().At)
			records, err := v.Changes(walk)
			more = err == nil && len(records) == causeChunk
			for _, r := range records {
				if r.At < out.From {
					more = false
					return nil
				}
				if counted >= countedCauses && r.At < at {
					out.From, more = at, false
					return nil
				}
				counted, at, walk.Before = counted+1, r.At, r.Seq
				count(counts, r)
			}
			return err
		})
		if err != nil {
			return Causes{}, err
		}
	}
	out.Items = make([]CauseCount, 0, len(counts))
	for _, c := range counts {
		out.Items = append(out.Items, *c)
	}
	slices.SortFunc(out.Items, func(a, b CauseCount) int {
		return cmp.Or(cmp.Compare(b.Entered+b.Left, a.Entered+a.Left), cmp.Compare(a.Kind, b.Kind))
	})
	return out, nil
}

func count(counts map[string]*CauseCount, r muster.Change) {
	kind := r.Cause.Kind.String()
	c := counts[kind]
	if c == nil {
		c = &CauseCount{Kind: kind}
		counts[kind] = c
	}
	if r.Entered {
		c.Entered++
	} else {
		c.Left++
	}
}
