package importer

import (
	"fmt"
	"slices"
	"strings"
)

// Mapping says what each column becomes. Columns are resolved when first seen:
// by what was asked for, as a target spelt out, or by a known heading.
type Mapping struct {
	kind     Kind
	schema   Schema
	asked    map[string]Target // by heading, as written and folded
	constant []constant        // values given to every row
	preset   preset            // of the system that wrote the file, when its columns tell
	guesses  guesses
	columns  map[string]int
	found    []Column
}

type constant struct {
	target Target
	text   string
}

// Column is one column of the file and what it becomes.
type Column struct {
	Name   string
	Target Target
	How    string // "asked", "recognised", "left out", or "" when nothing is known of it
}

// NewMapping makes a mapping. asked holds "HEADING=TARGET" entries, constants
// "TARGET=VALUE" entries that every row gets when it has no value of its own.
func NewMapping(kind Kind, schema Schema, asked, constants []string) (*Mapping, error) {
	m := &Mapping{kind: kind, schema: schema, asked: map[string]Target{}, guesses: newGuesses(kind, schema), columns: map[string]int{}}
	for _, entry := range asked {
		cut := strings.LastIndexByte(entry, '=')
		if cut < 0 {
			return nil, fmt.Errorf("mapping %q: expected HEADING=TARGET, such as \"E-Mail=email\"", entry)
		}
		target, err := ParseTarget(kind, schema, entry[cut+1:])
		if err != nil {
			return nil, fmt.Errorf("mapping %q: %w", entry, err)
		}
		m.asked[strings.ToLower(strings.TrimSpace(entry[:cut]))] = target
	}
	for _, entry := range constants {
		name, value, ok := strings.Cut(entry, "=")
		if !ok {
			return nil, fmt.Errorf("constant %q: expected TARGET=VALUE, such as type=purchase", entry)
		}
		target, err := ParseTarget(kind, schema, name)
		if err != nil {
			return nil, fmt.Errorf("constant %q: %w", entry, err)
		}
		m.constant = append(m.constant, constant{target, value})
	}
	return m, nil
}

// Recognise looks at the headings of a file for the system that wrote it, whose
// columns then mean what they mean there, and answers its name; "" when it is
// none that is known. It comes before Resolve.
func (m *Mapping) Recognise(header []string) string {
	if m.kind == Contacts {
		m.preset = presetOf(header)
	}
	return m.preset.name
}

// Resolve answers what the column of that name becomes.
func (m *Mapping) Resolve(name string) Target {
	if i, ok := m.columns[name]; ok {
		return m.found[i].Target
	}
	target, how := m.resolve(name)
	if how == "recognised" && m.taken(target) {
		target, how = Target{}, "" // two columns cannot both be the email; the first one is
	}
	name = strings.Clone(name)
	m.columns[name] = len(m.found)
	m.found = append(m.found, Column{name, target, how})
	return target
}

func (m *Mapping) resolve(name string) (Target, string) {
	if target, ok := m.asked[strings.ToLower(strings.TrimSpace(name))]; ok {
		if target.IsZero() {
			return target, "left out"
		}
		return target, "asked"
	}
	if name == rejectLine || name == rejectReason {
		return Target{Part: partIgnored}, "left out"
	}
	if _, own := m.preset.columns[letters(name)]; !own && (strings.Contains(name, ".") || strings.Contains(name, "_")) {
		if target, err := ParseTarget(m.kind, m.schema, name); err == nil {
			return target, "recognised"
		}
	}
	if own, ok := m.preset.columns[letters(name)]; ok {
		if target, err := ParseTarget(m.kind, m.schema, own); err == nil {
			if target.IsZero() {
				return target, "left out"
			}
			return target, "recognised"
		}
	}
	if guess, ok := m.guesses[letters(name)]; ok {
		if target, err := ParseTarget(m.kind, m.schema, guess); err == nil {
			return target, "recognised"
		}
	}
	return Target{}, ""
}

func (m *Mapping) taken(t Target) bool {
	for _, c := range m.found {
		if !c.Target.IsZero() && c.Target.String() == t.String() {
			return true
		}
	}
	for _, asked := range m.asked {
		if asked.String() == t.String() {
			return true
		}
	}
	return false
}

// Columns answers the columns seen so far, in order.
func (m *Mapping) Columns() []Column { return m.found }

// Unused answers the headings that were asked for and have not been seen.
func (m *Mapping) Unused() []string {
	var unused []string
	for asked := range m.asked {
		seen := false
		for _, c := range m.found {
			seen = seen || strings.EqualFold(c.Name, asked)
		}
		if !seen {
			unused = append(unused, asked)
		}
	}
	return unused
}

// Missing answers what no row of a file with these columns could have and every
// row needs: "identifier", "type" or "occurred_at".
func (m *Mapping) Missing() []string {
	has := map[string]bool{}
	for _, c := range m.found {
		has[c.Target.Part] = true
	}
	for _, c := range m.constant {
		has[c.target.Part] = true
	}
	needed := []string{partIdentifier}
	if m.kind == Activities {
		needed = append(needed, partType, partAt)
	}
	return slices.DeleteFunc(needed, func(part string) bool { return has[part] })
}

// Check reports the first of what is missing, in the words of the command line.
func (m *Mapping) Check() error {
	missing := m.Missing()
	if len(missing) == 0 {
		return nil
	}
	switch missing[0] {
	case partIdentifier:
		return fmt.Errorf("no column says whose row it is: map one to email, external_id or visitor_id, such as --map \"Customer=external_id\"")
	case partType:
		return fmt.Errorf("no column says the activity type: map one with --map \"Event=type\", or give all rows one with --set type=purchase")
	}
	return fmt.Errorf("no column says when it happened: map one with --map \"When=occurred_at\", or give all rows one instant with --set occurred_at=2026-01-31T12:00:00Z")
}
