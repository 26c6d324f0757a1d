package postgres

import (
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

// keep is the sets that were read last, each with the version of the rows it
// was made of. A reader takes a set only when its own snapshot has that
// version, or makes it of one with an earlier version and what came since; so
// what is kept can be old and yet never be wrong. Sets are never modified.
type keep struct {
	mu      sync.Mutex
	parents versioned
	commit  int64 // by which the parents had that version
	rolls   map[muster.GroupNo]versioned
	// versions are those of all memberships after the commit upTo, or later ones.
	versions map[muster.GroupNo]rolled
	upTo     int64
}

type versioned struct {
	version int64
	set     *roaring.Bitmap // nil is none
}

// rolled is the last record of a group, 0 for none, and the commit that made it so.
type rolled struct{ version, commit int64 }

func newKeep() *keep {
	return &keep{rolls: map[muster.GroupNo]versioned{}, versions: map[muster.GroupNo]rolled{}, upTo: -1}
}

// knownTo is the commit after which versions have to be asked for.
func (k *keep) knownTo() int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.upTo
}

// know takes in what changed until a commit, since one up to which all was known.
func (k *keep) know(commit int64, changed map[muster.GroupNo]rolled) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for group, v := range changed {
		if old, known := k.versions[group]; !known || v.commit > old.commit {
			k.versions[group] = v
		}
	}
	k.upTo = max(k.upTo, commit)
}

// versionAt is the version of a group's membership after a commit; right is false
// when it has changed since.
func (k *keep) versionAt(group muster.GroupNo, commit int64) (version int64, right bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, known := k.versions[group]
	return v.version, !known || v.commit <= commit
}

func (k *keep) keptParents() (versioned, int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.parents, k.commit
}

func (k *keep) keepParents(version, commit int64, set *roaring.Bitmap) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.parents.set == nil || version >= k.parents.version && commit >= k.commit {
		k.parents, k.commit = versioned{version, set}, commit
	}
}

func (k *keep) keptRoll(group muster.GroupNo) versioned {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.rolls[group]
}

func (k *keep) keepRoll(group muster.GroupNo, version int64, set *roaring.Bitmap) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if v, ok := k.rolls[group]; !ok || version > v.version {
		k.rolls[group] = versioned{version, set}
	}
}

// versionOf answers the version of a group's membership; 0 is none.
func (r *reading) versionOf(group muster.GroupNo) (version int64, err error) {
	if v, changed := r.version[group]; changed {
		return v.version, nil
	}
	version, right := r.kept.versionAt(group, r.since)
	if !right {
		version = 0
		_, err = r.one(`select version from roll where group_no = $1`, []any{group}, &version)
	}
	return version, err
}

// keptParents makes the set of parents of the kept one; nil when it cannot.
func (r *reading) keptParents() (*roaring.Bitmap, error) {
	kept, commit := r.kept.keptParents()
	switch {
	case kept.set == nil || kept.version > r.head.people:
		return nil, nil
	case kept.version == r.head.people:
		return kept.set, nil
	}
	moved, known, err := r.touchedBy(`select people from touched where commit > $1`, commit)
	if err != nil || !known {
		return nil, err
	}
	are, err := r.set(`select no from contact where no = any($1::bigint[]) and parent is null and not erased`, numbers(moved))
	if err != nil {
		return nil, err
	}
	set := roaring.AndNot(kept.set, moved)
	set.Or(are)
	return set, nil
}

// keptRoll makes a group's membership of the kept one; nil when there is none.
func (r *reading) keptRoll(group muster.GroupNo, version int64) (*roaring.Bitmap, error) {
	kept := r.kept.keptRoll(group)
	switch {
	case kept.set == nil || kept.version > version:
		return nil, nil
	case kept.version == version:
		return kept.set, nil
	case kept.version < r.head.folded:
		return nil, nil // not all records since are there
	}
	set := kept.set.Clone()
	erased, err := r.replay(set, group, kept.version, version, muster.Forever)
	if err != nil || !erased {
		return set, err
	}
	// Who was erased has left, but the records do not name them any more.
	if set.GetCardinality() > many {
		return nil, nil
	}
	gone, err := r.set(`select no from contact where erased and no = any($1::bigint[])`, numbers(set))
	if err != nil {
		return nil, err
	}
	set.AndNot(gone)
	return set, nil
}

// readRoll reads a group's membership.
func (r *reading) readRoll(group muster.GroupNo, version int64) (*roaring.Bitmap, error) {
	set, err := r.set(`select contact_no from membership where group_no = $1`, group)
	if err != nil {
		return nil, err
	}
	if bulk, err := r.bulkOf(group); err != nil || bulk == 0 {
		return set, err
	}
	// Rows of who has moved since are right already: moving them again is right, too.
	_, err = r.replay(set, group, r.inBulk[group]-1, version, muster.Forever)
	return set, err
}
