package definition

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// toJSON prints a node as JSON. Numbers keep their digits, and what YAML takes
// for a timestamp is a text, as it is in JSON.
func toJSON(node *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	err := writeJSON(&b, node, 0)
	return b.Bytes(), err
}

// deepest bounds how deep definitions nest, and so what aliases can grow to.
const deepest = 50

func writeJSON(b *bytes.Buffer, node *yaml.Node, depth int) error {
	if depth > deepest {
		return fmt.Errorf("nested more than %d deep", deepest)
	}
	switch node.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i < len(node.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			text(b, node.Content[i].Value)
			b.WriteByte(':')
			if err := writeJSON(b, node.Content[i+1], depth+1); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, item := range node.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, item, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case yaml.ScalarNode:
		switch {
		case node.Tag == "!!null":
			b.WriteString("null")
		case node.Tag == "!!bool":
			b.WriteString(strings.ToLower(node.Value))
		case (node.Tag == "!!int" || node.Tag == "!!float") && json.Valid([]byte(node.Value)):
			b.WriteString(node.Value)
		default:
			text(b, node.Value)
		}
	default:
		return fmt.Errorf("line %d: expected plain values, no aliases", node.Line)
	}
	return nil
}

func text(b *bytes.Buffer, s string) {
	quoted, _ := json.Marshal(s) // a string always marshals
	b.Write(quoted)
}

// toYAML prints a value by way of its JSON, whose keys are in one order.
// Lists of plain values stand on one line.
func toYAML(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	var node yaml.Node
	if err := yaml.Unmarshal(raw, &node); err != nil {
		return "", err
	}
	plain(&node)
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(&node); err != nil {
		return "", err
	}
	return b.String(), encoder.Close()
}

// plain takes the style of JSON off a node.
func plain(node *yaml.Node) {
	node.Style = 0
	scalars := true
	for _, child := range node.Content {
		plain(child)
		scalars = scalars && child.Kind == yaml.ScalarNode
	}
	if node.Kind == yaml.SequenceNode && scalars {
		node.Style = yaml.FlowStyle
	}
}

// nodeAt follows a JSON Pointer as far as it leads.
func nodeAt(node *yaml.Node, pointer string) *yaml.Node {
	for _, key := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		var next *yaml.Node
		switch node.Kind {
		case yaml.MappingNode:
			for i := 0; i < len(node.Content); i += 2 {
				if node.Content[i].Value == key {
					next = node.Content[i+1]
				}
			}
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(node.Content) {
				next = node.Content[i]
			}
		}
		if next == nil {
			return node
		}
		node = next
	}
	return node
}
