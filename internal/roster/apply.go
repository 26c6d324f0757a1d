package roster

import (
	"context"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// maxCommitItems bounds how many items one commit takes from the queue.
const maxCommitItems = 10_000

// expected is how many items ahead a store in memory is told of: few enough that
// what it fetches for them is still near when they are applied.
const expected = 128

// foreseenFrom is from how many items on a batch is looked at before its turn.
const foreseenFrom = 100

// request is one batch that waits for its commit. done, result and err belong
// to whoever holds Roster.commit.
type request struct {
	batch muster.Batch
	// foreseen is what a shared store has read of the batch before its turn; nil is nothing.
	foreseen store.Foreseen

	done   bool
	result muster.BatchResult
	err    error
	// named are the contacts the batch concerned, for its entered and left.
	named *roaring.Bitmap
}

// queue holds the requests that wait, in order of arrival.
type queue struct {
	mu    sync.Mutex
	list  []*request
	items int
}

func (q *queue) push(req *request, limit int) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.items > 0 && q.items+len(req.batch.Items) > limit {
		return muster.Errorf(muster.CodeOverloaded, "too many changes wait to be written; try again in a second")
	}
	q.list = append(q.list, req)
	q.items += len(req.batch.Items)
	return nil
}

// first answers what waits, up to a number of items, without taking it off.
func (q *queue) first(limit int) []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, items := 0, 0
	for n < len(q.list) && (n == 0 || items+len(q.list[n].batch.Items) <= limit) {
		items += len(q.list[n].batch.Items)
		n++
	}
	return slices.Clone(q.list[:n])
}

func (q *queue) waiting() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.items > 0
}

func (q *queue) drop(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, req := range q.list[:n] {
		q.items -= len(req.batch.Items)
	}
	q.list = slices.Delete(q.list, 0, n)
}

// Apply validates and applies a batch, durably, and brings every group up to
// date in the same commit. Items are refused one by one, in their results; the
// error is for the batch as a whole (CodeOverloaded, CodeUnavailable).
//
// Batches that wait at the same time share a commit (whoever gets the turn
// commits for all), unless they name the same contact.
func (r *Roster) Apply(ctx context.Context, batch muster.Batch) (muster.BatchResult, error) {
	if err := ctx.Err(); err != nil {
		return muster.BatchResult{}, err
	}
	req := &request{batch: batch, foreseen: r.foresee(ctx, batch)}
	if err := r.queue.push(req, r.opts.MaxQueue); err != nil {
		return muster.BatchResult{}, err
	}
	r.commit.Lock()
	defer r.commit.Unlock()
	for !req.done {
		// The commit carries other people's changes too, so it outlives this caller.
		r.drain(context.WithoutCancel(ctx))
	}
	return req.result, req.err
}

// foresee reads what a batch is about where others are likely to have the turn
// now. Of few changes it is not worth a journey of its own.
func (r *Roster) foresee(ctx context.Context, batch muster.Batch) store.Foreseen {
	if r.share.store == nil || len(batch.Items) < foreseenFrom || !r.share.crowded.Load() && !r.queue.waiting() {
		return nil
	}
	return r.share.store.Foresee(ctx, batch.Items)
}

// drain commits the first requests of the queue. The caller holds r.commit.
func (r *Roster) drain(ctx context.Context) {
	waiting := r.queue.first(maxCommitItems)
	taken := 0
	r.heard.begin()
	c, err := r.write(ctx, func(c *commit) error {
		c.expect(waiting)
		named := roaring.New()
		for _, req := range waiting {
			if taken > 0 && c.namesOneOf(req.batch, named) {
				break
			}
			taken++
			if req.err = c.holds(req.batch.Lease); req.err != nil {
				continue
			}
			c.applyBatch(req)
			if c.failed != nil {
				return c.failed
			}
			named.Or(req.named)
		}
		return r.heard.write(c)
	})
	if err != nil {
		taken = max(taken, 1)
	}
	for _, req := range waiting[:taken] {
		req.done = true
		switch {
		case err != nil:
			req.result, req.err = muster.BatchResult{}, err
		case req.err == nil:
			c.answer(req)
		}
	}
	r.queue.drop(taken)
}

// expect tells a store that others share, which is far away, of all changes at
// once: each question that is not expected costs a journey.
func (c *commit) expect(waiting []*request) {
	if c.r.share.store == nil {
		return
	}
	var items []muster.Item
	var foreseen []store.Foreseen
	for _, req := range waiting {
		items = append(items, req.batch.Items...)
		if req.foreseen != nil {
			foreseen = append(foreseen, req.foreseen)
			req.foreseen = nil
		}
	}
	if len(foreseen) > 0 {
		c.tx.(store.SharedTx).Know(foreseen)
	}
	c.tx.Expect(items)
}

// namesOneOf reports whether a batch names a contact that this commit has
// concerned already: its answer must not mix with another's.
func (c *commit) namesOneOf(batch muster.Batch, named *roaring.Bitmap) bool {
	for _, item := range batch.Items {
		for _, no := range c.ownersOf(item) {
			if no != 0 && named.Contains(uint32(no)) {
				return true
			}
		}
	}
	return false
}

func (c *commit) ownersOf(item muster.Item) []muster.ContactNo {
	switch {
	case item.Contact != nil:
		return c.owners(item.Contact.Who)
	case item.Activity != nil:
		return c.owners(item.Activity.Who)
	case item.Merge != nil:
		a, _ := c.tx.ByID(item.Merge.Contact)
		b, _ := c.tx.ByID(item.Merge.Into)
		return []muster.ContactNo{a, b}
	case item.Erase != nil:
		no, _ := c.tx.ByID(*item.Erase)
		return []muster.ContactNo{no}
	}
	return nil
}

func (c *commit) owners(who muster.Identifiers) []muster.ContactNo {
	var out []muster.ContactNo
	if !who.ID.IsZero() {
		no, _ := c.tx.ByID(who.ID)
		out = append(out, no)
	}
	if who.ExternalID != "" {
		out = append(out, c.tx.ByExternalID(who.ExternalID))
	}
	if who.Email != "" {
		out = append(out, c.tx.ByEmail(who.Email))
	}
	if who.VisitorID != "" {
		out = append(out, c.tx.ByVisitor(who.VisitorID))
	}
	return out
}

// applyBatch applies the items one by one.
func (c *commit) applyBatch(req *request) {
	req.named = roaring.New()
	req.result = muster.BatchResult{At: c.at, Items: make([]muster.ItemResult, len(req.batch.Items))}
	for i, item := range req.batch.Items {
		if c.r.share.store == nil && i%expected == 0 {
			c.tx.Expect(req.batch.Items[i:min(i+expected, len(req.batch.Items))])
		}
		result, err := c.applyItem(req, item)
		if c.failed != nil {
			return
		}
		if err != nil {
			result = muster.ItemResult{Status: muster.Rejected, Err: err}
		}
		req.result.Items[i] = result
	}
	if req.batch.Note != nil {
		note := req.batch.Note(req.result.Items)
		if c.must(foreign(note.Kind)) {
			c.must(c.tx.Put(note.Kind, note.Code, note.Body))
		}
	}
}

func (c *commit) applyItem(req *request, item muster.Item) (muster.ItemResult, error) {
	switch {
	case item.Contact != nil:
		return c.applyContact(req, item.Contact)
	case item.Activity != nil:
		return c.applyActivity(req, item.Activity)
	case item.Merge != nil:
		return c.applyMerge(req, item.Merge)
	case item.Erase != nil:
		return c.applyErase(req, *item.Erase)
	}
	return muster.ItemResult{}, muster.Errorf(muster.CodeInvalid, "the item is empty: expected a contact, an activity, a merge or an erasure")
}

// answer gathers a request's entered and left from the commit's differences.
func (c *commit) answer(req *request) {
	for _, d := range c.diffs {
		for it := roaring.And(d.entered, req.named).Iterator(); it.HasNext(); {
			req.result.Entered = append(req.result.Entered, muster.GroupMove{Group: d.code, Contact: c.ids[muster.ContactNo(it.Next())]})
		}
		for it := roaring.And(d.left, req.named).Iterator(); it.HasNext(); {
			req.result.Left = append(req.result.Left, muster.GroupMove{Group: d.code, Contact: c.ids[muster.ContactNo(it.Next())]})
		}
	}
}

// must notes an error of the store in the middle of a commit: nothing of the
// commit may stay.
func (c *commit) must(err error) bool {
	if err != nil && c.failed == nil {
		c.failed = err
	}
	return err == nil
}
