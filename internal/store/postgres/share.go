package postgres

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster/internal/store"
)

// touchedFor is how many commits are known by whom they concerned.
const touchedFor = 10_000

var (
	_ store.Shared     = (*Store)(nil)
	_ store.SharedView = (*reading)(nil)
	_ store.SharedTx   = (*transaction)(nil)
)

// Written answers what was committed last.
func (s *Store) Written(ctx context.Context) (w store.Written, err error) {
	if err := s.check(ctx); err != nil {
		return w, err
	}
	ctx, done := s.whileAlive(ctx)
	defer done()
	var kinds []string
	var commits []int64
	err = s.pool.QueryRow(ctx, `select commits, array(select kind from written order by kind), array(select commit from written order by kind) from head`).
		Scan(&w.Commit, &kinds, &commits)
	if err != nil {
		return w, s.explain(ctx, err)
	}
	w.Kinds = make(map[string]int64, len(kinds))
	for i, kind := range kinds {
		w.Kinds[kind] = commits[i]
	}
	return w, nil
}

// Lease takes or renews a lease unless another holder has it.
func (s *Store) Lease(ctx context.Context, name, holder string, term time.Duration, note []byte) (l store.Lease, err error) {
	if err := s.check(ctx); err != nil {
		return l, err
	}
	ctx, done := s.whileAlive(ctx)
	defer done()
	if note == nil {
		note = []byte{}
	}
	_, err = s.pool.Exec(ctx, `insert into lease as l (name, holder, until, note) values ($1, $2, clock_timestamp() + $3::bigint * interval '1 millisecond', $4)
		on conflict (name) do update set holder = excluded.holder, until = excluded.until, note = excluded.note
		where l.holder = excluded.holder or l.until < clock_timestamp()`, name, holder, term.Milliseconds(), note)
	if err == nil {
		err = s.pool.QueryRow(ctx, leaseText, name).Scan(&l.Holder, &l.Note)
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) { // it has been given back since
		return l, s.explain(ctx, err)
	}
	return l, nil
}

const leaseText = `select case when until > clock_timestamp() then holder else '' end, note from lease where name = $1`

// Release gives a lease back.
func (s *Store) Release(ctx context.Context, name, holder string) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	ctx, done := s.whileAlive(ctx)
	defer done()
	_, err := s.pool.Exec(ctx, `with given as (delete from lease where name = $1 and holder = $2 returning name)
		select pg_notify(`+channel+`, '0') from given`, name, holder)
	if err != nil {
		return s.explain(ctx, err)
	}
	return nil
}

// Leave keeps parts of a work, unless somebody else has taken the lease.
func (s *Store) Leave(ctx context.Context, lease, holder, work string, parts map[int][]byte) (held bool, err error) {
	if err := s.check(ctx); err != nil {
		return false, err
	}
	const mine = ` exists (select from lease where name = $1 and holder = $2)`
	sql, args := `with gone as (delete from work where name = $3 and`+mine+`) select`+mine, []any{lease, holder, work}
	if len(parts) > 0 {
		places, bodies := make([]int64, 0, len(parts)), make([][]byte, 0, len(parts))
		for place, body := range parts {
			places, bodies = append(places, int64(place)), append(bodies, body)
		}
		sql = `with came as (insert into work select $3::text, part, body from unnest($4::bigint[], $5::bytea[]) as p(part, body) where` + mine +
			` on conflict (name, part) do update set body = excluded.body) select` + mine
		args = append(args, places, bodies)
	}
	if err := s.pool.QueryRow(ctx, sql, args...).Scan(&held); err != nil {
		return false, s.explain(ctx, err)
	}
	return held, nil
}

// Left answers the parts of a work.
func (s *Store) Left(ctx context.Context, work string) (parts map[int][]byte, err error) {
	parts = map[int][]byte{}
	err = s.read(ctx, func(r *reading) error {
		return r.each(`select part, body from work where name = $1`, []any{work}, func(rows pgx.Rows) error {
			var part int
			var body []byte
			err := rows.Scan(&part, &body)
			parts[part] = body
			return err
		})
	})
	return parts, err
}

// Written answers what was committed before this view.
func (r *reading) Written() store.Written {
	return store.Written{Commit: r.head.commits, Kinds: r.written}
}

// DocumentsSince answers the documents that were put after a commit.
func (r *reading) DocumentsSince(kind string, commit int64) (map[string][]byte, error) {
	return r.documents(`select code, body from document where kind = $1 and commit > $2`, kind, commit)
}

// Touched answers whom the commits after one concerned.
func (r *reading) Touched(after int64) (*roaring.Bitmap, bool, error) {
	return r.touchedBy(`select contacts from touched where commit > $1`, after)
}

func (r *reading) touchedBy(sql string, after int64) (*roaring.Bitmap, bool, error) {
	all, n := roaring.New(), int64(0)
	err := r.each(sql, []any{after}, func(rows pgx.Rows) error {
		n++
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return err
		}
		set, err := readBitmap(body)
		if err == nil {
			all.Or(set)
		}
		return err
	})
	return all, n == r.head.commits-after, err
}

// Lease answers who has a lease.
func (r *reading) Lease(name string) (l store.Lease, err error) {
	_, err = r.one(leaseText, []any{name}, &l.Holder, &l.Note)
	return l, err
}

// Touch names contacts that the commit concerns.
func (t *transaction) Touch(contacts *roaring.Bitmap) {
	if t.touched == nil {
		t.touched = roaring.New()
	}
	t.touched.Or(contacts)
}

// Wrote reports whether something was written.
func (t *transaction) Wrote() bool { return t.wrote }

// wroteKind notes that a document of a kind was put or deleted.
func (t *transaction) wroteKind(kind string) {
	if t.kinds == nil {
		t.kinds = map[string]bool{}
	}
	t.kinds[kind] = true
}

// tell writes what other nodes need to know of the commit. They hear of it when
// it is through.
func (t *transaction) tell() error {
	number := t.head.commits
	for kind := range t.kinds {
		t.later(`insert into written values ($1, $2) on conflict (kind) do update set commit = excluded.commit`, kind, number)
	}
	touched, err := bitmap(t.touched)
	if err != nil {
		return err
	}
	people, err := bitmap(t.people)
	if err != nil {
		return err
	}
	t.later(`insert into touched values ($1, $2, $3)`, number, touched, people)
	t.later(`delete from touched where commit <= $1`, number-touchedFor)
	t.later(`select pg_notify(`+channel+`, $1::bigint::text)`, number)
	return nil
}

// bitmap is a set as it is kept; nothing is none.
func bitmap(set *roaring.Bitmap) ([]byte, error) {
	if set == nil || set.IsEmpty() {
		return []byte{}, nil
	}
	return set.ToBytes()
}

func readBitmap(body []byte) (*roaring.Bitmap, error) {
	set := roaring.New()
	if len(body) == 0 {
		return set, nil
	}
	_, err := set.ReadFrom(bytes.NewReader(body))
	return set, err
}
