package script

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/muster-groups/muster"
)

// parseCondition reads a condition: the document itself when the input begins
// with a brace, else the compact form, one condition per line:
//
//	visited-page {"pages": ["/pricing"]}
//	not any
//	  consent {"consent": "tracking"}
//	  not identified
//
// A line all, any, not all or not any is a group of the deeper lines after it.
// Lines of groups only are the condition's groups; otherwise all lines make
// one. The match of the outermost lines is the command's argument, all by
// default.
func parseCondition(input, match string) (muster.Condition, error) {
	if strings.HasPrefix(strings.TrimSpace(input), "{") {
		return muster.ParseCondition([]byte(input))
	}
	if match == "" {
		match = "all"
	}
	nodes, rest, err := compactNodes(lines(input), 0)
	if err != nil {
		return muster.Condition{}, err
	}
	if len(rest) > 0 {
		return muster.Condition{}, fmt.Errorf("the line %q is indented less than the first", rest[0])
	}
	groupsOnly := true
	for _, n := range nodes {
		_, isGroup := n["conditions"]
		groupsOnly = groupsOnly && isGroup
	}
	document := map[string]any{"match": match, "groups": nodes}
	switch {
	case len(nodes) == 0:
		document = map[string]any{"match": "all", "groups": []any{}}
	case !groupsOnly:
		document = map[string]any{"match": "all", "groups": []any{map[string]any{"match": match, "conditions": nodes}}}
	}
	b, err := json.Marshal(document)
	if err != nil {
		return muster.Condition{}, err
	}
	return muster.ParseCondition(b)
}

// compactNodes reads the lines of one indentation and answers the rest.
func compactNodes(list []string, indent int) (nodes []map[string]any, rest []string, err error) {
	for len(list) > 0 {
		at := len(list[0]) - len(strings.TrimLeft(list[0], " "))
		if at < indent {
			return nodes, list, nil
		}
		if at > indent {
			return nil, nil, fmt.Errorf("the line %q is indented without a group before it", list[0])
		}
		text := strings.TrimSpace(list[0])
		node := map[string]any{}
		if t, negated := strings.CutPrefix(text, "not "); negated {
			node["not"], text = true, strings.TrimSpace(t)
		}
		list = list[1:]
		if text == "all" || text == "any" {
			var children []map[string]any
			if len(list) > 0 {
				if deeper := len(list[0]) - len(strings.TrimLeft(list[0], " ")); deeper > indent {
					if children, list, err = compactNodes(list, deeper); err != nil {
						return nil, nil, err
					}
				}
			}
			if children == nil {
				children = []map[string]any{}
			}
			node["match"], node["conditions"] = text, children
			nodes = append(nodes, node)
			continue
		}
		name, params, written := strings.Cut(text, " ")
		node["type"] = name
		if written {
			if !json.Valid([]byte(params)) {
				return nil, nil, fmt.Errorf("the parameters of %q are not JSON", text)
			}
			node["params"] = json.RawMessage(params)
		}
		nodes = append(nodes, node)
	}
	return nodes, nil, nil
}
