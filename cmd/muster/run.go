package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/httpapi"
	"github.com/muster-groups/muster/internal/webui"
)

// retryEvery is how long a server waits before it tries its database again.
const retryEvery = time.Second

// run is a server with the instance behind it. While the database of an
// instance is away the server answers so; then it goes on with a new instance.
type run struct {
	m        *Main
	server   *server
	settings *config.Settings
	people   *httpapi.People
	log      *slog.Logger
	in       atomic.Pointer[instance]
	turn     turn // as deliveries were opened
}

// app is the App of the present instance.
func (r *run) app() *app.App { return r.in.Load().app }

// open opens an instance, or with a database that is away waits for it:
// everything else that is wrong is for the operator to put right.
func (r *run) open(ctx context.Context, open func() (*instance, error)) error {
	return r.insist(ctx, open, func(err error) bool { return muster.CodeOf(err) == muster.CodeUnavailable })
}

// reopen replaces an instance whose database was lost. By then the settings were
// right once, so nothing but another schema is worth giving up for.
func (r *run) reopen(ctx context.Context) error {
	return r.insist(ctx, func() (*instance, error) { return openInstance(ctx, r.settings, nil, r.log) },
		func(err error) bool { return muster.CodeOf(err) != muster.CodeConflict })
}

func (r *run) insist(ctx context.Context, open func() (*instance, error), passing func(error) bool) error {
	last := ""
	for {
		in, err := open()
		if err == nil {
			r.in.Store(in)
			return nil
		}
		if r.settings.Database == "" || ctx.Err() != nil || !passing(err) {
			return err
		}
		why := shownReason(err)
		r.showAway(why)
		if why != last {
			r.log.Warn("the database cannot be used; trying again every second", "error", err)
			last = why
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(retryEvery):
		}
	}
}

// shownReason is what of an error may be shown to anybody.
func shownReason(err error) string {
	var said *muster.Error
	if errors.As(err, &said) && said.Code == muster.CodeUnavailable {
		return said.Message
	}
	return "The database cannot be used. Nothing that was acknowledged is lost; try again in a moment."
}

// showAway answers that the database cannot be used; the UI's own files are there.
func (r *run) showAway(why string) {
	mux := http.NewServeMux()
	away := httpapi.Away(why)
	for _, path := range served {
		mux.Handle(path, away)
	}
	mux.Handle("/", webui.New())
	r.server.show(mux)
}

// until serves the open instance until the context ends or something fails for
// good: ready is told when it can do its work, and ending when it stops. It stops
// and closes everything before it returns.
func (r *run) until(ctx context.Context, ending func(), ready func() error) error {
	r.serve()
	looks, stop := r.looks()
	defer stop()
	err := ready()
	if ctx.Err() != nil {
		err = nil // told to stop while it said so
	}
	for err == nil {
		in := r.in.Load()
		select {
		case <-looks:
			r.takeTurn(ctx)
			continue
		case <-ctx.Done():
			r.log.Info("stopping")
			r.leave(context.WithoutCancel(ctx), looks)
		case <-in.store.Failed():
			err = in.store.Err()
		case err = <-r.server.ended:
			err = fmt.Errorf("the listener has failed: %w", err)
		}
		if in.store.Err() == nil || r.settings.Database == "" || ctx.Err() != nil {
			break
		}
		if err = r.resume(ctx); ctx.Err() != nil {
			err = nil // told to stop while it waited
			break
		}
	}
	in := r.in.Load()
	r.server.stop(func() {
		ending()
		in.endWaits()
	})
	closing := in.close()
	if failed := in.store.Err(); err == nil && ctx.Err() == nil {
		err = failed // while it stopped
	}
	if err == nil && ctx.Err() != nil {
		fmt.Fprintln(r.m.Stdout, "Stopped")
	}
	return errors.Join(err, closing)
}

// serve lets the instance do its work.
func (r *run) serve() {
	in := r.in.Load()
	if in.readOnly != nil {
		r.log.Warn("nothing can be written", "error", in.readOnly)
	}
	in.roster.Start()
	if r.turn = turnOf(in.app); r.turn.works {
		in.deliveries.start()
	}
	in.app.LookAfterImports()
	r.server.show(r.m.handler(in, r.people, r.log))
}

// resume closes the instance whose database was lost, waits for the database
// and serves again.
func (r *run) resume(ctx context.Context) error {
	in, since := r.in.Load(), time.Now()
	r.showAway(shownReason(in.store.Err()))
	if err := in.close(); err != nil {
		r.log.Warn("what was open could not be closed", "error", err)
	}
	if err := r.reopen(ctx); err != nil {
		return err
	}
	r.serve()
	r.log.Info("the database is back", "away", time.Since(since).Round(time.Millisecond))
	return r.m.printFirstLink(ctx, r.app(), addressForPeople(r.settings, r.server.url))
}
