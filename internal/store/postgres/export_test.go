package postgres

import (
	"context"
	"errors"
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
