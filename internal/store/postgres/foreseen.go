package postgres

import (
	"maps"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// foreseen is what a transaction knows of the contacts that are about to be
// changed: what it was told to expect is read with a few statements, and kept
// right as the transaction writes. What is not in it is asked one by one.
type foreseen struct {
	ids                      map[muster.ContactID]muster.ContactNo // parents; 0 is to be asked why there is none
	external, email, visitor map[string]muster.ContactNo           // by the text as it is compared; 0 is nobody
	owners                   map[muster.ContactNo]store.Owner
	described                []muster.Identifiers // of contacts whose fields are about to be written
	fields                   map[muster.ContactNo]map[string]muster.Value
	decisions                map[muster.ContactNo]map[decided]muster.Decision
	sent                     map[string][]sent // activities that were committed before, by the sender's id
}

type decided struct {
	kind muster.DecisionKind
	code string
}

// sent is an activity as its sender repeats it.
type sent struct {
	contact     muster.ContactNo
	kind        string
	at, arrived muster.Instant
}

func newForeseen() *foreseen {
	return &foreseen{
		ids:      map[muster.ContactID]muster.ContactNo{},
		external: map[string]muster.ContactNo{}, email: map[string]muster.ContactNo{}, visitor: map[string]muster.ContactNo{},
		owners: map[muster.ContactNo]store.Owner{}, fields: map[muster.ContactNo]map[string]muster.Value{},
		decisions: map[muster.ContactNo]map[decided]muster.Decision{}, sent: map[string][]sent{},
	}
}

// ownersOf answers the known owners of identifiers.
func (f *foreseen) ownersOf(who muster.Identifiers) []muster.ContactNo {
	return []muster.ContactNo{f.ids[who.ID], f.external[strings.TrimSpace(who.ExternalID)], f.email[plan.Fold(who.Email)], f.visitor[strings.TrimSpace(who.VisitorID)]}
}

// forget drops what is known of a contact, because it is not so any more.
func (f *foreseen) forget(no muster.ContactNo) {
	if f == nil {
		return
	}
	for _, names := range []map[string]muster.ContactNo{f.external, f.email, f.visitor} {
		maps.DeleteFunc(names, func(_ string, owner muster.ContactNo) bool { return owner == no })
	}
	maps.DeleteFunc(f.ids, func(_ muster.ContactID, owner muster.ContactNo) bool { return owner == no })
	maps.DeleteFunc(f.sent, func(_ string, list []sent) bool {
		return slices.ContainsFunc(list, func(s sent) bool { return s.contact == no })
	})
	delete(f.owners, no)
	delete(f.fields, no)
	delete(f.decisions, no)
}

// ByID finds the parent of the contact with that id.
func (t *transaction) ByID(id muster.ContactID) (muster.ContactNo, error) {
	if t.foreseen != nil {
		if no := t.foreseen.ids[id]; no != 0 {
			return no, nil
		}
	}
	return t.reading.ByID(id)
}

// ByExternalID finds the owner of an external id.
func (t *transaction) ByExternalID(value string) muster.ContactNo {
	if t.foreseen != nil {
		if no, known := t.foreseen.external[strings.TrimSpace(value)]; known {
			return no
		}
	}
	return t.reading.ByExternalID(value)
}

// ByEmail finds the owner of an email in any spelling.
func (t *transaction) ByEmail(value string) muster.ContactNo {
	if t.foreseen != nil {
		if no, known := t.foreseen.email[plan.Fold(value)]; known {
			return no
		}
	}
	return t.reading.ByEmail(value)
}

// ByVisitor finds the owner of a visitor id.
func (t *transaction) ByVisitor(value string) muster.ContactNo {
	if t.foreseen != nil {
		if no, known := t.foreseen.visitor[strings.TrimSpace(value)]; known {
			return no
		}
	}
	return t.reading.ByVisitor(value)
}

// Owner answers what identity resolution needs to know.
func (t *transaction) Owner(no muster.ContactNo) store.Owner {
	if t.foreseen != nil {
		if o, known := t.foreseen.owners[no]; known {
			return o
		}
	}
	return t.reading.Owner(no)
}

// Field answers one field's value.
func (t *transaction) Field(no muster.ContactNo, code string) muster.Value {
	if t.foreseen != nil && code != "email" && code != "created_at" && code != "last_activity_at" {
		if fields, known := t.foreseen.fields[no]; known {
			return fields[code]
		}
		if len(t.foreseen.described) > 0 && t.foreseeFields() == nil {
			return t.Field(no, code)
		}
	}
	return t.reading.Field(no, code)
}

// Decision answers the standing decision.
func (t *transaction) Decision(no muster.ContactNo, kind muster.DecisionKind, code string) muster.Decision {
	if t.foreseen != nil {
		if decisions, known := t.foreseen.decisions[no]; known {
			if d, made := decisions[decided{kind, code}]; made {
				return d
			}
			return muster.Decision{Kind: kind, Code: code}
		}
		if _, expected := t.foreseen.owners[no]; expected && t.foreseeDecisions() == nil {
			return t.Decision(no, kind, code)
		}
	}
	return t.reading.Decision(no, kind, code)
}

// renames notes that who has which identifiers, or who is a contact, has changed.
func (t *transaction) renames(no muster.ContactNo) {
	if t.people == nil {
		t.people = roaring.New()
	}
	t.people.Add(uint32(no))
}

// noteCreated, noteExternalID, noteEmail and noteVisitor keep what is foreseen right.
func (t *transaction) noteCreated(o store.Owner) {
	if f := t.foreseen; f != nil {
		f.owners[o.No], f.fields[o.No], f.decisions[o.No] = o, map[string]muster.Value{}, map[decided]muster.Decision{}
	}
}

// note changes what is known of an owner. What is known of the identifiers of
// others is kept; those of an owner that is not known are asked for again.
func (t *transaction) note(no muster.ContactNo, change func(*foreseen, *store.Owner)) {
	t.renames(no)
	f := t.foreseen
	if f == nil {
		return
	}
	o, known := f.owners[no]
	if !known {
		f.forget(no)
	}
	change(f, &o)
	if known {
		f.owners[no] = o
	}
}

func (t *transaction) noteExternalID(no muster.ContactNo, value string) {
	t.note(no, func(f *foreseen, o *store.Owner) {
		if o.ExternalID != "" {
			f.external[o.ExternalID] = 0
		}
		f.external[value], o.ExternalID = no, value
	})
}

func (t *transaction) noteEmail(no muster.ContactNo, value string) {
	t.note(no, func(f *foreseen, o *store.Owner) {
		if o.Email != "" {
			f.email[plan.Fold(o.Email)] = 0
		}
		f.email[plan.Fold(value)], o.Email = no, value
	})
}

func (t *transaction) noteVisitor(no muster.ContactNo, value string) {
	t.note(no, func(f *foreseen, o *store.Owner) { f.visitor[value], o.HasVisitor = no, true })
}
