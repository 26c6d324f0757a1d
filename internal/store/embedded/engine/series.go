package engine

import "unsafe"

// series is an append-only list in pages, so that growing never copies.
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

// at answers the place of an element.
func (s *series[T]) at(i int) *T { return &s.pages[i>>pageBits][i&pageMask] }

func (s *series[T]) size() int64 {
	var v T
	return int64(len(s.pages)) * (8 + pageSize*int64(unsafe.Sizeof(v)))
}
