package roster

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// recordByCause writes a group's difference, split by cause: for each contact
// the last thing in this commit that the group depends on. A referenced group
// moves after the items, the items come after time.
func (c *commit) recordByCause(f *follower, entered, left *roaring.Bitmap) error {
	rest := roaring.Or(entered, left)
	parts := map[muster.Cause]*roaring.Bitmap{}
	if f.byGroup != nil {
		if set := roaring.And(rest, f.byGroup); !set.IsEmpty() {
			parts[muster.Cause{Kind: muster.CauseGroup, Code: f.byGroupCode}] = set
			rest.AndNot(set)
		}
	}
	if len(c.touches) > 0 {
		byItems := roaring.And(rest, c.touchedContacts())
		for it := byItems.Iterator(); it.HasNext(); {
			no := muster.ContactNo(it.Next())
			cause, found, err := c.causeOf(f, no)
			if err != nil {
				return err
			}
			if !found {
				continue
			}
			if parts[cause] == nil {
				parts[cause] = roaring.New()
			}
			parts[cause].Add(uint32(no))
			rest.Remove(uint32(no))
		}
	}
	if !rest.IsEmpty() {
		parts[muster.Cause{Kind: muster.CauseTime}] = rest
	}
	causes := make([]muster.Cause, 0, len(parts))
	for cause := range parts {
		causes = append(causes, cause)
	}
	slices.SortFunc(causes, func(a, b muster.Cause) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Code, b.Code))
	})
	for _, cause := range causes {
		set := parts[cause]
		if err := c.record(f.group, cause, roaring.And(entered, set), roaring.And(left, set)); err != nil {
			return err
		}
	}
	return nil
}

// causeOf finds the last thing that happened to a contact which the follower depends on.
func (c *commit) causeOf(f *follower, no muster.ContactNo) (cause muster.Cause, found bool, err error) {
	list := c.touchesOf(no)
	for i := len(list) - 1; i >= 0; i-- {
		t := c.touches[list[i]]
		concerned := t.everywhere
		if !concerned && t.ordinal >= 0 {
			concerned, err = c.counts(f, t.ordinal)
			if err != nil {
				return muster.Cause{}, false, err
			}
		}
		if !concerned && t.ordinal < 0 {
			concerned = f.dependsOn(t.cause)
		}
		if concerned {
			return t.cause, true, nil
		}
	}
	return muster.Cause{}, false, nil
}

// counts reports whether one of the follower's leaves can count an activity.
func (c *commit) counts(f *follower, ordinal int32) (bool, error) {
	for _, dep := range f.program.deps.Activities {
		if !dep.Holds(c.activities[ordinal]) {
			continue
		}
		set, err := c.tx.Noticed(dep.Leaf, []int32{ordinal})
		if err != nil {
			return false, err
		}
		if !set.IsEmpty() {
			return true, nil
		}
	}
	return false, nil
}

// dependsOn reports whether the follower reads what a cause other than an
// activity changed. A new contact (identity) concerns it when a blank contact may match.
func (f *follower) dependsOn(cause muster.Cause) bool {
	deps := &f.program.deps
	switch cause.Kind {
	case muster.CauseField:
		return slices.Contains(deps.Fields, cause.Code)
	case muster.CauseConsent:
		return slices.Contains(deps.Consents, cause.Code)
	case muster.CauseList:
		if cause.Code == "" {
			return deps.AllMail
		}
		return slices.Contains(deps.Lists, cause.Code)
	case muster.CauseIdentity:
		return f.program.blank || deps.Identified || deps.Sample || slices.Contains(deps.Fields, "email") || slices.Contains(deps.Fields, "created_at")
	case muster.CauseRetention:
		return slices.ContainsFunc(deps.Activities, func(d plan.ActivityDep) bool {
			return d.Types == nil || slices.Contains(d.Types, cause.Code)
		})
	}
	return false
}

func (c *commit) touchesOf(no muster.ContactNo) []int {
	if c.byContact == nil {
		c.byContact = make(map[muster.ContactNo][]int, len(c.touches))
		for i, t := range c.touches {
			c.byContact[t.contact] = append(c.byContact[t.contact], i)
		}
	}
	return c.byContact[no]
}

func (c *commit) touchedContacts() *roaring.Bitmap {
	if c.toucheds == nil {
		c.toucheds = roaring.New()
		for _, t := range c.touches {
			c.toucheds.Add(uint32(t.contact))
		}
	}
	return c.toucheds
}
