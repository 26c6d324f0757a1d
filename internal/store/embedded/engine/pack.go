package engine

import (
	"slices"
	"sort"

	"github.com/muster-groups/muster"
)

const (
	// packAbove is how many changes in small runs may wait before runs are packed.
	packAbove = 1 << 16
	// packKeeps is how many of the latest are left as they came: readers of the
	// feed mostly want them.
	packKeeps = 1 << 15
	// packAtOnce is about how many changes one step packs.
	packAtOnce = 1 << 14
)

// packing is a round: group after group, the runs before a place are packed,
// and in the end given up.
type packing struct {
	until  int // the first run that stays
	groups []muster.GroupNo
}

// Pack packs older runs of the change log when enough have come. Lock is held,
// outside a transaction's other writes. It does a bounded amount of work and
// answers whether more is left.
func (e *Engine) Pack() (more bool) {
	if e.log.packing.until == 0 && e.log.rows.n-e.log.firstRow < packAbove {
		return false
	}
	return e.PackUpTo(packKeeps, packAtOnce)
}

// PackUpTo packs about so many changes of all but so many of the latest.
func (e *Engine) PackUpTo(keep, atOnce int) (more bool) {
	l := &e.log
	round := &l.packing
	if round.until == 0 {
		// Runs are in order of where their rows begin.
		round.until = l.firstRun + sort.Search(l.runs.n-l.firstRun, func(i int) bool {
			return int(l.runs.at(l.firstRun+i).start) >= l.rows.n-keep
		})
		if round.until == l.firstRun {
			round.until = 0
			return false
		}
		for no, g := range e.groups {
			if len(g.runs) > 0 && int(g.runs[0]) < round.until {
				round.groups = append(round.groups, no)
			}
		}
		slices.Sort(round.groups)
	}
	done := 0
	for done < atOnce && len(round.groups) > 0 {
		g := e.groups[round.groups[0]]
		done += l.pack(g, round.until)
		round.groups = round.groups[1:]
	}
	if len(round.groups) > 0 {
		return true
	}
	l.firstRow = l.rows.n
	if l.firstRun = round.until; l.firstRun < l.runs.n {
		l.firstRow = int(l.runs.at(l.firstRun).start)
	}
	l.runs.drop(l.firstRun)
	l.rows.drop(l.firstRow)
	l.packing = packing{}
	return false
}

// pack packs the group's runs before a place and answers how many changes they
// are.
func (l *changeLog) pack(g *group, until int) (n int) {
	var p passage
	var w packer
	complete := func() {
		if w.n > 0 {
			g.blocks = append(g.blocks, l.blocks.complete(&w))
		}
	}
	packed := 0
	for _, index := range g.runs {
		if int(index) >= until {
			break
		}
		packed++
		r := l.runs.at(int(index))
		r.packed = true
		if r.large != nil {
			complete()
			g.blocks = append(g.blocks, l.blocks.addLarge(r.large))
			continue
		}
		l.read(int(index), &p)
		l.blocks.add(&w, &p)
		if n += int(r.n); w.n >= blockRecords {
			complete()
		}
	}
	complete()
	g.runs = slices.Clone(g.runs[packed:])
	return n
}
