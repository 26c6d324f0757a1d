package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/config"
)

// withServer declares the flag that every command has that talks to a server.
func withServer(cmd *cobra.Command) *cobra.Command {
	config.Register(cmd.Flags(), "server")
	return cmd
}

// connect makes a client of the server that the settings name.
func (m *Main) connect(cmd *cobra.Command) (*client.Client, error) {
	s, err := m.settings(cmd)
	if err != nil {
		return nil, err
	}
	return client.New(s.Server, s.Key)
}

// remedy says what to do about an error that a new user meets; "" when the
// error says enough.
func remedy(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Is it running? Start it with muster serve or muster demo, or name another one with --server or MUSTER_SERVER."
	case muster.CodeOf(err) == muster.CodeUnauthorized:
		return "Set MUSTER_KEY to an API key of that server; muster key create makes one."
	}
	return ""
}

// printAnswer prints what the server answers to a path, as it is, for programs.
func (m *Main) printAnswer(ctx context.Context, c *client.Client, path string) error {
	var answer json.RawMessage
	if err := c.Call(ctx, http.MethodGet, path, nil, &answer); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, answer, "", "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintln(m.Stdout, out.String())
	return err
}
