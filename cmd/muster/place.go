package main

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/internal/store/postgres"
)

// openStore opens where the settings keep everything: a directory or a
// database. This file is the one place that knows which store is behind the port.
func openStore(ctx context.Context, s *config.Settings, tell progress, log *slog.Logger) (store.Store, error) {
	if s.Database == "" {
		return openEmbedded(ctx, s.Data, tell, log)
	}
	if tell != nil {
		tell("connecting to "+s.Place(), -1)
	}
	if s.Migrate {
		steps, err := postgres.Migrate(ctx, s.Database)
		if err != nil {
			return nil, err
		}
		if steps > 0 {
			log.Info("the database's schema was brought up to date", "steps", steps)
		}
	}
	st, err := postgres.Open(ctx, s.Database, postgres.Options{Readers: s.DatabaseConnections, Timeout: s.DatabaseTimeout, Logger: log})
	if err != nil {
		return nil, err // and not a store that is nil inside
	}
	return st, nil
}

// openEmbedded opens the store of a directory.
func openEmbedded(ctx context.Context, dir string, tell progress, log *slog.Logger) (store.Store, error) {
	options := embedded.Options{Logger: log}
	if tell != nil {
		options.Progress = func(_ string, share float64) { tell("reading "+dir, share) }
	}
	st, err := embedded.Open(ctx, dir, options)
	if err != nil {
		return nil, err
	}
	return st, nil
}

// fillPlace makes an empty place equal to what tell tells.
func fillPlace(ctx context.Context, s *config.Settings, tell func(store.Archive) error) error {
	if s.Database == "" {
		return embedded.Fill(ctx, s.Data, tell)
	}
	if s.Migrate {
		if _, err := postgres.Migrate(ctx, s.Database); err != nil {
			return err
		}
	}
	return postgres.Fill(ctx, s.Database, tell)
}

// readOnly says why a store refuses to be written to; nil when it does not.
func readOnly(st store.Store) error {
	if s, ok := st.(interface{ ReadOnly() error }); ok {
		return s.ReadOnly()
	}
	return nil
}

// withPlace declares the flags that name where everything is kept.
func withPlace(cmd *cobra.Command) {
	config.Register(cmd.Flags(), "data", "database")
}

// placed reports whether a command names where everything is kept, rather than a server.
func placed(cmd *cobra.Command) bool {
	return cmd.Flags().Changed("data") || cmd.Flags().Changed("database")
}

// placeFlag is the flag that names the place of the settings, to be copied: a
// password is left to the environment.
func placeFlag(s *config.Settings) string {
	if s.Database == "" {
		return "--data " + s.Data
	}
	if s.Place() != s.Database {
		return `--database "$MUSTER_DATABASE"`
	}
	return `--database "` + s.Database + `"`
}
