package engine_test

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// person is what the naive evaluator knows of a contact: plain lists.
type person struct {
	no         muster.ContactNo
	id         muster.ContactID
	created    muster.Instant
	external   string
	email      string
	visitors   []string
	fields     map[string]muster.Value
	decisions  []muster.Decision // all that were made
	activities []stored
	merged     []muster.ContactID
}

type stored struct {
	muster.Activity
	row uint64
}

// satisfies decides a plan by its definition, activity by activity.
func (p *person) satisfies(n plan.Node, members map[muster.GroupNo]map[muster.ContactNo]bool) bool {
	switch n := n.(type) {
	case plan.Everyone:
		return true
	case plan.Nobody:
		return false
	case *plan.All:
		return !slices.ContainsFunc(n.Of, func(m plan.Node) bool { return !p.satisfies(m, members) })
	case *plan.Any:
		return slices.ContainsFunc(n.Of, func(m plan.Node) bool { return p.satisfies(m, members) })
	case *plan.Not:
		return !p.satisfies(n.Of, members)
	case *plan.Field:
		return plan.MatchValue(n.Pred, p.field(n.Code))
	case *plan.Acted:
		return p.acted(n)
	case *plan.Sequence:
		return p.follows(n, 0, muster.Beginning, map[int]bool{})
	case *plan.Latest:
		return p.listed(n)
	case *plan.Decided:
		d := p.standing(n.Kind, n.Code)
		return d.State != muster.Undecided && d.State == n.State && n.From <= d.At && d.At < n.To
	case *plan.InGroup:
		return members[n.Group][p.no]
	case plan.Identified:
		return p.email != "" || p.external != ""
	case *plan.Sample:
		return n.Holds(p.id)
	}
	panic("unknown node")
}

func (p *person) field(code string) muster.Value {
	switch {
	case code == "created_at":
		return muster.Value{Kind: muster.KindDatetime, Instant: p.created}
	case code == "email" && p.email != "":
		return muster.Value{Kind: muster.KindText, Text: p.email}
	}
	return p.fields[code]
}

func (p *person) standing(kind muster.DecisionKind, code string) muster.Decision {
	best := muster.Decision{Kind: kind, Code: code}
	for _, d := range p.decisions {
		if d.Kind == kind && d.Code == code && (best.State == muster.Undecided || d.Stands(best)) {
			best = d
		}
	}
	return best
}

func fits(a muster.Activity, types, channels []string, where []plan.Filter) bool {
	if types != nil && !slices.Contains(types, a.Type) || channels != nil && !slices.Contains(channels, a.Channel) {
		return false
	}
	return !slices.ContainsFunc(where, func(f plan.Filter) bool { return !f.Holds(a.Attribute(f.Attribute)) })
}

func (p *person) acted(n *plan.Acted) bool {
	var sum plan.Int128
	var rows, count int64
	var smallest, largest muster.Decimal
	texts := map[string]bool{}
	for _, a := range p.activities {
		if a.At < n.From || a.At >= n.To || !fits(a.Activity, n.Types, n.Channels, n.Where) {
			continue
		}
		rows++
		value := a.Attribute(n.Attribute)
		if folded, ok := plan.ReadText(value); ok {
			texts[folded] = true
		}
		if x, ok := plan.ReadNumber(value); ok {
			if count == 0 || x < smallest {
				smallest = x
			}
			if count == 0 || x > largest {
				largest = x
			}
			count++
			sum = sum.AddDecimal(x)
		}
	}
	if rows == 0 {
		return false
	}
	switch n.Measure {
	case plan.Count:
		return n.Compare.HoldsCount(rows)
	case plan.Distinct:
		return len(texts) > 0 && n.Compare.HoldsCount(int64(len(texts)))
	case plan.Sum:
		return count > 0 && n.Compare.HoldsSum(sum)
	case plan.Average:
		return count > 0 && n.Compare.HoldsRatio(sum, count)
	case plan.Smallest:
		return count > 0 && n.Compare.Holds(smallest)
	case plan.Largest:
		return count > 0 && n.Compare.Holds(largest)
	}
	panic("unknown measure")
}

// follows tries every assignment of activities to the steps from one on.
func (p *person) follows(n *plan.Sequence, step int, last muster.Instant, used map[int]bool) bool {
	if step == len(n.Steps) {
		return true
	}
	s := n.Steps[step]
	for i, a := range p.activities {
		if used[i] || a.At < n.From || a.At >= n.To || a.At < last || !fits(a.Activity, s.Types, s.Channels, s.Where) {
			continue
		}
		if step > 0 && s.Within > 0 && int64(a.At-last) > s.Within {
			continue
		}
		used[i] = true
		if p.follows(n, step+1, a.At, used) {
			return true
		}
		delete(used, i)
	}
	return false
}

func (p *person) listed(n *plan.Latest) bool {
	type state struct {
		at      muster.Instant
		removed bool
	}
	keys := map[string]state{}
	for _, a := range p.activities {
		removed := slices.Contains(n.Remove, a.Type)
		if !removed && !slices.Contains(n.Add, a.Type) || !fits(a.Activity, nil, n.Channels, nil) {
			continue
		}
		key, ok := plan.ReadText(a.Attribute(n.Key))
		if !ok {
			continue
		}
		old, known := keys[key]
		if !known || a.At > old.at {
			keys[key] = state{a.At, removed}
		} else if a.At == old.at && removed {
			keys[key] = state{a.At, true}
		}
	}
	on := 0
	for key, s := range keys {
		if !s.removed && (len(n.Keys) == 0 || slices.Contains(n.Keys, key)) {
			on++
		}
	}
	if len(n.Keys) > 0 {
		return on >= 1
	}
	return on >= n.AtLeast
}
