package postgres

import (
	"context"
	"errors"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// gathered is how many contacts are read with one round of statements.
const gathered = 1000

// Gather evaluates a query and reads the contacts that satisfy it, all in one
// snapshot of the database.
func (s *Store) Gather(ctx context.Context, q store.Query, keep func([]muster.Contact) error, look func(store.View) error) (set *roaring.Bitmap, err error) {
	err = s.read(ctx, func(r *reading) error {
		if err := r.scans(); err != nil {
			return err
		}
		if set, err = r.bySets(q).match(q); err != nil {
			return err
		}
		if look != nil {
			if err := errors.Join(look(r), r.err); err != nil {
				return err
			}
		}
		if keep == nil {
			return nil
		}
		some := make([]uint32, gathered)
		for it := set.ManyIterator(); ; {
			n := it.NextMany(some)
			if n == 0 {
				return nil
			}
			found, err := r.contacts(roaring.BitmapOf(some[:n]...))
			if err == nil {
				err = keep(found)
			}
			if err != nil {
				return err
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return set, nil
}

// contacts answers what Contact does, of many parents in ascending order.
func (r *reading) contacts(set *roaring.Bitmap) ([]muster.Contact, error) {
	var list []muster.Contact
	place := map[muster.ContactNo]int{}
	of := numbers(set)
	ask := func(sql string, row func(pgx.Rows, *muster.ContactNo) (func(*muster.Contact), error)) error {
		return r.each(sql, []any{of}, func(rows pgx.Rows) error {
			var no muster.ContactNo
			give, err := row(rows, &no)
			if at, known := place[no]; err == nil && known {
				give(&list[at])
			}
			return err
		})
	}
	err := r.each(`select no, id, coalesce(external_id, ''), coalesce(email, ''), created_at from contact
		where no = any($1::bigint[]) and not erased and parent is null order by no`, []any{of}, func(rows pgx.Rows) error {
		c := muster.Contact{Fields: map[string]muster.Value{}, LastActivityAt: muster.Beginning}
		err := rows.Scan(&c.No, (*[16]byte)(&c.ID), &c.ExternalID, &c.Email, &c.CreatedAt)
		place[c.No] = len(list)
		list = append(list, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, errors.Join(
		ask(`select contact_no, value from visitor where contact_no = any($1::bigint[]) order by contact_no, place`, func(rows pgx.Rows, no *muster.ContactNo) (func(*muster.Contact), error) {
			var value string
			err := rows.Scan(no, &value)
			return func(c *muster.Contact) { c.VisitorIDs = append(c.VisitorIDs, value) }, err
		}),
		ask(`select code, kind, coalesce(text, ''), coalesce(number, 0), choices, contact_no from field where contact_no = any($1::bigint[]) order by contact_no, code`, func(rows pgx.Rows, no *muster.ContactNo) (func(*muster.Contact), error) {
			code, v, err := scanField(rows, no)
			return func(c *muster.Contact) { c.Fields[code] = v }, err
		}),
		ask(`select contact_no, kind, code, state, at, version from decision where contact_no = any($1::bigint[]) order by contact_no, kind, code`, func(rows pgx.Rows, no *muster.ContactNo) (func(*muster.Contact), error) {
			var d muster.Decision
			err := rows.Scan(no, &d.Kind, &d.Code, &d.State, &d.At, &d.Version)
			return func(c *muster.Contact) { c.Decisions = append(c.Decisions, d) }, err
		}),
		ask(`select parent, id from contact where parent = any($1::bigint[]) order by parent, id`, func(rows pgx.Rows, no *muster.ContactNo) (func(*muster.Contact), error) {
			var id muster.ContactID
			err := rows.Scan(no, (*[16]byte)(&id))
			return func(c *muster.Contact) { c.MergedIDs = append(c.MergedIDs, id) }, err
		}),
		ask(`select contact_no, max(at) from activity where contact_no = any($1::bigint[]) group by contact_no order by contact_no`, func(rows pgx.Rows, no *muster.ContactNo) (func(*muster.Contact), error) {
			var at muster.Instant
			err := rows.Scan(no, &at)
			return func(c *muster.Contact) { c.LastActivityAt = at }, err
		}),
	)
}
