package postgres

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster/internal/store"
)

// writeOut makes rows of the next records that are in bulk. It takes a turn to
// write for each few of them, so that nobody waits longer than for those.
func (s *Store) writeOut(ctx context.Context) (more bool, err error) {
	var seen int64
	if err := s.pool.QueryRow(ctx, `select bulk from head`).Scan(&seen); err != nil {
		return false, s.explain(ctx, err)
	}
	if seen == 0 {
		return false, nil
	}
	err = s.Update(ctx, func(tx store.Tx) error {
		t := tx.(*transaction)
		more = t.head.bulk != 0
		if t.head.bulk != seen {
			return nil // another node was faster
		}
		return t.writeOut()
	})
	if err != nil || more {
		return more, err
	}
	// The planner is to know how large a group has become.
	return false, s.atLength(ctx, `analyze membership, change`)
}

func (t *transaction) writeOut() error {
	found, err := t.bulks(`true order by first limit 1`)
	if err != nil {
		return err
	}
	b := found[0]
	list := b.rest()
	list = list[:min(len(list), t.atOnce)]
	moved := roaring.New()
	for i, no := range list {
		t.changes = append(t.changes, plain([]any{b.next() + int64(i), b.group, no, b.at, b.entered, b.cause.Kind, b.cause.Code}))
		if no != 0 {
			moved.Add(no)
		}
	}
	// Who has moved again since then has a row that is right, or none.
	members := t.Members(b.group)
	if t.err != nil {
		return t.err
	}
	if b.entered {
		moved.And(members)
		t.later(`insert into membership as m select $1::bigint, unnest($2::bigint[]), $3::bigint
			on conflict (group_no, contact_no) do update set since = greatest(m.since, excluded.since)`, b.group, numbers(moved), b.at)
	} else {
		moved.AndNot(members)
		t.later(`delete from membership where group_no = $1 and contact_no = any($2::bigint[])`, b.group, numbers(moved))
	}
	b.done += int64(len(list))
	if b.next() <= b.last {
		t.later(`update bulk set done = $2 where first = $1`, b.first, b.done)
		t.head.bulk = b.next()
		return nil
	}
	t.later(`delete from bulk where first = $1`, b.first)
	t.head.bulk, t.inBulk = 0, nil
	_, err = t.one(`select first + done from bulk order by first limit 1`, nil, &t.head.bulk)
	return err
}
