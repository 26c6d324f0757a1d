package storetest

import (
	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// decisions are the sentences about which decision stands.
var decisions = []sentence{
	{"without a decision a contact is undecided", func(c *subject) {
		c.always(func(tx *writer) { tx.contact(1) }, func(l *looker) {
			l.same("state", l.Decision(1, muster.OnConsent, "ads").State, muster.Undecided)
			l.same("state of nobody", l.Decision(7, muster.OnConsent, "ads").State, muster.Undecided)
		})
	}},
	{"the later decision stands, and at equal instants the stricter, in any order of arrival", func(c *subject) {
		agreed := muster.Decision{Kind: muster.OnConsent, Code: "ads", State: muster.Agreed, At: 10, Version: "2024"}
		revoked := muster.Decision{Kind: muster.OnConsent, Code: "ads", State: muster.Revoked, At: 10}
		later := muster.Decision{Kind: muster.OnConsent, Code: "ads", State: muster.Agreed, At: 11, Version: "2025"}
		receiving := muster.Decision{Kind: muster.OnList, Code: "news", State: muster.Receiving, At: 10}
		bounced := muster.Decision{Kind: muster.OnList, Code: "news", State: muster.Bounced, At: 10}
		unsubscribed := muster.Decision{Kind: muster.OnList, Code: "news", State: muster.Unsubscribed, At: 10}
		all := []struct {
			made   []muster.Decision
			stands []bool
			want   muster.Decision
		}{
			{[]muster.Decision{agreed, revoked}, []bool{true, true}, revoked},
			{[]muster.Decision{revoked, agreed}, []bool{true, false}, revoked},
			{[]muster.Decision{revoked, later, agreed}, []bool{true, true, false}, later},
			{[]muster.Decision{later, revoked}, []bool{true, false}, later},
			{[]muster.Decision{receiving, bounced, unsubscribed}, []bool{true, true, true}, unsubscribed},
			{[]muster.Decision{unsubscribed, bounced, receiving}, []bool{true, false, false}, unsubscribed},
			{[]muster.Decision{bounced, receiving}, []bool{true, false}, bounced},
		}
		c.always(func(tx *writer) {
			for i, s := range all {
				no := tx.contact(i + 1)
				for k, d := range s.made {
					c.same("stands", tx.decide(no, d), s.stands[k])
				}
			}
		}, func(l *looker) {
			for i, s := range all {
				no := muster.ContactNo(i + 1)
				l.same("standing decision", l.Decision(no, s.want.Kind, s.want.Code), s.want)
				got, err := l.Contact(no)
				l.same("error", err, nil)
				l.same("decisions of the contact", got.Decisions, []muster.Decision{s.want})
			}
		})
	}},
	{"decisions are kept apart by kind and code", func(c *subject) {
		made := []muster.Decision{
			{Kind: muster.OnConsent, Code: "a", State: muster.Agreed, At: 1},
			{Kind: muster.OnConsent, Code: "b", State: muster.Revoked, At: 2},
			{Kind: muster.OnList, Code: "a", State: muster.Bounced, At: 3},
			{Kind: muster.OnAllMail, State: muster.Unsubscribed, At: 4},
		}
		c.always(func(tx *writer) {
			tx.contact(1)
			for i := range made {
				tx.decide(1, made[len(made)-1-i])
			}
		}, func(l *looker) {
			got, err := l.Contact(1)
			l.same("error", err, nil)
			l.same("decisions by kind, then code", got.Decisions, made)
		})
	}},
	{"a decision that no longer stands matches nothing", func(c *subject) {
		c.always(func(tx *writer) {
			tx.contact(1)
			tx.decide(1, muster.Decision{Kind: muster.OnConsent, Code: "ads", State: muster.Agreed, At: 10})
			tx.decide(1, muster.Decision{Kind: muster.OnConsent, Code: "ads", State: muster.Revoked, At: 20})
		}, func(l *looker) {
			got, err := l.Match([]store.Query{
				{Node: &plan.Decided{Kind: muster.OnConsent, Code: "ads", State: muster.Agreed, From: muster.Beginning, To: muster.Forever}},
				{Node: &plan.Decided{Kind: muster.OnConsent, Code: "ads", State: muster.Revoked, From: 20, To: 21}},
				{Node: &plan.Decided{Kind: muster.OnConsent, Code: "ads", State: muster.Revoked, From: 0, To: 20}},
			})
			l.same("error", err, nil)
			l.same("agreed", got[0], set())
			l.same("revoked then", got[1], set(1))
			l.same("revoked earlier", got[2], set())
		})
	}},
}
