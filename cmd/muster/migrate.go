package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/store/postgres"
)

func (m *Main) migrateCommand() *cobra.Command {
	var dry, citus bool
	cmd := &cobra.Command{
		Use: "migrate", Short: "Bring the schema of a PostgreSQL database up to date", GroupID: "care", Args: cobra.NoArgs,
		Long: `Make the tables of an empty PostgreSQL database, or bring those of an earlier
version up to date: in numbered steps, each in one transaction. It only goes
forward, so make a backup before. A server does none of this by itself unless it
is started with --migrate.

With --citus it distributes the tables over the servers of a Citus cluster as
well: the URL is the coordinator's. docs/operations.md says what is to be done
before, and how a cluster grows.

The user of the URL must be allowed to make tables. A schema other than the usual
one is named by ?search_path=NAME in the URL.`,
		Example: `  muster migrate --database postgres://muster@db.example/muster --dry-run
  muster migrate --database postgres://muster@coordinator.example/muster --citus
  MUSTER_DATABASE=postgres://muster@db.example/muster muster migrate`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := m.settings(cmd)
			if err != nil {
				return err
			}
			if s.Database == "" {
				return usageError{errors.New("expected --database, or MUSTER_DATABASE, with the URL of a database")}
			}
			if err := m.migrate(cmd.Context(), s, dry); err != nil || !citus {
				return err
			}
			return m.distribute(cmd.Context(), s, dry)
		},
	}
	config.Register(cmd.Flags(), "database")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be done, and do nothing")
	cmd.Flags().BoolVar(&citus, "citus", false, "distribute the tables over the servers of a Citus cluster as well")
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
func (m *Main) distribute(ctx context.Context, s *config.Settings, dry bool) error {
	act, said := postgres.Distribute, "Distributed the tables of %s over the cluster:\n"
	if dry {
		act, said = postgres.Distribution, "The tables of %s would be distributed over the cluster:\n"
	}
	statements, err := act(ctx, s.Database)
	switch {
	case err != nil:
		return err
	case len(statements) == 0:
		fmt.Fprintf(m.Stdout, "The tables of %s are distributed over the cluster\n", s.Place())
		return nil
	}
	fmt.Fprintf(m.Stdout, said, s.Place())
	for _, statement := range statements {
		fmt.Fprintf(m.Stdout, "  %s;\n", statement)
	}
	return nil
}
