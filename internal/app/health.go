package app

import (
	"context"
	"errors"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Readiness says whether the program can do its work.
type Readiness struct {
	Status  string         `json:"status" enum:"ready,clock,reading,failed"`
	Message string         `json:"message,omitempty" doc:"What is wrong, and what to do."`
	Now     muster.Instant `json:"now" doc:"The instant of the last commit."`
}

// Ready answers whether changes can be taken: "failed" when the store has
// failed and a restart is needed, "clock" when time stands still because the
// system's clock is wrong, "reading" when the store can only be read. Until an App exists, a server is "starting".
func (a *App) Ready(ctx context.Context) Readiness {
	select {
	case <-a.store().Failed():
		return Readiness{Status: "failed", Message: "the store has failed and serves nothing more; restart the program, it loads what was durable"}
	default:
	}
	var out Readiness
	if err := a.view(ctx, func(v store.View) error { out.Now = v.Tick(); return nil }); err != nil {
		return Readiness{Status: "failed", Message: "the store cannot be read"}
	}
	out.Status = "ready"
	if e := (*muster.Error)(nil); errors.As(a.readOnly, &e) {
		out.Status, out.Message = "reading", e.Message
		return out
	}
	if why := a.roster.ClockProblem(); why != "" {
		out.Status, out.Message = "clock", why
	}
	return out
}

// Stats answers the sizes of what is stored.
func (a *App) Stats(ctx context.Context) (store.Stats, error) { return a.store().Stats(ctx) }

// GroupStates answers how many groups have each status.
func (a *App) GroupStates() map[muster.GroupStatus]int {
	out := map[muster.GroupStatus]int{}
	for code := range a.roster.State().Groups {
		status, _ := a.roster.Status(code)
		out[status]++
	}
	return out
}
