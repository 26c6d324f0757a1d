package engine

import "unsafe"

const (
	pageBits = 12
	pageSize = 1 << pageBits
	pageMask = pageSize - 1
)

// paged is a column over contact numbers in pages that come into being when
// first written, so that growing never copies and an empty stretch costs
// nothing. What was never written reads as the zero value.
type paged[T any] struct{ pages []*[pageSize]T }

func (p *paged[T]) get(i uint32) (v T) {
	if at := i >> pageBits; at < uint32(len(p.pages)) {
		if page := p.pages[at]; page != nil {
			return page[i&pageMask]
		}
	}
	return v
}

func (p *paged[T]) set(i uint32, v T) {
	at := i >> pageBits
	for at >= uint32(len(p.pages)) {
		p.pages = append(p.pages, nil)
	}
	if p.pages[at] == nil {
		p.pages[at] = new([pageSize]T)
	}
	p.pages[at][i&pageMask] = v
}

// page answers a page, nil when nothing was ever written to it.
func (p *paged[T]) page(at int) *[pageSize]T {
	if at < len(p.pages) {
		return p.pages[at]
	}
	return nil
}

func (p *paged[T]) size() int64 {
	var v T
	n := int64(cap(p.pages)) * 8
	for _, page := range p.pages {
		if page != nil {
			n += int64(unsafe.Sizeof(v)) * pageSize
		}
	}
	return n
}
