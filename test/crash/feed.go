package crash

import (
	"context"
	"fmt"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

// feed is a consumer of the change feed.
type feed struct {
	seen []client.Change // from number 1
}

// run follows the feed until a request fails.
func (f *feed) run(ctx context.Context, s *server) error {
	for {
		page, err := s.Changes(ctx, client.FeedQuery{After: muster.Seq(len(f.seen)), Wait: time.Second, Limit: 10_000})
		if err != nil {
			return err
		}
		f.seen = append(f.seen, page.Items...)
	}
}

// check reads the whole feed anew: it has no gap, begins with everything that
// was seen, and replays to the membership of every group.
func (f *feed) check(ctx context.Context, s *server) error {
	var all []client.Change
	for more := true; more; {
		page, err := s.Changes(ctx, client.FeedQuery{After: muster.Seq(len(all)), Limit: 10_000})
		if err != nil {
			return err
		}
		all = append(all, page.Items...)
		more = len(page.Items) > 0
	}
	members := map[string]map[muster.ContactID]bool{}
	for _, code := range codes() {
		members[code] = map[muster.ContactID]bool{}
	}
	for i, c := range all {
		if c.Seq != muster.Seq(i+1) {
			return fmt.Errorf("the feed has record %d after %d", c.Seq, i)
		}
		if i < len(f.seen) && !continues(f.seen[i], c) {
			return fmt.Errorf("record %d was seen as %+v, and is now %+v", c.Seq, f.seen[i], c)
		}
		if c.ContactID == nil {
			continue
		}
		if c.Cause.Kind == "erasure" {
			// It tells whom for a while; that they had entered is told no more.
			delete(members[c.Group], *c.ContactID)
			continue
		}
		entered := c.Direction == "entered"
		if entered == members[c.Group][*c.ContactID] {
			return fmt.Errorf("record %d says %s of somebody of whom it holds: %+v", c.Seq, c.Direction, c)
		}
		if entered {
			members[c.Group][*c.ContactID] = true
		} else {
			delete(members[c.Group], *c.ContactID)
		}
	}
	if len(f.seen) > len(all) {
		return fmt.Errorf("the feed ends at record %d, and %d were seen", len(all), len(f.seen))
	}
	f.seen = all
	return compareMembers(ctx, s, members)
}

// continues tells whether a record is what it was, or has lost its contact since.
func continues(before, now client.Change) bool {
	if now.ContactID == nil {
		before.ContactID = nil
	}
	if (before.ContactID == nil) != (now.ContactID == nil) || before.ContactID != nil && *before.ContactID != *now.ContactID {
		return false
	}
	before.ContactID, now.ContactID = nil, nil
	return before == now
}

// compareMembers compares the members of those groups that do not move by time
// alone with what the feed replays to. The others move while this looks; the
// oracle judges them.
func compareMembers(ctx context.Context, s *server, members map[string]map[muster.ContactID]bool) error {
	for _, code := range codes() {
		if code == "recent" || code == "both" {
			continue
		}
		found := 0
		for m, err := range client.All(func(cursor string) (client.Page[client.Member], error) {
			return s.Members(ctx, code, 0, cursor, 1000)
		}) {
			if err != nil {
				return err
			}
			found++
			if !members[code][m.ID] {
				return fmt.Errorf("contact %s is in group %s, but not by the feed", m.ID, code)
			}
		}
		if found != len(members[code]) {
			return fmt.Errorf("group %s has %d members, and %d by the feed", code, found, len(members[code]))
		}
	}
	return nil
}
