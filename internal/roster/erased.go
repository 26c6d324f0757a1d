package roster

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// An erasure takes the contact out of all its change records, and with it out of
// the record that says it left: a receiver could not tell whom to delete. So
// the ids that such records were about are kept for a while, by the number of
// the record. A contact's id says nothing of the person; the store keeps it
// for ever anyway, to answer that it is gone.

// docErased is the kind of document that keeps them: each holds the records of
// one commit; its code is the instant of the commit and the first number.
const docErased = "erased"

const (
	// erasedFor is how long, in seconds, records of an erasure tell whose it was:
	// much longer than deliveries are tried again by themselves.
	erasedFor = 30 * 86400
	// erasedDropped is how many documents one commit removes at most.
	erasedDropped = 8
	// erasedEntry is the size of one entry: a number and an id.
	erasedEntry = 8 + 16
)

// erased knows the documents there are, oldest first. It belongs to whoever
// holds Roster.commit.
type erased struct{ codes []string }

func erasedCode(at muster.Instant, first muster.Seq) string {
	return fmt.Sprintf("%012d.%020d", int64(at), uint64(first))
}

// load reads which documents there are.
func (e *erased) load(v store.View) error {
	documents, err := v.Documents(docErased)
	if err != nil {
		return err
	}
	e.codes = e.codes[:0]
	for code := range documents {
		e.codes = append(e.codes, code)
	}
	slices.Sort(e.codes)
	return nil
}

// ErasedContacts answers whom the records of erasures and retention were about,
// by number, as far as that is still told.
func (r *Roster) ErasedContacts(v store.View) (map[muster.Seq]muster.ContactID, error) {
	documents, err := v.Documents(docErased)
	if err != nil {
		return nil, err
	}
	out := map[muster.Seq]muster.ContactID{}
	for code, body := range documents {
		if len(body)%erasedEntry != 0 {
			return nil, fmt.Errorf("read %s %s: it is damaged", docErased, code)
		}
		for ; len(body) > 0; body = body[erasedEntry:] {
			out[muster.Seq(binary.BigEndian.Uint64(body))] = muster.ContactID(body[8:erasedEntry])
		}
	}
	return out, nil
}

// erase records that contacts leave all their groups and erases them.
func (c *commit) erase(gone []muster.ContactNo, cause muster.Cause) error {
	leaving := roaring.New()
	for _, no := range gone {
		leaving.Add(uint32(no))
		// Who was merged into it by this commit is still a member of its groups.
		for _, merged := range c.merged[no] {
			leaving.Add(uint32(merged))
		}
	}
	c.gone.Or(leaving)
	for _, f := range c.live.followers {
		if f.shadow != nil {
			f.touch(leaving)
			continue
		}
		left := roaring.And(leaving, c.tx.Members(f.group))
		if left.IsEmpty() {
			continue
		}
		before := c.tx.LastSeq()
		if err := c.record(f.group, cause, roaring.New(), left.Clone()); err != nil {
			return err
		}
		c.noteErased(before, left)
		c.changed(f.group, f.code, roaring.New(), left)
	}
	if err := c.stamp(); err != nil {
		return err
	}
	for _, no := range gone {
		if err := c.tx.Erase(no); err != nil {
			return err
		}
	}
	return nil
}

// noteErased keeps whom the records after a number are about: one each, in
// ascending order of the contacts' numbers.
func (c *commit) noteErased(before muster.Seq, left *roaring.Bitmap) {
	for it := left.Iterator(); it.HasNext(); {
		before++
		id := c.tx.Owner(muster.ContactNo(it.Next())).ID
		c.erasedRecords = binary.BigEndian.AppendUint64(c.erasedRecords, uint64(before))
		c.erasedRecords = append(c.erasedRecords, id[:]...)
	}
}

// keepErased writes down what noteErased found, and drops what is too old.
func (c *commit) keepErased() error {
	e := &c.r.erased
	if len(c.erasedRecords) > 0 {
		code := erasedCode(c.at, muster.Seq(binary.BigEndian.Uint64(c.erasedRecords)))
		if err := c.tx.Put(docErased, code, c.erasedRecords); err != nil {
			return err
		}
		e.codes = append(e.codes, code)
	}
	oldest := erasedCode(c.at-erasedFor, 0)
	for range erasedDropped {
		if len(e.codes) == 0 || strings.Compare(e.codes[0], oldest) >= 0 {
			return nil
		}
		if err := c.tx.Delete(docErased, e.codes[0]); err != nil {
			return err
		}
		e.codes = e.codes[1:]
	}
	return nil
}
