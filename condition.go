package muster

import "encoding/json"

// Match says how the members of a condition or condition group combine.
type Match string

// The two ways.
const (
	MatchAll Match = "all" // intersection
	MatchAny Match = "any" // union
)

// Condition is the document a marketer writes: Any or All of condition groups.
// The zero Condition is empty and matches nobody.
type Condition struct {
	Match  Match
	Groups []*ConditionGroup
}

// Node is an element of a condition group: a *ConditionGroup or a *Leaf.
type Node interface{ conditionNode() }

// ConditionGroup is Any or All of conditions and nested groups.
type ConditionGroup struct {
	Match      Match
	Not        bool
	Conditions []Node
}

// Leaf is one condition: a type of the catalogue and its parameters, not yet
// checked. Params is a JSON object or nil. In a parsed condition it is compact,
// has no duplicate key at any depth, and is nil rather than {}.
type Leaf struct {
	Type   string
	Not    bool
	Params json.RawMessage
}

func (*ConditionGroup) conditionNode() {}
func (*Leaf) conditionNode()           {}

// IsEmpty reports whether nothing is written.
func (c Condition) IsEmpty() bool { return len(c.Groups) == 0 }

// ConditionLimits bound a condition document. A zero member is the default.
type ConditionLimits struct {
	// Nesting is how deep condition groups may stand in one another; the groups
	// of the document itself are the first level.
	Nesting int
	// Conditions is how many conditions (leaves) a document may hold in total.
	Conditions int
}

// The limits of the language, and those for documents that were accepted
// earlier, perhaps under more generous limits than today's; the latter only
// protect the stack.
const (
	defaultNesting    = 5
	defaultConditions = 200
	storedNesting     = 200
	storedConditions  = 1_000_000
)

// DefaultConditionLimits answers the limits that apply when none are configured:
// nesting 5, 200 conditions.
func DefaultConditionLimits() ConditionLimits {
	return ConditionLimits{Nesting: defaultNesting, Conditions: defaultConditions}
}

// ParseCondition reads a condition document strictly, within the default
// limits. Its error is an *Error with CodeInvalid and one Problem, located by
// JSON Pointer, for every mistake in the structure: unknown and duplicate keys,
// wrong types, missing matches, empty groups, exceeded limits. What the
// conditions themselves say is judged by the catalogue.
//
// A missing match is read as "all" where at most one member is written, so a
// parsed condition always has a match. Print and parse are inverse.
func ParseCondition(data []byte) (Condition, error) {
	return DefaultConditionLimits().Parse(data)
}

// ParseDraftCondition is ParseCondition for previews of unfinished work: groups
// without members and conditions whose type is still the empty text are let
// through. Everything else about the structure is as strict.
func ParseDraftCondition(data []byte) (Condition, error) {
	return DefaultConditionLimits().ParseDraft(data)
}

// Parse is ParseCondition within these limits.
func (l ConditionLimits) Parse(data []byte) (Condition, error) {
	return parseCondition(data, l.withDefaults(), false)
}

// ParseDraft is ParseDraftCondition within these limits.
func (l ConditionLimits) ParseDraft(data []byte) (Condition, error) {
	return parseCondition(data, l.withDefaults(), true)
}

func (l ConditionLimits) withDefaults() ConditionLimits {
	if l.Nesting == 0 {
		l.Nesting = defaultNesting
	}
	if l.Conditions == 0 {
		l.Conditions = defaultConditions
	}
	return l
}

// UnmarshalJSON reads a condition as strictly as ParseCondition, but without
// its limits: a document that was saved under other limits can still be read.
func (c *Condition) UnmarshalJSON(data []byte) error {
	parsed, err := parseCondition(data, ConditionLimits{Nesting: storedNesting, Conditions: storedConditions}, false)
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// MarshalJSON prints the document compactly, keys in the order version, match,
// groups; match, not, conditions; type, not, params. A missing match is printed
// as "all".
func (c Condition) MarshalJSON() ([]byte, error) { return printCondition(c) }
