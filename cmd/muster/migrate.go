package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/store/postgres"
)

func (m *Main) migrateCommand() *cobra.Command {
	var dry, citus, rebalance bool
	cmd := &cobra.Command{
		Use: "migrate", Short: "Bring the schema of a PostgreSQL database up to date", GroupID: "care", Args: cobra.NoArgs,
		Long: `Make the tables of an empty PostgreSQL database, or bring those of an earlier
version up to date: in numbered steps, each in one transaction. It only goes
forward, so make a backup before. A server does none of this by itself unless it
is started with --migrate.

With --citus it distributes the tables over the servers of a Citus cluster as
well: the URL is the coordinator's. docs/operations.md says what is to be done
before. With --rebalance as well it then gives every server its share of the rows,
also one that was added, and none to one that is to be removed, while the nodes
go on.

The user of the URL must be allowed to make tables. A schema other than the usual
one is named by ?search_path=NAME in the URL.`,
		Example: `  muster migrate --database postgres://muster@db.example/muster --dry-run
  muster migrate --database postgres://muster@coordinator.example/muster --citus
  muster migrate --database postgres://muster@coordinator.example/muster --citus --rebalance
  MUSTER_DATABASE=postgres://muster@db.example/muster muster migrate`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := m.settings(cmd)
			if err != nil {
				return err
			}
			if s.Database == "" {
				return usageError{errors.New("expected --database, or MUSTER_DATABASE, with the URL of a database")}
			}
			if rebalance && !citus {
				return usageError{errors.New("--rebalance is of a cluster: expected --citus as well")}
			}
			if err := m.migrate(cmd.Context(), s, dry); err != nil || !citus {
				return err
			}
			if done, err := m.distribute(cmd.Context(), s, dry); err != nil || !done || !rebalance {
				return err
			}
			return m.rebalance(cmd.Context(), s, dry)
		},
	}
	config.Register(cmd.Flags(), "database")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be done, and do nothing")
	cmd.Flags().BoolVar(&citus, "citus", false, "distribute the tables over the servers of a Citus cluster as well")
	cmd.Flags().BoolVar(&rebalance, "rebalance", false, "with --citus, give every server its share of the rows, while nodes go on")
	return cmd
}

// migrate brings the schema up to date.
func (m *Main) migrate(ctx context.Context, s *config.Settings, dry bool) error {
	schema, err := postgres.Look(ctx, s.Database)
	if err != nil {
		return err
	}
	switch {
	case schema.Version > schema.Known:
		return fmt.Errorf("the database has schema version %d and this program knows only %d: a newer Muster has migrated it", schema.Version, schema.Known)
	case len(schema.Steps) == 0:
		fmt.Fprintf(m.Stdout, "%s is up to date: schema version %d\n", s.Place(), schema.Version)
		return nil
	case dry:
		fmt.Fprintf(m.Stdout, "%s has schema version %d, and would be brought to %d by %s\n", s.Place(), schema.Version, schema.Known, strings.Join(schema.Steps, ", "))
		return nil
	}
	if _, err := postgres.Migrate(ctx, s.Database); err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "Brought %s from schema version %d to %d: %s\n", s.Place(), schema.Version, schema.Known, strings.Join(schema.Steps, ", "))
	return nil
}

// distribute distributes the tables, or shows how it would.
func (m *Main) distribute(ctx context.Context, s *config.Settings, dry bool) (done bool, err error) {
	act, said := postgres.Distribute, "Distributed the tables of %s over the cluster:\n"
	if dry {
		act, said = postgres.Distribution, "The tables of %s would be distributed over the cluster:\n"
	}
	statements, err := act(ctx, s.Database)
	switch {
	case err != nil:
		return false, err
	case len(statements) == 0:
		fmt.Fprintf(m.Stdout, "The tables of %s are distributed over the cluster\n", s.Place())
		return true, nil
	}
	fmt.Fprintf(m.Stdout, said, s.Place())
	for _, statement := range statements {
		fmt.Fprintf(m.Stdout, "  %s;\n", statement)
	}
	return !dry, nil
}

// rebalance moves shards, or shows which it would.
func (m *Main) rebalance(ctx context.Context, s *config.Settings, dry bool) error {
	moves, err := postgres.Moves(ctx, s.Database)
	switch {
	case err != nil:
		return err
	case len(moves) == 0:
		fmt.Fprintln(m.Stdout, "Every server has its share of the rows")
		return nil
	case dry:
		for i, move := range moves {
			fmt.Fprintf(m.Stdout, "%d of %d: would move shard %d, and those of the same contacts, from %s to %s\n", i+1, len(moves), move.Shard, move.From, move.To)
		}
		return nil
	}
	return postgres.Rebalance(ctx, s.Database, m.logger(s), func(made postgres.Move, n, of int) {
		fmt.Fprintf(m.Stdout, "%d of %d: moved shard %d, and those of the same contacts, from %s to %s; commits waited up to %s, readers %s\n",
			n, of, made.Shard, made.From, made.To, made.Commits.Round(time.Millisecond), made.Readers.Round(time.Millisecond))
	})
}
