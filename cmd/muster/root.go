package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/internal/config"
)

// Main is one run of the program and everything it takes from outside.
type Main struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Lookup         func(string) (string, bool) // environment variables

	configFile string
}

// errQuiet ends the program with status 1 when everything has been said.
var errQuiet = errors.New("")

// usageError is a mistake on the command line.
type usageError struct{ error }

// Run runs a command line and answers the exit status: 0 when it was done, 1
// when it failed or found a difference, 2 when it was not understood.
func (m *Main) Run(ctx context.Context, args []string) int {
	root := m.root()
	root.SetArgs(args)
	root.SetIn(m.Stdin)
	root.SetOut(m.Stdout)
	root.SetErr(m.Stderr)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errQuiet):
		return 1
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "unknown flag"):
		fmt.Fprintf(m.Stderr, "muster: %s\nTry muster --help.\n", err)
		return 2
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(m.Stderr, "muster: interrupted")
		return 1
	}
	m.printError(err)
	return 1
}

func (m *Main) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "muster",
		Short: "Keep contact groups true",
		Long: `Muster keeps contact groups true: contacts and what they do come in, marketers
describe groups, and Muster knows at every moment who is in which group and why.

Try it:     muster demo
Run it:     muster serve --data DIR
Talk to it: muster groups, import, explain, export, ... (--server, MUSTER_KEY)`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&m.configFile, "config", "", "YAML file with settings (MUSTER_CONFIG)")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddGroup(
		&cobra.Group{ID: "server", Title: "Run a server:"},
		&cobra.Group{ID: "client", Title: "Work with a running server:"},
		&cobra.Group{ID: "care", Title: "Look after it:"},
	)
	root.AddCommand(
		m.serveCommand(), m.demoCommand(),
		m.importCommand(), m.exportCommand(), m.applyCommand(), m.groupsCommand(), m.explainCommand(), m.recalculateCommand(),
		m.verifyCommand(), m.backupCommand(), m.restoreCommand(), m.migrateCommand(), m.copyCommand(), m.keyCommand(), m.userCommand(), m.benchCommand(), m.configCommand(), m.versionCommand(),
	)
	root.SetHelpCommandGroupID("care")
	root.SetCompletionCommandGroupID("care")
	return root
}

// settings reads the settings of a command: its flags, the environment, the file.
func (m *Main) settings(cmd *cobra.Command) (*config.Settings, error) {
	return config.Load(config.Sources{Flags: config.Given(cmd.Flags()), Lookup: m.Lookup, File: m.configFile})
}

func (m *Main) logger(s *config.Settings) *slog.Logger {
	options := &slog.HandlerOptions{Level: s.LogLevel}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(m.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(m.Stderr, options))
}

// exactArgs is cobra.ExactArgs with an error that says what is missing.
func exactArgs(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != len(names) {
			return usageError{fmt.Errorf("expected %s: %s", strings.Join(names, " and "), cmd.UseLine())}
		}
		return nil
	}
}
