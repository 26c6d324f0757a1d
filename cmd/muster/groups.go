package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

func (m *Main) groupsCommand() *cobra.Command {
	var search string
	var asJSON bool
	cmd := withServer(&cobra.Command{
		Use: "groups", Short: "List contact groups; show, create and delete them", GroupID: "client", Args: cobra.NoArgs,
		Example: `  muster groups --search customers
  muster groups show hot-leads
  muster groups create group.json --recalculate`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := m.connect(cmd)
			if err != nil {
				return err
			}
			if asJSON {
				return m.printAnswer(cmd.Context(), c, "/groups?search="+url.QueryEscape(search))
			}
			groups, err := c.Groups(cmd.Context(), search)
			switch {
			case err != nil:
				return err
			case len(groups) == 0 && search != "":
				fmt.Fprintf(m.Stdout, "No group has %q in its code, name or description.\n", search)
			case len(groups) == 0:
				fmt.Fprintln(m.Stdout, "There are no groups yet; muster groups create makes one.")
			default:
				m.printGroups(groups)
			}
			return nil
		},
	})
	cmd.Flags().StringVar(&search, "search", "", "only groups with this text in code, name or description")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.AddCommand(m.groupsShowCommand(), m.groupsCreateCommand(), m.groupsDeleteCommand())
	return cmd
}

func (m *Main) printGroups(groups []client.Group) {
	out := m.ink(m.Stdout)
	t := table{header: []string{"Code", "Name", ">Members", "Status", "Last recalculated"}}
	for _, g := range groups {
		t.add(g.Code, g.Name, count(g.Members), statusText(g), moment(g.LastRecalculated))
	}
	t.paint = func(column int, cell string) string {
		switch {
		case column == 0:
			return out.bold(cell)
		case column == 3 && cell != "up to date":
			return out.yellow(cell)
		}
		return cell
	}
	t.write(m.Stdout, out)
}

// statusText is a group's status in words.
func statusText(g client.Group) string {
	text := strings.ReplaceAll(string(g.Status), "_", " ")
	if g.Progress != nil && g.Progress.Stage == "calculating" {
		text += fmt.Sprintf(" %.0f %%", g.Progress.Share*100)
	}
	return text
}

func (m *Main) groupsShowCommand() *cobra.Command {
	var asJSON bool
	cmd := withServer(&cobra.Command{
		Use: "show GROUP", Short: "Show a group with its condition", Args: exactArgs("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := m.connect(cmd)
			if err != nil {
				return err
			}
			if asJSON {
				return m.printAnswer(cmd.Context(), c, "/groups/"+url.PathEscape(args[0]))
			}
			g, err := c.Group(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			m.printGroup(g)
			return nil
		},
	})
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (m *Main) printGroup(g client.Group) {
	out := m.ink(m.Stdout)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(m.Stdout, "%s %s\n", out.dim(fmt.Sprintf("%-18s", name)), value)
		}
	}
	fmt.Fprintln(m.Stdout, out.bold(g.Name))
	line("Code", g.Code)
	line("Description", g.Description)
	line("Status", statusText(g))
	line("Failure", g.Failure)
	line("Members", count(g.Members))
	if g.Active != nil {
		line("Condition", g.Active.Sentence)
	}
	if g.Pending != nil {
		line("Pending condition", g.Pending.Sentence)
	}
	if g.TimeZone != nil {
		line("Time zone", *g.TimeZone)
	}
	line("Last recalculated", moment(g.LastRecalculated))
	if g.ScheduleRecalculation {
		line("Next recalculation", moment(g.NextRecalculation))
	}
	if g.LastCorrections != 0 {
		line("Corrections", out.red(fmt.Sprintf("%d in the last scheduled run; this is a bug, please report it", g.LastCorrections)))
	}
	line("Used by", strings.Join(g.UsedBy, ", "))
	for _, w := range g.Warnings {
		line("Warning", w.Message)
	}
}

func (m *Main) groupsCreateCommand() *cobra.Command {
	var recalculate bool
	cmd := withServer(&cobra.Command{
		Use: "create FILE", Short: "Create a group from a JSON file", Args: exactArgs("FILE"),
		Long: `Create a group from a JSON file, or from standard input with -, such as

  {
    "code": "regulars", "name": "Regulars",
    "condition": {"match": "all", "groups": [{"match": "all", "conditions": [
      {"type": "visited-page", "params": {"pages": ["/pricing"], "times": {"at_least": 3}, "within": {"last": "30d"}}}
    ]}]}
  }

The group has no members until it is recalculated.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := m.connect(cmd)
			if err != nil {
				return err
			}
			body, err := m.readGroupFile(args[0])
			if err != nil {
				return err
			}
			if recalculate {
				body["recalculate"] = json.RawMessage("true")
			}
			// The server reads the file, so that its problems point into it.
			var g client.Group
			if err := c.Call(cmd.Context(), http.MethodPost, "/groups", body, &g); err != nil {
				return err
			}
			if recalculate {
				if g, err = c.Recalculate(cmd.Context(), g.Code, true); err != nil {
					return err
				}
			}
			m.printGroup(g)
			if g.Status == muster.NeverCalculated {
				fmt.Fprintf(m.Stdout, "\nIt has no members yet: muster recalculate %s\n", g.Code)
			}
			return nil
		},
	})
	cmd.Flags().BoolVar(&recalculate, "recalculate", false, "recalculate the group at once, and wait")
	return cmd
}

func (m *Main) readGroupFile(path string) (map[string]json.RawMessage, error) {
	var text []byte
	var err error
	if path == "-" {
		path = "standard input"
		text, err = io.ReadAll(m.Stdin)
	} else {
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	var body map[string]json.RawMessage
	err = json.Unmarshal(text, &body)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := string(text[:min(int(syntax.Offset), len(text))])
		return nil, fmt.Errorf("%s, line %d is not JSON: %w", path, 1+strings.Count(before, "\n"), err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: expected one JSON object with code, name and condition", path)
	}
	return body, nil
}

func (m *Main) groupsDeleteCommand() *cobra.Command {
	return withServer(&cobra.Command{
		Use: "delete GROUP", Short: "Delete a group", Args: exactArgs("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := m.connect(cmd)
			if err != nil {
				return err
			}
			if err := c.DeleteGroup(cmd.Context(), args[0]); err != nil {
				return err
			}
			fmt.Fprintf(m.Stdout, "Deleted %s; its change records stay.\n", args[0])
			return nil
		},
	})
}
