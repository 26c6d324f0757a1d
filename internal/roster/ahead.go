package roster

import (
	"cmp"
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// The calendar turns at whole minutes: days, weeks, months and times of day
// begin there in every zone. What a turn will do to many contacts is computed
// before it comes, beside live commits: the groups' conditions as of the turn
// take part in every commit as shadows, as in a recalculation. The first commit
// at or after the turn then compares two ready memberships instead of
// evaluating everybody while changes wait. A turn for which nothing is ready is
// evaluated in its commit, with the same answer.
const (
	minute = 60
	// quarter is where days begin: the offsets of all zones are multiples of it.
	quarter = 15 * minute
	// aheadOfTurn is how many seconds before a turn it is prepared.
	aheadOfTurn = 45
	// wideFact is how many seconds a fact must span to be more than the steady
	// movement of a window towards the turn.
	wideFact = 5 * minute
	// aheadPlans is how many plans are scanned together; equal ones lie side by side.
	aheadPlans = 16
)

// foresee registers shadows for the groups that the next turn of the calendar
// moves at once. It answers nil when there is nothing to do now. The caller
// holds r.commit.
func (l *liveSet) foresee() []*follower {
	turn := l.at - l.at%minute + minute
	if turn-l.at > aheadOfTurn || turn == l.turn {
		return nil
	}
	l.turn = turn
	for _, f := range l.followers {
		// A group that reads groups follows them when they turn.
		if f.shadow != nil || len(f.program.deps.Groups) > 0 {
			continue
		}
		raw := f.program.lower(turn)
		if moves, everyone := plan.Moved(f.program.raw, raw); !everyone && !anyWide(plan.Facts(moves), turn) {
			continue
		}
		p := f.program.clone()
		p.become(raw, turn)
		l.ahead = append(l.ahead, &follower{group: f.group, code: f.code, program: p, shadow: newShadow(nil), of: f.program})
	}
	if len(l.ahead) > 0 {
		l.rebuild()
	}
	return l.ahead
}

// anyWide reports whether one of the facts is more than a window's steady movement.
func anyWide(facts []plan.Fact, turn muster.Instant) bool {
	return turn%quarter == 0 && slices.ContainsFunc(facts, func(f plan.Fact) bool {
		switch f := f.(type) {
		case plan.ActedFact:
			return f.To-f.From > wideFact
		case plan.DecidedFact:
			return f.To-f.From > wideFact
		case plan.FieldInstantFact:
			return f.To-f.From > wideFact
		}
		return true
	})
}

// planned is a distinct plan with the shadows that wait for its answer.
type planned struct {
	key     string
	query   store.Query
	shadows []*follower
}

// plansOf gathers the distinct plans of shadows. The caller holds r.commit.
func plansOf(shadows []*follower) []*planned {
	byKey := map[string]*planned{}
	var plans []*planned
	for _, f := range shadows {
		key := plan.Key(f.program.node)
		p := byKey[key]
		if p == nil {
			p = &planned{key: key, query: store.Query{Node: f.program.node}}
			byKey[key] = p
			plans = append(plans, p)
		}
		p.shadows = append(p.shadows, f)
	}
	slices.SortFunc(plans, func(a, b *planned) int { return cmp.Compare(a.key, b.key) })
	return plans
}

// prepare completes the shadows of a turn. Without an answer they are never
// complete, and the turn is evaluated in its commit.
func (r *Roster) prepare(ctx context.Context, plans []*planned) {
	for some := range slices.Chunk(plans, aheadPlans) {
		queries := make([]store.Query, len(some))
		for i, p := range some {
			queries[i] = p.query
		}
		answers, err := r.store.Scan(ctx, queries, nil)
		if err != nil {
			if ctx.Err() == nil {
				r.log.Error("the next turn of the calendar could not be prepared", "error", err)
			}
			return
		}
		r.commit.Lock()
		for i, p := range some {
			for k, f := range p.shadows {
				set := answers[i]
				if k < len(p.shadows)-1 {
					set = set.Clone()
				}
				f.shadow.complete(set)
			}
		}
		r.commit.Unlock()
	}
}

// turn takes what was prepared into force when the commit has reached the turn:
// the time since then, and this commit's changes, are all that is left to do.
func (c *commit) turn(named map[string]*roaring.Bitmap) error {
	if c.at < c.live.turn {
		return nil
	}
	for _, a := range c.live.ahead {
		f := c.live.groups[a.group]
		if a.shadow.members == nil || f == nil || f.program != a.of || c.held[a.group] {
			continue
		}
		passed, everyone := c.refresh(a.program)
		if everyone {
			continue // the clock has passed another turn
		}
		if err := c.touchNamed([]moved{{a, passed}}, named); err != nil {
			return err
		}
		c.undo = append(c.undo, func() { f.program = a.of })
		f.program, f.turned = a.program, a
	}
	return nil
}

// switchTurned compares the ready memberships with those as they were.
func (c *commit) switchTurned(list []*follower) error {
	type move struct {
		f             *follower
		entered, left *roaring.Bitmap
	}
	var moves []move
	for _, f := range list {
		if f.turned == nil {
			continue
		}
		was, is := c.tx.Members(f.group), f.turned.shadow.members
		m := move{f, roaring.AndNot(is, was), roaring.AndNot(was, is)}
		if !m.entered.IsEmpty() || !m.left.IsEmpty() {
			moves = append(moves, m)
		}
	}
	// Readers are kept out from the first record on.
	for _, m := range moves {
		if err := c.recordByCause(m.f, m.entered, m.left); err != nil {
			return err
		}
		c.changed(m.f.group, m.f.code, m.entered, m.left)
	}
	return nil
}

// passed forgets what was prepared for a turn that a commit has reached.
func (l *liveSet) passed(at muster.Instant) {
	if len(l.ahead) > 0 && at >= l.turn {
		l.ahead = nil
		l.rebuild()
	}
}
