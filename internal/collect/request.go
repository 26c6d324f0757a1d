package collect

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// Kinds of call, as their paths name them.
const batchCall = "batch"

// CallOf answers the call that the last step of a path means: its name, the
// first letter that analytics.js uses, or import, the old name of batch.
func CallOf(step string) (call string, ok bool) {
	switch step {
	case "identify", "i":
		return "identify", true
	case "track", "t":
		return "track", true
	case "page", "p":
		return "page", true
	case "screen", "s":
		return "screen", true
	case "alias", "a":
		return "alias", true
	case "group", "g":
		return "group", true
	case batchCall, "b", "import":
		return batchCall, true
	}
	return "", false
}

// maxMessages is how many messages one batch holds at most.
const maxMessages = 5000

// Request is a call as it was read. It is valid until its Reader reads again.
type Request struct {
	// WriteKey is the write key in the body, where browsers put it; "" when there is none.
	WriteKey string
	sentAt   time.Time
	messages []*fastjson.Value
	kinds    []string
}

// Reader reads calls, one at a time.
type Reader struct{ parser fastjson.Parser }

// Read reads the body of a call.
func (r *Reader) Read(call string, body []byte) (*Request, error) {
	if !utf8.Valid(body) {
		return nil, refused("", "invalid_json", "expected JSON in UTF-8")
	}
	v, err := r.parser.ParseBytes(body)
	if err != nil {
		return nil, refused("", "invalid_json", "expected JSON: "+cut(err.Error(), 160))
	}
	if v.Type() != fastjson.TypeObject {
		return nil, refused("", "invalid_json", "expected an object")
	}
	out := &Request{WriteKey: text(v.Get("writeKey"))}
	out.sentAt, _ = moment(v.Get("sentAt"))
	if call != batchCall {
		out.messages, out.kinds = []*fastjson.Value{v}, []string{call}
		return out, nil
	}
	batch := v.Get("batch")
	if batch == nil || batch.Type() != fastjson.TypeArray {
		return nil, refused("/batch", problemMissing, "expected an array of messages")
	}
	if out.messages, _ = batch.Array(); len(out.messages) > maxMessages {
		return nil, muster.Errorf(muster.CodeTooLarge, "expected at most %d messages in a batch, found %d", maxMessages, len(out.messages))
	}
	for _, m := range out.messages {
		kind := text(m.Get("type"))
		if kind == "" {
			kind = text(m.Get("action")) // of early libraries
		}
		out.kinds = append(out.kinds, kind)
	}
	return out, nil
}

// travel is how far apart the sender's and the server's clock may be without a
// correction: about as long as a message travels. It keeps the instant of a
// message the same however often it is sent.
const travel = 10 * time.Second

// time finds when the message happened. A sender's clock that is wrong is
// corrected by what it said when it sent: timestamp + (arrival - sentAt).
func (t *translation) time() {
	at, ok := moment(t.v.Get("originalTimestamp"))
	if !ok {
		at, ok = moment(t.v.Get("timestamp"))
	}
	if !ok {
		return
	}
	sent, said := moment(t.v.Get("sentAt"))
	if !said {
		sent = t.request.sentAt
	}
	if !sent.IsZero() {
		if skew := t.Received.Sub(sent); skew > travel || skew < -travel {
			at = at.Add(skew)
		}
	}
	if at.After(t.Received) {
		at = t.Received // nothing has happened later than it arrived
	}
	if at.Year() < 1 {
		return
	}
	t.out.at, t.at, t.hasAt = at, muster.InstantOf(at), true
}

// moment reads an instant.
func moment(v *fastjson.Value) (time.Time, bool) {
	s := text(v)
	if s == "" {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || at.Year() < 1 {
		return time.Time{}, false
	}
	return at, true
}

// maxID bounds the sender's ids; longer ones are known by their hash.
const maxID = 180

func shortID(id string) string {
	if len(id) <= maxID {
		return id
	}
	hash := sha256.Sum256([]byte(id))
	return hex.EncodeToString(hash[:])
}

// maxIdentifier bounds identifiers, in characters.
const maxIdentifier = 320

// identifier reads an identifier; some senders write numbers.
func identifier(v *fastjson.Value) string {
	s := strings.TrimSpace(text(v))
	if v != nil && v.Type() == fastjson.TypeNumber {
		s = string(v.MarshalTo(nil))
	}
	if utf8.RuneCountInString(s) > maxIdentifier || strings.ContainsRune(s, 0) {
		return ""
	}
	return s
}

// text is a text; "" when the value is none.
func text(v *fastjson.Value) string {
	if v == nil || v.Type() != fastjson.TypeString {
		return ""
	}
	b, _ := v.StringBytes()
	if !utf8.Valid(b) { // an escape of half a character
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(b)
}

// cut keeps the first characters of a text.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}
