package store

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

// Archived is a Store that can be copied into another one: it tells everything
// it keeps, with all numbers, as of one commit. What waits for physical removal
// is removed first. Nobody may write meanwhile, or it is not in the copy.
//
// The other side is a function of each store's package, Fill, which makes an
// empty place equal to what an Archive is told, or leaves it empty.
type Archived interface {
	Store
	Archive(ctx context.Context, to Archive) error
}

// Archive is told everything that a store keeps, in this order: Start, contacts
// by number, activities by row, floors, change records by number, groups that
// were forgotten, documents. It may keep what it is told.
type Archive interface {
	Start(ArchivedHead) error
	Contact(ArchivedContact) error
	Activity(ArchivedActivity) error
	// Floor is a group's membership at the horizon, when history begins there,
	// and since when each member was one, in order of number; none when that is
	// not known.
	Floor(group muster.GroupNo, members *roaring.Bitmap, since []muster.Instant) error
	// Change is a record after the horizon; its Contact is 0 when it was erased since.
	Change(muster.Change) error
	Forgotten(group muster.GroupNo) error
	Document(kind, code string, body []byte) error
}

// ArchivedHead is what counts on.
type ArchivedHead struct {
	Tick        muster.Instant
	LastSeq     muster.Seq
	LastContact muster.ContactNo
	LastRow     uint64
	Horizon     Horizon
}

// ArchivedContact is a contact: a parent with everything known but activities;
// or a merged or erased one, of which only number, id and creation are told.
type ArchivedContact struct {
	muster.Contact
	Parent muster.ContactNo // 0 for a parent
	Erased bool
}

// ArchivedActivity is an activity with the sender's id, and when it arrived.
type ArchivedActivity struct {
	muster.StoredActivity
	Arrived muster.Instant
}
