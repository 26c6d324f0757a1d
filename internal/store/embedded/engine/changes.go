package engine

import (
	"slices"
	"sort"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

const defaultChanges = 1000

// LastSeq is the last change record's number.
func (e *Engine) LastSeq() muster.Seq { return e.log.seq }

// Changes answers change records in the order of the query.
func (e *Engine) Changes(q store.ChangeQuery) ([]muster.Change, error) {
	if q.Limit <= 0 {
		q.Limit = defaultChanges
	}
	if q.Before == 0 || q.Before > e.log.seq+1 {
		q.Before = e.log.seq + 1
	}
	if q.Contact != 0 {
		return e.changesOf(q), nil
	}
	// Runs are in order of their numbers, in the log as in a group's list.
	runs, at := e.log.runs.n, func(i int) *run { return e.log.runs.at(i) }
	if q.Group != 0 {
		g := e.groups[q.Group]
		if g == nil {
			return nil, nil
		}
		runs, at = len(g.runs), func(i int) *run { return e.log.runs.at(int(g.runs[i])) }
	}
	var list []muster.Change
	if q.Latest {
		i := sort.Search(runs, func(i int) bool { return at(i).first >= q.Before }) - 1
		for ; i >= 0 && len(list) < q.Limit; i-- {
			r := at(i)
			for place := int64(r.n) - 1; place >= 0 && len(list) < q.Limit; place-- {
				seq := r.first + muster.Seq(place)
				if seq <= q.After {
					return list, nil
				}
				if seq < q.Before {
					list = append(list, e.log.change(r, uint32(place)))
				}
			}
		}
		return list, nil
	}
	i := sort.Search(runs, func(i int) bool { r := at(i); return r.first+muster.Seq(r.n) > q.After+1 })
	for ; i < runs && len(list) < q.Limit; i++ {
		r := at(i)
		from := uint32(0)
		if q.After >= r.first {
			from = uint32(q.After-r.first) + 1
		}
		for place := from; place < r.n && len(list) < q.Limit; place++ {
			if r.first+muster.Seq(place) >= q.Before {
				return list, nil
			}
			list = append(list, e.log.change(r, place))
		}
	}
	return list, nil
}

// changesOf answers the records of one contact.
func (e *Engine) changesOf(q store.ChangeQuery) []muster.Change {
	var list []muster.Change
	e.log.ofContact(uint32(q.Contact), func(c muster.Change) {
		if c.Seq > q.After && c.Seq < q.Before && (q.Group == 0 || c.Group == q.Group) {
			list = append(list, c)
		}
	})
	slices.SortFunc(list, func(a, b muster.Change) int {
		if (a.Seq < b.Seq) != q.Latest {
			return -1
		}
		return 1
	})
	return list[:min(len(list), q.Limit)]
}
