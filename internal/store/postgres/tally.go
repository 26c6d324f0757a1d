package postgres

import (
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// tallied is how many records one question counts at most.
const tallied = 100_000

// CountChanges counts a group's records by kind of cause, from the latest back.
func (r *reading) CountChanges(group muster.GroupNo, from muster.Instant, limit int) (store.ChangeCounts, error) {
	counts := store.ChangeCounts{From: max(from, r.Horizon().At), Kinds: map[muster.CauseKind]store.ChangeCount{}}
	step := min(limit, tallied)
	for before, more := r.head.lastSeq+1, true; more; {
		if limit <= 0 {
			// What is left of the earliest instant counted belongs to it.
			err := r.each(`select at from change where group_no = $1 and seq = $2`, []any{group, before}, func(rows pgx.Rows) error { return rows.Scan(&counts.From) })
			if err != nil {
				return counts, err
			}
		}
		first := int64(0)
		err := r.each(`select seq from change where group_no = $1 and seq < $2 order by seq desc offset $3 limit 1`, []any{group, before, step - 1}, func(rows pgx.Rows) error { return rows.Scan(&first) })
		if err != nil {
			return counts, err
		}
		more = first != 0
		err = r.each(`select cause, count(*), count(*) filter (where at >= $4), count(*) filter (where at >= $4 and entered) from change
			where group_no = $1 and seq < $2 and seq >= $3 group by cause`, []any{group, before, first, counts.From}, func(rows pgx.Rows) error {
			var kind muster.CauseKind
			var all, taken, entered uint64
			err := rows.Scan(&kind, &all, &taken, &entered)
			counts.Add(kind, store.ChangeCount{Entered: entered, Left: taken - entered})
			more = more && all == taken // otherwise some were too early, and so is what is before them
			return err
		})
		if err != nil {
			return counts, err
		}
		before = first
		limit -= step
	}
	return counts, r.countBulk(group, &counts)
}

// countBulk adds the records that are not rows yet.
func (r *reading) countBulk(group muster.GroupNo, counts *store.ChangeCounts) error {
	if r.head.bulk == 0 {
		return nil
	}
	return r.each(`select cause, entered, sum(last - first + 1 - done)::bigint from bulk where group_no = $1 and at >= $2 group by cause, entered`, []any{group, counts.From}, func(rows pgx.Rows) error {
		var kind muster.CauseKind
		var entered bool
		var n uint64
		err := rows.Scan(&kind, &entered, &n)
		if entered {
			counts.Add(kind, store.ChangeCount{Entered: n})
		} else {
			counts.Add(kind, store.ChangeCount{Left: n})
		}
		return err
	})
}
