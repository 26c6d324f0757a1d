package postgres

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Ordered answers contacts by an instant.
func (r *reading) Ordered(q store.Order) ([]store.Placed, error) {
	if q.By == store.ByCreation {
		return r.walk(q, nil, `select no, created_at from contact where parent is null and not erased and created_at `, "created_at", "no")
	}
	fresh, err := r.fresh()
	if err != nil {
		return nil, err
	}
	var found []store.Placed
	if q.After == nil || q.After.At != muster.Beginning {
		if found, err = r.walk(q, fresh, `select contact_no, at from last_activity where at `, "at", "contact_no"); err != nil {
			return nil, err
		}
		for no, at := range fresh {
			p := store.Placed{No: no, At: at}
			if (q.Of == nil || q.Of.Contains(uint32(no))) && (q.After == nil || q.Compare(p, *q.After) > 0) {
				found = append(found, p)
			}
		}
		slices.SortFunc(found, q.Compare)
	}
	if len(found) < q.Limit {
		never, err := r.neverActive(q, fresh, q.Limit-len(found))
		if err != nil {
			return nil, err
		}
		found = append(found, never...)
	}
	return found[:min(q.Limit, len(found))], nil
}

// fresh answers when those were last active of whom last_activity does not know
// it yet.
func (r *reading) fresh() (map[muster.ContactNo]muster.Instant, error) {
	var until int64
	if _, err := r.one(`select row from last_activity_until`, nil, &until); err != nil {
		return nil, err
	}
	found := map[muster.ContactNo]muster.Instant{}
	err := r.each(`select f.contact_no, f.at from (select contact_no, max(at) as at from activity where row > $1 group by contact_no) f
		left join last_activity l on l.contact_no = f.contact_no where l.at is null or l.at < f.at`, []any{until}, func(rows pgx.Rows) error {
		var no muster.ContactNo
		var at muster.Instant
		err := rows.Scan(&no, &at)
		found[no] = at
		return err
	})
	return found, err
}

// Of few contacts those that come next are looked for among them, of many among
// all, some at a time.
const (
	fewContacts = 20_000
	mostAtOnce  = 50_000
)

// walk reads places in an order, leaving contacts out, until there are enough.
func (r *reading) walk(q store.Order, without map[muster.ContactNo]muster.Instant, sql, at, no string) ([]store.Placed, error) {
	var found []store.Placed
	few := q.Of != nil && q.Of.GetCardinality() <= fewContacts
	for n := 4 * q.Limit; ; n = min(4*n, mostAtOnce) {
		s := &statement{}
		from, direction, bound := "<= ", " desc", store.Placed{At: muster.Forever}
		if !q.Latest {
			from, direction, bound.At = ">= ", "", muster.Beginning
		}
		if q.After != nil {
			bound = *q.After
		}
		s.text(sql, from, s.arg(bound.At), " and (", at, " <> ", s.arg(bound.At), " or ", no, " > ", s.arg(bound.No), ")")
		if few {
			s.text(" and ", no, " = any(", s.arg(numbers(q.Of)), ")")
		}
		s.text(" order by ", at, direction, ", ", no, " limit ", s.arg(n))
		rest := n
		err := r.each(s.String(), s.args, func(rows pgx.Rows) error {
			var p store.Placed
			if err := rows.Scan(&p.No, &p.At); err != nil {
				return err
			}
			rest--
			q.After = &p
			if _, left := without[p.No]; !left && (q.Of == nil || q.Of.Contains(uint32(p.No))) {
				found = append(found, p)
			}
			return nil
		})
		if err != nil || rest > 0 || len(found) >= q.Limit {
			return found[:min(q.Limit, len(found))], err
		}
	}
}

// neverActive answers the next of those who never were active, by number.
func (r *reading) neverActive(q store.Order, fresh map[muster.ContactNo]muster.Instant, limit int) (found []store.Placed, err error) {
	var last muster.ContactNo
	if q.After != nil && q.After.At == muster.Beginning {
		last = q.After.No
	}
	for n := 4 * limit; ; n = min(4*n, mostAtOnce) {
		rest := n
		err := r.each(`select no from contact c where parent is null and not erased and no > $1 and not exists (select from last_activity where contact_no = no)
			order by no limit $2`, []any{last, n}, func(rows pgx.Rows) error {
			rest--
			err := rows.Scan(&last)
			if _, active := fresh[last]; !active && (q.Of == nil || q.Of.Contains(uint32(last))) {
				found = append(found, store.Placed{No: last, At: muster.Beginning})
			}
			return err
		})
		if err != nil || rest > 0 || len(found) >= limit {
			return found[:min(limit, len(found))], err
		}
	}
}

// haveLastActivity waits until nobody else writes to last_activity. Whoever has
// the turn may wait for it, and whoever has it waits for nothing but the gate of
// a cluster, which nobody holds who waits for it.
const haveLastActivity = `select pg_advisory_xact_lock(1836413813, hashtext(current_schema()))`

// activitiesAtOnce is how many activities one step takes in.
const activitiesAtOnce = 20_000

// takeIn makes the next activities part of last_activity, beside commits.
func (s *Store) takeIn(ctx context.Context) (more bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, haveLastActivity); err != nil {
			return err
		}
		if s.sharded {
			if _, err := tx.Exec(ctx, holdGate); err != nil {
				return err
			}
		}
		var from, to int64
		if err := tx.QueryRow(ctx, `select row, last_row from last_activity_until, head`).Scan(&from, &to); err != nil || from == to {
			return err
		}
		if more = to-from > activitiesAtOnce; more {
			to = from + activitiesAtOnce
		}
		_, err := tx.Exec(ctx, `insert into last_activity as old select contact_no, max(at) as at from activity where row > $1 and row <= $2 group by contact_no
			on conflict (contact_no) do update set at = excluded.at where excluded.at > old.at`, from, to)
		if err == nil {
			_, err = tx.Exec(ctx, `update last_activity_until set row = $1`, to)
		}
		return err
	})
	if err != nil {
		return false, s.explain(ctx, err)
	}
	return more, nil
}

// relearn looks up anew when contacts were last active, after activities went
// elsewhere or for good.
func (t *transaction) relearn(contacts *roaring.Bitmap) error {
	if contacts.IsEmpty() {
		return nil
	}
	if _, err := t.exec(haveLastActivity); err != nil {
		return err
	}
	if _, err := t.exec(`delete from last_activity where contact_no = any($1::bigint[])`, numbers(contacts)); err != nil {
		return err
	}
	_, err := t.exec(`insert into last_activity select contact_no, max(at) from activity where contact_no = any($1::bigint[]) group by contact_no`, numbers(contacts))
	return err
}
