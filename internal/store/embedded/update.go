package embedded

import (
	"context"
	"errors"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// Update runs fn as the one write transaction.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	s.engine.RLock()
	t := &transaction{View: s.engine, store: s}
	returned := false
	defer func() {
		if !returned {
			t.abandon(errors.New("a transaction panicked"))
		}
	}()
	err := fn(t)
	returned = true
	switch {
	case err != nil:
		t.abandon(err)
		return err
	case !t.writing:
		t.done()
		s.engine.RUnlock()
		return nil
	}
	return t.commit()
}

// transaction is the store.Tx: the engine's view and writes, with the lock
// taken at the first write and rows written while evaluation goes on.
type transaction struct {
	store.View
	store   *Store
	writing bool
	written chan error // the outcome of writing rows in the background; nil before
	then    func()     // nil is nothing
}

// begin precedes every write.
func (t *transaction) begin() {
	if t.writing {
		return
	}
	// Only who has the turn writes, so nothing happens in between.
	t.store.engine.RUnlock()
	t.store.engine.Lock()
	t.writing = true
}

// evaluate precedes every evaluation: the data phase is over, and its rows can
// go to the file in the meantime.
func (t *transaction) evaluate() {
	if !t.writing || t.written != nil {
		return
	}
	rows := t.store.engine.TakeRows()
	if len(rows.Activities)+len(rows.Entries) == 0 {
		return
	}
	t.written = make(chan error, 1)
	go func() { t.written <- t.store.file.Write(rows) }()
}

// wait ends the writing in the background.
func (t *transaction) wait() error {
	if t.written == nil {
		return nil
	}
	err := <-t.written
	t.written = nil
	return err
}

func (t *transaction) commit() error {
	s := t.store
	defer s.engine.Unlock()
	if err := t.wait(); err != nil {
		return s.fail(err)
	}
	if err := s.file.Commit(s.engine.TakeCommit()); err != nil {
		return s.fail(err)
	}
	t.done()
	if s.file.LogPages() >= pagesToMove {
		select {
		case s.grown <- struct{}{}:
		default: // it is being moved
		}
	}
	return nil
}

// done precedes the readers, who are kept out until the caller gives the lock back.
func (t *transaction) done() {
	if t.then != nil {
		t.then()
	}
}

// abandon gives the transaction up. After a write, memory is no longer what is
// on disk, and the store ends.
func (t *transaction) abandon(err error) {
	s := t.store
	if !t.writing {
		s.engine.RUnlock()
		return
	}
	defer s.engine.Unlock()
	written := t.wait()
	s.file.Rollback()
	s.fail(errors.Join(err, written))
}

// Expect fetches what the changes will look up; it is no write.
func (t *transaction) Expect(changes []muster.Item) { t.store.engine.Expect(changes) }

// SetTick sets the commit's instant.
func (t *transaction) SetTick(at muster.Instant) error {
	t.begin()
	return t.store.engine.SetTick(at)
}

// CreateContact makes a contact with the next number.
func (t *transaction) CreateContact(id muster.ContactID, createdAt muster.Instant) (muster.ContactNo, error) {
	t.begin()
	return t.store.engine.CreateContact(id, createdAt)
}

// SetExternalID gives or replaces the external id.
func (t *transaction) SetExternalID(no muster.ContactNo, value string) error {
	t.begin()
	return t.store.engine.SetExternalID(no, value)
}

// SetEmail gives or replaces the email.
func (t *transaction) SetEmail(no muster.ContactNo, value string) error {
	t.begin()
	return t.store.engine.SetEmail(no, value)
}

// AddVisitor gives a visitor id.
func (t *transaction) AddVisitor(no muster.ContactNo, value string) error {
	t.begin()
	return t.store.engine.AddVisitor(no, value)
}

// SetField writes a field.
func (t *transaction) SetField(no muster.ContactNo, code string, v muster.Value) error {
	t.begin()
	return t.store.engine.SetField(no, code, v)
}

// Decide keeps a decision and answers whether it stands.
func (t *transaction) Decide(no muster.ContactNo, d muster.Decision) (bool, error) {
	t.begin()
	return t.store.engine.Decide(no, d)
}

// AddActivity appends an activity.
func (t *transaction) AddActivity(no muster.ContactNo, a muster.Activity) (int, error) {
	t.begin()
	return t.store.engine.AddActivity(no, a)
}

// Merge makes everything of the merged contact the parent's.
func (t *transaction) Merge(parent, merged muster.ContactNo) error {
	t.begin()
	return t.store.engine.Merge(parent, merged)
}

// Erase makes a person invisible.
func (t *transaction) Erase(no muster.ContactNo) error {
	t.begin()
	return t.store.engine.Erase(no)
}

// Expire removes activities older than an instant.
func (t *transaction) Expire(activityType string, before muster.Instant) (*roaring.Bitmap, error) {
	t.begin()
	return t.store.engine.Expire(activityType, before)
}

// Match answers each query's set.
func (t *transaction) Match(queries []store.Query) ([]*roaring.Bitmap, error) {
	t.evaluate()
	return t.store.engine.Match(queries)
}

// Noticed answers whose new activities a leaf could count.
func (t *transaction) Noticed(leaf plan.Node, ordinals []int32) (*roaring.Bitmap, error) {
	return t.store.engine.Noticed(leaf, ordinals)
}

// Record changes a group's membership.
func (t *transaction) Record(group muster.GroupNo, cause muster.Cause, entered, left *roaring.Bitmap) error {
	t.begin()
	return t.store.engine.Record(group, cause, entered, left)
}

// Forget drops a deleted group's membership.
func (t *transaction) Forget(group muster.GroupNo) error {
	t.begin()
	return t.store.engine.Forget(group)
}

// SetHorizon makes the past before an instant unanswerable.
func (t *transaction) SetHorizon(at muster.Instant) error {
	t.begin()
	return t.store.engine.SetHorizon(at)
}

// Put writes a document.
func (t *transaction) Put(kind, code string, document []byte) error {
	t.begin()
	return t.store.engine.Put(kind, code, document)
}

// Delete removes a document.
func (t *transaction) Delete(kind, code string) error {
	t.begin()
	return t.store.engine.Delete(kind, code)
}

// Then has fn called when everything is durable.
func (t *transaction) Then(fn func()) { t.then = fn }
