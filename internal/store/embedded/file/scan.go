package file

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ncruces/go-sqlite3"
)

// table says how to read a large table in batches.
type table[B any] struct {
	sql       string // binds the first and last key
	low, high int64
	// step is how many keys a batch spans, so that several readers can share the
	// table. 0 is for keys that are not dense: one reader fills batches of rows.
	step    int64
	rows    int                                   // how many rows are a batch of one reader; 0 is rowsPerBatch
	read    func(s *sqlite3.Stmt, batch *B) error // adds the current row
	deliver func(batch *B, keys int64) error      // takes a batch and empties it
}

// rowsPerBatch is how many rows one reader puts into a batch.
const rowsPerBatch = 4096

// delivery is a filled batch, and how many keys it spans.
type delivery[B any] struct {
	batch *B
	keys  int64
}

// scan reads and decodes the table on goroutines of its own and delivers the
// batches in order of key on the calling one. Reader i has batches i, i+n,
// i+2n..., each with two batches in hand, so memory stays small.
func scan[B any](ctx context.Context, f *File, t table[B]) (err error) {
	n := readers
	if t.step == 0 || t.high-t.low < t.step {
		n = 1
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	full := make([]chan delivery[B], n)
	free := make([]chan *B, n)
	failed := make(chan error, n)
	for i := range n {
		full[i], free[i] = make(chan delivery[B], 2), make(chan *B, 2)
		free[i] <- new(B)
		free[i] <- new(B)
		running.Go(func() {
			defer close(full[i])
			if err := readTable(ctx, f, &t, int64(i), int64(n), free[i], full[i]); err != nil {
				failed <- err
			}
		})
	}
	for i := 0; ; i = (i + 1) % n {
		d, more := <-full[i]
		if !more {
			break
		}
		if err := t.deliver(d.batch, d.keys); err != nil {
			return err
		}
		free[i] <- d.batch
	}
	// The reader of the next batch has ended, for want of keys or by failing;
	// then the others end, or fail, as well.
	cancel()
	running.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

func readTable[B any](ctx context.Context, f *File, t *table[B], i, n int64, free <-chan *B, full chan<- delivery[B]) (err error) {
	db, err := connect(f.path, f.options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Exec("PRAGMA query_only = ON; PRAGMA cache_size = -2000"); err != nil {
		return err
	}
	s, _, err := db.Prepare(t.sql)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	step, most := t.step, t.rows
	if most == 0 {
		most = rowsPerBatch
	}
	if n == 1 {
		step = t.high - t.low + 1
	}
	for low := t.low + i*step; low <= t.high; low += n * step {
		if err := errors.Join(s.BindInt64(1, low), s.BindInt64(2, min(low+step-1, t.high))); err != nil {
			return err
		}
		var batch *B
		rows, spanned := 0, low
		for more := true; more; {
			if batch == nil {
				select {
				case batch = <-free:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			if more = s.Step(); more {
				if err := t.read(s, batch); err != nil {
					return err
				}
				rows++
			}
			if more && (n > 1 || rows%most != 0) {
				continue
			}
			last := min(low+step-1, t.high)
			if more {
				last = s.ColumnInt64(0)
			}
			full <- delivery[B]{batch, last - spanned + 1}
			batch, spanned = nil, last+1
		}
		if err := readError(s); err != nil {
			return fmt.Errorf("read %s: %w", f.path, err)
		}
	}
	return nil
}

// readError ends the reading of a statement and answers what stopped it, if
// anything but the end did.
func readError(s *sqlite3.Stmt) error {
	stepped := s.Err()
	reset := s.Reset()
	if stepped != nil {
		return stepped
	}
	return reset
}
