// Package store is the port: what a store must do, in prose. A store keeps the
// facts, runs plans and records membership; it knows nothing of condition
// types, identity rules or recalculation. Package storetest holds a
// conformance case, named as a sentence, for what is written here; every store
// passes all of them.
//
// Sets are roaring bitmaps of contact numbers. A bitmap that a store answers is
// the caller's to keep but not to modify, unless the method says otherwise.
package store

import (
	"cmp"
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// Store is durable truth plus evaluation. All methods are safe for concurrent use.
type Store interface {
	// Update runs fn as the one write transaction. Everything fn wrote becomes
	// durable (fsync) and visible together before Update returns nil; no reader
	// sees any of it earlier. Update calls are serialised.
	//
	// When fn answers an error before its first write, nothing happened and the
	// error is returned. When fn answers an error after a write, or the commit
	// fails, the store must not serve what is not on disk: it fails for good
	// (every later call answers CodeUnavailable, Failed is closed) and a
	// restart reloads what was durable.
	Update(ctx context.Context, fn func(Tx) error) error

	// View runs fn over one consistent committed state. fn must be short (a
	// writer waits for it), must not call Update, and must not keep the View.
	View(ctx context.Context, fn func(View) error) error

	// Scan evaluates plans while writes go on. The answer is exact: it equals
	// Match in one committed state that lies between the call and the return.
	// progress, when not nil, is called with a rising share in [0,1]. It gives up
	// with ctx's error. The bitmaps are the caller's to modify.
	Scan(ctx context.Context, queries []Query, progress func(share float64)) ([]*roaring.Bitmap, error)

	// Gather evaluates a query as Scan does, and hands over what is known of every
	// contact that satisfies it, all in the one committed state that the answer is
	// exact for; look, when not nil, sees that state, and must be as short as fn of
	// View. keep is called with a few contacts at a time, in no order and by one
	// caller, and may take its time. It may be told of a contact twice: the last
	// word counts. And of contacts that are not in the answer: they are not meant.
	// A nil keep gathers nobody.
	Gather(ctx context.Context, q Query, keep func([]muster.Contact) error, look func(View) error) (*roaring.Bitmap, error)

	// Maintain does the physical part of erasure and retention and other
	// housekeeping; it is called now and then, off the hot path, and answers
	// whether more is left to do.
	Maintain(ctx context.Context) (more bool, err error)

	// Stats answers sizes for operators.
	Stats(ctx context.Context) (Stats, error)

	// Failed is closed when the store has failed for good; Err says why.
	Failed() <-chan struct{}
	Err() error

	// Close finishes the running transaction, writes what makes the next start
	// fast and releases the directory. Every later call answers CodeUnavailable;
	// a second Close answers what the first did.
	Close() error
}

// Query asks which contacts of Of satisfy Node.
type Query struct {
	Node plan.Node
	Of   *roaring.Bitmap // nil is all parent contacts
	// Members overrides what InGroup reads for some groups: a recalculation
	// computes dependents on top of memberships that are not in force yet. The
	// bitmaps do not change while the query runs.
	Members map[muster.GroupNo]*roaring.Bitmap
}

// View is a consistent reading of the store. Contact numbers it answers are
// always parents, except where a method says so.
type View interface {
	// Tick is the last commit's instant T; 0 before the first.
	Tick() muster.Instant
	// LastSeq is the last change record's number; 0 when there is none. Numbers
	// have no gaps.
	LastSeq() muster.Seq
	// Horizon is how far back the past can be asked for.
	Horizon() Horizon

	// Contacts is the set of all parent contacts.
	Contacts() *roaring.Bitmap
	// ByID finds the parent of the contact with that id: CodeNotFound when no
	// contact ever had it, CodeGone when it was erased.
	ByID(id muster.ContactID) (muster.ContactNo, error)
	// ByExternalID, ByEmail (any spelling: the store folds it) and ByVisitor
	// find the owner of an identifier; 0 when nobody owns it.
	ByExternalID(value string) muster.ContactNo
	ByEmail(value string) muster.ContactNo
	ByVisitor(value string) muster.ContactNo
	// Owner answers what identity resolution needs to know of a parent. Of a
	// merged contact it answers number, id and creation; of an erased or unknown
	// number the zero Owner.
	Owner(no muster.ContactNo) Owner
	// Contact answers everything known of a parent, CodeNotFound otherwise.
	Contact(no muster.ContactNo) (muster.Contact, error)
	// Field answers one field's value; the zero Value when missing.
	Field(no muster.ContactNo, code string) muster.Value
	// Decision answers the standing decision; State Undecided when there is none.
	Decision(no muster.ContactNo, kind muster.DecisionKind, code string) muster.Decision
	// Search answers up to limit parents with number > after, ascending, whose
	// folded first name, last name, both with a space between, email, external id
	// or id contains the folded text (all when text is ""), within set when it is
	// not nil.
	Search(text string, within *roaring.Bitmap, after muster.ContactNo, limit int) ([]muster.ContactNo, error)

	// Ordered answers the next contacts in an order.
	Ordered(q Order) ([]Placed, error)

	// RememberedID reports whether an activity with that sender's id arrived
	// within the 24 h before now, from whomever.
	RememberedID(id string, now muster.Instant) bool
	// HasActivity reports whether the contact has an activity of that type at
	// that instant with that sender's id, of any age.
	HasActivity(no muster.ContactNo, activityType string, at muster.Instant, id string) bool
	// Activities answers a contact's activities, latest first (by time, then by
	// arrival), those matching the query. The sender's id need not be answered: a
	// store may keep of it only what recognises it.
	Activities(no muster.ContactNo, q ActivityQuery) ([]muster.StoredActivity, error)

	// Aged counts the activities of a type older than an instant, exactly.
	Aged(activityType string, before muster.Instant) (Aged, error)

	// Match answers each query's set, exactly as the plan says, by whatever path
	// is cheapest. The bitmaps are the caller's to modify.
	Match(queries []Query) ([]*roaring.Bitmap, error)
	// Named answers, for each dated fact, the contacts that have it. It may
	// answer too many, never too few.
	Named(facts []plan.Fact) ([]*roaring.Bitmap, error)

	// Members is the current membership of a group, empty when it has none.
	Members(group muster.GroupNo) *roaring.Bitmap
	// MembersAt is the membership in force at an instant: after the last commit
	// with T <= at. Of an instant before the horizon it is CodeHistoryExpired.
	MembersAt(group muster.GroupNo, at muster.Instant) (*roaring.Bitmap, error)
	// Memberships answers the groups a contact is in, by group number, with the
	// instant of the last entering, also when that is before the horizon.
	Memberships(no muster.ContactNo) ([]Membership, error)
	// Changes answers change records in the order of the query. Those up to the
	// horizon are not answered: latest first, the list ends there; otherwise a
	// query After a number before it is CodeHistoryExpired, because what comes next
	// is not known.
	Changes(q ChangeQuery) ([]muster.Change, error)
	// CountChanges counts a group's records from an instant on, by kind of cause.
	// The counts are exact from the instant that is answered on: the one asked for,
	// the horizon's, or a later one when there is much more to look at than the
	// latest records up to a limit.
	CountChanges(group muster.GroupNo, from muster.Instant, limit int) (ChangeCounts, error)

	// Documents answers all documents of a kind by code: definitions, groups,
	// keys, settings. The store does not read them.
	Documents(kind string) (map[string][]byte, error)
	// Values answers up to limit values seen of a source, most frequent first
	// where the store counts, containing the folded text: an attribute
	// ("attribute:page") or a field ("field:city").
	Values(source, text string, limit int) ([]string, error)
}

// Tx is the write transaction: a View of the state as written so far, plus
// writes. Only contacts that are parents may be written to.
//
// Writes between Begin-of-transaction and the first Match are the data phase;
// a store may begin to write them to disk in the background from then on.
type Tx interface {
	View

	// Expect tells which changes are about to be applied, so that a store may
	// fetch at once what it would else look up one by one. It changes no answer.
	Expect(changes []muster.Item)

	// SetTick sets the commit's instant; it never moves back. It precedes the
	// first AddActivity and the first Record, which take from it when an
	// activity arrived and the instant of the records.
	SetTick(t muster.Instant) error

	// CreateContact makes a contact with the next number.
	CreateContact(id muster.ContactID, createdAt muster.Instant) (muster.ContactNo, error)
	// SetExternalID and SetEmail give or replace the identifier (trimmed, as
	// written). Nobody else may own it.
	SetExternalID(no muster.ContactNo, value string) error
	SetEmail(no muster.ContactNo, value string) error
	AddVisitor(no muster.ContactNo, value string) error
	// SetField writes a field; a missing Value clears it.
	SetField(no muster.ContactNo, code string, v muster.Value) error
	// Decide keeps a decision and answers whether it stands.
	Decide(no muster.ContactNo, d muster.Decision) (stands bool, err error)
	// AddActivity appends an activity and answers its ordinal in this
	// transaction, from 0.
	AddActivity(no muster.ContactNo, a muster.Activity) (ordinal int, err error)

	// Merge makes the merged contact's identifiers (those the parent lacks),
	// visitors, activities, decisions and previously merged contacts the
	// parent's, fills the gaps of the parent's fields, and takes the merged one
	// out of Contacts. Membership is not touched: the caller records it.
	Merge(parent, merged muster.ContactNo) error
	// Erase makes a parent and all contacts merged into it invisible: their ids
	// answer CodeGone, their identifiers are free, their change records lose the
	// contact. The caller has recorded their leaving first. Physical removal
	// follows within 24 h by Maintain. The senders' ids of their activities are
	// forgotten with them: what arrives again is news.
	Erase(no muster.ContactNo) error
	// Expire removes activities of a type older than an instant, at once
	// invisible, and answers the contacts that had one.
	Expire(activityType string, before muster.Instant) (*roaring.Bitmap, error)

	// Noticed answers the contacts of those of this transaction's activities,
	// given by ordinal, that a leaf (*plan.Acted, *plan.Sequence or
	// *plan.Latest) could count: type, channel, filters and window hold.
	Noticed(leaf plan.Node, ordinals []int32) (*roaring.Bitmap, error)

	// Record changes a group's membership and appends the change records, one
	// per contact, left before entered, each in ascending contact number. Both sets are net:
	// entered holds no member, left holds members only. The store keeps the
	// bitmaps.
	Record(group muster.GroupNo, cause muster.Cause, entered, left *roaring.Bitmap) error
	// SetHorizon makes the past before an instant, which is not after the commit's,
	// unanswerable at once: members at instants before it, and records of commits
	// before it. It never moves back. Maintain then folds those records, in small
	// steps, into what is needed to answer the rest as before.
	SetHorizon(at muster.Instant) error
	// Forget drops a deleted group's membership; its change records stay.
	Forget(group muster.GroupNo) error

	// Put and Delete write a document.
	Put(kind, code string, document []byte) error
	Delete(kind, code string) error

	// Then has fn called once everything is durable, before Update returns nil; of
	// several only the last. A store that is this process's alone calls it before
	// any reader sees the commit, so that what the process keeps of it changes
	// together with it; readers of a Shared one may see the commit first. fn takes
	// no time and calls nothing of the store.
	Then(fn func())
}

// Owner is what identity resolution needs to know of a contact.
type Owner struct {
	No         muster.ContactNo
	ID         muster.ContactID
	ExternalID string
	Email      string // as written
	HasVisitor bool   // whether it has a visitor id; need not be told of who has something stronger
	CreatedAt  muster.Instant
}

// Horizon is how far back the past can be asked for.
type Horizon struct {
	At  muster.Instant // the first instant; muster.Beginning when all of it is kept
	Seq muster.Seq     // the last record of a commit before it; 0 when there is none
}

// Membership is one group a contact is in.
type Membership struct {
	Group muster.GroupNo
	Since muster.Instant
}

// Order asks for contacts by an instant. Those with the same instant stand in
// ascending order of number, and those without one, likewise, at the end.
type Order struct {
	By     OrderedBy
	Latest bool            // the latest instant first
	Of     *roaring.Bitmap // nil is all parents
	After  *Placed         // only those that come after this place, whoever stands there; nil is from the first
	Limit  int
}

// OrderedBy is an instant that contacts are ordered by.
type OrderedBy uint8

const (
	ByCreation OrderedBy = iota
	ByLastActivity
)

// Placed is a contact at its place in an order.
type Placed struct {
	No muster.ContactNo
	At muster.Instant // Beginning when it has none
}

// Compare answers, below, at or above 0, which of two places comes first.
func (q *Order) Compare(a, b Placed) int {
	switch {
	case a.At == b.At:
		return cmp.Compare(a.No, b.No)
	case a.At == muster.Beginning:
		return 1
	case b.At == muster.Beginning:
		return -1
	case q.Latest:
		return cmp.Compare(b.At, a.At)
	}
	return cmp.Compare(a.At, b.At)
}

// ActivityQuery selects activities of one contact.
type ActivityQuery struct {
	// Leaf, when not nil, is a *plan.Acted whose types, channels, filters and
	// window must hold; its measure is not looked at.
	Leaf *plan.Acted
	// Before continues after a page: only activities that sort after this one
	// (earlier time, or same time and smaller row). Row 0 starts at the latest:
	// rows count from 1, while instant 0 is one like any other.
	BeforeAt  muster.Instant
	BeforeRow uint64
	Limit     int // 0 is 100
}

// Aged are activities of one type older than an instant.
type Aged struct {
	Activities int64
	Oldest     muster.Instant // of them; muster.Forever when there are none
}

// ChangeQuery selects change records.
type ChangeQuery struct {
	After   muster.Seq // only records with a greater number
	Before  muster.Seq // only records with a smaller number; 0 is no bound
	Group   muster.GroupNo
	Contact muster.ContactNo
	Latest  bool // descending instead of ascending
	Limit   int  // 0 is 1,000
}

// ChangeCounts is how many change records there are by kind of cause, from an
// instant on.
type ChangeCounts struct {
	From  muster.Instant
	Kinds map[muster.CauseKind]ChangeCount
}

// ChangeCount is how many entered and left.
type ChangeCount struct{ Entered, Left uint64 }

// Add counts records of one kind of cause; there may be none.
func (c *ChangeCounts) Add(kind muster.CauseKind, n ChangeCount) {
	if n == (ChangeCount{}) {
		return
	}
	sum := c.Kinds[kind]
	c.Kinds[kind] = ChangeCount{sum.Entered + n.Entered, sum.Left + n.Left}
}

// Stats are sizes in numbers and bytes.
type Stats struct {
	Contacts, Merged, Activities, Changes int64
	// Bytes by what they hold: "activities", "contacts", "dictionaries",
	// "history", "sets"; and "disk".
	Bytes map[string]int64
}
