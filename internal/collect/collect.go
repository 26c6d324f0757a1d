// Package collect translates the messages of the Segment HTTP tracking
// specification, as existing SDKs send them, into Muster's changes: identify,
// alias and group become changes of contacts; track, page and screen become
// activities. It is pure: what it makes of a message depends on the message,
// the definitions, the instant of arrival and the policies, and on nothing else.
//
// It must not know who sends, how messages travel, or what becomes of changes.
package collect

import (
	"strconv"
	"time"

	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// Policy says what becomes of a trait or an event that no definition knows.
type Policy string

// The policies. Create defines what is missing from the first value seen;
// Ignore leaves the trait, or the whole event, out; Refuse refuses the message.
const (
	Create Policy = "create"
	Ignore Policy = "ignore"
	Refuse Policy = "refuse"
)

// Options are what a translation depends on beside the message.
type Options struct {
	Schema   *muster.Schema
	Received time.Time // the instant of arrival
	Traits   Policy    // of traits without a field
	Events   Policy    // of events without an activity type
}

// Message is what became of one message.
type Message struct {
	// Items are the changes, in the order in which they are to be applied; none
	// when Err is set or the message is left out on purpose.
	Items []muster.Item
	// Fields and Types are what the items need and the schema lacks, only with
	// the policy Create.
	Fields []muster.Field
	Types  []muster.ActivityType
	// Ignored names what was left out of the message, as paths such as traits.age.
	Ignored []string
	// Err says why the message was refused, a *muster.Error located in the message.
	Err error

	// at is when it happened by the sender's clock, for the order within a request.
	at time.Time
}

// At is when the message happened, corrected; the zero time when it did not say.
func (m *Message) At() time.Time { return m.at }

// The problems that a message can have.
const (
	problemMissing = "missing"
	problemInvalid = "invalid"
	problemUnknown = "unknown_code"
)

func refused(location, code, message string) error {
	return &muster.Error{Code: muster.CodeInvalid, Message: message,
		Problems: []muster.Problem{{Location: location, Code: code, Message: message}}}
}

// translation is the work on one message.
type translation struct {
	Options
	request *Request
	v       *fastjson.Value
	out     Message
	who     muster.Identifiers
	id      string
	hasAt   bool
	at      muster.Instant
}

// Translate translates each message of a request.
func (r *Request) Translate(o Options) []Message {
	out := make([]Message, len(r.messages))
	for i, v := range r.messages {
		t := translation{Options: o, request: r, v: v}
		t.translate(r.kinds[i])
		if t.out.Err != nil {
			t.out.Items, t.out.Fields, t.out.Types = nil, nil, nil
		}
		out[i] = t.out
	}
	return out
}

func (t *translation) translate(kind string) {
	if t.v.Type() != fastjson.TypeObject {
		t.out.Err = refused("", problemInvalid, "expected a message, an object")
		return
	}
	t.id = shortID(text(t.v.Get("messageId")))
	t.time()
	t.identify()
	switch kind {
	case "identify":
		t.identifyCall()
	case "alias":
		t.alias()
	case "group":
		t.group()
	case "track":
		t.track()
	case "page", "screen":
		t.page(kind)
	default:
		t.out.Err = refused("/type", problemUnknown, "expected identify, track, page, screen, alias or group, found "+strconv.Quote(cut(kind, 40)))
	}
}

// identify reads who a message is about: userId is the external id,
// anonymousId the visitor id, and traits.email the email.
func (t *translation) identify() {
	t.who.ExternalID = identifier(t.v.Get("userId"))
	t.who.VisitorID = identifier(t.v.Get("anonymousId"))
}

// named reports whether the message says who it is about; otherwise it is refused.
func (t *translation) named() bool {
	if !t.who.IsZero() {
		return true
	}
	t.out.Err = refused("/userId", problemMissing, "expected userId or anonymousId, to know whom this is about")
	return false
}

func (t *translation) ignore(path string) { t.out.Ignored = append(t.out.Ignored, path) }

// contact adds a change of the contact.
func (t *translation) contact(change muster.ContactChange) {
	change.Who, change.ID = t.who, t.id
	t.out.Items = append(t.out.Items, muster.Item{Contact: &change})
}

// activity adds an activity. The first of a message carries its id, later ones
// an id made of it, so that each is recognised when the message comes again.
func (t *translation) activity(kind string, attributes []muster.Attribute) {
	in := muster.ActivityInput{Who: t.who, HasAt: t.hasAt}
	in.Type, in.At, in.Channel, in.Attributes = kind, t.at, t.channel(), attributes
	if t.id != "" {
		in.ID = t.id
		if n := len(t.out.Items); n > 0 {
			in.ID += "#" + strconv.Itoa(n)
		}
	}
	t.out.Items = append(t.out.Items, muster.Item{Activity: &in})
}

// channel is where it happened: a channel whose code the message names, or
// whose code is the host of the page.
func (t *translation) channel() string {
	for _, code := range []string{text(t.v.Get("context", "channel")), text(t.v.Get("channel")), host(t.pageURL())} {
		if _, known := t.Schema.Channels[code]; known {
			return code
		}
	}
	return ""
}
