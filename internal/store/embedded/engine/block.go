package engine

import (
	"encoding/binary"

	"github.com/muster-groups/muster"
)

// blocks hold the older runs: each block some consecutive runs of one group,
// small ones packed into bytes, a large one by itself. A contact's blocks are a
// chain from the latest back: in each, beside the contact, stands how many
// blocks before it the contact's block before is.
type blocks struct {
	list  series[block] // by number, from first on
	first int
	last  paged[uint32] // the contact's latest block + 1
	used  int64         // bytes of data
}

// block is runs of one group. Packed, a run is the distance of its number from
// the end of the run before, the seconds since that run, its cause with its
// form, when it is several changes how many left and entered, and its contacts:
// each as the distance from the one before (0 for who was erased), with the
// distance to its block before (0 when there is none, or it is this one).
type block struct {
	group       muster.GroupNo
	n           uint32 // records
	first, last muster.Seq
	from        muster.Instant // of the first run
	data        []byte
	large       *large
}

// The forms of a packed run.
const (
	oneLeft = iota
	oneEntered
	several
	formBits = 2
)

// blockRecords is how many records make a block complete.
const blockRecords = 256

// unpacking reads a block's runs in order.
type unpacking struct {
	rest  []byte
	next  muster.Seq     // after the run before
	at    muster.Instant // of the run before
	group muster.GroupNo
	large *large
	links []uint32 // of the contacts of the passage read
}

func (b *block) unpack() unpacking {
	return unpacking{rest: b.data, next: b.first, at: b.from, group: b.group, large: b.large}
}

func (u *unpacking) number() uint64 {
	if c := u.rest[0]; c < 0x80 {
		u.rest = u.rest[1:]
		return uint64(c)
	}
	n, size := binary.Uvarint(u.rest)
	u.rest = u.rest[size:]
	return n
}

// read answers the next run, false at the end.
func (u *unpacking) read(p *passage) bool {
	if u.large != nil {
		*p, u.large = passage{head: u.large.head, large: u.large}, nil
		return true
	}
	if !u.readHead(&p.head) {
		return false
	}
	p.large = nil
	p.contacts, u.links = p.contacts[:0], u.links[:0]
	for _, n := range [2]uint32{p.left, p.n - p.left} {
		no := uint32(0)
		for range n {
			step := uint32(u.number())
			if step == 0 {
				p.contacts, u.links = append(p.contacts, 0), append(u.links, 0)
				continue
			}
			no += step
			p.contacts, u.links = append(p.contacts, no), append(u.links, uint32(u.number()))
		}
	}
	return true
}

// readHead answers what all changes of the next packed run share, false at the
// end. Its contacts are to be read or skipped then.
func (u *unpacking) readHead(h *head) bool {
	if len(u.rest) == 0 {
		return false
	}
	h.group = u.group
	h.first = u.next + muster.Seq(u.number())
	h.at = u.at + muster.Instant(u.number())
	form := u.number()
	h.cause = uint32(form >> formBits)
	entered := uint32(0)
	switch form & (1<<formBits - 1) {
	case oneLeft:
		h.left = 1
	case oneEntered:
		h.left, entered = 0, 1
	default:
		h.left = uint32(u.number())
		entered = uint32(u.number())
	}
	h.n = h.left + entered
	u.next, u.at = h.first+muster.Seq(h.n), h.at
	return true
}

// skipContacts passes over the contacts of a run whose head was read.
func (u *unpacking) skipContacts(h *head) {
	for range h.n {
		if u.number() != 0 {
			u.number()
		}
	}
}

// packer writes a block.
type packer struct {
	block
	next muster.Seq
	at   muster.Instant
}

func (w *packer) number(n uint64) { w.data = binary.AppendUvarint(w.data, n) }

// add appends a small run; link answers the distance of a contact's block before.
func (w *packer) add(p *passage, link func(place int, no uint32) uint32) {
	if w.n == 0 {
		w.block = block{group: p.group, first: p.first, from: p.at, data: w.data[:0]}
		w.next, w.at = p.first, p.at
	}
	w.number(uint64(p.first - w.next))
	w.number(uint64(p.at - w.at))
	form := uint64(several)
	switch {
	case p.n == 1 && p.left == 1:
		form = oneLeft
	case p.n == 1:
		form = oneEntered
	}
	w.number(uint64(p.cause)<<formBits | form)
	if form == several {
		w.number(uint64(p.left))
		w.number(uint64(p.n - p.left))
	}
	before := uint32(0)
	for place, no := range p.contacts {
		if uint32(place) == p.left {
			before = 0
		}
		if no == 0 {
			w.number(0)
			continue
		}
		w.number(uint64(no - before))
		w.number(uint64(link(place, no)))
		before = no
	}
	w.n += p.n
	w.next, w.at, w.last = p.first+muster.Seq(p.n), p.at, p.end()
}

// add appends a packed run to the block that is being made.
func (l *blocks) add(w *packer, p *passage) {
	number := uint32(l.list.n)
	w.add(p, func(_ int, no uint32) uint32 {
		before := l.last.get(no)
		if before == number+1 {
			return 0
		}
		l.last.set(no, number+1)
		if before == 0 {
			return 0
		}
		return number + 1 - before
	})
}

// at answers a block.
func (l *blocks) at(number uint32) *block { return l.list.at(int(number)) }

// complete puts a block that was made into the list and answers its number.
func (l *blocks) complete(w *packer) uint32 {
	b := w.block
	b.data = append(make([]byte, 0, len(w.data)), w.data...)
	l.used += int64(len(b.data))
	w.n = 0
	l.list.push(b)
	return uint32(l.list.n - 1)
}

// addLarge puts a large run into the list and answers its number.
func (l *blocks) addLarge(s *large) uint32 {
	l.list.push(block{group: s.group, n: s.n, first: s.first, last: s.end(), from: s.at, large: s})
	return uint32(l.list.n - 1)
}

// replace packs a block again, with the changes that edit makes to contacts.
func (l *blocks) replace(b *block, edit func(p *passage)) {
	u, w := b.unpack(), packer{}
	var p passage
	for u.read(&p) {
		edit(&p)
		w.add(&p, func(place int, _ uint32) uint32 { return u.links[place] })
	}
	l.used += int64(len(w.data)) - int64(len(b.data))
	w.data = append(make([]byte, 0, len(w.data)), w.data...)
	*b = w.block
}

// ofContact calls visit for each packed run in which the contact may be, read into p.
func (l *blocks) ofContact(no uint32, p *passage, visit func()) {
	for at := l.last.get(no); at > uint32(l.first); {
		u := l.list.at(int(at - 1)).unpack()
		link := uint32(0)
		found := false
		for u.read(p) {
			for place, each := range p.contacts {
				if each == no {
					if !found {
						link, found = u.links[place], true
					}
					visit()
					break
				}
			}
		}
		if link == 0 {
			return
		}
		at -= link
	}
}

// erase takes a contact out of its packed runs and shows each as it is then.
func (l *blocks) erase(no uint32, show func(p *passage)) {
	for at := l.last.get(no); at > uint32(l.first); {
		b := l.list.at(int(at - 1))
		link := uint32(0)
		first := true
		u := b.unpack()
		for p := (passage{}); u.read(&p); {
			for place, each := range p.contacts {
				if each == no && first {
					link, first = u.links[place], false
				}
			}
		}
		l.replace(b, func(p *passage) {
			was := false
			for place, each := range p.contacts {
				if each == no {
					p.contacts[place], was = 0, true
				}
			}
			if was {
				show(p)
			}
		})
		if link == 0 {
			break
		}
		at -= link
	}
	if l.last.get(no) != 0 {
		l.last.set(no, 0)
	}
}

// release gives up the first blocks whose records all are up to a number. A
// block stays while one before it does: the contacts' chains lead through it.
func (l *blocks) release(until muster.Seq) {
	for l.first < l.list.n && l.list.at(l.first).last <= until {
		b := l.list.at(l.first)
		l.used -= int64(len(b.data))
		*b = block{}
		l.first++
	}
	l.list.drop(l.first)
}

func (l *blocks) size() int64 {
	return l.list.size() + l.last.size() + l.used
}
