package postgres

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

var _ store.Archived = (*Store)(nil)

// contactsAtOnce is how many contact numbers are read at a time.
const contactsAtOnce = 5000

// Archive tells everything that is kept.
func (s *Store) Archive(ctx context.Context, to store.Archive) error {
	for more := true; more; {
		var err error
		if more, err = s.Maintain(ctx); err != nil {
			return err
		}
	}
	return s.read(ctx, func(r *reading) error {
		if err := r.scans(); err != nil {
			return err
		}
		h := r.head
		if h.folded < h.horizonSeq || h.bulk != 0 {
			return muster.Errorf(muster.CodeConflict, "Somebody writes to the database. Stop all that use it first.")
		}
		err := to.Start(store.ArchivedHead{Tick: h.tick, LastSeq: muster.Seq(h.lastSeq), LastContact: muster.ContactNo(h.lastContact),
			LastRow: uint64(h.lastRow), Horizon: r.Horizon()})
		if err != nil {
			return err
		}
		for from := int64(1); from <= h.lastContact; from += contactsAtOnce {
			if err := r.archiveContacts(to, from, from+contactsAtOnce-1); err != nil {
				return err
			}
		}
		for _, tell := range []func(store.Archive) error{r.archiveActivities, r.archiveFloors, r.archiveChanges, r.archiveDocuments} {
			if err := tell(to); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *reading) archiveContacts(to store.Archive, from, until int64) error {
	var list []store.ArchivedContact
	at := map[muster.ContactNo]int{}
	args := []any{from, until}
	err := r.each(`select no, id, coalesce(parent, 0), erased, created_at, coalesce(external_id, ''), coalesce(email, '') from contact
		where no between $1 and $2 order by no`, args, func(rows pgx.Rows) error {
		var c store.ArchivedContact
		err := rows.Scan(&c.No, (*[16]byte)(&c.ID), &c.Parent, &c.Erased, &c.CreatedAt, &c.ExternalID, &c.Email)
		c.Fields = map[string]muster.Value{}
		at[c.No] = len(list)
		list = append(list, c)
		return err
	})
	if err != nil {
		return err
	}
	err = r.each(`select contact_no, value from visitor where contact_no between $1 and $2 order by contact_no, place`, args, func(rows pgx.Rows) error {
		var no muster.ContactNo
		var value string
		err := rows.Scan(&no, &value)
		c := &list[at[no]]
		c.VisitorIDs = append(c.VisitorIDs, value)
		return err
	})
	if err != nil {
		return err
	}
	err = r.each(`select code, kind, coalesce(text, ''), coalesce(number, 0), choices, contact_no from field where contact_no between $1 and $2`, args, func(rows pgx.Rows) error {
		var no muster.ContactNo
		code, v, err := scanField(rows, &no)
		list[at[no]].Fields[code] = v
		return err
	})
	if err != nil {
		return err
	}
	err = r.each(`select contact_no, kind, code, state, at, version from decision where contact_no between $1 and $2 order by contact_no, kind, code`, args, func(rows pgx.Rows) error {
		var no muster.ContactNo
		var d muster.Decision
		err := rows.Scan(&no, &d.Kind, &d.Code, &d.State, &d.At, &d.Version)
		c := &list[at[no]]
		c.Decisions = append(c.Decisions, d)
		return err
	})
	for i := 0; err == nil && i < len(list); i++ {
		err = to.Contact(list[i])
	}
	return err
}

func (r *reading) archiveActivities(to store.Archive) error {
	return r.each(`select contact_no, type, at, row, channel, arrived, coalesce(sender, ''), attributes from activity order by row`, nil, func(rows pgx.Rows) error {
		var a store.ArchivedActivity
		var attributes []byte
		if err := rows.Scan(&a.Contact, &a.Type, &a.At, &a.Row, &a.Channel, &a.Arrived, &a.ID, &attributes); err != nil {
			return err
		}
		var err error
		if a.Attributes, err = readAttributes(attributes); err != nil {
			return err
		}
		return to.Activity(a)
	})
}

// archiveFloors tells of the records before the horizon: the last entering of
// each member is what folding has left of them.
func (r *reading) archiveFloors(to store.Archive) error {
	var group muster.GroupNo
	members, since := roaring.New(), []muster.Instant(nil)
	tell := func() error {
		if members.IsEmpty() {
			return nil
		}
		return to.Floor(group, members, since)
	}
	err := r.each(`select group_no, contact_no, at from change where seq <= $1 and entered and contact_no <> 0 order by group_no, contact_no`,
		[]any{r.head.horizonSeq}, func(rows pgx.Rows) error {
			var g muster.GroupNo
			var no uint32
			var at muster.Instant
			if err := rows.Scan(&g, &no, &at); err != nil {
				return err
			}
			if g != group {
				if err := tell(); err != nil {
					return err
				}
				group, members, since = g, roaring.New(), nil
			}
			members.Add(no)
			since = append(since, at)
			return nil
		})
	if err != nil {
		return err
	}
	return tell()
}

func (r *reading) archiveChanges(to store.Archive) error {
	err := r.each(`select seq, group_no, contact_no, at, entered, cause, code from change where seq > $1 order by seq`, []any{r.head.horizonSeq}, func(rows pgx.Rows) error {
		var c muster.Change
		if err := rows.Scan(&c.Seq, &c.Group, &c.Contact, &c.At, &c.Entered, &c.Cause.Kind, &c.Cause.Code); err != nil {
			return err
		}
		return to.Change(c)
	})
	if err != nil {
		return err
	}
	return r.each(`select distinct group_no from change where group_no not in (select group_no from roll where version > 0) order by group_no`, nil, func(rows pgx.Rows) error {
		var group muster.GroupNo
		if err := rows.Scan(&group); err != nil {
			return err
		}
		return to.Forgotten(group)
	})
}

func (r *reading) archiveDocuments(to store.Archive) error {
	return r.each(`select kind, code, body from document order by kind, code`, nil, func(rows pgx.Rows) error {
		var kind, code string
		var body []byte
		if err := rows.Scan(&kind, &code, &body); err != nil {
			return err
		}
		return to.Document(kind, code, body)
	})
}
