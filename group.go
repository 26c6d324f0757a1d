package muster

// GroupStatus says how a group's membership relates to its conditions.
type GroupStatus string

// The statuses.
const (
	NeverCalculated  GroupStatus = "never_calculated"
	ConditionChanged GroupStatus = "condition_changed"
	Recalculating    GroupStatus = "recalculating"
	UpToDate         GroupStatus = "up_to_date"
	Failed           GroupStatus = "failed"
)

// Version is one saved condition of a group. Its zone is part of it.
type Version struct {
	Number    int       `json:"number"` // from 1 per group
	Condition Condition `json:"condition"`
	Zone      string    `json:"time_zone,omitempty"` // IANA name; "" is the project's
	Author    string    `json:"author"`
	SavedAt   Instant   `json:"saved_at"`
	// ActivatedAt is when membership began to follow it; 0 never.
	ActivatedAt Instant `json:"activated_at,omitempty"`
}

// Schedule is a group's daily recalculation, at a minute of the server's day.
type Schedule struct {
	Minute  int     `json:"minute"` // minutes after midnight, 120 to 359
	LastRun Instant `json:"last_run,omitempty"`
}

// Group is a contact group: its definition and the state of its calculation.
type Group struct {
	No              GroupNo   `json:"no"`
	Code            string    `json:"code"`
	Name            string    `json:"name"`
	Description     string    `json:"description,omitempty"`
	ShownToWebsites bool      `json:"shown_to_websites,omitempty"`
	Zone            string    `json:"time_zone,omitempty"`
	Versions        []Version `json:"versions"`
	// Active and Pending are version numbers; 0 is none.
	Active  int `json:"active"`
	Pending int `json:"pending"`
	// ActiveZone is the IANA name of the zone that membership follows; it stays
	// when the project's zone changes, until the next recalculation.
	ActiveZone string `json:"active_zone,omitempty"`
	Failure    string `json:"failure,omitempty"`
	// Requested tells that a recalculation was asked for and has not ended, so
	// that a restart begins it again.
	Requested bool `json:"requested,omitempty"`
	// Cancelled tells that the last recalculation that ended was cancelled.
	Cancelled bool `json:"cancelled,omitempty"`
	// Redefined tells that what the active condition means has been redefined
	// (the project's zone, an attribute) and membership still has the old meaning.
	Redefined        bool      `json:"redefined,omitempty"`
	Schedule         *Schedule `json:"schedule,omitempty"`
	LastRecalculated Instant   `json:"last_recalculated,omitempty"`
	// LastCorrections is how many memberships the last scheduled run corrected; anything but 0 is a bug.
	LastCorrections int     `json:"last_corrections"`
	CreatedAt       Instant `json:"created_at"`
}

// Version answers the version of that number, or nil.
func (g *Group) Version(number int) *Version {
	for i := range g.Versions {
		if g.Versions[i].Number == number {
			return &g.Versions[i]
		}
	}
	return nil
}
