package postgres

import (
	"context"

	"github.com/muster-groups/muster/internal/store"
)

// Maintain makes rows of the records that are in bulk, takes in when contacts were
// last active, folds what lies before the horizon of history, deletes what is left
// of forgotten groups, and lets the database remove from its files the rows that
// are deleted; it is not done by itself at once.
func (s *Store) Maintain(ctx context.Context) (more bool, err error) {
	if err := s.check(ctx); err != nil {
		return false, err
	}
	if s.refuse != nil {
		return false, nil // who writes does it
	}
	for _, step := range []func(context.Context) (bool, error){s.writeOut, s.takeIn, s.fold} {
		if more, err := step(ctx); err != nil || more {
			return more, err
		}
	}
	var deleted bool
	if err := s.pool.QueryRow(ctx, `select deleted or exists (select from work where name = $1) from head`, removing).Scan(&deleted); err != nil {
		return false, s.explain(ctx, err)
	}
	if !deleted {
		return false, nil
	}
	if more, err := s.sweep(ctx); err != nil || more {
		return more, err
	}
	// What is deleted from here on is the next call's; what was until here stays
	// to be removed until that is done, whoever does it in the end.
	err = s.Update(ctx, func(tx store.Tx) error {
		t := tx.(*transaction)
		t.wrote, t.head.deleted = true, false
		t.later(`insert into work values ($1, 0, '') on conflict (name, part) do nothing`, removing)
		return nil
	})
	if err != nil {
		return false, err
	}
	if err := s.atLength(ctx, `vacuum contact, visitor, field, decision, activity, last_activity, membership, change, bulk, document`); err != nil {
		return false, err
	}
	if _, err := s.pool.Exec(ctx, `delete from work where name = $1`, removing); err != nil {
		return false, s.explain(ctx, err)
	}
	return false, nil
}

// removing is the work of removing deleted rows from files, as long as it is not done.
const removing = "removing"

// atLength runs a statement that may take longer than what answers a request.
func (s *Store) atLength(ctx context.Context, sql string) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return s.explain(ctx, err)
	}
	defer conn.Release()
	if _, err = conn.Exec(ctx, `set statement_timeout = 0`); err == nil {
		_, err = conn.Exec(ctx, sql)
	}
	if _, reset := conn.Exec(context.WithoutCancel(ctx), `reset statement_timeout`); reset != nil {
		_ = conn.Conn().Close(ctx) // most likely it is gone already
	}
	if err != nil {
		return s.explain(ctx, err)
	}
	return nil
}

// Stats answers sizes.
func (s *Store) Stats(ctx context.Context) (stats store.Stats, err error) {
	stats.Bytes = map[string]int64{}
	err = s.read(ctx, func(r *reading) error {
		stats.Contacts, stats.Merged, stats.Activities, stats.Changes = r.head.contacts, r.head.merged, r.head.activities, r.head.lastSeq-r.head.horizonSeq
		for what, tables := range map[string]string{
			"activities": `'activity', 'last_activity'`, "contacts": `'contact', 'visitor', 'field', 'decision'`, "dictionaries": `'document'`, "files": `'file', 'file_part'`, "history": `'change', 'bulk'`, "sets": `'membership', 'roll'`,
		} {
			var size int64
			measure := `pg_total_relation_size(name::regclass)`
			if s.sharded {
				measure = `case when exists (select from pg_dist_partition where logicalrelid = name::regclass) then citus_total_relation_size(name::regclass) else ` + measure + ` end`
			}
			if _, err := r.one(`select sum(`+measure+`)::bigint from unnest(array[`+tables+`]) as name`, nil, &size); err != nil {
				return err
			}
			stats.Bytes[what] = size
			stats.Bytes["disk"] += size
		}
		return nil
	})
	return stats, err
}
