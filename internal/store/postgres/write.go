package postgres

import (
	"bytes"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// SetTick sets the commit's instant.
func (t *transaction) SetTick(at muster.Instant) error {
	if at < t.head.tick {
		return muster.Errorf(muster.CodeConflict, "The instant %s is before the last commit's, %s.", at, t.head.tick)
	}
	t.wrote = true
	t.head.tick = at
	return nil
}

// CreateContact makes a contact with the next number.
func (t *transaction) CreateContact(id muster.ContactID, createdAt muster.Instant) (muster.ContactNo, error) {
	taken, err := t.taken(id)
	if err != nil {
		return 0, err
	}
	if taken {
		return 0, muster.Errorf(muster.CodeConflict, "There is a contact with the id %s already.", id)
	}
	t.head.lastContact++
	t.head.contacts++
	no := muster.ContactNo(t.head.lastContact)
	t.changePeople(no, (*roaring.Bitmap).Add)
	if err := t.born(newborn{no: no, id: id, createdAt: createdAt}); err != nil {
		return 0, err
	}
	t.noteCreated(store.Owner{No: no, ID: id, CreatedAt: createdAt})
	return no, nil
}

// taken reports whether a contact has or had an id. Ids usually rise with time,
// so that one above the highest need not be looked for.
func (t *transaction) taken(id muster.ContactID) (bool, error) {
	if t.topID == nil {
		var top muster.ContactID
		if _, err := t.one(`select id from contact order by id desc limit 1`, nil, (*[16]byte)(&top)); err != nil {
			return false, err
		}
		t.topID = &top
	}
	if bytes.Compare(id[:], t.topID[:]) > 0 {
		*t.topID = id
		return false, nil
	}
	var one int
	return t.one(`select 1 from contact where id = $1`, []any{[16]byte(id)}, &one)
}

// SetExternalID gives or replaces the external id.
func (t *transaction) SetExternalID(no muster.ContactNo, value string) error {
	if err := t.parent(no); err != nil {
		return err
	}
	value = strings.TrimSpace(value)
	if owner := t.ByExternalID(value); owner != 0 && owner != no {
		return muster.Errorf(muster.CodeExternalTaken, "Another contact has this external id.")
	}
	if n := t.unwritten(no); n != nil {
		n.external = value
	} else {
		t.renamed = true
		t.later(`update contact set external_id = $2, external_folded = $3 where no = $1`, no, value, plan.Fold(value))
	}
	t.noteExternalID(no, value)
	return t.err
}

// SetEmail gives or replaces the email.
func (t *transaction) SetEmail(no muster.ContactNo, value string) error {
	if err := t.parent(no); err != nil {
		return err
	}
	if owner := t.ByEmail(value); owner != 0 && owner != no {
		return muster.Errorf(muster.CodeEmailTaken, "Another contact has this email.")
	}
	if n := t.unwritten(no); n != nil {
		n.email = strings.TrimSpace(value)
	} else {
		t.renamed = true
		t.later(`update contact set email = $2, email_folded = $3 where no = $1`, no, strings.TrimSpace(value), plan.Fold(value))
	}
	t.noteEmail(no, strings.TrimSpace(value))
	return t.err
}

// AddVisitor gives a visitor id.
func (t *transaction) AddVisitor(no muster.ContactNo, value string) error {
	if err := t.parent(no); err != nil {
		return err
	}
	value = strings.TrimSpace(value)
	switch t.ByVisitor(value) {
	case no:
		return t.err
	case 0:
		if n := t.unwritten(no); n != nil && n.visitor == "" {
			n.visitor = value
		} else {
			t.later(`insert into visitor select $2, $1, coalesce(max(place), 0) + 1 from visitor where contact_no = $1`, no, value)
		}
		t.noteVisitor(no, value)
		return t.err
	}
	return muster.Errorf(muster.CodeConflict, "Another contact has this visitor id.")
}

// SetField writes a field; a missing value clears it.
func (t *transaction) SetField(no muster.ContactNo, code string, v muster.Value) error {
	if err := t.parent(no); err != nil {
		return err
	}
	if t.foreseen != nil && t.foreseen.fields[no] != nil {
		t.foreseen.fields[no][code] = v
	}
	t.wrote = true
	t.given.field(no, code, v)
	return nil
}

// fieldColumns is a value as it is kept: text, folded, number, choices and folded choices.
func fieldColumns(v muster.Value) []any {
	var text, folded, number, choices, foldedChoices any
	switch v.Kind {
	case muster.KindText:
		text, folded = v.Text, plan.Fold(v.Text)
	case muster.KindNumber:
		number = v.Number
	case muster.KindBoolean:
		number = 0
		if v.Boolean {
			number = 1
		}
	case muster.KindDate:
		number = v.Date
	case muster.KindDatetime:
		number = v.Instant
	case muster.KindChoices:
		list := make([]string, len(v.Choices))
		for i, choice := range v.Choices {
			list[i] = plan.Fold(choice)
		}
		choices, foldedChoices = v.Choices, list
	}
	return []any{text, folded, number, choices, foldedChoices}
}

// Decide keeps a decision when it stands.
func (t *transaction) Decide(no muster.ContactNo, d muster.Decision) (bool, error) {
	if err := t.parent(no); err != nil {
		return false, err
	}
	if old := t.Decision(no, d.Kind, d.Code); old.State != muster.Undecided && !d.Stands(old) {
		return false, t.err
	}
	t.wrote = true
	t.given.decision(no, d)
	if t.foreseen != nil && t.foreseen.decisions[no] != nil {
		t.foreseen.decisions[no][decided{d.Kind, d.Code}] = d
	}
	return true, t.err
}

// AddActivity appends an activity and answers its ordinal.
func (t *transaction) AddActivity(no muster.ContactNo, a muster.Activity) (int, error) {
	if err := t.parent(no); err != nil {
		return 0, err
	}
	t.wrote = true
	t.head.lastRow++
	t.head.activities++
	a.Attributes = slices.Clone(a.Attributes)
	if a.ID != "" {
		if t.byID == nil {
			t.byID = map[string][]int{}
		}
		t.byID[a.ID] = append(t.byID[a.ID], len(t.added))
	}
	t.byContact = nil
	t.added = append(t.added, added{Activity: a, contact: no, row: t.head.lastRow})
	return len(t.added) - 1, nil
}

// RememberedID looks at what waits by itself.
func (t *transaction) RememberedID(id string, now muster.Instant) bool {
	if id != "" && t.head.tick > now-secondsRemembered && slices.ContainsFunc(t.byID[id], func(ordinal int) bool { return !t.added[ordinal].gone }) {
		return true
	}
	if t.foreseen != nil {
		if before, known := t.foreseen.sent[id]; known {
			return slices.ContainsFunc(before, func(s sent) bool { return s.arrived > now-secondsRemembered })
		}
	}
	return t.before(func() bool { return t.reading.RememberedID(id, now) })
}

// HasActivity looks at what waits by itself.
func (t *transaction) HasActivity(no muster.ContactNo, activityType string, at muster.Instant, id string) bool {
	if id == "" {
		return t.reading.HasActivity(no, activityType, at, id)
	}
	if slices.ContainsFunc(t.byID[id], func(ordinal int) bool {
		a := &t.added[ordinal]
		return !a.gone && a.contact == no && a.Type == activityType && a.At == at
	}) {
		return true
	}
	if t.foreseen != nil {
		if before, known := t.foreseen.sent[id]; known {
			return slices.ContainsFunc(before, func(s sent) bool { return s.contact == no && s.kind == activityType && s.at == at })
		}
	}
	return t.before(func() bool { return t.reading.HasActivity(no, activityType, at, id) })
}

// Noticed answers whose new activities a leaf could count.
func (t *transaction) Noticed(leaf plan.Node, ordinals []int32) (*roaring.Bitmap, error) {
	var counts func(a *muster.Activity) bool
	switch leaf := leaf.(type) {
	case *plan.Acted:
		counts = func(a *muster.Activity) bool {
			return within(a.At, leaf.From, leaf.To) && fits(a, leaf.Types, leaf.Channels, leaf.Where)
		}
	case *plan.Sequence:
		counts = func(a *muster.Activity) bool {
			return within(a.At, leaf.From, leaf.To) && slices.ContainsFunc(leaf.Steps, func(s plan.Step) bool { return fits(a, s.Types, s.Channels, s.Where) })
		}
	case *plan.Latest:
		counts = func(a *muster.Activity) bool {
			_, read := plan.ReadText(a.Attribute(leaf.Key))
			return read && (fits(a, leaf.Add, leaf.Channels, nil) || fits(a, leaf.Remove, leaf.Channels, nil))
		}
	default:
		return roaring.New(), nil
	}
	found := roaring.New()
	for _, ordinal := range ordinals {
		if a := &t.added[ordinal]; !a.gone && counts(&a.Activity) {
			found.Add(uint32(a.contact))
		}
	}
	return found, nil
}

func within(at, from, to muster.Instant) bool { return from <= at && at < to }

func fits(a *muster.Activity, types, channels []string, where []plan.Filter) bool {
	if types != nil && !slices.Contains(types, a.Type) || channels != nil && !slices.Contains(channels, a.Channel) {
		return false
	}
	return !slices.ContainsFunc(where, func(f plan.Filter) bool { return !f.Holds(a.Attribute(f.Attribute)) })
}

// Record changes a group's membership and appends the change records.
func (t *transaction) Record(group muster.GroupNo, cause muster.Cause, entered, left *roaring.Bitmap) error {
	members := t.Members(group)
	if t.err != nil {
		return t.err
	}
	members = members.Clone()
	for _, side := range []struct {
		set     *roaring.Bitmap
		entered bool
	}{{left, false}, {entered, true}} {
		if side.set == nil || side.set.IsEmpty() {
			continue
		}
		if side.entered {
			members.Or(side.set)
		} else {
			members.AndNot(side.set)
		}
		if side.set.GetCardinality() > uint64(t.atOnce) {
			if err := t.recordBulk(group, cause, side.set, side.entered); err != nil {
				return err
			}
		} else {
			t.recordRows(group, cause, side.set, side.entered)
		}
		t.version[group], t.rolls[group] = rolled{t.head.lastSeq, t.head.commits + 1}, members
		if t.recorded == nil {
			t.recorded = map[muster.GroupNo]bool{}
		}
		t.recorded[group] = true
	}
	if t.recorded[group] {
		v := t.version[group]
		t.later(`insert into roll values ($1, $2, $3) on conflict (group_no) do update set version = $2, commit = $3`, group, v.version, v.commit)
	}
	return nil
}

// recordRows appends records of a few contacts, and moves them. A row that is
// still to be deleted may be in the way of who enters again.
func (t *transaction) recordRows(group muster.GroupNo, cause muster.Cause, set *roaring.Bitmap, entered bool) {
	if entered {
		t.later(`insert into membership select $1::bigint, unnest($2::bigint[]), $3::bigint
			on conflict (group_no, contact_no) do update set since = excluded.since`, group, numbers(set), t.head.tick)
	} else {
		t.later(`delete from membership where group_no = $1 and contact_no = any($2::bigint[])`, group, numbers(set))
	}
	for it := set.Iterator(); it.HasNext(); {
		t.head.lastSeq++
		t.changes = append(t.changes, plain([]any{t.head.lastSeq, group, it.Next(), t.head.tick, entered, cause.Kind, cause.Code}))
	}
}

// Put writes a document.
func (t *transaction) Put(kind, code string, document []byte) error {
	t.wroteKind(kind)
	t.later(`insert into document (kind, code, body, commit) values ($1, $2, $3, $4) on conflict (kind, code) do update set body = $3, commit = $4`,
		kind, code, append([]byte{}, document...), t.head.commits+1)
	return nil
}

// Delete removes a document.
func (t *transaction) Delete(kind, code string) error {
	t.wroteKind(kind)
	t.later(`delete from document where kind = $1 and code = $2`, kind, code)
	return nil
}

// Expire removes activities of a type older than an instant.
func (t *transaction) Expire(activityType string, before muster.Instant) (*roaring.Bitmap, error) {
	t.wrote, t.foreseen = true, nil
	had := roaring.New()
	err := t.each(`with gone as (delete from activity where type = $1 and at < $2 returning contact_no) select contact_no, count(*) from gone group by contact_no`,
		[]any{activityType, before}, func(rows pgx.Rows) error {
			var no uint32
			var n int64
			err := rows.Scan(&no, &n)
			had.Add(no)
			t.head.activities -= n
			t.head.deleted = true
			return err
		})
	for i := range t.added {
		if a := &t.added[i]; a.Type == activityType && a.At < before {
			a.gone = true
		}
	}
	if err != nil {
		return nil, err
	}
	return had, t.relearn(had)
}
