package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/internal/config"
)

func (m *Main) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "config", Short: "Print the settings in force and where each comes from", GroupID: "care", Args: cobra.NoArgs,
		Long: `Print the settings in force and where each comes from. Flags win over MUSTER_*
environment variables, these over the YAML file of --config or MUSTER_CONFIG.
Secrets are hidden. The output without comments is a valid file.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := m.settings(cmd)
			if err != nil {
				return err
			}
			out := m.ink(m.Stdout)
			for _, shown := range s.Show() {
				value := shown.Value
				if value == "" {
					value = `""`
				}
				fmt.Fprintf(m.Stdout, "%s\n%s: %s  %s\n", out.dim("# "+shown.Doc+"; "+config.Environment(shown.Name)), out.bold(shown.Name), value, out.dim("# "+shown.Origin))
			}
			return nil
		},
	}
	config.Register(cmd.Flags(), "listen", "data", "database", "database_connections", "database_timeout", "drain", "migrate", "public_url", "manual_clock", "accept_clock", "server_time_zone", "log_level", "log_format", "server")
	return cmd
}
