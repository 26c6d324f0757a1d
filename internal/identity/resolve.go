package identity

import (
	"slices"
	"strings"

	"github.com/muster-groups/muster"
)

// Resolve decides which contact a change is about. Errors are *muster.Error:
//
//   - CodeInvalid when the change names nobody;
//   - CodeNotFound when it names a contact id that nobody has;
//   - CodeEmailTaken and CodeExternalTaken when the sender may replace the
//     contact's own identifier but another contact owns the new one.
//
// The answer is a function of its arguments; contacts are told apart by No.
func Resolve(who muster.Identifiers, found Found, authority muster.Authority) (Decision, error) {
	r := request{who: who, found: found, mayReplace: authority == muster.Edit}
	r.who.Email = strings.TrimSpace(who.Email)
	if r.who.IsZero() {
		return Decision{}, muster.Errorf(muster.CodeInvalid,
			"The change names nobody: expected an id, an external_id, an email or a visitor_id.")
	}
	if !who.ID.IsZero() && found.ByID == nil {
		return Decision{}, muster.Errorf(muster.CodeNotFound, "There is no contact %s.", who.ID)
	}
	known := r.known()
	switch {
	case len(known) == 0: // rule 1
		return r.create(), nil
	case len(known) > 1 && r.mergeable(known): // rule 3
		return r.merge(known)
	case r.contradicts(known[0]): // rule 2
		return r.create(), nil
	}
	return r.settle(known[0].Owner, known[0].by, nil)
}

// A request is a change's identifiers and who owns them.
type request struct {
	who        muster.Identifiers
	found      Found
	mayReplace bool
}

// A match is a contact with the strongest identifier that found it.
type match struct {
	*Owner
	by strength
}

// known lists the different contacts found, by the strength of what found them.
func (r *request) known() []match {
	var known []match
	for _, m := range []match{
		{r.found.ByID, contactID},
		{r.found.ByExternalID, externalID},
		{r.found.ByEmail, email},
		{r.found.ByVisitor, visitor},
	} {
		seen := func(k match) bool { return k.No == m.No }
		if m.Owner != nil && !slices.ContainsFunc(known, seen) {
			known = append(known, m)
		}
	}
	return known
}

// contradicts reports whether an identifier stronger than the one that found
// the contact differs from the contact's own: it is somebody else.
func (r *request) contradicts(m match) bool {
	return m.by < externalID && r.otherExternalID(m.Owner) || m.by < email && r.otherEmail(m.Owner)
}

// otherExternalID reports whether both have an external id, and not the same.
func (r *request) otherExternalID(o *Owner) bool {
	return r.who.ExternalID != "" && o.ExternalID != "" && o.ExternalID != r.who.ExternalID
}

// otherEmail reports whether both have an email, and not the same.
func (r *request) otherEmail(o *Owner) bool {
	return r.who.Email != "" && o.Email != "" && !SameEmail(o.Email, r.who.Email)
}

// mergeable reports whether all known contacts can be one person: at most one
// external id and one email among them, and none contradicts the change.
func (r *request) mergeable(known []match) bool {
	var one Owner
	for _, m := range known {
		if r.contradicts(m) || conflict(&one, m.Owner) {
			return false
		}
		one.absorb(m.Owner)
	}
	return true
}

// conflict reports whether merging two contacts would give one two different
// external ids or two different emails.
func conflict(a, b *Owner) bool { return twoExternalIDs(a, b) || twoEmails(a, b) }

func twoExternalIDs(a, b *Owner) bool {
	return a.ExternalID != "" && b.ExternalID != "" && a.ExternalID != b.ExternalID
}

func twoEmails(a, b *Owner) bool {
	return a.Email != "" && b.Email != "" && !SameEmail(a.Email, b.Email)
}

// absorb gives o the identifiers of other that it lacks.
func (o *Owner) absorb(other *Owner) {
	if o.ExternalID == "" {
		o.ExternalID = other.ExternalID
	}
	if o.Email == "" {
		o.Email = other.Email
	}
	o.HasVisitor = o.HasVisitor || other.HasVisitor
}

// merge makes one contact of all known ones. What found any of them found it.
func (r *request) merge(known []match) (Decision, error) {
	owners := make([]*Owner, len(known))
	for i, m := range known {
		owners[i] = m.Owner
	}
	slices.SortFunc(owners, Precede)
	return r.settle(owners[0], known[0].by, owners[1:])
}

// create answers a new contact, which takes the identifiers nobody owns.
func (r *request) create() Decision {
	d := Decision{Create: true}
	give(&d, &d.SetExternalID, "external_id", r.who.ExternalID, r.found.ByExternalID)
	give(&d, &d.SetEmail, "email", r.who.Email, r.found.ByEmail)
	give(&d, &d.AddVisitor, "visitor_id", r.who.VisitorID, r.found.ByVisitor)
	return d
}

// give sets one identifier when it is given and nobody owns it.
func give(d *Decision, set *string, name, value string, owner *Owner) {
	switch {
	case value == "":
	case owner == nil:
		*set = value
	default:
		d.Ignored = append(d.Ignored, name)
	}
}

// settle answers that the change is about the contact, once the others have
// been merged into it, and decides what becomes of each identifier given. The
// strongest identifier that found any of them is by.
func (r *request) settle(contact *Owner, by strength, others []*Owner) (Decision, error) {
	d := Decision{Contact: contact, Merge: others}
	whole := *contact
	for _, o := range others {
		whole.absorb(o)
	}
	taken := func(owner *Owner) bool {
		ours := func(o *Owner) bool { return o.No == owner.No }
		return owner != nil && !ours(contact) && !slices.ContainsFunc(others, ours)
	}
	for _, id := range []struct {
		name, given, own string
		set              *string
		differs, taken   bool
		code             muster.ErrorCode
	}{
		{"external_id", r.who.ExternalID, whole.ExternalID, &d.SetExternalID,
			r.otherExternalID(&whole), taken(r.found.ByExternalID), muster.CodeExternalTaken},
		{"email", r.who.Email, whole.Email, &d.SetEmail,
			r.otherEmail(&whole), taken(r.found.ByEmail), muster.CodeEmailTaken},
	} {
		// Who names a contact by its id points at that very contact and means to
		// write the rest, so it hears of a taken identifier even where the
		// contact has none of its own.
		writes := r.mayReplace && (id.differs || by == contactID)
		switch {
		case id.given == "":
		case id.taken && writes:
			return Decision{}, muster.Errorf(id.code,
				"The %s belongs to another contact; expected one that nobody has, or merge the two contacts.", id.name)
		case id.taken, id.differs && !r.mayReplace:
			d.Ignored = append(d.Ignored, id.name)
		case id.differs, id.own == "":
			*id.set = id.given
		}
	}
	if r.found.ByVisitor == nil || taken(r.found.ByVisitor) {
		give(&d, &d.AddVisitor, "visitor_id", r.who.VisitorID, r.found.ByVisitor)
	}
	return d, nil
}
