package engine

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// Named answers, for each dated fact, the contacts that have it.
func (e *Engine) Named(facts []plan.Fact) ([]*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, len(facts))
	for i, f := range facts {
		var found gathering
		switch f := f.(type) {
		case plan.ActedFact:
			e.namedByActivity(f, &found)
		case plan.DecidedFact:
			if c := e.decisions.columns[decisionKey{f.Kind, f.Code}]; c != nil {
				within(&c.days, f.From, f.To, &found, func(no uint32) int64 { return c.at.get(no) })
			}
		case plan.FieldDateFact:
			if field := e.fields[f.Code]; field != nil && f.From < f.To {
				field.dateDays.between(int32(f.From), int32(f.To-1), func(_ int32, set *roaring.Bitmap) { found.set(set) })
			}
		case plan.FieldInstantFact:
			if days, at := e.instants(f.Code); days != nil {
				within(days, f.From, f.To, &found, at)
			}
		case plan.FieldMonthDaysFact:
			e.namedByMonthDay(f, &found)
		}
		sets[i] = found.bitmap(e.people.count)
		sets[i].And(e.people.parents.set)
	}
	return sets, nil
}

// instants answers the day index of a datetime field and how to read it.
func (e *Engine) instants(code string) (*days, func(no uint32) int64) {
	if code == createdField {
		return &e.people.createdOn, e.people.created.get
	}
	if f := e.fields[code]; f != nil {
		return &f.timeDays, func(no uint32) int64 { return f.datetimes.get(no) ^ flip64 }
	}
	return nil, nil
}

// within gathers the contacts of the days that [from, to) touches, looking at
// the instant itself on the first and last day.
func within(x *days, from, to muster.Instant, found *gathering, at func(no uint32) int64) {
	if from >= to {
		return
	}
	first, last := window(from, to)
	x.between(first, last, func(day int32, set *roaring.Bitmap) {
		if day != first && day != last {
			found.set(set)
			return
		}
		for it := set.Iterator(); it.HasNext(); {
			no := it.Next()
			if t := muster.Instant(at(no)); from <= t && t < to {
				found.add(no)
			}
		}
	})
}

func (e *Engine) namedByActivity(f plan.ActedFact, found *gathering) {
	test := e.compileRowTest(f.Types, f.Channels, f.Where)
	var picked selection
	e.eachPartition(&test, f.From, f.To, func(p *partition) {
		for _, number := range p.chunks {
			c := e.rows.chunks[number]
			places, all := test.pick(c, f.From, f.To, &picked)
			if all {
				for _, no := range c.contact[:c.n] {
					found.add(e.people.root(no))
				}
				continue
			}
			for _, at := range places {
				found.add(e.people.root(c.contact[at]))
			}
		}
	})
}

func (e *Engine) namedByMonthDay(f plan.FieldMonthDaysFact, found *gathering) {
	pred := plan.MonthDays{Ranges: f.Ranges, Zone: f.Zone}
	if f.Zone == nil {
		if field := e.fields[f.Code]; field != nil {
			for day, set := range field.dateDays.sets {
				if pred.Holds(muster.Date(day)) {
					found.set(set)
				}
			}
		}
		return
	}
	index, at := e.instants(f.Code)
	if index == nil {
		return
	}
	for day, set := range index.sets {
		// The local day is the UTC day or one beside it.
		if !pred.Holds(muster.Date(day-1)) && !pred.Holds(muster.Date(day)) && !pred.Holds(muster.Date(day+1)) {
			continue
		}
		for it := set.Iterator(); it.HasNext(); {
			no := it.Next()
			if pred.HoldsAt(muster.Instant(at(no))) {
				found.add(no)
			}
		}
	}
}

// gathering collects contacts: as a list while they are few, as plain bits
// when they are many. Contact 0 is nobody.
type gathering struct {
	list []uint32
	sets []*roaring.Bitmap
}

func (g *gathering) add(no uint32)           { g.list = append(g.list, no) }
func (g *gathering) set(set *roaring.Bitmap) { g.sets = append(g.sets, set) }

func (g *gathering) bitmap(count uint32) *roaring.Bitmap {
	var all *roaring.Bitmap
	if len(g.list) > 2048 {
		words := make([]uint64, count/64+1)
		for _, no := range g.list {
			words[no>>6] |= 1 << (no & 63)
		}
		all = roaring.FromDense(words, false)
	} else {
		slices.Sort(g.list)
		all = roaring.New()
		all.AddMany(g.list)
	}
	all.Remove(0)
	for _, set := range g.sets {
		all.Or(set)
	}
	return all
}

// Noticed answers the contacts of those of this transaction's activities that
// a leaf could count.
func (e *Engine) Noticed(leaf plan.Node, ordinals []int32) (*roaring.Bitmap, error) {
	var tests []rowTest
	from, to := muster.Beginning, muster.Forever
	switch n := leaf.(type) {
	case *plan.Acted:
		tests, from, to = []rowTest{e.compileRowTest(n.Types, n.Channels, n.Where)}, n.From, n.To
	case *plan.Sequence:
		from, to = n.From, n.To
		for _, s := range n.Steps {
			tests = append(tests, e.compileRowTest(s.Types, s.Channels, s.Where))
		}
	case *plan.Latest:
		tests = []rowTest{e.compileRowTest(orNone(n.Add), n.Channels, nil), e.compileRowTest(orNone(n.Remove), n.Channels, nil)}
	default:
		return nil, muster.Errorf(muster.CodeInternal, "a %T does not notice activities", leaf)
	}
	var found gathering
	for _, ordinal := range ordinals {
		if int(ordinal) >= len(e.added) {
			return nil, muster.Errorf(muster.CodeInternal, "this transaction has no activity %d", ordinal)
		}
		ref := e.added[ordinal]
		c, at := e.rows.chunks[ref>>chunkBits], ref&chunkMask
		if t := c.at(int(at)); t < from || t >= to {
			continue
		}
		for i := range tests {
			if tests[i].hasKind(c.kind) && !tests[i].never && tests[i].holds(c, at) {
				found.add(e.people.root(c.contact[at]))
				break
			}
		}
	}
	return found.bitmap(e.people.count), nil
}
