package postgres

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A Citus cluster has no snapshot of all its servers, and a commit reaches one
// after the other. So readers begin, and writers commit, one after the other by a
// gate, an advisory lock. A reader holds it, with other readers, until it has a
// snapshot on every server; a commit holds it alone until it is everywhere. Who
// writes passes it first, so that the commits before are everywhere.
const (
	gate      = `1836413814, hashtext(current_schema())`
	closeGate = `select pg_advisory_lock(` + gate + `)`
	openGate  = `select pg_advisory_unlock(` + gate + `)`
	// holdGate closes it until the transaction's end.
	holdGate = `select pg_advisory_xact_lock(` + gate + `)`

	enterGate = `select pg_advisory_lock_shared(` + gate + `)`
	leaveGate = `select pg_advisory_unlock_shared(` + gate + `)`
	// reachAll asks every shard, and so begins a transaction on every server.
	reachAll = `select 1 from contact limit 1`

	// shareStay is for readers: they share another lock until they have ended, so
	// that who moves shards can wait for those that began before.
	shareStay = `select pg_advisory_xact_lock_shared(` + stay + `)`
	stay      = `1836413815, hashtext(current_schema())`

	// settle brings what was prepared on a server to the end that it has elsewhere.
	settle = `select recover_prepared_transactions()`
)

// cluster is what a database knows of Citus.
type cluster struct {
	installed   bool // the extension is there
	coordinator bool // the server is the one that others are reached through
	distributed bool // the tables are in shards
}

// lookForCluster answers it. On a worker the tables may not even be seen.
func lookForCluster(ctx context.Context, conn *pgx.Conn) (c cluster, err error) {
	if err := conn.QueryRow(ctx, `select exists (select from pg_extension where extname = 'citus')`).Scan(&c.installed); err != nil || !c.installed {
		return c, err
	}
	err = conn.QueryRow(ctx, `select coalesce((select groupid from pg_dist_local_group limit 1), 0) = 0,
		exists (select from pg_dist_partition where logicalrelid = to_regclass('contact') and partmethod = 'h')`).Scan(&c.coordinator, &c.distributed)
	return c, err
}

// behave sets what a connection to a cluster needs: its servers are each reached
// by one connection, which makes one snapshot there, and plans are made for the
// values of a statement, as there are none of all shards for any value.
func behave(config *pgx.ConnConfig) {
	config.RuntimeParams["citus.max_adaptive_executor_pool_size"] = "1"
	config.RuntimeParams["plan_cache_mode"] = "auto"
}

// joinCluster makes the writing connection one of a cluster, if it is one, and
// ends what a coordinator that crashed has left undecided.
func (s *Store) joinCluster(ctx context.Context) error {
	c, err := lookForCluster(ctx, s.writer)
	switch {
	case err != nil:
		return err
	case c.installed && !c.coordinator:
		return notCoordinator()
	case !c.distributed:
		return nil
	}
	return s.shard(ctx)
}

// shard makes the store one of a cluster.
func (s *Store) shard(ctx context.Context) error {
	s.sharded = true
	closing := s.writer.Close(context.WithoutCancel(ctx))
	writer, err := connect(ctx, s.url, behave, s.doubt.hear)
	if err != nil {
		return errors.Join(err, closing)
	}
	s.writer = writer
	if _, err := s.writer.Exec(ctx, settle); err != nil {
		return err
	}
	if s.doubt.is.Swap(false) {
		return away(errors.New("a server of the cluster cannot be reached"))
	}
	return nil
}

// doubt is whether a commit may not have reached every server of a cluster.
type doubt struct{ is atomic.Bool }

// hear makes a connection listen for what raises the doubt.
func (d *doubt) hear(config *pgx.ConnConfig) {
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		raised := func(words string) bool { return strings.Contains(n.Message, words) }
		if n.SeverityUnlocalized == "WARNING" && (raised("failed to commit transaction") || raised("transaction recovery") || raised("connection to the remote node")) {
			d.is.Store(true)
		}
	}
}

// everywhere returns when a commit has reached every server, and lets others go on.
func (s *Store) everywhere(ctx context.Context) error {
	if err := s.doubt.dispel(ctx, s.writer, s.alive, s.log); err != nil {
		return err
	}
	_, err := s.writer.Exec(ctx, openGate)
	return err
}

// dispel returns when the connection's last commit has reached every server.
func (d *doubt) dispel(ctx context.Context, conn *pgx.Conn, alive context.Context, log *slog.Logger) error {
	for d.is.Swap(false) {
		log.Warn("a commit has not reached every server of the cluster; nobody goes on before it has", slog.Duration("again", pulse))
		select {
		case <-time.After(pulse):
		case <-alive.Done():
			return context.Cause(alive)
		}
		_, err := conn.Exec(ctx, settle)
		switch {
		case isClass(err, "08"): // the coordinator says it of another server
			d.is.Store(true)
		case err != nil:
			return err
		}
	}
	return nil
}

// snapshot begins a transaction that reads one committed state. The rest is to
// run first in it; when that fails, drop is to be called.
func (s *Store) snapshot(ctx context.Context) (conn *pgxpool.Conn, tx pgx.Tx, first []string, err error) {
	if conn, err = s.pool.Acquire(ctx); err != nil {
		return nil, nil, nil, err
	}
	if s.sharded {
		first = []string{shareStay, reachAll, leaveGate}
		_, err = conn.Exec(ctx, enterGate)
	}
	if err == nil {
		tx, err = conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	}
	if err != nil {
		s.drop(conn)
		return nil, nil, nil, err
	}
	return conn, tx, first, nil
}

// drop gives a connection back that may hold the gate.
func (s *Store) drop(conn *pgxpool.Conn) {
	if s.sharded {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = conn.Conn().Close(ctx) // it may be gone already
	}
	conn.Release()
}
