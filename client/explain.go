package client

import (
	"context"
	"encoding/json"

	"github.com/muster-groups/muster"
)

// Explanation says why a contact is or is not in a group.
type Explanation struct {
	ExplainedNode
	Group     string           `json:"group"`
	ContactID muster.ContactID `json:"contact_id"`
	Member    bool             `json:"member"`
	Since     *muster.Instant  `json:"since"`
	Version   int              `json:"version"`
	AsOf      muster.Instant   `json:"as_of"`
}

// ExplainedNode is one node of a condition's tree with its truth, after not.
type ExplainedNode struct {
	Sentence  string           `json:"sentence"`
	Matches   bool             `json:"matches"`
	Not       bool             `json:"not"`
	Pointer   string           `json:"pointer"`
	Type      string           `json:"type"`
	Match     string           `json:"match"`
	Of        []*ExplainedNode `json:"of"`
	Evidence  []Evidence       `json:"evidence"`
	ChangesAt *muster.Instant  `json:"changes_at"`
}

// Evidence is a fact on which a condition's answer rests.
type Evidence struct {
	Kind       string          `json:"kind"`
	Matched    *int            `json:"matched"`
	AtLeast    *int            `json:"at_least"`
	AtMost     *int            `json:"at_most"`
	Activities []Activity      `json:"activities"`
	Code       string          `json:"code"`
	Value      json.RawMessage `json:"value"`
	State      string          `json:"state"`
	At         *muster.Instant `json:"at"`
	Member     *bool           `json:"member"`
}

// Explain says why a contact, named by id, external id or email, is or is not
// in a group; of its pending condition, why it would be.
func (c *Client) Explain(ctx context.Context, group, contact string, pending bool) (Explanation, error) {
	path := groupPath(group) + "/explain/" + escaped(contact)
	if pending {
		path += "?pending=true"
	}
	return get[Explanation](ctx, c, path)
}

// Preview is how many contacts a condition matches.
type Preview struct {
	Count        uint64           `json:"count"`
	Contacts     uint64           `json:"contacts"`
	PerGroup     []NodeCount      `json:"per_group"`
	PerCondition []NodeCount      `json:"per_condition"`
	Sentence     string           `json:"sentence"`
	Problems     []muster.Problem `json:"problems"`
	AsOf         muster.Instant   `json:"as_of"`
}

// NodeCount is how many contacts a part of a condition matches.
type NodeCount struct {
	Pointer  string `json:"pointer"`
	Count    uint64 `json:"count"`
	Sentence string `json:"sentence"`
}

// Preview counts the contacts that a condition, as JSON, matches now.
func (c *Client) Preview(ctx context.Context, condition json.RawMessage, timeZone string) (Preview, error) {
	body := map[string]any{"condition": condition}
	if timeZone != "" {
		body["time_zone"] = timeZone
	}
	return post[Preview](ctx, c, "/conditions/preview", body)
}

// PendingPreview says what would change if a pending condition became active.
type PendingPreview struct {
	Members uint64         `json:"members"`
	Enters  Sample         `json:"enters"`
	Leaves  Sample         `json:"leaves"`
	AsOf    muster.Instant `json:"as_of"`
}

// Sample is a number of contacts, some of them shown.
type Sample struct {
	Count    uint64    `json:"count"`
	Contacts []Contact `json:"contacts"`
}

// PreviewPending compares a group's pending condition with its membership.
func (c *Client) PreviewPending(ctx context.Context, code string) (PendingPreview, error) {
	return get[PendingPreview](ctx, c, groupPath(code)+"/preview")
}

// Catalog answers the catalogue of condition types as JSON.
func (c *Client) Catalog(ctx context.Context) (json.RawMessage, error) {
	return get[json.RawMessage](ctx, c, "/catalog")
}

// OptionValue is a value that a parameter may take.
type OptionValue struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Options lists values of a source that contain a text.
func (c *Client) Options(ctx context.Context, source, text string, limit int) ([]OptionValue, error) {
	page, err := get[Page[OptionValue]](ctx, c, "/options/"+escaped(source)+query("q", text, "limit", number(limit)))
	return page.Items, err
}
