// Package plan is the set algebra a condition becomes. A plan denotes a set of
// parent contacts; its bounds are constants, so it means the same whenever and
// wherever it is run. Stores implement these primitives and nothing more.
//
// The package knows nothing of condition types, clocks or stores: lower makes
// plans, stores run them, roster asks them what they depend on and what moved.
package plan

import (
	"time"

	"github.com/muster-groups/muster"
)

// Node is one of: Everyone, Nobody, *All, *Any, *Not, *Field, *Acted,
// *Sequence, *Latest, *Decided, *InGroup, Identified, *Sample.
//
// Nodes are immutable once built and may be shared.
type Node interface{ planNode() }

type (
	// Everyone is all parent contacts.
	Everyone struct{}
	// Nobody is the empty set.
	Nobody struct{}
	// All is the intersection; of nothing, Everyone.
	All struct{ Of []Node }
	// Any is the union; of nothing, Nobody.
	Any struct{ Of []Node }
	// Not is the complement within all parent contacts.
	Not struct{ Of Node }

	// Field is the contacts that have a value for the field that satisfies the
	// predicate. Contacts without a value never match. Code "created_at" is the
	// system datetime; "email" is the identifier as a text; last_activity_at and
	// identified never occur (lower writes them as Acted and Identified).
	Field struct {
		Code string
		Pred Predicate
	}

	// Acted is the contacts whose matching activities satisfy a measure. An
	// activity matches when its type is listed, its channel is listed, its time
	// is in [From, To) and every filter holds on it. A contact without a
	// matching activity never satisfies an Acted, whatever the measure (lower
	// writes the other cases as Not).
	Acted struct {
		Types    []string // sorted, distinct; nil is every type
		Channels []string // sorted, distinct; nil is any channel, also none
		Where    []Filter // all hold on the same activity
		From, To muster.Instant
		Measure  Measure
		// Attribute is what is measured; "" for Count.
		Attribute string
		// Compare is applied to the measure. For Count it is always AtLeast with
		// a whole A of 1 or more.
		Compare Compare
	}

	// Sequence is the contacts with different activities t1 <= t2 <= ..., one
	// per step, all in [From, To), each at most its step's gap after the previous.
	Sequence struct {
		Steps    []Step
		From, To muster.Instant
	}

	// Latest is the contacts for whom the count of keys on the list, or the
	// presence of one of Keys on it, holds: for each value of attribute Key, the
	// latest activity of types Add or Remove decides; at equal instants Remove
	// beats Add. With Keys, at least one of them is on the list; without, at
	// least AtLeast distinct values are.
	Latest struct {
		Add, Remove []string
		Channels    []string
		Key         string
		Keys        []string // folded, sorted
		AtLeast     int
	}

	// Decided is the contacts whose standing decision has the state and was made
	// in [From, To).
	Decided struct {
		Kind     muster.DecisionKind
		Code     string
		State    muster.DecisionState
		From, To muster.Instant
	}

	// InGroup is the active members of a group, now.
	InGroup struct{ Group muster.GroupNo }

	// Identified is the contacts with an email or an external id.
	Identified struct{}

	// Sample is the contacts whose bucket is in [From, To). The bucket is
	// fmix64(fnv1a64(salt, 0x00, the 16 bytes of the contact id)) mod 1,000,000.
	Sample struct {
		Salt     string
		From, To uint32
	}
)

// Step is one activity of a Sequence.
type Step struct {
	Types    []string
	Channels []string
	Where    []Filter
	// Within is the longest gap after the previous step in seconds; 0 is any.
	// The first step has none.
	Within int64
}

func (Everyone) planNode()   {}
func (Nobody) planNode()     {}
func (*All) planNode()       {}
func (*Any) planNode()       {}
func (*Not) planNode()       {}
func (*Field) planNode()     {}
func (*Acted) planNode()     {}
func (*Sequence) planNode()  {}
func (*Latest) planNode()    {}
func (*Decided) planNode()   {}
func (*InGroup) planNode()   {}
func (Identified) planNode() {}
func (*Sample) planNode()    {}

// Measure is what an Acted computes over the matching activities.
type Measure byte

// The measures. Distinct counts distinct folded texts; the others but Count read
// the attribute as a number. Both pass over activities without one; if none has
// one, nothing matches. An average compares sum against value times count.
const (
	Count Measure = iota + 1
	Sum
	Average
	Smallest
	Largest
	Distinct
)

// CompareOp compares a number with constants.
type CompareOp byte

// The comparisons. Between and NotBetween are inclusive of both ends.
const (
	Equal CompareOp = iota + 1
	NotEqual
	Greater
	AtLeast
	Less
	AtMost
	Between
	NotBetween
)

// Compare holds when x Op A (and B). For Count and Distinct, A and B are whole
// numbers in millionths like every Decimal.
type Compare struct {
	Op   CompareOp
	A, B muster.Decimal
}

// Filter is a test on one attribute of one activity. With a value that fits
// the predicate's reading it holds when Pred(value) != Not; without, when Missing.
type Filter struct {
	Attribute string
	Pred      Predicate
	Not       bool
	Missing   bool
}

// Predicate is a test on one value: Text, Number, Boolean, DateRange,
// InstantRange, MonthDays, Choices or Present. A value that the predicate
// cannot read (see muster.Scalar) counts as missing.
type Predicate interface{ planPredicate() }

// TextOp is a positive text comparison.
type TextOp byte

// The text comparisons, all on folded text.
const (
	TextIs TextOp = iota + 1 // equals one of Values
	TextContains
	TextStartsWith
	TextEndsWith
	TextMatches // wildcards: * any run, ? one character; the whole value
)

type (
	// Text compares folded text: it holds when the comparison with one of Values
	// does. Values are folded, sorted, distinct.
	Text struct {
		Op     TextOp
		Values []string
	}
	// Number compares a decimal.
	Number struct{ Compare Compare }
	// Boolean wants a value.
	Boolean struct{ Is bool }
	// DateRange holds for dates in [From, To).
	DateRange struct{ From, To muster.Date }
	// InstantRange holds for instants in [From, To).
	InstantRange struct{ From, To muster.Instant }
	// MonthDays holds for dates whose month*100+day is in one of the inclusive
	// ranges. With a Zone it reads instants instead, by their local date there.
	MonthDays struct {
		Ranges [][2]int       // sorted, not touching
		Zone   *time.Location // nil reads dates
	}
	// Choices holds when any or all of the folded codes are among the value's.
	Choices struct {
		All    bool
		Values []string // folded, sorted, distinct
	}
	// Present holds for every value.
	Present struct{}
)

func (Text) planPredicate()         {}
func (Number) planPredicate()       {}
func (Boolean) planPredicate()      {}
func (DateRange) planPredicate()    {}
func (InstantRange) planPredicate() {}
func (MonthDays) planPredicate()    {}
func (Choices) planPredicate()      {}
func (Present) planPredicate()      {}
