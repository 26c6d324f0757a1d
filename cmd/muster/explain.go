package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/client"
)

func (m *Main) explainCommand() *cobra.Command {
	var pending, asJSON bool
	cmd := withServer(&cobra.Command{
		Use: "explain GROUP CONTACT", Short: "Explain why a contact is, or is not, in a group", GroupID: "client", Args: exactArgs("GROUP", "CONTACT"),
		Long: `Explain why a contact is, or is not, in a group: every condition with its truth,
the facts it rests on, and when time alone will change it. The contact is named
by id, external id or email.`,
		Example: `  muster explain hot-leads anna@example.com`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := m.connect(cmd)
			if err != nil {
				return err
			}
			if asJSON {
				return m.printAnswer(cmd.Context(), c, fmt.Sprintf("/groups/%s/explain/%s?pending=%t", url.PathEscape(args[0]), url.PathEscape(args[1]), pending))
			}
			e, err := c.Explain(cmd.Context(), args[0], args[1], pending)
			if err != nil {
				return err
			}
			m.printExplanation(args[1], e, pending)
			return nil
		},
	})
	cmd.Flags().BoolVar(&pending, "pending", false, "explain the pending condition instead of the active one")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (m *Main) printExplanation(contact string, e client.Explanation, pending bool) {
	out := m.ink(m.Stdout)
	verdict := "is not in " + e.Group
	switch {
	case pending && e.Matches:
		verdict = "would be in " + e.Group
	case pending:
		verdict = "would not be in " + e.Group
	case e.Member:
		verdict = "is in " + e.Group + " since " + moment(e.Since)
	}
	fmt.Fprintf(m.Stdout, "%s %s.\n", out.bold(contact), verdict)
	if e.ChangesAt != nil {
		fmt.Fprintf(m.Stdout, "If nothing happens, that changes on %s.\n", moment(e.ChangesAt))
	}
	fmt.Fprintln(m.Stdout)
	m.printNode(out, &e.ExplainedNode, "")
}

// printNode prints a node and what is below it.
func (m *Main) printNode(out ink, n *client.ExplainedNode, indent string) {
	for len(n.Of) == 1 && !n.Not {
		n = n.Of[0] // one of one combines nothing
	}
	mark := out.red("✗")
	if n.Matches {
		mark = out.green("✓")
	}
	text := n.Sentence
	if len(n.Of) > 0 {
		text = out.dim(combination(n))
	}
	until := ""
	if n.ChangesAt != nil && len(n.Of) == 0 {
		until = out.dim(" - until " + moment(n.ChangesAt))
	}
	fmt.Fprintf(m.Stdout, "%s%s %s%s\n", indent, mark, text, until)
	for i := range n.Evidence {
		for _, line := range evidenceLines(&n.Evidence[i]) {
			fmt.Fprintf(m.Stdout, "%s    %s\n", indent, out.dim(line))
		}
	}
	if len(n.Of) == 0 {
		for _, need := range n.Needs {
			fmt.Fprintf(m.Stdout, "%s    %s\n", indent, "missing: "+need.Text)
		}
	}
	for _, child := range n.Of {
		m.printNode(out, child, indent+"  ")
	}
}

// combination says how the nodes below a node combine.
func combination(n *client.ExplainedNode) string {
	switch {
	case n.Match == "any" && n.Not:
		return "none of these"
	case n.Match == "any":
		return "any of these"
	case n.Not:
		return "not all of these"
	}
	return "all of these"
}

// evidenceLines prints a fact on which a condition rests.
func evidenceLines(e *client.Evidence) []string {
	switch e.Kind {
	case "activities":
		lines := []string{activitiesText(e)}
		for _, a := range e.Activities {
			lines = append(lines, "  "+activityText(a))
		}
		return lines
	case "consent", "list", "all_mail":
		text := strings.TrimSpace(strings.ReplaceAll(e.Kind, "_", " ")+" "+e.Code) + ": " + e.State
		if e.State == "" {
			text += "no decision"
		}
		if e.At != nil {
			text += " on " + moment(e.At)
		}
		return []string{text}
	case "group":
		if e.Member != nil && *e.Member {
			return []string{"is in " + e.Code}
		}
		return []string{"is not in " + e.Code}
	}
	name := e.Code
	if name == "" {
		name = e.Kind
	}
	value := jsonText(e.Value)
	if value == "" {
		value = "no value"
	}
	return []string{name + ": " + value}
}

func activitiesText(e *client.Evidence) string {
	if e.Matched == nil {
		return "activities"
	}
	text := plural(*e.Matched, "matching activity")
	switch {
	case e.AtLeast != nil && e.AtMost != nil:
		text += fmt.Sprintf(", asked for %d to %d", *e.AtLeast, *e.AtMost)
	case e.AtLeast != nil:
		text += fmt.Sprintf(", asked for at least %d", *e.AtLeast)
	case e.AtMost != nil:
		text += fmt.Sprintf(", asked for at most %d", *e.AtMost)
	}
	return text
}

func activityText(a client.Activity) string {
	text := moment(&a.OccurredAt) + "  " + a.Type
	for _, name := range slices.Sorted(maps.Keys(a.Attributes)) {
		text += " " + name + "=" + jsonText(a.Attributes[name])
	}
	if a.Channel != nil && *a.Channel != "" {
		text += " (" + *a.Channel + ")"
	}
	return text
}

// jsonText prints a JSON value for people: texts without quotes.
func jsonText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}
