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
	s, err := e.scan(ctx, queries, report)
	if err != nil {
		return nil, err
	}
	defer s.end()
	for range scanRounds {
		dirty := s.takeDirty()
		if dirty == nil {
			break
		}
		if err := s.patchPiecewise(dirty, nil); err != nil {
			return nil, err
		}
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if err := s.patch(s.c.dirty); err != nil {
		return nil, err
	}
	s.progress.finish()
	return s.answers, nil
}

// scan is answers over all contacts, and who was touched since.
type scan struct {
	e        *Engine
	ctx      context.Context
	queries  []store.Query
	answers  []*roaring.Bitmap
	c        *collector
	progress *progress
}

// scan evaluates queries in pieces. The caller ends it.
func (e *Engine) scan(ctx context.Context, queries []store.Query, report func(share float64)) (*scan, error) {
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
	s := &scan{e: e, ctx: ctx, queries: queries, answers: make([]*roaring.Bitmap, len(queries)), c: c}
	for i, q := range queries {
		v.piece(func() { ops = append(ops, v.compiler.query(q, i)) })
	}
	v.piece(func() { parents = e.people.parents.share() })
	v.progress = newProgress(report, len(v.compiler.leaves))
	s.progress = v.progress
	for i := range queries {
		found, err := v.set(ops[i], parents)
		if err != nil {
			s.end()
			return nil, err
		}
		s.answers[i] = found
	}
	return s, nil
}

// end stops collecting.
func (s *scan) end() {
	s.e.mu.Lock()
	defer s.e.mu.Unlock()
	delete(s.e.collectors, s.c)
}

// takeDirty takes what has been collected when it is more than a few.
func (s *scan) takeDirty() *roaring.Bitmap {
	s.e.mu.Lock()
	defer s.e.mu.Unlock()
	if s.c.dirty.GetCardinality() <= fewDirty {
		return nil
	}
	taken := s.c.dirty
	s.c.dirty = roaring.New()
	return taken
}

// patchPiecewise evaluates contacts again, some at a time; look, when not nil,
// is called for each piece under the same lock, and after is what it answers to
// be done without it.
func (s *scan) patchPiecewise(contacts *roaring.Bitmap, look func(piece *roaring.Bitmap) (after func() error)) error {
	const perPiece = 256
	numbers := contacts.ToArray()
	for from := 0; from < len(numbers); from += perPiece {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		piece := roaring.BitmapOf(numbers[from:min(from+perPiece, len(numbers))]...)
		after := func() error { return nil }
		s.e.mu.RLock()
		err := s.patch(piece)
		if err == nil && look != nil {
			after = look(piece)
		}
		s.e.mu.RUnlock()
		if err == nil {
			err = after()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// patch evaluates some contacts again; the lock is held.
func (s *scan) patch(contacts *roaring.Bitmap) error {
	if contacts.IsEmpty() {
		return nil
	}
	narrowed := slices.Clone(s.queries)
	for i := range narrowed {
		narrowed[i].Of = contacts
	}
	found, err := s.e.evaluation(s.ctx, true).match(narrowed)
	if err != nil {
		return err
	}
	for i := range s.answers {
		s.answers[i].AndNot(contacts)
		s.answers[i].Or(found[i])
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
