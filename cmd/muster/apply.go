package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/definition"
)

func (m *Main) applyCommand() *cobra.Command {
	var from []string
	var dryRun, export, prune, recalculate bool
	cmd := withServer(&cobra.Command{
		Use: "apply -f FILE|DIR", Short: "Define settings, fields, activity types, retention, consents, lists, channels and groups by YAML", GroupID: "client", Args: cobra.NoArgs,
		Long: `Make a server's definitions what YAML files say. What the files do not mention
stays; with --prune, whatever else there is of the kinds they mention is
deleted. Everything is checked first: a condition that names what would not
exist, or a definition that is deleted while a group uses it, changes nothing.

  fields:
    - code: score
      name: Score
      type: number
  groups:
    - code: hot
      name: Hot
      condition:
        match: all
        groups:
          - match: all
            conditions:
              - type: field
                params: {field: score, op: at_least, value: 80}

A changed condition waits for its recalculation, unless --recalculate asks for
it. Editors know the form by docs/schema/definitions.json.`,
		Example: `  muster apply --export > project.yaml
  muster apply -f project.yaml --dry-run
  muster apply -f definitions/ --recalculate`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if export == (len(from) > 0) {
				return usageError{fmt.Errorf("expected either -f FILE or --export")}
			}
			c, err := m.connect(cmd)
			if err != nil {
				return err
			}
			current, err := definitions(cmd.Context(), c)
			if err != nil {
				return err
			}
			if export {
				current.WithoutBuiltIn()
				text, err := current.Print()
				fmt.Fprint(m.Stdout, text)
				return err
			}
			wanted, err := m.readDefinitions(from)
			if err != nil {
				return err
			}
			changes, err := definition.Plan(current, wanted, prune)
			m.printChanges(changes)
			if err != nil {
				return err
			}
			if dryRun || len(changes) == 0 {
				return nil
			}
			for i, change := range changes {
				if err := carryOut(cmd.Context(), c, change, recalculate); err != nil {
					return fmt.Errorf("%s %s (%d of %d changes made before): %w", change.Kind.Noun(), change.Code, i, len(changes), err)
				}
			}
			fmt.Fprintf(m.Stdout, "Made %s.\n", changesText(len(changes)))
			return nil
		},
	})
	cmd.Flags().StringArrayVarP(&from, "file", "f", nil, "YAML file, directory of them, or - for standard input; may be repeated")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show the difference and change nothing")
	cmd.Flags().BoolVar(&export, "export", false, "print what is defined, in the same form")
	cmd.Flags().BoolVar(&prune, "prune", false, "delete what the files do not mention, of the kinds they mention")
	cmd.Flags().BoolVar(&recalculate, "recalculate", false, "recalculate groups whose condition changes")
	return cmd
}

func changesText(n int) string {
	if n == 1 {
		return "1 change"
	}
	return fmt.Sprintf("%d changes", n)
}

func (m *Main) printChanges(changes []definition.Change) {
	out := m.ink(m.Stdout)
	for _, change := range changes {
		for i, line := range strings.Split(strings.TrimSuffix(change.Difference(), "\n"), "\n") {
			switch {
			case i == 0:
				line = out.bold(line)
			case strings.HasPrefix(line, "  + "):
				line = out.green(line)
			case strings.HasPrefix(line, "  - "):
				line = out.red(line)
			}
			fmt.Fprintln(m.Stdout, line)
		}
	}
	if len(changes) == 0 {
		fmt.Fprintln(m.Stdout, "Everything is as the files say.")
	}
}

// definitions answers what a server has.
func definitions(ctx context.Context, c *client.Client) (s definition.Set, err error) {
	if s.Fields, err = c.Fields().All(ctx); err != nil {
		return s, err
	}
	if s.ActivityTypes, err = c.ActivityTypes().All(ctx); err != nil {
		return s, err
	}
	if s.Consents, err = c.Consents().All(ctx); err != nil {
		return s, err
	}
	if s.Lists, err = c.Lists().All(ctx); err != nil {
		return s, err
	}
	if s.Channels, err = c.Channels().All(ctx); err != nil {
		return s, err
	}
	retention, err := c.Retention(ctx)
	if err != nil {
		return s, err
	}
	s.Retention = &definition.RetentionRules{Enabled: retention.Enabled, Hour: retention.Hour, AnonymousDays: retention.AnonymousDays, KnownDays: retention.KnownDays}
	settings, err := c.Settings(ctx)
	if err != nil {
		return s, err
	}
	s.Settings = &definition.ProjectSettings{TimeZone: &settings.TimeZone, HistoryDays: &settings.HistoryDays}
	groups, err := c.Groups(ctx, "")
	for _, g := range groups {
		defined := definition.Group{Code: g.Code, Name: g.Name, Description: g.Description, ScheduleRecalculation: g.ScheduleRecalculation, ShownToWebsites: g.ShownToWebsites}
		if g.TimeZone != nil {
			defined.TimeZone = *g.TimeZone
		}
		switch {
		case g.Pending != nil:
			defined.Condition = g.Pending.Condition
		case g.Active != nil:
			defined.Condition = g.Active.Condition
		}
		s.Groups = append(s.Groups, defined)
	}
	return s, err
}

// readDefinitions reads files, directories of .yaml and .yml files, and - for
// standard input, into one set.
func (m *Main) readDefinitions(from []string) (s definition.Set, err error) {
	for _, path := range from {
		if path == "-" {
			if err := s.Read("standard input", m.Stdin); err != nil {
				return s, err
			}
			continue
		}
		names := []string{path}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			if names, err = definitionFiles(path); err != nil {
				return s, err
			}
		}
		for _, name := range names {
			if err := readDefinitionFile(&s, name); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

func readDefinitionFile(s *definition.Set, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return joined(s.Read(name, f), f)
}

// joined closes after a use that is over; what went wrong first is said.
func joined(err error, c io.Closer) error {
	if closed := c.Close(); err == nil {
		err = closed
	}
	return err
}

func definitionFiles(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(path)) {
			names = append(names, path)
		}
		return err
	})
	if err == nil && len(names) == 0 {
		err = muster.Errorf(muster.CodeInvalid, "%s has no .yaml or .yml file", dir)
	}
	return names, err
}

// carryOut makes one change on the server.
func carryOut(ctx context.Context, c *client.Client, change definition.Change, recalculate bool) error {
	switch change.Kind {
	case definition.Settings:
		is := change.Value.(definition.ProjectSettings)
		_, err := c.SetSettings(ctx, client.SettingsInput{TimeZone: is.TimeZone, HistoryDays: is.HistoryDays})
		return err
	case definition.Fields:
		return carryOutAs(ctx, c.Fields(), change)
	case definition.ActivityTypes:
		return carryOutAs(ctx, c.ActivityTypes(), change)
	case definition.Retention:
		r := change.Value.(definition.RetentionRules)
		_, err := c.SetRetention(ctx, client.RetentionInput{Enabled: &r.Enabled, Hour: &r.Hour, AnonymousDays: &r.AnonymousDays, KnownDays: &r.KnownDays})
		return err
	case definition.Consents:
		return carryOutAs(ctx, c.Consents(), change)
	case definition.Lists:
		return carryOutAs(ctx, c.Lists(), change)
	case definition.Channels:
		return carryOutAs(ctx, c.Channels(), change)
	}
	if change.Value == nil {
		return c.DeleteGroup(ctx, change.Code)
	}
	g := change.Value.(definition.Group)
	in := client.GroupInput{
		Code: g.Code, Name: &g.Name, Description: &g.Description, Condition: &g.Condition, TimeZone: &g.TimeZone,
		ScheduleRecalculation: &g.ScheduleRecalculation, ShownToWebsites: &g.ShownToWebsites, Recalculate: recalculate,
	}
	if change.Was == "" {
		_, err := c.CreateGroup(ctx, in)
		return err
	}
	_, err := c.ChangeGroup(ctx, g.Code, in)
	return err
}

func carryOutAs[D any](ctx context.Context, d client.Definitions[D], change definition.Change) error {
	if change.Value == nil {
		return d.Delete(ctx, change.Code)
	}
	_, err := d.Put(ctx, change.Value.(D))
	return err
}
