package app

import (
	"context"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// TimelineQuery selects activities of a contact.
type TimelineQuery struct {
	Types    []string       // nil is every type
	Channels []string       // nil is any channel, also none
	From, To muster.Instant // from, included, to, excluded; 0 is no bound
	Cursor   string
	Limit    int // 1 to 1,000; 50
}

// ContactActivities answers a contact's timeline, latest first.
func (a *App) ContactActivities(ctx context.Context, id muster.ContactID, in TimelineQuery) (Page[Activity], error) {
	at, err := readCursor(in.Cursor, 2)
	if err != nil {
		return Page[Activity]{}, err
	}
	q, err := a.timeline(in)
	if err != nil {
		return Page[Activity]{}, err
	}
	limit := pageSize(in.Limit, 50, 1000)
	q.Limit = limit + 1
	if in.Cursor != "" {
		q.BeforeAt, q.BeforeRow = muster.Instant(int64(at[0])), at[1]
	}
	var out []Activity
	next := ""
	err = a.view(ctx, func(v store.View) error {
		no, err := v.ByID(id)
		if err != nil {
			return err
		}
		stored, err := v.Activities(no, q)
		if err != nil {
			return err
		}
		if len(stored) > limit {
			stored = stored[:limit]
			last := stored[limit-1]
			next = cursorOf(uint64(last.At), last.Row)
		}
		for _, s := range stored {
			out = append(out, shapeActivity(s))
		}
		return nil
	})
	return PageOf(out, next), err
}

// timeline makes the store's query of a timeline's filters.
func (a *App) timeline(in TimelineQuery) (store.ActivityQuery, error) {
	if len(in.Types) == 0 && len(in.Channels) == 0 && in.From == 0 && in.To == 0 {
		return store.ActivityQuery{}, nil
	}
	schema := a.schema()
	for _, code := range in.Types {
		if _, known := schema.ActivityTypes[code]; !known {
			return store.ActivityQuery{}, invalidAt("/type", problemUnknownRef, "there is no activity type "+quoted(code))
		}
	}
	for _, code := range in.Channels {
		if _, known := schema.Channels[code]; !known {
			return store.ActivityQuery{}, invalidAt("/channel", problemUnknownRef, "there is no channel "+quoted(code))
		}
	}
	leaf := acted(in.Types, in.Channels, muster.Beginning)
	if in.From != 0 {
		leaf.From = in.From
	}
	if in.To != 0 {
		leaf.To = in.To
	}
	slices.Sort(leaf.Types)
	slices.Sort(leaf.Channels)
	return store.ActivityQuery{Leaf: leaf}, nil
}
