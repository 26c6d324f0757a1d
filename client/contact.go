package client

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"

	"github.com/muster-groups/muster"
)

// Page is one page of a list. Next is the cursor of the next page, nil on the last.
type Page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// All yields the items of all pages, which next fetches by cursor.
func All[T any](next func(cursor string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		cursor := ""
		for {
			page, err := next(cursor)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if page.Next == nil {
				return
			}
			cursor = *page.Next
		}
	}
}

// Contact is a contact.
type Contact struct {
	ID             muster.ContactID           `json:"id"`
	ExternalID     *string                    `json:"external_id"`
	Email          *string                    `json:"email"`
	VisitorIDs     []string                   `json:"visitor_ids"`
	Fields         map[string]json.RawMessage `json:"fields"`
	Consents       map[string]Decision        `json:"consents"`
	Lists          map[string]Decision        `json:"lists"`
	AllMail        *Decision                  `json:"all_mail"`
	CreatedAt      muster.Instant             `json:"created_at"`
	LastActivityAt *muster.Instant            `json:"last_activity_at"`
	MergedIDs      []muster.ContactID         `json:"merged_ids"`
}

// Decision is a dated decision. In a change, a zero At is the server's now.
type Decision struct {
	State   string         `json:"state"`
	At      muster.Instant `json:"at,omitzero"`
	Version string         `json:"version,omitempty"`
}

// ContactChange creates or updates a contact. A nil value clears a field.
type ContactChange struct {
	muster.Identifiers
	Fields    map[string]any      `json:"fields,omitempty"`
	Consents  map[string]Decision `json:"consents,omitempty"`
	Lists     map[string]Decision `json:"lists,omitempty"`
	AllMail   *Decision           `json:"all_mail,omitempty"`
	CreatedAt muster.Instant      `json:"created_at,omitzero"`
}

// ContactAnswer is what became of a change. A collect key is not told about
// the contact and its groups.
type ContactAnswer struct {
	Contact *Contact         `json:"contact"`
	ID      muster.ContactID `json:"contact_id"`
	Created bool             `json:"created"`
	Groups  []string         `json:"groups"`
	Entered []string         `json:"entered"`
	Left    []string         `json:"left"`
	Ignored []string         `json:"ignored"`
}

// SaveContact creates or updates a contact by its identifiers.
func (c *Client) SaveContact(ctx context.Context, change ContactChange) (ContactAnswer, error) {
	return post[ContactAnswer](ctx, c, "/contacts", change)
}

// ChangeContact changes the contact with an id. Its own ID must be zero.
func (c *Client) ChangeContact(ctx context.Context, id muster.ContactID, change ContactChange) (out ContactAnswer, err error) {
	err = c.Call(ctx, http.MethodPatch, "/contacts/"+id.String(), change, &out)
	return out, err
}

// Contact answers a contact; a merged id answers with its parent.
func (c *Client) Contact(ctx context.Context, id muster.ContactID) (Contact, error) {
	return get[Contact](ctx, c, "/contacts/"+id.String())
}

// ContactQuery selects contacts; empty members do not restrict.
type ContactQuery struct {
	Search, Group, Cursor string
	Limit                 int
}

// Contacts lists contacts.
func (c *Client) Contacts(ctx context.Context, q ContactQuery) (Page[Contact], error) {
	return get[Page[Contact]](ctx, c, "/contacts"+query("search", q.Search, "group", q.Group, "cursor", q.Cursor, "limit", number(q.Limit)))
}

// EraseContact erases a person for good.
func (c *Client) EraseContact(ctx context.Context, id muster.ContactID) error {
	return c.Call(ctx, http.MethodDelete, "/contacts/"+id.String(), nil, nil)
}

// MergeContact merges a contact into another. keep is "", "contact" or "into".
func (c *Client) MergeContact(ctx context.Context, id, into muster.ContactID, keep string) (ContactAnswer, error) {
	body := map[string]string{"into": into.String()}
	if keep != "" {
		body["keep"] = keep
	}
	return post[ContactAnswer](ctx, c, "/contacts/"+id.String()+"/merge", body)
}

// Membership is a group that a contact is in.
type Membership struct {
	Group string         `json:"group"`
	Name  string         `json:"name"`
	Since muster.Instant `json:"since"`
}

// ContactGroups lists the groups a contact is in.
func (c *Client) ContactGroups(ctx context.Context, id muster.ContactID) ([]Membership, error) {
	page, err := get[Page[Membership]](ctx, c, "/contacts/"+id.String()+"/groups")
	return page.Items, err
}

// Activity is a stored activity.
type Activity struct {
	Type       string                     `json:"type"`
	OccurredAt muster.Instant             `json:"occurred_at"`
	Channel    *string                    `json:"channel"`
	Value      json.RawMessage            `json:"value"`
	Attributes map[string]json.RawMessage `json:"attributes"`
}

// ContactActivities lists a contact's activities, latest first.
func (c *Client) ContactActivities(ctx context.Context, id muster.ContactID, cursor string, limit int) (Page[Activity], error) {
	return get[Page[Activity]](ctx, c, "/contacts/"+id.String()+"/activities"+query("cursor", cursor, "limit", number(limit)))
}

// ContactHistory lists when and why a contact entered and left groups, latest first.
func (c *Client) ContactHistory(ctx context.Context, id muster.ContactID, cursor string, limit int) (Page[Change], error) {
	return get[Page[Change]](ctx, c, "/contacts/"+id.String()+"/history"+query("cursor", cursor, "limit", number(limit)))
}

// LookupAnswer is which groups somebody is in; ContactID is nil for somebody unknown.
type LookupAnswer struct {
	ContactID *muster.ContactID `json:"contact_id"`
	Groups    []string          `json:"groups"`
}

// Lookup answers the groups of the contact that the identifiers name.
func (c *Client) Lookup(ctx context.Context, who muster.Identifiers) (LookupAnswer, error) {
	return post[LookupAnswer](ctx, c, "/contacts/lookup", who)
}

// ActivityInput records what a contact did. Without OccurredAt it is now.
type ActivityInput struct {
	Contact    muster.Identifiers `json:"contact"`
	Type       string             `json:"type"`
	OccurredAt *muster.Instant    `json:"occurred_at,omitempty"`
	Channel    string             `json:"channel,omitempty"`
	Value      any                `json:"value,omitempty"`
	Attributes map[string]any     `json:"attributes,omitempty"`
	ID         string             `json:"id,omitempty"`
}

// ActivityResult is what became of one activity.
type ActivityResult struct {
	Status    muster.ItemStatus `json:"status"`
	ContactID *muster.ContactID `json:"contact_id"`
	ID        *string           `json:"id"`
	Ignored   []string          `json:"ignored"`
	Error     *ItemError        `json:"error"`
}

// ItemError is why one item was rejected.
type ItemError struct {
	Code    muster.ErrorCode `json:"code"`
	Message string           `json:"message"`
	Errors  []muster.Problem `json:"errors"`
}

// Failure is the error as every other error of this package.
func (e *ItemError) Failure() error {
	if e == nil {
		return nil
	}
	return &muster.Error{Code: e.Code, Message: e.Message, Problems: e.Errors}
}

// Move says that a contact entered or left a group.
type Move struct {
	Group     string           `json:"group"`
	ContactID muster.ContactID `json:"contact_id"`
}

// ActivitiesAnswer has a result for each activity.
type ActivitiesAnswer struct {
	Results []ActivityResult `json:"results"`
	Entered []Move           `json:"entered"`
	Left    []Move           `json:"left"`
}

// RecordActivities records up to 1,000 activities; each has its own result.
func (c *Client) RecordActivities(ctx context.Context, activities ...ActivityInput) (ActivitiesAnswer, error) {
	if activities == nil {
		activities = []ActivityInput{}
	}
	return post[ActivitiesAnswer](ctx, c, "/activities", activities)
}

func escaped(segment string) string { return url.PathEscape(segment) }
