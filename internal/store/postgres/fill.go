package postgres

import (
	"context"
	"errors"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// Fill makes an empty database, which has been migrated, equal to what tell
// tells: in one transaction, so that it is whole or empty.
func Fill(ctx context.Context, url string, tell func(store.Archive) error) (err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if err := check(ctx, conn); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `lock table head in access exclusive mode`); err != nil {
			return err
		}
		var used bool
		err := tx.QueryRow(ctx, `select exists (select from head where tick <> 0 or last_contact <> 0 or last_seq <> 0) or exists (select from document)`).Scan(&used)
		if err != nil {
			return err
		}
		if used {
			return muster.Errorf(muster.CodeConflict, "The database is not empty: name another one, or another schema of it by ?search_path=NAME.")
		}
		f := &filler{ctx: ctx, tx: tx, columns: columns(), waiting: map[string][][]any{}}
		if err := tell(f); err != nil {
			return err
		}
		return f.finish()
	})
}

// filler is the store.Archive that writes.
type filler struct {
	ctx       context.Context
	tx        pgx.Tx
	head      store.ArchivedHead
	columns   map[string][]string
	waiting   map[string][][]any // rows by table
	floorRow  int64
	forgotten []int64

	contacts, merged, activities int64
}

// rowsAtOnce is how many rows of a table are written at a time.
const rowsAtOnce = 5000

func columns() map[string][]string {
	return map[string][]string{
		"contact":  {"no", "id", "parent", "erased", "created_at", "external_id", "external_folded", "email", "email_folded"},
		"visitor":  {"value", "contact_no", "place"},
		"field":    {"contact_no", "code", "kind", "text", "folded", "number", "choices", "folded_choices"},
		"decision": {"contact_no", "kind", "code", "state", "at", "version"},
		"activity": {"contact_no", "type", "at", "row", "channel", "arrived", "sender", "attributes"},
		"change":   {"seq", "group_no", "contact_no", "at", "entered", "cause", "code"},
		"document": {"kind", "code", "body", "commit"},
	}
}

func (f *filler) add(table string, values ...any) error {
	f.waiting[table] = append(f.waiting[table], plain(values))
	if len(f.waiting[table]) < rowsAtOnce {
		return nil
	}
	return f.send(table)
}

func (f *filler) send(table string) error {
	rows := f.waiting[table]
	f.waiting[table] = nil
	_, err := f.tx.CopyFrom(f.ctx, pgx.Identifier{table}, f.columns[table], pgx.CopyFromRows(rows))
	return err
}

// Start keeps the counters for the end.
func (f *filler) Start(head store.ArchivedHead) error {
	f.head = head
	return nil
}

// Contact writes a contact and what is known of it.
func (f *filler) Contact(c store.ArchivedContact) error {
	var parent, external, externalFolded, email, emailFolded any
	switch {
	case c.Erased:
		c.CreatedAt = 0
	case c.Parent != 0:
		parent = c.Parent
		f.merged++
	default:
		f.contacts++
	}
	if c.ExternalID != "" {
		external, externalFolded = c.ExternalID, plan.Fold(c.ExternalID)
	}
	if c.Email != "" {
		email, emailFolded = c.Email, plan.Fold(c.Email)
	}
	if err := f.add("contact", c.No, [16]byte(c.ID), parent, c.Erased, c.CreatedAt, external, externalFolded, email, emailFolded); err != nil {
		return err
	}
	for i, value := range c.VisitorIDs {
		if err := f.add("visitor", value, c.No, i+1); err != nil {
			return err
		}
	}
	for code, v := range c.Fields {
		if err := f.add("field", append([]any{c.No, code, v.Kind}, fieldColumns(v)...)...); err != nil {
			return err
		}
	}
	for _, d := range c.Decisions {
		if err := f.add("decision", c.No, d.Kind, d.Code, d.State, d.At, d.Version); err != nil {
			return err
		}
	}
	return nil
}

// Activity writes an activity.
func (f *filler) Activity(a store.ArchivedActivity) error {
	var sender any
	if a.ID != "" {
		sender = a.ID
	}
	f.activities++
	return f.add("activity", a.Contact, a.Type, a.At, a.Row, a.Channel, a.Arrived, sender, writeAttributes(a.Attributes))
}

// Floor writes the members as records that nobody is answered. There are no more
// members than there were records, so the numbers suffice.
func (f *filler) Floor(group muster.GroupNo, members *roaring.Bitmap, since []muster.Instant) error {
	for i, no := range members.ToArray() {
		f.floorRow++
		at := muster.Beginning
		if i < len(since) {
			at = since[i]
		}
		if err := f.add("change", f.floorRow, group, no, at, true, muster.CauseGroup, ""); err != nil {
			return err
		}
	}
	return nil
}

// Change writes a record.
func (f *filler) Change(c muster.Change) error {
	return f.add("change", c.Seq, c.Group, c.Contact, c.At, c.Entered, c.Cause.Kind, c.Cause.Code)
}

// Forgotten keeps a group for the end.
func (f *filler) Forgotten(group muster.GroupNo) error {
	f.forgotten = append(f.forgotten, int64(group))
	return nil
}

// Document writes a document.
func (f *filler) Document(kind, code string, body []byte) error {
	return f.add("document", kind, code, body, 1)
}

// finish writes the rest, and what follows from the records.
func (f *filler) finish() error {
	for table := range f.columns {
		if err := f.send(table); err != nil {
			return err
		}
	}
	var horizon any
	if f.head.Horizon.At != muster.Beginning {
		horizon = f.head.Horizon.At
	}
	if f.forgotten == nil {
		f.forgotten = []int64{}
	}
	h := f.head
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`insert into membership select group_no, contact_no, at from (
			select distinct on (group_no, contact_no) group_no, contact_no, at, entered from change
			where contact_no <> 0 and group_no <> all($1::bigint[]) order by group_no, contact_no, seq desc) last where entered`, []any{f.forgotten}},
		{`insert into roll select group_no, max(seq), 1 from change where group_no <> all($1::bigint[]) group by group_no`, []any{f.forgotten}},
		{`insert into last_activity select contact_no, max(at) from activity group by contact_no`, nil},
		{`update last_activity_until set row = $1`, []any{h.LastRow}},
		{`insert into written select kind, 1 from document group by kind`, nil},
		{`update head set tick = $1, last_seq = $2, last_contact = $3, last_row = $4, people = 1, contacts = $5, merged = $6, activities = $7,
			commits = 1, horizon_at = $8, horizon_seq = $9, folded = $9`,
			[]any{h.Tick, h.LastSeq, h.LastContact, h.LastRow, f.contacts, f.merged, f.activities, horizon, h.Horizon.Seq}},
		{`analyze contact, visitor, field, decision, activity, last_activity, membership, change, document`, nil},
	} {
		if _, err := f.tx.Exec(f.ctx, step.sql, plain(step.args)...); err != nil {
			return err
		}
	}
	return nil
}
