package property_test

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster/internal/store"
)

// interruptible is a store whose scans can be interrupted.
type interruptible interface {
	store.Store
	interruptions() *interrupted
}

// interrupt makes a store interruptible. One that several processes share stays one.
func interrupt(st store.Store) interruptible {
	if several, ok := st.(store.Shared); ok {
		return &interruptedShared{several, interrupted{Store: st}}
	}
	return &interrupted{Store: st}
}

type interruptedShared struct {
	store.Shared
	scans interrupted
}

func (s *interruptedShared) interruptions() *interrupted { return &s.scans }

// Scan does the first of what waits on either side of the scan.
func (s *interruptedShared) Scan(ctx context.Context, queries []store.Query, progress func(float64)) ([]*roaring.Bitmap, error) {
	return s.scans.Scan(ctx, queries, progress)
}

func (s *interrupted) interruptions() *interrupted { return s }

// interrupted is a store during whose scans other things happen: before the
// snapshot of a scan and after it, but before its answer is in.
type interrupted struct {
	store.Store
	before, after []func() error
	doing         bool  // what happens may scan as well, which interrupts nothing
	err           error // the first
}

// Scan does the first of what waits on either side of the scan.
func (s *interrupted) Scan(ctx context.Context, queries []store.Query, progress func(float64)) ([]*roaring.Bitmap, error) {
	s.next(&s.before)
	sets, err := s.Store.Scan(ctx, queries, progress)
	s.next(&s.after)
	return sets, err
}

func (s *interrupted) next(list *[]func() error) {
	if len(*list) == 0 || s.doing {
		return
	}
	do := (*list)[0]
	*list = (*list)[1:]
	s.doing = true
	defer func() { s.doing = false }()
	if err := do(); err != nil && s.err == nil {
		s.err = err
	}
}
