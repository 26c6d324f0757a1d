package citus

import "encoding/json"

// node is a node of the parsed statement: its members by name, and under the one
// name of its kind where it can be of several kinds.
type node map[string]json.RawMessage

func child(text json.RawMessage) (n node) {
	_ = json.Unmarshal(text, &n) // a list or a plain value has no members
	return n
}

func (n node) at(name string) node { return child(n[name]) }

func (n node) text(name string) (s string) {
	_ = json.Unmarshal(n[name], &s) // missing is empty
	return s
}

// yes reports whether a member is there: what is false or empty is left out.
func (n node) yes(name string) bool { return len(n[name]) > 0 }

func (n node) list(name string) (list []node) {
	_ = json.Unmarshal(n[name], &list) // missing is empty
	return list
}

// names are the texts of a list of names.
func names(list []node) (all []string) {
	for _, n := range list {
		all = append(all, n.at("String").text("sval"))
	}
	return all
}

// walk calls visit for every node below that has a kind, with that and its
// members, and goes on below those of which it answers true.
func (n node) walk(visit func(kind string, n node) bool) {
	for name, text := range n {
		walk(name, text, visit)
	}
}

func walk(name string, text json.RawMessage, visit func(string, node) bool) {
	if len(text) == 0 {
		return
	}
	switch text[0] {
	case '{':
		n := child(text)
		if name != "" && name[0] >= 'A' && name[0] <= 'Z' && !visit(name, n) {
			return
		}
		n.walk(visit)
	case '[':
		var list []json.RawMessage
		_ = json.Unmarshal(text, &list) // the parser's own
		for _, of := range list {
			walk("", of, visit)
		}
	}
}
