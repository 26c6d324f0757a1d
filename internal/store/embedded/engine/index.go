package engine

import "math/bits"

const indexShards = 128

// index is a hash table of 32 bit numbers, keyed by something that the caller
// stores elsewhere: it hashes the key and compares candidates. A byte of the
// hash beside each slot spares nearly all comparisons that would fail, each of
// which waits for memory. It costs 6 to 14 bytes per number. It is divided into
// shards that grow one at a time, so that no single insertion waits for the
// whole table to be copied.
type index struct {
	shards [indexShards]shard
}

type shard struct {
	slots []uint32 // number + 2; 0 is empty, 1 is deleted
	marks []uint8  // of each slot, from its hash
	used  uint32   // slots that are not empty
	alive uint32
}

const deletedSlot = 1

// markOf answers bits of the hash that choose neither shard nor slot.
func markOf(hash uint64) uint8 { return uint8(hash >> 48) }

// find answers the number whose key has the hash and satisfies equal.
func (x *index) find(hash uint64, equal func(uint32) bool) (uint32, bool) {
	s := &x.shards[hash>>57]
	if len(s.slots) == 0 {
		return 0, false
	}
	mask, mark := uint64(len(s.slots)-1), markOf(hash)
	for at := hash & mask; ; at = (at + 1) & mask {
		switch slot := s.slots[at]; {
		case slot == 0:
			return 0, false
		case s.marks[at] == mark && slot != deletedSlot && equal(slot-2):
			return slot - 2, true
		}
	}
}

// glance reads where the hash's number begins to be looked for.
func (x *index) glance(hash uint64) uint64 {
	s := &x.shards[hash>>57]
	if len(s.slots) == 0 {
		return 0
	}
	at := hash & uint64(len(s.slots)-1)
	return uint64(s.slots[at]) + uint64(s.marks[at])
}

// add inserts a number whose key is not in the table. rehash answers the hash
// of a number that is.
func (x *index) add(hash uint64, number uint32, rehash func(uint32) uint64) {
	s := &x.shards[hash>>57]
	if uint64(s.used+1)*8 > uint64(len(s.slots))*7 {
		s.grow(rehash)
	}
	s.put(hash, number)
}

// remove deletes the number whose key has the hash.
func (x *index) remove(hash uint64, number uint32) {
	s := &x.shards[hash>>57]
	if len(s.slots) == 0 {
		return
	}
	mask := uint64(len(s.slots) - 1)
	for at := hash & mask; s.slots[at] != 0; at = (at + 1) & mask {
		if s.slots[at] == number+2 {
			s.slots[at] = deletedSlot
			s.alive--
			return
		}
	}
}

func (s *shard) put(hash uint64, number uint32) {
	mask := uint64(len(s.slots) - 1)
	at := hash & mask
	for s.slots[at] > deletedSlot {
		at = (at + 1) & mask
	}
	if s.slots[at] == 0 {
		s.used++
	}
	s.slots[at], s.marks[at] = number+2, markOf(hash)
	s.alive++
}

func (s *shard) grow(rehash func(uint32) uint64) {
	old := s.slots
	size := uint32(1) << bits.Len32(max(s.alive*8/5, 7))
	s.slots, s.marks, s.used, s.alive = make([]uint32, size), make([]uint8, size), 0, 0
	for _, slot := range old {
		if slot > deletedSlot {
			s.put(rehash(slot-2), slot-2)
		}
	}
}

func (x *index) size() int64 {
	var n int64
	for i := range x.shards {
		n += int64(len(x.shards[i].slots)) * 5
	}
	return n
}
