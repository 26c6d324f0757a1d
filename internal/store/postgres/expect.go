package postgres

import (
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// foreseen is what a transaction knows of the contacts that are about to be
// changed: what it was told to expect is read with a few statements, and kept
// right as the transaction writes. What is not in it is asked one by one.
type foreseen struct {
	external, email, visitor map[string]muster.ContactNo // by the text as it is compared; 0 is nobody
	owners                   map[muster.ContactNo]store.Owner
	fields                   map[muster.ContactNo]map[string]muster.Value
	decisions                map[muster.ContactNo]map[decided]muster.Decision
	sent                     map[string][]sent // activities that were committed before, by the sender's id
}

type decided struct {
	kind muster.DecisionKind
	code string
}

// sent is an activity as its sender repeats it.
type sent struct {
	contact     muster.ContactNo
	kind        string
	at, arrived muster.Instant
}

func newForeseen() *foreseen {
	return &foreseen{
		external: map[string]muster.ContactNo{}, email: map[string]muster.ContactNo{}, visitor: map[string]muster.ContactNo{},
		owners: map[muster.ContactNo]store.Owner{}, fields: map[muster.ContactNo]map[string]muster.Value{},
		decisions: map[muster.ContactNo]map[decided]muster.Decision{}, sent: map[string][]sent{},
	}
}

// Expect reads at once what the changes will ask for.
func (t *transaction) Expect(changes []muster.Item) {
	if t.foreseen == nil {
		t.foreseen = newForeseen()
	}
	f := t.foreseen
	var named [3]wanted // external ids, emails and visitor ids
	var senders wanted
	for _, item := range changes {
		who := muster.Identifiers{}
		switch {
		case item.Contact != nil:
			who = item.Contact.Who
		case item.Activity != nil:
			who = item.Activity.Who
			senders.add(item.Activity.ID, known(f.sent, item.Activity.ID))
		}
		external, email, visitor := strings.TrimSpace(who.ExternalID), plan.Fold(who.Email), strings.TrimSpace(who.VisitorID)
		named[0].add(external, known(f.external, external))
		named[1].add(email, known(f.email, email))
		named[2].add(visitor, known(f.visitor, visitor))
	}
	owners := map[muster.ContactNo]bool{}
	batch := &pgx.Batch{}
	for i, sql := range []string{
		`select external_id, no from contact where external_id = any($1::text[])`,
		`select email_folded, no from contact where email_folded = any($1::text[])`,
		`select value, contact_no from visitor where value = any($1::text[])`,
	} {
		into := []map[string]muster.ContactNo{f.external, f.email, f.visitor}[i]
		if len(named[i].list) == 0 {
			continue
		}
		batch.Queue(sql, named[i].list).Query(func(rows pgx.Rows) error {
			var text string
			var no muster.ContactNo
			_, err := pgx.ForEachRow(rows, []any{&text, &no}, func() error { into[text] = no; return nil })
			return err
		})
		for _, text := range named[i].list {
			into[text] = 0
		}
	}
	if len(senders.list) > 0 {
		batch.Queue(`select sender, contact_no, type, at, arrived from activity where sender = any($1::text[])`, senders.list).Query(func(rows pgx.Rows) error {
			var id string
			var s sent
			_, err := pgx.ForEachRow(rows, []any{&id, &s.contact, &s.kind, &s.at, &s.arrived}, func() error { f.sent[id] = append(f.sent[id], s); return nil })
			return err
		})
		for _, id := range senders.list {
			f.sent[id] = nil
		}
	}
	if t.together(batch) != nil {
		return
	}
	for i, into := range []map[string]muster.ContactNo{f.external, f.email, f.visitor} {
		for _, text := range named[i].list {
			if no := into[text]; no != 0 {
				owners[no] = true
			}
		}
	}
	t.expectOwners(owners)
}

// expectOwners reads what is known of contacts that were found.
func (t *transaction) expectOwners(found map[muster.ContactNo]bool) {
	f := t.foreseen
	var list []int64
	for no := range found {
		if _, known := f.owners[no]; !known {
			list = append(list, int64(no))
			f.fields[no], f.decisions[no] = map[string]muster.Value{}, map[decided]muster.Decision{}
		}
	}
	if len(list) == 0 {
		return
	}
	batch := &pgx.Batch{}
	batch.Queue(`select no, id, coalesce(external_id, ''), coalesce(email, ''), created_at, exists (select from visitor where contact_no = c.no)
		from contact c where no = any($1::bigint[]) and not erased`, list).Query(func(rows pgx.Rows) error {
		var o store.Owner
		_, err := pgx.ForEachRow(rows, []any{&o.No, (*[16]byte)(&o.ID), &o.ExternalID, &o.Email, &o.CreatedAt, &o.HasVisitor}, func() error { f.owners[o.No] = o; return nil })
		return err
	})
	batch.Queue(`select code, kind, coalesce(text, ''), coalesce(number, 0), choices, contact_no from field where contact_no = any($1::bigint[])`, list).Query(func(rows pgx.Rows) error {
		defer rows.Close()
		for rows.Next() {
			var no muster.ContactNo
			code, v, err := scanField(rows, &no)
			if err != nil {
				return err
			}
			f.fields[no][code] = v
		}
		return rows.Err()
	})
	batch.Queue(`select contact_no, kind, code, state, at, version from decision where contact_no = any($1::bigint[])`, list).Query(func(rows pgx.Rows) error {
		var no muster.ContactNo
		var d muster.Decision
		_, err := pgx.ForEachRow(rows, []any{&no, &d.Kind, &d.Code, &d.State, &d.At, &d.Version}, func() error { f.decisions[no][decided{d.Kind, d.Code}] = d; return nil })
		return err
	})
	_ = t.together(batch) // an error stays in t
}

// together asks several questions in one round trip.
func (t *transaction) together(batch *pgx.Batch) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return t.err
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := t.send(); err != nil {
		return t.fail(err)
	}
	err := t.db.SendBatch(t.ctx, batch).Close()
	if err != nil {
		t.foreseen = nil
		return t.fail(err)
	}
	return nil
}

// wanted gathers texts to ask for, each once. No stored text holds the
// character 0, which the database would refuse.
type wanted struct {
	list []string
	seen map[string]bool
}

func (w *wanted) add(text string, known bool) {
	if text == "" || known || w.seen[text] || strings.ContainsRune(text, 0) {
		return
	}
	if w.seen == nil {
		w.seen = map[string]bool{}
	}
	w.seen[text] = true
	w.list = append(w.list, text)
}

func known[T any](in map[string]T, text string) bool {
	_, known := in[text]
	return known
}

// ByExternalID finds the owner of an external id.
func (t *transaction) ByExternalID(value string) muster.ContactNo {
	if t.foreseen != nil {
		if no, known := t.foreseen.external[strings.TrimSpace(value)]; known {
			return no
		}
	}
	return t.reading.ByExternalID(value)
}

// ByEmail finds the owner of an email in any spelling.
func (t *transaction) ByEmail(value string) muster.ContactNo {
	if t.foreseen != nil {
		if no, known := t.foreseen.email[plan.Fold(value)]; known {
			return no
		}
	}
	return t.reading.ByEmail(value)
}

// ByVisitor finds the owner of a visitor id.
func (t *transaction) ByVisitor(value string) muster.ContactNo {
	if t.foreseen != nil {
		if no, known := t.foreseen.visitor[strings.TrimSpace(value)]; known {
			return no
		}
	}
	return t.reading.ByVisitor(value)
}

// Owner answers what identity resolution needs to know.
func (t *transaction) Owner(no muster.ContactNo) store.Owner {
	if t.foreseen != nil {
		if o, known := t.foreseen.owners[no]; known {
			return o
		}
	}
	return t.reading.Owner(no)
}

// Field answers one field's value.
func (t *transaction) Field(no muster.ContactNo, code string) muster.Value {
	if t.foreseen != nil && code != "email" && code != "created_at" && code != "last_activity_at" {
		if fields, known := t.foreseen.fields[no]; known {
			return fields[code]
		}
	}
	return t.reading.Field(no, code)
}

// Decision answers the standing decision.
func (t *transaction) Decision(no muster.ContactNo, kind muster.DecisionKind, code string) muster.Decision {
	if t.foreseen != nil {
		if decisions, known := t.foreseen.decisions[no]; known {
			if d, made := decisions[decided{kind, code}]; made {
				return d
			}
			return muster.Decision{Kind: kind, Code: code}
		}
	}
	return t.reading.Decision(no, kind, code)
}

// noteCreated, noteExternalID, noteEmail and noteVisitor keep what is foreseen
// right. Who is not known makes the rest uncertain, too.
func (t *transaction) noteCreated(o store.Owner) {
	if f := t.foreseen; f != nil {
		f.owners[o.No], f.fields[o.No], f.decisions[o.No] = o, map[string]muster.Value{}, map[decided]muster.Decision{}
	}
}

func (t *transaction) note(no muster.ContactNo, change func(*foreseen, *store.Owner)) {
	f := t.foreseen
	if f == nil {
		return
	}
	o, known := f.owners[no]
	if !known {
		t.foreseen = nil
		return
	}
	change(f, &o)
	f.owners[no] = o
}

func (t *transaction) noteExternalID(no muster.ContactNo, value string) {
	t.note(no, func(f *foreseen, o *store.Owner) {
		if o.ExternalID != "" {
			f.external[o.ExternalID] = 0
		}
		f.external[value], o.ExternalID = no, value
	})
}

func (t *transaction) noteEmail(no muster.ContactNo, value string) {
	t.note(no, func(f *foreseen, o *store.Owner) {
		if o.Email != "" {
			f.email[plan.Fold(o.Email)] = 0
		}
		f.email[plan.Fold(value)], o.Email = no, value
	})
}

func (t *transaction) noteVisitor(no muster.ContactNo, value string) {
	t.note(no, func(f *foreseen, o *store.Owner) { f.visitor[value], o.HasVisitor = no, true })
}
