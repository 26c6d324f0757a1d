package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/store/postgres"
)

func (m *Main) migrateCommand() *cobra.Command {
	var dry bool
	cmd := &cobra.Command{
		Use: "migrate", Short: "Bring the schema of a PostgreSQL database up to date", GroupID: "care", Args: cobra.NoArgs,
		Long: `Make the tables of an empty PostgreSQL database, or bring those of an earlier
version up to date: in numbered steps, each in one transaction. It only goes
forward, so make a backup before. A server does none of this by itself unless it
is started with --migrate.

The user of the URL must be allowed to make tables. A schema other than the usual
one is named by ?search_path=NAME in the URL.`,
		Example: `  muster migrate --database postgres://muster@db.example/muster --dry-run
  MUSTER_DATABASE=postgres://muster@db.example/muster muster migrate`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := m.settings(cmd)
			if err != nil {
				return err
			}
			if s.Database == "" {
				return usageError{errors.New("expected --database, or MUSTER_DATABASE, with the URL of a database")}
			}
			schema, err := postgres.Look(cmd.Context(), s.Database)
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
			if _, err := postgres.Migrate(cmd.Context(), s.Database); err != nil {
				return err
			}
			fmt.Fprintf(m.Stdout, "Brought %s from schema version %d to %d: %s\n", s.Place(), schema.Version, schema.Known, strings.Join(schema.Steps, ", "))
			return nil
		},
	}
	config.Register(cmd.Flags(), "database")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be done, and do nothing")
	return cmd
}
