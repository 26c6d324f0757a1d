package engine

import (
	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// acted is a compiled *plan.Acted.
type acted struct {
	e        *Engine
	test     rowTest
	from, to muster.Instant
	// need is the count from which the leaf holds, 0 for other measures.
	need    int
	measure plan.Measure
	name    uint32 // code of the measured attribute
	values  []muster.Decimal
	classes []uint32
	compare plan.Compare
}

func (e *Engine) compileActed(n *plan.Acted) leaf {
	l := &acted{
		e: e, test: e.compileRowTest(n.Types, n.Channels, n.Where), from: n.From, to: n.To,
		measure: n.Measure, compare: n.Compare,
	}
	if l.test.never || n.From >= n.To {
		return never{}
	}
	if n.Measure == plan.Count && n.Compare.Op == plan.AtLeast {
		l.need = max(1, int((n.Compare.A+muster.DecimalOne-1)/muster.DecimalOne))
		return l
	}
	if n.Measure != plan.Count {
		l.name = e.names.find(textScalar(n.Attribute))
		if l.name != 0 && n.Measure == plan.Distinct {
			l.classes = e.values[l.name].folds()
		} else if l.name != 0 {
			l.values = e.values[l.name].decimals()
		}
	}
	return l
}

func (l *acted) cost() float64 {
	switch {
	case l.need > 0 && l.test.isPlain():
		return 150
	case l.need > 0:
		return 300
	}
	return 600
}

func (l *acted) holds(no uint32) bool {
	if l.need > 0 {
		return l.counts(no)
	}
	var m tally
	l.each(no, func(c *chunk, at uint32) bool { l.measureRow(&m, c, at); return true })
	return l.decide(&m)
}

// counts reports whether at least need rows match, walking from the newest.
func (l *acted) counts(no uint32) bool {
	r, need := &l.e.rows, l.need
	if l.test.isPlain() {
		entries := l.e.postings.entries(no)
		for i := 0; i < len(entries); i += entryWords {
			if !l.test.hasKind(entries[i] >> 8) {
				continue
			}
			refs := l.e.postings.refs(entries[i:])
			refs = refs[:r.before(refs, l.to)]
			switch {
			case len(refs) >= need && r.at(refs[len(refs)-need]) >= l.from:
				return true
			default:
				need -= len(refs) - r.before(refs, l.from)
			}
		}
		return false
	}
	return !l.each(no, func(*chunk, uint32) bool { need--; return need > 0 })
}

// each visits a contact's matching rows from the newest of every type, until
// visit answers false; then it answers false.
func (l *acted) each(no uint32, visit func(c *chunk, at uint32) bool) bool {
	return l.e.eachRow(no, &l.test, l.from, l.to, visit)
}

func (e *Engine) eachRow(no uint32, test *rowTest, from, to muster.Instant, visit func(c *chunk, at uint32) bool) bool {
	r := &e.rows
	entries := e.postings.entries(no)
	for i := 0; i < len(entries); i += entryWords {
		if !test.hasKind(entries[i] >> 8) {
			continue
		}
		refs := e.postings.refs(entries[i:])
		for j := r.before(refs, to) - 1; j >= 0; j-- {
			c, at := r.chunks[refs[j]>>chunkBits], refs[j]&chunkMask
			if c.at(int(at)) < from {
				break
			}
			if test.holds(c, at) && !visit(c, at) {
				return false
			}
		}
	}
	return true
}

// tally is what a measure needs to know of one contact's matching rows.
type tally struct {
	rows, numbers     int64
	sum               plan.Int128
	smallest, largest muster.Decimal
	seen              distinct
}

func (l *acted) measureRow(m *tally, c *chunk, at uint32) {
	m.rows++
	if l.name == 0 {
		return
	}
	code := c.codeAt(l.name, at)
	if code == 0 {
		return
	}
	if l.measure == plan.Distinct {
		if code < uint32(len(l.classes)) && l.classes[code] != 0 {
			m.seen.add(l.classes[code])
		}
		return
	}
	if code >= uint32(len(l.values)) || l.values[code] == noNumber {
		return
	}
	n := l.values[code]
	if m.numbers == 0 {
		m.smallest, m.largest = n, n
	}
	m.numbers++
	m.sum = m.sum.AddDecimal(n)
	m.smallest, m.largest = min(m.smallest, n), max(m.largest, n)
}

func (l *acted) decide(m *tally) bool {
	if m.rows == 0 {
		return false
	}
	switch l.measure {
	case plan.Count:
		return l.compare.HoldsCount(m.rows)
	case plan.Distinct:
		return m.seen.n > 0 && l.compare.HoldsCount(int64(m.seen.n))
	}
	if m.numbers == 0 {
		return false
	}
	switch l.measure {
	case plan.Sum:
		return l.compare.HoldsSum(m.sum)
	case plan.Average:
		return l.compare.HoldsRatio(m.sum, m.numbers)
	case plan.Smallest:
		return l.compare.Holds(m.smallest)
	case plan.Largest:
		return l.compare.Holds(m.largest)
	}
	return false
}

// distinct counts different codes: in place while they are few.
type distinct struct {
	few  [16]uint32
	many map[uint32]struct{}
	n    int
}

func (d *distinct) add(code uint32) {
	if d.many != nil {
		d.many[code] = struct{}{}
		d.n = len(d.many)
		return
	}
	for _, seen := range d.few[:d.n] {
		if seen == code {
			return
		}
	}
	if d.n < len(d.few) {
		d.few[d.n] = code
		d.n++
		return
	}
	d.many = make(map[uint32]struct{}, 64)
	for _, seen := range d.few {
		d.many[seen] = struct{}{}
	}
	d.add(code)
}
