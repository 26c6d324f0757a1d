package postgres

import (
	"context"
	"errors"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Update runs fn as the one write transaction.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	if s.refuse != nil {
		return s.refuse
	}
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	ctx = context.WithoutCancel(ctx) // half a transaction helps nobody
	t := &transaction{reading: reading{ctx: ctx, kept: s.kept, sharded: s.sharded}, atOnce: s.atOnce}
	t.unsent = t.unload
	t.divide = func(mine, others *pgx.Batch) error { return s.divide(t, mine, others) }
	err := s.begin(t)
	returned := false
	defer func() {
		if !returned {
			_ = s.abandon(t, errors.New("a transaction panicked"))
		}
	}()
	if err == nil {
		err = fn(t)
	}
	returned = true
	if t.err != nil {
		err = t.err // what fn was answered since is not true
	}
	switch {
	case err != nil:
		return s.abandon(t, err)
	case !t.wrote:
		err = s.abandon(t, nil)
	default:
		err = s.commit(t)
	}
	if err == nil && t.then != nil {
		t.then()
	}
	return err
}

// begin opens the transaction and waits for the turn to write, in a statement of
// its own: what is read after it is what all commits before have left.
func (s *Store) begin(t *transaction) error {
	batch := &pgx.Batch{}
	batch.BeginTx(pgx.TxOptions{})
	batch.Queue(takeTurn)
	if s.sharded {
		batch.Queue(enterGate)
		batch.Queue(leaveGate)
	}
	t.look(batch)
	results := s.writer.SendBatch(t.ctx, batch)
	t.db = results.Tx()
	return results.Close()
}

func (s *Store) commit(t *transaction) error {
	t.head.commits++
	h := t.head
	t.later(`update head set tick = $1, last_seq = $2, last_contact = $3, last_row = $4, people = $5, contacts = $6, merged = $7, activities = $8, deleted = $9, commits = $10, bulk = $11`,
		h.tick, h.lastSeq, h.lastContact, h.lastRow, h.people, h.contacts, h.merged, h.activities, h.deleted, h.commits, h.bulk)
	err := t.tell()
	if err == nil {
		last := &pgx.Batch{}
		if s.sharded {
			last.Queue(closeGate)
		}
		last.Queue(`commit`).Exec(func(tag pgconn.CommandTag) error {
			if tag.String() == "ROLLBACK" {
				return pgx.ErrTxCommitRollback
			}
			return nil
		})
		err = t.together(last)
	}
	if err != nil {
		return s.abandon(t, err)
	}
	if s.sharded {
		if err := s.everywhere(t.ctx); err != nil {
			return s.fail(err)
		}
	}
	if t.parents != nil {
		s.kept.keepParents(h.people, h.commits, t.parents)
	}
	s.kept.know(h.commits, t.version)
	for group := range t.recorded {
		s.kept.keepRoll(group, t.version[group].version, t.rolls[group])
	}
	return nil
}

// abandon rolls back and answers why. After a write, or without a connection,
// the store ends: whoever wrote believes in what is not there.
func (s *Store) abandon(t *transaction, why error) error {
	rollback := t.db.Rollback(t.ctx)
	if errors.Is(rollback, pgx.ErrTxClosed) {
		rollback = nil // it had not begun
	}
	switch {
	case why != nil && lost(why):
		return s.fail(why)
	case t.wrote:
		ended := s.fail(errors.Join(why, rollback))
		var refused *muster.Error
		if why != nil && !errors.As(why, &refused) {
			return ended // the next one may well succeed
		}
	case rollback != nil:
		return s.fail(rollback)
	case why != nil && isCode(why, "55P03"): // lock_not_available
		return &muster.Error{Code: muster.CodeUnavailable, Err: why, Message: "Another node has been writing for long. Try again in a moment."}
	}
	return why
}

// transaction is the store.Tx. Writes that nothing has to be known about wait
// for the next question, and then travel together.
type transaction struct {
	reading
	wrote     bool
	waiting   pgx.Batch
	changes   [][]any // rows of change that wait
	added     []added // activities, by ordinal
	sent      int     // how many of them the database has
	lent      bool    // somebody was given the set of parents as it is
	owned     bool    // the set of parents is this transaction's
	recorded  map[muster.GroupNo]bool
	atOnce    int                        // more records than these are written as sets
	foreseen  *foreseen                  // nil is nothing
	byID      map[string][]int           // ordinals of activities, by the sender's id
	byContact map[muster.ContactNo][]int // and by contact; nil is not made yet
	topID     *muster.ContactID
	newborn   []newborn // contacts that wait
	given     given
	place     map[muster.ContactNo]int
	renamed   bool   // an identifier of a written contact waits to be changed
	then      func() // nil is nothing

	// What other nodes are to know of the commit.
	kinds   map[string]bool // of documents that it wrote
	people  *roaring.Bitmap // who became a parent or ceased to be one
	touched *roaring.Bitmap
}

// added is an activity of this transaction.
type added struct {
	muster.Activity
	contact muster.ContactNo
	row     int64
	gone    bool
}

// later writes at the next question or the commit.
func (t *transaction) later(sql string, args ...any) {
	t.wrote = true
	t.waiting.Queue(sql, plain(args)...)
}

// exec writes now and answers how many rows it concerned.
func (t *transaction) exec(sql string, args ...any) (n int64, err error) {
	t.wrote = true
	batch := &pgx.Batch{}
	batch.Queue(sql, plain(args)...).Exec(func(tag pgconn.CommandTag) error {
		n = tag.RowsAffected()
		return nil
	})
	err = t.together(batch)
	return n, err
}

// send sends what waits.
func (t *transaction) send() error { return t.together(&pgx.Batch{}) }

// unload answers what waits, in the order in which it is to be written.
func (t *transaction) unload() *pgx.Batch {
	batch := &pgx.Batch{}
	t.unloadNewborn(batch)
	t.renamed = false
	t.given.unload(batch)
	batch.QueuedQueries = append(batch.QueuedQueries, t.waiting.QueuedQueries...)
	t.waiting = pgx.Batch{}
	t.unloadChanges(batch)
	t.unloadActivities(batch)
	return batch
}

func (t *transaction) unloadChanges(batch *pgx.Batch) {
	if len(t.changes) == 0 {
		return
	}
	var seq, group, contact, at, cause []int64
	var entered []bool
	var code []string
	for _, c := range t.changes {
		seq, group, contact, at = append(seq, c[0].(int64)), append(group, c[1].(int64)), append(contact, c[2].(int64)), append(at, c[3].(int64))
		entered, cause, code = append(entered, c[4].(bool)), append(cause, c[5].(int64)), append(code, c[6].(string))
	}
	t.changes = nil
	batch.Queue(`insert into change (seq, group_no, contact_no, at, entered, cause, code)
		select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bigint[], $7::text[])`,
		seq, group, contact, at, entered, cause, code)
}

func (t *transaction) unloadActivities(batch *pgx.Batch) {
	if t.sent == len(t.added) {
		return
	}
	var contact, at, row []int64
	var kind, channel, sender, attributes []string
	for _, a := range t.added[t.sent:] {
		if a.gone {
			continue
		}
		contact, at, row = append(contact, int64(a.contact)), append(at, int64(a.At)), append(row, a.row)
		kind, channel, sender, attributes = append(kind, a.Type), append(channel, a.Channel), append(sender, a.ID), append(attributes, writeAttributes(a.Attributes))
	}
	t.sent = len(t.added)
	batch.Queue(`insert into activity (contact_no, type, at, row, channel, arrived, sender, attributes)
		select contact_no, type, at, row, channel, $5, nullif(sender, ''), attributes::jsonb
		from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $6::text[], $7::text[], $8::text[]) as a (contact_no, type, at, row, channel, sender, attributes)`,
		contact, kind, at, row, int64(t.head.tick), channel, sender, attributes)
}

// Then has fn called when everything is durable; by then others may have read it.
func (t *transaction) Then(fn func()) { t.then = fn }

// before runs questions that look at what waits by themselves.
func (t *transaction) before(ask func() bool) bool {
	unsent := t.unsent
	t.unsent = nil
	defer func() { t.unsent = unsent }()
	return ask()
}

// Contacts is the set of all parents as written so far.
func (t *transaction) Contacts() *roaring.Bitmap {
	t.lent = true
	return t.reading.Contacts()
}

// changePeople adds somebody to the set of parents or removes one. Sets that
// somebody may hold, readers or the caller, stay as they are.
func (t *transaction) changePeople(no muster.ContactNo, change func(*roaring.Bitmap, uint32)) {
	t.renames(no)
	set := t.reading.Contacts()
	if t.lent || !t.owned {
		set = set.Clone()
		t.lent, t.owned = false, true
	}
	change(set, uint32(no))
	t.parents = set
	t.head.people++
}
