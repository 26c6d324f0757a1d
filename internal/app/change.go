package app

import (
	"context"
	"errors"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Feed is a stretch of the change feed.
type Feed struct {
	Items []Change   `json:"items" nullable:"false"`
	Next  *string    `json:"next" doc:"The number to pass as after when more records are there already; null otherwise."`
	Last  muster.Seq `json:"last" doc:"The number to pass as after to go on from here."`
}

// FeedQuery selects change records.
type FeedQuery struct {
	After muster.Seq
	Group string        // only this group's; "" is every group
	Wait  time.Duration // how long to wait for the first record
	Limit int           // 1 to 10,000; 1,000
}

// Changes answers the records after a number, in the order of commits. If there
// are none it waits for some, and answers none when the time is over.
func (a *App) Changes(ctx context.Context, q FeedQuery) (Feed, error) {
	var group muster.GroupNo
	if q.Group != "" {
		g, err := a.group(q.Group)
		if err != nil {
			return Feed{}, err
		}
		group = g.No
	}
	limit := pageSize(q.Limit, 1000, 10000)
	waiting, cancel := context.WithTimeout(ctx, q.Wait)
	defer cancel()
	for {
		feed, err := a.changesAfter(ctx, q.After, group, limit)
		if err != nil || len(feed.Items) > 0 || q.Wait <= 0 {
			return feed, err
		}
		// Records of other groups are passed over; Last says how far.
		q.After = feed.Last
		if err := a.roster.WaitChanges(waiting, q.After); err != nil {
			if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
				return feed, nil
			}
			return feed, err
		}
	}
}

func (a *App) changesAfter(ctx context.Context, after muster.Seq, group muster.GroupNo, limit int) (Feed, error) {
	feed := Feed{Items: []Change{}, Last: after}
	err := a.view(ctx, func(v store.View) error {
		records, err := v.Changes(store.ChangeQuery{After: after, Group: group, Limit: limit})
		if err != nil {
			return err
		}
		shaper := a.changeShaper(v)
		for _, c := range records {
			feed.Items = append(feed.Items, shaper.shape(c))
		}
		last := v.LastSeq()
		if n := len(records); n == limit {
			feed.Last = records[n-1].Seq
			if feed.Last < last {
				feed.Next = optional(itoa(int(feed.Last)))
			}
		} else {
			feed.Last = max(last, after)
		}
		return nil
	})
	return feed, err
}

// GroupChanges answers a group's change records, latest first.
func (a *App) GroupChanges(ctx context.Context, code, cursor string, limit int) (Page[Change], error) {
	before, err := readCursor(cursor, 1)
	if err != nil {
		return Page[Change]{}, err
	}
	g, err := a.group(code)
	if err != nil {
		return Page[Change]{}, err
	}
	var out []Change
	next := ""
	err = a.view(ctx, func(v store.View) error {
		out, next, err = a.changesBackwards(v, store.ChangeQuery{Group: g.No, Before: muster.Seq(before[0])}, pageSize(limit, 50, 1000))
		return err
	})
	return PageOf(out, next), err
}

// LastChange answers the number of the last change record.
func (a *App) LastChange(ctx context.Context) (last muster.Seq, err error) {
	err = a.view(ctx, func(v store.View) error { last = v.LastSeq(); return nil })
	return last, err
}
