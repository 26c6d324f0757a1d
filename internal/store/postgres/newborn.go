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

// unloadNewborn writes the contacts that wait.
func (t *transaction) unloadNewborn(batch *pgx.Batch) {
	if len(t.newborn) == 0 {
		return
	}
	var no, createdAt, owner []int64
	var id [][16]byte
	var external, externalFolded, email, emailFolded, visitor []string
	for _, n := range t.newborn {
		no, id, createdAt = append(no, int64(n.no)), append(id, n.id), append(createdAt, int64(n.createdAt))
		external, externalFolded = append(external, n.external), append(externalFolded, plan.Fold(n.external))
		email, emailFolded = append(email, n.email), append(emailFolded, plan.Fold(n.email))
		if n.visitor != "" {
			visitor, owner = append(visitor, n.visitor), append(owner, int64(n.no))
		}
	}
	t.newborn, t.place = nil, nil
	batch.Queue(`insert into contact (no, id, created_at, external_id, external_folded, email, email_folded)
		select no, id, created_at, nullif(external_id, ''), nullif(external_folded, ''), nullif(email, ''), nullif(email_folded, '')
		from unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[]) as n (no, id, created_at, external_id, external_folded, email, email_folded)`,
		no, id, createdAt, external, externalFolded, email, emailFolded)
	if len(visitor) > 0 {
		batch.Queue(`insert into visitor (value, contact_no, place) select value, contact_no, 1 from unnest($1::text[], $2::bigint[]) as v (value, contact_no)`, visitor, owner)
	}
}
