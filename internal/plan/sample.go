package plan

import "github.com/muster-groups/muster"

// Buckets is the number of buckets that Sample divides contacts into.
const Buckets = 1_000_000

// SampleBucket answers the bucket of a contact, from 0 to Buckets-1, as defined
// at Sample. It depends on nothing but the salt and the public id, so every
// store draws the same sample.
func SampleBucket(salt string, id muster.ContactID) uint32 {
	const (
		fnvOffset = 0xcbf29ce484222325
		fnvPrime  = 0x100000001b3
	)
	h := uint64(fnvOffset)
	for i := 0; i < len(salt); i++ {
		h = (h ^ uint64(salt[i])) * fnvPrime
	}
	h *= fnvPrime // the zero byte that separates salt and id
	for _, b := range id {
		h = (h ^ uint64(b)) * fnvPrime
	}
	// FNV alone spreads ids that differ in few bits badly over the low digits.
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	return uint32(h % Buckets)
}

// Holds reports whether the contact is in the sample.
func (s *Sample) Holds(id muster.ContactID) bool {
	bucket := SampleBucket(s.Salt, id)
	return s.From <= bucket && bucket < s.To
}
