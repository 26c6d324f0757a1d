package oracle

import "github.com/muster-groups/muster"

// bucket is the place of a contact among a million, by a salt:
// fmix64(fnv1a64(salt, 0x00, the 16 bytes of the id)) mod 1,000,000.
func bucket(salt string, id muster.ContactID) uint64 {
	message := append(append([]byte(salt), 0), id[:]...)
	h := uint64(14695981039346656037)
	for _, b := range message {
		h = (h ^ uint64(b)) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return (h ^ h>>33) % 1_000_000
}

// inSample reports whether the contact's bucket is below percent*10000.
func inSample(salt string, percent muster.Decimal, id muster.ContactID) bool {
	return bucket(salt, id)*100 < uint64(percent)
}
