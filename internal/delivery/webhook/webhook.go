// Package webhook tells other systems who entered and left which group, by
// HTTP requests signed as Standard Webhooks describe. Each endpoint gets the
// change feed in order, at least once: its cursor is a document in the store and
// moves only when the endpoint has answered 2xx. What fails is tried again for
// days and holds up what comes after it, at this endpoint alone. An endpoint
// that is far behind gets the net movement of each contact.
//
// It reads the feed as any other reader does, through the use cases; it must not
// know the store, nor how requests to Muster arrive.
package webhook

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// Feed is the change feed and what can be asked about its records.
type Feed interface {
	Changes(ctx context.Context, q app.FeedQuery) (app.Feed, error)
	LastChange(ctx context.Context) (muster.Seq, error)
	Backlog(ctx context.Context, after muster.Seq, f app.ChangeFilter) (app.Backlog, error)
	KnownAs(ctx context.Context, ids []muster.ContactID) (map[muster.ContactID]app.KnownAs, error)
	CheckChangeFilter(at string, f app.ChangeFilter) error
}

// Doer sends a request.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Webhook is an endpoint as answers show it.
type Webhook struct {
	ID            string         `json:"id"`
	URL           string         `json:"url"`
	Description   string         `json:"description"`
	Groups        []string       `json:"groups" nullable:"false" doc:"Only changes of these groups; empty is every group."`
	Direction     *string        `json:"direction" enum:"entered,left" doc:"Only changes in this direction; null is both."`
	Causes        []string       `json:"causes" nullable:"false" doc:"Only changes with these causes; empty is every cause."`
	Identifiers   bool           `json:"identifiers" doc:"Whether changes carry the contact's external id and email."`
	BatchSize     int            `json:"batch_size"`
	BatchSeconds  int            `json:"batch_seconds"`
	PerSecond     int            `json:"per_second"`
	CreatedAt     muster.Instant `json:"created_at"`
	Status        string         `json:"status" enum:"active,retrying,paused" doc:"retrying: the last request failed and is going to be made again."`
	PausedBecause *string        `json:"paused_because" enum:"asked,failing,gone,expired" doc:"asked: somebody paused it; failing: it failed for days; gone: it answered 410; expired: changes after its cursor are not kept any more, so it would miss some: rewind it to say where it goes on."`
	Cursor        muster.Seq     `json:"cursor" doc:"The number of the change up to which everything was delivered."`
	LastChange    muster.Seq     `json:"last_change" doc:"The number of the last change there is, of any group."`
	app.Backlog
	CatchingUp      bool            `json:"catching_up" doc:"Whether it is so far behind that it gets net movements."`
	Failures        int             `json:"failures" doc:"How often the request that is due has failed."`
	NextAttemptAt   *muster.Instant `json:"next_attempt_at"`
	LastError       string          `json:"last_error"`
	LastDeliveredAt *muster.Instant `json:"last_delivered_at"`
	Secret          string          `json:"secret,omitempty" doc:"What requests are signed with, shown only in the answer that makes it."`
}

// Input makes a webhook.
type Input struct {
	URL          string      `json:"url" maxLength:"2000" doc:"Where requests go, http or https. Addresses in private networks have to be allowed by the setting delivery_allow."`
	Description  string      `json:"description,omitempty" maxLength:"500"`
	Groups       []string    `json:"groups,omitempty" maxItems:"100" doc:"Only changes of these groups, by code; without any, every group."`
	Direction    string      `json:"direction,omitempty" enum:"entered,left" doc:"Only changes in this direction."`
	Causes       []string    `json:"causes,omitempty" maxItems:"12" doc:"Only changes with these causes."`
	Identifiers  bool        `json:"identifiers,omitempty" doc:"Send the contact's external id and email along."`
	BatchSize    int         `json:"batch_size,omitempty" minimum:"1" maximum:"1000" default:"500" doc:"The most changes in one request."`
	BatchSeconds *int        `json:"batch_seconds,omitempty" minimum:"0" maximum:"60" default:"1" doc:"How long to gather changes for one request."`
	PerSecond    int         `json:"per_second,omitempty" minimum:"1" maximum:"100" default:"10" doc:"The most requests in a second."`
	After        *muster.Seq `json:"after,omitempty" doc:"Begin after the change with this number; 0 is the very first. Without it, with what happens from now on."`
	Paused       bool        `json:"paused,omitempty" doc:"Make it paused."`
}

// Patch changes a webhook; nil members stay.
type Patch struct {
	URL          *string   `json:"url,omitempty" maxLength:"2000"`
	Description  *string   `json:"description,omitempty" maxLength:"500"`
	Groups       *[]string `json:"groups,omitempty" maxItems:"100"`
	Direction    *string   `json:"direction,omitempty" enum:"entered,left,both"`
	Causes       *[]string `json:"causes,omitempty" maxItems:"12"`
	Identifiers  *bool     `json:"identifiers,omitempty"`
	BatchSize    *int      `json:"batch_size,omitempty" minimum:"1" maximum:"1000"`
	BatchSeconds *int      `json:"batch_seconds,omitempty" minimum:"0" maximum:"60"`
	PerSecond    *int      `json:"per_second,omitempty" minimum:"1" maximum:"100"`
}

// Delivery is one request that was made to an endpoint.
type Delivery struct {
	ID         string         `json:"id" doc:"The webhook-id of the request; attempts of the same request share it."`
	Kind       string         `json:"kind" enum:"changes,test,replay"`
	At         muster.Instant `json:"at"`
	Status     string         `json:"status" enum:"delivered,failed"`
	Attempt    int            `json:"attempt" doc:"From 1."`
	Changes    int            `json:"changes" doc:"How many changes it carried."`
	First      muster.Seq     `json:"first" doc:"The number of its first change."`
	Last       muster.Seq     `json:"last" doc:"The number of its last change."`
	CatchingUp bool           `json:"catching_up" doc:"Whether it carried net movements."`
	StatusCode int            `json:"status_code" doc:"What the endpoint answered; 0 when it did not."`
	DurationMS int64          `json:"duration_ms"`
	Error      string         `json:"error" doc:"Why it failed."`
	Response   string         `json:"response" doc:"The beginning of what the endpoint answered when it failed."`
}

// DeliveryRequest is what a request to an endpoint carries.
type DeliveryRequest struct {
	Body    json.RawMessage `json:"body" doc:"The body, with the first 10 of its changes."`
	LeftOut int             `json:"left_out" doc:"How many more changes the body has."`
}

// The states of an endpoint and the reasons of a pause.
const (
	active   = "active"
	retrying = "retrying"
	paused   = "paused"

	asked   = "asked"
	failing = "failing"
	gone    = "gone"
	expired = "expired"
)

// What a delivery is and how it ended.
const (
	kindChanges = "changes"
	kindTest    = "test"
	kindReplay  = "replay"

	delivered = "delivered"
	failed    = "failed"
)
