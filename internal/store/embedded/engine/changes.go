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
	if h := e.log.horizon; q.After < h.Seq {
		if !q.Latest {
			return nil, muster.Errorf(muster.CodeHistoryExpired, "change records up to number %d, before %s, are not kept any more", h.Seq, h.At)
		}
		q.After = h.Seq
	}
	switch {
	case q.After+1 >= q.Before:
		return nil, nil
	case q.Contact != 0:
		return e.changesOf(q), nil
	case q.Group != 0:
		return e.changesIn(q), nil
	case q.Latest:
		return e.changesBack(q), nil
	}
	return e.changesForth(q), nil
}

// found collects records up to a number of them.
type found struct {
	q    store.ChangeQuery
	log  *changeLog
	list []muster.Change
}

// take collects a run's records that are asked for, and answers whether more
// are wanted.
func (f *found) take(p *passage) bool {
	from, to := uint32(0), p.n // places
	if f.q.After >= p.first {
		from = uint32(min(f.q.After-p.first+1, muster.Seq(p.n)))
	}
	if f.q.Before <= p.end() {
		to = uint32(max(f.q.Before, p.first) - p.first)
	}
	for i := from; i < to && len(f.list) < f.q.Limit; i++ {
		place := i
		if f.q.Latest {
			place = to - 1 - (i - from)
		}
		f.list = append(f.list, f.log.change(p, place))
	}
	if f.q.Latest {
		return len(f.list) < f.q.Limit && p.first > f.q.After+1
	}
	return len(f.list) < f.q.Limit && p.end() < f.q.Before-1
}

// changesIn answers the records of one group.
func (e *Engine) changesIn(q store.ChangeQuery) []muster.Change {
	g := e.groups[q.Group]
	if g == nil {
		return nil
	}
	f := &found{q: q, log: &e.log}
	if q.Latest {
		e.log.back(g, q.Before, f.take)
	} else {
		e.log.forth(g, q.After, f.take)
	}
	return f.list
}

// changesForth answers the records of all groups in order.
func (e *Engine) changesForth(q store.ChangeQuery) []muster.Change {
	l := &e.log
	f := &found{q: q, log: l}
	if latest := l.unpacked(); q.After+1 < latest {
		f.list = e.packedChanges(q.After+1, min(q.Before, latest, q.After+1+muster.Seq(q.Limit)))
		if len(f.list) == q.Limit || q.Before <= latest {
			return f.list
		}
		f.q.After = latest - 1
	}
	i := l.firstRun + sort.Search(l.runs.n-l.firstRun, func(i int) bool { return l.runs.at(l.firstRun+i).end() > f.q.After })
	for p := (passage{}); i < l.runs.n; i++ {
		if l.read(i, &p); !f.take(&p) {
			break
		}
	}
	return f.list
}

// changesBack answers the records of all groups, latest first.
func (e *Engine) changesBack(q store.ChangeQuery) []muster.Change {
	l := &e.log
	f := &found{q: q, log: l}
	latest := l.unpacked()
	i := l.firstRun + sort.Search(l.runs.n-l.firstRun, func(i int) bool { return l.runs.at(l.firstRun+i).first >= q.Before }) - 1
	for p := (passage{}); i >= l.firstRun; i-- {
		if l.read(i, &p); !f.take(&p) {
			return f.list
		}
	}
	to := min(q.Before, latest)
	from := q.After + 1
	if wanted := muster.Seq(q.Limit - len(f.list)); from+wanted < to {
		from = to - wanted
	}
	if from < to {
		packed := e.packedChanges(from, to)
		slices.Reverse(packed)
		f.list = append(f.list, packed...)
	}
	return f.list
}

// unpacked answers the number of the first record in a run that is not packed.
func (l *changeLog) unpacked() muster.Seq {
	if l.firstRun == l.runs.n {
		return l.seq + 1
	}
	return l.runs.at(l.firstRun).first
}

// packedChanges answers the records from a number up to another, excluded: all
// are packed, each in a block of its group.
func (e *Engine) packedChanges(from, to muster.Seq) []muster.Change {
	list := make([]muster.Change, to-from)
	for _, g := range e.groups {
		e.log.forth(g, from-1, func(p *passage) bool {
			for place := uint32(max(from, p.first) - p.first); place < p.n && p.first+muster.Seq(place) < to; place++ {
				list[p.first+muster.Seq(place)-from] = e.log.change(p, place)
			}
			return p.end() < to-1
		})
	}
	return list
}

// changesOf answers the records of one contact.
func (e *Engine) changesOf(q store.ChangeQuery) []muster.Change {
	var list []muster.Change
	take := func(c muster.Change) {
		if c.Seq > q.After && c.Seq < q.Before && (q.Group == 0 || c.Group == q.Group) {
			list = append(list, c)
		}
	}
	e.log.ofContact(uint32(q.Contact), take)
	for _, s := range e.log.large {
		if s.first >= q.Before || s.end() <= q.After || (q.Group != 0 && s.group != q.Group) {
			continue
		}
		s.places(uint32(q.Contact), func(place uint32) { take(e.log.change(&passage{head: s.head, large: s}, place)) })
	}
	slices.SortFunc(list, func(a, b muster.Change) int {
		if (a.Seq < b.Seq) != q.Latest {
			return -1
		}
		return 1
	})
	return list[:min(len(list), q.Limit)]
}
