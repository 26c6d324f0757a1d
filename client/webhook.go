package client

import (
	"context"
	"net/http"

	"github.com/muster-groups/muster"
)

// Webhook is an endpoint that is told of changes, and how far it is.
type Webhook struct {
	ID              string          `json:"id"`
	URL             string          `json:"url"`
	Description     string          `json:"description"`
	Groups          []string        `json:"groups"`
	Direction       *string         `json:"direction"`
	Causes          []string        `json:"causes"`
	Identifiers     bool            `json:"identifiers"`
	BatchSize       int             `json:"batch_size"`
	BatchSeconds    int             `json:"batch_seconds"`
	PerSecond       int             `json:"per_second"`
	CreatedAt       muster.Instant  `json:"created_at"`
	Status          string          `json:"status"` // "active", "retrying" or "paused"
	PausedBecause   *string         `json:"paused_because"`
	Cursor          muster.Seq      `json:"cursor"`
	LastChange      muster.Seq      `json:"last_change"`
	Behind          uint64          `json:"behind"` // that it is for, among the next 10,000
	BehindMore      bool            `json:"behind_more"`
	BehindSince     *muster.Instant `json:"behind_since"`
	CatchingUp      bool            `json:"catching_up"`
	Failures        int             `json:"failures"`
	NextAttemptAt   *muster.Instant `json:"next_attempt_at"`
	LastError       string          `json:"last_error"`
	LastDeliveredAt *muster.Instant `json:"last_delivered_at"`
	Secret          string          `json:"secret"` // only when it was just made
}

// WebhookInput makes a webhook. Zero members are the defaults; After 0 by
// pointer begins with the first change.
type WebhookInput struct {
	URL          string      `json:"url"`
	Description  string      `json:"description,omitempty"`
	Groups       []string    `json:"groups,omitempty"`
	Direction    string      `json:"direction,omitempty"`
	Causes       []string    `json:"causes,omitempty"`
	Identifiers  bool        `json:"identifiers,omitempty"`
	BatchSize    int         `json:"batch_size,omitempty"`
	BatchSeconds *int        `json:"batch_seconds,omitempty"`
	PerSecond    int         `json:"per_second,omitempty"`
	After        *muster.Seq `json:"after,omitempty"`
	Paused       bool        `json:"paused,omitempty"`
}

// Delivery is one request that was made to a webhook.
type Delivery struct {
	ID         string         `json:"id"`
	Kind       string         `json:"kind"` // "changes", "test" or "replay"
	At         muster.Instant `json:"at"`
	Status     string         `json:"status"` // "delivered" or "failed"
	Attempt    int            `json:"attempt"`
	Changes    int            `json:"changes"`
	First      muster.Seq     `json:"first"`
	Last       muster.Seq     `json:"last"`
	CatchingUp bool           `json:"catching_up"`
	StatusCode int            `json:"status_code"`
	DurationMS int64          `json:"duration_ms"`
	Error      string         `json:"error"`
	Response   string         `json:"response"`
}

// Webhooks lists the webhooks.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	page, err := get[Page[Webhook]](ctx, c, "/webhooks")
	return page.Items, err
}

// Webhook answers a webhook.
func (c *Client) Webhook(ctx context.Context, id string) (Webhook, error) {
	return get[Webhook](ctx, c, webhookPath(id))
}

// CreateWebhook makes a webhook; its answer is the only one with the secret.
func (c *Client) CreateWebhook(ctx context.Context, in WebhookInput) (Webhook, error) {
	return post[Webhook](ctx, c, "/webhooks", in)
}

// DeleteWebhook deletes a webhook.
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	return c.Call(ctx, http.MethodDelete, webhookPath(id), nil, nil)
}

// PauseWebhook ends deliveries until the webhook is resumed.
func (c *Client) PauseWebhook(ctx context.Context, id string) (Webhook, error) {
	return post[Webhook](ctx, c, webhookPath(id)+"/pause", nil)
}

// ResumeWebhook goes on with deliveries, or tries at once what failed.
func (c *Client) ResumeWebhook(ctx context.Context, id string) (Webhook, error) {
	return post[Webhook](ctx, c, webhookPath(id)+"/resume", nil)
}

// TestWebhook sends a test and answers how it went.
func (c *Client) TestWebhook(ctx context.Context, id string) (Delivery, error) {
	return post[Delivery](ctx, c, webhookPath(id)+"/test", nil)
}

// Deliveries lists the last requests to a webhook, latest first.
func (c *Client) Deliveries(ctx context.Context, id string) ([]Delivery, error) {
	page, err := get[Page[Delivery]](ctx, c, webhookPath(id)+"/deliveries")
	return page.Items, err
}

// ReplayWebhook goes on after the change with a number.
func (c *Client) ReplayWebhook(ctx context.Context, id string, after muster.Seq) (Webhook, error) {
	return post[Webhook](ctx, c, webhookPath(id)+"/replay", map[string]muster.Seq{"after": after})
}

func webhookPath(id string) string { return "/webhooks/" + escaped(id) }
