// Package plantest evaluates plans naively: one contact at a time, over
// everything known about it, without any index. It serves tests of lowering, of
// movement and of stores, as the dullest reading of what the nodes of package
// plan say.
//
// It must not know conditions or stores, and no product code may import it.
// Unlike the oracle, it reads plans and shares predicates with package plan.
package plantest

import (
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// Contact is a parent contact with everything known about it. Its fields,
// decisions that stand, email and instants are those of the embedded Contact.
type Contact struct {
	muster.Contact
	Activities []muster.Activity
	Groups     []muster.GroupNo
}

// Value answers what a plan.Field reads, also of email and created_at.
func (c *Contact) Value(code string) muster.Value {
	switch code {
	case "created_at":
		return muster.Value{Kind: muster.KindDatetime, Instant: c.CreatedAt}
	case "email":
		if c.Email == "" {
			return muster.Value{}
		}
		return muster.Value{Kind: muster.KindText, Text: c.Email}
	}
	return c.Fields[code]
}

// Holds reports whether the contact is in the set that the plan denotes.
func Holds(n plan.Node, c *Contact) bool {
	switch n := n.(type) {
	case plan.Everyone:
		return true
	case *plan.All:
		return !slices.ContainsFunc(n.Of, func(child plan.Node) bool { return !Holds(child, c) })
	case *plan.Any:
		return slices.ContainsFunc(n.Of, func(child plan.Node) bool { return Holds(child, c) })
	case *plan.Not:
		return !Holds(n.Of, c)
	case *plan.Field:
		return plan.MatchValue(n.Pred, c.Value(n.Code))
	case *plan.Acted:
		return acted(n, c)
	case *plan.Sequence:
		return sequence(n, 0, nil, c)
	case *plan.Latest:
		return latest(n, c)
	case *plan.Decided:
		return slices.ContainsFunc(c.Decisions, func(d muster.Decision) bool {
			return d.Kind == n.Kind && d.Code == n.Code && d.State == n.State && n.From <= d.At && d.At < n.To
		})
	case *plan.InGroup:
		return slices.Contains(c.Groups, n.Group)
	case plan.Identified:
		return c.Email != "" || c.ExternalID != ""
	case *plan.Sample:
		return n.Holds(c.ID)
	}
	return false // Nobody
}

// Moves reports whether one of the moves can have taken the contact into the set,
// or out of it.
func Moves(moves []plan.Move, c *Contact, in bool) bool {
	other := plan.OnlyIn
	if in {
		other = plan.OnlyOut
	}
	return slices.ContainsFunc(moves, func(m plan.Move) bool { return m.Effect != other && Names(m.Fact, c) })
}

// Names reports whether the fact names the contact.
func Names(f plan.Fact, c *Contact) bool {
	switch f := f.(type) {
	case plan.ActedFact:
		return slices.ContainsFunc(c.Activities, func(a muster.Activity) bool {
			return matches(a, f.Types, f.Channels, f.Where, f.From, f.To)
		})
	case plan.DecidedFact:
		return slices.ContainsFunc(c.Decisions, func(d muster.Decision) bool {
			return d.Kind == f.Kind && d.Code == f.Code && f.From <= d.At && d.At < f.To
		})
	case plan.FieldDateFact:
		return plan.MatchValue(plan.DateRange{From: f.From, To: f.To}, c.Value(f.Code))
	case plan.FieldInstantFact:
		return plan.MatchValue(plan.InstantRange{From: f.From, To: f.To}, c.Value(f.Code))
	case plan.FieldMonthDaysFact:
		return plan.MatchValue(plan.MonthDays{Ranges: f.Ranges, Zone: f.Zone}, c.Value(f.Code))
	}
	return false
}

func matches(a muster.Activity, types, channels []string, where []plan.Filter, from, to muster.Instant) bool {
	if types != nil && !slices.Contains(types, a.Type) || channels != nil && !slices.Contains(channels, a.Channel) {
		return false
	}
	if a.At < from || a.At >= to {
		return false
	}
	return !slices.ContainsFunc(where, func(f plan.Filter) bool { return !f.Holds(a.Attribute(f.Attribute)) })
}

func acted(n *plan.Acted, c *Contact) bool {
	var count int64
	var sum plan.Int128
	var numbers []muster.Decimal
	texts := map[string]bool{}
	for _, a := range c.Activities {
		if !matches(a, n.Types, n.Channels, n.Where, n.From, n.To) {
			continue
		}
		count++
		value := a.Attribute(n.Attribute)
		if folded, ok := plan.ReadText(value); ok {
			texts[folded] = true
		}
		if number, ok := plan.ReadNumber(value); ok {
			numbers = append(numbers, number)
			sum = sum.AddDecimal(number)
		}
	}
	switch {
	case n.Measure == plan.Count:
		return count > 0 && n.Compare.HoldsCount(count)
	case n.Measure == plan.Distinct:
		return len(texts) > 0 && n.Compare.HoldsCount(int64(len(texts)))
	case len(numbers) == 0:
		return false
	}
	switch n.Measure {
	case plan.Sum:
		return n.Compare.HoldsSum(sum)
	case plan.Average:
		return n.Compare.HoldsRatio(sum, int64(len(numbers)))
	case plan.Smallest:
		return n.Compare.Holds(slices.Min(numbers))
	case plan.Largest:
		return n.Compare.Holds(slices.Max(numbers))
	}
	return false
}

// sequence tries every activity for every step; used lists those taken so far.
func sequence(n *plan.Sequence, step int, used []int, c *Contact) bool {
	if step == len(n.Steps) {
		return true
	}
	s := n.Steps[step]
	for i, a := range c.Activities {
		if slices.Contains(used, i) || !matches(a, s.Types, s.Channels, s.Where, n.From, n.To) {
			continue
		}
		if step > 0 {
			gap := int64(a.At - c.Activities[used[step-1]].At)
			if gap < 0 || s.Within > 0 && gap > s.Within {
				continue
			}
		}
		if sequence(n, step+1, append(slices.Clone(used), i), c) {
			return true
		}
	}
	return false
}

func latest(n *plan.Latest, c *Contact) bool {
	type standing struct {
		at    muster.Instant
		added bool
	}
	list := map[string]standing{}
	for _, a := range c.Activities {
		adds, removes := slices.Contains(n.Add, a.Type), slices.Contains(n.Remove, a.Type)
		key, ok := plan.ReadText(a.Attribute(n.Key))
		if !ok || !adds && !removes || n.Channels != nil && !slices.Contains(n.Channels, a.Channel) {
			continue
		}
		before, known := list[key]
		if !known || a.At > before.at || a.At == before.at && removes {
			list[key] = standing{a.At, !removes}
		}
	}
	on := 0
	for key, s := range list {
		if s.added && (len(n.Keys) == 0 || slices.Contains(n.Keys, key)) {
			on++
		}
	}
	return on >= max(n.AtLeast, 1)
}
