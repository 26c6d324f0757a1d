package muster

// Activity is an immutable fact: what a contact did, when and where.
type Activity struct {
	Type       string
	At         Instant // occurred_at, truncated to seconds
	Channel    string  // code, "" when unknown
	ID         string  // the sender's id, for recognising repeats; may be ""
	Attributes []Attribute
	// The attribute "value" holds the activity's value when it has one.
}

// Attribute answers the named attribute, or the zero Scalar.
func (a Activity) Attribute(name string) Scalar {
	for _, at := range a.Attributes {
		if at.Name == name {
			return at.Value
		}
	}
	return Scalar{}
}

// StoredActivity is an activity as a store answers it, with whose it is and
// its place in the order of arrival.
type StoredActivity struct {
	Activity
	Contact ContactNo // the parent
	Row     uint64    // arrival order, from 1
}
