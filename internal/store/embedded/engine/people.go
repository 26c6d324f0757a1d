package engine

import (
	"hash/maphash"
	"math"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// erasedParent marks, in the parent column, a contact that has been erased.
const erasedParent = math.MaxUint32

// people is what is known of contacts by number, but for fields, decisions and
// activities: ids, identifiers and who was merged into whom.
type people struct {
	count   uint32 // the highest number given
	ids     paged[muster.ContactID]
	created paged[int64]
	parent  paged[uint32] // 0 for a parent, erasedParent for an erased contact
	// merged lists the contacts merged into a parent, directly or not, in order
	// of merging. The parent column is flat: it never names a merged contact.
	merged map[uint32][]uint32
	erased int // how many contacts have been erased

	texts    texts
	external paged[textRef]
	email    paged[textRef]
	firstVis paged[uint32] // place of the first visitor id in visitors + 1
	visitors []visitor
	freeVis  []uint32

	seed       maphash.Seed
	byID       index
	byExternal index
	byEmail    index // folded
	byVisitor  index // places in visitors

	parents    snapshot // all parent contacts
	identified *roaring.Bitmap
	createdOn  days
}

// visitor is one visitor id in the list of its owner.
type visitor struct {
	text  textRef
	owner uint32
	next  uint32 // place + 1
}

func newPeople() people {
	return people{seed: maphash.MakeSeed(), merged: map[uint32][]uint32{}, parents: newSnapshot(), identified: roaring.New()}
}

func (p *people) hash(text string) uint64 { return maphash.String(p.seed, text) }

// isParent reports whether the number is a living parent.
func (p *people) isParent(no uint32) bool {
	return no != 0 && no <= p.count && p.parent.get(no) == 0 && p.ids.get(no) != muster.ContactID{}
}

// root answers the parent of a contact as written in an activity row, 0 for an
// erased one.
func (p *people) root(no uint32) uint32 {
	switch parent := p.parent.get(no); parent {
	case 0:
		return no
	case erasedParent:
		return 0
	default:
		return parent
	}
}

// findID answers the number of a contact id, living or not.
func (p *people) findID(id muster.ContactID) uint32 {
	no, _ := p.byID.find(maphash.Bytes(p.seed, id[:]), func(no uint32) bool { return p.ids.get(no) == id })
	return no
}

func (p *people) addID(no uint32, id muster.ContactID) {
	p.ids.set(no, id)
	p.byID.add(maphash.Bytes(p.seed, id[:]), no, func(no uint32) uint64 {
		id := p.ids.get(no)
		return maphash.Bytes(p.seed, id[:])
	})
}

// put makes a contact with a given number.
func (p *people) put(no uint32, id muster.ContactID, at muster.Instant) {
	p.count = max(p.count, no)
	p.addID(no, id)
	p.created.set(no, int64(at))
	p.createdOn.add(dayOf(at), no)
	p.parents.edit().Add(no)
}

// leave takes a contact out of the parents.
func (p *people) leave(no, parent uint32) {
	p.parent.set(no, parent)
	p.createdOn.remove(dayOf(muster.Instant(p.created.get(no))), no)
	p.parents.edit().Remove(no)
	p.identified.Remove(no)
}

func (p *people) identify(no uint32) {
	if p.external.get(no) != 0 || p.email.get(no) != 0 {
		p.identified.Add(no)
	} else {
		p.identified.Remove(no)
	}
}

// findExternal, findEmail and findVisitor answer the owner of an identifier, 0
// when it has none. Emails are given folded.
func (p *people) findExternal(value string) uint32 {
	no, _ := p.byExternal.find(p.hash(value), func(no uint32) bool { return string(p.texts.bytes(p.external.get(no))) == value })
	return no
}

func (p *people) findEmail(folded string) uint32 {
	no, _ := p.byEmail.find(p.hash(folded), func(no uint32) bool { return p.foldedEmail(no) == folded })
	return no
}

func (p *people) findVisitor(value string) uint32 {
	if at, ok := p.visitorPlace(value); ok {
		return p.visitors[at].owner
	}
	return 0
}

func (p *people) visitorPlace(value string) (uint32, bool) {
	return p.byVisitor.find(p.hash(value), func(at uint32) bool { return string(p.texts.bytes(p.visitors[at].text)) == value })
}

// foldedEmail is valid only while the engine's lock is held.
func (p *people) foldedEmail(no uint32) string { return plan.Fold(p.texts.peek(p.email.get(no))) }

// setExternal and setEmail give, replace or, with "", take away the identifier.
func (p *people) setExternal(no uint32, value string) {
	if old := p.external.get(no); old != 0 {
		p.byExternal.remove(p.hash(p.texts.peek(old)), no)
		p.texts.wipe(old)
	}
	p.external.set(no, p.texts.add(value))
	if value != "" {
		p.byExternal.add(p.hash(value), no, func(no uint32) uint64 { return p.hash(p.texts.peek(p.external.get(no))) })
	}
	p.identify(no)
}

func (p *people) setEmail(no uint32, value string) {
	if old := p.email.get(no); old != 0 {
		p.byEmail.remove(p.hash(p.foldedEmail(no)), no)
		p.texts.wipe(old)
	}
	p.email.set(no, p.texts.add(value))
	if value != "" {
		p.byEmail.add(p.hash(plan.Fold(value)), no, func(no uint32) uint64 { return p.hash(p.foldedEmail(no)) })
	}
	p.identify(no)
}

// addVisitor appends a visitor id to those of a contact.
func (p *people) addVisitor(no uint32, value string) {
	at := uint32(len(p.visitors))
	if n := len(p.freeVis); n > 0 {
		at, p.freeVis = p.freeVis[n-1], p.freeVis[:n-1]
	} else {
		p.visitors = append(p.visitors, visitor{})
	}
	p.visitors[at] = visitor{text: p.texts.add(value), owner: no}
	p.byVisitor.add(p.hash(value), at, func(at uint32) uint64 { return p.hash(p.texts.peek(p.visitors[at].text)) })
	p.linkVisitors(no, at+1)
}

// linkVisitors appends a chain of visitor ids to those of a contact.
func (p *people) linkVisitors(no, chain uint32) {
	last := p.firstVis.get(no)
	if last == 0 {
		p.firstVis.set(no, chain)
		return
	}
	for p.visitors[last-1].next != 0 {
		last = p.visitors[last-1].next
	}
	p.visitors[last-1].next = chain
}

// moveVisitors makes the visitor ids of one contact another's.
func (p *people) moveVisitors(from, to uint32) {
	chain := p.firstVis.get(from)
	if chain == 0 {
		return
	}
	for at := chain; at != 0; at = p.visitors[at-1].next {
		p.visitors[at-1].owner = to
	}
	p.firstVis.set(from, 0)
	p.linkVisitors(to, chain)
}

// dropVisitors frees the visitor ids of a contact.
func (p *people) dropVisitors(no uint32) {
	for at := p.firstVis.get(no); at != 0; {
		v := &p.visitors[at-1]
		next := v.next
		p.byVisitor.remove(p.hash(p.texts.peek(v.text)), at-1)
		p.texts.wipe(v.text)
		*v = visitor{}
		p.freeVis = append(p.freeVis, at-1)
		at = next
	}
	p.firstVis.set(no, 0)
}

// visitorIDs answers copies of a contact's visitor ids in order of arrival.
func (p *people) visitorIDs(no uint32) []string {
	var ids []string
	for at := p.firstVis.get(no); at != 0; at = p.visitors[at-1].next {
		ids = append(ids, p.texts.text(p.visitors[at-1].text))
	}
	return ids
}

func (p *people) size() int64 {
	n := p.ids.size() + p.created.size() + p.parent.size() + p.external.size() + p.email.size() + p.firstVis.size()
	n += int64(cap(p.visitors))*12 + int64(cap(p.freeVis))*4 + p.texts.size()
	n += p.byID.size() + p.byExternal.size() + p.byEmail.size() + p.byVisitor.size() + p.createdOn.size()
	for _, m := range p.merged {
		n += int64(cap(m))*4 + 48
	}
	return n
}
