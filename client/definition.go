package client

import (
	"context"
	"errors"
	"net/http"

	"github.com/muster-groups/muster"
)

// Definitions are the calls for one kind of definition.
type Definitions[T any] struct {
	client *Client
	path   string
	code   func(T) string
}

// Fields are the contact fields.
func (c *Client) Fields() Definitions[muster.Field] {
	return Definitions[muster.Field]{c, "/fields", func(f muster.Field) string { return f.Code }}
}

// ActivityTypes are the activity types.
func (c *Client) ActivityTypes() Definitions[muster.ActivityType] {
	return Definitions[muster.ActivityType]{c, "/activity-types", func(t muster.ActivityType) string { return t.Code }}
}

// Consents are the consents.
func (c *Client) Consents() Definitions[muster.Named] { return c.named("/consents") }

// Lists are the recipient lists.
func (c *Client) Lists() Definitions[muster.Named] { return c.named("/lists") }

// Channels are the channels.
func (c *Client) Channels() Definitions[muster.Named] { return c.named("/channels") }

func (c *Client) named(path string) Definitions[muster.Named] {
	return Definitions[muster.Named]{c, path, func(n muster.Named) string { return n.Code }}
}

// All lists them.
func (d Definitions[T]) All(ctx context.Context) ([]T, error) {
	page, err := get[Page[T]](ctx, d.client, d.path)
	return page.Items, err
}

// Get answers one.
func (d Definitions[T]) Get(ctx context.Context, code string) (T, error) {
	return get[T](ctx, d.client, d.path+"/"+escaped(code))
}

// Put defines or redefines one.
func (d Definitions[T]) Put(ctx context.Context, definition T) (out T, err error) {
	err = d.client.Call(ctx, http.MethodPut, d.path+"/"+escaped(d.code(definition)), definition, &out)
	return out, err
}

// Delete removes one.
func (d Definitions[T]) Delete(ctx context.Context, code string) error {
	return d.client.Call(ctx, http.MethodDelete, d.path+"/"+escaped(code), nil, nil)
}

// Settings are the project's settings.
type Settings struct {
	TimeZone string `json:"time_zone"`
	// HistoryDays is for how many days history is kept; 0 is for ever.
	HistoryDays int `json:"history_days"`
}

// Settings answers the project's settings.
func (c *Client) Settings(ctx context.Context) (Settings, error) {
	return get[Settings](ctx, c, "/settings")
}

// SettingsInput are settings to change; nil stays. History that is older than
// the days given is given up at once and for good.
type SettingsInput struct {
	TimeZone    *string `json:"time_zone,omitempty"`
	HistoryDays *int    `json:"history_days,omitempty"`
}

// SetSettings changes the project's settings.
func (c *Client) SetSettings(ctx context.Context, in SettingsInput) (out Settings, err error) {
	err = c.Call(ctx, http.MethodPatch, "/settings", in, &out)
	return out, err
}

// Key is an API key; Secret is set only in the answer that makes it.
type Key struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Role       string          `json:"role"`
	CreatedAt  muster.Instant  `json:"created_at"`
	LastUsedAt *muster.Instant `json:"last_used_at"`
	Secret     string          `json:"secret"`
}

// Keys lists the API keys.
func (c *Client) Keys(ctx context.Context) ([]Key, error) {
	page, err := get[Page[Key]](ctx, c, "/keys")
	return page.Items, err
}

// CreateKey makes an API key with the role collect, read, edit or admin.
func (c *Client) CreateKey(ctx context.Context, name, role string) (Key, error) {
	return post[Key](ctx, c, "/keys", map[string]string{"name": name, "role": role})
}

// DeleteKey revokes an API key.
func (c *Client) DeleteKey(ctx context.Context, id string) error {
	return c.Call(ctx, http.MethodDelete, "/keys/"+escaped(id), nil, nil)
}

// MoveClock moves a manual clock forward and answers the instant reached.
func (c *Client) MoveClock(ctx context.Context, to muster.Instant) (muster.Instant, error) {
	out, err := post[struct {
		Now muster.Instant `json:"now"`
	}](ctx, c, "/clock", map[string]muster.Instant{"to": to})
	return out.Now, err
}

// Verification is the outcome of recomputing membership naively.
type Verification struct {
	Contacts    int            `json:"contacts"`
	Groups      int            `json:"groups"`
	AsOf        muster.Instant `json:"as_of"`
	Wrong       int            `json:"wrong"`
	Differences []Difference   `json:"differences"`
}

// Difference is a membership that is not what the contact's facts say.
type Difference struct {
	Group     string           `json:"group"`
	ContactID muster.ContactID `json:"contact_id"`
	Stored    bool             `json:"stored"`
	Expected  bool             `json:"expected"`
}

// Verify recomputes the membership of a random sample, or of all contacts (0).
func (c *Client) Verify(ctx context.Context, sample int) (Verification, error) {
	return post[Verification](ctx, c, "/verify", map[string]int{"sample": sample})
}

// Ready reports whether the server can do its work; the message says what is
// wrong, or warns.
func (c *Client) Ready(ctx context.Context) (ready bool, message string, err error) {
	response, err := c.once(ctx, http.MethodGet, "/readyz", "", nil)
	if err != nil {
		return false, "", err
	}
	defer response.Body.Close()
	var out struct {
		Message string `json:"message"`
	}
	if err := decode(response, &out); err != nil {
		return false, "", err
	}
	return response.StatusCode == http.StatusOK, out.Message, nil
}

// IsNotFound reports whether an error says that something does not exist.
func IsNotFound(err error) bool {
	var e *muster.Error
	return errors.As(err, &e) && e.Code == muster.CodeNotFound
}
