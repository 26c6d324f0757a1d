package engine

// wordRef is the place of a block in a words arena.
type wordRef uint32

const (
	wordPageBits = 16
	wordPageSize = 1 << wordPageBits
	// largestShared is the largest block, in words, that shares a page with
	// others; larger ones have a page of their own.
	largestShared = 4096
)

// words is an arena of blocks of 32 bit words in size classes, with a free
// list per class. Sizes are 1, 2, 3, 4, 6, 8, 12, 16, ...: a list that grows
// through them wastes a fifth of its space on average.
type words struct {
	pages     [][]uint32
	used      uint32          // words used in the current page
	current   uint32          // the page being filled
	free      [classes]uint32 // first free block + 1 per class; 0 is none
	freePages []uint32
	freeWords int64
}

const classes = 58

// classSize answers the size of a class in words.
func classSize(class uint8) uint32 {
	if class < 2 {
		return uint32(class) + 1
	}
	// Classes from 2 alternate between 3*2^k and 2^(k+2).
	k := (class - 2) / 2
	if class%2 == 0 {
		return 3 << k
	}
	return 4 << k
}

// classFor answers the smallest class that holds n words.
func classFor(n uint32) uint8 {
	class := uint8(0)
	for classSize(class) < n {
		class++
	}
	return class
}

// alloc answers a block of the class; its content is arbitrary.
func (a *words) alloc(class uint8) wordRef {
	size := classSize(class)
	if size > largestShared {
		page := make([]uint32, size)
		if n := len(a.freePages); n > 0 {
			index := a.freePages[n-1]
			a.freePages = a.freePages[:n-1]
			a.pages[index] = page
			return wordRef(index << wordPageBits)
		}
		a.pages = append(a.pages, page)
		return wordRef(uint32(len(a.pages)-1) << wordPageBits)
	}
	if head := a.free[class]; head != 0 {
		ref := wordRef(head - 1)
		a.free[class] = a.block(ref, 1)[0]
		a.freeWords -= int64(size)
		return ref
	}
	if len(a.pages) == 0 || a.used+size > wordPageSize {
		a.current, a.used = uint32(len(a.pages)), 0
		if a.current == 0 {
			a.used = 1 // so that no free block has place 0 and head - 1 stays unambiguous
		}
		a.pages = append(a.pages, make([]uint32, wordPageSize))
	}
	ref := wordRef(a.current<<wordPageBits | a.used)
	a.used += size
	return ref
}

// release gives a block back.
func (a *words) release(ref wordRef, class uint8) {
	if classSize(class) > largestShared {
		index := uint32(ref) >> wordPageBits
		a.pages[index] = nil
		a.freePages = append(a.freePages, index)
		return
	}
	a.block(ref, 1)[0] = a.free[class]
	a.free[class] = uint32(ref) + 1
	a.freeWords += int64(classSize(class))
}

// block answers the first n words of a block. It is valid until the block is released.
func (a *words) block(ref wordRef, n uint32) []uint32 {
	at := uint32(ref) & (wordPageSize - 1)
	return a.pages[ref>>wordPageBits][at : at+n : at+n]
}

func (a *words) size() int64 {
	var n int64
	for _, p := range a.pages {
		n += int64(cap(p))*4 + 24
	}
	return n
}
