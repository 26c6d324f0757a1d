// Package embedded is the default store: memory that answers every question
// (package engine) over a durable file that is read once, at start (package
// file). This package is what holds the two together: the order of locks, what
// happens when a commit fails, and housekeeping.
//
// It must not know how sets are computed or rows are encoded, condition types
// or identity rules.
//
// Locks are taken in this order: the turn (one writer at a time), the engine's
// lock. A transaction holds the engine's lock for reading until its first
// write, and for writing from then until the file's commit has returned, so no
// reader sees what is not durable.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded/engine"
	"github.com/muster-groups/muster/internal/store/embedded/file"
)

// Options are what a caller may choose. The zero Options are the defaults.
type Options struct {
	// Progress, when not nil, is told how far the start is: a stage ("load") and
	// a rising share of it in [0,1]. It is called on the goroutine of Open.
	Progress func(stage string, share float64)
	// Logger hears of housekeeping and of the failure that ends the store; nil is silent.
	Logger *slog.Logger
	// VFS names a registered SQLite file system; "" is the operating system's.
	VFS string
}

// Store is the embedded store.
type Store struct {
	engine *engine.Engine
	file   *file.File
	log    *slog.Logger

	turn  chan struct{} // holds one token; who has it may write
	alive context.Context
	end   context.CancelCauseFunc // with what calls are answered from then on

	failing sync.Once
	failed  chan struct{}
	failure error

	grown   chan struct{} // the log has grown
	running sync.WaitGroup
	closing sync.Once
	closed  error

	// Who has the turn:
	basesAt   muster.Seq // the last record in the memberships kept, or loaded
	basesKept muster.Seq // the same, of those that this process has kept
	foldedAt  muster.Seq // up to which records are folded, in memory and on disk
}

var _ store.Store = (*Store)(nil)

// Open opens or makes the store in a directory and reads it into memory. It
// answers CodeUnavailable when another process holds the directory, when a
// newer program wrote it and when it is damaged.
func Open(ctx context.Context, dir string, options Options) (*Store, error) {
	f, err := file.Open(dir, file.Options{VFS: options.VFS})
	if err != nil {
		return nil, unusable(dir, err)
	}
	s := &Store{
		engine: engine.New(), file: f, log: options.Logger,
		turn: make(chan struct{}, 1), failed: make(chan struct{}), grown: make(chan struct{}, 1),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var progress func(done, total int64)
	if options.Progress != nil {
		progress = func(done, total int64) { options.Progress("load", float64(done)/float64(max(total, 1))) }
	}
	if err := f.Load(ctx, s.engine.Sink(), progress); err != nil {
		return nil, unusable(dir, errors.Join(err, f.Close()))
	}
	// What a crash left in the log, also of erased contacts, moves now.
	if err := f.Truncate(); err != nil {
		return nil, unusable(dir, errors.Join(err, f.Close()))
	}
	s.basesAt = s.engine.LastSeq()
	s.alive, s.end = context.WithCancelCause(context.Background())
	s.turn <- struct{}{}
	s.running.Go(s.moveLog)
	return s, nil
}

// unusable says what to do about a directory that cannot be opened. Errors that
// say so themselves, and giving up, stay as they are.
func unusable(dir string, err error) error {
	var said *muster.Error
	switch {
	case errors.As(err, &said), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case file.Damaged(err):
		return &muster.Error{
			Code: muster.CodeUnavailable, Err: err,
			Message: fmt.Sprintf("The database in %s is damaged. Restore a backup.", dir),
		}
	}
	return &muster.Error{
		Code: muster.CodeUnavailable, Err: err,
		Message: fmt.Sprintf("The data directory %s cannot be used: %v.", dir, err),
	}
}

// take waits for the turn to write. A store that has ended gives none.
func (s *Store) take(ctx context.Context) error {
	select {
	case <-s.turn:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.alive.Done():
		return context.Cause(s.alive)
	}
	if err := s.check(ctx); err != nil {
		s.give()
		return err
	}
	return nil
}

func (s *Store) give() { s.turn <- struct{}{} }

// check answers why nothing can be answered any more, if so.
func (s *Store) check(ctx context.Context) error {
	if err := context.Cause(s.alive); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// View runs fn over one consistent committed state.
func (s *Store) View(ctx context.Context, fn func(store.View) error) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	s.engine.RLock()
	defer s.engine.RUnlock()
	// Whoever held the lock may have failed, and left what is not on disk.
	if err := s.check(ctx); err != nil {
		return err
	}
	return fn(s.engine)
}

// Scan evaluates queries while writes go on.
func (s *Store) Scan(ctx context.Context, queries []store.Query, progress func(share float64)) ([]*roaring.Bitmap, error) {
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.alive, func() { cancel(context.Cause(s.alive)) })()
	everybody := slices.Clone(queries)
	for i := range everybody {
		everybody[i].Of = nil
	}
	sets, err := s.engine.Scan(ctx, everybody, progress)
	if gone := s.check(ctx); gone != nil {
		return nil, gone
	}
	if err != nil {
		return nil, err
	}
	for i, q := range queries {
		if q.Of != nil {
			sets[i].And(q.Of)
		}
	}
	return sets, nil
}

// Gather evaluates a query over all contacts and reads those that satisfy it
// while writes go on.
func (s *Store) Gather(ctx context.Context, q store.Query, keep func([]muster.Contact) error, look func(store.View) error) (*roaring.Bitmap, error) {
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.alive, func() { cancel(context.Cause(s.alive)) })()
	set, err := s.engine.Gather(ctx, q, keep, look)
	if gone := s.check(ctx); gone != nil {
		return nil, gone
	}
	if err != nil {
		return nil, err
	}
	return set, nil
}

// Stats answers sizes.
func (s *Store) Stats(ctx context.Context) (store.Stats, error) {
	if err := s.check(ctx); err != nil {
		return store.Stats{}, err
	}
	s.engine.RLock()
	stats := s.engine.Stats()
	s.engine.RUnlock()
	disk, err := s.file.Size()
	if err != nil {
		return store.Stats{}, err
	}
	stats.Bytes["disk"] = disk
	return stats, s.check(ctx)
}

// Failed is closed when the store has failed for good.
func (s *Store) Failed() <-chan struct{} { return s.failed }

// Err says why the store has failed; nil while it has not.
func (s *Store) Err() error {
	select {
	case <-s.failed:
		return s.failure
	default:
		return nil
	}
}

// fail ends the store for good and answers what callers hear of it.
func (s *Store) fail(err error) error {
	s.failing.Do(func() {
		s.failure = &muster.Error{
			Code: muster.CodeUnavailable, Err: err,
			Message: "The store could not write and has stopped; nothing that was acknowledged is lost. Free the disk or repair it, and restart.",
		}
		s.end(s.failure)
		close(s.failed)
		s.log.Error("the store has failed and must be restarted", "error", err)
	})
	return s.failure
}

// Close finishes the running transaction, keeps the memberships so that the
// next start need not replay the log, and releases the directory. A second
// Close answers what the first did.
func (s *Store) Close() error {
	s.closing.Do(func() {
		var errs []error
		select {
		case <-s.turn: // and it is never given back
			if s.Err() == nil { // no write may follow a failure
				errs = append(errs, s.writeBases())
			}
			s.end(muster.Errorf(muster.CodeUnavailable, "The store is closed."))
		case <-s.failed:
			<-s.turn
		}
		s.running.Wait()
		s.closed = errors.Join(append(errs, s.file.Close())...)
	})
	return s.closed
}
