// Package script runs behaviour written as text against any system that keeps
// contact groups: the naive model of this package, a store's set evaluation,
// the whole loop live, recalculated or restarted, and the REST API. One corpus,
// testdata/, judges them all; README.md describes the format.
//
// The package must not know how a system works: it speaks through System, and
// its own model shares no code with identity, plan, lower, roster or a store.
package script

import (
	"github.com/muster-groups/muster"
)

// System is what a script drives. Errors are *muster.Error where the script
// may expect them. Every method that changes something returns when the change
// and all it does to membership is visible.
type System interface {
	// SetClock says what time it is. Nothing happens before the next commit.
	SetClock(t muster.Instant)
	// Advance brings every group to the time of the clock.
	Advance() error
	// SetZone sets the project's time zone, an IANA name.
	SetZone(name string) error
	// Define adds a definition or replaces the one with the same code.
	Define(d Definition) error
	// Drop removes a definition or a group: kind is field, activity, consent,
	// list, channel or group.
	Drop(kind, code string) error
	// Apply applies one batch in one commit.
	Apply(b muster.Batch) (muster.BatchResult, error)
	// Contact answers the parent contact that an identifier names.
	// CodeNotFound when nobody has it, CodeGone when it is an erased id.
	Contact(who muster.Identifiers) (muster.Contact, error)
	// SaveGroup creates the group or makes its condition pending; with
	// Recalculate it returns after the recalculation.
	SaveGroup(s Save) error
	// Recalculate activates what is pending and returns when that is done.
	Recalculate(code string) error
	// Status answers a group's status.
	Status(code string) (muster.GroupStatus, error)
	// Members answers the ids of a group's members, in any order.
	Members(code string) ([]muster.ContactID, error)
	// Close ends the system.
	Close() error
}

// Historian is a System that keeps change records.
type Historian interface {
	// Changes answers the records since the last call, in the order of their numbers.
	Changes() ([]Change, error)
	// MembersAt answers who was in a group at a past instant.
	MembersAt(code string, at muster.Instant) ([]muster.ContactID, error)
}

// Explainer is a System that says why.
type Explainer interface {
	// Explain answers the truth of every node of a group's active condition for
	// one contact, by JSON Pointer, each after its own "not"; the whole
	// condition has the pointer "".
	Explain(code string, contact muster.ContactID) (map[string]bool, error)
}

// Definition is a definition; exactly one member is set.
type Definition struct {
	Field    *muster.Field
	Activity *muster.ActivityType
	Consent  *muster.Named
	List     *muster.Named
	Channel  *muster.Named
	// Retention replaces what is removed by age, beside the days of activity types.
	Retention *Retention
}

// Retention says what is removed by age in a nightly run at an hour of the
// project's zone; 0 days is never.
type Retention struct {
	Enabled                        bool
	Hour, AnonymousDays, KnownDays int
}

// Save creates a group or changes its condition.
type Save struct {
	Code        string
	Condition   muster.Condition
	Zone        string // IANA name; "" is the project's
	Recalculate bool
}

// Change is one entered or left record.
type Change struct {
	Group   string
	Contact muster.ContactID // zero when the contact has been erased since
	At      muster.Instant
	Entered bool
	Cause   muster.Cause
}

// Options are what a new system is given.
type Options struct {
	// Clock is the first instant.
	Clock muster.Instant
	// NewID makes contact ids, rising. A system that makes its own ignores it;
	// scripts do not depend on which ids there are.
	NewID func() muster.ContactID
}
