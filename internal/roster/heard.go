package roster

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// docHeard is the kind of document that keeps the senders' ids of changes of
// contacts: those of activities are kept with them, but a field that was
// written leaves nothing that could carry one.
//
// Each document holds the hashes, eight bytes each, that arrived at one
// instant; its code is that instant and a number.
const docHeard = "heard"

const (
	heardFor     = 24 * 3600 // seconds
	heardPerPage = 512       // hashes in one document, which is written again as it fills
	heardDropped = 8         // documents that one commit removes at most
)

// heard knows the senders' ids of changes that arrived within the last 24 h. It
// belongs to whoever holds Roster.commit.
type heard struct {
	at    map[uint64]muster.Instant
	pages []heardPage // in order of time; the last one fills
	// pending are those of the commit under way.
	pending []uint64
}

type heardPage struct {
	at     muster.Instant
	number int
	hashes []uint64
}

func (p heardPage) code() string { return fmt.Sprintf("%012d.%04d", int64(p.at), p.number) }

func heardHash(id string) uint64 {
	sum := sha256.Sum256([]byte(id))
	return binary.BigEndian.Uint64(sum[:8])
}

// load reads what was heard before the start.
func (h *heard) load(v store.View) error {
	h.at = map[uint64]muster.Instant{}
	documents, err := v.Documents(docHeard)
	if err != nil {
		return err
	}
	return h.learn(documents)
}

// learn takes in pages that other processes, or earlier ones, have written.
func (h *heard) learn(documents map[string][]byte) error {
	for _, code := range slices.Sorted(maps.Keys(documents)) { // in order of time, so that they come last
		body := documents[code]
		var p heardPage
		if _, err := fmt.Sscanf(strings.Replace(code, ".", " ", 1), "%d %d", &p.at, &p.number); err != nil || len(body)%8 != 0 {
			return fmt.Errorf("read %s %s: it is damaged", docHeard, code)
		}
		for ; len(body) > 0; body = body[8:] {
			hash := binary.BigEndian.Uint64(body)
			p.hashes = append(p.hashes, hash)
			h.at[hash] = max(h.at[hash], p.at)
		}
		at, known := slices.BinarySearchFunc(h.pages, p, func(a, b heardPage) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.number, b.number)) })
		if known {
			h.pages[at] = p
		} else {
			h.pages = slices.Insert(h.pages, at, p)
		}
	}
	return nil
}

// begin precedes a commit. What one that failed has left is forgotten.
func (h *heard) begin() {
	for _, hash := range h.pending {
		delete(h.at, hash)
	}
	h.pending = h.pending[:0]
}

// repeats reports whether the id arrived within the 24 h before now.
func (h *heard) repeats(id string, now muster.Instant) bool {
	if id == "" {
		return false
	}
	at, known := h.at[heardHash(id)]
	return known && at > now-heardFor
}

// add notes the id of a change that was accepted.
func (h *heard) add(id string, now muster.Instant) {
	if id == "" {
		return
	}
	hash := heardHash(id)
	h.at[hash] = now
	h.pending = append(h.pending, hash)
}

// write makes what the commit heard part of it, and drops what is too old.
func (h *heard) write(c *commit) error {
	if len(h.pending) == 0 {
		return nil
	}
	for rest := h.pending; len(rest) > 0; {
		if n := len(h.pages); n == 0 || h.pages[n-1].at != c.at || len(h.pages[n-1].hashes) >= heardPerPage {
			next := heardPage{at: c.at}
			if n > 0 && h.pages[n-1].at == c.at {
				next.number = h.pages[n-1].number + 1
			}
			h.pages = append(h.pages, next)
		}
		p := &h.pages[len(h.pages)-1]
		taken := min(len(rest), heardPerPage-len(p.hashes))
		p.hashes = append(p.hashes, rest[:taken]...)
		rest = rest[taken:]
		body := make([]byte, 0, 8*len(p.hashes))
		for _, hash := range p.hashes {
			body = binary.BigEndian.AppendUint64(body, hash)
		}
		if err := c.tx.Put(docHeard, p.code(), body); err != nil {
			return err
		}
	}
	h.pending = h.pending[:0]
	for range heardDropped {
		if len(h.pages) < 2 || h.pages[0].at > c.at-heardFor {
			return nil
		}
		if err := c.tx.Delete(docHeard, h.forget()); err != nil {
			return err
		}
	}
	return nil
}

// forget drops the oldest page and answers its code.
func (h *heard) forget() string {
	old := h.pages[0]
	h.pages = slices.Delete(h.pages, 0, 1)
	for _, hash := range old.hashes {
		if h.at[hash] == old.at {
			delete(h.at, hash)
		}
	}
	return old.code()
}

// follow takes in pages of other processes, which delete them when they are old:
// here it is enough not to know them any more. It waits as long again, so that
// whoever hears on when the others are gone deletes theirs.
func (h *heard) follow(documents map[string][]byte) error {
	if err := h.learn(documents); err != nil {
		return err
	}
	for len(h.pages) > 1 && h.pages[0].at <= h.pages[len(h.pages)-1].at-2*heardFor {
		h.forget()
	}
	return nil
}
