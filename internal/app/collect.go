package app

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/collect"
	"github.com/muster-groups/muster/internal/store"
)

// Collection is how messages of tracking SDKs are taken in.
type Collection struct {
	// UnknownTraits and UnknownEvents say what becomes of traits without a field
	// and of events without an activity type: "create", "ignore" or "refuse". ""
	// is create.
	UnknownTraits, UnknownEvents string
}

// How many fields and activity types senders may bring about. Beyond it,
// unknown ones are ignored: whoever has a write key must not fill the project.
const (
	maxCollectedFields = 200
	maxCollectedTypes  = 200
)

// collection is what taking messages in needs between requests.
type collection struct {
	traits, events collect.Policy
	readers        sync.Pool  // of *collect.Reader
	defining       sync.Mutex // one request defines at a time
}

func (c *collection) open(in Collection) {
	c.traits, c.events = collect.Create, collect.Create
	if in.UnknownTraits != "" {
		c.traits = collect.Policy(in.UnknownTraits)
	}
	if in.UnknownEvents != "" {
		c.events = collect.Policy(in.UnknownEvents)
	}
	c.readers.New = func() any { return &collect.Reader{} }
}

// CollectAnswer answers a call of the collection API. Success is what SDKs look
// for; the rest is for people.
type CollectAnswer struct {
	Success bool             `json:"success"`
	Ignored []CollectIgnored `json:"ignored,omitempty"`
	Refused []CollectRefused `json:"refused,omitempty"`
}

// CollectIgnored names what was left out of a message.
type CollectIgnored struct {
	Message int      `json:"message"` // its place in the batch, from 0
	Parts   []string `json:"parts"`
}

// CollectRefused is a message that was not kept.
type CollectRefused struct {
	Message int        `json:"message"`
	Error   *ItemError `json:"error"`
}

// Collect takes in a call of a tracking SDK: identify, track, page, screen,
// alias, group or batch. key is the write key of its header; "" reads it from
// the body. A single message that is refused is an error; of a batch, each is
// refused for itself, since an SDK would send all of them again.
func (a *App) Collect(ctx context.Context, key, call string, body []byte) (CollectAnswer, error) {
	reader := a.collection.readers.Get().(*collect.Reader)
	defer a.collection.readers.Put(reader)
	var by Principal
	if key != "" { // before anything of the body is looked at
		var err error
		if by, err = a.writer(ctx, key); err != nil {
			return CollectAnswer{}, err
		}
	}
	request, err := reader.Read(call, body)
	if err != nil {
		return CollectAnswer{}, err
	}
	if key == "" {
		if by, err = a.writer(ctx, request.WriteKey); err != nil {
			return CollectAnswer{}, err
		}
	}
	messages, err := a.translate(ctx, request)
	if err != nil {
		return CollectAnswer{}, err
	}
	return a.keep(ctx, by, call, messages)
}

// writer answers who holds a write key.
func (a *App) writer(ctx context.Context, key string) (Principal, error) {
	by, err := a.Authenticate(ctx, key)
	if err != nil {
		return by, muster.Errorf(muster.CodeUnauthorized, "expected a valid write key, as the user name of HTTP Basic authentication")
	}
	if by.Role == RoleRead {
		return by, muster.Errorf(muster.CodeForbidden, "expected a key with the role collect, found %s", by.Role)
	}
	return by, nil
}

// translate translates the messages, after making the definitions that the
// policies let them bring about. What could not be defined is left out.
func (a *App) translate(ctx context.Context, request *collect.Request) ([]collect.Message, error) {
	o := collect.Options{Schema: a.schema(), Received: a.roster.Now().Time(), Traits: a.collection.traits, Events: a.collection.events}
	messages := request.Translate(o)
	if !slices.ContainsFunc(messages, needs) {
		return messages, nil
	}
	a.collection.defining.Lock()
	defer a.collection.defining.Unlock()
	o.Schema = a.schema() // others may have defined while this one waited
	for _, m := range request.Translate(o) {
		if err := a.define(ctx, m); err != nil {
			return nil, err
		}
	}
	o.Schema = a.schema()
	for _, policy := range []*collect.Policy{&o.Traits, &o.Events} {
		if *policy == collect.Create {
			*policy = collect.Ignore
		}
	}
	return request.Translate(o), nil
}

// needs reports whether a message needs definitions.
func needs(m collect.Message) bool { return len(m.Fields)+len(m.Types) > 0 }

// define makes the definitions that a message needs, as far as they can be made.
func (a *App) define(ctx context.Context, m collect.Message) error {
	for _, f := range m.Fields {
		fields := a.schema().Fields
		_, known := fields[f.Code]
		if known || own(fields, func(f muster.Field) bool { return f.BuiltIn }) >= maxCollectedFields {
			continue
		}
		if _, err := a.PutField(ctx, f); err != nil {
			if err := a.undefined("field", f.Code, err); err != nil {
				return err
			}
			continue
		}
		a.log.Info("a trait made a field", slog.String("field", f.Code), slog.String("type", string(f.Type)))
	}
	for _, t := range m.Types {
		types := a.schema().ActivityTypes
		before, known := types[t.Code]
		if !known && own(types, func(t muster.ActivityType) bool { return t.BuiltIn }) >= maxCollectedTypes {
			continue
		}
		if known { // another message has widened it
			before.Attributes = slices.Clone(before.Attributes)
			for _, attribute := range t.Attributes {
				if _, declared := before.Attribute(attribute.Code); !declared && len(before.Attributes) < collect.MaxDeclared {
					before.Attributes = append(before.Attributes, attribute)
				}
			}
			if len(before.Attributes) == len(types[t.Code].Attributes) {
				continue
			}
			t = before
		}
		if _, err := a.PutActivityType(ctx, t); err != nil {
			if err := a.undefined("activity type", t.Code, err); err != nil {
				return err
			}
			continue
		}
		a.log.Info("an event made or widened an activity type", slog.String("activity_type", t.Code), slog.Int("attributes", len(t.Attributes)))
	}
	return nil
}

// undefined tells trouble of the store, which is the request's, from a
// definition that cannot be made, which only leaves something out.
func (a *App) undefined(noun, code string, err error) error {
	switch muster.CodeOf(err) {
	case muster.CodeInvalid, muster.CodeConflict, muster.CodeInUse:
		a.log.Warn("a message needs what cannot be defined", slog.String("kind", noun), slog.String("code", code), slog.Any("error", err))
		return nil
	}
	return err
}

// own counts the definitions that are not built in.
func own[D any](definitions map[string]D, builtIn func(D) bool) int {
	n := 0
	for _, d := range definitions {
		if !builtIn(d) {
			n++
		}
	}
	return n
}

// keep applies the messages of a call in one commit, in the order in which they
// happened.
func (a *App) keep(ctx context.Context, by Principal, call string, messages []collect.Message) (CollectAnswer, error) {
	answer := CollectAnswer{Success: true}
	batch := muster.Batch{Authority: by.Authority()}
	var places []int // of items among the messages
	for _, i := range inOrder(messages) {
		m := messages[i]
		if m.Err != nil {
			answer.Refused = append(answer.Refused, CollectRefused{i, itemError(m.Err)})
			continue
		}
		if len(m.Ignored) > 0 {
			answer.Ignored = append(answer.Ignored, CollectIgnored{i, m.Ignored})
		}
		for _, item := range m.Items {
			batch.Items, places = append(batch.Items, item), append(places, i)
		}
	}
	if call != "batch" && len(answer.Refused) > 0 {
		return CollectAnswer{}, messages[0].Err
	}
	if len(batch.Items) == 0 {
		return answer, nil
	}
	result, err := a.apply(ctx, batch)
	if err != nil {
		return CollectAnswer{}, err
	}
	for n, item := range result.Items {
		if item.Status != muster.Rejected {
			continue
		}
		if call != "batch" {
			return CollectAnswer{}, item.Err
		}
		answer.Refused = append(answer.Refused, CollectRefused{places[n], itemError(item.Err)})
	}
	return answer, nil
}

// inOrder answers the places of messages by when they happened; those that do
// not say keep their place after the one before them.
func inOrder(messages []collect.Message) []int {
	order := make([]int, len(messages))
	at := make([]int64, len(messages))
	for i, m := range messages {
		order[i] = i
		if t := m.At(); !t.IsZero() {
			at[i] = t.UnixNano()
		} else if i > 0 {
			at[i] = at[i-1]
		}
	}
	slices.SortStableFunc(order, func(x, y int) int {
		switch {
		case at[x] < at[y]:
			return -1
		case at[x] > at[y]:
			return 1
		}
		return 0
	})
	return order
}

// VisitorGroups answers the groups of a visitor that are shown to websites, by
// code. Whoever holds a write key may ask; others than a visitor are not told of.
func (a *App) VisitorGroups(ctx context.Context, key, visitor string) ([]string, error) {
	if _, err := a.writer(ctx, key); err != nil {
		return nil, err
	}
	visitor = strings.TrimSpace(visitor)
	groups := []string{}
	err := a.view(ctx, func(v store.View) error {
		no := v.ByVisitor(visitor)
		if no == 0 {
			return nil
		}
		var err error
		groups, err = a.groupCodes(v, no, true)
		return err
	})
	return groups, err
}

// CollectCall answers the call that the last step of a path means.
func CollectCall(step string) (call string, ok bool) { return collect.CallOf(step) }
