package postgres

import (
	"context"
	"errors"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

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
	tx, err := s.writer.Begin(ctx)
	if err != nil {
		return s.fail(err)
	}
	t := &transaction{reading: reading{ctx: ctx, db: tx, kept: s.kept}, atOnce: s.atOnce}
	t.flush = t.send
	returned := false
	defer func() {
		if !returned {
			_ = s.abandon(t, errors.New("a transaction panicked"))
		}
	}()
	// The turn comes first, in a statement of its own: what is read after it is
	// what all commits before have left.
	first := []string{takeTurn}
	if s.sharded {
		first = append(first, passGate)
	}
	if err = t.begin(first...); err == nil {
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
		return s.abandon(t, nil)
	}
	return s.commit(t)
}

func (s *Store) commit(t *transaction) error {
	t.head.commits++
	h := t.head
	t.later(`update head set tick = $1, last_seq = $2, last_contact = $3, last_row = $4, people = $5, contacts = $6, merged = $7, activities = $8, deleted = $9, commits = $10, bulk = $11`,
		h.tick, h.lastSeq, h.lastContact, h.lastRow, h.people, h.contacts, h.merged, h.activities, h.deleted, h.commits, h.bulk)
	err := t.tell()
	if err == nil {
		err = t.send()
	}
	if err == nil && s.sharded {
		_, err = t.exec(closeGate)
	}
	if err != nil {
		return s.abandon(t, err)
	}
	if err := t.db.Commit(t.ctx); err != nil {
		return s.fail(err)
	}
	if s.sharded {
		if err := s.everywhere(t.ctx); err != nil {
			return s.fail(err)
		}
	}
	if t.parents != nil {
		s.kept.keepParents(h.people, h.commits, t.parents)
	}
	for group := range t.recorded {
		s.kept.keepRoll(group, t.version[group], t.rolls[group])
	}
	return nil
}

// abandon rolls back and answers why. After a write, or without a connection,
// the store ends: whoever wrote believes in what is not there.
func (s *Store) abandon(t *transaction, why error) error {
	rollback := t.db.Rollback(t.ctx)
	switch {
	case why != nil && lost(why):
		return s.fail(why)
	case t.wrote:
		_ = s.fail(errors.Join(why, rollback))
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
	wrote    bool
	waiting  pgx.Batch
	changes  [][]any // rows of change that wait
	added    []added // activities, by ordinal
	sent     int     // how many of them the database has
	lent     bool    // somebody was given the set of parents as it is
	owned    bool    // the set of parents is this transaction's
	recorded map[muster.GroupNo]bool
	atOnce   int              // more records than these are written as sets
	foreseen *foreseen        // nil is nothing
	byID     map[string][]int // ordinals of activities, by the sender's id
	topID    *muster.ContactID
	newborn  []newborn // contacts that wait
	place    map[muster.ContactNo]int
	renamed  bool // an identifier of a written contact waits to be changed

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
func (t *transaction) exec(sql string, args ...any) (int64, error) {
	t.wrote = true
	if t.err != nil {
		return 0, t.err
	}
	if err := t.send(); err != nil {
		return 0, t.fail(err)
	}
	tag, err := t.db.Exec(t.ctx, sql, plain(args)...)
	if err != nil {
		return 0, t.fail(err)
	}
	return tag.RowsAffected(), nil
}

// send sends what waits.
func (t *transaction) send() error {
	if err := t.sendNewborn(); err != nil {
		return err
	}
	t.renamed = false
	if t.waiting.Len() > 0 {
		waiting := t.waiting
		t.waiting = pgx.Batch{}
		if err := t.db.SendBatch(t.ctx, &waiting).Close(); err != nil {
			return err
		}
	}
	if len(t.changes) > 0 {
		changes := t.changes
		t.changes = nil
		_, err := t.db.CopyFrom(t.ctx, pgx.Identifier{"change"}, []string{"seq", "group_no", "contact_no", "at", "entered", "cause", "code"}, pgx.CopyFromRows(changes))
		if err != nil {
			return err
		}
	}
	return t.sendActivities()
}

func (t *transaction) sendActivities() error {
	if t.sent == len(t.added) {
		return nil
	}
	var rows [][]any
	for _, a := range t.added[t.sent:] {
		if a.gone {
			continue
		}
		attributes, err := writeAttributes(a.Attributes)
		if err != nil {
			return err
		}
		var sender any
		if a.ID != "" {
			sender = a.ID
		}
		rows = append(rows, plain([]any{a.contact, a.Type, a.At, a.row, a.Channel, t.head.tick, sender, attributes}))
	}
	t.sent = len(t.added)
	_, err := t.db.CopyFrom(t.ctx, pgx.Identifier{"activity"},
		[]string{"contact_no", "type", "at", "row", "channel", "arrived", "sender", "attributes"}, pgx.CopyFromRows(rows))
	return err
}

// unsent runs questions that look at what waits by themselves.
func (t *transaction) unsent(ask func() bool) bool {
	flush := t.flush
	t.flush = nil
	defer func() { t.flush = flush }()
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
	if t.people == nil {
		t.people = roaring.New()
	}
	t.people.Add(uint32(no))
	set := t.reading.Contacts()
	if t.lent || !t.owned {
		set = set.Clone()
		t.lent, t.owned = false, true
	}
	change(set, uint32(no))
	t.parents = set
	t.head.people++
}
