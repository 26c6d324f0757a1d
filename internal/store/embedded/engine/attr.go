package engine

import "math"

// attrColumn holds the value codes of one attribute in a chunk; 0 is "no
// value". Nearly all attributes have less than 65,536 different values in the
// rows of a chunk's day, and then a code takes two bytes: a scan reads half as
// much memory. A chunk that meets a larger code widens its column.
type attrColumn struct {
	name   uint32
	narrow []uint16 // nil once the column is wide
	wide   []uint32
}

func (a *attrColumn) at(row uint32) uint32 {
	if a.wide != nil {
		return a.wide[row]
	}
	return uint32(a.narrow[row])
}

func (a *attrColumn) set(row int, code uint32) {
	if a.wide == nil && code > math.MaxUint16 {
		a.wide = make([]uint32, len(a.narrow))
		for i, narrow := range a.narrow {
			a.wide[i] = uint32(narrow)
		}
		a.narrow = nil
	}
	if a.wide != nil {
		a.wide[row] = code
		return
	}
	a.narrow[row] = uint16(code)
}

// fit makes the column's room another, keeping the first n rows.
func (a *attrColumn) fit(n, room int) {
	if a.wide != nil {
		a.wide = longer(a.wide[:n], room)
		return
	}
	a.narrow = longer(a.narrow[:n], room)
}

func (a *attrColumn) size() int64 { return int64(len(a.narrow))*2 + int64(len(a.wide))*4 + 56 }

// pick adds the places of the first n rows whose code passes to the selection, of
// which nothing is chosen yet.
func (a *attrColumn) pick(n int, test *codeTest, into *selection) int {
	if a.wide != nil {
		return pickCodes(a.wide[:n], test, into)
	}
	return pickCodes(a.narrow[:n], test, into)
}

// pickCodes writes every place and keeps it by counting on: there is no branch
// to mispredict.
func pickCodes[T uint16 | uint32](codes []T, test *codeTest, into *selection) int {
	n := 0
	if test.ones == 1 {
		only := T(test.only)
		if uint32(only) != test.only {
			return 0
		}
		for i, code := range codes {
			into[n&chunkMask] = uint16(i)
			if code == only {
				n++
			}
		}
		return n
	}
	bits := test.bits
	for i, code := range codes {
		into[n&chunkMask] = uint16(i)
		if at := code >> 6; int(at) < len(bits) {
			n += int(bits[at] >> (code & 63) & 1)
		}
	}
	return n
}

// refine keeps those of the first n places whose code passes.
func (a *attrColumn) refine(into *selection, n int, test *codeTest) int {
	kept := 0
	for _, place := range into[:n] {
		if test.holds(a.at(uint32(place))) {
			into[kept] = place
			kept++
		}
	}
	return kept
}
