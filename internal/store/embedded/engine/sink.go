package engine

import (
	"fmt"
	"math"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// loader fills an engine with what the file reads back.
type loader struct {
	*Engine
	lastRow uint64
}

// Sink answers what the file fills at start, before the engine is used. Loading
// produces no commit.
func (e *Engine) Sink() record.Sink { return &loader{Engine: e} }

// Start begins loading.
func (e *loader) Start(tick muster.Instant, counts record.Counts) error {
	e.tick, e.lastRow = tick, counts.LastRow
	return nil
}

// Entry loads a dictionary entry.
func (e *loader) Entry(entry record.Entry) error {
	s := muster.Scalar{Kind: entry.Kind, Text: entry.Text}
	switch {
	case entry.Code == 0:
		return fmt.Errorf("dictionary %d has an entry with code 0", entry.Dict)
	case entry.Dict == record.Types:
		e.types.put(entry.Code, s)
	case entry.Dict == record.Channels:
		e.channels.put(entry.Code, s)
	case entry.Dict == record.Attributes:
		e.names.put(entry.Code, s)
		e.valuesOf(entry.Code)
	case entry.Dict > record.FirstAttribute:
		e.valuesOf(uint32(entry.Dict-record.FirstAttribute)).put(entry.Code, s)
	default:
		return fmt.Errorf("there is no dictionary %d", entry.Dict)
	}
	return nil
}

// Contact loads a contact.
func (e *loader) Contact(c record.Contact) error {
	no, p := uint32(c.No), &e.people
	if no == 0 || p.ids.get(no) != (muster.ContactID{}) || p.findID(c.ID) != 0 {
		return fmt.Errorf("contact number %d or its id %s occurs twice", c.No, c.ID)
	}
	p.put(no, c.ID, c.CreatedAt)
	if c.Parent != 0 {
		p.leave(no, uint32(c.Parent))
		p.merged[uint32(c.Parent)] = append(p.merged[uint32(c.Parent)], no)
	}
	if c.ExternalID != "" {
		p.setExternal(no, c.ExternalID)
	}
	if c.Email != "" {
		p.setEmail(no, c.Email)
	}
	for _, v := range c.Visitors {
		p.addVisitor(no, v)
	}
	for code, v := range c.Fields {
		e.fields.of(code).set(no, v)
	}
	for _, d := range c.Decisions {
		e.decisions.decide(no, d)
	}
	return nil
}

// Erased loads the id of an erased contact.
func (e *loader) Erased(erased record.Erased) error {
	no, p := uint32(erased.No), &e.people
	if no == 0 || p.ids.get(no) != (muster.ContactID{}) {
		return fmt.Errorf("contact number %d is erased and yet there", erased.No)
	}
	p.count = max(p.count, no)
	p.addID(no, erased.ID)
	p.parent.set(no, erasedParent)
	p.erased++
	return nil
}

// Activities loads activities; those of erased contacts are passed over.
func (e *loader) Activities(list []record.Activity) error {
	for i := range list {
		a := &list[i]
		if a.Row <= e.rows.last || a.Type == 0 || a.Type >= uint32(e.types.length()) || a.Channel > math.MaxUint16 {
			return fmt.Errorf("activity row %d after row %d has type %d and channel %d", a.Row, e.rows.last, a.Type, a.Channel)
		}
		for _, attr := range a.Attrs {
			if attr.Name == 0 || attr.Name >= uint32(e.names.length()) || attr.Value >= uint32(e.values[attr.Name].length()) {
				return fmt.Errorf("activity row %d has a value that is in no dictionary", a.Row)
			}
		}
		owner := e.people.root(uint32(a.Contact))
		if owner == 0 || uint32(a.Contact) > e.people.count {
			e.rows.last = a.Row
			continue
		}
		e.addRow(a)
		if a.ID != "" && a.Arrived > e.tick-secondsPerDay {
			e.remembered.add(e.idHash(a.ID), a.Arrived)
		}
	}
	return nil
}

// Base loads a group's membership as of a change record.
func (e *loader) Base(b record.Base) error {
	g := e.group(b.Group)
	g.base = b.Seq
	e.log.seq = max(e.log.seq, b.Seq)
	if b.Bitmap == nil {
		g.forgotten = true
		return nil
	}
	members, err := readBitmap(b.Bitmap)
	if err != nil {
		return fmt.Errorf("the membership of group %d: %w", b.Group, err)
	}
	g.members.set = members
	return nil
}

// Horizon loads how far back history reaches.
func (e *loader) Horizon(h record.Horizon) error {
	e.log.horizon, e.log.seq = store.Horizon{At: h.At, Seq: h.Seq}, max(e.log.seq, h.Seq)
	return nil
}

// Floor loads a group's membership before the horizon.
func (e *loader) Floor(f record.Floor) error {
	members, err := readBitmap(f.Bitmap)
	if err == nil && len(f.Since) != 0 && uint64(len(f.Since)) != members.GetCardinality() {
		err = fmt.Errorf("%d instants of %d members", len(f.Since), members.GetCardinality())
	}
	if err != nil {
		return fmt.Errorf("the earlier membership of group %d: %w", f.Group, err)
	}
	e.group(f.Group).floor = floor{seq: f.Seq, members: members, since: f.Since}
	return nil
}

// Changes loads a run of change records. Those that are in the group's floor
// wait only for being deleted.
func (e *loader) Changes(c record.Changes) error {
	g := e.group(c.Group)
	if c.First <= g.floor.seq {
		return nil
	}
	// Records before the horizon that were in a floor already, which the file did not
	// get any more, were not written again when somebody was erased.
	stale := c.First <= e.log.horizon.Seq
	var index uint32
	if c.Left.Bitmap == nil && c.Entered.Bitmap == nil {
		if stale {
			e.withoutErased(c.Left.Few)
			e.withoutErased(c.Entered.Few)
		}
		index = addRows(&e.log, c.First, c.Group, c.At, c.Cause, c.Left.Few, c.Entered.Few)
	} else {
		left, err := readSet(c.Left)
		if err != nil {
			return fmt.Errorf("change records from %d: %w", c.First, err)
		}
		entered, err := readSet(c.Entered)
		if err != nil {
			return fmt.Errorf("change records from %d: %w", c.First, err)
		}
		sets := &large{left: left, entered: entered, leftGaps: c.Left.Gaps, enteredGaps: c.Entered.Gaps}
		if stale {
			for _, no := range append(left.ToArray(), entered.ToArray()...) {
				if e.people.parent.get(no) == erasedParent {
					sets.erase(no)
				}
			}
		}
		index = e.log.addSets(c.First, c.Group, c.At, c.Cause, sets)
	}
	if c.First > g.base {
		g.add(index, &e.log)
		g.forgotten = false
	} else {
		g.file(index, &e.log)
	}
	for e.Pack() {
	}
	return nil
}

// withoutErased puts 0 in the place of contacts that have been erased.
func (e *loader) withoutErased(list []muster.ContactNo) {
	for i, no := range list {
		if e.people.parent.get(uint32(no)) == erasedParent {
			list[i] = 0
		}
	}
}

func numbers(few []muster.ContactNo) []uint32 {
	list := make([]uint32, len(few))
	for i, no := range few {
		list[i] = uint32(no)
	}
	return list
}

func readSet(s record.Set) (*roaring.Bitmap, error) {
	if s.Bitmap == nil {
		set := roaring.New()
		set.AddMany(numbers(s.Few))
		return set, nil
	}
	return readBitmap(s.Bitmap)
}

func readBitmap(b []byte) (*roaring.Bitmap, error) {
	set := roaring.New()
	if err := set.UnmarshalBinary(b); err != nil {
		return nil, err
	}
	return set, nil
}

// Document loads a document.
func (e *loader) Document(d record.Document) error {
	if e.documents[d.Kind] == nil {
		e.documents[d.Kind] = map[string][]byte{}
	}
	e.documents[d.Kind][d.Code] = d.Body
	return nil
}

// Done ends loading: the activities are filed by contact, and dictionary
// entries that nothing refers to are noted for the next purge.
func (e *loader) Done() error {
	e.rows.last = max(e.rows.last, e.lastRow)
	e.fillPostings()
	for _, d := range e.values {
		if d != nil {
			d.noteDead()
		}
	}
	return nil
}
