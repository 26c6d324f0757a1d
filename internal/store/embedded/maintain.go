package embedded

import (
	"context"
)

const (
	// pagesToMove is the size of the write-ahead log, in pages of 4 KiB, from
	// which it is moved into the database beside the commits.
	pagesToMove = 2000
	// pagesAtMost is the size from which commits wait for the move, which is then
	// nearly done: under constant load it would otherwise never catch up.
	pagesAtMost = 16_000
	// changesPerBase is how many change records a start replays at most, about.
	changesPerBase = 200_000
	// partsPerCall bounds how long one Maintain works.
	partsPerCall = 16
)

// Maintain does the physical part of erasure and retention, and keeps
// memberships. It holds up writers for a few milliseconds at a time.
func (s *Store) Maintain(ctx context.Context) (more bool, err error) {
	for range partsPerCall {
		if more, err = s.purge(ctx); err != nil || !more {
			break
		}
	}
	if err != nil || more {
		return more, err
	}
	if more, err = s.fold(ctx); err != nil || more {
		return more, err
	}
	return false, s.settle(ctx)
}

// purge does one bounded piece of what erasure and retention left.
func (s *Store) purge(ctx context.Context) (more bool, err error) {
	if err := s.take(ctx); err != nil {
		return false, err
	}
	defer s.give()
	s.engine.Lock()
	inMemory := s.engine.Purge()
	inMemory = s.engine.Pack() || inMemory
	err = nil
	if c := s.engine.TakeCommit(); len(c.Dropped) > 0 {
		err = s.file.Commit(c)
	}
	if err != nil {
		err = s.fail(err)
	}
	s.engine.Unlock()
	if err != nil {
		return false, err
	}
	onDisk, err := s.file.Purge(ctx)
	if err != nil {
		if gone := ctx.Err(); gone != nil {
			return false, gone
		}
		return false, s.fail(err)
	}
	return inMemory || onDisk, nil
}

// floorsAtOnce bounds how many memberships one step of folding keeps.
const floorsAtOnce = 16

// fold does one bounded piece of folding what lies before the horizon: first in
// memory, then the floors are kept, then the change records are deleted. A crash
// between these steps loses nothing: a start reads floors that are kept and the
// records after them, and what is left is folded again.
func (s *Store) fold(ctx context.Context) (more bool, err error) {
	if err := s.take(ctx); err != nil {
		return false, err
	}
	defer s.give()
	s.engine.Lock()
	more = s.engine.Fold()
	folded, horizon := s.engine.Folded(), s.engine.Horizon()
	s.engine.Unlock()
	if more || folded == s.foldedAt {
		return more, nil
	}
	if folded > s.basesKept {
		if err := s.writeBases(); err != nil {
			return false, err
		}
	}
	if kept, err := s.writeFloors(); kept || err != nil {
		return kept, err
	}
	if more, err = s.file.DropChanges(); err != nil {
		return false, s.fail(err)
	}
	if !more {
		s.foldedAt = folded
		s.log.Info("history before the horizon is folded", "horizon", horizon.At.String(), "record", uint64(folded))
	}
	return more, nil
}

// writeFloors keeps some memberships before the horizon, if there are any that
// are not kept; the caller has the turn.
func (s *Store) writeFloors() (wrote bool, err error) {
	s.engine.Lock()
	floors := s.engine.TakeFloors(floorsAtOnce)
	s.engine.Unlock()
	if len(floors) == 0 {
		return false, nil
	}
	if err := s.file.WriteFloors(floors); err != nil {
		return false, s.fail(err)
	}
	return true, nil
}

// settle keeps memberships when there is reason to, and takes what has been
// deleted out of the log.
func (s *Store) settle(ctx context.Context) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	scrub := s.file.NeedsTruncate()
	if scrub || s.engine.LastSeq() >= s.basesAt+changesPerBase {
		if err := s.writeBases(); err != nil {
			return err
		}
	}
	if !scrub {
		return nil
	}
	for wrote := true; wrote; {
		var err error
		if wrote, err = s.writeFloors(); err != nil {
			return err
		}
	}
	if err := s.file.Truncate(); err != nil {
		return s.fail(err)
	}
	return nil
}

// writeBases keeps every group's membership; the caller has the turn.
func (s *Store) writeBases() error {
	s.engine.RLock()
	bases, seq := s.engine.Bases(), s.engine.LastSeq()
	s.engine.RUnlock()
	if err := s.file.WriteBases(bases); err != nil {
		return s.fail(err)
	}
	s.basesAt, s.basesKept = seq, seq
	return nil
}

// moveLog moves the write-ahead log into the database whenever it has grown,
// until the store ends.
func (s *Store) moveLog() {
	for {
		select {
		case <-s.alive.Done():
			return
		case <-s.grown:
		}
		if err := s.file.Checkpoint(); err != nil {
			s.fail(err)
			return
		}
		if s.file.LogPages() < pagesAtMost || s.take(s.alive) != nil {
			continue
		}
		err := s.file.Checkpoint()
		s.give()
		if err != nil {
			s.fail(err)
			return
		}
	}
}
