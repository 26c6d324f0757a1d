// Package record is what the memory engine and the durable file of the
// embedded store say to each other: the rows of a commit. The engine produces a
// Commit and, at start, consumes what the file reads back as a Sink. The
// package holds data only.
package record

import "github.com/muster-groups/muster"

// Commit is everything one transaction writes.
type Commit struct {
	Tick       muster.Instant
	Entries    []Entry    // new dictionary entries, in order of code
	Contacts   []Contact  // whole rows, written or replaced
	Erased     []Erased   // ids of erased contacts
	Activities []Activity // appended rows, ascending
	Expired    []Expiry
	Removed    []uint64  // rows of erased and expired activities, ascending; a Sink must not see them again
	Dropped    []Entry   // dictionary entries that nothing refers to any more
	Changes    []Changes // change records, in order
	Rewritten  []Changes // earlier runs, by First, in which contacts have been erased
	Forgotten  []muster.GroupNo
	Documents  []Document
	Horizon    *Horizon // when it moved
}

// Dict names a dictionary. The first three name things; the others hold the
// values of one attribute: Dict(FirstAttribute + code in Attributes).
type Dict uint32

// The dictionaries.
const (
	Types          Dict = 0 // activity type codes
	Channels       Dict = 1 // channel codes; code 0 is "no channel"
	Attributes     Dict = 2 // attribute names
	FirstAttribute Dict = 16
)

// Entry is one dictionary entry. Codes count from 1; 0 is "none".
type Entry struct {
	Dict Dict
	Code uint32
	Kind muster.ValueKind // of the scalar; KindText for names
	Text string
}

// Contact is everything kept of one contact, parent or merged.
type Contact struct {
	No         muster.ContactNo
	ID         muster.ContactID
	CreatedAt  muster.Instant
	Parent     muster.ContactNo // 0 for a parent
	ExternalID string
	Email      string
	Visitors   []string
	Fields     map[string]muster.Value
	Decisions  []muster.Decision // all that were made, in order of arrival
}

// Erased is the id and number of an erased contact.
type Erased struct {
	No muster.ContactNo
	ID muster.ContactID
	At muster.Instant
}

// Activity is one stored activity. Contact is the number it was written with.
type Activity struct {
	Row     uint64 // from 1, ascending
	Contact muster.ContactNo
	Type    uint32 // code in Types
	At      muster.Instant
	Arrived muster.Instant // the commit's instant, for the 24 h memory of ids
	Channel uint32         // code in Channels
	ID      string         // sender's id or ""
	Attrs   []Attr         // ascending by name code
}

// Attr is one attribute of an activity by code.
type Attr struct {
	Name  uint32 // code in Attributes
	Value uint32 // code in Dict(FirstAttribute + Name)
}

// Expiry removes activities of a type before an instant.
type Expiry struct {
	Type   uint32
	Before muster.Instant
}

// Changes is a run of change records of one group with one cause and instant:
// left, then entered, each ascending; numbered from First.
type Changes struct {
	First   muster.Seq
	Group   muster.GroupNo
	At      muster.Instant
	Cause   muster.Cause
	Left    Set
	Entered Set
}

// Set is a set of contact numbers: a serialised roaring bitmap, or, for a few,
// the numbers themselves.
type Set struct {
	Few    []muster.ContactNo // ascending, but 0 in the place of a contact erased since
	Bitmap []byte             // roaring's portable format; nil when Few is used
	// Erased counts records whose contact has been erased since; Gaps are their
	// places among all records of the set, from 0, ascending. Only with Bitmap.
	Erased uint32
	Gaps   []uint32
}

// Document is a document written, or deleted when Body is nil.
type Document struct {
	Kind, Code string
	Body       []byte
}

// Base is a group's membership as of a change record, so that a start need not
// replay the whole log.
type Base struct {
	Group  muster.GroupNo
	Seq    muster.Seq // all records up to here are included
	Bitmap []byte     // nil for a group that has been forgotten
}

// Horizon is how far back history reaches: records up to Seq, of commits before
// At, are not answered any more.
type Horizon struct {
	At  muster.Instant
	Seq muster.Seq
}

// Floor is a group's membership as of a change record before the horizon, from
// which on its records are kept.
type Floor struct {
	Group  muster.GroupNo
	Seq    muster.Seq
	Bitmap []byte
	Since  []muster.Instant // of each member, in order of number; none when not known
}

// Sink receives what is on disk at start, in this order: Start, all entries,
// contacts (ascending number), erased, activities (ascending row), bases, the
// horizon if there is one, floors, changes (ascending First), documents, Done. A Sink may keep what it is given
// except Activities' slices, which are reused.
type Sink interface {
	Start(tick muster.Instant, counts Counts) error
	Entry(Entry) error
	Contact(Contact) error
	Erased(Erased) error
	Activities([]Activity) error
	Base(Base) error
	Horizon(Horizon) error
	Floor(Floor) error
	Changes(Changes) error
	Document(Document) error
	Done() error
}

// Counts are how many rows will come, for sizing and progress.
type Counts struct {
	Entries, Contacts, Activities, Changes int64
	// LastRow is the greatest activity row ever written, also if removed since:
	// the next one gets a greater number.
	LastRow uint64
}
