package verify

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/oracle"
	"github.com/muster-groups/muster/internal/store"
)

// Supposition asks who would be in a group if some activities did not exist.
type Supposition struct {
	Group  Group
	Schema *muster.Schema
	At     muster.Instant
	Gone   func(muster.Activity) bool
	// In answers who would be in the groups that the condition refers to, by
	// code, of those where that is not the membership in force.
	In map[string]*roaring.Bitmap
	// Refers are the groups that the condition refers to, by code.
	Refers map[string]muster.GroupNo
}

// Suppose decides it for some contacts, naively: what plans cannot say, the
// oracle can. It is slow, and meant for questions that no membership depends on.
func Suppose(ctx context.Context, st store.Store, s Supposition, of *roaring.Bitmap) (*roaring.Bitmap, error) {
	in := roaring.New()
	for numbers := range slices.Chunk(of.ToArray(), chunk) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var people []*oracle.Person
		var nos []uint32
		err := st.View(ctx, func(v store.View) error {
			members := map[string]*roaring.Bitmap{}
			for code, no := range s.Refers {
				if members[code] = s.In[code]; members[code] == nil {
					members[code] = v.Members(no)
				}
			}
			contacts := v.Contacts()
			for _, no := range numbers {
				if !contacts.Contains(no) {
					continue
				}
				person, err := read(v, muster.ContactNo(no))
				if err != nil {
					return err
				}
				person.Activities = slices.DeleteFunc(person.Activities, s.Gone)
				person.Groups = map[string]bool{}
				for code, set := range members {
					person.Groups[code] = set.Contains(no)
				}
				people, nos = append(people, person), append(nos, no)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		for i, person := range people {
			if oracle.Matches(s.Group.Condition, person, s.At, s.Group.Zone, s.Schema) {
				in.Add(nos[i])
			}
		}
	}
	return in, nil
}
