package postgres

import (
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// statement is SQL that is being written, with its arguments.
type statement struct {
	strings.Builder
	args []any
}

// arg adds an argument and answers its place.
func (s *statement) arg(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args)) + castOf(v)
}

// text appends parts.
func (s *statement) text(parts ...string) {
	for _, p := range parts {
		s.WriteString(p)
	}
}

// only is a further condition: that a column has one of these numbers; nil are all.
func (s *statement) only(column string, of *roaring.Bitmap) string {
	switch {
	case of == nil:
		return ""
	case isRange(of):
		return " and " + column + " between " + s.arg(of.Minimum()) + " and " + s.arg(of.Maximum())
	}
	return " and " + column + " = any(" + s.arg(numbers(of)) + ")"
}

// isRange tells a set without gaps, which can be very many numbers. A few are
// always named, so that the text is the same whoever they are, and so that the
// planner knows that they are few.
func isRange(of *roaring.Bitmap) bool {
	return of.GetCardinality() > 2000 && of.GetCardinality() == uint64(of.Maximum())-uint64(of.Minimum())+1
}
