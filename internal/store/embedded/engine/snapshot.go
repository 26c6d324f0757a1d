package engine

import (
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
)

// snapshot is a set that readers may keep: once it has been handed out it is
// never changed again, and the next edit goes to a copy.
type snapshot struct {
	set    *roaring.Bitmap
	shared *atomic.Bool
}

func newSnapshot() snapshot { return snapshot{set: roaring.New(), shared: new(atomic.Bool)} }

// share answers the set for keeping. The engine's lock is held, for reading at least.
func (s *snapshot) share() *roaring.Bitmap {
	s.shared.Store(true)
	return s.set
}

// edit answers the set for changing. The engine's lock is held for writing.
func (s *snapshot) edit() *roaring.Bitmap {
	if s.shared.Load() {
		s.set = s.set.Clone()
		s.shared.Store(false)
	}
	return s.set
}
