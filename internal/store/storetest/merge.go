package storetest

import (
	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// merges are the sentences about Merge.
var merges = []sentence{
	{"a merge makes everything of the merged contact the parent's", func(c *subject) {
		c.write(func(tx *writer) {
			tx.contact(1)
			tx.must(tx.SetEmail(1, "parent@example.com"))
			tx.must(tx.AddVisitor(1, "v1"))
			tx.must(tx.SetField(1, "city", text("Bern")))
			tx.decide(1, muster.Decision{Kind: muster.OnConsent, Code: "ads", State: muster.Agreed, At: 10})
			tx.decide(1, muster.Decision{Kind: muster.OnConsent, Code: "news", State: muster.Agreed, At: 10})
			tx.act(1, muster.Activity{Type: "visit", At: 5})
			tx.contact(2)
			tx.must(tx.SetEmail(2, "merged@example.com"))
			tx.must(tx.SetExternalID(2, "x-2"))
			tx.must(tx.AddVisitor(2, "v2"))
			tx.must(tx.SetField(2, "city", text("Basel")))
			tx.must(tx.SetField(2, "name", text("Ada")))
			tx.decide(2, muster.Decision{Kind: muster.OnConsent, Code: "ads", State: muster.Revoked, At: 10})
			tx.decide(2, muster.Decision{Kind: muster.OnConsent, Code: "news", State: muster.Revoked, At: 9})
			tx.act(2, muster.Activity{Type: "visit", At: 7, ID: "e"})
			tx.act(2, muster.Activity{Type: "visit", At: 3})
		})
		c.always(func(tx *writer) { tx.must(tx.Merge(1, 2)) }, func(l *looker) {
			l.same("contacts", l.Contacts(), set(1))
			got, err := l.Contact(1)
			l.same("error", err, nil)
			l.same("parent", got, muster.Contact{
				ID: id(1), No: 1, Email: "parent@example.com", ExternalID: "x-2", VisitorIDs: []string{"v1", "v2"},
				Fields: map[string]muster.Value{"city": text("Bern"), "name": text("Ada")},
				Decisions: []muster.Decision{
					{Kind: muster.OnConsent, Code: "ads", State: muster.Revoked, At: 10}, {Kind: muster.OnConsent, Code: "news", State: muster.Agreed, At: 10},
				},
				CreatedAt: 1, LastActivityAt: 7, MergedIDs: []muster.ContactID{id(2)},
			})
			l.same("owner of the visitor id", l.ByVisitor("v2"), muster.ContactNo(1))
			l.same("owner of the external id", l.ByExternalID("x-2"), muster.ContactNo(1))
			l.same("owner of the email it could not take", l.ByEmail("merged@example.com"), muster.ContactNo(0))
			l.same("owner of its own email", l.ByEmail("parent@example.com"), muster.ContactNo(1))
			l.same("has the merged one's activity", l.HasActivity(1, "visit", 7, "e"), true)
			var at []instant
			for _, a := range l.pages(store.ActivityQuery{Limit: 1}) {
				at = append(at, a.At)
			}
			l.same("activities of both", at, []instant{7, 5, 3})
			sets, err := l.Match([]store.Query{
				{Node: acted(3)}, {Node: acted(3), Of: set(1)}, {Node: &plan.Field{Code: "name", Pred: plan.Present{}}}, {Node: plan.Everyone{}},
			})
			l.same("error", err, nil)
			for _, found := range sets {
				l.same("matches", found, set(1))
			}
		})
	}},
	{"a merged id finds its parent, also after the parent is merged in turn", func(c *subject) {
		c.write(func(tx *writer) {
			for n := 1; n <= 4; n++ {
				tx.act(tx.contact(n), muster.Activity{Type: "visit", At: instant(n)})
			}
			tx.must(tx.Merge(3, 4))
			tx.must(tx.Merge(2, 3))
		})
		c.always(func(tx *writer) { tx.must(tx.Merge(1, 2)) }, func(l *looker) {
			for n := 1; n <= 4; n++ {
				no, err := l.ByID(id(n))
				l.same("found by id", no, muster.ContactNo(1))
				l.same("error", err, nil)
			}
			got, err := l.Contact(1)
			l.same("error", err, nil)
			l.same("merged ids", got.MergedIDs, []muster.ContactID{id(2), id(3), id(4)})
			_, err = l.Contact(3)
			l.code("a merged number", err, muster.CodeNotFound)
			sets, err := l.Match([]store.Query{{Node: acted(4)}})
			l.same("error", err, nil)
			l.same("all four activities are the parent's", sets[0], set(1))
		})
	}},
	{"of a merged contact the owner is number, id and creation; of an erased one nothing", func(c *subject) {
		c.always(func(tx *writer) {
			tx.contact(1)
			tx.must(tx.SetEmail(tx.contact(2), "a@example.com"))
			tx.must(tx.AddVisitor(2, "v"))
			tx.must(tx.SetEmail(tx.contact(3), "b@example.com"))
			tx.must(tx.Merge(1, 2))
			tx.must(tx.Erase(3))
		}, func(l *looker) {
			l.same("merged", l.Owner(2), store.Owner{No: 2, ID: id(2), CreatedAt: 1})
			l.same("erased", l.Owner(3), store.Owner{})
			parent := l.Owner(1)
			parent.HasVisitor = false // need not be told
			l.same("parent", parent, store.Owner{No: 1, ID: id(1), Email: "a@example.com", CreatedAt: 1})
		})
	}},
	{"whoever is no contact any more satisfies nothing, also when asked about by number", func(c *subject) {
		c.always(func(tx *writer) {
			for n := 1; n <= 3; n++ {
				tx.act(tx.contact(n), muster.Activity{Type: "visit", At: instant(n)})
			}
			tx.must(tx.Merge(1, 2))
			tx.must(tx.Erase(3))
		}, func(l *looker) {
			of := set(1, 2, 3, 4)
			sets, err := l.Match([]store.Query{
				{Node: acted(1), Of: of}, {Node: &plan.Not{Of: acted(3)}, Of: of}, {Node: plan.Everyone{}, Of: of},
				{Node: &plan.Any{Of: []plan.Node{acted(1), &plan.Not{Of: acted(1)}}}, Of: of},
			})
			l.same("error", err, nil)
			for _, found := range sets {
				l.same("matches", found, set(1))
			}
		})
	}},
	{"a merge does not touch membership", func(c *subject) {
		c.write(func(tx *writer) { tx.record(1, muster.CauseCondition, set(tx.contact(1), tx.contact(2)), nil) })
		c.always(func(tx *writer) { tx.must(tx.Merge(1, 2)) }, func(l *looker) { l.same("members", l.Members(1), set(1, 2)) })
		c.always(func(tx *writer) { tx.record(1, muster.CauseMerge, nil, set(2)) }, func(l *looker) { l.same("members", l.Members(1), set(1)) })
	}},
	{"a contact cannot be merged into itself", func(c *subject) {
		c.write(func(tx *writer) {
			if tx.Merge(tx.contact(1), 1) == nil {
				c.Error("it was")
			}
		})
	}},
}

// acted counts visits of any time.
func acted(n int) plan.Node {
	return &plan.Acted{
		Types: []string{"visit"}, From: muster.Beginning, To: muster.Forever, Measure: plan.Count,
		Compare: plan.Compare{Op: plan.AtLeast, A: muster.Decimal(n) * muster.DecimalOne},
	}
}
