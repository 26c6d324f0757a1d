package definition

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/muster-groups/muster"
)

// Read adds the definitions of a text to the set. Name is how errors call the
// text. It is strict: unknown keys, wrong kinds of value and codes that are
// defined twice are errors, each with its line.
func (s *Set) Read(name string, text io.Reader) error {
	decoder := yaml.NewDecoder(text)
	for {
		var document yaml.Node
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return refused(name, 0, "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		}
		if err := s.document(name, document.Content[0]); err != nil {
			return err
		}
	}
}

func refused(name string, line int, format string, args ...any) error {
	where := name
	if line > 0 {
		where = fmt.Sprintf("%s, line %d", name, line)
	}
	return muster.Errorf(muster.CodeInvalid, "%s: %s", where, fmt.Sprintf(format, args...))
}

func (s *Set) document(name string, node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
		return nil // a text of comments only
	}
	if node.Kind != yaml.MappingNode {
		return refused(name, node.Line, "expected keys such as fields and groups")
	}
	for i := 0; i < len(node.Content); i += 2 {
		key, list := node.Content[i], node.Content[i+1]
		if Kind(key.Value).single() && list.Tag != "!!null" {
			if err := s.one(name, Kind(key.Value), list); err != nil {
				return err
			}
			continue
		}
		if list.Kind != yaml.SequenceNode && list.Tag != "!!null" {
			return refused(name, list.Line, "expected a list under %s", key.Value)
		}
		for _, item := range list.Content {
			if err := s.item(name, Kind(key.Value), item); err != nil {
				return err
			}
		}
		if !isKind(Kind(key.Value)) {
			return refused(name, key.Line, "the key %q is not known here; expected settings, fields, activity_types, retention, consents, lists, channels or groups", key.Value)
		}
	}
	return nil
}

func isKind(k Kind) bool {
	for _, known := range Kinds() {
		if k == known {
			return true
		}
	}
	return false
}

// item adds one definition.
func (s *Set) item(name string, kind Kind, node *yaml.Node) error {
	raw, err := toJSON(node)
	if err != nil {
		return refused(name, node.Line, "%s", err)
	}
	var code string
	switch kind {
	case Fields:
		code, err = appendTo(&s.Fields, raw, func(f muster.Field) string { return f.Code })
	case ActivityTypes:
		code, err = appendTo(&s.ActivityTypes, raw, func(t muster.ActivityType) string { return t.Code })
	case Consents, Lists, Channels:
		code, err = appendTo(s.named(kind), raw, func(n muster.Named) string { return n.Code })
	case Groups:
		code, err = appendTo(&s.Groups, raw, func(g Group) string { return g.Code })
	default:
		return nil // the caller reports the key
	}
	if err != nil {
		line, noun := node.Line, kind.Noun()
		if code != "" {
			noun += " " + code
		}
		var e *muster.Error
		if errors.As(err, &e) && len(e.Problems) > 0 {
			if at := nodeAt(node, e.Problems[0].Location); at != nil {
				line = at.Line
			}
			return refused(name, line, "%s: %s", noun, e.Problems[0].Message)
		}
		return refused(name, line, "%s: %s", noun, strings.TrimPrefix(err.Error(), "json: "))
	}
	if code == "" {
		return refused(name, node.Line, "the %s has no code", kind.Noun())
	}
	return nil
}

// one takes what there is one of.
func (s *Set) one(name string, kind Kind, node *yaml.Node) error {
	if kind == Settings {
		return decodeOne(&s.Settings, ProjectSettings{}, name, kind, node, "time_zone and history_days")
	}
	return decodeOne(&s.Retention, usualRetention(), name, kind, node, "enabled and anonymous_days")
}

// decodeOne decodes what there is one of strictly, over its usual value.
func decodeOne[D any](into **D, usual D, name string, kind Kind, node *yaml.Node, keys string) error {
	if node.Kind != yaml.MappingNode {
		return refused(name, node.Line, "expected keys such as %s under %s", keys, kind)
	}
	if *into != nil {
		return refused(name, node.Line, "%s: it is defined twice", kind)
	}
	raw, err := toJSON(node)
	if err != nil {
		return refused(name, node.Line, "%s", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&usual); err != nil {
		return refused(name, node.Line, "%s: %s", kind, strings.TrimPrefix(err.Error(), "json: "))
	}
	*into = &usual
	return nil
}

// appendTo decodes one definition strictly. It answers the code also when it
// fails, if there is one.
func appendTo[D any](list *[]D, raw []byte, codeOf func(D) string) (string, error) {
	var d D
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		var onlyCode struct{ Code string }
		_ = json.Unmarshal(raw, &onlyCode) // for the words of the error alone
		return onlyCode.Code, err
	}
	for _, key := range []string{`"built_in"`, `"system"`} {
		if bytes.Contains(raw, []byte(key+":")) {
			return codeOf(d), fmt.Errorf("the key %s cannot be defined", key)
		}
	}
	for _, other := range *list {
		if codeOf(other) == codeOf(d) {
			return codeOf(d), errors.New("it is defined twice")
		}
	}
	*list = append(*list, d)
	return codeOf(d), nil
}
