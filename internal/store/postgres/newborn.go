package postgres

import (
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// newborn is a contact that was made by this transaction and that the database
// does not have yet: many are written together, with what they were given.
type newborn struct {
	no              muster.ContactNo
	id              muster.ContactID
	createdAt       muster.Instant
	external, email string
	visitor         string // the first one
}

// born notes a contact to be written.
func (t *transaction) born(n newborn) error {
	// What others had may be free only once that is written.
	if t.renamed {
		if err := t.send(); err != nil {
			return t.fail(err)
		}
	}
	t.wrote = true
	if t.place == nil {
		t.place = map[muster.ContactNo]int{}
	}
	t.place[n.no] = len(t.newborn)
	t.newborn = append(t.newborn, n)
	return nil
}

// unwritten answers a contact that the database does not have yet, to be given
// an identifier; nil when it has it.
func (t *transaction) unwritten(no muster.ContactNo) *newborn {
	if at, ok := t.place[no]; ok && !t.renamed {
		return &t.newborn[at]
	}
	return nil
}

// sendNewborn writes the contacts that wait.
func (t *transaction) sendNewborn() error {
	if len(t.newborn) == 0 {
		return nil
	}
	var contacts, visitors [][]any
	optional := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	for _, n := range t.newborn {
		contacts = append(contacts, []any{int64(n.no), [16]byte(n.id), int64(n.createdAt), optional(n.external), optional(plan.Fold(n.external)), optional(n.email), optional(plan.Fold(n.email))})
		if n.visitor != "" {
			visitors = append(visitors, []any{n.visitor, int64(n.no), int64(1)})
		}
	}
	t.newborn, t.place = nil, nil
	_, err := t.db.CopyFrom(t.ctx, pgx.Identifier{"contact"}, []string{"no", "id", "created_at", "external_id", "external_folded", "email", "email_folded"}, pgx.CopyFromRows(contacts))
	if err == nil && len(visitors) > 0 {
		_, err = t.db.CopyFrom(t.ctx, pgx.Identifier{"visitor"}, []string{"value", "contact_no", "place"}, pgx.CopyFromRows(visitors))
	}
	return err
}
