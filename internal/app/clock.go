package app

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/muster-groups/muster"
)

// ManualClock is a clock that stands still until it is set. It is for tests
// and rehearsals; the roster must be opened with Options.Manual.
type ManualClock struct{ at atomic.Int64 }

// NewManualClock makes a clock that shows an instant.
func NewManualClock(at muster.Instant) *ManualClock {
	c := &ManualClock{}
	c.at.Store(int64(at))
	return c
}

// Now answers what the clock shows.
func (c *ManualClock) Now() muster.Instant { return muster.Instant(c.at.Load()) }

// forward sets the clock, unless that would turn it back.
func (c *ManualClock) forward(to muster.Instant) bool {
	for {
		at := c.at.Load()
		if int64(to) < at {
			return false
		}
		if c.at.CompareAndSwap(at, int64(to)) {
			return true
		}
	}
}

// ClockInput asks for an instant.
type ClockInput struct {
	To muster.Instant `json:"to" doc:"The instant to move to, not before the present one."`
}

// ClockAnswer is the instant of the commit that moved everything on.
type ClockAnswer struct {
	Now muster.Instant `json:"now"`
}

// MoveClock moves a manual clock forward and brings every group up to date
// with the new instant. Without a manual clock it answers CodeConflict.
func (a *App) MoveClock(ctx context.Context, in ClockInput) (ClockAnswer, error) {
	if a.manual == nil {
		return ClockAnswer{}, muster.Errorf(muster.CodeConflict, "this server follows the system's clock; start it with a manual clock to move time by request")
	}
	if !a.manual.forward(in.To) {
		message := "expected an instant not before " + a.manual.Now().String() + ", because time never runs backwards"
		return ClockAnswer{}, invalidAt("/to", "past", message)
	}
	at, err := a.roster.Advance(ctx)
	return ClockAnswer{Now: at}, err
}

// wall is what the clock on the wall shows, whatever the last commit's instant.
func (a *App) wall() muster.Instant {
	if a.manual != nil {
		return a.manual.Now()
	}
	return muster.InstantOf(time.Now())
}
