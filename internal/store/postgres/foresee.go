package postgres

import (
	"context"
	"maps"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Whoever has the turn keeps all others waiting, and an eighth of it goes by with
// finding out who a batch is about. That can be read before, beside others that
// write, as every commit tells whose identifiers it has changed: most are still
// right when the turn comes, and the rest is asked again.

// foresight is what was read of changes before their turn.
type foresight struct {
	*foreseen
	commits int64 // that were all seen
}

// soonFree is how long a connection is waited for: where all are busy, to read
// before the turn would only be to wait twice.
const soonFree = 10 * time.Millisecond

// Foresee reads what Expect of these changes would read.
func (s *Store) Foresee(ctx context.Context, changes []muster.Item) store.Foreseen {
	if s.sharded || s.check(ctx) != nil { // on a cluster what was committed is not everywhere at once
		return nil
	}
	ctx, done := s.whileAlive(ctx)
	defer done()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	soon, stop := context.WithTimeout(ctx, soonFree)
	defer stop()
	conn, err := s.pool.Acquire(soon)
	if err != nil {
		return nil
	}
	defer conn.Release()
	f := &foresight{foreseen: newForeseen()}
	send := func(questions *pgx.Batch) error { return conn.SendBatch(ctx, questions).Close() }
	first := &pgx.Batch{}
	first.Queue(`select commits from head`).QueryRow(func(row pgx.Row) error { return row.Scan(&f.commits) })
	err = f.expect(changes, func(questions *pgx.Batch) error {
		// Whatever is read after it is at least so new.
		first.QueuedQueries = append(first.QueuedQueries, questions.QueuedQueries...)
		questions, first = first, &pgx.Batch{}
		return send(questions)
	})
	if err != nil {
		s.log.Debug("a batch was not looked at before its turn", "error", err)
		return nil
	}
	return f
}

// Know takes in what was foreseen, but for what has changed since.
func (t *transaction) Know(list []store.Foreseen) {
	since := t.head.commits
	for _, f := range list {
		if f, ok := f.(*foresight); ok {
			since = min(since, f.commits)
		}
	}
	var changed *roaring.Bitmap
	if since < t.head.commits {
		renamed, known, err := t.touchedBy(`select people from touched where commit > $1`, since)
		if err != nil || !known {
			return
		}
		// A node of an earlier version tells of identifiers among all that it touches.
		touched, known, err := t.Touched(since)
		if err != nil || !known {
			return
		}
		changed = roaring.Or(renamed, touched)
	}
	if t.foreseen == nil {
		t.foreseen = newForeseen()
	}
	for _, f := range list {
		if f, ok := f.(*foresight); ok && f.commits <= t.head.commits {
			f.outlive(changed)
			t.foreseen.take(f.foreseen)
		}
	}
}

// outlive forgets what commits may have changed that concern some contacts; nil
// is that there were no commits. What was sent any of them may have had.
func (f *foreseen) outlive(concerned *roaring.Bitmap) {
	if concerned == nil {
		return
	}
	f.sent = map[string][]sent{}
	if concerned.IsEmpty() {
		return
	}
	changed := func(no muster.ContactNo) bool { return no == 0 || concerned.Contains(uint32(no)) }
	for _, names := range []map[string]muster.ContactNo{f.external, f.email, f.visitor} {
		maps.DeleteFunc(names, func(_ string, owner muster.ContactNo) bool { return changed(owner) })
	}
	maps.DeleteFunc(f.ids, func(_ muster.ContactID, owner muster.ContactNo) bool { return changed(owner) })
	maps.DeleteFunc(f.owners, func(no muster.ContactNo, _ store.Owner) bool { return changed(no) })
}

// take adds what another knows. Of what both know they know the same.
func (f *foreseen) take(other *foreseen) {
	maps.Copy(f.ids, other.ids)
	maps.Copy(f.external, other.external)
	maps.Copy(f.email, other.email)
	maps.Copy(f.visitor, other.visitor)
	maps.Copy(f.owners, other.owners)
	maps.Copy(f.sent, other.sent)
}
