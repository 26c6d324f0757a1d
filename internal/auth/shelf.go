package auth

import (
	"context"
	"encoding/json"
	"maps"
	"sync"
	"time"

	"github.com/muster-groups/muster"
)

// Documents is where the documents of one kind are kept durably.
type Documents interface {
	All(ctx context.Context) (map[string][]byte, error)
	Put(ctx context.Context, id string, body []byte) error
	Delete(ctx context.Context, id string) error
}

// Versioned are Documents that know when they were written, by whichever process:
// the version grows.
type Versioned interface{ Version() int64 }

// reread is how long what another process on the same documents wrote may stay
// unknown.
const reread = 5 * time.Second

// Shelf holds items by id: a copy of documents, read again now and then. It is
// safe for concurrent use. Lock order: writes before mu.
type Shelf[T any] struct {
	documents Documents
	writes    sync.Mutex // held while documents are written or read again
	mu        sync.RWMutex
	items     map[string]T
	readAt    time.Time
	version   int64 // of the documents when they were read, where they have one
}

func (s *Shelf[T]) versionNow() int64 {
	if v, ok := s.documents.(Versioned); ok {
		return v.Version()
	}
	return 0
}

// NewShelf makes a Shelf. It is read when it is first asked.
func NewShelf[T any](documents Documents) *Shelf[T] {
	return &Shelf[T]{documents: documents}
}

// Get answers an item by its id.
func (s *Shelf[T]) Get(ctx context.Context, id string) (T, bool, error) {
	if err := s.refresh(ctx); err != nil {
		var none T
		return none, false, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	item, known := s.items[id]
	return item, known, nil
}

// All answers all items by id; the map is the caller's.
func (s *Shelf[T]) All(ctx context.Context) (map[string]T, error) {
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.items), nil
}

// A Change is one item put or deleted; the zero Change is none.
type Change[T any] struct {
	ID     string
	Item   T
	Delete bool
}

// Edit lets decide see all items as they are and carries out the change it
// answers. No other edit of this process comes between.
func (s *Shelf[T]) Edit(ctx context.Context, decide func(items map[string]T) (Change[T], error)) error {
	s.writes.Lock()
	defer s.writes.Unlock()
	if err := s.read(ctx); err != nil {
		return err
	}
	s.mu.RLock()
	items := maps.Clone(s.items)
	s.mu.RUnlock()
	c, err := decide(items)
	if err != nil || c.ID == "" {
		return err
	}
	if c.Delete {
		if err := s.documents.Delete(ctx, c.ID); err != nil {
			return err
		}
	} else {
		body, err := json.Marshal(c.Item)
		if err != nil {
			return err
		}
		if err := s.documents.Put(ctx, c.ID, body); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if delete(s.items, c.ID); !c.Delete {
		s.items[c.ID] = c.Item
	}
	return nil
}

// refresh reads the documents when the copy is old. While somebody else does,
// the old copy serves.
func (s *Shelf[T]) refresh(ctx context.Context) error {
	s.mu.RLock()
	missing, old := s.items == nil || s.version != s.versionNow(), time.Since(s.readAt) > reread
	s.mu.RUnlock()
	switch {
	case missing:
		s.writes.Lock()
	case !old || !s.writes.TryLock():
		return nil
	}
	defer s.writes.Unlock()
	return s.read(ctx)
}

func (s *Shelf[T]) read(ctx context.Context) error {
	version := s.versionNow() // before they are read: what comes later is read again
	documents, err := s.documents.All(ctx)
	if err != nil {
		return err
	}
	items := make(map[string]T, len(documents))
	for id, document := range documents {
		var item T
		if err := json.Unmarshal(document, &item); err != nil {
			return &muster.Error{Code: muster.CodeInternal, Message: "the document " + id + " cannot be read", Err: err}
		}
		items[id] = item
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items, s.readAt, s.version = items, time.Now(), version
	return nil
}
