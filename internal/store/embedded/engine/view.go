package engine

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// The fields that are not stored as such.
const (
	emailField        = "email"
	createdField      = "created_at"
	lastActivityField = "last_activity_at"
	identifiedField   = "identified"
)

// Tick is the last transaction's instant.
func (e *Engine) Tick() muster.Instant { return e.tick }

// Contacts is the set of all parent contacts.
func (e *Engine) Contacts() *roaring.Bitmap { return e.people.parents.share() }

// ByID finds the parent of the contact with that id.
func (e *Engine) ByID(id muster.ContactID) (muster.ContactNo, error) {
	no := e.people.findID(id)
	if no == 0 {
		return 0, muster.Errorf(muster.CodeNotFound, "there is no contact %s", id)
	}
	root := e.people.root(no)
	if root == 0 {
		return 0, muster.Errorf(muster.CodeGone, "contact %s has been erased", id)
	}
	return muster.ContactNo(root), nil
}

// ByExternalID finds the owner of an external id; 0 when nobody owns it.
func (e *Engine) ByExternalID(value string) muster.ContactNo {
	return muster.ContactNo(e.people.findExternal(strings.TrimSpace(value)))
}

// ByEmail finds the owner of an email in any spelling; 0 when nobody owns it.
func (e *Engine) ByEmail(value string) muster.ContactNo {
	return muster.ContactNo(e.people.findEmail(plan.Fold(value)))
}

// ByVisitor finds the owner of a visitor id; 0 when nobody owns it.
func (e *Engine) ByVisitor(value string) muster.ContactNo {
	return muster.ContactNo(e.people.findVisitor(strings.TrimSpace(value)))
}

// Owner answers what identity resolution needs to know of a parent.
func (e *Engine) Owner(contact muster.ContactNo) store.Owner {
	no, p := uint32(contact), &e.people
	if no == 0 || no > p.count || p.ids.get(no) == (muster.ContactID{}) || p.root(no) == 0 {
		return store.Owner{}
	}
	owner := store.Owner{No: contact, ID: p.ids.get(no), CreatedAt: muster.Instant(p.created.get(no))}
	if !p.isParent(no) {
		return owner
	}
	owner.ExternalID, owner.Email = p.texts.text(p.external.get(no)), p.texts.text(p.email.get(no))
	owner.HasVisitor = p.firstVis.get(no) != 0
	return owner
}

// Contact answers everything known of a parent.
func (e *Engine) Contact(contact muster.ContactNo) (muster.Contact, error) {
	no, err := e.parent(contact)
	if err != nil {
		return muster.Contact{}, err
	}
	p := &e.people
	c := muster.Contact{
		ID: p.ids.get(no), No: contact, ExternalID: p.texts.text(p.external.get(no)), Email: p.texts.text(p.email.get(no)),
		VisitorIDs: p.visitorIDs(no), Fields: map[string]muster.Value{}, Decisions: e.decisions.all(no),
		CreatedAt: muster.Instant(p.created.get(no)), LastActivityAt: e.lastActivity(no),
	}
	for code, f := range e.fields {
		if v := f.get(no); !v.IsMissing() {
			c.Fields[code] = v
		}
	}
	for _, merged := range p.merged[no] {
		c.MergedIDs = append(c.MergedIDs, p.ids.get(merged))
	}
	slices.SortFunc(c.MergedIDs, func(a, b muster.ContactID) int { return bytes.Compare(a[:], b[:]) })
	return c, nil
}

// Field answers one field's value.
func (e *Engine) Field(contact muster.ContactNo, code string) muster.Value {
	no := uint32(contact)
	if !e.people.isParent(no) {
		return muster.Value{}
	}
	switch code {
	case emailField:
		if ref := e.people.email.get(no); ref != 0 {
			return muster.Value{Kind: muster.KindText, Text: e.people.texts.text(ref)}
		}
		return muster.Value{}
	case createdField:
		return muster.Value{Kind: muster.KindDatetime, Instant: muster.Instant(e.people.created.get(no))}
	case lastActivityField:
		if at := e.lastActivity(no); at != muster.Beginning {
			return muster.Value{Kind: muster.KindDatetime, Instant: at}
		}
		return muster.Value{}
	case identifiedField:
		return muster.Value{Kind: muster.KindBoolean, Boolean: e.people.identified.Contains(no)}
	}
	if f := e.fields[code]; f != nil {
		return f.get(no)
	}
	return muster.Value{}
}

// Decision answers the standing decision.
func (e *Engine) Decision(no muster.ContactNo, kind muster.DecisionKind, code string) muster.Decision {
	return e.decisions.standing(uint32(no), decisionKey{kind, code})
}

// Documents answers all documents of a kind by code.
func (e *Engine) Documents(kind string) (map[string][]byte, error) {
	found := maps.Clone(e.documents[kind])
	if found == nil {
		found = map[string][]byte{}
	}
	return found, nil
}
