package app

import (
	"sync"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

// erasedContacts remembers whom the records of erasures were about. It is read
// anew when there are later records than it knows.
type erasedContacts struct {
	mu   sync.Mutex
	upTo muster.Seq
	ids  map[muster.Seq]muster.ContactID
}

func (e *erasedContacts) of(v store.View, r *roster.Roster) (map[muster.Seq]muster.ContactID, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	last := v.LastSeq()
	if e.ids != nil && last <= e.upTo {
		return e.ids, nil
	}
	ids, err := r.ErasedContacts(v)
	if err != nil {
		return nil, err
	}
	e.ids, e.upTo = ids, last
	return ids, nil
}
