package app

import (
	"context"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/lower"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// When will time alone change the answer? A plan's bounds only move forward, so
// the answer can flip only when a bound passes one of the contact's dated
// facts, or when a calendar word turns: those instants are candidates. The
// condition is lowered at each, in rising order, and the first that gives
// another answer is the one.

const (
	// foreseenFacts bounds the facts per leaf; with more, nothing is foreseen.
	foreseenFacts = 5000
	// foreseenPart bounds the candidates for which a part of the condition is
	// foreseen for itself.
	foreseenPart = 2000
	// foreseenDays is how far calendar words are looked ahead: a year and a month.
	foreseenDays = 400
	// foreseenYears is how far a moving bound is looked ahead; no duration of
	// the language is longer.
	foreseenYears = 200
	// foreseenChunk is how many candidates are evaluated in one reading.
	foreseenChunk = 32
)

// reference is a group that the condition refers to, directly or not. Time
// may move its membership, too.
type reference struct {
	no        muster.GroupNo
	condition *catalog.Condition
	zone      *time.Location
}

// foresee fills changes_at of every node for which it is cheap; of the root in
// any case, unless a leaf has too many facts.
func (e *explainer) foresee(ctx context.Context, c *catalog.Condition, root *ExplainedNode) error {
	references := e.references(c, map[string]bool{}, nil)
	candidates := make([][]muster.Instant, len(e.leaves))
	complete := true
	err := e.app.view(ctx, func(v store.View) error {
		var referred []muster.Instant // when the groups referred to may change
		for _, ref := range references {
			for _, leaf := range leavesOf(ref.condition) {
				found, ok, err := e.candidates(v, leaf, ref.zone)
				if err != nil {
					return err
				}
				referred, complete = append(referred, found...), complete && ok
			}
		}
		for i, leaf := range e.leaves {
			found, ok, err := e.candidates(v, leaf, e.zone)
			if err != nil {
				return err
			}
			if leaf.Type == "in-groups" {
				found = append(found, referred...)
			}
			candidates[i], complete = found, complete && ok
		}
		return nil
	})
	if err != nil || !complete {
		return err
	}
	root.ChangesAt, err = e.firstFlip(ctx, slices.Concat(candidates...), references, root.Matches, func(at muster.Instant) plan.Node {
		return e.app.roster.Lower(c, e.zone, at)
	})
	if err != nil {
		return err
	}
	return e.foreseeParts(ctx, candidates, references)
}

// foreseeParts fills changes_at of the nodes below the root.
func (e *explainer) foreseeParts(ctx context.Context, candidates [][]muster.Instant, references []reference) (err error) {
	for _, part := range e.parts {
		found := slices.Concat(candidates[part.from:part.to]...)
		if len(found) == 0 || len(found) > foreseenPart {
			continue
		}
		part.node.ChangesAt, err = e.firstFlip(ctx, found, references, part.node.Matches, part.lower)
		if err != nil {
			return err
		}
	}
	return nil
}

// leavesOf answers the leaves of a condition.
func leavesOf(c *catalog.Condition) []*catalog.Leaf {
	var out []*catalog.Leaf
	catalog.Walk(c, func(n catalog.Node) {
		if leaf, ok := n.(*catalog.Leaf); ok {
			out = append(out, leaf)
		}
	})
	return out
}

// references answers the groups a condition refers to, each after those that
// it refers to itself.
func (e *explainer) references(c *catalog.Condition, seen map[string]bool, out []reference) []reference {
	for _, code := range referredCodes(c) {
		if seen[code] {
			continue
		}
		seen[code] = true
		checked, zone, err := e.app.roster.Checked(code, false)
		g, bad := e.app.group(code)
		if err != nil || bad != nil || checked == nil {
			continue // deleted or never calculated: nobody, at any time
		}
		out = e.references(checked, seen, out)
		out = append(out, reference{no: g.No, condition: checked, zone: zone})
	}
	return out
}

// referredCodes answers the codes of the groups that a condition names.
func referredCodes(c *catalog.Condition) []string {
	var out []string
	for _, leaf := range leavesOf(c) {
		if leaf.Type == "in-groups" {
			out = append(out, leaf.Args.Codes...)
		}
	}
	return out
}

// firstFlip answers the first candidate at which the contact's answer differs
// from now's, nil when none does.
func (e *explainer) firstFlip(ctx context.Context, candidates []muster.Instant, references []reference, now bool, lowered func(muster.Instant) plan.Node) (*muster.Instant, error) {
	slices.Sort(candidates)
	candidates = slices.Compact(candidates)
	for chunk := range slices.Chunk(candidates, foreseenChunk) {
		var flip *muster.Instant
		err := e.app.view(ctx, func(v store.View) error {
			answers, err := e.matchAt(v, chunk, references, lowered)
			if err != nil {
				return err
			}
			for i, answer := range answers {
				if answer != now {
					flip = &chunk[i]
					return nil
				}
			}
			return nil
		})
		if err != nil || flip != nil {
			return flip, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// matchAt evaluates a plan for the contact at several instants of the future,
// the groups it refers to included.
func (e *explainer) matchAt(v store.View, at []muster.Instant, references []reference, lowered func(muster.Instant) plan.Node) ([]bool, error) {
	me := roaring.BitmapOf(uint32(e.no))
	members := make([]map[muster.GroupNo]*roaring.Bitmap, len(at))
	match := func(lowered func(muster.Instant) plan.Node) ([]*roaring.Bitmap, error) {
		queries := make([]store.Query, len(at))
		for i, t := range at {
			queries[i] = store.Query{Node: lowered(t), Of: me, Members: members[i]}
		}
		return v.Match(queries)
	}
	for i := range members {
		members[i] = make(map[muster.GroupNo]*roaring.Bitmap, len(references))
	}
	for _, ref := range references {
		sets, err := match(func(t muster.Instant) plan.Node { return e.app.roster.Lower(ref.condition, ref.zone, t) })
		if err != nil {
			return nil, err
		}
		for i, set := range sets {
			members[i][ref.no] = set
		}
	}
	sets, err := match(lowered)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(at))
	for i, set := range sets {
		out[i] = !set.IsEmpty()
	}
	return out, nil
}

// candidates answers the instants after now at which a leaf's answer for the
// contact may change, in any order. complete is false when there are too many
// facts to say.
func (e *explainer) candidates(v store.View, leaf *catalog.Leaf, zone *time.Location) (out []muster.Instant, complete bool, err error) {
	env := func(at muster.Instant) lower.Env { return lower.EnvOf(e.app.schema(), at, zone) }
	moving := func(at muster.Instant) [][]bound { return boundsOf(lower.LowerLeaf(leaf, env(at))) }
	now := moving(e.at)
	i := 0
	for node := range plan.Leaves(lower.LowerLeaf(leaf, env(e.at))) {
		facts, ok, err := e.facts(v, node)
		if err != nil || !ok {
			return nil, false, err
		}
		for j := range now[i] {
			for _, f := range facts {
				if t, found := passes(e.at, f, func(at muster.Instant) (bound, bool) {
					bounds := moving(at)
					if i >= len(bounds) || j >= len(bounds[i]) {
						return bound{}, false
					}
					return bounds[i][j], true
				}); found {
					out = append(out, t)
				}
			}
		}
		i++
	}
	if calendarLeaf(leaf, e.at, moving) {
		out = append(out, e.turns(leaf, env(e.at).Zone)...)
	}
	return out, true, nil
}

// bound is one end of a window, as seconds or as days.
type bound struct {
	isDate bool
	value  int64
}

// boundsOf answers the bounds of every leaf of a plan, in the order of the
// leaves. Lowering keeps the shape, so the same place is the same bound at any
// instant.
func boundsOf(n plan.Node) [][]bound {
	var out [][]bound
	for leaf := range plan.Leaves(n) {
		var bounds []bound
		window := func(from, to muster.Instant) {
			bounds = append(bounds, bound{value: int64(from)}, bound{value: int64(to)})
		}
		predicate := func(p plan.Predicate) {
			switch p := p.(type) {
			case plan.InstantRange:
				window(p.From, p.To)
			case plan.DateRange:
				bounds = append(bounds, bound{true, int64(p.From)}, bound{true, int64(p.To)})
			}
		}
		switch n := leaf.(type) {
		case *plan.Acted:
			window(n.From, n.To)
			for _, f := range n.Where {
				predicate(f.Pred)
			}
		case *plan.Sequence:
			window(n.From, n.To)
			for _, step := range n.Steps {
				for _, f := range step.Where {
					predicate(f.Pred)
				}
			}
		case *plan.Decided:
			window(n.From, n.To)
		case *plan.Field:
			predicate(n.Pred)
		}
		out = append(out, bounds)
	}
	return out
}

// facts answers the contact's dated facts that a leaf of a plan reads,
// whatever its window, as bounds to compare with.
func (e *explainer) facts(v store.View, node plan.Node) (out []bound, complete bool, err error) {
	var acted []*plan.Acted
	switch n := node.(type) {
	case *plan.Acted:
		acted = []*plan.Acted{n}
	case *plan.Sequence:
		acted = sequenceSteps(n)
	case *plan.Decided:
		if d := v.Decision(e.no, n.Kind, n.Code); d.State != muster.Undecided {
			out = append(out, bound{value: int64(d.At)})
		}
	case *plan.Field:
		switch value := e.value(v, n.Code); value.Kind {
		case muster.KindDate:
			out = append(out, bound{true, int64(value.Date)})
		case muster.KindDatetime:
			out = append(out, bound{value: int64(value.Instant)})
		}
	}
	for _, step := range acted {
		open := *step
		open.From, open.To, open.Where = muster.Beginning, muster.Forever, nil
		var dated []string
		for _, f := range step.Where {
			if _, moves := f.Pred.(plan.InstantRange); moves {
				dated = append(dated, f.Attribute)
				continue
			}
			open.Where = append(open.Where, f)
		}
		found, ok, err := allActivities(v, e.no, &open, foreseenFacts)
		if err != nil || !ok {
			return nil, false, err
		}
		for _, s := range found {
			out = append(out, bound{value: int64(s.At)})
			for _, attribute := range dated {
				if t, ok := plan.ReadInstant(s.Attribute(attribute)); ok {
					out = append(out, bound{value: int64(t)})
				}
			}
		}
	}
	return out, true, nil
}

// passes answers the first instant after now at which a bound is greater than
// a fact, if it is not yet and ever will be. at answers the bound at an instant.
func passes(now muster.Instant, fact bound, at func(muster.Instant) (bound, bool)) (muster.Instant, bool) {
	over := func(t muster.Instant) bool {
		b, ok := at(t)
		return ok && b.isDate == fact.isDate && b.value > fact.value
	}
	here, ok := at(now)
	if !ok || here.isDate != fact.isDate || here.value > fact.value || here.value == int64(muster.Beginning) {
		return 0, false
	}
	if !fact.isDate {
		// Most bounds lie a fixed time before or after now.
		if guess := now + muster.Instant(fact.value-here.value) + 1; guess > now && over(guess) && !over(guess-1) {
			return guess, true
		}
	}
	low, high := now, now+foreseenYears*366*86400
	if !over(high) {
		return 0, false
	}
	for low+1 < high {
		if mid := low + (high-low)/2; over(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high, true
}

// calendarLeaf reports whether a leaf's plan turns at the bounds of days:
// anything that does not simply move along with the seconds.
func calendarLeaf(leaf *catalog.Leaf, now muster.Instant, moving func(muster.Instant) [][]bound) bool {
	switch leaf.Type {
	case "weekday", "month", "time-of-day", "age", "age-between", "birthday":
		return true
	}
	if leaf.Args.Window.Period != "" || leaf.Args.Op == catalog.AnniversaryInNext || hasAnniversary(leaf.Args.Where) {
		return true
	}
	for _, step := range leaf.Args.Steps {
		if hasAnniversary(step.Where) {
			return true
		}
	}
	const ahead = foreseenDays * 86400
	before, after := moving(now), moving(now+ahead)
	for i := range before {
		for j, b := range before[i] {
			if moved := after[i][j].value - b.value; b.isDate && moved != 0 || !b.isDate && moved != 0 && moved != ahead {
				return true
			}
		}
	}
	return false
}

func hasAnniversary(filters []catalog.Filter) bool {
	return slices.ContainsFunc(filters, func(f catalog.Filter) bool { return f.Op == catalog.AnniversaryInNext })
}

// turns answers the starts of the coming days, and for a time of day its two
// minutes on each of them.
func (e *explainer) turns(leaf *catalog.Leaf, zone *time.Location) []muster.Instant {
	if zone == nil {
		zone = time.UTC
	}
	today := muster.DateOf(e.at.Time().In(zone))
	var out []muster.Instant
	for d := today; d <= today+foreseenDays; d++ {
		if t := d.Start(zone); t > e.at {
			out = append(out, t)
		}
		if leaf.Type != "time-of-day" {
			continue
		}
		y, m, day := d.Civil()
		for _, minute := range leaf.Args.Minutes {
			at := muster.InstantOf(time.Date(y, m, day, minute/60, minute%60, 0, 0, zone))
			// Where the clock is turned, the wall shows the minute an hour off as well.
			for _, t := range []muster.Instant{at - 3600, at, at + 3600} {
				if t > e.at {
					out = append(out, t)
				}
			}
		}
	}
	return out
}
