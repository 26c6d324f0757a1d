package app

import (
	"cmp"
	"context"
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// maxOverlap bounds the groups of an overlap: their intersections double with
// each one.
const maxOverlap = 10

// Overlap is how the members of some groups overlap, exactly, in one state.
type Overlap struct {
	Groups        []OverlapGroup `json:"groups" nullable:"false" doc:"The groups in the order asked for."`
	Intersections []Intersection `json:"intersections" nullable:"false" doc:"Every combination of one group or more, the smaller combinations first."`
	Union         uint64         `json:"union" doc:"How many contacts are in at least one of the groups."`
	Contacts      uint64         `json:"contacts" doc:"How many contacts there are in all."`
	AsOf          muster.Instant `json:"as_of"`
}

// OverlapGroup is one of the groups compared.
type OverlapGroup struct {
	Code    string             `json:"code"`
	Name    string             `json:"name"`
	Members uint64             `json:"members"`
	Status  muster.GroupStatus `json:"status" enum:"never_calculated,condition_changed,recalculating,up_to_date,failed"`
}

// Intersection is the size of one combination of groups.
type Intersection struct {
	Groups []string `json:"groups" nullable:"false" doc:"The codes of the groups in question."`
	Count  uint64   `json:"count" doc:"How many contacts are in all of these groups, whatever else they are in."`
	Only   uint64   `json:"only" doc:"How many contacts are in all of these and in no other of the groups compared."`
}

// Overlap compares the members of 2 to 10 groups.
func (a *App) Overlap(ctx context.Context, codes []string) (Overlap, error) {
	if len(codes) < 2 || len(codes) > maxOverlap {
		return Overlap{}, invalidAt("/groups", problemRange, "expected 2 to "+itoa(maxOverlap)+" groups, found "+itoa(len(codes)))
	}
	out := Overlap{}
	groups, err := a.namedGroups("/groups", codes)
	if err != nil {
		return out, err
	}
	members := make([]*roaring.Bitmap, len(groups))
	err = a.view(ctx, func(v store.View) error {
		for i, g := range groups {
			members[i] = v.Members(g.No)
		}
		out.Contacts, out.AsOf = v.Contacts().GetCardinality(), v.Tick()
		return nil
	})
	if err != nil {
		return out, err
	}
	for i, g := range groups {
		status, _ := a.roster.Status(g.Code)
		out.Groups = append(out.Groups, OverlapGroup{Code: g.Code, Name: g.Name, Members: members[i].GetCardinality(), Status: status})
	}
	out.Intersections = intersections(codes, members)
	for _, x := range out.Intersections {
		out.Union += x.Only
	}
	return out, nil
}

// namedGroups answers the groups of a list of codes, each named once; at is
// where the list stands in the input.
func (a *App) namedGroups(at string, codes []string) ([]*muster.Group, error) {
	var problems []muster.Problem
	groups := make([]*muster.Group, 0, len(codes))
	known := a.roster.State().Groups
	for i, code := range codes {
		g := known[code]
		switch {
		case g == nil:
			problems = append(problems, muster.Problem{Location: at + "/" + itoa(i), Code: problemUnknownRef, Message: "there is no group " + quoted(code)})
		case slices.Contains(codes[:i], code):
			problems = append(problems, muster.Problem{Location: at + "/" + itoa(i), Code: problemDuplicate, Message: "expected each group once, found " + quoted(code) + " again"})
		}
		groups = append(groups, g)
	}
	if len(problems) > 0 {
		return nil, invalid(problems)
	}
	return groups, nil
}

// intersections sizes every combination. The contacts are divided group by
// group into those inside and outside, so each is looked at once per group;
// who is in all of some groups is then the sum over the combinations that have them.
func intersections(codes []string, members []*roaring.Bitmap) []Intersection {
	only := make([]uint64, 1<<len(members))
	var divide func(i int, mask uint, within *roaring.Bitmap)
	divide = func(i int, mask uint, within *roaring.Bitmap) {
		if within.IsEmpty() {
			return
		}
		if i == len(members) {
			only[mask] = within.GetCardinality()
			return
		}
		divide(i+1, mask|1<<i, roaring.And(within, members[i]))
		divide(i+1, mask, roaring.AndNot(within, members[i]))
	}
	divide(0, 0, roaring.FastOr(members...))
	all := slices.Clone(only)
	for i := range members {
		for mask := range all {
			if mask&(1<<i) == 0 {
				all[mask] += all[mask|1<<i]
			}
		}
	}
	out := make([]Intersection, 0, len(only)-1)
	masks := make([]uint, 0, len(only)-1)
	for mask := uint(1); mask < uint(len(only)); mask++ {
		masks = append(masks, mask)
	}
	slices.SortStableFunc(masks, func(a, b uint) int {
		// Among combinations of one size, those of the groups named first.
		return cmp.Or(cmp.Compare(bits.OnesCount(a), bits.OnesCount(b)), cmp.Compare(bits.Reverse(b), bits.Reverse(a)))
	})
	for _, mask := range masks {
		x := Intersection{Count: all[mask], Only: only[mask]}
		for i, code := range codes {
			if mask&(1<<i) != 0 {
				x.Groups = append(x.Groups, code)
			}
		}
		out = append(out, x)
	}
	return out
}
