package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

const day = 86_400

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}

// activities are the sentences about a contact's activities.
var activities = []sentence{
	{"ordinals count from 0 in each transaction", func(c *subject) {
		for range 2 {
			c.write(func(tx *writer) {
				no := tx.contact(int(c.now))
				for want := range 3 {
					c.same("ordinal", tx.act(no, muster.Activity{Type: "visit", At: 1}), want)
				}
			})
		}
	}},
	{"a sender's id is remembered for 24 h after it arrived, from whomever", func(c *subject) {
		c.now = 100 * day
		c.write(func(tx *writer) {
			tx.act(tx.contact(1), muster.Activity{Type: "visit", At: 5, ID: "e-1"})
			tx.act(1, muster.Activity{Type: "visit", At: 6})
		})
		arrived := c.now
		c.still(func(l *looker) {
			l.same("at once", l.RememberedID("e-1", arrived), true)
			l.same("a second before a day has passed", l.RememberedID("e-1", arrived+day-1), true)
			l.same("after a day", l.RememberedID("e-1", arrived+day), false)
			l.same("another id", l.RememberedID("e-2", arrived), false)
			l.same("no id", l.RememberedID("", arrived), false)
		})
		c.now += 23 * 3600
		c.write(func(tx *writer) { tx.act(1, muster.Activity{Type: "visit", At: 7, ID: "e-2"}) })
		c.still(func(l *looker) {
			l.same("the first after 23 hours", l.RememberedID("e-1", c.now), true)
			l.same("the second", l.RememberedID("e-2", c.now), true)
		})
		c.now += 10 * 3600
		c.write(func(tx *writer) { tx.act(1, muster.Activity{Type: "visit", At: 7, ID: "e-3"}) })
		c.still(func(l *looker) {
			l.same("the first after 33 hours", l.RememberedID("e-1", c.now), false)
			l.same("the second after 10 hours", l.RememberedID("e-2", c.now), true)
		})
	}},
	{"an activity is recognised by contact, type, instant and id at any age", func(c *subject) {
		c.write(func(tx *writer) {
			tx.act(tx.contact(1), muster.Activity{Type: "visit", At: 5, ID: "e-1"})
			tx.act(1, muster.Activity{Type: "visit", At: 5, ID: "e-2"})
			tx.act(1, muster.Activity{Type: "order", At: 9})
			tx.contact(2)
		})
		c.now += 1000 * day
		c.write(func(tx *writer) { tx.contact(3) })
		c.still(func(l *looker) {
			for _, s := range []struct {
				no   muster.ContactNo
				kind string
				at   instant
				id   string
				want bool
			}{
				{1, "visit", 5, "e-1", true}, {1, "visit", 5, "e-2", true}, {1, "order", 9, "", true},
				{1, "visit", 6, "e-1", false}, {1, "order", 5, "e-1", false}, {2, "visit", 5, "e-1", false}, {1, "visit", 5, "", false},
				{1, "visit", 5, "e-3", false}, {1, "never", 5, "e-1", false},
			} {
				l.same(fmt.Sprintf("has %+v", s), l.HasActivity(s.no, s.kind, s.at, s.id), s.want)
			}
		})
	}},
	{"activities come latest first, by time and then by arrival, whole and in pages", func(c *subject) {
		random := rand.New(rand.NewPCG(1, 2))
		var want []muster.StoredActivity
		for range 5 {
			c.write(func(tx *writer) {
				if c.now == 1 {
					tx.contact(1)
					tx.contact(2)
				}
				for range 40 {
					a := muster.Activity{Type: fmt.Sprint("t", random.IntN(3)), At: instant(random.IntN(20) - 5), Channel: fmt.Sprint("c", random.IntN(2))}
					a.Attributes = []muster.Attribute{
						attribute("page", fmt.Sprint(random.IntN(4))), {Name: "size", Value: muster.Scalar{Kind: muster.KindNumber, Text: "1.5"}},
					}
					tx.act(1, a)
					want = append(want, muster.StoredActivity{Activity: a, Contact: 1})
					tx.act(2, muster.Activity{Type: "t1", At: 3})
				}
			})
		}
		slices.Reverse(want)
		slices.SortStableFunc(want, func(a, b muster.StoredActivity) int { return int(b.At - a.At) })
		leaf := &plan.Acted{
			Types: []string{"t0", "t2"}, Channels: []string{"c1"}, From: -2, To: 9,
			Where: []plan.Filter{{Attribute: "page", Pred: plan.Text{Op: plan.TextIs, Values: []string{"1", "2"}}}},
		}
		fits := func(a muster.StoredActivity) bool {
			return a.Type != "t1" && a.Channel == "c1" && a.At >= -2 && a.At < 9 && slices.Contains([]string{"1", "2"}, a.Attributes[0].Value.Text)
		}
		c.still(func(l *looker) {
			l.same("all", l.pages(store.ActivityQuery{Limit: 1000}), want)
			l.same("in pages of 7", l.pages(store.ActivityQuery{Limit: 7}), want)
			l.same("in pages of the usual size", l.pages(store.ActivityQuery{}), want)
			l.same("those that a leaf counts", l.pages(store.ActivityQuery{Leaf: leaf, Limit: 3}), keep(want, fits))
			_, err := l.Activities(9, store.ActivityQuery{})
			l.code("of nobody", err, muster.CodeNotFound)
		})
	}},
	{"noticed answers whose new activities a leaf could count", func(c *subject) {
		c.write(func(tx *writer) {
			tx.act(tx.contact(1), muster.Activity{Type: "visit", At: 5}) // not of the next transaction
		})
		c.write(func(tx *writer) {
			for n := 2; n <= 5; n++ {
				tx.contact(n)
			}
			ordinals := []int32{
				int32(tx.act(2, muster.Activity{Type: "visit", At: 5, Channel: "web", Attributes: []muster.Attribute{attribute("page", "/A")}})),
				int32(tx.act(3, muster.Activity{Type: "visit", At: 50, Channel: "web", Attributes: []muster.Attribute{attribute("page", "/a")}})),
				int32(tx.act(4, muster.Activity{Type: "visit", At: 5, Attributes: []muster.Attribute{attribute("page", "/b")}})),
				int32(tx.act(5, muster.Activity{Type: "order", At: 6, Channel: "web", Attributes: []muster.Attribute{attribute("item", "x")}})),
			}
			page := []plan.Filter{{Attribute: "page", Pred: plan.Text{Op: plan.TextIs, Values: []string{"/a"}}}}
			for _, s := range []struct {
				what     string
				leaf     plan.Node
				ordinals []int32
				want     []muster.ContactNo
			}{
				{"a type", &plan.Acted{Types: []string{"visit"}, From: 0, To: 100}, ordinals, []muster.ContactNo{2, 3, 4}},
				{"some of the ordinals", &plan.Acted{Types: []string{"visit"}, From: 0, To: 100}, ordinals[1:], []muster.ContactNo{3, 4}},
				{"a window", &plan.Acted{From: 0, To: 10}, ordinals, []muster.ContactNo{2, 4, 5}},
				{"a channel", &plan.Acted{Channels: []string{"web"}, From: 0, To: 100}, ordinals, []muster.ContactNo{2, 3, 5}},
				{"a filter", &plan.Acted{Types: []string{"visit"}, Where: page, From: 0, To: 100}, ordinals, []muster.ContactNo{2, 3}},
				{"any step", &plan.Sequence{Steps: []plan.Step{{Types: []string{"visit"}, Where: page}, {Types: []string{"order"}}}, From: 0, To: 10}, ordinals, []muster.ContactNo{2, 5}},
				{"a list", &plan.Latest{Add: []string{"order"}, Remove: []string{"drop"}, Key: "item", AtLeast: 1}, ordinals, []muster.ContactNo{5}},
				{"an unknown type", &plan.Acted{Types: []string{"never"}, From: 0, To: 100}, ordinals, nil},
			} {
				got, err := tx.Noticed(s.leaf, s.ordinals)
				tx.must(err)
				c.same("noticed by "+s.what, got, set(s.want...))
			}
		})
	}},
}

// pages reads all activities of the first contact in pages. The sender's id
// and the numbers of rows are the store's own affair.
func (l *looker) pages(q store.ActivityQuery) []muster.StoredActivity {
	var all []muster.StoredActivity
	for {
		page, err := l.Activities(1, q)
		if err != nil {
			l.Fatalf("activities: %v", err)
		}
		if len(page) == 0 {
			break
		}
		last := page[len(page)-1]
		q.BeforeAt, q.BeforeRow = last.At, last.Row
		all = append(all, page...)
	}
	for i := range all {
		if i > 0 && all[i].At == all[i-1].At && all[i].Row >= all[i-1].Row {
			l.Errorf("%s: row %d comes after row %d at the same instant", l.when, all[i].Row, all[i-1].Row)
		}
	}
	for i := range all {
		all[i].Row, all[i].ID = 0, ""
	}
	return all
}

func keep[T any](list []T, wanted func(T) bool) []T {
	var kept []T
	for _, v := range list {
		if wanted(v) {
			kept = append(kept, v)
		}
	}
	return kept
}
