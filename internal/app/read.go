package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// reader turns JSON into changes, strictly: unknown and repeated members,
// wrong types and impossible values are all reported, each with its place.
// One reader serves many documents, one at a time; what it answers does not
// refer to the bytes it read.
type reader struct {
	schema   *muster.Schema
	limits   Limits
	parser   fastjson.Parser
	problems []muster.Problem
	// words keeps the few texts that come again and again (codes, attribute
	// names), so that a bulk load does not allocate each one a million times. A
	// single request does without it: nil.
	words map[string]string
}

// maxWords bounds the memory of a reader whatever it reads.
const maxWords = 4096

func newReader(schema *muster.Schema, limits Limits) *reader {
	return &reader{schema: schema, limits: limits}
}

// parse reads one JSON document, refusing what the parser would let through.
func (r *reader) parse(data []byte) (*fastjson.Value, bool) {
	r.problems = nil
	if !utf8.Valid(data) {
		r.report("", problemJSON, "expected JSON in UTF-8")
		return nil, false
	}
	if len(bytes.TrimSpace(data)) == 0 {
		r.report("", problemJSON, "expected a JSON document, found nothing")
		return nil, false
	}
	v, err := r.parser.ParseBytes(data)
	if err == nil {
		err = fastjson.ValidateBytes(data)
	}
	if err != nil {
		r.report("", problemJSON, "expected JSON: "+jsonError(data, err))
		return nil, false
	}
	return v, true
}

// jsonError says what is wrong with a document, and where, as the standard
// library does; foreign is what the parser said.
func jsonError(data []byte, foreign error) string {
	var syntax *json.SyntaxError
	if err := json.Unmarshal(data, new(json.RawMessage)); !errors.As(err, &syntax) {
		return shortened(foreign.Error())
	}
	before := data[:min(max(int(syntax.Offset)-1, 0), len(data))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return syntax.Error() + ", in line " + itoa(line) + " at character " + itoa(column)
}

// shortened keeps a parser's message, which quotes the rest of the document,
// from repeating megabytes.
func shortened(message string) string {
	const most = 160
	if len(message) <= most {
		return message
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(message[cut]) {
		cut--
	}
	return message[:cut] + "…"
}

func (r *reader) report(at, code, message string) {
	r.problems = append(r.problems, muster.Problem{Location: at, Code: code, Message: message})
}

// failed answers the error of what was reported, nil when nothing was.
func (r *reader) failed() error {
	if len(r.problems) == 0 {
		return nil
	}
	return invalid(r.problems)
}

// word answers a text that is likely to come again.
func (r *reader) word(b []byte) string {
	if r.words == nil {
		return string(b)
	}
	if known, ok := r.words[string(b)]; ok {
		return known
	}
	s := string(b)
	if len(r.words) < maxWords && len(s) <= 64 {
		r.words[s] = s
	}
	return s
}

// object visits the members of an object. member answers whether it knows the
// key; known lists those that it does.
func (r *reader) object(at string, v *fastjson.Value, known string, member func(key []byte, v *fastjson.Value) bool) {
	o, err := v.Object()
	if err != nil {
		r.wrongType(at, "an object", v)
		return
	}
	var few [24][]byte
	seen := few[:0]
	var many map[string]bool
	o.Visit(func(key []byte, v *fastjson.Value) {
		repeated := false
		if many == nil {
			for _, k := range seen {
				repeated = repeated || bytes.Equal(k, key)
			}
			seen = append(seen, key)
			if len(seen) > cap(few) {
				many = map[string]bool{}
				for _, k := range seen {
					many[string(k)] = true
				}
			}
		} else {
			repeated = many[string(key)]
			many[string(key)] = true
		}
		switch {
		case repeated:
			r.report(pointer(at, string(key)), problemDuplicate, "expected this member once, found it again")
		case !member(key, v):
			r.report(pointer(at, string(key)), problemUnknown, quoted(string(key))+" is not known here; expected "+known)
		}
	})
}

func (r *reader) wrongType(at, expected string, v *fastjson.Value) {
	r.report(at, problemType, "expected "+expected+", found "+kindOf(v))
}

func kindOf(v *fastjson.Value) string {
	switch v.Type() {
	case fastjson.TypeNull:
		return "null"
	case fastjson.TypeObject:
		return "an object"
	case fastjson.TypeArray:
		return "an array"
	case fastjson.TypeString:
		return "a text"
	case fastjson.TypeNumber:
		return "a number"
	}
	return "a boolean"
}

// text reads a text of at most so many characters; null is the empty text.
// at is a prefix and key the member, joined only when something is wrong.
func (r *reader) text(at, key string, v *fastjson.Value, most int) string {
	if v.Type() == fastjson.TypeNull {
		return ""
	}
	b, err := v.StringBytes()
	if err != nil {
		r.wrongType(pointer(at, key), "a text", v)
		return ""
	}
	if !r.soundText(at, key, b, most) {
		return ""
	}
	return string(b)
}

// texts reads an array of texts; null is none.
func (r *reader) texts(at string, v *fastjson.Value, most int) []string {
	if v.Type() == fastjson.TypeNull {
		return nil
	}
	items, err := v.Array()
	switch {
	case err != nil:
		r.wrongType(at, "an array of texts", v)
		return nil
	case len(items) > most:
		r.report(at, problemRange, "expected at most "+itoa(most)+", found "+itoa(len(items)))
		return nil
	}
	out := make([]string, 0, len(items))
	for i, item := range items {
		out = append(out, r.text(at, itoa(i), item, 200))
	}
	return out
}

// code reads a text that is likely to come again.
func (r *reader) code(at, key string, v *fastjson.Value) string {
	b, err := v.StringBytes()
	if err != nil {
		r.wrongType(pointer(at, key), "a text", v)
		return ""
	}
	if !r.soundText(at, key, b, 200) {
		return ""
	}
	return r.word(b)
}

func (r *reader) soundText(at, key string, b []byte, most int) bool {
	switch {
	case len(b) > most && utf8.RuneCount(b) > most:
		r.report(pointer(at, key), problemRange, "expected at most "+itoa(most)+" characters, found "+itoa(utf8.RuneCount(b)))
	case bytes.IndexByte(b, 0) >= 0 || !utf8.Valid(b):
		r.report(pointer(at, key), problemInvalid, "expected a text in UTF-8 without the character U+0000")
	default:
		return true
	}
	return false
}

// instant reads an RFC 3339 instant.
func (r *reader) instant(at, key string, v *fastjson.Value) (muster.Instant, bool) {
	b, err := v.StringBytes()
	if err != nil {
		r.wrongType(pointer(at, key), "an instant such as 2026-03-01T09:30:00Z", v)
		return 0, false
	}
	t, err := muster.ParseInstant(string(b))
	if err != nil {
		r.report(pointer(at, key), problemInvalid, err.Error())
		return 0, false
	}
	return t, true
}
