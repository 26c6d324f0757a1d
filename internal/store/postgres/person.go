package postgres

import (
	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// Merge makes everything of the merged contact the parent's.
func (t *transaction) Merge(parent, merged muster.ContactNo) error {
	if err := t.parent(parent); err != nil {
		return err
	}
	if err := t.parent(merged); err != nil {
		return err
	}
	if parent == merged {
		return muster.Errorf(muster.CodeInvalid, "A contact cannot be merged into itself.")
	}
	to, from := t.Owner(parent), t.Owner(merged)
	t.later(`update contact set external_id = null, external_folded = null, email = null, email_folded = null where no = $1`, merged)
	if to.ExternalID == "" && from.ExternalID != "" {
		t.later(`update contact set external_id = $2, external_folded = $3 where no = $1`, parent, from.ExternalID, plan.Fold(from.ExternalID))
	}
	if to.Email == "" && from.Email != "" {
		t.later(`update contact set email = $2, email_folded = $3 where no = $1`, parent, from.Email, plan.Fold(from.Email))
	}
	for _, sql := range []string{
		`update contact set parent = $1 where no = $2 or parent = $2`,
		// What is kept by contact moves by leaving and coming, as between the shards of a cluster.
		`with moved as (delete from visitor where contact_no = $2 returning *)
			insert into visitor select value, $1, (select coalesce(max(place), 0) from visitor where contact_no = $1) + row_number() over (order by place) from moved`,
		`with moved as (delete from field where contact_no = $2 returning *)
			insert into field select $1, code, kind, text, folded, number, choices, folded_choices from moved on conflict (contact_no, code) do nothing`,
		`with moved as (delete from decision where contact_no = $2 returning *)
			insert into decision as old select $1, kind, code, state, at, version from moved on conflict (contact_no, kind, code) do update
			set state = excluded.state, at = excluded.at, version = excluded.version
			where excluded.at > old.at or excluded.at = old.at and excluded.state >= old.state`,
		`with moved as (delete from activity where contact_no = $2 returning *)
			insert into activity select $1, type, at, row, channel, arrived, sender, attributes from moved`,
	} {
		if _, err := t.exec(sql, parent, merged); err != nil {
			return err
		}
	}
	t.byContact = nil
	for i := range t.added {
		if a := &t.added[i]; a.contact == merged {
			a.contact = parent
		}
	}
	if err := t.relearn(roaring.BitmapOf(uint32(parent), uint32(merged))); err != nil {
		return err
	}
	t.head.contacts--
	t.head.merged++
	t.changePeople(merged, (*roaring.Bitmap).Remove)
	t.renames(parent)
	t.foreseen.forget(parent)
	t.foreseen.forget(merged)
	return t.err
}

// Erase removes a parent and all contacts merged into it. Their numbers and ids
// stay, to be answered as gone.
func (t *transaction) Erase(no muster.ContactNo) error {
	if err := t.parent(no); err != nil {
		return err
	}
	all := []int64{int64(no)}
	err := t.each(`select no from contact where parent = $1`, []any{no}, func(rows pgx.Rows) error {
		var merged int64
		err := rows.Scan(&merged)
		all = append(all, merged)
		return err
	})
	if err != nil {
		return err
	}
	gone, err := t.exec(`delete from activity where contact_no = $1`, no)
	if err != nil {
		return err
	}
	if err := t.relearn(roaring.BitmapOf(uint32(no))); err != nil {
		return err
	}
	t.renamed = true // what it had is free once that is written
	for _, sql := range []string{
		`delete from visitor where contact_no = any($1::bigint[])`,
		`delete from field where contact_no = any($1::bigint[])`,
		`delete from decision where contact_no = any($1::bigint[])`,
		`with gone as (delete from change where contact_no = any($1::bigint[]) returning *)
			insert into change select seq, group_no, 0, at, entered, cause, code from gone`,
		`update contact set erased = true, parent = null, created_at = 0, external_id = null, external_folded = null, email = null, email_folded = null
			where no = any($1::bigint[])`,
	} {
		t.later(sql, all)
	}
	if err := t.eraseFromBulk(all); err != nil {
		return err
	}
	for i := range t.added {
		if a := &t.added[i]; a.contact == no {
			a.gone = true
		}
	}
	t.head.contacts--
	t.head.merged -= int64(len(all)) - 1
	t.head.activities -= gone
	t.head.deleted = true
	t.changePeople(no, (*roaring.Bitmap).Remove)
	t.foreseen.forget(no)
	return t.err
}
