package engine

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Gather evaluates a query as Scan does, and reads the contacts that it finds
// in pieces too. Whoever is touched after having been read is read again: the
// last few, who are read under one lock with the evaluation, make the answer
// one state.
func (e *Engine) Gather(ctx context.Context, q store.Query, keep func([]muster.Contact) error, look func(store.View) error) (*roaring.Bitmap, error) {
	s, err := e.scan(ctx, []store.Query{q}, nil)
	if err != nil {
		return nil, err
	}
	defer s.end()
	if keep != nil {
		if err := s.readPiecewise(s.answers[0].Clone(), keep); err != nil {
			return nil, err
		}
	}
	for range scanRounds {
		dirty := s.takeDirty()
		if dirty == nil {
			break
		}
		err := s.patchPiecewise(dirty, func(piece *roaring.Bitmap) func() error {
			found := s.read(piece, keep)
			return func() error { return hand(found, keep) }
		})
		if err != nil {
			return nil, err
		}
	}
	found, err := s.finish(keep, look)
	if err == nil {
		err = hand(found, keep)
	}
	return s.answers[0], err
}

// finish reads who is left, in the state that the answer is of.
func (s *scan) finish(keep func([]muster.Contact) error, look func(store.View) error) ([]muster.Contact, error) {
	s.e.mu.RLock()
	defer s.e.mu.RUnlock()
	if err := s.patch(s.c.dirty); err != nil {
		return nil, err
	}
	found := s.read(s.c.dirty, keep)
	if look == nil {
		return found, nil
	}
	return found, look(s.e)
}

// readPiecewise reads contacts, some at a time.
func (s *scan) readPiecewise(contacts *roaring.Bitmap, keep func([]muster.Contact) error) error {
	room := courtesy{e: s.e, calls: s.e.calls.Load()}
	numbers := make([]uint32, 128)
	for it := contacts.ManyIterator(); ; {
		n := it.NextMany(numbers)
		if n == 0 {
			return nil
		}
		if err := s.ctx.Err(); err != nil {
			return err
		}
		s.e.mu.RLock()
		found := s.read(roaring.BitmapOf(numbers[:n]...), keep)
		s.e.mu.RUnlock()
		if err := hand(found, keep); err != nil {
			return err
		}
		room.make()
	}
}

// read answers those of some contacts that are in the answer; the lock is held.
// One that is gone was touched, and will be looked at again.
func (s *scan) read(contacts *roaring.Bitmap, keep func([]muster.Contact) error) []muster.Contact {
	if keep == nil {
		return nil
	}
	in := roaring.And(contacts, s.answers[0])
	found := make([]muster.Contact, 0, in.GetCardinality())
	for it := in.Iterator(); it.HasNext(); {
		if c, err := s.e.Contact(muster.ContactNo(it.Next())); err == nil {
			found = append(found, c)
		}
	}
	return found
}

// hand hands contacts over, without the lock.
func hand(found []muster.Contact, keep func([]muster.Contact) error) error {
	if len(found) == 0 {
		return nil
	}
	return keep(found)
}
