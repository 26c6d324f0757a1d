package postgres

import (
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

// keep is the sets that were read last, each with the version of the rows it
// was made of. A reader takes a set only when its own snapshot has that
// version, so what is kept can be old and yet never be wrong. Sets are never
// modified.
type keep struct {
	mu      sync.Mutex
	parents versioned
	rolls   map[muster.GroupNo]versioned
}

type versioned struct {
	version int64
	set     *roaring.Bitmap
}

func newKeep() *keep { return &keep{rolls: map[muster.GroupNo]versioned{}} }

func (k *keep) parentsAt(version int64) *roaring.Bitmap {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.parents.set == nil || k.parents.version != version {
		return nil
	}
	return k.parents.set
}

func (k *keep) keepParents(version int64, set *roaring.Bitmap) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.parents.set == nil || version > k.parents.version {
		k.parents = versioned{version, set}
	}
}

func (k *keep) rollAt(group muster.GroupNo, version int64) *roaring.Bitmap {
	k.mu.Lock()
	defer k.mu.Unlock()
	if v, ok := k.rolls[group]; ok && v.version == version {
		return v.set
	}
	return nil
}

func (k *keep) keepRoll(group muster.GroupNo, version int64, set *roaring.Bitmap) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if v, ok := k.rolls[group]; !ok || version > v.version {
		k.rolls[group] = versioned{version, set}
	}
}
