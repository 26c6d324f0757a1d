package muster

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The standard decoder forgets what a strict language must see: the order of
// keys, duplicates, and where a value stood. So a document is first read into
// a small tree; parsing and normalising then work on the tree.

// jsonTree is one JSON value.
type jsonTree struct {
	kind    byte   // one of { [ " 0 t n: object, array, text, number, boolean, null
	text    string // the text, or the literal of a number or boolean
	members []jsonMember
	items   []*jsonTree
}

type jsonMember struct {
	key   string
	value *jsonTree
}

// maxJSONDepth bounds recursion; it is far above any limit of the language.
const maxJSONDepth = 1000

// readJSON reads one value and nothing after it. Duplicate keys and texts with
// the character U+0000 are reported as problems; a tree is answered whenever
// the syntax is sound.
func readJSON(data []byte) (*jsonTree, []Problem) {
	if !utf8.Valid(data) {
		return nil, []Problem{{Code: "invalid_json", Message: "The document is not valid UTF-8."}}
	}
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, []Problem{syntaxProblem(data, err)}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	r := jsonReader{decoder: decoder}
	tree := r.value("", 0)
	if r.err != nil {
		return nil, []Problem{{Code: "invalid_json", Message: "The document cannot be read as JSON: " + r.err.Error() + "."}}
	}
	return tree, r.problems
}

func syntaxProblem(data []byte, err error) Problem {
	var syntax *json.SyntaxError
	if len(bytes.TrimSpace(data)) == 0 {
		return Problem{Code: "invalid_json", Message: "Expected a JSON object, found nothing."}
	}
	if !errors.As(err, &syntax) {
		return Problem{Code: "invalid_json", Message: "The document is not JSON: " + err.Error() + "."}
	}
	if strings.HasSuffix(syntax.Error(), "after top-level value") {
		return Problem{Code: "trailing_data", Message: fmt.Sprintf("Expected the end of the document, found more data at byte %d.", syntax.Offset)}
	}
	before := data[:min(int64(len(data)), max(syntax.Offset-1, 0))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return Problem{Code: "invalid_json", Message: fmt.Sprintf("The document is not JSON: %s at line %d, column %d.", syntax, line, column)}
}

type jsonReader struct {
	decoder  *json.Decoder
	problems []Problem
	err      error
}

func (r *jsonReader) value(at string, depth int) *jsonTree {
	token, err := r.decoder.Token()
	if err == nil && depth > maxJSONDepth {
		err = fmt.Errorf("more than %d levels", maxJSONDepth)
	}
	if err != nil {
		r.fail(err)
		return &jsonTree{kind: 'n'}
	}
	switch t := token.(type) {
	case string:
		r.checkText(at, t)
		return &jsonTree{kind: '"', text: t}
	case json.Number:
		return &jsonTree{kind: '0', text: t.String()}
	case bool:
		return &jsonTree{kind: 't', text: fmt.Sprint(t)}
	case json.Delim:
		if t == '{' {
			return r.object(at, depth)
		}
		tree := &jsonTree{kind: '['}
		for r.err == nil && r.decoder.More() {
			tree.items = append(tree.items, r.value(fmt.Sprintf("%s/%d", at, len(tree.items)), depth+1))
		}
		r.end()
		return tree
	}
	return &jsonTree{kind: 'n'}
}

func (r *jsonReader) object(at string, depth int) *jsonTree {
	tree := &jsonTree{kind: '{'}
	seen := map[string]bool{}
	for r.err == nil && r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			r.fail(err)
			return tree
		}
		key, _ := token.(string)
		place := at + "/" + PointerToken(key)
		r.checkText(place, key)
		value := r.value(place, depth+1)
		if seen[key] {
			r.problems = append(r.problems, Problem{Location: place, Code: "duplicate_key", Message: fmt.Sprintf("The key %q is written twice; expected it once.", key)})
			continue
		}
		seen[key] = true
		tree.members = append(tree.members, jsonMember{key, value})
	}
	r.end()
	return tree
}

// end reads the closing bracket.
func (r *jsonReader) end() {
	if r.err == nil {
		if _, err := r.decoder.Token(); err != nil {
			r.fail(err)
		}
	}
}

func (r *jsonReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// checkText refuses U+0000, which PostgreSQL cannot keep in a text.
func (r *jsonReader) checkText(at, text string) {
	if strings.ContainsRune(text, 0) {
		r.problems = append(r.problems, Problem{Location: at, Code: "invalid_text", Message: "A text cannot contain the character U+0000."})
	}
}

// appendTo prints the tree compactly, each value in one way only, so that
// printing what was read from a print gives the same bytes.
func (t *jsonTree) appendTo(b []byte) []byte {
	switch t.kind {
	case '{':
		b = append(b, '{')
		for i, m := range t.members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSONText(b, m.key), ':')
			b = m.value.appendTo(b)
		}
		return append(b, '}')
	case '[':
		b = append(b, '[')
		for i, item := range t.items {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.appendTo(b)
		}
		return append(b, ']')
	case '"':
		return appendJSONText(b, t.text)
	case 'n':
		return append(b, "null"...)
	}
	return append(b, t.text...)
}

// kindName is how a message calls the kind of value that was found.
func (t *jsonTree) kindName() string {
	return map[byte]string{'{': "an object", '[': "an array", '"': "a text", '0': "a number", 't': "a boolean", 'n': "null"}[t.kind]
}

// appendJSONText prints a text without escaping < > &, which have no meaning here.
func appendJSONText(b []byte, text string) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return append(b, `""`...) // unreachable: a text always encodes
	}
	return append(b, bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))...)
}

// PointerToken escapes one step of a JSON Pointer (RFC 6901).
func PointerToken(key string) string { return pointerEscapes.Replace(key) }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")
