package client

import (
	"context"
	"strconv"
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
	After muster.Seq
	Group string
	Wait  time.Duration // up to a minute
	Limit int
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
	return get[Feed](ctx, c, "/changes"+query("after", after, "group", q.Group, "wait", wait, "limit", number(q.Limit)))
}
