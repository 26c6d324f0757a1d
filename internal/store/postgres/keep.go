package postgres

import (
	"maps"
	"math"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

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

// allRolls answers what is kept of all groups.
func (k *keep) allRolls() map[muster.GroupNo]versioned {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.rolls)
}

func (k *keep) keepRoll(group muster.GroupNo, version int64, set *roaring.Bitmap) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if v, ok := k.rolls[group]; !ok || version > v.version {
		k.rolls[group] = versioned{version, set}
	}
}

// knownVersion answers the version of a group's membership, if it is known.
func (r *reading) knownVersion(group muster.GroupNo) (version int64, known bool) {
	if v, changed := r.version[group]; changed {
		return v.version, true
	}
	return r.kept.versionAt(group, r.since)
}

// versionOf answers the version of a group's membership; 0 is none.
func (r *reading) versionOf(group muster.GroupNo) (version int64, err error) {
	version, right := r.knownVersion(group)
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
	moved, err := r.replayKept(group, kept, version)
	if err != nil {
		return nil, err
	}
	set := moved[group].set
	if !moved[group].erased {
		return set, nil
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

// lately is how many records back memberships are brought up to date together.
const lately = 10_000

// replayKept takes a group's kept membership to its version. Where other nodes
// have changed it lately they have changed others, too: those are taken to theirs
// in the same journey.
func (r *reading) replayKept(group muster.GroupNo, from versioned, to int64) (map[muster.GroupNo]*replayed, error) {
	moved := map[muster.GroupNo]*replayed{}
	var groups []int64
	first, last := from.version, to
	add := func(no muster.GroupNo, kept versioned, version int64) {
		moved[no] = &replayed{set: kept.set.Clone(), after: kept.version, until: version}
		groups, first, last = append(groups, int64(no)), min(first, kept.version), max(last, version)
	}
	add(group, from, to)
	if since := max(r.head.folded, r.head.lastSeq-lately); from.version >= since {
		for no, kept := range r.kept.allRolls() {
			version, known := r.knownVersion(no)
			if no != group && known && kept.version >= since && kept.version < version && r.rolls[no] == nil {
				add(no, kept, version)
			}
		}
	}
	many, err := r.bulks(`group_no = any($1::bigint[]) and last > $2 and first <= $3 order by first`, groups, first, last)
	if err != nil {
		return nil, err
	}
	for _, b := range many {
		if p := moved[b.group]; b.last > p.after && b.first <= p.until {
			p.many = append(p.many, b)
		}
	}
	err = r.each(`select group_no, seq, contact_no, entered from change where group_no = any($1::bigint[]) and seq > $2 and seq <= $3 order by seq`,
		[]any{groups, first, last}, func(rows pgx.Rows) error {
			var of muster.GroupNo
			var seq int64
			var no uint32
			var entered bool
			err := rows.Scan(&of, &seq, &no, &entered)
			if p := moved[of]; p != nil && seq > p.after && seq <= p.until {
				p.takeRecord(seq, no, entered)
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	for no, p := range moved {
		p.takeBulks(math.MaxInt64)
		if no != group && !p.erased {
			r.rolls[no] = p.set
			r.kept.keepRoll(no, p.until, p.set)
		}
	}
	return moved, nil
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
