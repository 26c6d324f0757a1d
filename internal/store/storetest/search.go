package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

// searches are the sentences about finding contacts by a text.
var searches = []sentence{
	{"a search finds whom looking at each one finds, within any set and from any page to the next", func(c *subject) {
		draw := rand.New(rand.NewPCG(11, 11))
		pick := func(from ...string) string { return from[draw.IntN(len(from))] }
		type person struct {
			no                          muster.ContactNo
			first, last, email, outside string
		}
		var everybody []*person
		c.write(func(tx *writer) {
			for n := 1; n <= 400; n++ {
				p := &person{no: tx.contact(n), first: pick("", "Ana", "Ana Lu", "LUANA", "Ré"), last: pick("", "Lund", "Na Lu", "da Una", "unal")}
				for code, value := range map[string]string{"first_name": p.first, "last_name": p.last, "city": "Luna"} {
					if value != "" {
						tx.must(tx.SetField(p.no, code, text(value)))
					}
				}
				if draw.IntN(2) == 0 {
					p.email = fmt.Sprintf("%s-%d@Example.com", pick("ana", "lu", "nal"), n)
					tx.must(tx.SetEmail(p.no, p.email))
				}
				if draw.IntN(2) == 0 {
					p.outside = fmt.Sprintf("%s_%d%%", pick("LU", "una"), n)
					tx.must(tx.SetExternalID(p.no, p.outside))
				}
				everybody = append(everybody, p)
			}
		})
		c.write(func(tx *writer) {
			tx.must(tx.Erase(7))
			tx.must(tx.Merge(9, 12))
		})
		gone := set(7, 9, 12) // and who has what of a merge is told elsewhere
		c.still(func(l *looker) {
			for range 150 {
				sought := pick("lu", "ana", "na lu", "a l", "u una", "é l", "example", "-1", "_2", "3%", "nobody", "ana lu", "")
				within := roaring.New()
				for range draw.IntN(600) {
					within.Add(uint32(1 + draw.IntN(len(everybody))))
				}
				within.AndNot(gone)
				after, limit := muster.ContactNo(draw.IntN(300)), 1+draw.IntN(60)
				var want []muster.ContactNo
				for _, p := range everybody {
					in := func(s string) bool { return strings.Contains(strings.ToLower(s), sought) }
					both := ""
					if p.first != "" && p.last != "" {
						both = p.first + " " + p.last
					}
					if p.no > after && within.Contains(uint32(p.no)) && len(want) < limit && slices.ContainsFunc([]string{p.first, p.last, p.email, p.outside, both}, in) {
						want = append(want, p.no)
					}
				}
				got, err := l.Search(sought, within, after, limit)
				l.same("error", err, nil)
				l.same(fmt.Sprintf("search %q after %d, %d at most", sought, after, limit), got, want)
			}
		})
	}},
}
