package script

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/muster-groups/muster"
)

// word is a word of a line: key=value, or a value alone.
type word struct {
	key, value string
	hasKey     bool
	quoted     bool // the value stood in quotes, so it is a text and nothing else
}

// words splits a line at white space. A value, or the end of one, may be a
// quoted Go string.
func words(line string) ([]word, error) {
	var out []word
	for i := 0; i < len(line); {
		if line[i] == ' ' || line[i] == '\t' {
			i++
			continue
		}
		var w word
		start := i
		for i < len(line) && line[i] != ' ' && line[i] != '\t' && line[i] != '"' {
			if line[i] == '=' && !w.hasKey {
				w.key, w.hasKey, start = line[start:i], true, i+1
			}
			i++
		}
		w.value = line[start:i]
		if i < len(line) && line[i] == '"' {
			prefix, err := strconv.QuotedPrefix(line[i:])
			if err != nil {
				return nil, fmt.Errorf("a quote is not closed in %q", line)
			}
			text, err := strconv.Unquote(prefix)
			if err != nil {
				return nil, err
			}
			w.value += text
			w.quoted = true
			i += len(prefix)
		}
		out = append(out, w)
	}
	return out, nil
}

// lines answers the lines of a command's input that are neither empty nor comments.
func lines(input string) []string {
	var out []string
	for _, line := range strings.Split(input, "\n") {
		if t := strings.TrimSpace(line); t != "" && !strings.HasPrefix(t, "#") {
			out = append(out, line)
		}
	}
	return out
}

// instantForms are how a script writes an instant; without a zone it is UTC.
var instantForms = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"}

func parseInstant(s string) (muster.Instant, bool) {
	for _, form := range instantForms {
		if t, err := time.Parse(form, s); err == nil {
			return muster.InstantOf(t), true
		}
	}
	return 0, false
}

// identifiers reads the words that name a contact from the beginning of a line
// and answers the rest. A bare first word is an external id.
func (r *runner) identifiers(line []word) (muster.Identifiers, []word, error) {
	var who muster.Identifiers
	for i, w := range line {
		kind, value, _ := strings.Cut(w.value, ":")
		switch {
		case w.hasKey:
			return who, line[i:], nil
		case kind == "external":
			who.ExternalID = value
		case kind == "email":
			who.Email = value
		case kind == "visitor":
			who.VisitorID = value
		case kind == "id":
			id, known := r.ids[value]
			if !known {
				return who, nil, fmt.Errorf("no contact is called %q", value)
			}
			who.ID = id
		case i == 0 && w.value != "-":
			who.ExternalID = w.value
		case i == 0:
			// A dash names nobody.
		default:
			return who, line[i:], nil
		}
	}
	return who, nil, nil
}
