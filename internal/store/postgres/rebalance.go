package postgres

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
)

// Move is one of all shards that have the same contacts, from a server of a
// cluster to another.
type Move struct {
	Shard    int64 // of the table of contacts
	From, To Node
	// So long commits waited at most, and readers to begin.
	Commits, Readers time.Duration
}

// Node is a server of a cluster.
type Node struct {
	name string
	port int32
}

func (n Node) String() string { return net.JoinHostPort(n.name, strconv.Itoa(int(n.port))) }

// Moves answers the moves after which every server that is to have shards has its
// share of them, and the others none.
func Moves(ctx context.Context, url string) (moves []Move, err error) {
	m, err := newMover(ctx, url)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, m.close(ctx)) }()
	return m.plan(ctx)
}

// Rebalance makes the moves while nodes go on, and tells said of each. Between two
// of them commits have as long as they waited for the first. When it fails, those
// that were made stay.
func Rebalance(ctx context.Context, url string, log *slog.Logger, said func(made Move, n, of int)) (err error) {
	m, err := newMover(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close(ctx)) }()
	m.log = log
	moves, err := m.plan(ctx)
	if err != nil {
		return err
	}
	for i, move := range moves {
		if err := m.move(ctx, &move); err != nil {
			return err
		}
		said(move, i+1, len(moves))
		if i == len(moves)-1 {
			break
		}
		select {
		case <-time.After(move.Commits):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// mover moves shards, as one of those that write.
type mover struct {
	conn     *pgx.Conn
	doubt    doubt
	patience time.Duration // with readers that began before
	log      *slog.Logger
}

func newMover(ctx context.Context, url string) (*mover, error) {
	m := &mover{patience: 2 * time.Second, log: slog.New(slog.DiscardHandler)}
	var err error
	if m.conn, err = connect(ctx, url, m.doubt.hear); err != nil {
		return nil, err
	}
	c, err := lookForCluster(ctx, m.conn)
	switch {
	case err != nil:
	case c.installed && !c.coordinator:
		err = notCoordinator()
	case !c.distributed:
		err = muster.Errorf(muster.CodeConflict, "The tables are not distributed over a Citus cluster. Run muster migrate --citus.")
	default:
		if err = check(ctx, m.conn); err == nil {
			err = prepare(ctx, m.conn, true)
		}
	}
	if err != nil {
		return nil, errors.Join(err, m.close(ctx))
	}
	return m, nil
}

func (m *mover) close(ctx context.Context) error { return m.conn.Close(context.WithoutCancel(ctx)) }

// plan asks Citus. The other tables' shards go with those of the contacts.
func (m *mover) plan(ctx context.Context) ([]Move, error) {
	rows, err := m.conn.Query(ctx, `select shardid, sourcename, sourceport, targetname, targetport
		from get_rebalance_table_shards_plan('contact') where table_name = 'contact'::regclass`)
	if err != nil {
		return nil, err
	}
	return readMoves(rows)
}

func readMoves(rows pgx.Rows) (moves []Move, err error) {
	var m Move
	_, err = pgx.ForEachRow(rows, []any{&m.Shard, &m.From.name, &m.From.port, &m.To.name, &m.To.port}, func() error {
		moves = append(moves, m)
		return nil
	})
	return moves, err
}

// move makes one move, in a transaction. While shards are copied nobody may
// change them, so that it has the turn to write, and to take in when contacts were
// last active; readers go on, and read where the shards were. Who began before the end of it must not read after it: the new
// place has nothing that an earlier snapshot shows. So the end of it waits,
// with the gate closed, until everybody has ended who began before.
func (m *mover) move(ctx context.Context, move *Move) error {
	tx, err := m.conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // after the commit it does nothing
	for _, sql := range []string{takeTurn, haveLastActivity, enterGate, leaveGate} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	began := time.Now()
	_, err = tx.Exec(ctx, `select citus_move_shard_placement($1::bigint, $2::text, $3::int, $4::text, $5::int, 'block_writes')`,
		move.Shard, move.From.name, move.From.port, move.To.name, move.To.port)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, closeGate); err != nil {
		return err
	}
	shut := time.Now()
	if err := m.alone(ctx, tx); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	if err := m.doubt.dispel(ctx, m.conn, ctx, m.log); err != nil {
		return err
	}
	for _, sql := range []string{`select pg_advisory_unlock(` + stay + `)`, openGate} {
		if _, err := m.conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	move.Commits, move.Readers = time.Since(began), time.Since(shut)
	return nil
}

// alone returns when nobody reads any more. The caller holds the gate.
func (m *mover) alone(ctx context.Context, tx pgx.Tx) error {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for began := time.Now(); ; {
		var alone bool
		if err := tx.QueryRow(ctx, `select pg_try_advisory_lock(`+stay+`)`).Scan(&alone); err != nil || alone {
			return err
		}
		if time.Since(began) > m.patience {
			_, err := tx.Exec(ctx, `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
				and database = (select oid from pg_database where datname = current_database())
				and (classid::bigint, objid::bigint, objsubid) = (1836413815, hashtext(current_schema())::bigint & 4294967295, 2)`)
			if err != nil {
				return err
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
