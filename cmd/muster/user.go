package main

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/app"
)

func (m *Main) userCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "user", Short: "Add and list the people who may sign in", GroupID: "care",
		Long: `Add and list the people who may sign in. The roles, each of which may do all that
the one before it may:

  viewer   see everything but keys and users
  editor   change groups, contacts and definitions
  admin    administer

Asks a running server, for which MUSTER_KEY must hold an admin key; with --data or
--database it works on the data of a stopped one.`,
		Example: `  muster user add ada@example.com --role editor
  muster user list`,
	}
	cmd.AddCommand(m.userAddCommand(), m.userListCommand())
	return cmd
}

// atPeople runs one of two acts: with a client of a running server, or with
// the data of a stopped one.
func (m *Main) atPeople(cmd *cobra.Command, asked func(*client.Client) error, own func(*app.App) error) error {
	if !placed(cmd) {
		c, err := m.connect(cmd)
		if err != nil {
			return err
		}
		return asked(c)
	}
	s, err := m.settings(cmd)
	if err != nil {
		return err
	}
	return m.quietly(cmd.Context(), s, own)
}

func (m *Main) userAddCommand() *cobra.Command {
	var name, role string
	cmd := withKeeper(&cobra.Command{
		Use: "add EMAIL --role ROLE", Short: "Add a user and print a one-time link to choose a password", Args: exactArgs("EMAIL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains([]string{"viewer", "editor", "admin"}, role) {
				return usageError{fmt.Errorf("--role: expected viewer, editor or admin, found %q", role)}
			}
			in := app.UserInput{Email: args[0], Name: name, Role: app.UserRole(role)}
			var made app.Invitation
			err := m.atPeople(cmd,
				func(c *client.Client) error {
					return c.Call(cmd.Context(), http.MethodPost, "/users", in, &made)
				},
				func(a *app.App) (err error) { made, err = a.AddUser(cmd.Context(), in); return err })
			if err != nil {
				return err
			}
			// Standard output has the link alone, for scripts.
			fmt.Fprintf(m.Stderr, "Added %s with the role %s. The link is good once, until %s.\n", made.User.Email, made.User.Role, moment(&made.Link.ExpiresAt))
			if made.Link.URL == "" {
				fmt.Fprintln(m.Stderr, "Put the address of the server before it.")
				made.Link.URL = made.Link.Path
			}
			fmt.Fprintln(m.Stdout, made.Link.URL)
			return nil
		},
	})
	cmd.Flags().StringVar(&name, "name", "", "what the user is called")
	cmd.Flags().StringVar(&role, "role", "", "viewer, editor or admin")
	return cmd
}

func (m *Main) userListCommand() *cobra.Command {
	return withKeeper(&cobra.Command{
		Use: "list", Short: "List the users", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var users app.Page[app.User]
			err := m.atPeople(cmd,
				func(c *client.Client) error {
					return c.Call(cmd.Context(), http.MethodGet, "/users", nil, &users)
				},
				func(a *app.App) (err error) { users, err = a.Users(cmd.Context()); return err })
			if err != nil {
				return err
			}
			if len(users.Items) == 0 {
				fmt.Fprintln(m.Stdout, "There are no users.")
				return nil
			}
			t := table{header: []string{"Email", "Name", "Role", "Status", "Created", "Last signed in"}}
			for _, u := range users.Items {
				t.add(u.Email, u.Name, string(u.Role), u.Status, moment(&u.CreatedAt), moment(u.LastSignedInAt))
			}
			t.write(m.Stdout, m.ink(m.Stdout))
			return nil
		},
	})
}
