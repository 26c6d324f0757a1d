package app

import (
	"context"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// DependentMove says how a group that refers to another one, directly or
// through others, would move along with it.
type DependentMove struct {
	Group   string `json:"group"`
	Name    string `json:"name"`
	Members uint64 `json:"members" doc:"How many members the group would have."`
	Enters  uint64 `json:"enters" doc:"How many contacts would enter it."`
	Leaves  uint64 `json:"leaves" doc:"How many contacts would leave it."`
}

// dependentMoves answers the groups that would move if a group had these
// members, in the order in which the movement reaches them. Each is computed on
// top of those before it, like in a recalculation.
func (a *App) dependentMoves(ctx context.Context, g *muster.Group, members *roaring.Bitmap, at muster.Instant) ([]DependentMove, error) {
	out := []DependentMove{}
	readers, err := a.readersOf(g.Code)
	if err != nil {
		return out, err
	}
	moved := map[muster.GroupNo]*roaring.Bitmap{g.No: members}
	codes := map[string]bool{g.Code: true}
	for _, code := range readers {
		checked, zone, err := a.roster.Checked(code, false)
		reader := a.roster.State().Groups[code]
		if err != nil || checked == nil || reader == nil {
			continue // it was deleted meanwhile
		}
		if !slices.ContainsFunc(referredCodes(checked), func(c string) bool { return codes[c] }) {
			continue // nothing that it reads moves
		}
		sets, err := a.store().Scan(ctx, []store.Query{{Node: a.roster.Lower(checked, zone, at), Members: maps.Clone(moved)}}, nil)
		if err != nil {
			return out, err
		}
		move := DependentMove{Group: code, Name: reader.Name, Members: sets[0].GetCardinality()}
		err = a.view(ctx, func(v store.View) error {
			now := v.Members(reader.No)
			both := now.AndCardinality(sets[0])
			move.Enters, move.Leaves = move.Members-both, now.GetCardinality()-both
			return nil
		})
		if err != nil {
			return out, err
		}
		if move.Enters+move.Leaves > 0 {
			moved[reader.No], codes[code] = sets[0], true
			out = append(out, move)
		}
	}
	return out, nil
}

// readersOf answers the codes of the groups whose active condition refers to a
// group, directly or through others, each after those of them it refers to.
func (a *App) readersOf(code string) ([]string, error) {
	readers := map[string][]string{}
	groups := a.roster.State().Groups
	for _, reader := range slices.Sorted(maps.Keys(groups)) {
		if groups[reader].Active == 0 {
			continue
		}
		checked, _, err := a.roster.Checked(reader, false)
		if err != nil {
			return nil, err
		}
		if checked == nil {
			continue
		}
		for _, read := range referredCodes(checked) {
			readers[read] = append(readers[read], reader)
		}
	}
	var out []string
	seen := map[string]bool{}
	var visit func(string)
	visit = func(read string) {
		seen[read] = true
		for _, reader := range readers[read] {
			if !seen[reader] {
				visit(reader)
			}
		}
		out = append(out, read)
	}
	visit(code)
	slices.Reverse(out)
	return out[1:], nil
}
