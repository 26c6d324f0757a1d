package postgres

import (
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// Expect reads at once who the changes are about, and which of them came before.
func (t *transaction) Expect(changes []muster.Item) {
	if t.foreseen == nil {
		t.foreseen = newForeseen()
	}
	_ = t.foreseen.expect(changes, t.foresee) // an error stays in t
}

// expect asks what is not known of the changes yet, in two journeys at most.
func (f *foreseen) expect(changes []muster.Item, send func(*pgx.Batch) error) error {
	var external, email, visitor, senders wanted
	var ids [][16]byte
	wantID := func(id muster.ContactID) {
		if _, known := f.ids[id]; !known && !id.IsZero() {
			f.ids[id] = 0
			ids = append(ids, id)
		}
	}
	for _, item := range changes {
		who := muster.Identifiers{}
		switch {
		case item.Contact != nil:
			who = item.Contact.Who
			f.described = append(f.described, who)
		case item.Activity != nil:
			who = item.Activity.Who
			want(&senders, f.sent, item.Activity.ID)
		case item.Merge != nil:
			wantID(item.Merge.Contact)
			wantID(item.Merge.Into)
		case item.Erase != nil:
			wantID(*item.Erase)
		}
		wantID(who.ID)
		want(&external, f.external, strings.TrimSpace(who.ExternalID))
		want(&email, f.email, plan.Fold(who.Email))
		want(&visitor, f.visitor, strings.TrimSpace(who.VisitorID))
	}
	questions := &pgx.Batch{}
	owner := func(rows pgx.Rows) error {
		o, err := scanOwner(rows)
		f.know(o)
		return err
	}
	if len(external.list) > 0 {
		ask(questions, ownerText+`external_id = any($1::text[])`, []any{external.list}, owner)
	}
	if len(email.list) > 0 {
		ask(questions, ownerText+`email_folded = any($1::text[])`, []any{email.list}, owner)
	}
	var more []int64 // whose owners are not known yet
	unknown := func(no muster.ContactNo) {
		if _, known := f.owners[no]; !known {
			more = append(more, int64(no))
		}
	}
	if len(ids) > 0 {
		ask(questions, `select id, coalesce(parent, no) from contact where id = any($1::uuid[]) and not erased`, []any{ids}, func(rows pgx.Rows) error {
			var id muster.ContactID
			var no muster.ContactNo
			err := rows.Scan((*[16]byte)(&id), &no)
			f.ids[id] = no
			unknown(no)
			return err
		})
	}
	if len(visitor.list) > 0 {
		ask(questions, `select value, contact_no from visitor where value = any($1::text[])`, []any{visitor.list}, func(rows pgx.Rows) error {
			var value string
			var no muster.ContactNo
			err := rows.Scan(&value, &no)
			f.visitor[value] = no
			unknown(no)
			return err
		})
	}
	if len(senders.list) > 0 {
		ask(questions, `select sender, contact_no, type, at, arrived from activity where sender = any($1::text[])`, []any{senders.list}, func(rows pgx.Rows) error {
			var id string
			var s sent
			err := rows.Scan(&id, &s.contact, &s.kind, &s.at, &s.arrived)
			f.sent[id] = append(f.sent[id], s)
			return err
		})
	}
	if err := send(questions); err != nil || len(more) == 0 {
		return err
	}
	questions = &pgx.Batch{}
	ask(questions, ownerText+`no = any($1::bigint[])`, []any{more}, owner)
	return send(questions)
}

// foresee asks questions whose answers are kept. Without them nothing is foreseen.
func (t *transaction) foresee(questions *pgx.Batch) error {
	if questions.Len() == 0 {
		return nil
	}
	err := t.together(questions)
	if err != nil {
		t.foreseen = nil
	}
	return err
}

// know keeps an owner that was found.
func (f *foreseen) know(o store.Owner) {
	if o.ExternalID != "" {
		f.external[o.ExternalID] = o.No
	}
	if o.Email != "" {
		f.email[plan.Fold(o.Email)] = o.No
	}
	f.owners[o.No] = o
}

// foreseeFields reads the fields of all contacts that are about to be described.
func (t *transaction) foreseeFields() error {
	f := t.foreseen
	var list []int64
	for _, who := range f.described {
		for _, no := range f.ownersOf(who) {
			if no != 0 && f.fields[no] == nil {
				f.fields[no] = map[string]muster.Value{}
				list = append(list, int64(no))
			}
		}
	}
	f.described = nil
	if len(list) == 0 {
		return nil
	}
	questions := &pgx.Batch{}
	ask(questions, `select code, kind, coalesce(text, ''), coalesce(number, 0), choices, contact_no from field where contact_no = any($1::bigint[])`, []any{list}, func(rows pgx.Rows) error {
		var no muster.ContactNo
		code, v, err := scanField(rows, &no)
		if err == nil {
			f.fields[no][code] = v
		}
		return err
	})
	return t.foresee(questions)
}

// foreseeDecisions reads the decisions of all owners.
func (t *transaction) foreseeDecisions() error {
	f := t.foreseen
	var list []int64
	for no := range f.owners {
		if f.decisions[no] == nil {
			f.decisions[no] = map[decided]muster.Decision{}
			list = append(list, int64(no))
		}
	}
	if len(list) == 0 {
		return nil
	}
	questions := &pgx.Batch{}
	ask(questions, `select contact_no, kind, code, state, at, version from decision where contact_no = any($1::bigint[])`, []any{list}, func(rows pgx.Rows) error {
		var no muster.ContactNo
		var d muster.Decision
		err := rows.Scan(&no, &d.Kind, &d.Code, &d.State, &d.At, &d.Version)
		if err == nil {
			f.decisions[no][decided{d.Kind, d.Code}] = d
		}
		return err
	})
	return t.foresee(questions)
}

// wanted gathers texts to ask for, each once.
type wanted struct{ list []string }

// want adds a text unless its answer is known, which until it comes is none. No
// stored text holds the character 0, which the database would refuse.
func want[T any](w *wanted, answers map[string]T, text string) {
	if _, known := answers[text]; text == "" || known {
		return
	}
	var none T
	answers[text] = none
	if !strings.ContainsRune(text, 0) {
		w.list = append(w.list, text)
	}
}
