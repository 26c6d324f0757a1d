package postgres

import (
	"cmp"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// A commit in which many contacts enter or leave a group writes them as sets,
// so that others wait for it no longer than for any other. Until writeOut has
// made rows of them, the rows of change lack the records from head.bulk on that
// are in bulk, and the rows of membership lag behind: whoever reads either
// takes what is in bulk into account.

// bulk is records of one group and commit, of contacts whose numbers are alike
// but for their last 16 bits.
type bulk struct {
	first, last int64
	done        int64 // how many of them are rows by now
	group       muster.GroupNo
	at          muster.Instant
	entered     bool
	cause       muster.Cause
	contacts    *roaring.Bitmap // in the order of the records
	gone        *roaring.Bitmap // the places of those who were erased since
}

// next is the number of the first record that is not a row yet.
func (b *bulk) next() int64 { return b.first + b.done }

// rest answers the contacts of the records that are not rows yet, 0 for those
// who were erased since.
func (b *bulk) rest() []uint32 {
	list := make([]uint32, b.last-b.first+1)
	it := b.contacts.Iterator()
	for place := range list {
		if !b.gone.Contains(uint32(place)) {
			list[place] = it.Next()
		}
	}
	return list[b.done:]
}

// erase takes a contact out of its record and reports whether it was in one.
func (b *bulk) erase(no uint32) bool {
	if !b.contacts.CheckedRemove(no) {
		return false
	}
	place := uint32(b.contacts.Rank(no)) // of those who are left
	for it := b.gone.Iterator(); it.HasNext() && it.Next() <= place; {
		place++
	}
	b.gone.Add(place)
	return true
}

// recordBulk appends records of many contacts.
func (t *transaction) recordBulk(group muster.GroupNo, cause muster.Cause, set *roaring.Bitmap, entered bool) error {
	if t.head.bulk == 0 {
		t.head.bulk = t.head.lastSeq + 1
	}
	t.inBulk = nil
	for part := set.Minimum() >> 16; part <= set.Maximum()>>16; part++ {
		of := roaring.New()
		of.AddRange(uint64(part)<<16, uint64(part+1)<<16)
		of.And(set)
		if of.IsEmpty() {
			continue
		}
		of.RunOptimize()
		contacts, err := bitmap(of)
		if err != nil {
			return err
		}
		first := t.head.lastSeq + 1
		t.head.lastSeq += int64(of.GetCardinality())
		t.later(`insert into bulk (first, last, group_no, part, at, entered, cause, code, contacts, gone) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')`,
			first, t.head.lastSeq, group, part, t.head.tick, entered, cause.Kind, cause.Code, contacts)
	}
	return nil
}

// bulks reads what is in bulk, in order; which is a condition and what follows it.
func (r *reading) bulks(which string, args ...any) (list []*bulk, err error) {
	if r.head.bulk == 0 {
		return nil, nil
	}
	err = r.each(`select first, last, done, group_no, at, entered, cause, code, contacts, gone from bulk where `+which, args, func(rows pgx.Rows) error {
		b := &bulk{}
		var contacts, gone []byte
		err := rows.Scan(&b.first, &b.last, &b.done, &b.group, &b.at, &b.entered, &b.cause.Kind, &b.cause.Code, &contacts, &gone)
		if err == nil {
			b.contacts, err = readBitmap(contacts)
		}
		if err == nil {
			b.gone, err = readBitmap(gone)
		}
		list = append(list, b)
		return err
	})
	return list, err
}

// bulkOf answers a group's first record that is not a row yet; 0 when all are.
func (r *reading) bulkOf(group muster.GroupNo) (int64, error) {
	if r.head.bulk == 0 {
		return 0, nil
	}
	if r.inBulk == nil {
		found := map[muster.GroupNo]int64{}
		err := r.each(`select group_no, min(first + done) from bulk group by group_no order by group_no`, nil, func(rows pgx.Rows) error {
			var no muster.GroupNo
			var first int64
			err := rows.Scan(&no, &first)
			found[no] = first
			return err
		})
		if err != nil {
			return 0, err
		}
		r.inBulk = found
	}
	return r.inBulk[group], nil
}

// replay takes a group's records after one number and up to another, of commits
// up to an instant, to a set; and tells whether some have lost their contact.
func (r *reading) replay(set *roaring.Bitmap, group muster.GroupNo, after, until int64, at muster.Instant) (erased bool, err error) {
	p := &replayed{set: set, after: after, until: until}
	p.many, err = r.bulks(`group_no = $1 and last > $2 and first <= $3 and at <= $4 order by first`, group, after, until, at)
	if err != nil {
		return false, err
	}
	err = r.each(`select seq, contact_no, entered from change where group_no = $1 and seq > $2 and seq <= $3 and at <= $4 order by seq`,
		[]any{group, after, until, at}, func(rows pgx.Rows) error {
			var seq int64
			var no uint32
			var entered bool
			err := rows.Scan(&seq, &no, &entered)
			p.takeRecord(seq, no, entered)
			return err
		})
	p.takeBulks(math.MaxInt64)
	return p.erased, err
}

// replayed is a set to which a group's records are taken, in order.
type replayed struct {
	set          *roaring.Bitmap
	after, until int64   // the records' numbers
	many         []*bulk // those in bulk that are still to be taken
	erased       bool    // some have lost their contact
}

func (p *replayed) take(no uint32, entered bool) {
	switch {
	case no == 0:
		p.erased = true
	case entered:
		p.set.Add(no)
	default:
		p.set.Remove(no)
	}
}

func (p *replayed) takeBulks(before int64) {
	for len(p.many) > 0 && p.many[0].first < before {
		for _, no := range p.many[0].rest() {
			p.take(no, p.many[0].entered)
		}
		p.many = p.many[1:]
	}
}

func (p *replayed) takeRecord(seq int64, no uint32, entered bool) {
	p.takeBulks(seq)
	p.take(no, entered)
}

// bulkChanges answers what Changes does, of the records that are not rows yet.
func (r *reading) bulkChanges(q store.ChangeQuery) (list []muster.Change, err error) {
	after, before := int64(q.After), int64(math.MaxInt64)
	if q.Before != 0 {
		before = int64(q.Before)
	}
	which, part := `last > $1 and first < $2 and (group_no = $3 or $3 = 0) and (part = $4 or $4 = -1) order by first limit 1`, int64(-1)
	if q.Latest {
		which = `last > $1 and first < $2 and (group_no = $3 or $3 = 0) and (part = $4 or $4 = -1) order by first desc limit 1`
	}
	if q.Contact != 0 {
		part = int64(q.Contact >> 16)
	}
	for len(list) < q.Limit {
		found, err := r.bulks(which, after, before, q.Group, part)
		if err != nil || len(found) == 0 {
			return list, err
		}
		b := found[0]
		for i, no := range b.rest() {
			seq := muster.Seq(b.next() + int64(i))
			if seq > q.After && (q.Before == 0 || seq < q.Before) && (q.Contact == 0 || uint32(q.Contact) == no) {
				list = append(list, muster.Change{Seq: seq, Group: b.group, Contact: muster.ContactNo(no), At: b.at, Entered: b.entered, Cause: b.cause})
			}
		}
		if q.Latest {
			before = b.first
		} else {
			after = b.last
		}
	}
	return list, nil
}

// withBulk adds to rows of change what is in bulk.
func (r *reading) withBulk(list []muster.Change, q store.ChangeQuery) ([]muster.Change, error) {
	if r.head.bulk == 0 {
		return list, nil
	}
	more, err := r.bulkChanges(q)
	if err != nil || len(more) == 0 {
		return list, err
	}
	list = append(list, more...)
	slices.SortFunc(list, func(a, b muster.Change) int {
		if q.Latest {
			a, b = b, a
		}
		return cmp.Compare(a.Seq, b.Seq)
	})
	return list[:min(len(list), q.Limit)], nil
}

// membershipsWithBulk corrects a contact's rows of membership by what is in bulk.
func (r *reading) membershipsWithBulk(no muster.ContactNo, list []store.Membership) ([]store.Membership, error) {
	many, err := r.bulks(`part = $1 order by first`, int64(no>>16))
	if err != nil {
		return nil, err
	}
	entered := map[muster.GroupNo]muster.Instant{} // the last entering in bulk
	for _, b := range many {
		if !slices.Contains(b.rest(), uint32(no)) {
			continue
		}
		if _, known := entered[b.group]; !known || b.entered {
			entered[b.group] = muster.Beginning
		}
		if b.entered {
			entered[b.group] = b.at
		}
	}
	for group, since := range entered {
		at, known := slices.BinarySearchFunc(list, group, func(m store.Membership, group muster.GroupNo) int { return cmp.Compare(m.Group, group) })
		switch member := r.Members(group).Contains(uint32(no)); {
		case member && known:
			list[at].Since = max(list[at].Since, since)
		case member:
			list = slices.Insert(list, at, store.Membership{Group: group, Since: since})
		case known:
			list = slices.Delete(list, at, at+1)
		}
	}
	return list, r.err
}

// eraseFromBulk takes contacts out of their records, and out of rows of
// membership that were to be deleted.
func (t *transaction) eraseFromBulk(all []int64) error {
	if t.head.bulk == 0 {
		return nil
	}
	parts := make([]int64, len(all))
	for i, no := range all {
		parts[i] = no >> 16
	}
	many, err := t.bulks(`part = any($1::bigint[]) order by first`, parts)
	if err != nil {
		return err
	}
	for _, b := range many {
		was := b.gone.GetCardinality()
		for _, no := range all {
			b.erase(uint32(no))
		}
		if b.gone.GetCardinality() == was {
			continue
		}
		contacts, err := bitmap(b.contacts)
		if err != nil {
			return err
		}
		gone, err := bitmap(b.gone)
		if err != nil {
			return err
		}
		t.later(`update bulk set contacts = $2, gone = $3 where first = $1`, b.first, contacts, gone)
	}
	t.later(`delete from membership where contact_no = any($1::bigint[])`, all)
	return t.err
}
