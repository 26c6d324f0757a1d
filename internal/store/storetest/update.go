package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

var errRefused = errors.New("refused by the caller")

// updates are the sentences about Update, View and Close.
var updates = []sentence{
	{"what an update wrote is visible and durable when it returns", func(c *subject) {
		c.always(func(tx *writer) {
			tx.must(tx.Put("note", "a", []byte("one")))
			tx.contact(1)
		}, func(l *looker) {
			documents, err := l.Documents("note")
			l.same("documents", documents, map[string][]byte{"a": []byte("one")})
			l.same("contacts", l.Contacts(), set(1))
			l.same("tick", l.Tick(), instant(1))
			l.same("error", err, nil)
		})
	}},
	{"an empty store has tick 0, no records and nobody", func(c *subject) {
		c.still(func(l *looker) {
			l.same("tick", l.Tick(), instant(0))
			l.same("last record", l.LastSeq(), muster.Seq(0))
			l.same("contacts", l.Contacts(), set())
			l.same("members", l.Members(1), set())
		})
	}},
	{"the tick is that of the last commit and never moves back", func(c *subject) {
		c.write(func(tx *writer) {
			tx.must(tx.SetTick(1000))
			tx.must(tx.Put("note", "a", nil))
		})
		c.still(func(l *looker) { l.same("tick", l.Tick(), instant(1000)) })
		c.must("set the same tick", c.store.Update(c.Context(), func(tx store.Tx) error { return tx.SetTick(1000) }))
		err := c.store.Update(c.Context(), func(tx store.Tx) error { return tx.SetTick(999) })
		if err == nil {
			c.Error("a tick before the last one was accepted")
		}
	}},
	{"what is to be done then is done once, when an update is durable, and not when it fails", func(c *subject) {
		done := []string{}
		then := func(what string) func() { return func() { done = append(done, what) } }
		c.write(func(tx *writer) {
			tx.Then(then("replaced"))
			tx.must(tx.Put("note", "a", []byte("one")))
			tx.Then(then("written"))
			c.same("done in the transaction", done, []string{})
		})
		c.must("write nothing", c.store.Update(c.Context(), func(tx store.Tx) error { tx.Then(then("nothing written")); return nil }))
		err := c.store.Update(c.Context(), func(tx store.Tx) error { tx.Then(then("refused")); return errRefused })
		c.same("error", err, errRefused)
		c.same("done", done, []string{"written", "nothing written"})
		err = c.store.Update(c.Context(), func(tx store.Tx) error {
			tx.Then(then("half written"))
			return errors.Join(tx.Put("note", "a", []byte("two")), errRefused)
		})
		if err == nil {
			c.Error("an update that failed after a write: got no error")
		}
		c.same("done after a failure", done, []string{"written", "nothing written"})
	}},
	{"readers never see part of an update", func(c *subject) {
		var running sync.WaitGroup
		done := make(chan struct{})
		for range 2 {
			running.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					c.consistent()
				}
			})
		}
		for i := range 200 {
			c.write(func(tx *writer) {
				tx.must(tx.Put("left", "n", fmt.Append(nil, i)))
				no := tx.contact(i + 1)
				tx.act(no, muster.Activity{Type: "visit", At: c.now})
				tx.record(1, muster.CauseActivity, set(no), nil)
				tx.must(tx.Put("right", "n", fmt.Append(nil, i)))
			})
		}
		close(done)
		running.Wait()
	}},
	{"updates are serialised", func(c *subject) {
		const writers, each = 4, 50
		var running sync.WaitGroup
		for range writers {
			running.Go(func() {
				for range each {
					if err := c.store.Update(c.Context(), increment); err != nil {
						c.Errorf("update: %v", err)
						return
					}
				}
			})
		}
		running.Wait()
		c.still(func(l *looker) { l.same("counter", counter(l), writers*each) })
	}},
	{"a view stays as it is while a writer wants to write", func(c *subject) {
		c.write(func(tx *writer) { tx.contact(1) })
		var running sync.WaitGroup
		c.view(func(v store.View) {
			before := v.Contacts()
			running.Go(func() {
				if err := c.store.Update(c.Context(), increment); err != nil {
					c.Errorf("update: %v", err)
				}
			})
			for range 1000 {
				c.same("contacts", v.Contacts(), before)
				c.same("counter", counter(v), 0)
			}
		})
		running.Wait()
	}},
	{"sets that a view answered are the caller's to keep", func(c *subject) {
		c.write(func(tx *writer) { tx.record(1, muster.CauseCondition, set(tx.contact(1)), nil) })
		var contacts, members = set(), set()
		c.view(func(v store.View) { contacts, members = v.Contacts(), v.Members(1) })
		c.write(func(tx *writer) { tx.record(1, muster.CauseCondition, set(tx.contact(2)), set(1)) })
		c.same("contacts as kept", contacts, set(1))
		c.same("members as kept", members, set(1))
	}},
	{"a view answers its function's error", func(c *subject) {
		err := c.store.View(c.Context(), func(store.View) error { return errRefused })
		c.same("error", err, errRefused)
	}},
	{"a cancelled call gives up with the reason and writes nothing", func(c *subject) {
		ctx, cancel := context.WithCancel(c.Context())
		cancel()
		err := c.store.Update(ctx, increment)
		c.same("update gave up", errors.Is(err, context.Canceled), true)
		c.view(func(v store.View) { c.same("counter", counter(v), 0) })
	}},
	{"closing twice is harmless, and afterwards nothing is answered", func(c *subject) {
		for range 2 {
			c.must("close", c.store.Close())
		}
		c.unavailable()
		c.same("failure", c.store.Err(), error(nil))
	}},
}

// consistent checks what every update of a case keeps true.
func (c *subject) consistent() {
	c.Helper()
	err := c.store.View(c.Context(), func(v store.View) error {
		left, err := v.Documents("left")
		if err != nil {
			return err
		}
		right, err := v.Documents("right")
		if err != nil {
			return err
		}
		n := v.Contacts().GetCardinality()
		if string(left["n"]) != string(right["n"]) || v.Members(1).GetCardinality() != n || uint64(v.LastSeq()) != n {
			return fmt.Errorf("left %q, right %q, %d contacts, %d members, %d records", left["n"], right["n"], n, v.Members(1).GetCardinality(), v.LastSeq())
		}
		return nil
	})
	if err != nil {
		c.Errorf("a view saw part of an update: %v", err)
	}
}

// increment adds one to a document, as a read and a write.
func increment(tx store.Tx) error {
	return tx.Put("counter", "n", make([]byte, counter(tx)+1))
}

func counter(v store.View) int {
	found, err := v.Documents("counter")
	if err != nil {
		return -1
	}
	return len(found["n"])
}

// must wants success.
func (c *subject) must(what string, err error) {
	c.Helper()
	if err != nil {
		c.Fatalf("%s: %v", what, err)
	}
}

// unavailable checks that every call answers CodeUnavailable.
func (c *subject) unavailable() {
	c.Helper()
	ctx := context.Background()
	c.code("Update", c.store.Update(ctx, func(store.Tx) error { return errors.New("an update ran") }), muster.CodeUnavailable)
	c.code("View", c.store.View(ctx, func(store.View) error { return errors.New("a view ran") }), muster.CodeUnavailable)
	_, err := c.store.Scan(ctx, []store.Query{everyone}, nil)
	c.code("Scan", err, muster.CodeUnavailable)
	_, err = c.store.Maintain(ctx)
	c.code("Maintain", err, muster.CodeUnavailable)
	_, err = c.store.Stats(ctx)
	c.code("Stats", err, muster.CodeUnavailable)
}
