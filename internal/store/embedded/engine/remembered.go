package engine

import (
	"hash/maphash"

	"github.com/muster-groups/muster"
)

// remembered knows the senders' ids that arrived lately, as 64 bit hashes, in
// two generations: when the younger is a day old, the older is dropped.
type remembered struct {
	young, old map[uint64]muster.Instant
	since      muster.Instant // when the young generation began
}

func (r *remembered) add(hash uint64, now muster.Instant) {
	if hash == 0 {
		return
	}
	if r.young == nil || now >= r.since+secondsPerDay {
		r.young, r.old, r.since = map[uint64]muster.Instant{}, r.young, now
	}
	r.young[hash] = now
}

// forget forgets an id, as a start does that does not find its activity.
func (r *remembered) forget(hash uint64) {
	delete(r.young, hash)
	delete(r.old, hash)
}

// within reports whether the id arrived within the 24 h before now.
func (r *remembered) within(hash uint64, now muster.Instant) bool {
	for _, generation := range [2]map[uint64]muster.Instant{r.young, r.old} {
		if at, found := generation[hash]; found && at > now-secondsPerDay {
			return true
		}
	}
	return false
}

func (r *remembered) size() int64 { return int64(len(r.young)+len(r.old)) * 40 }

// idHash answers the hash by which an id is known; 0 for no id.
func (e *Engine) idHash(id string) uint64 {
	if id == "" {
		return 0
	}
	return max(maphash.String(e.idSeed, id), 1)
}
