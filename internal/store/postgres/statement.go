package postgres

import (
	"strconv"
	"strings"
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
