// Package sample makes believable data from a seed: the demonstration shop
// (Story), with people who browse, subscribe, buy, fall silent and turn out to
// be somebody we knew, and the large flat load of the benchmark (Load). The same
// seed gives the same data, so a figure or a bug can be repeated.
//
// It speaks the nouns only: batches of changes, definitions and condition
// documents. It must not know who receives them: no store, no transport, no
// clock of its own.
package sample

import "github.com/muster-groups/muster"

// Definitions are what must exist before the data is applied.
type Definitions struct {
	Fields        []muster.Field
	ActivityTypes []muster.ActivityType
	Consents      []muster.Named
	Lists         []muster.Named
	Channels      []muster.Named
}

// Group is a ready-made contact group.
type Group struct {
	Code            string           `json:"code"`
	Name            string           `json:"name"`
	Description     string           `json:"description,omitempty"`
	ShownToWebsites bool             `json:"shown_to_websites,omitempty"`
	Schedule        bool             `json:"schedule_recalculation,omitempty"`
	Condition       muster.Condition `json:"condition"`
}
