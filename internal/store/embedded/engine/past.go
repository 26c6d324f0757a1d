package engine

import (
	"slices"
	"sort"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

// mark is the membership of a group after a record. Marks are set often enough
// that an instant of the past is near one, and seldom enough that they are
// small beside the changes between them.
type mark struct {
	seq     muster.Seq
	members *roaring.Bitmap
}

const leastBetweenMarks = 16384

// forth calls visit with the group's runs that end after a number, in order,
// until visit answers false.
func (l *changeLog) forth(g *group, after muster.Seq, visit func(p *passage) bool) {
	var p passage
	i := sort.Search(len(g.blocks), func(i int) bool { return l.blocks.at(g.blocks[i]).last > after })
	for ; i < len(g.blocks); i++ {
		for u := l.blocks.at(g.blocks[i]).unpack(); u.read(&p); {
			if p.end() > after && !visit(&p) {
				return
			}
		}
	}
	i = sort.Search(len(g.runs), func(i int) bool { return l.runs.at(int(g.runs[i])).end() > after })
	for ; i < len(g.runs); i++ {
		l.read(int(g.runs[i]), &p)
		if !visit(&p) {
			return
		}
	}
}

// back calls visit with the group's runs that begin before a number, latest
// first, until visit answers false.
func (l *changeLog) back(g *group, before muster.Seq, visit func(p *passage) bool) {
	var p passage
	i := sort.Search(len(g.runs), func(i int) bool { return l.runs.at(int(g.runs[i])).first >= before }) - 1
	for ; i >= 0; i-- {
		l.read(int(g.runs[i]), &p)
		if !visit(&p) {
			return
		}
	}
	i = sort.Search(len(g.blocks), func(i int) bool { return l.blocks.at(g.blocks[i]).first >= before }) - 1
	for ; i >= 0; i-- {
		var all []passage
		p := passage{}
		for u := l.blocks.at(g.blocks[i]).unpack(); u.read(&p); p = (passage{}) {
			if p.first < before {
				all = append(all, p)
			}
		}
		for j := range slices.Backward(all) {
			if !visit(&all[j]) {
				return
			}
		}
	}
}

// first answers the number of the group's first record; there is one.
func (l *changeLog) first(g *group) muster.Seq {
	if len(g.blocks) > 0 {
		return l.blocks.at(g.blocks[0]).first
	}
	return l.runs.at(int(g.runs[0])).first
}

// until answers the number of the group's last record at or before an instant,
// 0 when there is none; and whether no record follows it.
func (l *changeLog) until(g *group, at muster.Instant) (seq muster.Seq, last bool) {
	if i := sort.Search(len(g.runs), func(i int) bool { return l.runs.at(int(g.runs[i])).at > at }); i > 0 {
		return l.runs.at(int(g.runs[i-1])).end(), i == len(g.runs)
	}
	i := sort.Search(len(g.blocks), func(i int) bool { return l.blocks.at(g.blocks[i]).from > at })
	if i == 0 {
		return 0, len(g.blocks) == 0 && len(g.runs) == 0
	}
	b := l.blocks.at(g.blocks[i-1])
	var p passage
	for u := b.unpack(); u.read(&p) && p.at <= at; {
		seq = p.end()
	}
	return seq, seq == b.last && i == len(g.blocks) && len(g.runs) == 0
}

// MembersAt is the membership after the last commit with T <= at. Contacts
// erased since are not in it.
func (e *Engine) MembersAt(no muster.GroupNo, at muster.Instant) (*roaring.Bitmap, error) {
	if h := e.log.horizon; at < h.At {
		return nil, muster.Errorf(muster.CodeHistoryExpired, "history before %s is not kept any more", h.At)
	}
	g := e.groups[no]
	if g == nil {
		return roaring.New(), nil
	}
	wanted, last := e.log.until(g, at)
	if last {
		return g.members.share(), nil
	}
	// Begin at the nearest membership known: the floor or empty beginning, a mark or now.
	near := mark{seq: e.log.first(g) - 1}
	if g.floor.members != nil {
		near = mark{g.floor.seq, g.floor.members}
	}
	wanted = max(wanted, g.floor.seq)
	closer := func(m mark) bool { return distance(m.seq, wanted) < distance(near.seq, wanted) }
	for _, m := range g.marks {
		if closer(m) {
			near = m
		}
	}
	if now := (mark{e.log.seq, g.members.set}); !g.forgotten && closer(now) {
		near = now
	}
	members := roaring.New()
	if near.members != nil {
		members = near.members.Clone()
	}
	if near.seq <= wanted {
		e.log.forth(g, near.seq, func(p *passage) bool {
			if p.first > wanted {
				return false
			}
			p.apply(members, false)
			return true
		})
		return members, nil
	}
	e.log.back(g, near.seq+1, func(p *passage) bool {
		if p.first <= wanted {
			return false
		}
		p.apply(members, true)
		return true
	})
	return members, nil
}

func distance(a, b muster.Seq) muster.Seq {
	if a < b {
		return b - a
	}
	return a - b
}
