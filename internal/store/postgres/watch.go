package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/muster-groups/muster"
)

// watch fails the store when the writing connection is gone, also while nobody
// writes; and when the server has stopped to answer in the middle of a write, of
// which no connection tells.
func (s *Store) watch() {
	ticker := time.NewTicker(pulse)
	defer ticker.Stop()
	var turn int64 // that somebody has, and since when
	var since time.Time
	for {
		select {
		case <-s.alive.Done():
			return
		case <-ticker.C:
		}
		select {
		case <-s.turn:
			s.greet()
			s.give()
			continue
		default: // somebody writes and notices when the connection breaks
		}
		if now := s.turns.Load(); now != turn {
			turn, since = now, time.Now()
		}
		if time.Since(since) < 2*pulse {
			continue
		}
		if err := s.answers(); err != nil {
			_ = s.fail(err)
			_ = s.writer.PgConn().Conn().Close() // the write ends, whatever became of it
		}
		since = time.Now()
	}
}

// greet fails the store when its writing connection does not answer. The caller
// has the turn.
func (s *Store) greet() {
	ctx, cancel := context.WithTimeout(s.alive, patience)
	defer cancel()
	if err := s.writer.Ping(ctx); err != nil && s.alive.Err() == nil {
		_ = s.fail(err)
	}
}

// answers tries twice whether the server answers a new connection, be it by
// refusing it.
func (s *Store) answers() (err error) {
	for range 2 {
		var conn *pgx.Conn
		if conn, err = connect(s.alive, s.url); err == nil {
			return conn.Close(s.alive)
		}
		var said *pgconn.PgError
		if errors.As(err, &said) || muster.CodeOf(err) != muster.CodeUnavailable {
			return nil
		}
	}
	return err
}
