package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// pretendedMoves is where shards are, and how Citus moves them.
const pretendedMoves = `
create table placed (shard bigint, port int);
insert into placed values (1, 6401), (2, 6401);
create function get_rebalance_table_shards_plan(regclass) returns table (table_name regclass, shardid bigint, sourcename text, sourceport int, targetname text, targetport int)
	language sql as $$ select name::regclass, shard, 'worker', port, 'worker', 6402 from placed, unnest(array['contact', 'field']) name where port <> 6402 order by name, shard $$;
create function citus_move_shard_placement(bigint, text, int, text, int, text) returns void
	language sql as $$ update placed set port = $5 where shard = $1 and port = $3 $$`

// movable makes a database whose shards can be moved.
func movable(t *testing.T) string {
	t.Helper()
	url := empty(t)
	if !server.Cluster() {
		ask(t, url, pretended)
		ask(t, url, pretendedMoves)
	}
	return url
}

// everyMove answers a move of each shard: those that Citus plans, or on a cluster
// one to another worker.
func everyMove(t *testing.T, m *postgres.Mover, url string) []postgres.Move {
	t.Helper()
	if !server.Cluster() {
		moves, err := m.Plan(t.Context())
		if err != nil || len(moves) != 2 || moves[0].From.String() != "worker:6401" || moves[0].To.String() != "worker:6402" {
			t.Fatalf("planned: got %+v, error %v, want that of each of 2 shards of contacts", moves, err)
		}
		return moves
	}
	conn, err := pgtest.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), `select s.shardid, s.nodename, s.nodeport, w.node_name, w.node_port::int from citus_shards s, lateral (
		select * from citus_get_active_worker_nodes() where node_port <> s.nodeport order by node_port limit 1) w where s.table_name = 'contact'::regclass`)
	if err != nil {
		t.Fatal(err)
	}
	moves, err := postgres.ReadMoves(rows)
	if err != nil || len(moves) == 0 {
		t.Fatalf("shards: got %+v, error %v, want some", moves, err)
	}
	return moves
}

// counted answers a number from beside the store.
func counted(url, question string) (n int, err error) {
	conn, err := pgtest.Connect(context.Background(), url)
	if err != nil {
		return 0, err
	}
	defer conn.Close(context.Background())
	return n, conn.QueryRow(context.Background(), question).Scan(&n)
}

// whereShardIs answers the server of a shard.
func whereShardIs(move postgres.Move) string {
	if server.Cluster() {
		return fmt.Sprintf(`select nodeport from citus_shards where shardid = %d`, move.Shard)
	}
	return fmt.Sprintf(`select port from placed where shard = %d`, move.Shard)
}

const gateIsClosed = `select count(*) from pg_locks where locktype = 'advisory' and classid = 1836413814 and mode = 'ExclusiveLock' and granted
	and objid::bigint = hashtext(current_schema())::bigint & 4294967295`

// peopled writes contacts with a field.
func peopled(t *testing.T, s *postgres.Store, many int) *roaring.Bitmap {
	t.Helper()
	all := roaring.New()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.SetTick(1000); err != nil {
			return err
		}
		for i := range many {
			no, err := tx.CreateContact(muster.ContactID{15: byte(i + 1)}, 1000)
			if err != nil {
				return err
			}
			if err := tx.SetField(no, "round", muster.Value{Kind: muster.KindNumber, Number: 1000}); err != nil {
				return err
			}
			all.Add(uint32(no))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func mover(t *testing.T, url string, patience time.Duration) *postgres.Mover {
	t.Helper()
	m, err := postgres.NewMover(t.Context(), url, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return m
}

func TestShardsMoveWhenNobodyReadsWhoBeganBefore(t *testing.T) {
	url := movable(t)
	s, m := pretend(t, url), mover(t, url, time.Hour)
	all := peopled(t, s, 40)
	move := everyMove(t, m, url)[0]
	shard, place := move.Shard, whereShardIs(move) // whoever moves it writes into move
	before, err := counted(url, place)
	if err != nil {
		t.Fatal(err)
	}
	moved, began := make(chan error, 1), make(chan error, 1)
	err = s.View(t.Context(), func(v store.View) error {
		go func() { moved <- m.Move(t.Context(), &move) }()
		for closed := 0; closed == 0; {
			select {
			case err := <-moved:
				moved <- err
				return errors.New("the move ended while somebody read who began before")
			default:
			}
			var err error
			if closed, err = counted(url, gateIsClosed); err != nil {
				return err
			}
		}
		go func() {
			began <- s.View(t.Context(), func(v store.View) error {
				now, err := counted(url, place)
				if err == nil && now == before {
					err = fmt.Errorf("who began after the move was ready: got shard %d where it was, at port %d", shard, now)
				}
				return err
			})
		}()
		if now, err := counted(url, place); err != nil || now != before {
			return fmt.Errorf("while somebody reads: got the shard at port %d, error %v, want %d", now, err, before)
		}
		sets, err := v.Match([]store.Query{{Node: &plan.Field{Code: "round", Pred: plan.Present{}}}})
		if err == nil && !sets[0].Equals(all) {
			err = fmt.Errorf("who began before: got %v, want %v", sets[0], all)
		}
		return err
	})
	if err := errors.Join(err, <-moved); err != nil {
		t.Fatal(err)
	}
	if err := <-began; err != nil {
		t.Error(err)
	}
}

func TestReadersThatTakeLongAreEndedByAMoveAndScansBeginAnew(t *testing.T) {
	url := movable(t)
	s, m := pretend(t, url), mover(t, url, 0)
	all := peopled(t, s, 40)
	moves := everyMove(t, m, url)
	err := s.View(t.Context(), func(v store.View) error {
		if err := m.Move(t.Context(), &moves[0]); err != nil {
			t.Error(err)
		}
		_, err := v.Documents("group")
		return err
	})
	if muster.CodeOf(err) != muster.CodeUnavailable {
		t.Errorf("who reads: got error %v, want that the database was lost", err)
	}
	var looks []float64
	present := store.Query{Node: &plan.Field{Code: "round", Pred: plan.Present{}}}
	sets, err := s.Scan(t.Context(), []store.Query{present, {Node: &plan.Not{Of: &plan.Field{Code: "city", Pred: plan.Present{}}}}}, func(share float64) {
		if looks = append(looks, share); len(looks) > 1 {
			return
		}
		if err := m.Move(t.Context(), &moves[1]); err != nil {
			t.Error(err)
		}
	})
	if err != nil || !sets[0].Equals(all) || !sets[1].Equals(all) {
		t.Errorf("a scan: got %v, error %v, want all twice", sets, err)
	}
	if want := []float64{0.5, 0.5, 1}; !cmp.Equal(looks, want) {
		t.Errorf("it told: got %v, want %v", looks, want)
	}
	if s.Err() != nil {
		t.Errorf("the store: got %v, want it to live on", s.Err())
	}
}

func TestNodesReadAndWriteWhileShardsMove(t *testing.T) {
	url := movable(t)
	m := mover(t, url, time.Hour)
	nodes := []*postgres.Store{pretend(t, url), pretend(t, url)}
	all := peopled(t, nodes[0], 40)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 2*len(nodes))
	repeat := func(what func() error) {
		for ctx.Err() == nil {
			if err := what(); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}
	for _, s := range nodes {
		go repeat(func() error { return s.Update(t.Context(), func(tx store.Tx) error { return nextRound(tx, all) }) })
		go repeat(func() error { return s.View(t.Context(), func(v store.View) error { return inRound(v, all) }) })
	}
	for _, move := range everyMove(t, m, url) {
		if err := m.Move(t.Context(), &move); err != nil {
			t.Error(err)
		}
	}
	cancel()
	for range 2 * len(nodes) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if err := nodes[0].View(t.Context(), func(v store.View) error { return inRound(v, all) }); err != nil {
		t.Errorf("in the end: %v", err)
	}
}

// nextRound is a commit that concerns everybody.
func nextRound(tx store.Tx, all *roaring.Bitmap) error {
	round := tx.Tick() + 1
	if err := tx.SetTick(round); err != nil {
		return err
	}
	for it := all.Iterator(); it.HasNext(); {
		if err := tx.SetField(muster.ContactNo(it.Next()), "round", muster.Value{Kind: muster.KindNumber, Number: muster.Decimal(round)}); err != nil {
			return err
		}
	}
	return nil
}

// inRound says what is wrong unless the last commit is seen whole, and nothing else.
func inRound(v store.View, all *roaring.Bitmap) error {
	is := &plan.Field{Code: "round", Pred: plan.Number{Compare: plan.Compare{Op: plan.Equal, A: muster.Decimal(v.Tick())}}}
	for range 3 {
		sets, err := v.Match([]store.Query{{Node: is}})
		if err != nil {
			return err
		}
		if !sets[0].Equals(all) {
			return fmt.Errorf("in round %d: got %v, want %v", v.Tick(), sets[0], all)
		}
	}
	return nil
}
