package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/internal/config"
)

func (m *Main) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: "Run the server", GroupID: "server", Args: cobra.NoArgs,
		Long: `Run the server on a data directory, which is made when it is missing, or on a
PostgreSQL database, which muster migrate or --migrate prepares.

The server answers /healthz and /readyz while it reads its data, and while its
database is away. SIGTERM and Ctrl-C let it finish what it has accepted. See
muster config for all settings.`,
		Example: `  muster serve --data /var/lib/muster --listen 0.0.0.0:8080
  muster serve --database postgres://muster@db.example/muster --migrate
  MUSTER_ADMIN_KEY=$(openssl rand -hex 24) muster serve`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := m.settings(cmd)
			if err != nil {
				return err
			}
			return m.serve(cmd.Context(), s)
		},
	}
	config.Register(cmd.Flags(), "listen", "data", "database", "migrate", "database_connections", "database_timeout", "drain", "public_url", "manual_clock", "accept_clock", "server_time_zone", "log_level", "log_format")
	return cmd
}

// serve runs until the context ends, which is a success, or the store fails.
func (m *Main) serve(ctx context.Context, s *config.Settings) error {
	started, log := time.Now(), m.logger(s)
	srv, err := listen(s.Listen, log)
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "Muster %s\nListening on %s\n", versionText(), srv.url)
	tell := m.teller(log)
	r := &run{m: m, server: srv, settings: s, people: peopleOf(s), log: log}
	err = r.open(ctx, func() (*instance, error) { return openInstance(ctx, s, tell, log) })
	tell("", -1)
	if err != nil {
		srv.stop(nil)
		if ctx.Err() != nil {
			return nil // told to stop before it had begun
		}
		return err
	}
	return r.until(ctx, func() {}, func() error {
		in := r.in.Load()
		stats, err := in.store.Stats(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(m.Stdout, "Ready after %s: %s, %s, %s in %s\n", span(time.Since(started)), plural(stats.Contacts, "contact"),
			plural(stats.Activities, "activity"), plural(len(in.roster.State().Groups), "group"), s.Place())
		if s.ManualClock != 0 {
			fmt.Fprintf(m.Stdout, "Time stands still at %s; POST /api/v1/clock moves it\n", in.roster.Now())
		}
		if in.readOnly != nil {
			fmt.Fprintln(m.Stdout, "Warning:", shownReason(in.readOnly))
		}
		if why := in.roster.ClockProblem(); why != "" {
			fmt.Fprintln(m.Stdout, "Warning:", why)
		}
		if s.AdminKey == "" && len(in.app.Keys().Items) == 0 {
			fmt.Fprintf(m.Stdout, firstKeyHint, placeFlag(s))
		}
		return m.printFirstLink(ctx, in.app, addressForPeople(s, srv.url))
	})
}

const firstKeyHint = `
There is no API key yet, so programs can neither read nor write. Make one when you are
signed in; or stop the server and either
  make a key:     muster key create --role admin --name "My key" %s
  or choose one:  MUSTER_ADMIN_KEY=... muster serve ...   (16 characters or more)
`

// teller shows the steps of a start: on one line that changes on a terminal, in
// the log elsewhere. The empty step ends it.
func (m *Main) teller(log *slog.Logger) progress {
	if terminal(m.Stderr) {
		return m.benchProgress()
	}
	last := ""
	return func(what string, _ float64) {
		if what != "" && what != last {
			log.Info("starting", "step", what)
		}
		last = what
	}
}
