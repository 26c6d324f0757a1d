package storetest

import (
	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// memberships are the sentences about Record and what it leaves.
var memberships = []sentence{
	{"record writes one record per contact, left before entered, each in ascending number", func(c *subject) {
		c.write(func(tx *writer) {
			for n := 1; n <= 6; n++ {
				tx.contact(n)
			}
			tx.record(1, muster.CauseCondition, set(5, 2), nil)
		})
		c.always(func(tx *writer) {
			tx.must(tx.Record(1, muster.Cause{Kind: muster.CauseField, Code: "city"}, set(6, 1), set(5, 2)))
			tx.must(tx.Record(2, muster.Cause{Kind: muster.CauseGroup, Code: "one"}, set(3), nil))
			tx.must(tx.Record(3, muster.Cause{Kind: muster.CauseTime}, nil, set()))
		}, func(l *looker) {
			got, err := l.Changes(store.ChangeQuery{})
			l.same("error", err, nil)
			city, one := muster.Cause{Kind: muster.CauseField, Code: "city"}, muster.Cause{Kind: muster.CauseGroup, Code: "one"}
			l.same("records", got, []muster.Change{
				{Seq: 1, Group: 1, Contact: 2, At: 1, Entered: true, Cause: muster.Cause{Kind: muster.CauseCondition}},
				{Seq: 2, Group: 1, Contact: 5, At: 1, Entered: true, Cause: muster.Cause{Kind: muster.CauseCondition}},
				{Seq: 3, Group: 1, Contact: 2, At: 2, Cause: city},
				{Seq: 4, Group: 1, Contact: 5, At: 2, Cause: city},
				{Seq: 5, Group: 1, Contact: 1, At: 2, Entered: true, Cause: city},
				{Seq: 6, Group: 1, Contact: 6, At: 2, Entered: true, Cause: city},
				{Seq: 7, Group: 2, Contact: 3, At: 2, Entered: true, Cause: one},
			})
			l.same("last record", l.LastSeq(), muster.Seq(7))
			l.same("members of the first group", l.Members(1), set(1, 6))
			l.same("members of the second", l.Members(2), set(3))
			l.same("members of the third", l.Members(3), set())
		})
	}},
	{"members at an instant are those after the last commit up to it, however many commits it has", func(c *subject) {
		at := instant(100)
		commit := func(t instant, entered, left muster.ContactNo) {
			err := c.store.Update(c.Context(), func(tx store.Tx) error {
				if err := tx.SetTick(t); err != nil {
					return err
				}
				e, l := set(), set()
				if entered != 0 {
					e = set(entered)
				}
				if left != 0 {
					l = set(left)
				}
				return tx.Record(1, muster.Cause{Kind: muster.CauseActivity, Code: "visit"}, e, l)
			})
			c.must("record", err)
		}
		c.write(func(tx *writer) {
			for n := 1; n <= 4; n++ {
				tx.contact(n)
			}
		})
		commit(at, 1, 0)
		commit(at, 2, 0)
		commit(at, 3, 1)
		commit(at+10, 4, 2)
		commit(at+10, 1, 0)
		commit(at+30, 0, 4)
		c.still(func(l *looker) {
			for _, s := range []struct {
				at   instant
				want []muster.ContactNo
			}{
				{muster.Beginning, nil}, {at - 1, nil}, {at, []muster.ContactNo{2, 3}}, {at + 9, []muster.ContactNo{2, 3}}, {at + 10, []muster.ContactNo{1, 3, 4}},
				{at + 29, []muster.ContactNo{1, 3, 4}}, {at + 30, []muster.ContactNo{1, 3}}, {muster.Forever, []muster.ContactNo{1, 3}},
			} {
				got, err := l.MembersAt(1, s.at)
				l.same("error", err, nil)
				l.same("members at "+s.at.String(), got, set(s.want...))
			}
			none, err := l.MembersAt(9, at)
			l.same("members of an unknown group", none, set())
			l.same("error", err, nil)
		})
	}},
	{"memberships answers the groups by number with the last entering", func(c *subject) {
		c.write(func(tx *writer) {
			tx.contact(1)
			tx.contact(2)
			tx.record(7, muster.CauseCondition, set(1), nil)
			tx.record(2, muster.CauseCondition, set(1, 2), nil)
		})
		c.write(func(tx *writer) { tx.record(2, muster.CauseTime, nil, set(1)) })
		c.write(func(tx *writer) { tx.record(3, muster.CauseTime, set(1), nil) })
		c.write(func(tx *writer) {
			tx.record(2, muster.CauseTime, set(1), nil)
			tx.record(3, muster.CauseTime, nil, set(1))
		})
		c.still(func(l *looker) {
			got, err := l.Memberships(1)
			l.same("error", err, nil)
			l.same("memberships", got, []store.Membership{{Group: 2, Since: 4}, {Group: 7, Since: 1}})
			none, err := l.Memberships(99)
			l.same("memberships of nobody", none, []store.Membership(nil))
			l.same("error", err, nil)
		})
	}},
	{"a forgotten group has no members, and its change records stay", func(c *subject) {
		c.write(func(tx *writer) {
			tx.record(1, muster.CauseCondition, set(tx.contact(1)), nil)
			tx.record(2, muster.CauseCondition, set(1), nil)
		})
		c.always(func(tx *writer) { tx.must(tx.Forget(1)) }, func(l *looker) {
			l.same("members", l.Members(1), set())
			l.same("members of another group", l.Members(2), set(1))
			got, err := l.Memberships(1)
			l.same("error", err, nil)
			l.same("memberships", got, []store.Membership{{Group: 2, Since: 1}})
			changes, err := l.Changes(store.ChangeQuery{Group: 1})
			l.same("error", err, nil)
			l.same("records", changes, []muster.Change{{Seq: 1, Group: 1, Contact: 1, At: 1, Entered: true, Cause: muster.Cause{Kind: muster.CauseCondition}}})
			l.same("last record", l.LastSeq(), muster.Seq(2))
		})
		c.always(func(tx *writer) { tx.record(3, muster.CauseCondition, set(1), nil) }, func(l *looker) {
			l.same("members of a forgotten group after later records", l.Members(1), set())
			l.same("last record", l.LastSeq(), muster.Seq(3))
		})
	}},
}

// documents are the sentences about documents.
var documents = []sentence{
	{"documents are kept by kind and code, replaced and deleted", func(c *subject) {
		body := []byte("first")
		c.write(func(tx *writer) {
			tx.must(tx.Put("group", "a", body))
			tx.must(tx.Put("group", "b", []byte{}))
			tx.must(tx.Put("key", "a", []byte{0, 255}))
			copy(body, "later") // the store has its own by now
		})
		c.still(func(l *looker) {
			got, err := l.Documents("group")
			l.same("error", err, nil)
			l.same("groups", got, map[string][]byte{"a": []byte("first"), "b": {}})
		})
		c.always(func(tx *writer) {
			tx.must(tx.Put("group", "a", []byte("second")))
			tx.must(tx.Delete("group", "b"))
			tx.must(tx.Delete("group", "never there"))
			tx.must(tx.Put("group", "c", []byte("x")))
			tx.must(tx.Delete("group", "c"))
		}, func(l *looker) {
			got, err := l.Documents("group")
			l.same("error", err, nil)
			l.same("groups", got, map[string][]byte{"a": []byte("second")})
			got, err = l.Documents("key")
			l.same("error", err, nil)
			l.same("keys", got, map[string][]byte{"a": {0, 255}})
			got, err = l.Documents("nothing")
			l.same("error", err, nil)
			l.same("an unknown kind", got, map[string][]byte{})
		})
	}},
}
