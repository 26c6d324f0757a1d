// Package postgres is the store on a PostgreSQL server: the tables keep the
// facts, plans become SQL, and every membership change is written in the
// transaction of what caused it.
//
// It must not know condition types or identity rules, and it leaves nothing to
// the database's locale, clock or time zones: texts are folded, instants and
// bounds computed here.
//
// Any number of processes may have it open. Their write transactions take turns
// by an advisory lock, which each takes before it looks at anything; readers and
// scans use snapshots on other connections and hold up nobody.
package postgres

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Options are what a caller may choose. The zero Options are the defaults.
type Options struct {
	// Readers is how many connections read at most; 0 is 16. One more writes.
	Readers int
	// Timeout is how long one statement of a View may take; 0 is no limit.
	// Updates and scans have none.
	Timeout time.Duration
	// AtOnce is how many records of membership a commit writes as rows at most, for
	// each group; those of a larger change are written out after it, so many at a
	// time. 0 is 2,000.
	AtOnce int
	// Logger hears of the failure that ends the store; nil is silent.
	Logger *slog.Logger
}

// lockOfMigration is the key of an advisory lock: "muster" and what is locked.
const lockOfMigration = 0x6d7573746572_01

// takeTurn waits for the turn to write, which lasts until the transaction's end.
// The first key is "must".
const takeTurn = `select pg_advisory_xact_lock(1836413812, hashtext(current_schema()))`

const (
	patience    = 5 * time.Second // for the database to answer a greeting
	pulse       = time.Second     // between looks whether the writing connection lives
	lockTimeout = "30s"           // for the turn to write
	idleTimeout = "8s"            // in the middle of a transaction: who is stopped there must not keep others waiting
)

// Store is the store.
type Store struct {
	url    string
	pool   *pgxpool.Pool
	writer *pgx.Conn
	second second
	news   *news
	kept   *keep
	log    *slog.Logger
	refuse error // every Update; nil unless the schema can only be read
	atOnce int

	sharded bool // the tables are on a Citus cluster
	doubt   doubt

	beside sync.Mutex // whoever scans on a second connection

	turn  chan struct{} // holds one token; who has it may write
	turns atomic.Int64  // that were taken
	swept swept
	alive context.Context
	end   context.CancelCauseFunc // with what calls are answered from then on

	failing sync.Once
	failed  chan struct{}
	failure error

	running sync.WaitGroup
	closing sync.Once
	closed  error
}

var _ store.Store = (*Store)(nil)

// Open opens the store at a connection URL. It answers CodeUnavailable when the
// database cannot be reached, and CodeConflict when its schema is not the one
// this program knows. A newer schema that this program can still read is opened
// for reading only.
func Open(ctx context.Context, url string, options Options) (*Store, error) {
	writer, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	opening, cancel := context.WithTimeout(ctx, 4*patience)
	defer cancel()
	s := &Store{url: url, writer: writer, news: newNews(), kept: newKeep(), log: options.Logger, turn: make(chan struct{}, 1), failed: make(chan struct{})}
	if s.atOnce = options.AtOnce; s.atOnce == 0 {
		s.atOnce = 2000
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var schema Schema
	if err = s.joinCluster(opening); err == nil {
		schema, err = look(opening, s.writer)
	}
	switch {
	case err != nil:
	case schema.Readable:
		s.refuse = muster.Errorf(muster.CodeUnavailable, "This Muster only reads: a newer one has brought the database to schema version %d, and this one knows %d. Upgrade it.", schema.Version, schema.Known)
	default:
		if err = schema.refusal(); err == nil {
			err = prepare(opening, s.writer, s.sharded)
		}
	}
	if err == nil {
		s.pool, err = s.openPool(ctx, options)
	}
	if err != nil {
		closing := s.writer.Close(opening)
		if lost(err) {
			return nil, away(err)
		}
		return nil, errors.Join(err, closing)
	}
	s.alive, s.end = context.WithCancelCause(context.Background())
	s.turn <- struct{}{}
	s.running.Go(s.watch)
	return s, nil
}

// ReadOnly says why every Update is refused; nil when none is.
func (s *Store) ReadOnly() error { return s.refuse }

// connect makes one connection.
func connect(ctx context.Context, url string, how ...func(*pgx.ConnConfig)) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, muster.Errorf(muster.CodeInvalid, "%q is no way to reach a database: expected a URL such as postgres://user@host:5432/muster", hide(url))
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = patience
	}
	for _, set := range how {
		set(config)
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if isClass(err, "28") || isClass(err, "3D") || isClass(err, "42") { // credentials, no such database, no privilege
			var said *pgconn.PgError
			errors.As(err, &said)
			return nil, muster.Errorf(muster.CodeForbidden, "The database server does not let Muster in: %s.", said.Message)
		}
		return nil, away(err)
	}
	return conn, nil
}

// hide takes what may be a password out of a URL that cannot be read.
func hide(url string) string {
	if len(url) > 11 {
		return url[:11] + "..."
	}
	return url
}

// away is what callers hear while the database cannot be reached.
func away(err error) error {
	return &muster.Error{Code: muster.CodeUnavailable, Err: err, Message: "The database cannot be reached. Nothing that was acknowledged is lost; try again in a moment."}
}

// prepare sets how a writing connection waits. Should the process's machine
// vanish in the middle of a transaction, the server notices within the keep-alive
// times set here, and the turn passes on. Its statements are about a few
// contacts: to plan one anew takes longer than to run it. A cluster cannot do without.
func prepare(ctx context.Context, conn *pgx.Conn, sharded bool) error {
	plans := "force_generic_plan"
	if sharded {
		plans = "auto"
	}
	for _, set := range []string{
		`set plan_cache_mode = ` + plans,
		`set lock_timeout = '` + lockTimeout + `'`, `set idle_in_transaction_session_timeout = '` + idleTimeout + `'`,
		`set tcp_keepalives_idle = 5`, `set tcp_keepalives_interval = 1`, `set tcp_keepalives_count = 4`,
		`set jit = off`, `set statement_timeout = 0`,
	} {
		if _, err := conn.Exec(ctx, set); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) openPool(ctx context.Context, options Options) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(s.url)
	if err != nil {
		return nil, err
	}
	if config.MaxConns = int32(options.Readers); options.Readers == 0 {
		config.MaxConns = 16
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = patience
	}
	if options.Timeout > 0 {
		config.ConnConfig.RuntimeParams["statement_timeout"] = strconv.FormatInt(options.Timeout.Milliseconds(), 10)
	}
	if s.sharded {
		behave(config.ConnConfig)
	}
	return pgxpool.NewWithConfig(ctx, config)
}

func (s *Store) take(ctx context.Context) error {
	if err := s.check(ctx); err != nil {
		return err
	}
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
	s.turns.Add(1)
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
	return s.read(ctx, func(r *reading) error {
		err := fn(r)
		if r.err != nil {
			return r.err // what fn was answered since is not true
		}
		return err
	})
}

// whileAlive is the context until done is called, or the store ends.
func (s *Store) whileAlive(ctx context.Context) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(s.alive, func() { cancel(context.Cause(s.alive)) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// read runs fn in a snapshot of its own.
func (s *Store) read(ctx context.Context, fn func(*reading) error) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	ctx, done := s.whileAlive(ctx)
	defer done()
	conn, tx, first, err := s.snapshot(ctx)
	if err != nil {
		return s.explain(ctx, err)
	}
	r := &reading{ctx: ctx, db: tx, kept: s.kept, sharded: s.sharded}
	if err := r.begin(first...); err != nil {
		s.drop(conn)
		return s.explain(ctx, err)
	}
	defer conn.Release()
	wire := conn.Conn().PgConn().Conn() // conn is nobody's once it is released
	defer func() {
		// A server that has vanished does not say so, and nobody is to wait for it.
		late := time.AfterFunc(patience, func() { _ = wire.Close() })
		defer late.Stop()
		_ = tx.Rollback(context.WithoutCancel(ctx)) // it has only read
	}()
	if err := fn(r); err != nil {
		return s.explain(ctx, err)
	}
	return nil
}

// explain puts errors of the connection into words; others stay as they are.
func (s *Store) explain(ctx context.Context, err error) error {
	var said *muster.Error
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &said):
		return err
	case lost(err):
		return away(err)
	case isCode(err, "57014"): // query_canceled
		return &muster.Error{Code: muster.CodeUnavailable, Err: err, Message: "The database took longer over this question than one statement may take."}
	}
	return err
}

// again is how often a scan is begun anew on a cluster: who moves shards ends
// readers that take long.
const again = 20

// Scan evaluates queries over all contacts while writes go on.
func (s *Store) Scan(ctx context.Context, queries []store.Query, progress func(share float64)) (sets []*roaring.Bitmap, err error) {
	for tries := 0; ; tries++ {
		err = s.read(ctx, func(r *reading) error {
			sets, err = s.scan(r, queries, progress)
			return errors.Join(err, r.err)
		})
		switch {
		case err == nil:
			return sets, nil
		case !s.sharded || tries == again || !lost(err) || s.check(ctx) != nil:
			return nil, err
		}
	}
}

func (s *Store) scan(r *reading, queries []store.Query, progress func(share float64)) ([]*roaring.Bitmap, error) {
	if err := r.scans(); err != nil {
		return nil, err
	}
	b := r.bySets(queries...)
	if err := s.ahead(r, b, queries); err != nil {
		return nil, err
	}
	sets := make([]*roaring.Bitmap, len(queries))
	for i, q := range queries {
		var err error
		if sets[i], err = b.match(q); err != nil {
			return nil, err
		}
		if progress != nil {
			progress(float64(i+1) / float64(len(queries)))
		}
	}
	return sets, nil
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
		s.failure = away(err)
		s.end(s.failure)
		close(s.failed)
		s.log.Error("the connection that writes to the database has ended", "error", err)
	})
	return s.failure
}

// Close finishes the running transaction and closes the connections. A second
// Close answers what the first did.
func (s *Store) Close() error {
	s.closing.Do(func() {
		<-s.turn // and it is never given back
		s.end(muster.Errorf(muster.CodeUnavailable, "The store is closed."))
		s.running.Wait()
		s.pool.Close()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		s.second.close(s.second.conn) // nobody takes it any more
		if err := s.writer.Close(ctx); s.Err() == nil {
			s.closed = err
		}
	})
	return s.closed
}
