package plan

import (
	"cmp"
	"slices"
	"strings"
)

// canonLeaf sorts the lists of a leaf, and answers Nobody or Everyone for one
// that holds for no contact or for all.
func canonLeaf(n Node) Node {
	switch n := n.(type) {
	case *Field:
		pred := canonPredicate(n.Pred)
		if neverHolds(pred) {
			return Nobody{}
		}
		return &Field{Code: n.Code, Pred: pred}
	case *Acted:
		if n.From >= n.To || neverPass(n.Where) {
			return Nobody{}
		}
		leaf := *n
		leaf.Types, leaf.Channels = canonTexts(n.Types), canonTexts(n.Channels)
		leaf.Where = canonFilters(n.Where)
		return &leaf
	case *Sequence:
		return canonSequence(n)
	case *Latest:
		leaf := *n
		leaf.Add, leaf.Remove = canonTexts(n.Add), canonTexts(n.Remove)
		leaf.Channels, leaf.Keys = canonTexts(n.Channels), canonTexts(n.Keys)
		return &leaf
	case *Decided:
		if n.From >= n.To {
			return Nobody{}
		}
	case *Sample:
		switch {
		case n.From >= n.To:
			return Nobody{}
		case n.From == 0 && n.To >= Buckets:
			return Everyone{}
		}
	}
	return n
}

func canonSequence(n *Sequence) Node {
	if n.From >= n.To {
		return Nobody{}
	}
	leaf := *n
	leaf.Steps = slices.Clone(n.Steps)
	for i := range leaf.Steps {
		step := &leaf.Steps[i]
		if neverPass(step.Where) {
			return Nobody{}
		}
		step.Types, step.Channels = canonTexts(step.Types), canonTexts(step.Channels)
		step.Where = canonFilters(step.Where)
	}
	return &leaf
}

// canonTexts answers the list sorted and distinct, nil when it is empty. Most
// lists already are, and are answered as they stand.
func canonTexts(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	for i := 1; i < len(list); i++ {
		if list[i-1] >= list[i] {
			list = slices.Clone(list)
			slices.Sort(list)
			return slices.Compact(list)
		}
	}
	return list
}

func canonPredicate(p Predicate) Predicate {
	switch p := p.(type) {
	case Text:
		p.Values = canonTexts(p.Values)
		return p
	case Choices:
		p.Values = canonTexts(p.Values)
		// Of a single code, any and all are the same.
		p.All = p.All && len(p.Values) != 1
		return p
	case MonthDays:
		p.Ranges = canonRanges(p.Ranges)
		return p
	}
	return p
}

func canonRanges(ranges [][2]int) [][2]int {
	ranges = slices.Clone(ranges)
	slices.SortFunc(ranges, func(a, b [2]int) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	return slices.Compact(ranges)
}

func canonFilters(filters []Filter) []Filter {
	if len(filters) == 0 {
		return nil
	}
	type keyed struct {
		filter Filter
		key    string
	}
	list := make([]keyed, len(filters))
	for i, f := range filters {
		f.Pred = canonPredicate(f.Pred)
		var w keyWriter
		w.filter(&f)
		list[i] = keyed{f, string(w)}
	}
	slices.SortFunc(list, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	list = slices.CompactFunc(list, func(a, b keyed) bool { return a.key == b.key })
	out := make([]Filter, len(list))
	for i := range list {
		out[i] = list[i].filter
	}
	return out
}

// neverPass reports whether no activity can pass the filters.
func neverPass(filters []Filter) bool {
	for _, f := range filters {
		if !f.Not && !f.Missing && neverHolds(f.Pred) {
			return true
		}
	}
	return false
}

// neverHolds reports whether plainly no value satisfies the predicate.
func neverHolds(p Predicate) bool {
	switch p := p.(type) {
	case Text:
		return len(p.Values) == 0
	case Number:
		return p.Compare.Op == Between && p.Compare.A > p.Compare.B
	case DateRange:
		return p.From >= p.To
	case InstantRange:
		return p.From >= p.To
	case MonthDays:
		return len(p.Ranges) == 0
	case Choices:
		return len(p.Values) == 0 && !p.All
	}
	return false
}
