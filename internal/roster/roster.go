// Package roster is the one loop: everything that can change membership runs
// through it, be it a batch of changes (apply), the clock (advance) or a
// condition becoming active (recalculate). It owns the groups' state machine,
// the definitions, the index from changes to the groups that can notice them,
// and the order of commits.
//
// It speaks to a store only through the port and knows nothing of transports.
package roster

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/store"
)

// Clock tells the time. The system's clock, or a manual one in tests.
type Clock interface{ Now() muster.Instant }

// ClockFunc makes a Clock of a function.
type ClockFunc func() muster.Instant

// Now calls the function.
func (f ClockFunc) Now() muster.Instant { return f() }

// SystemClock reads the system's clock.
func SystemClock() Clock {
	return ClockFunc(func() muster.Instant { return muster.InstantOf(time.Now()) })
}

// Options configure a Roster. Clock, Store's directory and the like are the
// caller's choice; zero values give the documented defaults.
type Options struct {
	Clock Clock
	// Manual says that time moves only by Advance: no ticker runs and jumps of
	// any length are accepted.
	Manual bool
	// AcceptClock permits a start more than 400 days after the last commit and
	// forward jumps of more than 24 h while running.
	AcceptClock bool
	// ReadOnly says that the store refuses to be written to: no clock runs and
	// nothing is caught up, and membership is read as others keep it.
	ReadOnly bool
	// ServerZone is where scheduled recalculations find their local hours. Nil is time.Local.
	ServerZone *time.Location
	// NewID makes contact ids. Nil makes UUIDv7 of the commit's instant.
	NewID func(muster.Instant) muster.ContactID
	// Minute picks a scheduled group's minute of the day in [from, to). Nil is random.
	Minute func(from, to int) int
	Logger *slog.Logger
	// MaxQueue bounds the items that wait for a commit; more are refused with
	// CodeOverloaded. 0 is 100,000.
	MaxQueue int
	// LeaseTerm is how long another process on the same store waits before it goes
	// on with the work of one that is gone. 0 is six seconds.
	LeaseTerm time.Duration
	// Slice is how many contact numbers a recalculation looks at at a time on a
	// store that others share. 0 is 20,000.
	Slice uint32
}

// Roster keeps every group's membership right. Its methods are safe for
// concurrent use. Lock order: commit before the store's own locks; queue and
// jobs are leaves, held only for a few instructions.
type Roster struct {
	store   store.Store
	catalog *catalog.Catalog
	opts    Options
	log     *slog.Logger

	// commit serialises writers; everything below it is the writer's.
	commit sync.Mutex
	live   *liveSet
	heard  heard
	erased erased

	state atomic.Pointer[State]

	queue queue
	jobs  jobs
	feed  feed
	share sharing
	duty  duty

	// late tells that the system's clock is behind the last commit or has jumped
	// ahead: time stands still until it is right or accepted.
	late atomic.Pointer[string]

	latest    atomic.Int64 // the instant of the last commit, for who only asks the time
	dueMinute atomic.Int64 // the last minute in which schedules were looked at
	horizon   atomic.Int64 // where the horizon of history was to be, when it was looked at last
	retaining atomic.Bool  // a run of retention is at work in the background

	opened bool            // the start has caught the clock up
	life   context.Context // ends with Close
	stop   context.CancelFunc
	done   sync.WaitGroup
}

// State is an immutable snapshot of the definitions and groups.
type State struct {
	Schema    *muster.Schema
	Groups    map[string]*muster.Group // by code; never modified
	ByNo      map[muster.GroupNo]*muster.Group
	Settings  Settings
	Retention Retention
	// Deleted are the codes that deleted groups had: their change records stay
	// and are still to be named. Numbers are never reused.
	Deleted map[muster.GroupNo]string
	// run is the run of retention that has begun and not ended; nil when there is none.
	run *RetentionRun
}

// GroupCode answers the code of a group, also of one that was deleted since;
// "" when there never was one.
func (s *State) GroupCode(no muster.GroupNo) string {
	if g := s.ByNo[no]; g != nil {
		return g.Code
	}
	return s.Deleted[no]
}

// Settings are the project's settings, kept in the store.
type Settings struct {
	// Zone is the IANA name of the project's time zone; "" is UTC.
	Zone string `json:"time_zone"`
	// NextGroup is the next group number; numbers are never reused.
	NextGroup muster.GroupNo `json:"next_group"`
	// HistoryDays is after how many days history is given up, 0 for never.
	HistoryDays int `json:"history_days,omitempty"`
}

// State answers the current definitions and groups.
func (r *Roster) State() *State { return r.state.Load() }

// Store answers the store, for reading.
func (r *Roster) Store() store.Store { return r.store }

// Catalog answers the catalogue of condition types.
func (r *Roster) Catalog() *catalog.Catalog { return r.catalog }
