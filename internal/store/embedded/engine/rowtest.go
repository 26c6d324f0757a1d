package engine

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// rowTest is the part of a leaf that looks at one activity: its type, channel
// and attribute filters, compiled to codes.
type rowTest struct {
	anyKind  bool
	kinds    []uint32 // type codes, ascending
	channels []bool   // by channel code; nil is any
	filters  []filterTest
	never    bool // no row can pass
}

// filterTest is one filter: the answer for every value code of an attribute.
// Code 0, no value, is answered like any other.
type filterTest struct {
	name uint32
	test *codeTest
}

func (e *Engine) compileRowTest(types, channels []string, where []plan.Filter) rowTest {
	t := rowTest{anyKind: types == nil}
	for _, name := range types {
		if code := e.types.find(textScalar(name)); code != 0 {
			t.kinds = append(t.kinds, code)
		}
	}
	slices.Sort(t.kinds)
	t.never = !t.anyKind && t.kinds == nil
	if channels != nil {
		t.channels = make([]bool, e.channels.length())
		known := false
		for _, name := range channels {
			if code := e.channels.find(textScalar(name)); code != 0 {
				t.channels[code], known = true, true
			}
		}
		t.never = t.never || !known
	}
	for i := range where {
		f := e.compileFilter(where[i])
		if f.test.ones == f.test.length {
			continue // every value passes, also none
		}
		t.never = t.never || f.test.ones == 0
		t.filters = append(t.filters, f)
	}
	// The most selective filter first: fewest passing codes.
	slices.SortStableFunc(t.filters, func(a, b filterTest) int { return a.test.ones - b.test.ones })
	return t
}

func (e *Engine) compileFilter(f plan.Filter) filterTest {
	name := e.names.find(textScalar(f.Attribute))
	if name == 0 || e.values[name] == nil {
		t := &codeTest{bits: []uint64{0}, length: 1}
		if f.Holds(muster.Scalar{}) {
			t.bits[0], t.ones = 1, 1
		}
		return filterTest{name, t}
	}
	d := e.values[name]
	key := plan.ActedFact{Where: []plan.Filter{f}}.Key()
	return filterTest{name, d.tests.get(key, d.length(), func(code uint32) bool {
		if code == 0 {
			return f.Holds(muster.Scalar{})
		}
		return f.Holds(d.peek(code))
	})}
}

// hasKind reports whether rows of a type may pass.
func (t *rowTest) hasKind(kind uint32) bool {
	if t.anyKind {
		return true
	}
	for _, k := range t.kinds {
		if k == kind {
			return true
		}
	}
	return false
}

// isPlain reports whether every row of the types passes.
func (t *rowTest) isPlain() bool { return t.channels == nil && len(t.filters) == 0 }

// holds reports whether a row, whose type has been looked at, passes.
func (t *rowTest) holds(c *chunk, at uint32) bool {
	if t.channels != nil && !t.passesChannel(c.channelOf(int(at))) {
		return false
	}
	for i := range t.filters {
		f := &t.filters[i]
		if !f.test.holds(c.codeAt(f.name, at)) {
			return false
		}
	}
	return true
}

func (t *rowTest) passesChannel(code uint32) bool {
	return code < uint32(len(t.channels)) && t.channels[code]
}

// selection is a list of places in a chunk.
type selection [chunkRows]uint16

// pick answers the places of the chunk's rows that happened in [from, to) and
// pass. With all it answers instead that every row does, also dead ones, whose
// contact is 0.
func (t *rowTest) pick(c *chunk, from, to muster.Instant, into *selection) (picked []uint16, all bool) {
	day := muster.Instant(c.day) * secondsPerDay
	if day+muster.Instant(c.latest) < from || day+muster.Instant(c.earliest) >= to {
		return nil, false
	}
	n, started := 0, false
	if day+muster.Instant(c.earliest) < from || day+muster.Instant(c.latest) >= to {
		// Bounds are brought into the day before subtracting: Beginning is the
		// smallest number there is.
		low, high := uint32(max(from, day)-day), uint32(min(to, day+secondsPerDay)-day)
		for i, second := range c.second[:c.n] {
			if second >= low && second < high {
				into[n] = uint16(i)
				n++
			}
		}
		started = true
	}
	for i := range t.filters {
		f := &t.filters[i]
		column := c.attr(f.name)
		switch {
		case column == nil:
			if !f.test.holds(0) {
				return nil, false
			}
			continue
		case started:
			n = column.refine(into, n, f.test)
		default:
			n = column.pick(c.n, f.test, into)
		}
		started = true
	}
	if t.channels != nil {
		if !started {
			for i := range c.n {
				into[i] = uint16(i)
			}
			n, started = c.n, true
		}
		kept := 0
		for _, at := range into[:n] {
			if t.passesChannel(c.channelOf(int(at))) {
				into[kept] = at
				kept++
			}
		}
		n = kept
	}
	return into[:n], !started
}
