package nodes_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
	"github.com/muster-groups/muster/test/judge"
	"github.com/muster-groups/muster/test/program"
)

var (
	server *pgtest.Server
	build  func() (string, error) // the program, once
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "muster-nodes-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	build = sync.OnceValues(func() (string, error) { return program.Build(dir) })
	return pgtest.Main(m, func(s *pgtest.Server) { server = s })
}

// cluster is some nodes on one database, under one clock that the test moves.
type cluster struct {
	t     *testing.T
	ctx   context.Context
	url   string
	start muster.Instant
	term  time.Duration // of the lease of work
	now   atomic.Int64
	nodes []*node
}

// node is one node. Its store and roster are replaced when they are lost, as a
// server replaces them.
type node struct {
	c    *cluster
	name string
	// before is called before a recalculation looks at some of the contacts.
	before atomic.Pointer[func(ctx context.Context, of *roaring.Bitmap)]

	mu     sync.RWMutex // held for reading by whoever acts
	store  store.Store
	roster *roster.Roster
}

func newCluster(t *testing.T, n int) *cluster {
	t.Helper()
	return newClusterOf(t, n, 600*time.Millisecond)
}

// newClusterOf makes nodes that keep the work of one that is gone for a term.
func newClusterOf(t *testing.T, n int, term time.Duration) *cluster {
	t.Helper()
	c := &cluster{t: t, term: term, ctx: context.Background(), start: muster.InstantOf(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))}
	c.now.Store(int64(c.start))
	var err error
	if c.url, err = server.Schema(c.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Migrate(c.ctx, c.url); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		node := &node{c: c, name: fmt.Sprint("node", i)}
		c.must(node.open())
		c.nodes = append(c.nodes, node)
	}
	t.Cleanup(func() {
		for _, n := range c.nodes {
			n.close()
		}
		c.must(c.exec(`do $$ begin execute 'drop schema ' || current_schema() || ' cascade'; end $$`))
	})
	return c
}

func (c *cluster) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (n *node) open() error {
	st, err := postgres.Open(n.c.ctx, n.c.url+"&application_name="+n.name, postgres.Options{Readers: 4, AtOnce: 20}) // larger moves are written as sets first
	if err != nil {
		return err
	}
	r, err := roster.Open(n.c.ctx, gated{st, n}, roster.Options{
		Clock: roster.ClockFunc(func() muster.Instant { return muster.Instant(n.c.now.Load()) }), Manual: true, ServerZone: time.UTC,
		LeaseTerm: n.c.term, Slice: slice,
	})
	if err != nil {
		return errors.Join(err, st.Close())
	}
	n.store, n.roster = st, r
	return nil
}

// slice is how many contacts a recalculation looks at at a time.
const slice = 50

// gated is a node's store.
type gated struct {
	*postgres.Store
	node *node
}

func (g gated) Scan(ctx context.Context, queries []store.Query, progress func(float64)) ([]*roaring.Bitmap, error) {
	if before := g.node.before.Load(); before != nil && queries[0].Of != nil {
		// Groups that read the one that is recalculated are looked at on top of its members.
		if queries[0].Members[g.node.roster.State().Schema.Groups["g"]] == nil {
			(*before)(ctx, queries[0].Of)
		}
	}
	return g.Store.Scan(ctx, queries, progress)
}

func (n *node) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.roster != nil {
		_ = errors.Join(n.roster.Close(), n.store.Close()) // it may be lost
		n.roster = nil
	}
}

// act does something on the node as a request does. What fails because the
// node has lost its database is no failure: done is false then.
func (n *node) act(do func(*roster.Roster) error) (done bool, err error) {
	n.mu.RLock()
	r := n.roster
	if err = r.Refresh(n.c.ctx); err == nil {
		err = do(r)
	}
	n.mu.RUnlock()
	if muster.CodeOf(err) != muster.CodeUnavailable {
		return err == nil, err
	}
	return false, n.mend(r)
}

// mend opens the node again when it has lost its database.
func (n *node) mend(lost *roster.Roster) error {
	select {
	case <-lost.Store().Failed():
	default:
		return nil // only a reader's connection was cut
	}
	_ = lost.Close() // whoever waits for it need not any longer
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.roster != lost {
		return nil
	}
	_ = errors.Join(n.roster.Close(), n.store.Close()) // it is lost
	return n.insist()
}

// insist opens the node, however often that is interrupted.
func (n *node) insist() error {
	for {
		err := n.open()
		if muster.CodeOf(err) != muster.CodeUnavailable {
			return err
		}
	}
}

// restart stops the node properly and starts it again.
func (n *node) restart() error {
	n.mu.RLock()
	r := n.roster
	r.Resign() // and serves on, as in the drain of a server
	n.mu.RUnlock()
	_ = r.Close() // whoever waits for it need not any longer
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.roster != r {
		return nil // it was lost meanwhile
	}
	_ = n.store.Close() // it may be lost
	return n.insist()
}

// cut cuts the node's connections to the database.
func (n *node) cut() error {
	return n.c.exec(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1`, n.name)
}

// exec does something in the database, beside the nodes.
func (c *cluster) exec(sql string, args ...any) error {
	conn, err := pgx.Connect(c.ctx, c.url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(c.ctx, sql, args...)
	return errors.Join(err, conn.Close(c.ctx))
}

// settle waits until nothing is recalculated any more.
func (c *cluster) settle() {
	c.t.Helper()
	for again := true; again; {
		again = false
		for _, n := range c.nodes {
			_, err := n.act(func(r *roster.Roster) error {
				for code := range r.State().Groups {
					if status, _ := r.Status(code); status != muster.Recalculating {
						continue
					}
					again = true
					job, err := r.Recalculate(c.ctx, code)
					if err != nil {
						return err
					}
					_ = job.Wait(c.ctx) // that it was cancelled is no failure
				}
				return nil
			})
			c.must(err)
		}
	}
}

// check has the oracle judge every group on every node, and reads the feed.
func (c *cluster) check() {
	c.t.Helper()
	for _, n := range c.nodes {
		for done := false; !done; {
			var err error
			done, err = n.act(func(r *roster.Roster) error {
				if _, err := r.Advance(c.ctx); err != nil {
					return err
				}
				if _, err := judge.Compare(c.ctx, r); err != nil {
					return err
				}
				for code, g := range r.State().Groups {
					if g.LastCorrections != 0 || g.Failure != "" {
						return fmt.Errorf("group %s: %d corrections, failure %q; want none", code, g.LastCorrections, g.Failure)
					}
				}
				return checkFeed(c.ctx, r)
			})
			if err != nil {
				c.t.Fatalf("%s: %v", n.name, err)
			}
		}
	}
}

func (c *cluster) save(n *node, code, condition string, daily bool) (bool, error) {
	parsed, err := muster.ParseCondition([]byte(condition))
	if err != nil {
		return false, err
	}
	return n.act(func(r *roster.Roster) error {
		_, _, err := r.SaveGroup(c.ctx, roster.Save{Create: r.State().Groups[code] == nil, Code: code, Name: &code, Condition: &parsed, Schedule: &daily, Recalculate: true, Author: "test"})
		return err
	})
}

func (c *cluster) members(n *node, code string) (count uint64) {
	c.t.Helper()
	_, err := n.act(func(r *roster.Roster) error {
		g := r.State().Groups[code]
		if g == nil {
			return fmt.Errorf("there is no group %s, only %v", code, slices.Sorted(maps.Keys(r.State().Groups)))
		}
		return r.Store().View(c.ctx, func(v store.View) error {
			count = v.Members(g.No).GetCardinality()
			return nil
		})
	})
	c.must(err)
	return count
}

func (c *cluster) visit(n *node, visitors ...string) {
	c.t.Helper()
	batch := muster.Batch{Authority: muster.Edit}
	for _, v := range visitors {
		batch.Items = append(batch.Items, muster.Item{Contact: &muster.ContactChange{Who: muster.Identifiers{VisitorID: v}}})
	}
	_, err := n.act(func(r *roster.Roster) error {
		_, err := r.Apply(c.ctx, batch)
		return err
	})
	c.must(err)
}
