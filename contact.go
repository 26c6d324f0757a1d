package muster

// Identifiers name a contact in a change or a lookup. Empty members are absent.
// Emails are compared after trimming and Unicode case folding.
type Identifiers struct {
	ID         ContactID `json:"id,omitzero"`
	ExternalID string    `json:"external_id,omitempty"`
	Email      string    `json:"email,omitempty"`
	VisitorID  string    `json:"visitor_id,omitempty"`
}

// IsZero reports whether nobody is named.
func (i Identifiers) IsZero() bool { return i == Identifiers{} }

// DecisionKind says what was decided on.
type DecisionKind byte

// The kinds of decision.
const (
	OnConsent DecisionKind = iota + 1
	OnList
	OnAllMail // one per contact, without a code
)

// DecisionState is the outcome of a decision.
type DecisionState byte

// The states. At equal instants the later one in this order stands, per kind:
// agreed < revoked; receiving < bounced < unsubscribed.
const (
	Undecided DecisionState = iota
	Agreed
	Revoked
	Receiving
	Bounced
	Unsubscribed
)

var decisionStateNames = [...]string{"undecided", "agreed", "revoked", "receiving", "bounced", "unsubscribed"}

// String prints the state as the API writes it.
func (s DecisionState) String() string {
	if int(s) < len(decisionStateNames) {
		return decisionStateNames[s]
	}
	return "unknown"
}

// ParseDecisionState reads the state a kind accepts: agreed and revoked for a
// consent; receiving, bounced and unsubscribed for a list; receiving and
// unsubscribed for all mail ("subscribed" is read as receiving).
func ParseDecisionState(kind DecisionKind, s string) (DecisionState, bool) {
	switch {
	case kind == OnConsent && s == "agreed":
		return Agreed, true
	case kind == OnConsent && s == "revoked":
		return Revoked, true
	case kind != OnConsent && (s == "receiving" || s == "subscribed"):
		return Receiving, true
	case kind != OnConsent && s == "unsubscribed":
		return Unsubscribed, true
	case kind == OnList && s == "bounced":
		return Bounced, true
	}
	return Undecided, false
}

// Decision is a contact's dated decision on a consent, a list or all mail.
type Decision struct {
	Kind    DecisionKind
	Code    string // of the consent or list; "" for all mail
	State   DecisionState
	At      Instant
	Version string // of the agreement text, optional
}

// Stands reports whether d, rather than other, is the decision in force of the
// same kind and code: the later one; at equal instants the stricter one.
func (d Decision) Stands(other Decision) bool {
	if d.At != other.At {
		return d.At > other.At
	}
	return d.State >= other.State
}

// Contact is a person with everything known, except activities.
type Contact struct {
	ID             ContactID
	No             ContactNo
	ExternalID     string
	Email          string // as first written, trimmed
	VisitorIDs     []string
	Fields         map[string]Value // without system values and email
	Decisions      []Decision       // those that stand, ordered by kind, then code
	CreatedAt      Instant
	LastActivityAt Instant // Beginning when there is none
	MergedIDs      []ContactID
}
