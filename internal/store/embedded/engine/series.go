package engine

import "unsafe"

// series is an append-only list in pages, so that growing never copies. Its
// beginning may be dropped, by whole pages; the others keep their places.
type series[T any] struct {
	pages []*[pageSize]T
	n     int
}

func (s *series[T]) push(v T) {
	if s.n&pageMask == 0 {
		s.pages = append(s.pages, new([pageSize]T))
	}
	s.pages[s.n>>pageBits][s.n&pageMask] = v
	s.n++
}

// at answers the place of an element that was not dropped.
func (s *series[T]) at(i int) *T { return &s.pages[i>>pageBits][i&pageMask] }

// drop gives up the elements before a place.
func (s *series[T]) drop(before int) {
	for page := before>>pageBits - 1; page >= 0 && s.pages[page] != nil; page-- {
		s.pages[page] = nil
	}
}

func (s *series[T]) size() int64 {
	var v T
	n := int64(len(s.pages)) * 8
	for _, page := range s.pages {
		if page != nil {
			n += pageSize * int64(unsafe.Sizeof(v))
		}
	}
	return n
}
