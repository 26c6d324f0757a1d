package app

import (
	"context"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Backlog is what of the change feed still waits for a reader.
type Backlog struct {
	Behind      uint64          `json:"behind" doc:"How many changes that it is for wait, among the next 10,000."`
	BehindMore  bool            `json:"behind_more" doc:"Whether there are more changes, of which it is not known yet how many it is for."`
	BehindSince *muster.Instant `json:"behind_since" doc:"When the first of those that wait happened; null when none does."`
}

// backlogSeen is how many records a backlog is counted among.
const backlogSeen = 10_000

// Backlog counts the records after a number that a filter lets pass.
func (a *App) Backlog(ctx context.Context, after muster.Seq, f ChangeFilter) (out Backlog, err error) {
	err = a.view(ctx, func(v store.View) error {
		out = Backlog{}
		// What is not kept any more is not counted; whoever it was for hears of that.
		after := max(after, v.Horizon().Seq)
		if after >= v.LastSeq() {
			return nil
		}
		records, err := v.Changes(store.ChangeQuery{After: after, Group: a.onlyGroup(f), Limit: backlogSeen})
		code := a.roster.State().GroupCode
		for _, c := range records {
			if !f.keepsRecord(c, code(c.Group)) {
				continue
			}
			if out.Behind++; out.BehindSince == nil {
				out.BehindSince = &c.At
			}
		}
		out.BehindMore = len(records) == backlogSeen
		return err
	})
	return out, err
}

// onlyGroup is the group whose records the store finds by itself: the only one
// of a filter. One that was deleted since is passed by code, as are several.
func (a *App) onlyGroup(f ChangeFilter) muster.GroupNo {
	if len(f.Groups) == 1 {
		if g, err := a.group(f.Groups[0]); err == nil {
			return g.No
		}
	}
	return 0
}
