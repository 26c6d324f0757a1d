package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

func (m *Main) copyCommand() *cobra.Command {
	var from, to string
	var sample int
	cmd := &cobra.Command{
		Use: "copy --from PLACE --to PLACE", Short: "Copy everything between a directory and a PostgreSQL database", GroupID: "care", Args: cobra.NoArgs,
		Long: `Copy everything that Muster keeps from one place to another: contacts, also merged
and erased ones, activities, decisions, definitions, groups with their members,
versions and history, keys, users, sessions, webhooks. A PLACE is a data directory
or the URL of a PostgreSQL database. Numbers stay what they are, so that programs
that follow the changes go on where they were. Files of imports under way stay
where they are.

Stop the servers of both places first. The other place must be empty: a missing or
empty directory, or a database that muster migrate has prepared (--migrate does it
here). It is filled whole or stays empty. Then counts and the members of all groups
are compared, and what is there is verified as by muster verify.`,
		Example: `  muster copy --from /var/lib/muster --to postgres://muster@db.example/muster --migrate
  muster copy --from postgres://muster@db.example/muster --to /var/lib/muster-again`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if sample < 0 {
				return usageError{errors.New("--sample: expected how many contacts to verify, or 0 for all")}
			}
			s, err := m.settings(cmd)
			if err != nil {
				return err
			}
			source, err := placeAt(s, "--from", from)
			if err != nil {
				return err
			}
			target, err := placeAt(s, "--to", to)
			if err != nil {
				return err
			}
			return m.copy(cmd.Context(), source, target, sample)
		},
	}
	config.Register(cmd.Flags(), "migrate")
	cmd.Flags().StringVar(&from, "from", "", "directory or URL of a database to copy")
	cmd.Flags().StringVar(&to, "to", "", "directory or URL of a database to fill")
	cmd.Flags().IntVar(&sample, "sample", 0, "verify only this many contacts, chosen at random; 0 is all")
	return cmd
}

// placeAt is settings for a place that a flag names.
func placeAt(s *config.Settings, flag, place string) (*config.Settings, error) {
	if place == "" {
		return nil, usageError{fmt.Errorf("%s: expected a directory or the URL of a database", flag)}
	}
	at := *s
	at.Data, at.Database = "", ""
	at.LogLevel = max(s.LogLevel, slog.LevelWarn)
	if !config.IsDatabase(place) {
		at.Data = filepath.Clean(place)
		return &at, nil
	}
	if err := config.CheckDatabase(place); err != nil {
		return nil, usageError{fmt.Errorf("%s: %w", flag, err)}
	}
	at.Database = place
	return &at, nil
}

func (m *Main) copy(ctx context.Context, source, target *config.Settings, sample int) (err error) {
	if source.Database == "" {
		// A store makes what is missing; there would be nothing to copy.
		if _, err := os.Stat(filepath.Join(source.Data, "muster.db")); err != nil {
			return fmt.Errorf("there is no Muster database in %s", source.Data)
		}
	}
	out, log, started := m.ink(m.Stdout), m.logger(source), time.Now()
	copied, err := m.copyWhole(ctx, source, target)
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "Copied %s to %s in %s: %s, of which %s merged and %s erased, %s, %s of groups, %s\n", source.Place(), target.Place(), span(time.Since(started)),
		plural(copied.contacts, "contact"), count(copied.merged), count(copied.erased), plural(copied.activities, "activity"), plural(copied.changes, "change"), plural(copied.documents, "document"))
	fmt.Fprintf(m.Stdout, "%s counts, history and the members of %s are the same\n", out.green("✓"), plural(len(copied.groups), "group"))
	tell := m.benchProgress()
	to, err := openStore(ctx, target, tell, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	tell("verifying", -1)
	found, err := verifyStore(ctx, to, sample, log)
	tell("", -1)
	if err != nil {
		return err
	}
	return m.printVerification(found)
}

// copyWhole fills the target, and compares it with the source.
func (m *Main) copyWhole(ctx context.Context, source, target *config.Settings) (copied *tally, err error) {
	log, tell := m.logger(source), m.benchProgress()
	defer tell("", -1)
	reading := *source
	reading.Migrate = false
	from, err := openStore(ctx, &reading, tell, log)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	fill := func(to store.Archive) error {
		copied = newTally(to, tell)
		return copied.all(ctx, from)
	}
	if err := fillPlace(ctx, target, fill); err != nil {
		return nil, err
	}
	to, err := openStore(ctx, target, tell, log)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	tell("comparing", -1)
	if err := copied.compare(ctx, from, to); err != nil {
		return nil, fmt.Errorf("the copy is not what was copied, which is a bug, please report it; do not use it: %w", err)
	}
	return copied, nil
}

// verifyStore recomputes every membership of a store, as of its last commit.
func verifyStore(ctx context.Context, st store.Store, sample int, log *slog.Logger) (found client.Verification, err error) {
	r, err := roster.Open(ctx, st, roster.Options{ReadOnly: true, AcceptClock: true, Logger: log})
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	a, err := app.New(ctx, app.Config{Roster: r, Version: versionText(), Logger: log})
	if err != nil {
		return found, err
	}
	defer a.Close()
	v, err := a.Verify(ctx, sample)
	return shownVerification(v), err
}
