package postgres

import (
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// ByID finds the parent of the contact with that id.
func (r *reading) ByID(id muster.ContactID) (muster.ContactNo, error) {
	var no muster.ContactNo
	var erased bool
	found, err := r.one(`select coalesce(parent, no), erased from contact where id = $1`, []any{[16]byte(id)}, &no, &erased)
	switch {
	case err != nil:
		return 0, err
	case !found:
		return 0, muster.Errorf(muster.CodeNotFound, "There is no contact with the id %s.", id)
	case erased:
		return 0, muster.Errorf(muster.CodeGone, "The contact with the id %s has been erased.", id)
	}
	return no, nil
}

// owner finds whom a text belongs to; 0 is nobody. No stored text holds the
// character 0, which the database would refuse even in a question.
func (r *reading) owner(sql, value string) (no muster.ContactNo) {
	if value == "" || strings.ContainsRune(value, 0) {
		return 0
	}
	_, _ = r.one(sql, []any{value}, &no) // an error stays in r
	return no
}

// ByExternalID finds the owner of an external id.
func (r *reading) ByExternalID(value string) muster.ContactNo {
	return r.owner(`select no from contact where external_id = $1`, strings.TrimSpace(value))
}

// ByEmail finds the owner of an email in any spelling.
func (r *reading) ByEmail(value string) muster.ContactNo {
	return r.owner(`select no from contact where email_folded = $1`, plan.Fold(value))
}

// ByVisitor finds the owner of a visitor id.
func (r *reading) ByVisitor(value string) muster.ContactNo {
	return r.owner(`select contact_no from visitor where value = $1`, strings.TrimSpace(value))
}

// ownerText asks for owners; a condition follows.
const ownerText = `select no, id, coalesce(external_id, ''), coalesce(email, ''), created_at,
	external_id is null and email is null and exists (select from visitor where contact_no = c.no) from contact c where not erased and `

func scanOwner(rows pgx.Rows) (o store.Owner, err error) {
	err = rows.Scan(&o.No, (*[16]byte)(&o.ID), &o.ExternalID, &o.Email, &o.CreatedAt, &o.HasVisitor)
	return o, err
}

// Owner answers what identity resolution needs to know.
func (r *reading) Owner(no muster.ContactNo) (o store.Owner) {
	err := r.each(ownerText+`no = $1`, []any{no}, func(rows pgx.Rows) (err error) {
		o, err = scanOwner(rows)
		return err
	})
	if err != nil {
		return store.Owner{}
	}
	return o
}

// nobody is the error for numbers that are no parents.
func nobody(no muster.ContactNo) error {
	return muster.Errorf(muster.CodeNotFound, "There is no contact with the number %d.", no)
}

// parent reports whether a number is a parent's.
func (r *reading) parent(no muster.ContactNo) error {
	if r.Contacts().Contains(uint32(no)) {
		return nil
	}
	if r.err != nil {
		return r.err
	}
	return nobody(no)
}

// Contact answers everything known of a parent.
func (r *reading) Contact(no muster.ContactNo) (muster.Contact, error) {
	if err := r.parent(no); err != nil {
		return muster.Contact{}, err
	}
	c := muster.Contact{No: no, Fields: map[string]muster.Value{}, LastActivityAt: muster.Beginning}
	questions, of := &pgx.Batch{}, []any{no}
	ask(questions, ownerText+`no = $1`, of, func(rows pgx.Rows) error {
		o, err := scanOwner(rows)
		c.ID, c.ExternalID, c.Email, c.CreatedAt = o.ID, o.ExternalID, o.Email, o.CreatedAt
		return err
	})
	ask(questions, `select value from visitor where contact_no = $1 order by place`, of, func(rows pgx.Rows) error {
		var value string
		err := rows.Scan(&value)
		c.VisitorIDs = append(c.VisitorIDs, value)
		return err
	})
	ask(questions, `select code, kind, coalesce(text, ''), coalesce(number, 0), choices from field where contact_no = $1`, of, func(rows pgx.Rows) error {
		code, v, err := scanField(rows)
		c.Fields[code] = v
		return err
	})
	ask(questions, `select kind, code, state, at, version from decision where contact_no = $1 order by kind, code`, of, func(rows pgx.Rows) error {
		var d muster.Decision
		err := rows.Scan(&d.Kind, &d.Code, &d.State, &d.At, &d.Version)
		c.Decisions = append(c.Decisions, d)
		return err
	})
	ask(questions, `select id from contact where parent = $1 order by id`, of, func(rows pgx.Rows) error {
		var id muster.ContactID
		err := rows.Scan((*[16]byte)(&id))
		c.MergedIDs = append(c.MergedIDs, id)
		return err
	})
	ask(questions, lastActivityText, of, func(rows pgx.Rows) error { return rows.Scan(&c.LastActivityAt) })
	return c, r.together(questions)
}

const lastActivityText = `select at from activity where contact_no = $1 order by at desc limit 1`

func (r *reading) lastActivity(no muster.ContactNo) (at muster.Instant, err error) {
	at = muster.Beginning
	_, err = r.one(lastActivityText, []any{no}, &at)
	return at, err
}

func scanField(rows pgx.Rows, more ...any) (code string, v muster.Value, err error) {
	var number int64
	if err = rows.Scan(append([]any{&code, &v.Kind, &v.Text, &number, &v.Choices}, more...)...); err != nil {
		return code, v, err
	}
	switch v.Kind {
	case muster.KindNumber:
		v.Number = muster.Decimal(number)
	case muster.KindBoolean:
		v.Boolean = number != 0
	case muster.KindDate:
		v.Date = muster.Date(number)
	case muster.KindDatetime:
		v.Instant = muster.Instant(number)
	}
	return code, v, nil
}

// Field answers one field's value.
func (r *reading) Field(no muster.ContactNo, code string) (v muster.Value) {
	switch code {
	case "email":
		if email := r.Owner(no).Email; email != "" {
			return muster.Value{Kind: muster.KindText, Text: email}
		}
		return muster.Value{}
	case "created_at":
		if o := r.Owner(no); o.No != 0 {
			return muster.Value{Kind: muster.KindDatetime, Instant: o.CreatedAt}
		}
		return muster.Value{}
	case "last_activity_at":
		if at, err := r.lastActivity(no); err == nil && at != muster.Beginning {
			return muster.Value{Kind: muster.KindDatetime, Instant: at}
		}
		return muster.Value{}
	}
	_ = r.each(`select code, kind, coalesce(text, ''), coalesce(number, 0), choices from field where contact_no = $1 and code = $2`, []any{no, code}, func(rows pgx.Rows) (err error) {
		_, v, err = scanField(rows)
		return err
	}) // an error stays in r
	return v
}

// Decision answers the standing decision.
func (r *reading) Decision(no muster.ContactNo, kind muster.DecisionKind, code string) muster.Decision {
	d := muster.Decision{Kind: kind, Code: code}
	_, _ = r.one(`select state, at, version from decision where contact_no = $1 and kind = $2 and code = $3`, []any{no, kind, code}, &d.State, &d.At, &d.Version) // an error stays in r
	return d
}
