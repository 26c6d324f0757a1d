package storetest

import (
	"errors"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// failures are the sentences about what happens when an update goes wrong.
var failures = []sentence{
	{"an error before the first write is answered and nothing happened", func(c *subject) {
		c.write(func(tx *writer) { tx.contact(1) })
		err := c.store.Update(c.Context(), func(tx store.Tx) error {
			if _, err := tx.Match([]store.Query{everyone}); err != nil {
				return err
			}
			return errRefused
		})
		c.same("error", err, errRefused)
		c.same("failure", c.store.Err(), error(nil))
		select {
		case <-c.store.Failed():
			c.Error("the store has failed")
		default:
		}
		c.write(func(tx *writer) { tx.contact(2) })
		c.still(func(l *looker) { l.same("contacts", l.Contacts(), set(1, 2)) })
	}},
	{"an error after a write fails the store for good, and a restart has what was durable", func(c *subject) {
		c.write(func(tx *writer) { tx.must(tx.SetEmail(tx.contact(1), "ada@example.com")) })
		err := c.store.Update(c.Context(), func(tx store.Tx) error {
			if err := tx.SetEmail(1, "eve@example.com"); err != nil {
				return err
			}
			if _, err := tx.CreateContact(id(2), 5); err != nil {
				return err
			}
			return errRefused
		})
		c.same("error is the caller's", errors.Is(err, errRefused), true)
		<-c.store.Failed()
		if c.store.Err() == nil {
			c.Error("a failed store does not say why")
		}
		c.unavailable()
		c.reopen()
		c.still(func(l *looker) {
			l.same("contacts", l.Contacts(), set(1))
			l.same("email", l.Owner(1).Email, "ada@example.com")
			l.same("owner of what was refused", l.ByEmail("eve@example.com"), muster.ContactNo(0))
		})
	}},
	{"an error in the middle of evaluation fails the store just as well", func(c *subject) {
		c.write(func(tx *writer) { tx.contact(1) })
		err := c.store.Update(c.Context(), func(tx store.Tx) error {
			if _, err := tx.AddActivity(1, muster.Activity{Type: "visit", At: 7, Attributes: []muster.Attribute{attribute("page", "/refused")}}); err != nil {
				return err
			}
			if _, err := tx.Match([]store.Query{everyone}); err != nil {
				return err
			}
			return errRefused
		})
		c.same("error is the caller's", errors.Is(err, errRefused), true)
		c.unavailable()
		c.reopen()
		c.still(func(l *looker) {
			found, err := l.Activities(1, store.ActivityQuery{})
			l.same("activities", found, []muster.StoredActivity(nil))
			l.same("error", err, nil)
			values, err := l.Values("attribute:page", "", 10)
			l.same("values seen", values, []string(nil))
			l.same("error", err, nil)
		})
	}},
	{"a panic in an update leaves no trace either", func(c *subject) {
		c.write(func(tx *writer) { tx.contact(1) })
		func() {
			defer func() {
				if recover() == nil {
					c.Error("the panic was swallowed")
				}
			}()
			_ = c.store.Update(c.Context(), func(tx store.Tx) error {
				if _, err := tx.CreateContact(id(2), 5); err != nil {
					return err
				}
				panic(errRefused)
			})
		}()
		c.unavailable()
		c.reopen()
		c.still(func(l *looker) { l.same("contacts", l.Contacts(), set(1)) })
	}},
}
