package property_test

import (
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

// past is what the test remembers: who was in which group after each instant,
// and the membership that the change records add up to.
type past struct {
	ticks   []muster.Instant
	members map[muster.Instant]map[muster.GroupNo]*roaring.Bitmap
	numbers map[muster.ContactID]muster.ContactNo // of everybody seen and not erased

	last     muster.Seq
	replayed map[muster.GroupNo]map[muster.ContactNo]muster.Instant // since when
}

func newPast() past {
	return past{
		members:  map[muster.Instant]map[muster.GroupNo]*roaring.Bitmap{},
		numbers:  map[muster.ContactID]muster.ContactNo{},
		replayed: map[muster.GroupNo]map[muster.ContactNo]muster.Instant{},
	}
}

// follow reads the change records since the last call and takes them over.
func (p *past) follow(st store.Store) error {
	return st.View(ctx, func(v store.View) error {
		p.forget(v)
		for {
			page, err := v.Changes(store.ChangeQuery{After: p.last, Limit: 500})
			if err != nil {
				return err
			}
			for _, c := range page {
				if c.Seq != p.last+1 {
					return fmt.Errorf("after change record %d comes %d", p.last, c.Seq)
				}
				p.last = c.Seq
				if err := p.take(c); err != nil {
					return err
				}
			}
			if len(page) < 500 {
				break
			}
		}
		if v.LastSeq() != p.last {
			return fmt.Errorf("the last record is %d, the feed ends with %d", v.LastSeq(), p.last)
		}
		return nil
	})
}

func (p *past) take(c muster.Change) error {
	if c.Contact == 0 {
		return nil // erased since
	}
	group := p.replayed[c.Group]
	if group == nil {
		group = map[muster.ContactNo]muster.Instant{}
		p.replayed[c.Group] = group
	}
	if _, in := group[c.Contact]; in == c.Entered {
		return fmt.Errorf("record %+v, and yet the contact was in: %v", c, in)
	}
	if c.Entered {
		group[c.Contact] = c.At
	} else {
		delete(group, c.Contact)
	}
	return nil
}

// forget takes out those who have been erased since.
func (p *past) forget(v store.View) {
	for id, no := range p.numbers {
		if _, err := v.ByID(id); muster.CodeOf(err) != muster.CodeGone || err == nil {
			continue
		}
		delete(p.numbers, id)
		for _, groups := range p.members {
			for _, set := range groups {
				set.Remove(uint32(no))
			}
		}
		for _, group := range p.replayed {
			delete(group, no)
		}
	}
}

// remember keeps who is in which group now, and compares it with the records.
func (p *past) remember(st store.Store, state *roster.State) error {
	return st.View(ctx, func(v store.View) error {
		for it := v.Contacts().Iterator(); it.HasNext(); {
			no := muster.ContactNo(it.Next())
			p.numbers[v.Owner(no).ID] = no
		}
		now := map[muster.GroupNo]*roaring.Bitmap{}
		for code, g := range state.Groups {
			now[g.No] = v.Members(g.No).Clone()
			replayed := roaring.New()
			for no := range p.replayed[g.No] {
				replayed.Add(uint32(no))
			}
			if !replayed.Equals(now[g.No]) {
				return fmt.Errorf("group %s has the members %v, its change records add up to %v", code, now[g.No], replayed)
			}
		}
		if n := len(p.ticks); n == 0 || p.ticks[n-1] != v.Tick() {
			p.ticks = append(p.ticks, v.Tick())
		}
		p.members[v.Tick()] = now
		return nil
	})
}

// compare asks who was in a group after some past instants.
func (p *past) compare(st store.Store, g *muster.Group, step int) error {
	for _, place := range []int{step * 7 % len(p.ticks), step * 13 % len(p.ticks), len(p.ticks) - 1} {
		at := p.ticks[place]
		want := p.members[at][g.No]
		if want == nil {
			want = roaring.New()
		}
		err := st.View(ctx, func(v store.View) error {
			got, err := v.MembersAt(g.No, at)
			if at < v.Horizon().At {
				if muster.CodeOf(err) != muster.CodeHistoryExpired {
					return fmt.Errorf("group %s at %s, before the horizon %s: got %v and %v, want history_expired", g.Code, at, v.Horizon().At, got, err)
				}
				return nil
			}
			if err == nil && !got.Equals(want) {
				err = fmt.Errorf("group %s had the members %v at %s, it is remembered as %v", g.Code, want, at, got)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// compareMemberships asks for a contact's groups and since when it is in them.
func (p *past) compareMemberships(st store.Store, no muster.ContactNo) error {
	return st.View(ctx, func(v store.View) error {
		list, err := v.Memberships(no)
		if err != nil {
			return err
		}
		for _, m := range list {
			if since, in := p.replayed[m.Group][no]; !in || since != m.Since {
				return fmt.Errorf("contact %d is said to be in group %d since %s, by the records since %s (%v)", no, m.Group, m.Since, since, in)
			}
		}
		for group, members := range p.replayed {
			if _, in := members[no]; in && !slices.ContainsFunc(list, func(m store.Membership) bool { return m.Group == group }) {
				return fmt.Errorf("contact %d is in group %d by the records, but not by its memberships", no, group)
			}
		}
		return nil
	})
}
