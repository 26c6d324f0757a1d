package engine

import (
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// Engine is the memory. Its methods are those of store.View and store.Tx; see
// there for what they mean. The caller holds RLock for the former and Lock for
// the latter, until what was written is durable.
type Engine struct {
	mu    sync.RWMutex
	calls atomic.Int64 // of Lock and RLock: who is there beside scans

	tick      muster.Instant
	people    people
	fields    fields
	decisions decisions

	types, channels, names *dictionary
	values                 []*dictionary // by code of the attribute name; [0] unused
	rows                   rows
	postings               postings
	active                 active
	remembered             remembered
	idSeed                 maphash.Seed

	groups    map[muster.GroupNo]*group
	log       changeLog
	documents map[string]map[string][]byte

	// What the current transaction has written.
	commit  *record.Commit
	touched map[uint32]struct{}
	added   []rowRef // by ordinal

	fetched uint64 // the sum of what Expect has read; of whoever has the turn to write

	// collectors are told by every mutation which contacts it touched, for the
	// scans that run meanwhile.
	collectors map[*collector]struct{}
}

// New makes an empty engine.
func New() *Engine {
	return &Engine{
		people:     newPeople(),
		fields:     fields{},
		decisions:  newDecisions(),
		types:      newDictionary(),
		channels:   newDictionary(),
		names:      newDictionary(),
		values:     make([]*dictionary, 1),
		rows:       newRows(),
		idSeed:     maphash.MakeSeed(),
		groups:     map[muster.GroupNo]*group{},
		log:        newChangeLog(),
		documents:  map[string]map[string][]byte{},
		commit:     &record.Commit{},
		touched:    map[uint32]struct{}{},
		collectors: map[*collector]struct{}{},
	}
}

// Lock and Unlock enclose a transaction, from its first write until it is
// durable. RLock and RUnlock enclose a view.
func (e *Engine) Lock() {
	e.calls.Add(1)
	e.mu.Lock()
}

// Unlock ends what Lock began.
func (e *Engine) Unlock() { e.mu.Unlock() }

// RLock begins a view; a writer that waits keeps later readers out.
func (e *Engine) RLock() {
	e.calls.Add(1)
	e.mu.RLock()
}

// RUnlock ends what RLock began.
func (e *Engine) RUnlock() { e.mu.RUnlock() }

// TakeRows hands over the dictionary entries and activities of the transaction
// so far, which are final, and forgets them. They belong in the same commit.
func (e *Engine) TakeRows() *record.Commit {
	taken := &record.Commit{Tick: e.tick, Entries: e.commit.Entries, Activities: e.commit.Activities}
	e.commit.Entries, e.commit.Activities = nil, nil
	return taken
}

// TakeCommit hands over everything the transaction has written that TakeRows
// has not, and begins a new transaction.
func (e *Engine) TakeCommit() *record.Commit {
	taken := e.commit
	taken.Tick = e.tick
	numbers := make([]uint32, 0, len(e.touched))
	for no := range e.touched {
		numbers = append(numbers, no)
	}
	slices.Sort(numbers)
	for _, no := range numbers {
		taken.Contacts = append(taken.Contacts, e.contactRow(no))
	}
	slices.Sort(taken.Removed)
	e.commit, e.touched, e.added = &record.Commit{}, map[uint32]struct{}{}, nil
	return taken
}

// contactRow answers everything kept of a contact, parent or merged.
func (e *Engine) contactRow(no uint32) record.Contact {
	p := &e.people
	row := record.Contact{
		No: muster.ContactNo(no), ID: p.ids.get(no), CreatedAt: muster.Instant(p.created.get(no)),
		Parent:     muster.ContactNo(p.parent.get(no)),
		ExternalID: p.texts.text(p.external.get(no)), Email: p.texts.text(p.email.get(no)),
		Visitors: p.visitorIDs(no), Decisions: e.decisions.ever(no),
	}
	for code, f := range e.fields {
		if v := f.get(no); !v.IsMissing() {
			if row.Fields == nil {
				row.Fields = map[string]muster.Value{}
			}
			row.Fields[code] = v
		}
	}
	return row
}

// touch notes that a contact changed: its row must be written again.
func (e *Engine) touch(no uint32) {
	e.touched[no] = struct{}{}
	e.stir(no)
}

// stir tells running scans that a contact's answer may have changed.
func (e *Engine) stir(no uint32) {
	for c := range e.collectors {
		c.dirty.Add(no)
	}
}
