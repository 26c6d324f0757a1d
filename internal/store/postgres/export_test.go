package postgres

import (
	"context"
	"errors"
	"io/fs"
)

// OpenSharded opens a store that takes the database for a cluster: it does what
// only a cluster needs.
func OpenSharded(ctx context.Context, url string) (*Store, error) {
	s, err := Open(ctx, url, Options{})
	if err != nil {
		return nil, err
	}
	<-s.turn
	defer s.give()
	s.pool.Close()
	if err := s.shard(ctx); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	s.pool, err = s.openPool(ctx, Options{})
	return s, err
}

// Plans answers how the writing connection and the others come by the plans of
// their statements.
func (s *Store) Plans(ctx context.Context) (writing, reading string, err error) {
	<-s.turn
	defer s.give()
	const how = `show plan_cache_mode`
	return writing, reading, errors.Join(s.writer.QueryRow(ctx, how).Scan(&writing), s.pool.QueryRow(ctx, how).Scan(&reading))
}

// DistributeFirst distributes a database that has been brought to the first schema
// version that can be.
func DistributeFirst(ctx context.Context, url string) (err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	files, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil {
		return err
	}
	for _, name := range files[:6] {
		if _, err := step(ctx, conn, name); err != nil {
			return err
		}
	}
	statements, err := distribution(ctx, conn)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
