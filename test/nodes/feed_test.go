package nodes_test

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

// checkFeed reads the whole feed: no number is missing or comes twice, and it
// adds up to the membership.
func checkFeed(ctx context.Context, r *roster.Roster) error {
	groups := r.State().Groups
	return r.Store().View(ctx, func(v store.View) error {
		sets := map[muster.GroupNo]*roaring.Bitmap{}
		var last muster.Seq
		for last < v.LastSeq() {
			page, err := v.Changes(store.ChangeQuery{After: last, Limit: 1000})
			if err != nil {
				return err
			}
			if len(page) == 0 {
				return fmt.Errorf("the feed ends at %d, the last record is %d", last, v.LastSeq())
			}
			for _, change := range page {
				if change.Seq != last+1 {
					return fmt.Errorf("after record %d comes %d", last, change.Seq)
				}
				last = change.Seq
				if sets[change.Group] == nil {
					sets[change.Group] = roaring.New()
				}
				no, set := uint32(change.Contact), sets[change.Group]
				switch {
				case no == 0: // erased since
				case change.Entered && !set.CheckedAdd(no), !change.Entered && !set.CheckedRemove(no):
					return fmt.Errorf("record %+v changes nothing", change)
				}
			}
		}
		for code, g := range groups {
			set, members := sets[g.No], v.Members(g.No)
			if set != nil && !set.Equals(members) {
				return fmt.Errorf("group %s has the members %v, its records add up to %v; they differ in %v", code, members, set, roaring.Xor(members, set))
			}
		}
		return nil
	})
}

// reader follows the feed while others write to it: whatever it has read, no
// record may come up behind it.
type reader struct {
	node *node
	last muster.Seq
}

// follow reads what there is.
func (f *reader) follow() error {
	_, err := f.node.act(func(r *roster.Roster) error {
		return r.Store().View(f.node.c.ctx, func(v store.View) error {
			page, err := v.Changes(store.ChangeQuery{After: f.last, Limit: 1000})
			for _, change := range page {
				if change.Seq != f.last+1 {
					return fmt.Errorf("after record %d the feed shows %d", f.last, change.Seq)
				}
				f.last = change.Seq
			}
			return err
		})
	})
	return err
}
