package plan

import "iter"

// Leaves yields the leaves of a plan, from left to right, each with whether it
// stands under an even number of Nots. Everyone and Nobody are not leaves.
func Leaves(n Node) iter.Seq2[Node, bool] {
	return func(yield func(Node, bool) bool) { walk(n, true, yield) }
}

// Walk calls visit for each leaf that Leaves yields.
func Walk(n Node, visit func(leaf Node, positive bool)) {
	for leaf, positive := range Leaves(n) {
		visit(leaf, positive)
	}
}

func walk(n Node, positive bool, yield func(Node, bool) bool) bool {
	switch n := n.(type) {
	case Everyone, Nobody:
		return true
	case *All:
		return walkMembers(n.Of, positive, yield)
	case *Any:
		return walkMembers(n.Of, positive, yield)
	case *Not:
		return walk(n.Of, !positive, yield)
	}
	return yield(n, positive)
}

func walkMembers(of []Node, positive bool, yield func(Node, bool) bool) bool {
	for _, child := range of {
		if !walk(child, positive, yield) {
			return false
		}
	}
	return true
}
