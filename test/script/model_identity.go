package script

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
)

// The rules of identity, as the design states them, over plain lists.

// emailForm is the form of an email, trimmed.
var emailForm = regexp.MustCompile(`^[^\pZ\p{Cc}@]+@[^\pZ\p{Cc}@]+$`)

// emailLike reports whether an email may name somebody; a blank one names nobody.
func emailLike(email string) bool {
	email = trim(email)
	return email == "" || len(email) <= 254 && emailForm.MatchString(email)
}

func trim(s string) string { return strings.TrimSpace(s) }

func (m *Model) byID(id muster.ContactID) (*person, error) {
	for _, p := range m.people {
		if p.ID != id {
			continue
		}
		if p.root().erased {
			return nil, muster.Errorf(muster.CodeGone, "the contact was erased")
		}
		return p.root(), nil
	}
	return nil, muster.Errorf(muster.CodeNotFound, "there is no contact %s", id)
}

// find answers the parent for which the test holds.
func (m *Model) find(test func(*person) bool) *person {
	for _, p := range m.people {
		if p.parent == nil && !p.erased && test(p) {
			return p
		}
	}
	return nil
}

func (m *Model) byExternalID(id string) *person {
	if id == "" {
		return nil
	}
	return m.find(func(p *person) bool { return p.ExternalID == id })
}

func (m *Model) byEmail(email string) *person {
	if trim(email) == "" {
		return nil
	}
	return m.find(func(p *person) bool { return emailKey(p.Email) == emailKey(email) })
}

func (m *Model) byVisitor(id string) *person {
	if id == "" {
		return nil
	}
	return m.find(func(p *person) bool { return slices.Contains(p.visitors, id) })
}

// strength orders identifiers: none, visitor id, email, external id, contact id.
type strength int

// known is a contact with the strongest identifier that found it.
type known struct {
	*person
	by strength
}

// resolve answers the contact that a change is about, creating and merging as
// needed, and what of the identifiers was ignored. Nothing is changed when it
// answers an error.
func (m *Model) resolve(c *commit, who muster.Identifiers, authority muster.Authority, createdAt muster.Instant) (p *person, created bool, ignored []string, err error) {
	who.Email = trim(who.Email)
	if who.IsZero() {
		return nil, false, nil, muster.Errorf(muster.CodeInvalid, "the change names nobody")
	}
	var found []known
	note := func(p *person, by strength) {
		if p != nil && !slices.ContainsFunc(found, func(k known) bool { return k.person == p }) {
			found = append(found, known{p, by})
		}
	}
	if !who.ID.IsZero() {
		byID, err := m.byID(who.ID)
		if err != nil {
			return nil, false, nil, err
		}
		note(byID, 4)
	}
	note(m.byExternalID(who.ExternalID), 3)
	note(m.byEmail(who.Email), 2)
	note(m.byVisitor(who.VisitorID), 1)

	// Rule 1: nobody is known.
	if len(found) == 0 {
		p = m.create(c, createdAt)
		m.give(c, p, who)
		return p, true, nil, nil
	}
	// Rule 3: several are known and nothing speaks against one person.
	if len(found) > 1 && onePerson(found, who) {
		sorted := slices.Clone(found)
		slices.SortFunc(sorted, func(a, b known) int { return precede(a.person, b.person) })
		for _, other := range sorted[1:] {
			m.merge(c, sorted[0].person, other.person)
		}
		ignored, err = m.settle(c, sorted[0].person, found[0].by, who, authority)
		return sorted[0].person, false, ignored, err
	}
	// Rule 2, or nothing merges and the strongest identifier decides: either the
	// contact it found, or somebody new if a stronger one contradicts that.
	if contradicts(found[0], who) {
		p = m.create(c, createdAt)
		for _, owned := range []struct {
			name  string
			given string
			owner *person
			take  *string
		}{
			{"external_id", who.ExternalID, m.byExternalID(who.ExternalID), &who.ExternalID},
			{"email", who.Email, m.byEmail(who.Email), &who.Email},
			{"visitor_id", who.VisitorID, m.byVisitor(who.VisitorID), &who.VisitorID},
		} {
			if owned.given != "" && owned.owner != nil {
				ignored = append(ignored, owned.name)
				*owned.take = ""
			}
		}
		m.give(c, p, who)
		return p, true, ignored, nil
	}
	ignored, err = m.settle(c, found[0].person, found[0].by, who, authority)
	return found[0].person, false, ignored, err
}

// contradicts reports whether an identifier of the change that is stronger
// than the one that found the contact differs from the contact's own.
func contradicts(k known, who muster.Identifiers) bool {
	otherExternal := who.ExternalID != "" && k.ExternalID != "" && who.ExternalID != k.ExternalID
	otherEmail := who.Email != "" && k.Email != "" && emailKey(who.Email) != emailKey(k.Email)
	return k.by < 3 && otherExternal || k.by < 2 && otherEmail
}

// onePerson reports whether merging gives nobody two external ids or two emails.
func onePerson(found []known, who muster.Identifiers) bool {
	external, email := "", ""
	for _, k := range found {
		if contradicts(k, who) {
			return false
		}
		if k.ExternalID != "" {
			if external != "" && external != k.ExternalID {
				return false
			}
			external = k.ExternalID
		}
		if k.Email != "" {
			if email != "" && email != emailKey(k.Email) {
				return false
			}
			email = emailKey(k.Email)
		}
	}
	return true
}

// precede orders by who becomes the parent: the strongest identifier owned,
// then the earlier creation, then the smaller id.
func precede(a, b *person) int {
	rank := func(p *person) int {
		switch {
		case p.ExternalID != "":
			return 0
		case p.Email != "":
			return 1
		}
		return 2
	}
	if rank(a) != rank(b) {
		return rank(a) - rank(b)
	}
	if a.CreatedAt != b.CreatedAt {
		return int(a.CreatedAt - b.CreatedAt)
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

// settle gives the contact what it lacks and deals with what differs: an edit
// key replaces, a collect key is ignored, and what another owns stays there.
func (m *Model) settle(c *commit, p *person, by strength, who muster.Identifiers, authority muster.Authority) (ignored []string, err error) {
	decide := func(name, given, own string, same bool, owner *person, taken muster.ErrorCode) (string, error) {
		switch {
		case given == "" || own != "" && same:
			return "", nil
		case owner != nil && owner != p:
			if authority == muster.Edit && (own != "" || by == 4) {
				return "", muster.Errorf(taken, "%s belongs to another contact", name)
			}
		case own == "" || authority == muster.Edit:
			return given, nil
		}
		ignored = append(ignored, name)
		return "", nil
	}
	external, err := decide("external_id", who.ExternalID, p.ExternalID, p.ExternalID == who.ExternalID, m.byExternalID(who.ExternalID), muster.CodeExternalTaken)
	if err != nil {
		return nil, err
	}
	email, err := decide("email", who.Email, p.Email, emailKey(p.Email) == emailKey(who.Email), m.byEmail(who.Email), muster.CodeEmailTaken)
	if err != nil {
		return nil, err
	}
	visitor := who.VisitorID
	if owner := m.byVisitor(visitor); owner != nil {
		if visitor = ""; owner != p {
			ignored = append(ignored, "visitor_id")
		}
	}
	m.give(c, p, muster.Identifiers{ExternalID: external, Email: email, VisitorID: visitor})
	return ignored, nil
}

// create makes a contact without identifiers.
func (m *Model) create(c *commit, at muster.Instant) *person {
	p := &person{}
	p.ID = m.options.NewID()
	p.CreatedAt = at
	p.Fields = map[string]muster.Value{}
	m.people = append(m.people, p)
	c.touch(p, touch{created: true, cause: muster.Cause{Kind: muster.CauseIdentity}})
	return p
}

// give sets the identifiers that are not empty.
func (m *Model) give(c *commit, p *person, who muster.Identifiers) {
	if who.ExternalID != "" {
		p.ExternalID = who.ExternalID
	}
	if who.Email != "" {
		p.Email = who.Email
	}
	if who.VisitorID != "" {
		p.visitors = append(p.visitors, who.VisitorID)
	}
	if who.ExternalID != "" || who.Email != "" {
		c.touch(p, touch{cause: muster.Cause{Kind: muster.CauseIdentity}})
	}
}

// merge makes everything of the merged contact the parent's. Of the fields the
// parent's values stay and gaps are filled; its own identifiers stay.
func (m *Model) merge(c *commit, parent, merged *person) {
	if parent.ExternalID == "" {
		parent.ExternalID = merged.ExternalID
	}
	if parent.Email == "" {
		parent.Email = merged.Email
	}
	parent.visitors = append(parent.visitors, merged.visitors...)
	parent.Activities = append(parent.Activities, merged.Activities...)
	parent.Decisions = append(parent.Decisions, merged.Decisions...)
	for code, v := range merged.Fields {
		if parent.Fields[code].IsMissing() {
			parent.Fields[code] = v
		}
	}
	merged.parent = parent
	c.name(merged)
	for _, p := range []*person{parent, merged} {
		c.touch(p, touch{everywhere: true, cause: muster.Cause{Kind: muster.CauseMerge}})
	}
}

// mergeExplicitly merges because somebody said so.
func (m *Model) mergeExplicitly(c *commit, in *muster.MergeChange) (*person, error) {
	contact, err := m.byID(in.Contact)
	if err != nil {
		return nil, err
	}
	into, err := m.byID(in.Into)
	if err != nil {
		return nil, err
	}
	if contact == into {
		return nil, muster.Errorf(muster.CodeInvalid, "a contact cannot be merged into itself")
	}
	twoExternal := contact.ExternalID != "" && into.ExternalID != "" && contact.ExternalID != into.ExternalID
	twoEmails := contact.Email != "" && into.Email != "" && emailKey(contact.Email) != emailKey(into.Email)
	if (twoExternal || twoEmails) && in.Keep == "" {
		return nil, muster.Errorf(muster.CodeConflict, "that would give two external ids or two emails")
	}
	m.merge(c, into, contact)
	if in.Keep == "contact" {
		if twoExternal {
			into.ExternalID = contact.ExternalID
		}
		if twoEmails {
			into.Email = contact.Email
		}
	}
	return into, nil
}

// erase removes a person and all contacts merged into it, with their records.
func (m *Model) erase(c *commit, id muster.ContactID) (*person, error) {
	p, err := m.byID(id)
	if err != nil {
		return nil, err
	}
	m.gone(c, p)
	return p, nil
}

// gone makes a parent and all who were merged into it nobody.
func (m *Model) gone(c *commit, p *person) {
	for _, other := range m.people {
		if other.root() == p {
			c.gone = append(c.gone, other)
		}
	}
	p.erased = true
}
