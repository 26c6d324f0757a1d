package muster

import (
	"bytes"
	"encoding/json"
	"fmt"
)

func printCondition(c Condition) ([]byte, error) {
	b := append([]byte(`{"version":1,"match":`), matchText(c.Match)...)
	b = append(b, `,"groups":[`...)
	for i, g := range c.Groups {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = printGroup(b, g); err != nil {
			return nil, err
		}
	}
	return append(b, "]}"...), nil
}

func printGroup(b []byte, g *ConditionGroup) ([]byte, error) {
	b = append(append(b, `{"match":`...), matchText(g.Match)...)
	if g.Not {
		b = append(b, `,"not":true`...)
	}
	b = append(b, `,"conditions":[`...)
	for i, node := range g.Conditions {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		switch n := node.(type) {
		case *ConditionGroup:
			b, err = printGroup(b, n)
		case *Leaf:
			b, err = printLeaf(b, n)
		default:
			err = fmt.Errorf("a condition group holds a %T", node)
		}
		if err != nil {
			return nil, err
		}
	}
	return append(b, "]}"...), nil
}

func printLeaf(b []byte, l *Leaf) ([]byte, error) {
	b = appendJSONText(append(b, `{"type":`...), l.Type)
	if l.Not {
		b = append(b, `,"not":true`...)
	}
	if len(l.Params) > 0 {
		var params bytes.Buffer
		if err := json.Compact(&params, l.Params); err != nil {
			return nil, fmt.Errorf("the parameters of the condition %q are not JSON: %w", l.Type, err)
		}
		b = append(append(b, `,"params":`...), params.Bytes()...)
	}
	return append(b, '}'), nil
}

func matchText(m Match) []byte {
	if m == "" {
		m = MatchAll
	}
	return appendJSONText(nil, string(m))
}
