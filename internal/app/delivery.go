package app

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/auth"
	"github.com/muster-groups/muster/internal/store"
)

// DeliveryDocuments is where deliveries keep the documents of one kind.
func (a *App) DeliveryDocuments(kind string) auth.Documents { return documents{a, "delivery_" + kind} }

// KnownAs is by what other systems know a contact.
type KnownAs struct {
	ExternalID *string `json:"external_id"`
	Email      *string `json:"email"`
}

// KnownAs answers by what others know contacts. Contacts that were merged
// or erased since are left out: their identifiers are somebody else's now, or
// nobody's.
func (a *App) KnownAs(ctx context.Context, ids []muster.ContactID) (map[muster.ContactID]KnownAs, error) {
	out := make(map[muster.ContactID]KnownAs, len(ids))
	err := a.view(ctx, func(v store.View) error {
		for _, id := range ids {
			no, err := v.ByID(id)
			if isCode(err, muster.CodeGone) || isCode(err, muster.CodeNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if owner := v.Owner(no); owner.ID == id {
				out[id] = KnownAs{ExternalID: optional(owner.ExternalID), Email: optional(owner.Email)}
			}
		}
		return nil
	})
	return out, err
}

// Recipient is somebody who may be written to, as another system wants to know them.
type Recipient struct {
	ID         muster.ContactID
	ExternalID string
	Email      string
	Name       string // first and last name, as far as they are known
}

// GroupRecipients yields the members of a group who may be written to, as
// POST /recipients counts them, a chunk at a time.
func (a *App) GroupRecipients(ctx context.Context, code string) (iter.Seq2[[]Recipient, error], error) {
	_, set, err := a.recipients(ctx, RecipientsInput{Include: []string{code}}, nil)
	if err != nil {
		return nil, err
	}
	chunks := a.contactsOf(ctx, set)
	return func(yield func([]Recipient, error) bool) {
		for chunk, err := range chunks {
			out := make([]Recipient, len(chunk))
			for i, c := range chunk {
				out[i] = Recipient{ID: c.ID, ExternalID: c.ExternalID, Email: c.Email, Name: fullName(c.Fields["first_name"].Text, c.Fields["last_name"].Text)}
			}
			if !yield(out, err) || err != nil {
				return
			}
		}
	}, nil
}

func fullName(first, last string) string { return strings.TrimSpace(first + " " + last) }

// Standing is whether somebody is a member of a group who may be written to, now.
type Standing struct {
	Recipient
	Receives bool
}

// Standings answers how contacts stand to a group now. A merged contact
// stands as its parent does; an erased one, or one without an email, is left out.
func (a *App) Standings(ctx context.Context, code string, ids []muster.ContactID) (map[muster.ContactID]Standing, error) {
	g, err := a.group(code)
	if err != nil {
		return nil, err
	}
	lists := slices.Collect(maps.Keys(a.schema().Lists))
	out := make(map[muster.ContactID]Standing, len(ids))
	err = a.view(ctx, func(v store.View) error {
		members := v.Members(g.No)
		for _, id := range ids {
			no, err := v.ByID(id)
			if isCode(err, muster.CodeGone) || isCode(err, muster.CodeNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			owner := v.Owner(no)
			if owner.Email == "" {
				continue
			}
			s := Standing{Recipient: Recipient{ID: owner.ID, ExternalID: owner.ExternalID, Email: owner.Email,
				Name: fullName(v.Field(no, "first_name").Text, v.Field(no, "last_name").Text)}}
			s.Receives = members.Contains(uint32(no)) && v.Decision(no, muster.OnAllMail, "").State != muster.Unsubscribed &&
				!slices.ContainsFunc(lists, func(list string) bool { return v.Decision(no, muster.OnList, list).State == muster.Bounced })
			out[id] = s
		}
		return nil
	})
	return out, err
}
