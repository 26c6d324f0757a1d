package postgres

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// A scan of several plans asks about many leaves, and a connection answers one
// question at a time. A second connection with the same snapshot takes every
// other one: not all of them are such that the server divides them by itself.
// There is one such connection at most, for whoever comes first.

// ahead asks for leaves that queries will want, two at a time.
func (s *Store) ahead(r *reading, b *bySets, queries []store.Query) error {
	leaves := b.apart(queries)
	if len(leaves) < 2 || s.sharded || !s.beside.TryLock() { // a cluster has no snapshots to share
		return nil
	}
	defer s.beside.Unlock()
	ctx, cancel := context.WithCancel(r.ctx)
	defer cancel()
	second, err := s.twin(ctx, r)
	if err != nil {
		return err
	}
	if second == nil {
		return nil
	}
	defer func() { _ = second.db.Conn().Close(context.WithoutCancel(ctx)) }() // it has only read
	sets, failures := make([]*roaring.Bitmap, len(leaves)), [2]error{}
	var next atomic.Int64
	var both sync.WaitGroup
	for i, of := range [2]*reading{r, second} {
		both.Go(func() {
			e := &everybody{reading: of}
			for at := next.Add(1) - 1; at < int64(len(leaves)) && failures[i] == nil; at = next.Add(1) - 1 {
				sets[at], failures[i] = e.leaf(leaves[at])
			}
			if failures[i] != nil && of == second {
				next.Store(int64(len(leaves)))
			} else if failures[i] != nil {
				cancel()
			}
		})
	}
	both.Wait()
	if failures[0] != nil {
		return failures[0] // the other one's is of being cancelled
	}
	if failures[1] != nil {
		return failures[1]
	}
	known := map[string]*roaring.Bitmap{}
	for i, leaf := range leaves {
		known[plan.LeafKey(leaf)] = sets[i]
	}
	b.known[nil] = known
	return nil
}

// apart lists the leaves that are asked of everybody by themselves, each once.
func (b *bySets) apart(queries []store.Query) []plan.Node {
	var list []plan.Node
	listed := map[string]bool{}
	for _, q := range queries {
		if q.Of != nil {
			continue
		}
		for leaf := range plan.Leaves(q.Node) {
			_, acted := leaf.(*plan.Acted)
			_, in := leaf.(*plan.InGroup)
			if key := plan.LeafKey(leaf); !in && (acted || b.places[key] > 1) && !listed[key] {
				listed[key] = true
				list = append(list, leaf)
			}
		}
	}
	return list
}

// twin opens a connection that sees what a reading sees; nil where the server
// has none to give.
func (s *Store) twin(ctx context.Context, r *reading) (*reading, error) {
	var snapshot string
	if err := r.db.QueryRow(ctx, `select pg_export_snapshot()`).Scan(&snapshot); err != nil {
		return nil, err
	}
	conn, err := connect(ctx, s.url)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		s.log.Debug("a scan does without a second connection", "error", err)
		return nil, nil
	}
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err == nil {
		_, err = tx.Exec(ctx, `set transaction snapshot `+quote(snapshot))
	}
	second := &reading{ctx: ctx, kept: r.kept, db: tx, head: r.head, version: r.version, written: r.written, rolls: map[muster.GroupNo]*roaring.Bitmap{}, parents: r.parents}
	if err == nil {
		err = second.scans()
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	return second, nil
}
