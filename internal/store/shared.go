package store

import (
	"context"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

// Shared is a Store that several processes may have open at once. Their Updates
// are serialised with each other, and each sees what all before it have
// committed. A Store that is not Shared belongs to one process.
//
// Its Views are SharedViews and its Txs SharedTxs.
type Shared interface {
	Store
	Files

	// Written answers what was committed last, by whomever. It is cheap.
	Written(ctx context.Context) (Written, error)
	// Await returns when somebody may have committed after a commit, or released
	// a lease; or when the context ends, or for no reason. It is a hint.
	Await(ctx context.Context, after int64)

	// Foresee reads beside whoever has the turn what Expect of these changes would
	// read, for a Tx that is to Know it. It changes no answer, and nil is one, too.
	Foresee(ctx context.Context, changes []muster.Item) Foreseen

	// Lease takes a lease for a term, or renews it, unless another holder has it;
	// and answers who has it then. Terms end by the store's clock, so that a
	// holder that is gone loses its leases. The note is the holder's to leave.
	Lease(ctx context.Context, name, holder string, term time.Duration, note []byte) (Lease, error)
	// Release gives a lease back before its end; of another holder's it does nothing.
	Release(ctx context.Context, name, holder string) error

	// Leave keeps parts of a work, by number, for whoever holds a lease next: all of
	// them or none, in the place of those with the same numbers. No parts drop the
	// work. When somebody else has taken the lease, it does nothing and answers so.
	// It is no commit, nobody is told, and no archive has it.
	Leave(ctx context.Context, lease, holder, work string, parts map[int][]byte) (held bool, err error)
	// Left answers the parts of a work; none when there are none.
	Left(ctx context.Context, work string) (map[int][]byte, error)
}

// Foreseen is what a Shared store has read of changes before it is their turn. It
// is used once.
type Foreseen any

// Written is what was committed last.
type Written struct {
	Commit int64 // commits are numbered from 1
	// Kinds has, by kind of document, the last commit that put or deleted one.
	Kinds map[string]int64
}

// Lease is who may do something that is to be done once.
type Lease struct {
	Holder string // "" when the term has ended
	Note   []byte
}

// SharedView is a View of a Shared store.
type SharedView interface {
	View

	// Written answers what was committed before this view.
	Written() Written
	// DocumentsSince answers the documents of a kind that were put after a commit.
	DocumentsSince(kind string, commit int64) (map[string][]byte, error)
	// Touched answers the contacts that were named to Touch after a commit; known
	// is false when that is too long ago to be known.
	Touched(after int64) (contacts *roaring.Bitmap, known bool, err error)
	// Lease answers who has a lease now.
	Lease(name string) (Lease, error)
}

// SharedTx is a Tx of a Shared store.
type SharedTx interface {
	Tx
	SharedView

	// Know takes in what was foreseen of changes that Expect is about to be told of.
	Know([]Foreseen)
	// Touch names contacts that the commit concerns, for Touched. It is no write by itself.
	Touch(contacts *roaring.Bitmap)
	// Wrote reports whether something was written: only then there is a commit,
	// whose number is one more than the last one's.
	Wrote() bool
}
