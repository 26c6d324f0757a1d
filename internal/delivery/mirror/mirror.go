// Package mirror keeps lists in other systems equal to contact groups. A
// connector follows the changes of its group, and now and then compares the
// whole list, because addresses, unsubscribes and the list itself change without
// anybody entering or leaving the group.
//
// The other system is behind Destination, which is all that a new connector has
// to bring. What is done is decided by how people stand now, not by the order of
// the changes, so doing it again is harmless: a connector that was killed goes on
// after its cursor, or compares again.
package mirror

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// Source is the group and its changes.
type Source interface {
	Changes(ctx context.Context, q app.FeedQuery) (app.Feed, error)
	LastChange(ctx context.Context) (muster.Seq, error)
	Backlog(ctx context.Context, after muster.Seq, f app.ChangeFilter) (app.Backlog, error)
	GroupRecipients(ctx context.Context, group string) (iter.Seq2[[]app.Recipient, error], error)
	Standings(ctx context.Context, group string, ids []muster.ContactID) (map[muster.ContactID]app.Standing, error)
	CheckChangeFilter(at string, f app.ChangeFilter) error
}

// Destination is a list in another system. People are known by their email, in
// lower case. Its errors are safe to show.
type Destination interface {
	// Check reports whether the list is there and may be changed.
	Check(ctx context.Context) error
	// Held yields who is on the list, a page at a time. The list does not
	// change while it is read, other than by people.
	Held(ctx context.Context) iter.Seq2[[]Held, error]
	// Find answers those of the addresses that are on the list.
	Find(ctx context.Context, emails []string) ([]Held, error)
	// Add puts people on the list who are not on it. Whoever unsubscribed or is
	// blocked there stays as they are; how many that were is answered.
	Add(ctx context.Context, people []app.Recipient) (keptOut int, err error)
	// Remove takes people off the list.
	Remove(ctx context.Context, held []Held) error
	// Forget removes what the other system knows of erased contacts through this
	// connector: off the list, and entirely who was made known there by Add and is
	// on no other list. It answers whom it found.
	Forget(ctx context.Context, erased []muster.ContactID) (found []muster.ContactID, err error)
}

// Held is somebody on a list.
type Held struct {
	Ref   int64 // what the other system calls them
	Email string
	// Out is set for those who do not get anything because they unsubscribed. They
	// are left on the list, so that it is remembered.
	Out bool
}

// Kind makes destinations of one kind of system.
type Kind interface {
	// Read checks the settings that people gave and answers them with defaults.
	// The settings before, nil for a new connector, fill in a secret left out.
	Read(ctx context.Context, given, before json.RawMessage) (kept json.RawMessage, err error)
	// Shown is the settings without secrets.
	Shown(kept json.RawMessage) json.RawMessage
	// Open makes the destination.
	Open(kept json.RawMessage) (Destination, error)
}

// Connector is a connector as answers show it.
type Connector struct {
	ID           string          `json:"id"`
	Kind         string          `json:"kind" enum:"listmonk"`
	Name         string          `json:"name"`
	Group        string          `json:"group"`
	Settings     json.RawMessage `json:"settings" doc:"Of its kind, without secrets."`
	CompareHours int             `json:"compare_hours"`
	CreatedAt    muster.Instant  `json:"created_at"`
	Status       string          `json:"status" enum:"comparing,following,retrying,paused"`
	Cursor       muster.Seq      `json:"cursor" doc:"The number of the change up to which the list follows the group."`
	app.Backlog
	ComparedAt    *muster.Instant `json:"compared_at" doc:"When the whole list was last made equal to the group."`
	Added         int64           `json:"added" doc:"How many people it has put on the list."`
	Removed       int64           `json:"removed" doc:"How many people it has taken off the list."`
	KeptOut       int64           `json:"kept_out" doc:"How many people it found unsubscribed or blocked there when it last compared, and since."`
	Failures      int             `json:"failures"`
	NextAttemptAt *muster.Instant `json:"next_attempt_at"`
	LastError     string          `json:"last_error"`
}

// Input makes a connector.
type Input struct {
	Kind         string          `json:"kind" enum:"listmonk"`
	Name         string          `json:"name,omitempty" maxLength:"200"`
	Group        string          `json:"group" doc:"The code of the group."`
	Settings     json.RawMessage `json:"settings" doc:"Of its kind. listmonk: {url, username, token, list_id, confirmed?}."`
	CompareHours int             `json:"compare_hours,omitempty" minimum:"1" maximum:"168" default:"24" doc:"How often the whole list is compared with the group."`
	Paused       bool            `json:"paused,omitempty"`
}

// Patch changes a connector; nil members stay.
type Patch struct {
	Name         *string         `json:"name,omitempty" maxLength:"200"`
	Settings     json.RawMessage `json:"settings,omitempty" doc:"All of them, but for secrets, which stay when they are left out."`
	CompareHours *int            `json:"compare_hours,omitempty" minimum:"1" maximum:"168"`
}

// The states of a connector.
const (
	comparing = "comparing"
	following = "following"
	retrying  = "retrying"
	paused    = "paused"
)
