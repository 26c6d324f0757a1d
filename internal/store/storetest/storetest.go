// Package storetest is what every store must pass: a case for every sentence of
// the port (package store) that can be observed, each named as a sentence.
//
// It must not know any store. A store's own tests call Run; there are no
// exceptions. What only one store can show, such as a failing disk, is tested
// beside that store.
package storetest

import (
	"context"
	"testing"

	"github.com/muster-groups/muster/internal/store"
)

// Place is where one store keeps what it keeps: a directory, a database. It is
// empty at first, and belongs to one case.
type Place interface {
	// Open opens the store; the one before has been closed, or has failed.
	Open(ctx context.Context) (store.Store, error)
	// Holds reports whether a text can still be found anywhere in what is kept,
	// by whoever reads its files or tables. It is asked while the store is open.
	Holds(text string) (bool, error)
}

// Run runs every case, each in a place of its own.
func Run(t *testing.T, place func(testing.TB) Place) {
	for _, group := range [][]sentence{updates, failures, people, decisions, activities, merges, erasures, memberships, documents, plans, scans, gathers, orders, histories, horizons, searches} {
		for _, s := range group {
			t.Run(s.says, func(t *testing.T) {
				c := &subject{T: t, place: place(t)}
				c.open()
				defer c.close()
				s.check(c)
			})
		}
	}
}

// sentence is a case.
type sentence struct {
	says  string
	check func(*subject)
}

// subject is the store that a case examines.
type subject struct {
	*testing.T
	place Place
	store store.Store
	now   instant
}

func (c *subject) open() {
	c.Helper()
	opened, err := c.place.Open(context.Background())
	if err != nil {
		c.Fatalf("open: %v", err)
	}
	c.store = opened
}

func (c *subject) close() {
	c.Helper()
	if err := c.store.Close(); err != nil && c.store.Err() == nil {
		c.Errorf("close: %v", err)
	}
}

// reopen closes the store and opens what it kept.
func (c *subject) reopen() {
	c.Helper()
	c.close()
	c.open()
}

// write runs one transaction, a second after the one before; it must succeed.
func (c *subject) write(fn func(tx *writer)) {
	c.Helper()
	c.now++
	err := c.store.Update(c.Context(), func(tx store.Tx) error {
		w := &writer{Tx: tx, t: c.T}
		w.must(tx.SetTick(c.now))
		fn(w)
		return nil
	})
	if err != nil {
		c.Fatalf("update: %v", err)
	}
}

// view reads; it must succeed.
func (c *subject) view(fn func(v store.View)) {
	c.Helper()
	err := c.store.View(c.Context(), func(v store.View) error {
		fn(v)
		return nil
	})
	if err != nil {
		c.Fatalf("view: %v", err)
	}
}

// maintain runs Maintain until it says that nothing is left.
func (c *subject) maintain() {
	c.Helper()
	for more := true; more; {
		var err error
		if more, err = c.store.Maintain(c.Context()); err != nil {
			c.Fatalf("maintain: %v", err)
		}
	}
}

// always writes and then looks four times: in the transaction itself, after
// it, after housekeeping and after a restart. The answers must be the same.
func (c *subject) always(write func(tx *writer), look func(l *looker)) {
	c.Helper()
	c.write(func(tx *writer) {
		write(tx)
		look(&looker{View: tx.Tx, T: c.T, when: "in the transaction"})
	})
	c.still(look)
}

// still looks after the last transaction, after housekeeping and after a restart.
func (c *subject) still(look func(l *looker)) {
	c.Helper()
	c.view(func(v store.View) { look(&looker{View: v, T: c.T, when: "after the commit"}) })
	c.maintain()
	c.view(func(v store.View) { look(&looker{View: v, T: c.T, when: "after Maintain"}) })
	c.reopen()
	c.view(func(v store.View) { look(&looker{View: v, T: c.T, when: "after a restart"}) })
}
