package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/folder"
)

// instance is a store and everything above it, opened from below and closed
// from above.
type instance struct {
	store  store.Store
	roster *roster.Roster
	app    *app.App
	deliveries
	readOnly error // why nothing can be written; nil when it can
}

// progress is told what goes on, and the share of it that is done; a share
// below 0 cannot be known.
type progress func(what string, share float64)

// openInstance opens what the settings describe. The clock does not run until
// the roster is started.
func openInstance(ctx context.Context, s *config.Settings, tell progress, log *slog.Logger) (*instance, error) {
	st, err := openStore(ctx, s, tell, log)
	if err != nil {
		return nil, err
	}
	return openOver(ctx, st, s, tell, log)
}

// openOver opens what stands above a store, which is its own from then on.
func openOver(ctx context.Context, st store.Store, s *config.Settings, tell progress, log *slog.Logger) (*instance, error) {
	in := &instance{store: st, readOnly: readOnly(st)}
	if err := in.openAbove(ctx, s, tell, log); err != nil {
		return nil, errors.Join(err, in.close())
	}
	return in, nil
}

func (in *instance) openAbove(ctx context.Context, s *config.Settings, tell progress, log *slog.Logger) error {
	var tick muster.Instant
	err := in.store.View(ctx, func(v store.View) error { tick = v.Tick(); return nil })
	if err != nil {
		return err
	}
	options := roster.Options{AcceptClock: s.AcceptClock, ReadOnly: in.readOnly != nil, ServerZone: s.ServerTimeZone, Logger: log}
	var manual *app.ManualClock
	if s.ManualClock != 0 {
		// Time does not run backwards: a later start goes on where it stood.
		manual = app.NewManualClock(max(s.ManualClock, tick))
		options.Clock, options.Manual = manual, true
	}
	if tell != nil {
		tell(catchUpText(tick, manual), -1)
	}
	if in.roster, err = roster.Open(ctx, in.store, options); err != nil {
		return err
	}
	files, err := openFiles(in.store, s)
	if err != nil {
		return err
	}
	in.app, err = app.New(ctx, app.Config{Roster: in.roster, Manual: manual, AdminKey: s.AdminKey, Version: versionText(), Logger: log, Files: files, ReadOnly: in.readOnly,
		Collection: app.Collection{UnknownTraits: s.UnknownTraits, UnknownEvents: s.UnknownEvents}})
	if err != nil {
		return err
	}
	if in.readOnly != nil {
		return nil // who writes delivers
	}
	in.deliveries, err = openDeliveries(ctx, in.app, s, log)
	return err
}

// openFiles opens where files are kept that are being imported: with the store
// where others share it, else in a directory.
func openFiles(st store.Store, s *config.Settings) (store.Files, error) {
	if shared, ok := st.(store.Shared); ok {
		return shared, nil
	}
	return folder.Open(cmp.Or(s.Imports, filepath.Join(s.Data, "imports")))
}

// catchUpText says how much time passed since the last commit.
func catchUpText(tick muster.Instant, manual *app.ManualClock) string {
	now := muster.InstantOf(time.Now())
	if manual != nil {
		now = manual.Now()
	}
	if tick == 0 || now <= tick {
		return "checking the groups"
	}
	return "catching up with the clock, " + span(time.Duration(now-tick)*time.Second)
}

// endWaits ends deliveries, streams and feeds that wait. Changes are still taken.
func (in *instance) endWaits() {
	in.deliveries.close()
	in.app.EndWaits()
}

// close closes everything. A second close does nothing.
func (in *instance) close() error {
	in.deliveries.close()
	if in.app != nil {
		in.app.Close()
	}
	if in.roster != nil {
		_ = in.roster.Close() // it always answers nil
	}
	return in.store.Close()
}

// quietly opens the stopped instance of the settings for one short act, without
// a server and without running its clock.
func (m *Main) quietly(ctx context.Context, s *config.Settings, act func(*app.App) error) error {
	quiet := *s
	quiet.LogLevel = max(s.LogLevel, slog.LevelWarn)
	in, err := openInstance(ctx, s, nil, m.logger(&quiet))
	if err != nil {
		return err
	}
	return errors.Join(act(in.app), in.close())
}
