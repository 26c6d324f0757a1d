package postgres

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// OpenSharded opens a store that takes the database for a cluster: it does what
// only a cluster needs.
func OpenSharded(ctx context.Context, url string) (*Store, error) {
	s, err := Open(ctx, url, Options{})
	if err != nil {
		return nil, err
	}
	<-s.turn
	defer s.give()
	s.pool.Close()
	if err := s.shard(ctx); err != nil {
		return nil, err
	}
	if err := prepare(ctx, s.writer, true); err != nil {
		return nil, err
	}
	s.pool, err = s.openPool(ctx, Options{})
	return s, err
}

// Plans answers how the writing connection and the others come by the plans of
// their statements.
func (s *Store) Plans(ctx context.Context) (writing, reading string, err error) {
	<-s.turn
	defer s.give()
	const how = `show plan_cache_mode`
	return writing, reading, errors.Join(s.writer.QueryRow(ctx, how).Scan(&writing), s.pool.QueryRow(ctx, how).Scan(&reading))
}

// DistributeFirst distributes a database that has been brought to the first schema
// version that can be.
func DistributeFirst(ctx context.Context, url string) (err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	files, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil {
		return err
	}
	for _, name := range files[:6] {
		if _, err := step(ctx, conn, name); err != nil {
			return err
		}
	}
	statements, err := distribution(ctx, conn)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// Mover moves shards of what it takes for a cluster.
type Mover struct{ mover }

// NewMover answers one that waits so long for readers that began before.
func NewMover(ctx context.Context, url string, patience time.Duration) (*Mover, error) {
	m := &Mover{mover{patience: patience, log: slog.New(slog.DiscardHandler)}}
	var err error
	if m.conn, err = connect(ctx, url, m.doubt.hear); err != nil {
		return nil, err
	}
	return m, prepare(ctx, m.conn, true)
}

func (m *Mover) Plan(ctx context.Context) ([]Move, error)   { return m.plan(ctx) }
func (m *Mover) Move(ctx context.Context, move *Move) error { return m.move(ctx, move) }
func (m *Mover) Close(ctx context.Context) error            { return m.close(ctx) }

// ReadMoves reads moves as Citus plans them.
func ReadMoves(rows pgx.Rows) ([]Move, error) { return readMoves(rows) }

// Second answers the process of the server behind the connection that is asked
// beside the writing one, when it has been opened; 0 is none.
func (s *Store) Second() uint32 {
	b := &s.second
	b.mu.Lock()
	defer b.mu.Unlock()
	if opening := b.opening; opening != nil {
		b.mu.Unlock()
		<-opening
		b.mu.Lock()
	}
	if b.conn == nil {
		return 0
	}
	return b.conn.PgConn().PID()
}

// OpenSecondNow lets the second connection be opened anew at once.
func (s *Store) OpenSecondNow() {
	s.second.mu.Lock()
	defer s.second.mu.Unlock()
	s.second.later = time.Time{}
}
