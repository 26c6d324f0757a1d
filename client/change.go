package client

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/muster-groups/muster"
)

// Change is an entered or left record. ContactID is nil when the contact was
// erased since.
type Change struct {
	Seq       muster.Seq        `json:"seq"`
	Group     string            `json:"group"`
	ContactID *muster.ContactID `json:"contact_id"`
	At        muster.Instant    `json:"at"`
	Direction string            `json:"direction"`
	Cause     Cause             `json:"cause"`
}

// Cause is why a membership changed.
type Cause struct {
	Kind string `json:"kind"`
	Code string `json:"code"`
}

// Feed is a stretch of the change feed. Last is where to go on.
type Feed struct {
	Items []Change   `json:"items"`
	Next  *string    `json:"next"`
	Last  muster.Seq `json:"last"`
}

// FeedQuery selects change records.
type FeedQuery struct {
	After     muster.Seq
	Group     string
	Direction string        // "entered" or "left"; "" is both
	Causes    []string      // kinds of cause; none is all
	Wait      time.Duration // up to a minute
	Limit     int
}

// Changes answers the records after a number, waiting for some if asked to.
func (c *Client) Changes(ctx context.Context, q FeedQuery) (Feed, error) {
	after, wait := "", ""
	if q.After != 0 {
		after = strconv.FormatUint(uint64(q.After), 10)
	}
	if q.Wait != 0 {
		wait = q.Wait.String()
	}
	return get[Feed](ctx, c, "/changes"+query("after", after, "group", q.Group, "direction", q.Direction, "cause", strings.Join(q.Causes, ","), "wait", wait, "limit", number(q.Limit)))
}

// followWait is how long one request of Follow waits for a record, and
// followPause how long the longest pause before it is made again is.
const (
	followWait  = 30 * time.Second
	followPause = 30 * time.Second
)

// Follow ranges over the records after a number, those that are there and then
// those to come, until the context ends; the last pair then carries its error.
// It misses nothing and repeats nothing: keep the number of the last record that
// was dealt with, and go on after it.
//
// When the server cannot be reached or is not ready, Follow tries again after a
// second, two, four and so on up to half a minute, as long as the context lets
// it. What will not pass by itself ends it: a wrong key, a question that is
// refused, a past that is not kept any more. With WithRetries(0) every failure does.
func (c *Client) Follow(ctx context.Context, q FeedQuery) iter.Seq2[Change, error] {
	if q.Wait == 0 {
		q.Wait = followWait
	}
	return func(yield func(Change, error) bool) {
		pause := time.Second
		for {
			feed, err := c.Changes(ctx, q)
			if err != nil {
				if c.retries > 0 && passing(err) && c.wait(ctx, pause) == nil {
					pause = min(2*pause, followPause)
					continue
				}
				yield(Change{}, err)
				return
			}
			pause = time.Second
			for _, change := range feed.Items {
				if !yield(change, nil) {
					return
				}
			}
			q.After = feed.Last
		}
	}
}

// passing reports whether a failure may be gone in a moment.
func passing(err error) bool {
	var refused *muster.Error
	if !errors.As(err, &refused) {
		return !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
	}
	return refused.Code == muster.CodeUnavailable || refused.Code == muster.CodeOverloaded
}
