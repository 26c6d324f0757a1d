package app

import (
	"context"

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
