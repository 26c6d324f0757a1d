package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// A connection answers one question after the other, on one processor. Before a
// transaction has written anything, a second connection knows the same as it
// does: whoever has the turn is the only one who could write. Where much is to be
// looked at, as when the clock moves, each is asked about half of it.

// enough is from how many looks on, about as many contacts, questions are divided.
const enough = 200

// most is up to how many looks they are: more may take longer than the second
// connection is waited for.
const most = 100_000

// second is the connection beside the one that writes. Whoever has the turn may
// take it, and gives it back unless it has failed.
type second struct {
	mu      sync.Mutex
	conn    *pgx.Conn     // nil is none
	opening chan struct{} // closed when one has been opened, or could not be; nil is none to come
	later   time.Time     // before which none is opened
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
	if all := here + there; all < enough || all > most {
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
	var conn *pgx.Conn
	if !t.wrote && !s.sharded { // on a cluster what was committed is not everywhere at once
		conn = s.takeSecond()
	}
	if conn == nil {
		mine.QueuedQueries = append(mine.QueuedQueries, others.QueuedQueries...)
		return t.together(mine)
	}
	var again []question
	asked := &pgx.Batch{}
	asked.Queue(`select commits from head`).QueryRow(func(row pgx.Row) error {
		var commits int64
		err := row.Scan(&commits)
		if err == nil && commits != t.head.commits {
			err = fmt.Errorf("it knows %d commits, and not the %d that there are", commits, t.head.commits)
		}
		return err
	})
	for _, q := range others.QueuedQueries {
		again = append(again, question{QueuedQuery: q})
		asked.QueuedQueries = append(asked.QueuedQueries, q)
	}
	ctx, done := s.whileAlive(t.ctx)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer done()
	defer cancel()
	answered := make(chan error, 1)
	go func() { answered <- conn.SendBatch(ctx, asked).Close() }()
	err := t.together(mine)
	if err != nil {
		cancel()
	}
	failed := <-answered
	s.giveSecond(conn, failed)
	if failed == nil || err != nil {
		return err
	}
	s.log.Debug("questions go to one connection", "error", failed)
	return t.together(batchOf(again))
}

// takeSecond takes the second connection; nil is none. Then one is opened, unless
// that failed a moment ago, for whoever comes later.
func (s *Store) takeSecond() *pgx.Conn {
	b := &s.second
	b.mu.Lock()
	defer b.mu.Unlock()
	if conn := b.conn; conn != nil {
		b.conn = nil
		return conn
	}
	if b.opening == nil && time.Now().After(b.later) {
		b.opening = make(chan struct{})
		s.running.Go(s.openSecond)
	}
	return nil
}

// giveSecond gives it back. One that has failed is closed, and another may
// replace it in a while.
func (s *Store) giveSecond(conn *pgx.Conn, failed error) {
	b := &s.second
	b.mu.Lock()
	defer b.mu.Unlock()
	if failed == nil {
		b.conn = conn
		return
	}
	b.later = time.Now().Add(time.Minute)
	b.close(conn)
}

// openSecond opens the second connection, beside whoever has the turn.
func (s *Store) openSecond() {
	ctx, cancel := context.WithTimeout(s.alive, patience)
	defer cancel()
	conn, err := connect(ctx, s.url)
	if err == nil {
		if err = prepare(ctx, conn, false); err == nil {
			_, err = conn.Exec(ctx, `set default_transaction_read_only = on`)
		}
	}
	b := &s.second
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		b.conn = conn
	} else {
		s.log.Debug("the second connection could not be opened", "error", err)
		b.later = time.Now().Add(time.Minute)
		b.close(conn)
	}
	close(b.opening)
	b.opening = nil
}

// close closes a connection that has only read.
func (*second) close(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}
