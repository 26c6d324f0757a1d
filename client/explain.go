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
	Needs     []Need           `json:"needs"`
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

// Need is one thing that is missing for a false node to become true.
type Need struct {
	Kind     string          `json:"kind"`
	Text     string          `json:"text"`
	Has      *int            `json:"has"`
	AtLeast  *int            `json:"at_least"`
	AtMost   *int            `json:"at_most"`
	From     *muster.Instant `json:"from"`
	Before   *muster.Instant `json:"before"`
	Outside  *Outside        `json:"outside"`
	Code     string          `json:"code"`
	Value    json.RawMessage `json:"value"`
	Pointers []string        `json:"pointers"`
	Enough   string          `json:"enough"`
	Of       []Need          `json:"of"`
	Change   *Suggestion     `json:"change"`
}

// Outside is what a window keeps from counting; lengths are in seconds.
type Outside struct {
	Count    int            `json:"count"`
	Nearest  muster.Instant `json:"nearest"`
	TooOldBy int64          `json:"too_old_by"`
	TooNewBy int64          `json:"too_new_by"`
}

// Suggestion is data that, sent for the contact, fulfils a need: members of a
// contact's body and activities, without the contact.
type Suggestion struct {
	Contact    json.RawMessage   `json:"contact"`
	Activities []json.RawMessage `json:"activities"`
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
	Counted
	Contacts     uint64           `json:"contacts"`
	Exact        bool             `json:"exact"`     // otherwise the counts are estimated and have ranges
	LookedAt     uint64           `json:"looked_at"` // contacts: all, or a random sample
	PerGroup     []NodeCount      `json:"per_group"`
	PerCondition []NodeCount      `json:"per_condition"`
	Sentence     string           `json:"sentence"`
	Problems     []muster.Problem `json:"problems"`
	AsOf         muster.Instant   `json:"as_of"`
}

// NodeCount is how many contacts a part of a condition matches.
type NodeCount struct {
	Pointer string `json:"pointer"`
	Counted
	Sentence string `json:"sentence"`
}

// Counted is how many contacts something is true of, counted or estimated.
type Counted struct {
	Count uint64 `json:"count"`
	Range *Range `json:"range"` // of what is estimated: with 95 percent, there are so many
}

// Range is two numbers and everything between them.
type Range struct {
	Low  uint64 `json:"low"`
	High uint64 `json:"high"`
}

// Preview counts the contacts that a condition, as JSON, matches now.
func (c *Client) Preview(ctx context.Context, condition json.RawMessage, timeZone string) (Preview, error) {
	return c.preview(ctx, condition, timeZone, false)
}

// EstimatePreview answers at once, from a sample of the contacts where it takes
// long to look at all.
func (c *Client) EstimatePreview(ctx context.Context, condition json.RawMessage, timeZone string) (Preview, error) {
	return c.preview(ctx, condition, timeZone, true)
}

func (c *Client) preview(ctx context.Context, condition json.RawMessage, timeZone string, estimate bool) (Preview, error) {
	body := map[string]any{"condition": condition, "estimate": estimate}
	if timeZone != "" {
		body["time_zone"] = timeZone
	}
	return post[Preview](ctx, c, "/conditions/preview", body)
}

// PendingPreview says what would change if a pending condition became active.
type PendingPreview struct {
	Members uint64 `json:"members"`
	Enters  Sample `json:"enters"`
	Leaves  Sample `json:"leaves"`
	// Dependents would move along, in the order in which the movement reaches them.
	Dependents []DependentMove `json:"dependents"`
	AsOf       muster.Instant  `json:"as_of"`
}

// DependentMove is how a group that refers to another one would move with it.
type DependentMove struct {
	Group   string `json:"group"`
	Name    string `json:"name"`
	Members uint64 `json:"members"`
	Enters  uint64 `json:"enters"`
	Leaves  uint64 `json:"leaves"`
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
