package webhook

import (
	"context"
	"encoding/json"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// The types of events.
const (
	eventChanges = "group.changes"
	eventTest    = "webhook.test"
)

// message is the body of a request.
type message struct {
	Type      string         `json:"type"`
	Timestamp muster.Instant `json:"timestamp"`
	Data      any            `json:"data"`
}

// changesData is the data of group.changes. Changes are in the order of the
// feed; their numbers rise.
type changesData struct {
	Webhook    string   `json:"webhook"`
	CatchingUp bool     `json:"catching_up"`
	Changes    []record `json:"changes"`
}

// record is one change, with the contact's identifiers where that is asked for.
type record struct {
	app.Change
	*app.KnownAs
}

// testData is the data of webhook.test.
type testData struct {
	Webhook string `json:"webhook"`
	Message string `json:"message"`
}

// changesBody writes the body of a batch.
func changesBody(ctx context.Context, feed Feed, id string, e endpoint, b batch) ([]byte, error) {
	data := changesData{Webhook: id, CatchingUp: b.window.open(), Changes: make([]record, len(b.items))}
	all := map[muster.ContactID]app.KnownAs{}
	if e.Identifiers {
		var ids []muster.ContactID
		for _, c := range b.items {
			if c.ContactID != nil {
				ids = append(ids, *c.ContactID)
			}
		}
		var err error
		if all, err = feed.KnownAs(ctx, ids); err != nil {
			return nil, err
		}
	}
	for i, c := range b.items {
		data.Changes[i].Change = c
		if !e.Identifiers {
			continue
		}
		known := app.KnownAs{}
		if c.ContactID != nil {
			known = all[*c.ContactID]
		}
		data.Changes[i].KnownAs = &known
	}
	return json.Marshal(message{Type: eventChanges, Timestamp: muster.InstantOf(time.Now()), Data: data})
}

// testBody writes the body of a test.
func testBody(id string) ([]byte, error) {
	return json.Marshal(message{Type: eventTest, Timestamp: muster.InstantOf(time.Now()),
		Data: testData{Webhook: id, Message: "This is a test of Muster; nobody entered or left a group."}})
}

// signatures signs a message with the endpoint's secrets, newest first, as the
// header webhook-signature carries them.
func (e endpoint) signatures(id string, at time.Time, body []byte) (string, error) {
	secrets := []string{e.Secret}
	if e.OldSecret != "" && muster.InstantOf(at) < e.OldUntil {
		secrets = append(secrets, e.OldSecret)
	}
	out := ""
	for _, secret := range secrets {
		signer, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return "", err
		}
		signature, err := signer.Sign(id, at, body)
		if err != nil {
			return "", err
		}
		if out != "" {
			out += " "
		}
		out += signature
	}
	return out, nil
}
