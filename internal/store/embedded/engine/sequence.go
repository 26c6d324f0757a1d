package engine

import (
	"cmp"
	"math"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// sequence is a compiled *plan.Sequence.
type sequence struct {
	e        *Engine
	steps    []rowTest
	gaps     []int64 // longest gap before each step; math.MaxInt64 is any
	kinds    rowTest // any row of a type that some step wants
	from, to muster.Instant
}

// event is an activity that fits at least one step.
type event struct {
	at    int64
	steps uint64 // a bit per step
}

func (e *Engine) compileSequence(n *plan.Sequence) leaf {
	l := &sequence{e: e, from: n.From, to: n.To}
	if len(n.Steps) == 0 || len(n.Steps) > 64 || n.From >= n.To {
		return never{}
	}
	for _, step := range n.Steps {
		test := e.compileRowTest(step.Types, step.Channels, step.Where)
		if test.never {
			return never{}
		}
		gap := step.Within
		if gap == 0 {
			gap = math.MaxInt64
		}
		l.steps, l.gaps = append(l.steps, test), append(l.gaps, gap)
		l.kinds.anyKind = l.kinds.anyKind || test.anyKind
		l.kinds.kinds = append(l.kinds.kinds, test.kinds...)
	}
	slices.Sort(l.kinds.kinds)
	l.kinds.kinds = slices.Compact(l.kinds.kinds)
	return l
}

func (*sequence) cost() float64 { return 1500 }

func (l *sequence) holds(no uint32) bool {
	var few [64]event
	events, seen := few[:0], uint64(0)
	l.e.eachRow(no, &l.kinds, l.from, l.to, func(c *chunk, at uint32) bool {
		var fits uint64
		for i := range l.steps {
			if s := &l.steps[i]; s.hasKind(c.kind) && s.holds(c, at) {
				fits |= 1 << i
			}
		}
		if fits != 0 {
			events = append(events, event{int64(c.at(int(at))), fits})
			seen |= fits
		}
		return true
	})
	if len(events) < len(l.steps) || seen != 1<<len(l.steps)-1 {
		return false
	}
	slices.SortFunc(events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return l.follows(events)
}

// follows walks the events in order of time and keeps, for every number of
// steps, the latest moment at which that many can have been completed: a later
// one serves every continuation that an earlier one does. Events of the same
// second may take their steps in any order, so within one second a run of steps
// is possible if each can be given an event of its own.
func (l *sequence) follows(events []event) bool {
	const none = math.MinInt64
	done := make([]int64, len(l.steps)+1) // done[k]: k steps; done[0] is always possible
	for k := 1; k < len(done); k++ {
		done[k] = none
	}
	for len(events) > 0 {
		now, n := events[0].at, 1
		for n < len(events) && events[n].at == now {
			n++
		}
		same := events[:n]
		events = events[n:]
		// From the most steps down, so that an event is not used for two moments.
		for k := len(l.steps) - 1; k >= 0; k-- {
			if k > 0 && (done[k] == none || now-done[k] > l.gaps[k]) {
				continue
			}
			for reached := k + l.longest(same, k); reached > k; reached-- {
				done[reached] = now
			}
		}
		if done[len(l.steps)] != none {
			return true
		}
	}
	return false
}

// longest answers how many steps from the first one on can each be given an
// event of their own, by augmenting paths.
func (l *sequence) longest(same []event, first int) int {
	if len(same) == 1 {
		return int(same[0].steps >> first & 1)
	}
	if len(same) > len(l.steps)*len(l.steps) {
		same = l.enough(same)
	}
	taken := make([]int, len(same)) // step + 1 by event
	var give func(step int, tried []bool) bool
	give = func(step int, tried []bool) bool {
		for i := range same {
			if same[i].steps>>step&1 == 0 || tried[i] {
				continue
			}
			tried[i] = true
			if taken[i] == 0 || give(taken[i]-1, tried) {
				taken[i] = step + 1
				return true
			}
		}
		return false
	}
	step := first
	for step < len(l.steps) && give(step, make([]bool, len(same))) {
		step++
	}
	return step - first
}

// enough keeps as many events per step as there are steps: no more can matter.
func (l *sequence) enough(same []event) []event {
	var kept []event
	counts := make([]int, len(l.steps))
	for _, each := range same {
		useful := false
		for i := range counts {
			if each.steps>>i&1 != 0 && counts[i] < len(l.steps) {
				counts[i]++
				useful = true
			}
		}
		if useful {
			kept = append(kept, each)
		}
	}
	return kept
}
