package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// A connection answers one question after the other, on one processor. Before a
// transaction has written anything, a second connection knows the same as it
// does: whoever has the turn is the only one who could write. Where much is to be
// looked at, as when the clock moves, each is asked about half of it.

// enough is from how many looks on, about as many contacts, questions are divided.
const enough = 200

// second is the connection beside the one that writes. It belongs to whoever has
// the turn.
type second struct {
	conn  *pgx.Conn // nil is none
	later time.Time // before which none is opened
}

// question is one of several that are asked together.
type question struct {
	*pgx.QueuedQuery
	looks int // that it takes, about
}

// all asks questions in one journey, or in two at once. Their answers are sets:
// they may be told anything twice.
func (r *reading) all(list []question) error {
	if r.divide != nil {
		if mine, others := divided(list); others.Len() > 0 {
			return r.divide(mine, others)
		}
	}
	return r.together(batchOf(list))
}

// divided gives each question to whoever has less to look at, if they take enough looks.
func divided(list []question) (mine, others *pgx.Batch) {
	var first, second []question
	here, there := 0, 0
	for _, q := range list {
		if there < here {
			second, there = append(second, q), there+q.looks
		} else {
			first, here = append(first, q), here+q.looks
		}
	}
	if here+there < enough {
		return batchOf(list), batchOf(nil)
	}
	return batchOf(first), batchOf(second)
}

// batchOf makes a batch that no connection has seen yet.
func batchOf(list []question) *pgx.Batch {
	batch := &pgx.Batch{}
	for _, q := range list {
		batch.QueuedQueries = append(batch.QueuedQueries, &pgx.QueuedQuery{SQL: q.SQL, Arguments: q.Arguments, Fn: q.Fn})
	}
	return batch
}

// divide asks both connections. What the second one cannot answer the first is asked.
func (s *Store) divide(t *transaction, mine, others *pgx.Batch) error {
	var again []question
	for _, q := range others.QueuedQueries {
		again = append(again, question{QueuedQuery: q})
	}
	if t.wrote || !s.haveSecond(t.ctx) {
		mine.QueuedQueries = append(mine.QueuedQueries, others.QueuedQueries...)
		return t.together(mine)
	}
	ctx, done := s.whileAlive(t.ctx)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer done()
	defer cancel()
	answered := make(chan error, 1)
	go func() { answered <- s.second.conn.SendBatch(ctx, others).Close() }()
	err := t.together(mine)
	failed := <-answered
	if failed == nil || err != nil {
		return err
	}
	s.log.Debug("questions go to one connection", "error", failed)
	s.closeSecond()
	return t.together(batchOf(again))
}

// haveSecond opens the second connection unless it is there, or could not be
// opened a moment ago.
func (s *Store) haveSecond(ctx context.Context) bool {
	if s.second.conn != nil && !s.second.conn.IsClosed() {
		return true
	}
	if s.sharded || time.Now().Before(s.second.later) { // on a cluster what was committed is not everywhere at once
		return false
	}
	s.second.later = time.Now().Add(time.Minute)
	ctx, done := s.whileAlive(ctx)
	defer done()
	conn, err := connect(ctx, s.url)
	if err == nil {
		s.second.conn = conn
		if err = prepare(ctx, conn, false); err == nil {
			_, err = conn.Exec(ctx, `set default_transaction_read_only = on`)
		}
	}
	if err != nil {
		s.log.Debug("the second connection could not be opened", "error", err)
		s.closeSecond()
	}
	return err == nil
}

// closeSecond closes the second connection, which another may replace in a while.
func (s *Store) closeSecond() {
	if s.second.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_ = s.second.conn.Close(ctx) // it has only read
	s.second = second{later: time.Now().Add(time.Minute)}
}
