package plan

import (
	"cmp"
	"slices"
)

// Canon answers the canonical form of a plan, which denotes the same set. It
// applies the simple laws only, in one pass: nested All and Any are flattened,
// their members sorted and made distinct, Everyone, Nobody and a member beside
// its own complement are simplified away, a single member stands for itself,
// two Nots cancel, lists are sorted, and a leaf that no contact can satisfy is
// Nobody. The answer may share nodes with n.
func Canon(n Node) Node {
	canonical, _ := canon(n)
	return canonical
}

// member is a canonical node with its key.
type member struct {
	node Node
	key  string
}

func canon(n Node) (Node, string) {
	switch n := n.(type) {
	case Everyone:
		return n, everyoneKey
	case Nobody:
		return n, nobodyKey
	case *All:
		return canonMembers(n.Of, true)
	case *Any:
		return canonMembers(n.Of, false)
	case *Not:
		return complement(canon(n.Of))
	}
	leaf := canonLeaf(n)
	switch leaf.(type) {
	case Everyone:
		return leaf, everyoneKey
	case Nobody:
		return leaf, nobodyKey
	}
	var w keyWriter
	w.leaf(leaf)
	return leaf, string(w)
}

// complement answers the complement of a canonical node.
func complement(n Node, key string) (Node, string) {
	switch n := n.(type) {
	case Everyone:
		return Nobody{}, nobodyKey
	case Nobody:
		return Everyone{}, everyoneKey
	case *Not:
		return n.Of, key[1:]
	}
	return &Not{Of: n}, "!" + key
}

// canonMembers simplifies an intersection (all) or a union. Both follow the
// same laws with the roles of Everyone and Nobody exchanged.
func canonMembers(of []Node, all bool) (Node, string) {
	neutral, absorbing, mark := Node(Nobody{}), Node(Everyone{}), byte('|')
	neutralKey, absorbingKey := nobodyKey, everyoneKey
	if all {
		neutral, absorbing, mark = absorbing, neutral, '&'
		neutralKey, absorbingKey = absorbingKey, neutralKey
	}
	members := make([]member, 0, len(of))
	for _, child := range of {
		node, key := canon(child)
		switch key {
		case neutralKey:
			continue
		case absorbingKey:
			return absorbing, absorbingKey
		}
		if inner, nested := nestedMembers(node, all); nested {
			for _, grandchild := range inner {
				_, key := canon(grandchild)
				members = append(members, member{grandchild, key})
			}
			continue
		}
		members = append(members, member{node, key})
	}
	slices.SortFunc(members, func(a, b member) int { return cmp.Compare(a.key, b.key) })
	members = slices.CompactFunc(members, func(a, b member) bool { return a.key == b.key })
	switch {
	case len(members) == 0:
		return neutral, neutralKey
	case len(members) == 1:
		return members[0].node, members[0].key
	case holdsComplements(members):
		return absorbing, absorbingKey
	}
	nodes := make([]Node, len(members))
	w := keyWriter{mark, '('}
	for i, m := range members {
		nodes[i] = m.node
		w = append(w, m.key...)
	}
	w.mark(')')
	if all {
		return &All{Of: nodes}, string(w)
	}
	return &Any{Of: nodes}, string(w)
}

// nestedMembers answers the members of a canonical node that combines them in
// the same way as its parent.
func nestedMembers(n Node, all bool) ([]Node, bool) {
	switch n := n.(type) {
	case *All:
		return n.Of, all
	case *Any:
		return n.Of, !all
	}
	return nil, false
}

// holdsComplements reports whether a member and its complement are both there.
// Nots sort before everything else, since no other key begins with "!".
func holdsComplements(sorted []member) bool {
	for _, m := range sorted {
		if m.key[0] != '!' {
			return false
		}
		_, found := slices.BinarySearchFunc(sorted, m.key[1:], func(m member, key string) int { return cmp.Compare(m.key, key) })
		if found {
			return true
		}
	}
	return false
}
