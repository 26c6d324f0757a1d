package engine

import (
	"context"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// collector gathers the contacts whose answers may have changed since it was
// registered. It is written under the engine's lock.
type collector struct {
	dirty  *roaring.Bitmap
	groups map[muster.GroupNo]bool // whose membership matters
}

// fewDirty is how many contacts are re-evaluated under one lock at the end of
// a scan, and scanRounds how often a larger number is first reduced outside.
const (
	fewDirty   = 1000
	scanRounds = 8
)

// Scan evaluates queries over all contacts while writers go on. It takes the
// lock by itself, for pieces of a fraction of a millisecond. What it reads in
// different pieces may belong to different states; but every contact that any
// transaction touched meanwhile is evaluated again at the end, so that the
// answer equals Match over all contacts in the state at the return.
func (e *Engine) Scan(ctx context.Context, queries []store.Query, report func(share float64)) ([]*roaring.Bitmap, error) {
	c := &collector{dirty: roaring.New(), groups: map[muster.GroupNo]bool{}}
	for _, q := range queries {
		for leaf := range plan.Leaves(q.Node) {
			if in, ok := leaf.(*plan.InGroup); ok && q.Members[in.Group] == nil {
				c.groups[in.Group] = true
			}
		}
	}
	var ops []*op
	var parents *roaring.Bitmap
	v := e.evaluation(ctx, false)
	e.mu.Lock()
	e.collectors[c] = struct{}{}
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		delete(e.collectors, c)
		e.mu.Unlock()
	}()
	for i, q := range queries {
		v.piece(func() { ops = append(ops, v.compiler.query(q, i)) })
	}
	v.piece(func() { parents = e.people.parents.share() })
	v.progress = newProgress(report, len(v.compiler.leaves))

	answers := make([]*roaring.Bitmap, len(queries))
	for i := range queries {
		found, err := v.set(ops[i], parents)
		if err != nil {
			return nil, err
		}
		answers[i] = found
	}
	for range scanRounds {
		dirty := e.takeDirty(c, fewDirty)
		if dirty == nil {
			break
		}
		if err := e.patchPiecewise(ctx, queries, answers, dirty.ToArray()); err != nil {
			return nil, err
		}
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if err := e.patch(ctx, queries, answers, c.dirty); err != nil {
		return nil, err
	}
	v.progress.finish()
	return answers, nil
}

// takeDirty takes what has been collected when it is more than a few.
func (e *Engine) takeDirty(c *collector, few uint64) *roaring.Bitmap {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c.dirty.GetCardinality() <= few {
		return nil
	}
	taken := c.dirty
	c.dirty = roaring.New()
	return taken
}

func (e *Engine) patchPiecewise(ctx context.Context, queries []store.Query, answers []*roaring.Bitmap, contacts []uint32) error {
	const perPiece = 256
	for from := 0; from < len(contacts); from += perPiece {
		if err := ctx.Err(); err != nil {
			return err
		}
		piece := roaring.BitmapOf(contacts[from:min(from+perPiece, len(contacts))]...)
		e.mu.RLock()
		err := e.patch(ctx, queries, answers, piece)
		e.mu.RUnlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// patch evaluates some contacts again; the lock is held.
func (e *Engine) patch(ctx context.Context, queries []store.Query, answers []*roaring.Bitmap, contacts *roaring.Bitmap) error {
	if contacts.IsEmpty() {
		return nil
	}
	narrowed := slices.Clone(queries)
	for i := range narrowed {
		narrowed[i].Of = contacts
	}
	found, err := e.evaluation(ctx, true).match(narrowed)
	if err != nil {
		return err
	}
	for i := range answers {
		answers[i].AndNot(contacts)
		answers[i].Or(found[i])
	}
	return nil
}

// progress reports a rising share of the work, a leaf being one part.
type progress struct {
	mu       sync.Mutex
	report   func(float64)
	parts    float64
	done     float64
	reported float64
}

func newProgress(report func(float64), parts int) *progress {
	if report == nil {
		return nil
	}
	return &progress{report: report, parts: float64(max(parts, 1))}
}

// advance notes that one of n pieces of a leaf is done.
func (p *progress) advance(n int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += 1 / float64(n)
	if share := min(p.done/p.parts, 0.99); share >= p.reported+0.01 {
		p.reported = share
		p.report(share)
	}
}

func (p *progress) finish() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.report(1)
}
