package muster

// Authority says what the sender of a change may do.
type Authority byte

// The authorities. Collect keys only write facts and cannot replace an email
// or set created_at; edit and admin keys and imports can.
const (
	Collect Authority = iota + 1
	Edit
)

// ContactChange creates or updates a contact.
type ContactChange struct {
	Who       Identifiers
	Fields    map[string]Value // a missing Value clears the field; typed by the schema already
	Decisions []DecisionInput
	CreatedAt Instant // 0: the instant of creation; only with Edit and only when it creates
	// ID is the sender's id of the change, for recognising repeats; may be "". It
	// is remembered for 24 h after arrival.
	ID string
}

// DecisionInput is a decision to record. A zero At means the commit's instant.
type DecisionInput struct {
	Kind    DecisionKind
	Code    string
	State   DecisionState
	At      Instant
	Version string
}

// ActivityInput records what a contact did.
type ActivityInput struct {
	Who Identifiers
	Activity
	// HasAt tells whether the sender gave occurred_at; without it Activity.At is
	// ignored and the commit's instant is taken.
	HasAt bool
}

// Item is one element of a batch: exactly one member is set.
type Item struct {
	Contact  *ContactChange
	Activity *ActivityInput
	Merge    *MergeChange
	Erase    *ContactID
}

// MergeChange asks that Contact be merged into Into. Keep names the side
// ("contact" or "into") whose external id or email stays when both have one.
type MergeChange struct {
	Contact, Into ContactID
	Keep          string
}

// Batch is one request: its items are validated and applied one by one, in
// order, in one commit.
type Batch struct {
	Authority Authority
	Items     []Item
	// Note, when not nil, is asked once the items have been applied for a document
	// that is kept in the same commit, such as how far an import is. It must be
	// quick, and may be asked again when the commit is tried again.
	Note func([]ItemResult) Note
	// Lease, when not empty, is what the sender has to hold when the batch is
	// applied; else the batch is refused.
	Lease string
}

// Note is a document that is kept with a batch.
type Note struct {
	Kind, Code string
	Body       []byte
}

// ItemStatus is what became of an item.
type ItemStatus string

// The statuses.
const (
	Accepted  ItemStatus = "accepted"
	Duplicate ItemStatus = "duplicate"
	Expired   ItemStatus = "expired"
	Rejected  ItemStatus = "rejected"
)

// ItemResult answers one item.
type ItemResult struct {
	Status  ItemStatus
	Contact ContactID // zero when rejected
	Created bool
	Ignored []string // what a collect key could not change, such as "email"
	Err     error    // an *Error when rejected
}

// GroupMove says that a contact entered or left a group.
type GroupMove struct {
	Group   string
	Contact ContactID
}

// BatchResult answers a batch: a result per item and the commit's changes of
// the contacts the batch named.
type BatchResult struct {
	At      Instant
	Items   []ItemResult
	Entered []GroupMove
	Left    []GroupMove
}
