package engine

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// latest is a compiled *plan.Latest: which keys are on the list now.
type latest struct {
	e           *Engine
	both        rowTest
	add, remove []uint32
	name        uint32
	classes     []uint32
	keys        []uint32 // fold classes; nil asks for atLeast distinct ones
	atLeast     int
}

func (e *Engine) compileLatest(n *plan.Latest) leaf {
	add := e.compileRowTest(orNone(n.Add), n.Channels, nil)
	remove := e.compileRowTest(orNone(n.Remove), n.Channels, nil)
	name := e.names.find(textScalar(n.Key))
	if add.never || name == 0 {
		return never{}
	}
	l := &latest{
		e: e, both: add, add: add.kinds, remove: remove.kinds, name: name,
		classes: e.values[name].folds(), atLeast: max(n.AtLeast, 1),
	}
	l.both.kinds = slices.Concat(add.kinds, remove.kinds)
	if len(n.Keys) > 0 {
		l.atLeast = 1
		for _, key := range n.Keys {
			if class := e.values[name].foldClass(key); class != 0 {
				l.keys = append(l.keys, class)
			}
		}
		if l.keys == nil {
			return never{}
		}
	}
	return l
}

// orNone makes "no types" mean none, not any.
func orNone(types []string) []string {
	if types == nil {
		return []string{}
	}
	return types
}

func (*latest) cost() float64 { return 800 }

func (l *latest) holds(no uint32) bool {
	// For each key, twice its latest instant, plus one when that removed it: the
	// larger number decides and a removal wins at equal instants.
	stands := map[uint32]int64{}
	l.e.eachRow(no, &l.both, muster.Beginning, muster.Forever, func(c *chunk, at uint32) bool {
		code := c.codeAt(l.name, at)
		if code == 0 || code >= uint32(len(l.classes)) {
			return true
		}
		class := l.classes[code]
		if class == 0 || (l.keys != nil && !slices.Contains(l.keys, class)) {
			return true
		}
		when := int64(c.at(int(at))) * 2
		if slices.Contains(l.remove, c.kind) {
			when++
		}
		if last, known := stands[class]; !known || when > last {
			stands[class] = when
		}
		return true
	})
	on := 0
	for _, when := range stands {
		if when&1 == 0 {
			on++
		}
	}
	return on >= l.atLeast
}
