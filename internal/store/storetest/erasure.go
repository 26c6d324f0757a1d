package storetest

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// secrets are values of one person; nothing else in the cases contains them.
var secrets = struct{ email, external, visitor, merged, field, page, sender, version string }{
	"zaphod.beeblebrox@example.com", "customer-9f3b77", "visitor-5c1a09", "visitor-77e0d2", "Betelgeuse-Seven", "/private/61d3aa", "sender-id-31bb04", "agreement-4471aa",
}

// person makes contact 1 with contact 2 merged into it, full of secrets, and an
// ordinary contact 3.
func (w *writer) person() {
	w.contact(1)
	w.must(w.SetEmail(1, secrets.email))
	w.must(w.SetExternalID(1, secrets.external))
	w.must(w.AddVisitor(1, secrets.visitor))
	w.must(w.SetField(1, "city", text(secrets.field)))
	w.decide(1, muster.Decision{Kind: muster.OnConsent, Code: "ads", State: muster.Agreed, At: 1})
	w.contact(2)
	w.must(w.AddVisitor(2, secrets.merged))
	w.contact(3)
	for at := range 40 {
		w.act(1, muster.Activity{Type: "visit", At: instant(at), ID: fmt.Sprint(secrets.sender, at), Attributes: []muster.Attribute{attribute("page", secrets.page)}})
		w.act(2, muster.Activity{Type: "visit", At: instant(at), Attributes: []muster.Attribute{attribute("page", secrets.page+"/2")}})
		w.act(3, muster.Activity{Type: "visit", At: instant(at), ID: fmt.Sprint("other", at), Attributes: []muster.Attribute{attribute("page", "/home")}})
	}
	w.record(1, muster.CauseActivity, set(1, 2, 3), nil)
	w.must(w.Merge(1, 2))
	w.record(1, muster.CauseMerge, nil, set(2))
}

// erasures are the sentences about what goes for good.
var erasures = []sentence{
	{"an erasure makes the person and all merged into it invisible at once", func(c *subject) {
		c.write(func(tx *writer) { tx.person() })
		c.always(func(tx *writer) {
			tx.record(1, muster.CauseErasure, nil, set(1))
			tx.must(tx.Erase(1))
		}, func(l *looker) {
			for n := 1; n <= 2; n++ {
				_, err := l.ByID(id(n))
				l.code(fmt.Sprintf("id %d", n), err, muster.CodeGone)
				_, err = l.Contact(muster.ContactNo(n))
				l.code(fmt.Sprintf("number %d", n), err, muster.CodeNotFound)
			}
			l.same("contacts", l.Contacts(), set(3))
			l.same("members", l.Members(1), set(3))
			l.same("email", l.ByEmail(secrets.email), muster.ContactNo(0))
			l.same("external id", l.ByExternalID(secrets.external), muster.ContactNo(0))
			l.same("visitor id", l.ByVisitor(secrets.visitor), muster.ContactNo(0))
			l.same("merged visitor id", l.ByVisitor(secrets.merged), muster.ContactNo(0))
			l.same("a sender's id", l.RememberedID(fmt.Sprint(secrets.sender, 0), c.now), false)
			l.same("another's", l.RememberedID("other0", c.now), true)
			l.same("has its activity", l.HasActivity(1, "visit", 0, secrets.sender+"0"), false)
			l.same("decision", l.Decision(1, muster.OnConsent, "ads").State, muster.Undecided)
			l.same("field", l.Field(1, "city"), muster.Value{})
			sets, err := l.Match([]store.Query{{Node: acted(1)}, {Node: plan.Everyone{}}, {Node: &plan.Field{Code: "city", Pred: plan.Present{}}}})
			l.same("error", err, nil)
			l.same("acted", sets[0], set(3))
			l.same("everyone", sets[1], set(3))
			l.same("has a city", sets[2], set())
			found, err := l.Search("betelgeuse", nil, 0, 10)
			l.same("search", found, []muster.ContactNo(nil))
			l.same("error", err, nil)
			at, err := l.MembersAt(1, 1)
			l.same("members of the past", at, set(3))
			l.same("error", err, nil)
		})
	}},
	{"after an erasure the person's change records stay and lose the contact", func(c *subject) {
		c.write(func(tx *writer) { tx.person() })
		c.always(func(tx *writer) {
			tx.record(1, muster.CauseErasure, nil, set(1))
			tx.must(tx.Erase(1))
		}, func(l *looker) {
			changes, err := l.Changes(store.ChangeQuery{})
			l.same("error", err, nil)
			record := func(seq muster.Seq, no muster.ContactNo, at instant, entered bool, kind muster.CauseKind) muster.Change {
				return muster.Change{Seq: seq, Group: 1, Contact: no, At: at, Entered: entered, Cause: muster.Cause{Kind: kind}}
			}
			l.same("records", changes, []muster.Change{
				record(1, 0, 1, true, muster.CauseActivity), record(2, 0, 1, true, muster.CauseActivity), record(3, 3, 1, true, muster.CauseActivity),
				record(4, 0, 1, false, muster.CauseMerge), record(5, 0, 2, false, muster.CauseErasure),
			})
			changes, err = l.Changes(store.ChangeQuery{Contact: 1})
			l.same("records of the erased", changes, []muster.Change(nil))
			l.same("error", err, nil)
			l.same("last record", l.LastSeq(), muster.Seq(5))
		})
	}},
	{"an identifier of an erased person makes somebody new", func(c *subject) {
		c.write(func(tx *writer) { tx.person() })
		c.write(func(tx *writer) {
			tx.record(1, muster.CauseErasure, nil, set(1))
			tx.must(tx.Erase(1))
		})
		c.always(func(tx *writer) {
			tx.must(tx.SetEmail(tx.contact(4), secrets.email))
			tx.must(tx.AddVisitor(4, secrets.merged))
			_, err := tx.CreateContact(id(1), 9)
			c.code("the erased id itself", err, muster.CodeConflict)
		}, func(l *looker) {
			l.same("owner of the email", l.ByEmail(secrets.email), muster.ContactNo(4))
			l.same("owner of the visitor id", l.ByVisitor(secrets.merged), muster.ContactNo(4))
			l.same("contacts", l.Contacts(), set(3, 4))
		})
	}},
	{"after Maintain nothing of an erased person is kept anywhere", func(c *subject) {
		c.write(func(tx *writer) { tx.person() })
		c.reopen() // so that it has been through whatever the store keeps at rest
		c.write(func(tx *writer) {
			tx.record(1, muster.CauseErasure, nil, set(1))
			tx.must(tx.Erase(1))
		})
		c.maintain()
		for _, secret := range []string{
			secrets.email, secrets.external, secrets.visitor, secrets.merged, secrets.field, secrets.page, secrets.sender,
		} {
			c.holds(secret, false)
		}
		c.holds("other7", true)
		c.holds("/home", true)
		c.still(func(l *looker) {
			values, err := l.Values("attribute:page", "", 10)
			l.same("values seen", values, []string{"/home"})
			l.same("error", err, nil)
		})
	}},
	{"expired activities are invisible at once, and after Maintain kept nowhere", func(c *subject) {
		c.write(func(tx *writer) {
			tx.person()
			tx.act(3, muster.Activity{Type: "order", At: 1, Attributes: []muster.Attribute{attribute("page", "/order")}})
		})
		var had = roaring.New()
		c.always(func(tx *writer) {
			var err error
			had, err = tx.Expire("visit", 30)
			tx.must(err)
		}, func(l *looker) {
			sets, err := l.Match([]store.Query{{Node: acted(20)}, {Node: acted(11)}, {Node: acted(10)}, {Node: acted(10), Of: set(3)}})
			l.same("error", err, nil)
			aged := func(kind string, before instant) store.Aged {
				a, err := l.Aged(kind, before)
				l.same("error", err, nil)
				return a
			}
			l.same("aged before the cut", aged("visit", 30), store.Aged{Oldest: muster.Forever})
			l.same("aged after it", aged("visit", 39), store.Aged{Activities: 27, Oldest: 30})
			l.same("aged of another type", aged("order", 2), store.Aged{Activities: 1, Oldest: 1})
			l.same("twenty visits", sets[0], set(1))
			l.same("eleven visits", sets[1], set(1))
			l.same("ten visits", sets[2], set(1, 3))
			l.same("ten visits of one", sets[3], set(3))
			l.same("has an expired one", l.HasActivity(3, "visit", 29, "other29"), false)
			l.same("has a younger one", l.HasActivity(3, "visit", 30, "other30"), true)
			got, err := l.Activities(3, store.ActivityQuery{Limit: 100})
			l.same("error", err, nil)
			l.same("number of activities", len(got), 11)
		})
		c.same("contacts that had one", had, set(1, 3))
		c.holds("other29", false)
		c.holds("other30", true)
		c.holds("/order", true)
		c.write(func(tx *writer) {
			again, err := tx.Expire("visit", 30)
			tx.must(err)
			c.same("contacts that had one the second time", again, set())
			none, err := tx.Expire("never seen", 30)
			tx.must(err)
			c.same("contacts with an unknown type", none, set())
		})
	}},
	{"aged activities are counted exactly, whoever they are of now", func(c *subject) {
		day := func(n int) instant { return instant(n * 86400) }
		c.always(func(tx *writer) {
			tx.person()
			for n := range 5000 {
				tx.act(3, muster.Activity{Type: "order", At: day(2) + instant(n%100)})
			}
			tx.act(3, muster.Activity{Type: "order", At: day(-1) + 7})
		}, func(l *looker) {
			for _, want := range []struct {
				kind   string
				before instant
				aged   store.Aged
			}{
				{"visit", 0, store.Aged{Oldest: muster.Forever}}, {"visit", 1, store.Aged{Activities: 3}}, {"visit", 40, store.Aged{Activities: 120}},
				{"order", day(-1) + 7, store.Aged{Oldest: muster.Forever}}, {"order", day(2), store.Aged{Activities: 1, Oldest: day(-1) + 7}},
				{"order", day(2) + 50, store.Aged{Activities: 2501, Oldest: day(-1) + 7}}, {"order", muster.Forever, store.Aged{Activities: 5001, Oldest: day(-1) + 7}},
				{"never seen", muster.Forever, store.Aged{Oldest: muster.Forever}},
			} {
				got, err := l.Aged(want.kind, want.before)
				l.same("error", err, nil)
				l.same(fmt.Sprintf("%s before %s", want.kind, want.before), got, want.aged)
			}
		})
		c.write(func(tx *writer) {
			tx.record(1, muster.CauseErasure, nil, set(1))
			tx.must(tx.Erase(1))
		})
		c.still(func(l *looker) {
			got, err := l.Aged("visit", 40)
			l.same("error", err, nil)
			l.same("without those of an erased person", got, store.Aged{Activities: 40})
		})
	}},
	{"what is replaced or cleared is kept nowhere after Maintain", func(c *subject) {
		c.write(func(tx *writer) {
			tx.person()
			tx.must(tx.Put("note", "n", []byte(secrets.version)))
		})
		c.write(func(tx *writer) {
			tx.must(tx.SetEmail(1, "other@example.com"))
			tx.must(tx.SetField(1, "city", muster.Value{}))
			tx.record(1, muster.CauseErasure, nil, set(1))
			tx.must(tx.Erase(1))
			tx.must(tx.Delete("note", "n"))
		})
		c.maintain()
		c.holds(secrets.email, false)
		c.holds(secrets.field, false)
		c.holds(secrets.version, false)
	}},
	{"statistics count contacts, merged contacts, activities and records", func(c *subject) {
		c.write(func(tx *writer) { tx.person() })
		check := func(when string, contacts, merged, activities, changes int64) {
			c.Helper()
			s, err := c.store.Stats(c.Context())
			c.must("stats", err)
			c.same("counts "+when, [4]int64{s.Contacts, s.Merged, s.Activities, s.Changes}, [4]int64{contacts, merged, activities, changes})
			for _, what := range []string{"activities", "contacts", "dictionaries", "history", "sets", "disk"} {
				if s.Bytes[what] <= 0 {
					c.Errorf("bytes of %s %s: got %d, want more than 0", what, when, s.Bytes[what])
				}
			}
		}
		check("with a merged contact", 2, 1, 120, 4)
		c.reopen()
		check("after a restart", 2, 1, 120, 4)
		c.write(func(tx *writer) {
			tx.record(1, muster.CauseErasure, nil, set(1))
			tx.must(tx.Erase(1))
		})
		check("after an erasure", 1, 0, 40, 5)
		c.maintain()
		c.reopen()
		check("after the erasure, Maintain and a restart", 1, 0, 40, 5)
	}},
}

// holds checks whether what the store keeps contains a text.
func (c *subject) holds(text string, want bool) {
	c.Helper()
	got, err := c.place.Holds(text)
	c.must("search what is kept", err)
	if got != want {
		c.Errorf("%q is kept: %t, want %t", text, got, want)
	}
}
