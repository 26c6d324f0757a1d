package postgres

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// A group is there as long as its row of roll has a version. The rows of membership of one
// that was forgotten say nothing any more, and housekeeping deletes them a few at
// a time, so that nobody waits for a large group to be gone.

// Forget drops a deleted group's membership.
func (t *transaction) Forget(group muster.GroupNo) error {
	t.version[group] = rolled{0, t.head.commits + 1}
	t.later(`update roll set version = 0, commit = $2 where group_no = $1`, group, t.version[group].commit)
	t.head.deleted = true
	delete(t.rolls, group)
	delete(t.recorded, group)
	return nil
}

// has reports whether a group has members, or had some and was not forgotten.
func (r *reading) has(group muster.GroupNo) bool {
	version, err := r.versionOf(group)
	return version != 0 && err == nil
}

// remembered leaves out the memberships of groups that were forgotten.
func (r *reading) remembered(list []store.Membership) []store.Membership {
	return slices.DeleteFunc(list, func(m store.Membership) bool { return !r.has(m.Group) })
}

// swept is where a store has come in sweeping: the database takes its time to pass
// over what it has just deleted. Whoever has the turn writes it.
type swept struct{ group, contact int64 }

// sweep deletes the next rows of membership of groups that were forgotten, in a
// turn of their own.
func (s *Store) sweep(ctx context.Context) (more bool, err error) {
	err = s.Update(ctx, func(tx store.Tx) error {
		more, err = tx.(*transaction).sweep(&s.swept, s.atOnce)
		return err
	})
	return more, err
}

func (t *transaction) sweep(at *swept, limit int) (more bool, err error) {
	next := func() (*roaring.Bitmap, error) {
		return t.set(`select contact_no from membership where group_no = $1 and contact_no > $2 order by contact_no limit $3`, at.group, at.contact, limit)
	}
	if err := t.planned(); err != nil {
		return false, err
	}
	some, err := next()
	if err == nil && some.IsEmpty() {
		if at.group, err = t.forgotten(); err == nil && at.group != 0 {
			at.contact = 0
			some, err = next()
		}
	}
	if err != nil || some.IsEmpty() {
		return false, err
	}
	t.later(`delete from membership where group_no = $1 and contact_no = any($2::bigint[])`, at.group, numbers(some))
	at.contact = int64(some.Maximum())
	return true, nil
}

// forgotten answers a group that has rows of membership and was forgotten; 0 when
// there is none.
func (t *transaction) forgotten() (group int64, err error) {
	var last muster.GroupNo
	if _, err := t.one(`select coalesce(max(group_no), 0) from membership`, nil, &last); err != nil {
		return 0, err
	}
	var list []int64
	for no := muster.GroupNo(1); no <= last; no++ {
		if !t.has(no) {
			list = append(list, int64(no))
		}
	}
	_, err = t.one(`select group_no from membership where group_no = any($1::bigint[]) limit 1`, []any{list}, &group) // no matter which
	return group, err
}
