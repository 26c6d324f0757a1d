package catalog

import "github.com/muster-groups/muster"

// Condition is a checked condition: every name in it exists, every parameter
// is present, typed and in range. lower and the oracle read it.
type Condition struct {
	Match  muster.Match
	Groups []*Group // empty matches nobody
}

// Node is a *Group or a *Leaf.
type Node interface{ checkedNode() }

// Group is Any or All of nodes, never empty.
type Group struct {
	Pointer string // JSON Pointer into the document
	Match   muster.Match
	Not     bool
	Nodes   []Node
}

// Leaf is one checked condition.
type Leaf struct {
	Pointer string
	Type    string // the catalogue's type, such as "visited-page"
	Not     bool
	Args    Args
}

func (*Group) checkedNode() {}
func (*Leaf) checkedNode()  {}

// Args are the decoded parameters of a leaf, one member per key of the
// language. Which are set depends on the type; defaults are filled in (State,
// Mode, Times), so that a reader never needs to know what was written.
type Args struct {
	Op Operator
	// The operands of Op, by the kind of value compared. The operator tells the
	// kind, except that Between has either Numbers or Dates, and NoneOf and the
	// text of a field are read by the field's type.
	Text    []string         // text and choice operands, trimmed, not folded: value or values (sorted, distinct)
	Numbers []muster.Decimal // number operands: value or years, or from and to; also from and to of age-between
	Dates   []Bound          // date operands: value, or from and to; only On and date fields have dates alone
	Length  muster.Duration  // duration operand of relative date operators; last of inactive
	Days    int              // of anniversary_in_next and birthday in_next
	// Missing is the missing parameter where it changes the meaning: nil, or
	// false on a negative operator, or false on age, age-between, birthday,
	// gender, country and state, where it restricts the result after not.
	Missing *bool

	Field     string   // field code
	Codes     []string // any_of of country and state; pages; groups; products
	Code      string   // consent, list, form, value of gender
	FormField string
	Mode      muster.Match // any or all
	State     muster.DecisionState
	Types     []string // types, or the one activity_type; nil any
	Attribute string
	Measure   string // sum average smallest largest distinct
	When      string // birthday: yesterday today tomorrow in_next in_month
	Month     int
	Months    []int
	Weekdays  []int // 1 Monday to 7 Sunday
	Parameter string
	Keywords  []string
	Emails    []string
	Campaigns []string
	AtLeast   *muster.Decimal // spent
	AtMost    *muster.Decimal
	Count     int    // wishlist at least n
	Minutes   [2]int // time-of-day from and to, minutes after midnight
	Percent   muster.Decimal
	Salt      string
	Steps     []Step

	// The common parameters of activity conditions.
	Window   Window
	Times    Times
	Channels []string
	Where    []Filter
}

// Step is one step of a sequence.
type Step struct {
	Types  []string
	Where  []Filter
	Within *muster.Duration
}

// Filter is one entry of where.
type Filter struct {
	Attribute string
	Type      muster.AttributeType
	Op        Operator
	Text      []string
	Numbers   []muster.Decimal
	Dates     []Bound
	Length    muster.Duration
	Days      int   // of anniversary_in_next
	Missing   *bool // false on a negative operator, else nil
}

// Operator is a comparison as the language writes it.
type Operator string

// The operators of conditions.md section 2.
const (
	Is            Operator = "is"
	IsNot         Operator = "is_not"
	Contains      Operator = "contains"
	NotContains   Operator = "not_contains"
	StartsWith    Operator = "starts_with"
	NotStartsWith Operator = "not_starts_with"
	EndsWith      Operator = "ends_with"
	NotEndsWith   Operator = "not_ends_with"
	OneOf         Operator = "one_of"
	NoneOf        Operator = "none_of" // of texts and of choices
	Matches       Operator = "matches"
	NotMatches    Operator = "not_matches"

	Equal      Operator = "equal"
	NotEqual   Operator = "not_equal"
	Greater    Operator = "greater"
	AtLeast    Operator = "at_least"
	Less       Operator = "less"
	AtMost     Operator = "at_most"
	Between    Operator = "between" // of numbers and of dates
	NotBetween Operator = "not_between"

	IsTrue  Operator = "is_true"
	IsFalse Operator = "is_false"

	AnyOf Operator = "any_of"
	AllOf Operator = "all_of"

	On                Operator = "on"
	Before            Operator = "before"
	After             Operator = "after"
	InLast            Operator = "in_last"
	MoreThanAgo       Operator = "more_than_ago"
	InNext            Operator = "in_next"
	MoreThanAhead     Operator = "more_than_ahead"
	AnniversaryInNext Operator = "anniversary_in_next"
)

// Window is the within parameter; the zero Window is any time. At most one of
// Last, OlderThan, Period and the pair From/To is set.
type Window struct {
	Last, OlderThan *muster.Duration
	From, To        *Bound
	Period          string // today yesterday this_week ... last_year
}

// Bound is a date or an instant as written.
type Bound struct {
	IsDate  bool
	Date    muster.Date
	Instant muster.Instant
}

// Times is the times parameter as an inclusive range of counts; Max -1 is open.
// The zero Times never occurs in a checked leaf that has the parameter: the
// default is {1, -1}.
type Times struct{ Min, Max int }
