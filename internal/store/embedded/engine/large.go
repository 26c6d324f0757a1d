package engine

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
)

// large is a run of many changes: the contacts of both directions as bitmaps.
// Gaps are the places, among all records of the set, of those erased since.
type large struct {
	head
	left, entered         *roaring.Bitmap
	leftGaps, enteredGaps []uint32
}

// contact answers who is at a place of the run, 0 for who was erased since.
func (s *large) contact(place uint32) muster.ContactNo {
	if place >= s.head.left {
		return selectPlace(s.entered, s.enteredGaps, place-s.head.left)
	}
	return selectPlace(s.left, s.leftGaps, place)
}

// places calls visit with the places of a contact in the run.
func (s *large) places(no uint32, visit func(place uint32)) {
	if s.left.Contains(no) {
		visit(placeOf(s.left, s.leftGaps, no))
	}
	if s.entered.Contains(no) {
		visit(s.head.left + placeOf(s.entered, s.enteredGaps, no))
	}
}

// erase takes a contact out and reports whether it was in.
func (s *large) erase(no uint32) bool {
	was := false
	if s.left.Contains(no) {
		s.leftGaps = insertSorted(s.leftGaps, placeOf(s.left, s.leftGaps, no))
		s.left.Remove(no)
		was = true
	}
	if s.entered.Contains(no) {
		s.enteredGaps = insertSorted(s.enteredGaps, placeOf(s.entered, s.enteredGaps, no))
		s.entered.Remove(no)
		was = true
	}
	return was
}

func (s *large) size() int64 {
	return int64(s.left.GetSizeInBytes()+s.entered.GetSizeInBytes()) + int64(cap(s.leftGaps)+cap(s.enteredGaps))*4 + 96
}

// selectPlace answers the contact at a place of a set with gaps, 0 in a gap.
func selectPlace(set *roaring.Bitmap, gaps []uint32, place uint32) muster.ContactNo {
	before, inGap := slices.BinarySearch(gaps, place)
	if inGap {
		return 0
	}
	no, err := set.Select(place - uint32(before))
	if err != nil {
		return 0
	}
	return muster.ContactNo(no)
}

// placeOf answers the place of a member of a set with gaps.
func placeOf(set *roaring.Bitmap, gaps []uint32, no uint32) uint32 {
	place := uint32(set.Rank(no)) - 1
	for _, gap := range gaps {
		if gap <= place {
			place++
		}
	}
	return place
}

func insertSorted(list []uint32, v uint32) []uint32 {
	at, _ := slices.BinarySearch(list, v)
	return slices.Insert(list, at, v)
}
