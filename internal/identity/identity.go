// Package identity answers who a change is about: it resolves the identifiers
// a change carries to one contact, and says which contacts turn out to be the
// same person and which of them is the parent.
//
// It is a set of pure rules. It must not know a store, the clock or a
// transport: the caller looks up who owns each identifier, asks, and carries
// out the answer within one commit.
//
// # Decisions beyond the letter of the rules
//
//   - A contact id is stronger than an external id. It is no identifier of the
//     person, so two ids never conflict, and an unknown id is refused rather
//     than created. An external id that differs from the one of a contact found
//     by its id is treated as rule 2 treats a differing email.
//   - An identifier of the change counts as one that merging would give: when
//     several contacts are known, and one of them was found only by something
//     weaker than an identifier of the change that differs from its own, nothing
//     merges. Otherwise a visitor could rewrite someone's email by a detour.
//   - Merging is all or nothing over the contacts known. When two of three could
//     merge, none does: a set that contradicts itself is no evidence for a part.
//   - When nothing merges, the strongest identifier that is known decides who is
//     meant, and rule 2 then holds for that contact alone.
package identity

import (
	"cmp"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// Owner is what the rules need to know of a contact. It is always a parent.
type Owner struct {
	No         muster.ContactNo
	ID         muster.ContactID
	ExternalID string // "" when it has none
	Email      string // as written; "" when it has none
	HasVisitor bool   // whether it has a visitor id
	CreatedAt  muster.Instant
}

// Found says who owns each identifier of a change; nil where the identifier is
// not given or nobody owns it. The same contact may be found several times.
type Found struct {
	ByID, ByExternalID, ByEmail, ByVisitor *Owner
}

// Decision says what to do before the rest of a change is applied, in the
// order of its members: create or merge, then set the identifiers.
type Decision struct {
	// Create says that the change is about a new contact; Contact is nil then.
	Create bool
	// Contact is who is meant; the parent when contacts merge.
	Contact *Owner
	// Merge lists the contacts to merge into Contact, in this order.
	Merge []*Owner
	// The identifiers to give to Contact (or to the new one) after merging;
	// empty when there is nothing to give. SetExternalID and SetEmail replace
	// what the contact has; nobody else owns them. SetEmail is trimmed.
	SetExternalID, SetEmail, AddVisitor string
	// Ignored names the identifiers of the change that the contact meant does
	// not get, strongest first: "external_id", "email", "visitor_id". They stay
	// with their owners, or the sender may not replace the contact's own.
	Ignored []string
}

// EmailKey is the form in which emails are compared: trimmed and case folded,
// as everywhere a text is compared. It is "" for a blank email, which is none.
func EmailKey(email string) string { return plan.Fold(email) }

// SameEmail reports whether two spellings are one email.
func SameEmail(a, b string) bool { return EmailKey(a) == EmailKey(b) }

// strength orders identifiers; a greater one is stronger.
type strength int

const (
	unidentified strength = iota
	visitor
	email
	externalID
	contactID
)

// owns is the strongest identifier the contact has, whatever a change named.
func (o *Owner) owns() strength {
	switch {
	case o.ExternalID != "":
		return externalID
	case o.Email != "":
		return email
	case o.HasVisitor:
		return visitor
	}
	return unidentified
}

// Precede orders contacts by who becomes the parent when they merge (rule 4):
// the owner of the stronger identifier, of all that each owns, then the one
// created earlier, then the one with the smaller id. It is negative when a
// comes first, and zero only for the same contact.
func Precede(a, b *Owner) int {
	return cmp.Or(
		-cmp.Compare(a.owns(), b.owns()),
		cmp.Compare(a.CreatedAt, b.CreatedAt),
		slices.Compare(a.ID[:], b.ID[:]),
	)
}
