package engine

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// SetTick sets the transaction's instant.
func (e *Engine) SetTick(t muster.Instant) error {
	if t < e.tick {
		return muster.Errorf(muster.CodeInternal, "the clock of the store would move back from %s to %s", e.tick, t)
	}
	e.tick = t
	return nil
}

// parent checks that a contact may be written to.
func (e *Engine) parent(no muster.ContactNo) (uint32, error) {
	if !e.people.isParent(uint32(no)) {
		return 0, muster.Errorf(muster.CodeNotFound, "there is no parent contact with number %d", no)
	}
	return uint32(no), nil
}

// CreateContact makes a contact with the next number.
func (e *Engine) CreateContact(id muster.ContactID, createdAt muster.Instant) (muster.ContactNo, error) {
	if id.IsZero() || e.people.findID(id) != 0 {
		return 0, muster.Errorf(muster.CodeConflict, "the contact id %s is zero or taken", id)
	}
	no := e.people.count + 1
	e.people.put(no, id, createdAt)
	e.touch(no)
	return muster.ContactNo(no), nil
}

// SetExternalID gives or replaces the external id.
func (e *Engine) SetExternalID(contact muster.ContactNo, value string) error {
	no, err := e.parent(contact)
	if err != nil {
		return err
	}
	value = strings.TrimSpace(value)
	if owner := e.people.findExternal(value); value != "" && owner != 0 && owner != no {
		return muster.Errorf(muster.CodeExternalTaken, "the external id belongs to another contact")
	}
	e.people.setExternal(no, value)
	e.touch(no)
	return nil
}

// SetEmail gives or replaces the email.
func (e *Engine) SetEmail(contact muster.ContactNo, value string) error {
	no, err := e.parent(contact)
	if err != nil {
		return err
	}
	value = strings.TrimSpace(value)
	if owner := e.people.findEmail(plan.Fold(value)); value != "" && owner != 0 && owner != no {
		return muster.Errorf(muster.CodeEmailTaken, "the email belongs to another contact")
	}
	e.people.setEmail(no, value)
	e.touch(no)
	return nil
}

// AddVisitor gives a visitor id.
func (e *Engine) AddVisitor(contact muster.ContactNo, value string) error {
	no, err := e.parent(contact)
	if err != nil {
		return err
	}
	value = strings.TrimSpace(value)
	switch owner := e.people.findVisitor(value); {
	case value == "" || owner == no:
		return nil
	case owner != 0:
		return muster.Errorf(muster.CodeConflict, "the visitor id belongs to another contact")
	}
	e.people.addVisitor(no, value)
	e.touch(no)
	return nil
}

// SetField writes a field.
func (e *Engine) SetField(contact muster.ContactNo, code string, v muster.Value) error {
	no, err := e.parent(contact)
	if err != nil {
		return err
	}
	if v.IsMissing() && e.fields[code] == nil {
		return nil
	}
	e.fields.of(code).set(no, v)
	e.touch(no)
	return nil
}

// Decide keeps a decision and answers whether it stands.
func (e *Engine) Decide(contact muster.ContactNo, d muster.Decision) (stands bool, err error) {
	no, err := e.parent(contact)
	if err != nil {
		return false, err
	}
	e.touch(no)
	return e.decisions.decide(no, d), nil
}

// AddActivity appends an activity and answers its ordinal in this transaction.
func (e *Engine) AddActivity(contact muster.ContactNo, a muster.Activity) (ordinal int, err error) {
	no, err := e.parent(contact)
	if err != nil {
		return 0, err
	}
	row := record.Activity{
		Row: e.rows.last + 1, Contact: contact, Type: e.encode(e.types, record.Types, textScalar(a.Type)),
		At: a.At, Arrived: e.tick, ID: a.ID,
	}
	if a.Channel != "" {
		row.Channel = e.encode(e.channels, record.Channels, textScalar(a.Channel))
	}
	if row.Channel > math.MaxUint16 {
		return 0, muster.Errorf(muster.CodeTooLarge, "there are more than %d channels", math.MaxUint16)
	}
	for _, attribute := range a.Attributes {
		if attribute.Value.Kind == muster.Missing {
			continue
		}
		name := e.encode(e.names, record.Attributes, textScalar(attribute.Name))
		if slices.ContainsFunc(row.Attrs, func(at record.Attr) bool { return at.Name == name }) {
			continue // the first value of a name counts, as in muster.Activity
		}
		value := e.encode(e.valuesOf(name), record.FirstAttribute+record.Dict(name), attribute.Value)
		row.Attrs = append(row.Attrs, record.Attr{Name: name, Value: value})
	}
	slices.SortFunc(row.Attrs, func(a, b record.Attr) int { return cmp.Compare(a.Name, b.Name) })
	ref := e.addRow(&row)
	e.postings.insert(no, row.Type, ref, &e.rows)
	e.active.note(no, row.At)
	e.remembered.add(e.idHash(a.ID), e.tick)
	e.commit.Activities = append(e.commit.Activities, row)
	e.added = append(e.added, ref)
	e.stir(no)
	return len(e.added) - 1, nil
}

// encode answers the code of a value and notes a new one for the file.
func (e *Engine) encode(d *dictionary, name record.Dict, s muster.Scalar) uint32 {
	code, isNew := d.code(s)
	if isNew {
		e.commit.Entries = append(e.commit.Entries, record.Entry{Dict: name, Code: code, Kind: s.Kind, Text: s.Text})
	}
	return code
}

// valuesOf answers the dictionary of an attribute.
func (e *Engine) valuesOf(name uint32) *dictionary {
	for uint32(len(e.values)) <= name {
		e.values = append(e.values, nil)
	}
	if e.values[name] == nil {
		e.values[name] = newDictionary()
	}
	return e.values[name]
}

// addRow stores an activity row. It is not in the postings yet.
func (e *Engine) addRow(row *record.Activity) rowRef {
	ref, c := e.rows.add(row.Row, uint32(row.Contact), row.Type, row.At)
	at := int(ref & chunkMask)
	c.setChannel(at, uint16(row.Channel))
	for _, attr := range row.Attrs {
		c.setAttr(at, attr.Name, attr.Value)
		e.valuesOf(attr.Name).use(attr.Value)
	}
	c.setID(at, e.idHash(row.ID))
	return ref
}

// Merge makes everything of the merged contact the parent's.
func (e *Engine) Merge(parent, merged muster.ContactNo) error {
	to, err := e.parent(parent)
	if err != nil {
		return err
	}
	from, err := e.parent(merged)
	if err != nil {
		return err
	}
	if to == from {
		return muster.Errorf(muster.CodeInvalid, "a contact cannot be merged into itself")
	}
	e.mergeIdentifiers(to, from)
	for _, f := range e.fields {
		if v := f.get(from); !v.IsMissing() {
			if f.get(to).IsMissing() {
				f.set(to, v)
			}
			f.clear(from)
		}
	}
	for _, d := range e.decisions.ever(from) {
		e.decisions.decide(to, d)
	}
	e.decisions.forget(from)
	e.postings.merge(from, to, &e.rows)
	e.active.words.set(to, max(e.active.words.get(to), e.active.words.get(from)))
	e.active.words.set(from, neverActive)
	for _, earlier := range e.people.merged[from] {
		e.people.parent.set(earlier, to)
		e.touch(earlier)
	}
	e.people.merged[to] = append(append(e.people.merged[to], e.people.merged[from]...), from)
	delete(e.people.merged, from)
	e.people.leave(from, to)
	e.touch(to)
	e.touch(from)
	return nil
}

func (e *Engine) mergeIdentifiers(to, from uint32) {
	p := &e.people
	external, email := p.texts.text(p.external.get(from)), p.texts.text(p.email.get(from))
	p.setExternal(from, "")
	p.setEmail(from, "")
	if p.external.get(to) == 0 {
		p.setExternal(to, external)
	}
	if p.email.get(to) == 0 {
		p.setEmail(to, email)
	}
	p.moveVisitors(from, to)
}

// Erase removes a parent and all contacts merged into it.
func (e *Engine) Erase(contact muster.ContactNo) error {
	no, err := e.parent(contact)
	if err != nil {
		return err
	}
	e.postings.each(no, func(kind uint32, refs []rowRef) {
		for _, ref := range refs {
			e.remembered.forget(e.rows.id(ref))
			e.kill(ref)
		}
	})
	e.postings.drop(no)
	e.active.words.set(no, neverActive)
	rewritten := map[muster.Seq]record.Changes{}
	everyone := append(slices.Clone(e.people.merged[no]), no)
	for _, each := range everyone {
		e.people.setExternal(each, "")
		e.people.setEmail(each, "")
		e.people.dropVisitors(each)
		for _, f := range e.fields {
			f.clear(each)
		}
		e.decisions.forget(each)
		e.log.erase(each, rewritten)
		e.people.leave(each, erasedParent)
		e.people.created.set(each, 0)
		e.people.erased++
		delete(e.touched, each)
		e.stir(each)
		e.commit.Erased = append(e.commit.Erased, record.Erased{No: muster.ContactNo(each), ID: e.people.ids.get(each), At: e.tick})
	}
	delete(e.people.merged, no)
	e.rewrite(rewritten, everyone)
	return nil
}

// kill makes a row invisible at once and empties it.
func (e *Engine) kill(ref rowRef) {
	number, at := ref>>chunkBits, int(ref&chunkMask)
	c := e.rows.chunks[number]
	e.commit.Removed = append(e.commit.Removed, c.row(at))
	c.contact[at] = 0
	for i := range c.attrs {
		a := &c.attrs[i]
		if code := a.at(uint32(at)); code != 0 {
			e.values[a.name].unuse(code)
			a.set(at, 0)
		}
	}
	c.setChannel(at, 0)
	c.setID(at, 0)
	c.dead++
	e.rows.alive--
	e.rows.thin[number] = struct{}{}
}

// Expire removes activities of a type older than an instant and answers the
// contacts that had one.
func (e *Engine) Expire(activityType string, before muster.Instant) (*roaring.Bitmap, error) {
	had := roaring.New()
	kind := e.types.find(textScalar(activityType))
	k := e.rows.kind(kind)
	if k == nil {
		return had, nil
	}
	_, last := window(muster.Beginning, before)
	k.visit(math.MinInt32, last, func(day int32, p *partition) {
		for _, number := range p.chunks {
			c := e.rows.chunks[number]
			for i, no := range c.contact[:c.n] {
				if no != 0 && c.at(i) < before {
					had.Add(e.people.root(no))
				}
			}
		}
	})
	for it := had.Iterator(); it.HasNext(); {
		no := it.Next()
		refs := e.postings.list(no, kind)
		expired := e.rows.before(refs, before)
		for _, ref := range refs[:expired] {
			e.kill(ref)
		}
		e.postings.put(no, kind, slices.Clone(refs[expired:]))
		e.active.words.set(no, activeWord(e.latestRow(no)))
		e.stir(no)
	}
	if !had.IsEmpty() {
		e.commit.Expired = append(e.commit.Expired, record.Expiry{Type: kind, Before: before})
	}
	return had, nil
}

// Put and Delete write a document.
func (e *Engine) Put(kind, code string, document []byte) error {
	body := append([]byte{}, document...)
	if e.documents[kind] == nil {
		e.documents[kind] = map[string][]byte{}
	}
	e.documents[kind][code] = body
	e.commit.Documents = append(e.commit.Documents, record.Document{Kind: kind, Code: code, Body: body})
	return nil
}

// Delete removes a document.
func (e *Engine) Delete(kind, code string) error {
	delete(e.documents[kind], code)
	e.commit.Documents = append(e.commit.Documents, record.Document{Kind: kind, Code: code})
	return nil
}
