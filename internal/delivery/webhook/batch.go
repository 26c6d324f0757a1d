package webhook

import (
	"context"
	"fmt"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// batch is what one request carries: the changes after one number and up to
// another that pass the filter.
type batch struct {
	from, to muster.Seq
	window   window
	items    []app.Change
}

// id is the webhook-id of the request. It names what is in it, so a request
// that is made again, by whatever process, has the same one.
func (b batch) id(endpoint string) string {
	return fmt.Sprintf("%s_%d_%d", endpoint, b.items[0].Seq, b.items[len(b.items)-1].Seq)
}

// collector reads batches for one endpoint.
type collector struct {
	feed Feed
	endpoint
	// net is the answer for netOf, which is costly to compute.
	net   *roaring.Bitmap
	netOf window
}

// longestWait is how long one request to the feed waits.
const longestWait = time.Minute

// await waits up to a time for a change after a number that passes the filter.
// It answers how far it looked.
func (c *collector) await(ctx context.Context, after muster.Seq, wait time.Duration) (looked muster.Seq, found bool, err error) {
	feed, err := c.feed.Changes(ctx, app.FeedQuery{After: after, ChangeFilter: c.filter(), Wait: wait, Limit: 1})
	if err != nil {
		return after, false, err
	}
	if len(feed.Items) == 0 {
		return feed.Last, false, nil
	}
	return feed.Items[0].Seq - 1, true, nil
}

// collect fills a batch until it is full or there is no more, or up to a
// number unless that is 0.
func (c *collector) collect(ctx context.Context, b *batch, until muster.Seq) error {
	q := app.FeedQuery{ChangeFilter: c.filter(), Limit: pageOfWindow}
	if b.window.open() {
		until = min(until-1, b.window.Until-1) + 1 // 0 is no bound
		if err := c.prepare(ctx, b.window); err != nil {
			return err
		}
	}
	for until == 0 || b.to < until {
		q.After = b.to
		page, err := c.feed.Changes(ctx, q)
		if err != nil {
			return err
		}
		for _, change := range page.Items {
			if until != 0 && change.Seq > until {
				break
			}
			if b.window.open() && !c.net.Contains(uint32(change.Seq-b.window.Since)) {
				continue
			}
			if b.items = append(b.items, change); len(b.items) == c.BatchSize {
				b.to = change.Seq
				return nil
			}
		}
		if b.to = page.Last; until != 0 {
			b.to = min(page.Last, until)
		}
		if page.Next == nil {
			return nil
		}
	}
	return nil
}

// prepare computes the net records of a window once.
func (c *collector) prepare(ctx context.Context, w window) (err error) {
	if c.netOf == w {
		return nil
	}
	c.net, err = netRecords(ctx, c.feed, w, c.Groups)
	if err == nil {
		c.netOf = w
	}
	return err
}
