package engine

import (
	"slices"

	"github.com/muster-groups/muster"
)

// Forgotten answers the groups that were deleted, by number; their records stay.
func (e *Engine) Forgotten() (list []muster.GroupNo) {
	for no, g := range e.groups {
		if g.forgotten {
			list = append(list, no)
		}
	}
	slices.Sort(list)
	return list
}
