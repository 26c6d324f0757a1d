package engine

import (
	"math"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// CountChanges counts a group's records by kind of cause. Runs are counted by
// what is known of all their changes; only packed ones have to be read.
func (e *Engine) CountChanges(no muster.GroupNo, from muster.Instant, limit int) (store.ChangeCounts, error) {
	l := &e.log
	counts := store.ChangeCounts{From: max(from, l.horizon.At), Kinds: map[muster.CauseKind]store.ChangeCount{}}
	g := e.groups[no]
	if g == nil {
		return counts, nil
	}
	earliest := muster.Forever // of what was counted
	var kinds [math.MaxUint8 + 1]store.ChangeCount
	count := func(h *head) {
		if h.at >= counts.From {
			sum := &kinds[l.causes[h.cause].Kind]
			sum.Entered += uint64(h.n - h.left)
			sum.Left += uint64(h.left)
			earliest = min(earliest, h.at)
		}
	}
	defer func() {
		for kind, n := range kinds {
			counts.Add(muster.CauseKind(kind), n)
		}
	}()
	for _, index := range slices.Backward(g.runs) {
		r := l.runs.at(int(index))
		if r.at < counts.From {
			return counts, nil
		}
		count(&r.head)
	}
	for _, number := range slices.Backward(g.blocks) {
		if limit <= 0 && earliest != muster.Forever {
			counts.From = earliest // what is left of this instant belongs to it
		}
		b := l.blocks.at(number)
		if b.large != nil {
			count(&b.large.head)
		} else {
			limit -= int(b.n)
			var h head
			for u := b.unpack(); u.readHead(&h); u.skipContacts(&h) {
				count(&h)
			}
		}
		if b.from < counts.From {
			break
		}
	}
	return counts, nil
}
