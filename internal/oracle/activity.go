package oracle

import (
	"math/big"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

// test is a further demand of a condition type on each activity.
type test func(muster.Activity) bool

// activities answers the person's activities of the types (none is every type)
// that satisfy the common parameters and the tests.
func (q *question) activities(a *catalog.Args, types ...string) []muster.Activity {
	return q.activitiesThat(a, types)
}

func (q *question) activitiesThat(a *catalog.Args, types []string, tests ...test) []muster.Activity {
	within := q.cal.window(a.Window)
	return q.find(types, a.Channels, a.Where, append([]test{func(activity muster.Activity) bool { return within(activity.At) }}, tests...)...)
}

// ofTypes answers the activities of any time.
func (q *question) ofTypes(types, channels []string, where []catalog.Filter) []muster.Activity {
	return q.find(types, channels, where)
}

func (q *question) find(types, channels []string, where []catalog.Filter, tests ...test) []muster.Activity {
	var found []muster.Activity
	for i := range q.p.Activities {
		a := &q.p.Activities[i]
		ok := (len(types) == 0 || slices.Contains(types, a.Type)) && (len(channels) == 0 || slices.Contains(channels, a.Channel))
		for k := 0; ok && k < len(tests); k++ {
			ok = tests[k](*a)
		}
		if ok && q.satisfies(*a, where) {
			found = append(found, *a)
		}
	}
	return found
}

// satisfies reports whether all filters hold on the one activity.
func (q *question) satisfies(a muster.Activity, where []catalog.Filter) bool {
	for _, f := range where {
		c := comparison{op: f.Op, text: f.Text, numbers: f.Numbers, dates: f.Dates, length: f.Length, days: f.Days, missing: f.Missing}
		if !c.holds(attribute(a, f.Attribute, f.Type), q.cal) {
			return false
		}
	}
	return true
}

// isOne demands that the attribute is one of the codes; no codes demand nothing.
func isOne(name string, codes ...string) test {
	return func(a muster.Activity) bool {
		v := attribute(a, name, muster.TextAttribute)
		return len(codes) == 0 || (v.text != "" && isOneOf(v.text, codes))
	}
}

// compares demands the leaf's own operator of the attribute, read as a number
// when the operator compares numbers.
func (q *question) compares(name string, args *catalog.Args) test {
	as := muster.TextAttribute
	if len(args.Numbers) > 0 {
		as = muster.NumberAttribute
	}
	return func(a muster.Activity) bool {
		return comparisonOf(args).holds(attribute(a, name, as), q.cal)
	}
}

// counts reports whether so many activities satisfy the times parameter.
func counts(found []muster.Activity, times catalog.Times) bool {
	n := len(found)
	return n >= times.Min && (times.Max < 0 || n <= times.Max)
}

// performed asks for each type with mode all, else for the total.
func (q *question) performed(a *catalog.Args) bool {
	if a.Mode != muster.MatchAll {
		return counts(q.activities(a, a.Types...), a.Times)
	}
	for _, t := range a.Types {
		if !counts(q.activities(a, t), a.Times) {
			return false
		}
	}
	return true
}

// inactive is created at least that long ago and no activity since.
func (q *question) inactive(a *catalog.Args) bool {
	if q.p.CreatedAt > q.cal.bound(a.Length, -1) {
		return false
	}
	since := catalog.Window{Last: &a.Length}
	for _, activity := range q.ofTypes(nil, a.Channels, a.Where) {
		if q.cal.within(activity.At, since) {
			return false
		}
	}
	return true
}

// total is the sum of an attribute; activities without a number add nothing.
func total(found []muster.Activity, name string) *big.Rat {
	sum := new(big.Rat)
	for _, x := range numbers(found, name) {
		sum.Add(sum, x)
	}
	return sum
}

func numbers(found []muster.Activity, name string) []*big.Rat {
	var list []*big.Rat
	for _, a := range found {
		if x := attribute(a, name, muster.NumberAttribute).number; x != nil {
			list = append(list, x)
		}
	}
	return list
}

// measure computes a measure over activities; without anything to measure sum
// and distinct are 0 and the others missing.
func measure(found []muster.Activity, name, how string) value {
	if how == "distinct" {
		seen := map[string]bool{}
		for _, a := range found {
			if text := fold(attribute(a, name, muster.TextAttribute).text); text != "" {
				seen[text] = true
			}
		}
		return value{number: whole(len(seen))}
	}
	sum, list := total(found, name), numbers(found, name)
	if how == "sum" {
		return value{number: sum}
	}
	if len(list) == 0 {
		return value{}
	}
	switch how {
	case "average":
		return value{number: new(big.Rat).Quo(sum, whole(len(list)))}
	case "smallest":
		return value{number: slices.MinFunc(list, (*big.Rat).Cmp)}
	case "largest":
		return value{number: slices.MaxFunc(list, (*big.Rat).Cmp)}
	}
	panic("oracle: measure " + how + " is not known")
}

// spent compares the sum of order amounts with either limit or both.
func (q *question) spent(a *catalog.Args) bool {
	sum := total(q.activities(a, "purchase"), "amount")
	return (a.AtLeast == nil || sum.Cmp(rational(*a.AtLeast)) >= 0) &&
		(a.AtMost == nil || sum.Cmp(rational(*a.AtMost)) <= 0)
}

// firstOrLast reports whether the first (or last) activity lies in the window.
func (q *question) firstOrLast(a *catalog.Args, last bool) bool {
	found := q.ofTypes(a.Types, a.Channels, a.Where)
	if len(found) == 0 {
		return false
	}
	edge := found[0].At
	for _, activity := range found {
		if last {
			edge = max(edge, activity.At)
		} else {
			edge = min(edge, activity.At)
		}
	}
	return q.cal.within(edge, a.Window)
}

// sequence tries every assignment of different activities to the steps.
func (q *question) sequence(a *catalog.Args) bool {
	used := map[int]bool{}
	var assign func(step int, previous muster.Instant) bool
	assign = func(step int, previous muster.Instant) bool {
		if step == len(a.Steps) {
			return true
		}
		s := a.Steps[step]
		for i, activity := range q.p.Activities {
			ok := !used[i] && q.cal.within(activity.At, a.Window) &&
				(len(s.Types) == 0 || slices.Contains(s.Types, activity.Type)) &&
				(len(a.Channels) == 0 || slices.Contains(a.Channels, activity.Channel)) &&
				q.satisfies(activity, s.Where)
			if ok && step > 0 {
				ok = activity.At >= previous && (s.Within == nil || int64(activity.At-previous) <= s.Within.N*secondsPer[s.Within.Unit])
			}
			if !ok {
				continue
			}
			used[i] = true
			if assign(step+1, activity.At) {
				return true
			}
			used[i] = false
		}
		return false
	}
	return assign(0, 0)
}

// wishlist finds out what is on the list now: per product the latest addition
// or removal decides, and a removal at the same instant as an addition wins.
func (q *question) wishlist(a *catalog.Args) bool {
	const added, removed = "product_added_to_wishlist", "product_removed_from_wishlist"
	addedAt, removedAt := map[string]muster.Instant{}, map[string]muster.Instant{}
	for _, activity := range q.ofTypes([]string{added, removed}, a.Channels, a.Where) {
		product := fold(attribute(activity, "product", muster.TextAttribute).text)
		latest := addedAt
		if activity.Type == removed {
			latest = removedAt
		}
		if at, known := latest[product]; product != "" && (!known || activity.At > at) {
			latest[product] = activity.At
		}
	}
	var listed []string
	for product, at := range addedAt {
		if gone, wasRemoved := removedAt[product]; !wasRemoved || gone < at {
			listed = append(listed, product)
		}
	}
	if len(a.Codes) > 0 {
		return slices.ContainsFunc(listed, func(product string) bool { return isOneOf(product, a.Codes) })
	}
	return len(listed) >= a.Count
}
