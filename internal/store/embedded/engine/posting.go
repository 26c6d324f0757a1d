package engine

import "slices"

// postings keep, per contact and activity type, the references of the
// contact's rows sorted by time, then arrival. One contact's history in a
// window is therefore a search and a contiguous walk from its newest end.
//
// A contact has a directory block in the arena: a head word (entries << 8 |
// class), then three words per type: type << 8 | class of its list, length,
// place of the list. A list of one is kept in the place word itself.
type postings struct {
	arena     words
	directory paged[uint32] // place + 1 of the contact's directory; 0 none
}

const (
	inlineList = 0xff // class of a list of one
	entryWords = 3
)

// entries answers the directory entries of a contact, entryWords words each.
// They may be read until the contact's postings change.
func (p *postings) entries(no uint32) []uint32 {
	at := p.directory.get(no)
	if at == 0 {
		return nil
	}
	ref := wordRef(at - 1)
	n := p.arena.block(ref, 1)[0] >> 8
	return p.arena.block(ref, 1+n*entryWords)[1:]
}

// refs answers the list of one directory entry.
func (p *postings) refs(entry []uint32) []rowRef {
	if entry[0]&0xff == inlineList {
		return entry[2:3:3]
	}
	return p.arena.block(wordRef(entry[2]), entry[1])
}

// list answers a contact's rows of one type. It may be read until the
// contact's postings change.
func (p *postings) list(no, kind uint32) []rowRef {
	entries := p.entries(no)
	for i := 0; i < len(entries); i += entryWords {
		if entries[i]>>8 == kind {
			return p.refs(entries[i:])
		}
	}
	return nil
}

// insert puts a new row, the latest to arrive, into the contact's list.
func (p *postings) insert(no, kind uint32, ref rowRef, r *rows) {
	entry := p.entry(no, kind)
	n := entry[1]
	if n == 0 {
		entry[0], entry[1], entry[2] = kind<<8|inlineList, 1, ref
		return
	}
	class := uint8(entry[0])
	if class == inlineList || n == classSize(class) {
		wanted := classFor(n + 1)
		block := p.arena.alloc(wanted)
		copy(p.arena.block(block, n), p.refs(entry))
		if class != inlineList {
			p.arena.release(wordRef(entry[2]), class)
		}
		entry[0], entry[2] = kind<<8|uint32(wanted), uint32(block)
	}
	refs := p.arena.block(wordRef(entry[2]), n+1)
	at := int(n)
	if t := r.at(ref); r.at(refs[n-1]) > t {
		at = r.before(refs[:n], t+1)
		copy(refs[at+1:], refs[at:n])
	}
	refs[at] = ref
	entry[1] = n + 1
}

// entry answers the directory entry of a contact and type, making it with length 0.
func (p *postings) entry(no, kind uint32) []uint32 {
	entries := p.entries(no)
	for i := 0; i < len(entries); i += entryWords {
		if entries[i]>>8 == kind {
			return entries[i : i+entryWords]
		}
	}
	n := uint32(len(entries) / entryWords)
	need := 1 + (n+1)*entryWords
	at := p.directory.get(no)
	if at == 0 {
		class := classFor(need)
		at = uint32(p.arena.alloc(class)) + 1
		p.directory.set(no, at)
		p.arena.block(wordRef(at-1), 1)[0] = uint32(class)
	}
	head := p.arena.block(wordRef(at-1), 1)[0]
	if class := uint8(head); classSize(class) < need {
		wanted := classFor(need)
		block := p.arena.alloc(wanted)
		copy(p.arena.block(block, need)[1:], entries)
		p.arena.release(wordRef(at-1), class)
		at = uint32(block) + 1
		p.directory.set(no, at)
		head = uint32(wanted)
	}
	block := p.arena.block(wordRef(at-1), need)
	block[0] = (n+1)<<8 | head&0xff
	made := block[1+n*entryWords:]
	made[0], made[1], made[2] = kind<<8|inlineList, 0, 0
	return made
}

// put replaces a contact's list of one type.
func (p *postings) put(no, kind uint32, refs []rowRef) {
	entry := p.entry(no, kind)
	if class := uint8(entry[0]); class != inlineList {
		p.arena.release(wordRef(entry[2]), class)
	}
	switch len(refs) {
	case 0:
		p.remove(no, kind)
	case 1:
		entry[0], entry[1], entry[2] = kind<<8|inlineList, 1, refs[0]
	default:
		class := classFor(uint32(len(refs)))
		block := p.arena.alloc(class)
		copy(p.arena.block(block, uint32(len(refs))), refs)
		entry[0], entry[1], entry[2] = kind<<8|uint32(class), uint32(len(refs)), uint32(block)
	}
}

// remove takes a type, whose list has been released, out of the directory.
func (p *postings) remove(no, kind uint32) {
	entries := p.entries(no)
	last := len(entries) - entryWords
	for i := 0; i <= last; i += entryWords {
		if entries[i]>>8 == kind {
			copy(entries[i:], entries[last:])
			break
		}
	}
	ref := wordRef(p.directory.get(no) - 1)
	head := p.arena.block(ref, 1)
	class := uint8(head[0])
	if last == 0 {
		p.arena.release(ref, class)
		p.directory.set(no, 0)
		return
	}
	head[0] = uint32(last/entryWords)<<8 | uint32(class)
}

// drop forgets all rows of a contact.
func (p *postings) drop(no uint32) {
	for entries := p.entries(no); len(entries) > 0; entries = p.entries(no) {
		p.put(no, entries[0]>>8, nil)
	}
}

// merge makes the rows of one contact another's.
func (p *postings) merge(from, to uint32, r *rows) {
	type run struct {
		kind uint32
		refs []rowRef
	}
	var runs []run
	entries := p.entries(from)
	for i := 0; i < len(entries); i += entryWords {
		runs = append(runs, run{entries[i] >> 8, slices.Clone(p.refs(entries[i:]))})
	}
	p.drop(from)
	for _, moved := range runs {
		p.put(to, moved.kind, mergeRefs(p.list(to, moved.kind), moved.refs, r))
	}
}

// mergeRefs merges two lists by time, then arrival, into a new one.
func mergeRefs(a, b []rowRef, r *rows) []rowRef {
	merged := make([]rowRef, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		ta, tb := r.at(a[0]), r.at(b[0])
		if ta < tb || (ta == tb && r.row(a[0]) < r.row(b[0])) {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	return append(append(merged, a...), b...)
}

func (p *postings) size() int64 { return p.arena.size() + p.directory.size() }

// each calls visit with every list of a contact, which visit must not change.
func (p *postings) each(no uint32, visit func(kind uint32, refs []rowRef)) {
	entries := p.entries(no)
	for i := 0; i < len(entries); i += entryWords {
		visit(entries[i]>>8, p.refs(entries[i:]))
	}
}
