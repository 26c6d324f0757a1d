package roster

import (
	"slices"
	"strconv"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/lower"
	"github.com/muster-groups/muster/internal/plan"
)

// program is a checked condition lowered as of an instant. It belongs to the
// writer: refresh changes it in place.
type program struct {
	checked *catalog.Condition
	schema  *muster.Schema // that the condition was checked with
	zone    *time.Location

	at   muster.Instant
	raw  plan.Node // keeps the condition's shape: what moved is read off it
	node plan.Node // canonical: what runs
	deps plan.Deps // of raw, so that they do not change with the weekday
	keys []string  // of deps.Activities, for sharing answers within a commit
	// blank tells that a contact of whom nothing is known may match.
	blank bool
}

func newProgram(checked *catalog.Condition, schema *muster.Schema, zone *time.Location, at muster.Instant) *program {
	p := &program{checked: checked, schema: schema, zone: zone}
	p.set(p.lower(at), at)
	p.deps = plan.Depends(p.raw)
	p.rekey()
	return p
}

func (p *program) lower(at muster.Instant) plan.Node {
	return lower.Lower(p.checked, lower.EnvOf(p.schema, at, p.zone))
}

func (p *program) set(raw plan.Node, at muster.Instant) {
	p.at, p.raw, p.node = at, raw, plan.Canon(raw)
	p.blank = plan.NewContactMayMatch(raw, at)
}

func (p *program) rekey() {
	p.keys = make([]string, 0, len(p.deps.Activities)) // clones keep theirs
	for i, dep := range p.deps.Activities {
		key := plan.LeafKey(dep.Leaf)
		if _, ok := dep.Leaf.(*plan.Sequence); ok {
			key = strconv.Itoa(i) + key // each step is told of other activities
		}
		p.keys = append(p.keys, key)
	}
}

// refresh lowers the program as of a later instant and answers which contacts
// the time between can have moved. Where nothing moved the old lowering stays:
// it means the same.
func (p *program) refresh(at muster.Instant) (moves []plan.Move, everyone bool) {
	if at == p.at {
		return nil, false
	}
	raw := p.lower(at)
	moves, everyone = plan.Moved(p.raw, raw)
	if len(moves) == 0 && !everyone {
		p.at = at
		return nil, false
	}
	p.become(raw, at)
	return moves, everyone
}

// become takes a later lowering. The dependencies stay, but their leaves carry
// the new bounds.
func (p *program) become(raw plan.Node, at muster.Instant) {
	p.set(raw, at)
	p.deps.Activities = slices.Clone(p.deps.Activities) // likewise
	copy(p.deps.Activities, plan.Depends(raw).Activities)
	p.rekey()
}

// clone answers a program that moves on by itself.
func (p *program) clone() *program {
	made := *p
	return &made
}
