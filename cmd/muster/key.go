package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/app"
)

// keeper keeps the keys: a running server, or the data of a stopped one.
type keeper interface {
	CreateKey(ctx context.Context, name, role string) (client.Key, error)
	Keys(ctx context.Context) ([]client.Key, error)
	DeleteKey(ctx context.Context, id string) error
}

func (m *Main) keyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "key", Short: "Make, list and revoke API keys", GroupID: "care",
		Long: `Make, list and revoke API keys. The roles, each of which may do all that the one
before it may:

  collect  write contacts and activities; can stand in the pages of a website
  read     read everything but keys
  edit     change groups, contacts and definitions
  admin    administer

Asks a running server, for which MUSTER_KEY must hold an admin key; with --data or
--database it works on the data of a stopped one, which is how the first key is made.`,
		Example: `  muster key create --role admin --name "Ops" --data /var/lib/muster
  MUSTER_KEY=$(muster key create --role read --name Reports) muster groups`,
	}
	cmd.AddCommand(m.keyCreateCommand(), m.keyListCommand(), m.keyRevokeCommand())
	return cmd
}

// withKeeper declares the flags that choose who keeps the keys.
func withKeeper(cmd *cobra.Command) *cobra.Command {
	withPlace(cmd)
	return withServer(cmd)
}

// atKeeper runs an act with whoever keeps the keys.
func (m *Main) atKeeper(cmd *cobra.Command, act func(keeper) error) error {
	if !placed(cmd) {
		c, err := m.connect(cmd)
		if err != nil {
			return err
		}
		return act(c)
	}
	s, err := m.settings(cmd)
	if err != nil {
		return err
	}
	return m.quietly(cmd.Context(), s, func(a *app.App) error { return act(ownKeys{a}) })
}

// ownKeys are the keys of a stopped server.
type ownKeys struct{ app *app.App }

// CreateKey makes a key.
func (k ownKeys) CreateKey(ctx context.Context, name, role string) (client.Key, error) {
	key, err := k.app.CreateKey(ctx, app.KeyInput{Name: name, Role: app.Role(role)})
	return shownKey(key), err
}

// Keys lists the keys.
func (k ownKeys) Keys(context.Context) (keys []client.Key, err error) {
	for _, key := range k.app.Keys().Items {
		keys = append(keys, shownKey(key))
	}
	return keys, nil
}

// DeleteKey revokes a key.
func (k ownKeys) DeleteKey(ctx context.Context, id string) error { return k.app.DeleteKey(ctx, id) }

func shownKey(k app.Key) client.Key {
	return client.Key{ID: k.ID, Name: k.Name, Role: string(k.Role), CreatedAt: k.CreatedAt, LastUsedAt: k.LastUsedAt, Secret: k.Secret}
}

func (m *Main) keyCreateCommand() *cobra.Command {
	var name, role string
	cmd := withKeeper(&cobra.Command{
		Use: "create --role ROLE --name NAME", Short: "Make an API key and print it, once", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains([]string{"collect", "read", "edit", "admin"}, role) {
				return usageError{fmt.Errorf("--role: expected collect, read, edit or admin, found %q", role)}
			}
			if name == "" {
				return usageError{fmt.Errorf("--name: expected what the key is for, such as \"Website\"")}
			}
			return m.atKeeper(cmd, func(k keeper) error {
				key, err := k.CreateKey(cmd.Context(), name, role)
				if err != nil {
					return err
				}
				// Standard output has the key alone, for scripts.
				fmt.Fprintf(m.Stderr, "Key %s, %q with the role %s. Keep it: it is shown only this time.\n", key.ID, key.Name, key.Role)
				fmt.Fprintln(m.Stdout, key.Secret)
				return nil
			})
		},
	})
	cmd.Flags().StringVar(&name, "name", "", "what the key is for")
	cmd.Flags().StringVar(&role, "role", "", "collect, read, edit or admin")
	return cmd
}

func (m *Main) keyListCommand() *cobra.Command {
	return withKeeper(&cobra.Command{
		Use: "list", Short: "List the API keys", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.atKeeper(cmd, func(k keeper) error {
				keys, err := k.Keys(cmd.Context())
				if err != nil {
					return err
				}
				if len(keys) == 0 {
					fmt.Fprintln(m.Stdout, "There are no keys.")
					return nil
				}
				t := table{header: []string{"Id", "Name", "Role", "Created", "Last used"}}
				for _, key := range keys {
					t.add(key.ID, key.Name, key.Role, moment(&key.CreatedAt), moment(key.LastUsedAt))
				}
				t.write(m.Stdout, m.ink(m.Stdout))
				return nil
			})
		},
	})
}

func (m *Main) keyRevokeCommand() *cobra.Command {
	return withKeeper(&cobra.Command{
		Use: "revoke ID", Short: "Revoke an API key at once", Args: exactArgs("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.atKeeper(cmd, func(k keeper) error {
				if err := k.DeleteKey(cmd.Context(), args[0]); err != nil {
					return err
				}
				fmt.Fprintf(m.Stdout, "Revoked %s.\n", args[0])
				return nil
			})
		},
	})
}
