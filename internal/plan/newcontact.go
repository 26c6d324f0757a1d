package plan

import "github.com/muster-groups/muster"

// NewContactMayMatch reports whether a contact of whom nothing is known yet may
// be in the set: created now, anonymous, without fields, decisions, activities
// and groups. Such a contact is touched by no change that a plan could depend
// on, and yet "has not visited" or "created today" is true of it; so a new
// contact must be evaluated for exactly the plans that say yes here and those
// that depend on what it brought.
//
// A sample may hold for a new contact, so may its complement.
func NewContactMayMatch(n Node, now muster.Instant) bool {
	may, _ := newContact(n, now)
	return may
}

// newContact answers whether a contact without facts may, and whether it must, match.
func newContact(n Node, now muster.Instant) (may, must bool) {
	switch n := n.(type) {
	case Everyone:
		return true, true
	case *All:
		may, must = true, true
		for _, child := range n.Of {
			childMay, childMust := newContact(child, now)
			may, must = may && childMay, must && childMust
		}
		return may, must
	case *Any:
		for _, child := range n.Of {
			childMay, childMust := newContact(child, now)
			may, must = may || childMay, must || childMust
		}
		return may, must
	case *Not:
		may, must = newContact(n.Of, now)
		return !must, !may
	case *Field:
		if n.Code == "created_at" {
			holds := MatchValue(n.Pred, muster.Value{Kind: muster.KindDatetime, Instant: now})
			return holds, holds
		}
	case *Sample:
		return n.From < n.To, n.From == 0 && n.To >= Buckets
	}
	return false, false
}
