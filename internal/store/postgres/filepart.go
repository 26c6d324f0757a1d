package postgres

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/muster-groups/muster/internal/store"
)

// chunkBytes is how large a chunk of a part is at most, and how much of a part is
// read at a time at least.
const chunkBytes = 512 << 10

// WritePart opens a part for writing.
func (s *Store) WritePart(ctx context.Context, id, part, holder string, keep int64) (store.PartWriter, error) {
	w := &partWriter{store: s, ctx: ctx, id: id, part: part, holder: holder}
	const cut = `gone as (delete from file_part using mine where id = $3 and part = $4 and place >= $5),
		cut as (update file_part set body = substr(body, 1, ($5 - place)::integer) from mine where id = $3 and part = $4 and place < $5 and place + length(body) > $5)`
	if err := w.exec(cut, keep); err != nil {
		return nil, err
	}
	size, err := s.partSize(ctx, id, part)
	if err != nil {
		return nil, err
	}
	w.size = size
	return w, nil
}

// partWriter writes a part in chunks.
type partWriter struct {
	store            *Store
	ctx              context.Context
	id, part, holder string
	size             int64  // of what the database has
	waiting          []byte // what it has not
}

// Write writes. It keeps what is no whole chunk until there is more, or a Sync.
func (w *partWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		if w.waiting == nil {
			w.waiting = make([]byte, 0, chunkBytes)
		}
		taken := min(len(p), chunkBytes-len(w.waiting))
		w.waiting = append(w.waiting, p[:taken]...)
		n, p = n+taken, p[taken:]
		if len(w.waiting) == chunkBytes {
			if err := w.send(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// send writes a chunk. It need not be on disk before the answer: it is before
// whatever is committed later.
func (w *partWriter) send() error {
	if len(w.waiting) == 0 {
		return nil
	}
	err := w.exec(`soon as (select set_config('synchronous_commit', 'off', true)), came as (insert into file_part select $3, $4, $5, $6 from mine, soon)`, w.size, w.waiting)
	if err == nil {
		w.size, w.waiting = w.size+int64(len(w.waiting)), w.waiting[:0]
	}
	return err
}

// exec does something to the part if the lease is held, and keeps the lease from
// being taken by anybody else meanwhile.
func (w *partWriter) exec(what string, more ...any) error {
	if err := w.store.check(w.ctx); err != nil {
		return err
	}
	ctx, done := w.store.whileAlive(w.ctx)
	defer done()
	var held bool
	err := w.store.pool.QueryRow(ctx, `with mine as (select from lease where name = $1 and holder = $2 for share), `+what+` select exists (select from mine)`,
		append([]any{store.FileLease(w.id), w.holder, w.id, w.part}, more...)...).Scan(&held)
	switch {
	case isCode(err, "23503"): // foreign_key_violation: the label is gone
		return store.ErrChanged
	case err != nil:
		return w.store.explain(ctx, err)
	case !held:
		return store.ErrTakenOver
	}
	return nil
}

// Sync writes what waits.
func (w *partWriter) Sync() (int64, error) {
	err := w.send()
	return w.size, err
}

// Close ends the part.
func (w *partWriter) Close() error {
	_, err := w.Sync()
	return err
}

// partSize answers the size of a part.
func (s *Store) partSize(ctx context.Context, id, part string) (size int64, err error) {
	if err := s.check(ctx); err != nil {
		return 0, err
	}
	ctx, done := s.whileAlive(ctx)
	defer done()
	err = s.pool.QueryRow(ctx, `select place + length(body) from file_part where id = $1 and part = $2 order by place desc limit 1`, id, part).Scan(&size)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, s.explain(ctx, err)
	}
	return size, nil
}

// ReadPart opens a part.
func (s *Store) ReadPart(ctx context.Context, id, part string) (io.ReadCloser, int64, error) {
	size, err := s.partSize(ctx, id, part)
	return &partReader{store: s, ctx: ctx, id: id, part: part, size: size}, size, err
}

// partReader reads a part, some chunks at a time. Between them it holds nothing
// of the database.
type partReader struct {
	store    *Store
	ctx      context.Context
	id, part string
	place    int64 // up to which it was fetched
	size     int64
	left     bytes.Buffer
}

// Read reads.
func (r *partReader) Read(p []byte) (int, error) {
	if r.left.Len() == 0 {
		if r.place >= r.size {
			return 0, io.EOF
		}
		if err := r.fetch(); err != nil {
			return 0, err
		}
	}
	return r.left.Read(p)
}

func (r *partReader) fetch() error {
	if err := r.store.check(r.ctx); err != nil {
		return err
	}
	ctx, done := r.store.whileAlive(r.ctx)
	defer done()
	rows, err := r.store.pool.Query(ctx, `select body from file_part where id = $1 and part = $2 and place >= $3 and place < least($3 + $4, $5) order by place`,
		r.id, r.part, r.place, int64(chunkBytes), r.size)
	if err != nil {
		return r.store.explain(ctx, err)
	}
	r.left.Reset()
	var body pgtype.DriverBytes // valid until the next row
	_, err = pgx.ForEachRow(rows, []any{&body}, func() error {
		r.left.Write(body)
		return nil
	})
	if err != nil {
		return r.store.explain(ctx, err)
	}
	if r.left.Len() == 0 {
		return store.ErrChanged
	}
	r.place += int64(r.left.Len())
	return nil
}

// Close ends the reading.
func (r *partReader) Close() error { return nil }
