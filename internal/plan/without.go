package plan

import (
	"slices"

	"github.com/muster-groups/muster"
)

// Without answers the plan that denotes what n would if there were no
// activities of some types before an instant each. Not every leaf can say that:
// exact is false when one cannot, and then the plan means nothing.
func Without(n Node, aged map[string]muster.Instant) (without Node, exact bool) {
	switch n := n.(type) {
	case *All:
		of, exact := withoutEach(n.Of, aged)
		return &All{Of: of}, exact
	case *Any:
		of, exact := withoutEach(n.Of, aged)
		return &Any{Of: of}, exact
	case *Not:
		of, exact := Without(n.Of, aged)
		return &Not{Of: of}, exact
	case *Acted:
		return actedWithout(n, aged)
	case *Sequence:
		var types []string
		for _, step := range n.Steps {
			if step.Types == nil {
				return n, !reaches(nil, n.From, n.To, aged)
			}
			types = append(types, step.Types...)
		}
		from, same := begins(types, n.From, n.To, aged)
		narrowed := *n
		narrowed.From = from
		return &narrowed, same
	case *Latest: // it has no window that could begin later
		return n, !reaches(slices.Concat(n.Add, n.Remove), muster.Beginning, muster.Forever, aged)
	}
	return n, true
}

func withoutEach(nodes []Node, aged map[string]muster.Instant) (out []Node, exact bool) {
	out, exact = make([]Node, len(nodes)), true
	for i, n := range nodes {
		var one bool
		out[i], one = Without(n, aged)
		exact = exact && one
	}
	return out, exact
}

func actedWithout(n *Acted, aged map[string]muster.Instant) (Node, bool) {
	if n.Types == nil {
		return n, !reaches(nil, n.From, n.To, aged)
	}
	if from, same := begins(n.Types, n.From, n.To, aged); same {
		narrowed := *n
		narrowed.From = from
		return &narrowed, true
	}
	if n.Measure != Count || n.Compare.Op != AtLeast || n.Compare.A != muster.DecimalOne {
		return n, false
	}
	var each []Node // that there is one can be said of each type
	for _, t := range n.Types {
		one := *n
		one.Types, one.From = []string{t}, max(n.From, since(t, aged))
		each = append(each, &one)
	}
	return &Any{Of: each}, true
}

// since is from when on activities of a type are left.
func since(activityType string, aged map[string]muster.Instant) muster.Instant {
	if from, known := aged[activityType]; known {
		return from
	}
	return muster.Beginning
}

// begins answers where a window of some types begins without the aged
// activities; same is false when that depends on the type.
func begins(types []string, from, to muster.Instant, aged map[string]muster.Instant) (begin muster.Instant, same bool) {
	begin, same = from, true
	for i, t := range types {
		later := min(max(from, since(t, aged)), max(from, to))
		if i == 0 {
			begin = later
		}
		same = same && later == begin
	}
	return begin, same
}

// reaches reports whether a window of some types, nil for all, holds a time at
// which aged activities may be.
func reaches(types []string, from, to muster.Instant, aged map[string]muster.Instant) bool {
	for t, before := range aged {
		if (types == nil || slices.Contains(types, t)) && from < before && from < to {
			return true
		}
	}
	return false
}
