package postgres

import "context"

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
	s.pool, err = s.openPool(ctx, Options{})
	return s, err
}
