package postgres

import (
	"context"
	"log/slog"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Horizon is how far back the past can be asked for.
func (r *reading) Horizon() store.Horizon {
	h := store.Horizon{At: muster.Beginning, Seq: muster.Seq(r.head.horizonSeq)}
	if r.head.horizonAt != nil {
		h.At = *r.head.horizonAt
	}
	return h
}

// reaches refuses an instant before the horizon.
func (r *reading) reaches(at muster.Instant) error {
	if h := r.Horizon(); at < h.At {
		return muster.Errorf(muster.CodeHistoryExpired, "history before %s is not kept any more", h.At)
	}
	return nil
}

// SetHorizon makes the past before an instant unanswerable.
func (t *transaction) SetHorizon(at muster.Instant) error {
	if at > t.head.tick {
		return muster.Errorf(muster.CodeInternal, "the horizon of history %s would lie after the commit at %s", at, t.head.tick)
	}
	before := t.Horizon()
	if at <= before.At {
		return nil
	}
	seq, err := t.lastBefore(at)
	if err != nil {
		return err
	}
	t.head.horizonAt, t.head.horizonSeq = &at, seq
	t.later(`update head set horizon_at = $1, horizon_seq = $2`, at, seq)
	return nil
}

// lastBefore answers the last record of a commit before an instant. Instants
// rise with the numbers, and there is no index of them.
func (t *transaction) lastBefore(at muster.Instant) (int64, error) {
	low, high := t.head.horizonSeq, t.head.lastSeq
	for low < high {
		middle := high - (high-low)/2
		found, err := t.instantOf(middle)
		if err != nil {
			return 0, err
		}
		if found < at {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low, nil
}

// instantOf answers the instant of a record's commit.
func (t *transaction) instantOf(seq int64) (at muster.Instant, err error) {
	found, err := t.one(`select at from change where seq = $1`, []any{seq}, &at)
	if err == nil && !found {
		_, err = t.one(`select at from bulk where first <= $1 order by first desc limit 1`, []any{seq}, &at)
	}
	return at, err
}

// fold removes records before the horizon that nothing needs any more: those
// that a later one before the horizon undoes or confirms, and leavings. What
// stays is the membership at the horizon, and since when each member is one.
func (s *Store) fold(ctx context.Context) (more bool, err error) {
	var folded, horizon int64
	if err := s.pool.QueryRow(ctx, `select folded, horizon_seq from head`).Scan(&folded, &horizon); err != nil {
		return false, s.explain(ctx, err)
	}
	if folded >= horizon {
		return false, nil
	}
	err = s.Update(ctx, func(tx store.Tx) error {
		t := tx.(*transaction)
		from, to := t.head.folded, min(t.head.folded+int64(s.atOnce), t.head.horizonSeq)
		if t.head.bulk != 0 {
			to = min(to, t.head.bulk-1)
		}
		if more = to < t.head.horizonSeq; from >= to {
			return nil // another node was faster
		}
		if err := t.planned(); err != nil {
			return err
		}
		t.later(`delete from change c using change later where later.seq > $1 and later.seq <= $2 and c.contact_no = later.contact_no
			and c.group_no = later.group_no and c.seq < later.seq and c.contact_no <> 0`, from, to)
		t.later(`delete from change where seq > $1 and seq <= $2 and (not entered or contact_no = 0)`, from, to)
		t.later(`update head set folded = $1`, to)
		t.head.folded = to
		return nil
	})
	if err == nil && !more {
		s.log.Info("history before the horizon is folded", slog.Int64("record", horizon))
	}
	return more, err
}

// planned has the database plan what follows in the transaction for its values:
// without them it is not to be seen that few of many rows are meant.
func (t *transaction) planned() error {
	_, err := t.db.Exec(t.ctx, `set local plan_cache_mode = force_custom_plan`)
	return t.fail(err)
}
