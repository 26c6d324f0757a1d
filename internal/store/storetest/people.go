package storetest

import (
	"fmt"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// people are the sentences about contacts, identifiers and fields.
var people = []sentence{
	{"numbers are dense and never reused", func(c *subject) {
		c.write(func(tx *writer) {
			c.same("first number", tx.contact(1), muster.ContactNo(1))
			c.same("second number", tx.contact(2), muster.ContactNo(2))
			tx.must(tx.Erase(2))
		})
		c.reopen()
		c.always(func(tx *writer) { c.same("number after an erasure and a restart", tx.contact(3), muster.ContactNo(3)) }, func(l *looker) {
			l.same("contacts", l.Contacts(), set(1, 3))
		})
	}},
	{"an id finds its contact, CodeNotFound when nobody ever had it", func(c *subject) {
		c.always(func(tx *writer) { tx.contact(1) }, func(l *looker) {
			no, err := l.ByID(id(1))
			l.same("number", no, muster.ContactNo(1))
			l.same("error", err, nil)
			_, err = l.ByID(id(2))
			l.code("unknown id", err, muster.CodeNotFound)
		})
	}},
	{"identifiers find their owner, an email in any spelling", func(c *subject) {
		c.always(func(tx *writer) {
			ada, eve := tx.contact(1), tx.contact(2)
			tx.must(tx.SetEmail(ada, " Äda@Example.com "))
			tx.must(tx.SetExternalID(ada, "C-1"))
			tx.must(tx.AddVisitor(eve, "v1"))
			tx.must(tx.AddVisitor(eve, "v2"))
		}, func(l *looker) {
			l.same("another spelling", l.ByEmail("äDA@EXAMPLE.COM "), muster.ContactNo(1))
			l.same("external id", l.ByExternalID("C-1"), muster.ContactNo(1))
			l.same("external id in another case", l.ByExternalID("c-1"), muster.ContactNo(0))
			l.same("visitor id", l.ByVisitor("v2"), muster.ContactNo(2))
			l.same("nobody's visitor id", l.ByVisitor("v3"), muster.ContactNo(0))
			l.same("no email", l.ByEmail(""), muster.ContactNo(0))
			l.same("no external id", l.ByExternalID(""), muster.ContactNo(0))
			l.same("no visitor id", l.ByVisitor(""), muster.ContactNo(0))
			l.same("owner", l.Owner(1), store.Owner{No: 1, ID: id(1), ExternalID: "C-1", Email: "Äda@Example.com", CreatedAt: 1})
			l.same("owner with visitors", l.Owner(2), store.Owner{No: 2, ID: id(2), HasVisitor: true, CreatedAt: 1})
			l.same("unknown owner", l.Owner(3), store.Owner{})
			l.same("owner of number 0", l.Owner(0), store.Owner{})
			l.same("email as a field", l.Field(1, "email"), text("Äda@Example.com"))
			l.same("creation as a field", l.Field(2, "created_at"), muster.Value{Kind: muster.KindDatetime, Instant: 1})
		})
	}},
	{"a replaced identifier is free for somebody else", func(c *subject) {
		c.write(func(tx *writer) {
			tx.must(tx.SetEmail(tx.contact(1), "old@example.com"))
			tx.must(tx.SetExternalID(1, "old"))
		})
		c.always(func(tx *writer) {
			tx.must(tx.SetEmail(1, "new@example.com"))
			tx.must(tx.SetExternalID(1, "new"))
			tx.must(tx.SetEmail(tx.contact(2), "OLD@example.com"))
			tx.must(tx.SetExternalID(2, "old"))
		}, func(l *looker) {
			l.same("old email", l.ByEmail("old@example.com"), muster.ContactNo(2))
			l.same("new email", l.ByEmail("new@example.com"), muster.ContactNo(1))
			l.same("old external id", l.ByExternalID("old"), muster.ContactNo(2))
			l.same("new external id", l.ByExternalID("new"), muster.ContactNo(1))
		})
	}},
	{"an identifier that somebody owns is refused, before anything is written", func(c *subject) {
		c.write(func(tx *writer) {
			tx.must(tx.SetEmail(tx.contact(1), "ada@example.com"))
			tx.must(tx.SetExternalID(1, "x"))
			tx.must(tx.AddVisitor(1, "v"))
			tx.contact(2)
		})
		c.always(func(tx *writer) {
			c.code("email", tx.SetEmail(2, "ADA@example.com"), muster.CodeEmailTaken)
			c.code("external id", tx.SetExternalID(2, "x"), muster.CodeExternalTaken)
			c.code("visitor id", tx.AddVisitor(2, "v"), muster.CodeConflict)
			_, err := tx.CreateContact(id(1), 9)
			c.code("contact id", err, muster.CodeConflict)
		}, func(l *looker) {
			l.same("second contact", l.Owner(2), store.Owner{No: 2, ID: id(2), CreatedAt: 1})
			l.same("contacts", l.Contacts(), set(1, 2))
		})
	}},
	{"only parents can be written to", func(c *subject) {
		c.write(func(tx *writer) {
			tx.contact(1)
			tx.contact(2)
			tx.contact(3)
			tx.must(tx.Merge(1, 2))
			tx.must(tx.Erase(3))
			for _, no := range []muster.ContactNo{0, 2, 3, 4} {
				what := fmt.Sprintf("number %d", no)
				c.code(what+" email", tx.SetEmail(no, "x@example.com"), muster.CodeNotFound)
				c.code(what+" external id", tx.SetExternalID(no, "x"), muster.CodeNotFound)
				c.code(what+" visitor id", tx.AddVisitor(no, "x"), muster.CodeNotFound)
				c.code(what+" field", tx.SetField(no, "city", text("x")), muster.CodeNotFound)
				_, err := tx.Decide(no, muster.Decision{Kind: muster.OnAllMail, State: muster.Unsubscribed})
				c.code(what+" decision", err, muster.CodeNotFound)
				_, err = tx.AddActivity(no, muster.Activity{Type: "visit"})
				c.code(what+" activity", err, muster.CodeNotFound)
				c.code(what+" as parent", tx.Merge(no, 1), muster.CodeNotFound)
				c.code(what+" as merged", tx.Merge(1, no), muster.CodeNotFound)
				c.code(what+" erasure", tx.Erase(no), muster.CodeNotFound)
				_, err = tx.Contact(no)
				c.code(what+" reading", err, muster.CodeNotFound)
			}
		})
	}},
	{"a contact answers everything known, fields of every kind", func(c *subject) {
		fields := map[string]muster.Value{
			"city": text("Zürich"), "points": {Kind: muster.KindNumber, Number: -12_345_678}, "member": {Kind: muster.KindBoolean, Boolean: true},
			"former": {Kind: muster.KindBoolean}, "born": {Kind: muster.KindDate, Date: -3000}, "seen": {Kind: muster.KindDatetime, Instant: 0},
			"roles": {Kind: muster.KindChoices, Choices: []string{"a", "b"}},
		}
		c.always(func(tx *writer) {
			no := tx.contact(1)
			for code, v := range fields {
				tx.must(tx.SetField(no, code, v))
			}
			tx.must(tx.SetEmail(no, "ada@example.com"))
			tx.must(tx.AddVisitor(no, "v1"))
			tx.must(tx.AddVisitor(no, "v2"))
			tx.act(no, muster.Activity{Type: "visit", At: 50})
			tx.act(no, muster.Activity{Type: "order", At: 40})
		}, func(l *looker) {
			got, err := l.Contact(1)
			l.same("error", err, nil)
			l.same("contact", got, muster.Contact{
				ID: id(1), No: 1, Email: "ada@example.com", VisitorIDs: []string{"v1", "v2"}, Fields: fields, CreatedAt: 1, LastActivityAt: 50,
			})
			for code, v := range fields {
				l.same("field "+code, l.Field(1, code), v)
			}
			l.same("unknown field", l.Field(1, "nothing"), muster.Value{})
			l.same("last activity as a field", l.Field(1, "last_activity_at"), muster.Value{Kind: muster.KindDatetime, Instant: 50})
		})
	}},
	{"a missing value clears a field, and a value replaces it", func(c *subject) {
		c.write(func(tx *writer) {
			no := tx.contact(1)
			tx.must(tx.SetField(no, "city", text("Bern")))
			tx.must(tx.SetField(no, "name", text("Ada")))
			tx.must(tx.SetField(no, "kind", text("a text")))
		})
		c.always(func(tx *writer) {
			tx.must(tx.SetField(1, "city", muster.Value{}))
			tx.must(tx.SetField(1, "never", muster.Value{}))
			tx.must(tx.SetField(1, "name", text("Eve")))
			tx.must(tx.SetField(1, "kind", muster.Value{Kind: muster.KindNumber, Number: 5}))
		}, func(l *looker) {
			got, err := l.Contact(1)
			l.same("error", err, nil)
			l.same("fields", got.Fields, map[string]muster.Value{"name": text("Eve"), "kind": {Kind: muster.KindNumber, Number: 5}})
			l.same("cleared", l.Field(1, "city"), muster.Value{})
		})
	}},
	{"search finds folded names, emails, external ids and ids, in order and in pages", func(c *subject) {
		c.always(func(tx *writer) {
			for i := 1; i <= 4; i++ {
				tx.contact(i)
			}
			tx.must(tx.SetField(1, "first_name", text("Ada")))
			tx.must(tx.SetField(1, "last_name", text("Lovelace")))
			tx.must(tx.SetEmail(2, "LOVE@Example.com"))
			tx.must(tx.SetExternalID(3, "love-3"))
		}, func(l *looker) {
			for _, s := range []struct {
				text  string
				after muster.ContactNo
				limit int
				want  []muster.ContactNo
			}{
				{"", 0, 10, []muster.ContactNo{1, 2, 3, 4}},
				{"", 1, 2, []muster.ContactNo{2, 3}},
				{"LOVE", 0, 10, []muster.ContactNo{1, 2, 3}},
				{"love", 1, 1, []muster.ContactNo{2}},
				{"ada lovelace", 0, 10, []muster.ContactNo{1}},
				{id(4).String(), 0, 10, []muster.ContactNo{4}},
				{"nobody at all", 0, 10, nil},
			} {
				got, err := l.Search(s.text, nil, s.after, s.limit)
				l.same(fmt.Sprintf("search %q after %d", s.text, s.after), got, s.want)
				l.same("error", err, nil)
			}
			got, err := l.Search("love", set(2, 4), 0, 10)
			l.same("search within a set", got, []muster.ContactNo{2})
			l.same("error", err, nil)
		})
	}},
	{"values answers what was seen of a source and contains the folded text", func(c *subject) {
		c.always(func(tx *writer) {
			for i, city := range []string{"Bern", "Bern", "Zürich", "Basel"} {
				no := tx.contact(i + 1)
				tx.must(tx.SetField(no, "city", text(city)))
				tx.act(no, muster.Activity{Type: "visit", At: 1, Attributes: []muster.Attribute{attribute("page", "/"+city)}})
			}
		}, func(l *looker) {
			for _, s := range []struct {
				source, text string
				want         []string
			}{
				{"field:city", "B", []string{"Basel", "Bern"}}, {"field:city", "zü", []string{"Zürich"}}, {"field:nothing", "", nil},
				{"attribute:page", "", []string{"/Basel", "/Bern", "/Zürich"}}, {"attribute:nothing", "", nil},
			} {
				got, err := l.Values(s.source, s.text, 10)
				l.same(fmt.Sprintf("values of %s containing %q", s.source, s.text), sorted(got), s.want)
				l.same("error", err, nil)
			}
			got, err := l.Values("field:city", "", 2)
			l.same("number of values within the limit", len(got), 2)
			l.same("error", err, nil)
		})
	}},
}
