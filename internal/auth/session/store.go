package session

import (
	"context"
	"time"

	"github.com/muster-groups/muster/internal/auth"
)

// record is the document of a session. Its id is the token's hash; the token
// itself is only in the cookie. What is called token below is that hash.
type record struct {
	Data    []byte    `json:"data"`
	Expires time.Time `json:"expires"`
	Used    time.Time `json:"used"` // to some minutes
}

// useEvery is how coarse the last use is kept, so that a request of a session
// does not write to the store each time.
const useEvery = 10 * time.Minute

// swept is how many ended sessions a new one removes at most.
const swept = 10

func (r record) ended(now time.Time) bool {
	return !now.Before(r.Expires) || now.Sub(r.Used) >= Idle
}

// store keeps sessions for scs, and ends those that nobody uses. scs could do
// that too, but writes whenever a session is used, and would bring a session
// back that was ended meanwhile.
type store struct{ shelf *auth.Shelf[record] }

// FindCtx answers the data of a session that has not ended.
func (s *store) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	now := time.Now()
	found, known, err := s.shelf.Get(ctx, token)
	if err != nil || !known || found.ended(now) {
		return nil, false, err
	}
	if now.Sub(found.Used) < useEvery {
		return found.Data, true, nil
	}
	err = s.shelf.Edit(ctx, func(items map[string]record) (auth.Change[record], error) {
		current, known := items[token]
		if !known || now.Sub(current.Used) < useEvery {
			return auth.Change[record]{}, nil
		}
		current.Used = now
		return auth.Change[record]{ID: token, Item: current}, nil
	})
	return found.Data, true, err
}

// CommitCtx keeps a session.
func (s *store) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	now := time.Now()
	if err := s.sweep(ctx, now); err != nil {
		return err
	}
	return s.shelf.Edit(ctx, func(map[string]record) (auth.Change[record], error) {
		return auth.Change[record]{ID: token, Item: record{Data: data, Expires: expiry, Used: now}}, nil
	})
}

// DeleteCtx ends a session.
func (s *store) DeleteCtx(ctx context.Context, token string) error { return s.delete(ctx, token) }

func (s *store) delete(ctx context.Context, id string) error {
	return s.shelf.Edit(ctx, func(items map[string]record) (auth.Change[record], error) {
		if _, known := items[id]; !known {
			return auth.Change[record]{}, nil
		}
		return auth.Change[record]{ID: id, Delete: true}, nil
	})
}

// sweep removes sessions that have ended.
func (s *store) sweep(ctx context.Context, now time.Time) error {
	items, err := s.shelf.All(ctx)
	if err != nil {
		return err
	}
	removed := 0
	for id, r := range items {
		if removed == swept {
			break
		}
		if !r.ended(now) {
			continue
		}
		if err := s.delete(ctx, id); err != nil {
			return err
		}
		removed++
	}
	return nil
}

// Find, Commit and Delete are what scs wants of a store that takes no context.
func (s *store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit keeps a session.
func (s *store) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete ends a session.
func (s *store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
