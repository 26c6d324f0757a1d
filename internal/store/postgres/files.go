package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Files are no part of a state: they are written beside the turn, and no commit
// and no archive has them.

// Labels answers all labels.
func (s *Store) Labels(ctx context.Context) (map[string]store.Label, error) {
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	ctx, done := s.whileAlive(ctx)
	defer done()
	labels := map[string]store.Label{}
	rows, err := s.pool.Query(ctx, `select id, version, label from file`)
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	var id string
	var l store.Label
	_, err = pgx.ForEachRow(rows, []any{&id, &l.Version, &l.Body}, func() error {
		labels[id], l.Body = l, nil
		return nil
	})
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	return labels, nil
}

// Label answers one.
func (s *Store) Label(ctx context.Context, id string) (l store.Label, err error) {
	if err := s.check(ctx); err != nil {
		return l, err
	}
	ctx, done := s.whileAlive(ctx)
	defer done()
	err = s.pool.QueryRow(ctx, `select version, label from file where id = $1`, id).Scan(&l.Version, &l.Body)
	switch {
	case err == pgx.ErrNoRows:
		return l, muster.Errorf(muster.CodeNotFound, "there is no file %s", id)
	case err != nil:
		return l, s.explain(ctx, err)
	}
	return l, nil
}

// PutLabel writes a label unless it is another one by now.
func (s *Store) PutLabel(ctx context.Context, id string, version int64, body []byte) (int64, error) {
	var err error
	if version == 0 {
		err = s.one(ctx, `insert into file values ($1, 1, $2) on conflict do nothing`, id, body)
	} else {
		err = s.one(ctx, `update file set version = version + 1, label = $3 where id = $1 and version = $2`, id, version, body)
	}
	return version + 1, err
}

// Remove removes a label and the parts with it.
func (s *Store) Remove(ctx context.Context, id string, version int64) error {
	return s.one(ctx, `delete from file where id = $1 and version = $2`, id, version)
}

// one writes the one row that a statement is about, if it is still what it was.
func (s *Store) one(ctx context.Context, sql string, args ...any) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	if s.refuse != nil {
		return s.refuse
	}
	ctx, done := s.whileAlive(ctx)
	defer done()
	tag, err := s.pool.Exec(ctx, sql, args...)
	switch {
	case err != nil:
		return s.explain(ctx, err)
	case tag.RowsAffected() == 0:
		return store.ErrChanged
	}
	return nil
}
