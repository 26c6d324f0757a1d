package main

import (
	"context"
	"time"

	"github.com/muster-groups/muster/internal/app"
)

// lookEvery is how often a node on a database looks whether deliveries are its
// own, and as they were.
const lookEvery = time.Second

// turn is whose turn it is to deliver, and how deliveries are configured.
type turn struct {
	works   bool
	written int64
}

func turnOf(a *app.App) turn { return turn{a.Works(), a.DeliveriesWritten()} }

// looks ticks where other nodes may be on the same database; elsewhere it never does.
func (r *run) looks() (ticks <-chan time.Time, stop func()) {
	if r.settings.Database == "" {
		return nil, func() {}
	}
	ticker := time.NewTicker(lookEvery)
	return ticker.C, ticker.Stop
}

// leave goes on answering for a while after this node was told to stop, so that
// those who send it requests notice. What is to be done once is another node's
// from the first moment.
func (r *run) leave(ctx context.Context, looks <-chan time.Time) {
	in := r.in.Load()
	r.server.leave()
	if r.settings.Database != "" {
		in.app.ResignImports()
	}
	if in.app.Works() && r.settings.Database != "" && in.readOnly == nil {
		in.deliveries.close() // before another node begins them
		in.roster.Resign()
		r.takeTurn(ctx)
	}
	over := time.NewTimer(r.settings.Drain)
	defer over.Stop()
	for {
		select {
		case <-over.C:
			return
		case <-in.store.Failed():
			return
		case <-looks:
			r.takeTurn(ctx)
		}
	}
}

// takeTurn begins deliveries when this node has come to work, ends them when
// another has, and reads again what any node has configured. What it cannot do
// it tries again at the next look.
func (r *run) takeTurn(ctx context.Context) {
	in := r.in.Load()
	now := turnOf(in.app)
	if now == r.turn || in.readOnly != nil {
		return
	}
	in.deliveries.close()
	opened, err := openDeliveries(ctx, in.app, r.settings, r.log)
	if err != nil {
		r.log.Warn("deliveries cannot be opened; trying again", "error", err)
		return
	}
	in.deliveries, r.turn = opened, now
	if now.works {
		in.deliveries.start()
	}
	r.server.show(r.m.handler(in, r.people, r.log))
}
