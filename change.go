package muster

import "slices"

// CauseKind is why a membership changed.
type CauseKind byte

// The causes.
const (
	CauseActivity CauseKind = iota + 1
	CauseField
	CauseConsent
	CauseList
	CauseIdentity
	CauseMerge
	CauseTime
	CauseCondition // the first calculation of a condition version, by an edit
	CauseGroup
	CauseRecalculation
	CauseErasure
	CauseRetention
)

var causeNames = [...]string{"", "activity", "field", "consent", "list", "identity", "merge", "time", "condition", "group", "recalculation", "erasure", "retention"}

// String is the cause as the API writes it.
func (k CauseKind) String() string {
	if int(k) < len(causeNames) {
		return causeNames[k]
	}
	return "unknown"
}

// CauseNames lists the causes as the API writes them.
func CauseNames() []string { return slices.Clone(causeNames[1:]) }

// Cause is why a membership changed; Code names the activity type, field,
// consent, list or group concerned, and is empty where the kind says it all.
type Cause struct {
	Kind CauseKind
	Code string
}

// Change is one entered or left record.
type Change struct {
	Seq     Seq
	Group   GroupNo
	Contact ContactNo // 0 when the contact has been erased since
	At      Instant
	Entered bool // else left
	Cause   Cause
}

// Erased reports whether the record says that a contact left because it was
// erased, by somebody or by retention.
func (c Change) Erased() bool {
	return !c.Entered && (c.Cause.Kind == CauseErasure || c.Cause == Cause{Kind: CauseRetention})
}
