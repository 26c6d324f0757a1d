package property_test

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster/internal/store"
)

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
