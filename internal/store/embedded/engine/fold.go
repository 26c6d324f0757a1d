package engine

import (
	"maps"
	"slices"
	"sort"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// floor is the membership of a group as of a record before the horizon, from
// which on its runs are kept, and since when each member was one, in order of
// number. A forgotten group's does not know since when.
type floor struct {
	seq     muster.Seq
	members *roaring.Bitmap // nil for nobody
	since   []muster.Instant
	fresh   bool // the file does not have it yet
}

// foldAtOnce is about how many changes one step folds.
const foldAtOnce = 1 << 14

// folding is a round: group after group, the runs up to the horizon become part
// of the floor, and in the end are given up.
type folding struct {
	done   muster.Seq // all groups' records up to here are in their floors
	until  muster.Seq
	groups []muster.GroupNo
}

// Horizon is how far back the change log reaches.
func (e *Engine) Horizon() store.Horizon { return e.log.horizon }

// SetHorizon makes what was before an instant unanswerable.
func (e *Engine) SetHorizon(at muster.Instant) error {
	if at > e.tick {
		return muster.Errorf(muster.CodeInternal, "the horizon of history %s would lie after the commit at %s", at, e.tick)
	}
	if at <= e.log.horizon.At {
		return nil
	}
	next := store.Horizon{At: at, Seq: e.log.horizon.Seq}
	for _, g := range e.groups {
		seq, _ := e.log.until(g, at-1)
		next.Seq = max(next.Seq, seq)
	}
	e.log.horizon = next
	e.commit.Horizon = &record.Horizon{At: next.At, Seq: next.Seq}
	return nil
}

// Folded answers up to which record history is folded.
func (e *Engine) Folded() muster.Seq { return e.log.folding.done }

// Fold takes records before the horizon into their groups' floors. Lock is held,
// outside a transaction's other writes. It does a bounded amount of work and
// answers whether more is left.
func (e *Engine) Fold() (more bool) { return e.FoldSome(foldAtOnce) }

// FoldSome folds about so many changes.
func (e *Engine) FoldSome(atOnce int) (more bool) {
	l := &e.log
	round := &l.folding
	if round.until == 0 {
		if round.done >= l.horizon.Seq {
			return false
		}
		round.until, round.groups = l.horizon.Seq, slices.Sorted(maps.Keys(e.groups))
	}
	for folded := 0; folded < atOnce && len(round.groups) > 0; {
		n, all := e.fold(e.groups[round.groups[0]], round.until, atOnce)
		if folded += n + 1; all {
			round.groups = round.groups[1:]
		}
	}
	if len(round.groups) > 0 {
		return true
	}
	l.blocks.release(round.until)
	l.large = slices.DeleteFunc(l.large, func(s *large) bool { return s.end() <= round.until })
	l.folding = folding{done: round.until}
	return l.folding.done < l.horizon.Seq
}

// fold takes records of a group up to a number into its floor, and answers how
// many, and whether all are in it.
func (e *Engine) fold(g *group, until muster.Seq, atOnce int) (n int, all bool) {
	l := &e.log
	if i := sort.Search(len(g.runs), func(i int) bool { return l.runs.at(int(g.runs[i])).first > until }); i > 0 {
		l.pack(g, int(g.runs[i-1])+1)
	}
	rising := g.floor.rise()
	all = true
	var p passage
	at := 0
	for ; at < len(g.blocks); at++ {
		b := l.blocks.at(g.blocks[at])
		if b.first > until {
			break
		}
		if n >= atOnce {
			all = false
			break
		}
		for u := b.unpack(); u.read(&p) && p.end() <= until; {
			if p.end() > rising.seq {
				rising.add(&p)
				n += int(p.n)
			}
		}
		if b.last > until {
			break
		}
	}
	g.blocks = slices.Clone(g.blocks[at:])
	rising.finish()
	if g.forgotten {
		g.floor.since = nil
	}
	if all {
		g.floor.seq = until
	}
	g.marks = slices.DeleteFunc(g.marks, func(m mark) bool { return m.seq <= g.floor.seq })
	g.large = slices.DeleteFunc(g.large, func(s *large) bool { return s.end() <= g.floor.seq })
	return n, all
}

// sinceOf answers since when a member is one; 0 when that is not known.
func (f *floor) sinceOf(no uint32) muster.Instant {
	if f.since == nil || !f.members.Contains(no) {
		return 0
	}
	return f.since[f.members.Rank(no)-1]
}

// erase takes a contact out.
func (f *floor) erase(no uint32) {
	if f.members == nil || !f.members.Contains(no) {
		return
	}
	if f.since != nil {
		at := int(f.members.Rank(no) - 1)
		f.since = slices.Delete(f.since, at, at+1)
	}
	f.members.Remove(no)
	f.fresh = true
}

func (f *floor) size() int64 {
	if f.members == nil {
		return 0
	}
	return int64(f.members.GetSizeInBytes()) + int64(cap(f.since))*8
}

// rising is a floor that takes runs in.
type rising struct {
	floor   *floor
	seq     muster.Seq
	members *roaring.Bitmap
	entered map[uint32]muster.Instant // by small runs
}

func (f *floor) rise() *rising {
	r := &rising{floor: f, seq: f.seq, members: roaring.New(), entered: map[uint32]muster.Instant{}}
	if f.members != nil {
		r.members = f.members.Clone()
	}
	return r
}

func (r *rising) add(p *passage) {
	if p.large != nil {
		r.finish()
	}
	p.apply(r.members, false)
	r.seq = p.end()
	if p.large != nil {
		r.settle(p.large.entered.ToArray(), func(uint32) muster.Instant { return p.at })
		return
	}
	for _, no := range p.contacts[p.left:] {
		r.entered[no] = p.at
	}
}

// finish makes what was taken in the floor.
func (r *rising) finish() {
	if r.seq == r.floor.seq {
		return
	}
	r.settle(slices.Sorted(maps.Keys(r.entered)), func(no uint32) muster.Instant { return r.entered[no] })
	clear(r.entered)
}

// settle makes the members the floor's; those who entered, in order, did so at
// an instant of their own, the others have been there.
func (r *rising) settle(entered []uint32, at func(no uint32) muster.Instant) {
	f := r.floor
	since := make([]muster.Instant, 0, r.members.GetCardinality())
	var before roaring.IntPeekable = roaring.New().Iterator()
	if f.members != nil {
		before = f.members.Iterator()
	}
	place := 0
	for it := r.members.Iterator(); it.HasNext(); {
		no := it.Next()
		for len(entered) > 0 && entered[0] < no {
			entered = entered[1:] // left again
		}
		if len(entered) > 0 && entered[0] == no {
			since = append(since, at(no))
			continue
		}
		for before.HasNext() && before.PeekNext() < no {
			before.Next()
			place++
		}
		if place < len(f.since) {
			since = append(since, f.since[place])
		}
	}
	if uint64(len(since)) != r.members.GetCardinality() {
		since = nil // it was forgotten for some time
	}
	*f = floor{seq: r.seq, members: r.members.Clone(), since: since, fresh: true}
}
