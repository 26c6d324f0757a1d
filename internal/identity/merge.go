package identity

import "github.com/muster-groups/muster"

// The sides that keep may name in an explicit merge.
const (
	KeepContact = "contact"
	KeepInto    = "into"
)

// Merge decides an explicit merge of contact into into. The sender says who
// survives, so into is the parent whatever either owns. The decision's Contact
// is the parent, Merge the other one, and SetExternalID and SetEmail are those
// identifiers of the merged contact that replace the parent's own.
//
// Errors are *muster.Error: CodeInvalid when keep is not "", "contact" or
// "into" or both are the same contact, and CodeConflict when both have an
// external id or both have an email, not the same, and keep names no side.
func Merge(contact, into *Owner, keep string) (Decision, error) {
	switch {
	case keep != "" && keep != KeepContact && keep != KeepInto:
		return Decision{}, muster.Errorf(muster.CodeInvalid, "keep is %q; expected %q or %q.", keep, KeepContact, KeepInto)
	case contact.No == into.No:
		return Decision{}, muster.Errorf(muster.CodeInvalid, "A contact cannot be merged into itself; expected two different contacts.")
	case keep == "" && twoExternalIDs(contact, into):
		return Decision{}, muster.Errorf(muster.CodeConflict,
			"Both contacts have an external_id; expected keep to name the side whose identifiers stay, %q or %q.", KeepContact, KeepInto)
	case keep == "" && twoEmails(contact, into):
		return Decision{}, muster.Errorf(muster.CodeConflict,
			"Both contacts have an email; expected keep to name the side whose identifiers stay, %q or %q.", KeepContact, KeepInto)
	}
	d := Decision{Contact: into, Merge: []*Owner{contact}}
	if keep == KeepContact && twoExternalIDs(contact, into) {
		d.SetExternalID = contact.ExternalID
	}
	if keep == KeepContact && twoEmails(contact, into) {
		d.SetEmail = contact.Email
	}
	return d, nil
}
