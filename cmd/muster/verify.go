package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/app"
)

func (m *Main) verifyCommand() *cobra.Command {
	var sample int
	cmd := withServer(&cobra.Command{
		Use: "verify", Short: "Recompute membership naively and compare; status 1 on any difference", GroupID: "care", Args: cobra.NoArgs,
		Long: `Recompute, with an independent evaluator that has no index and no cleverness, who
should be in which group, and compare with who is. A difference is a bug.

Asks a running server; with --data or --database it examines the data of a stopped one.`,
		Example: `  muster verify --sample 10000
  muster verify --data /var/lib/muster`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if sample < 0 {
				return usageError{fmt.Errorf("--sample: expected how many contacts to examine, or 0 for all")}
			}
			found, err := m.verify(cmd, sample)
			if err != nil {
				return err
			}
			return m.printVerification(found)
		},
	})
	withPlace(cmd)
	cmd.Flags().IntVar(&sample, "sample", 0, "examine only this many contacts, chosen at random; 0 is all")
	return cmd
}

func (m *Main) verify(cmd *cobra.Command, sample int) (found client.Verification, err error) {
	if !placed(cmd) {
		c, err := m.connect(cmd)
		if err != nil {
			return found, err
		}
		return c.Verify(cmd.Context(), sample)
	}
	s, err := m.settings(cmd)
	if err != nil {
		return found, err
	}
	err = m.quietly(cmd.Context(), s, func(a *app.App) error {
		var shown bar
		v, err := a.VerifyWatched(cmd.Context(), sample, func(examined, of int) {
			if shown.ProgressBar == nil {
				shown = m.newBar("Examining contacts", int64(of), false)
			}
			shown.set(int64(examined))
		})
		if shown.ProgressBar != nil {
			shown.done()
		}
		found = shownVerification(v)
		return err
	})
	return found, err
}

func shownVerification(v app.Verification) client.Verification {
	found := client.Verification{Contacts: v.Contacts, Groups: v.Groups, AsOf: v.AsOf, Wrong: v.Wrong}
	for _, d := range v.Differences {
		found.Differences = append(found.Differences, client.Difference(d))
	}
	return found
}

func (m *Main) printVerification(v client.Verification) error {
	out := m.ink(m.Stdout)
	examined := fmt.Sprintf("%s in %s, as of %s", plural(v.Contacts, "contact"), plural(v.Groups, "group"), v.AsOf)
	if v.Wrong == 0 {
		fmt.Fprintf(m.Stdout, "%s every membership is right: %s\n", out.green("✓"), examined)
		return nil
	}
	fmt.Fprintf(m.Stdout, "%s %s wrong: %s. This is a bug, please report it.\n\n", out.red("✗"), plural(v.Wrong, "membership"), examined)
	member := map[bool]string{true: "member", false: "no member"}
	t := table{header: []string{"Group", "Contact", "Stored", "Expected"}}
	for _, d := range v.Differences {
		t.add(d.Group, d.ContactID.String(), member[d.Stored], member[d.Expected])
	}
	t.write(m.Stdout, out)
	if more := v.Wrong - len(v.Differences); more > 0 {
		fmt.Fprintf(m.Stdout, "... and %s more\n", count(more))
	}
	return errQuiet
}
