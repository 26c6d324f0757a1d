package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// The directions of a change.
const (
	entered = "entered"
	left    = "left"
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
	ChangeFilter
	Wait  time.Duration // how long to wait for the first record
	Limit int           // 1 to 10,000; 1,000
}

// ChangeFilter leaves change records out. An empty member leaves none out.
type ChangeFilter struct {
	Groups    []string // only records of these groups, by code
	Direction string   // "entered" or "left"
	Causes    []string // only records with these kinds of cause
}

// Keeps reports whether a record passes.
func (f ChangeFilter) Keeps(c Change) bool {
	return f.keepsGroup(c.Group) && (f.Direction == "" || f.Direction == c.Direction) &&
		(len(f.Causes) == 0 || slices.Contains(f.Causes, c.Cause.Kind))
}

func (f ChangeFilter) keepsGroup(code string) bool {
	return len(f.Groups) == 0 || slices.Contains(f.Groups, code)
}

// keepsRecord is Keeps for a record that was not shaped yet, which costs less.
func (f ChangeFilter) keepsRecord(c muster.Change, code string) bool {
	return f.keepsGroup(code) && (f.Direction == "" || (f.Direction == entered) == c.Entered) &&
		(len(f.Causes) == 0 || slices.Contains(f.Causes, c.Cause.Kind.String()))
}

// CheckChangeFilter refuses a filter that names what is not there; at is where
// in the input the filter stands.
func (a *App) CheckChangeFilter(at string, f ChangeFilter) error {
	var problems []muster.Problem
	if _, err := a.namedGroups(at+"/groups", f.Groups); err != nil {
		return err
	}
	if f.Direction != "" && f.Direction != entered && f.Direction != left {
		problems = append(problems, muster.Problem{Location: at + "/direction", Code: problemInvalid, Message: "expected entered or left"})
	}
	for i, cause := range f.Causes {
		if !slices.Contains(muster.CauseNames(), cause) {
			problems = append(problems, muster.Problem{Location: at + "/causes/" + itoa(i), Code: problemInvalid, Message: "expected one of " + strings.Join(muster.CauseNames(), ", ")})
		}
	}
	if len(problems) > 0 {
		return invalid(problems)
	}
	return nil
}

// Changes answers the records after a number, in the order of commits. If there
// are none it waits for some, and answers none when the time is over. After a
// record that is not kept any more it is CodeHistoryExpired.
func (a *App) Changes(ctx context.Context, q FeedQuery) (Feed, error) {
	group := a.onlyGroup(q.ChangeFilter)
	limit := pageSize(q.Limit, 1000, 10000)
	waiting, cancel := context.WithTimeout(ctx, q.Wait)
	defer cancel()
	defer context.AfterFunc(a.waits, cancel)()
	for {
		feed, err := a.changesAfter(ctx, q, group, limit)
		if err != nil || len(feed.Items) > 0 || q.Wait <= 0 {
			return feed, err
		}
		// Records that the filter leaves out are passed over; Last says how far.
		q.After = feed.Last
		if err := a.roster.WaitChanges(waiting, q.After); err != nil {
			if ctx.Err() == nil && waiting.Err() != nil && errors.Is(err, waiting.Err()) {
				return feed, nil
			}
			return feed, err
		}
	}
}

func (a *App) changesAfter(ctx context.Context, q FeedQuery, group muster.GroupNo, limit int) (Feed, error) {
	after := q.After
	feed := Feed{Items: []Change{}, Last: after}
	err := a.view(ctx, func(v store.View) error {
		if err := reachesRecord(v, "/after", after); err != nil {
			return err
		}
		records, err := v.Changes(store.ChangeQuery{After: after, Group: group, Limit: limit})
		if err != nil {
			return err
		}
		shaper := a.changeShaper(v)
		for _, c := range records {
			if q.keepsRecord(c, shaper.code(c.Group)) {
				feed.Items = append(feed.Items, shaper.shape(c))
			}
		}
		if shaper.err != nil {
			return shaper.err
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
func (a *App) GroupChanges(ctx context.Context, code, cursor string, limit int) (past Past, err error) {
	before, err := readCursor(cursor, 1)
	if err != nil {
		return past, err
	}
	g, err := a.group(code)
	if err != nil {
		return past, err
	}
	err = a.view(ctx, func(v store.View) error {
		past, err = a.changesBackwards(v, store.ChangeQuery{Group: g.No, Before: muster.Seq(before[0])}, pageSize(limit, 50, 1000))
		return err
	})
	return past, err
}

// LastChange answers the number of the last change record.
func (a *App) LastChange(ctx context.Context) (last muster.Seq, err error) {
	err = a.view(ctx, func(v store.View) error { last = v.LastSeq(); return nil })
	return last, err
}
