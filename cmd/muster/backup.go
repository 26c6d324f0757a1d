package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/store/embedded"
)

func (m *Main) backupCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "backup FILE", Short: "Copy the data directory to one file, also while the server runs", GroupID: "care", Args: exactArgs("FILE"),
		Long: `Copy everything in a data directory to one new file, as of one commit. The server
may be running, and nobody waits for it. FILE must not exist.

Run it as the user that runs the server, on the same machine.`,
		Example: `  muster backup --data /var/lib/muster /backup/muster-$(date +%F).db`,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := m.settings(cmd)
			if err != nil {
				return err
			}
			if s.Database != "" {
				return fmt.Errorf("backups of a database are made by PostgreSQL's own means, such as pg_dump --format=custom; to back up a directory, name it with --data")
			}
			started := time.Now()
			if err := embedded.Backup(cmd.Context(), s.Data, args[0]); err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(m.Stdout, "Copied %s to %s: %s bytes in %s\n", s.Data, args[0], count(info.Size()), span(time.Since(started)))
			return nil
		},
	}
	config.Register(cmd.Flags(), "data")
	return cmd
}

func (m *Main) restoreCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "restore FILE", Short: "Make a data directory from a backup", GroupID: "care", Args: exactArgs("FILE"),
		Long: `Make a data directory from a file of muster backup. The directory must be missing
or empty. The copy is examined before it is used.

A server that is started on it catches up with the clock. What came after the
backup is not there: activities can be sent again, for those that are there
already are recognised by id and instant.`,
		Example: `  muster restore --data /var/lib/muster /backup/muster-2026-11-24.db`,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := m.settings(cmd)
			if err != nil {
				return err
			}
			if s.Database != "" {
				return fmt.Errorf("a backup is restored into a directory: name it with --data; muster copy brings it to a database from there")
			}
			if err := embedded.Restore(cmd.Context(), args[0], s.Data); err != nil {
				return err
			}
			fmt.Fprintf(m.Stdout, "Restored %s to %s; start it with muster serve --data %s\n", args[0], s.Data, s.Data)
			return nil
		},
	}
	config.Register(cmd.Flags(), "data")
	return cmd
}
