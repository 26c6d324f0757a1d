package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/client"
)

func (m *Main) recalculateCommand() *cobra.Command {
	return withServer(&cobra.Command{
		Use: "recalculate GROUP", Short: "Recalculate a group, which makes a pending condition active", GroupID: "client", Args: exactArgs("GROUP"),
		Long: `Recalculate a group and wait for it. A pending condition becomes active. Until
the switch the old membership serves, and nothing that happens meanwhile is lost.

Ctrl-C ends the waiting, not the recalculation.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := m.connect(cmd)
			if err != nil {
				return err
			}
			return m.recalculate(cmd.Context(), c, args[0])
		},
	})
}

func (m *Main) recalculate(ctx context.Context, c *client.Client, code string) error {
	before, err := c.Group(ctx, code)
	if err != nil {
		return err
	}
	started := time.Now()
	watching, stop := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		if terminal(m.Stderr) {
			m.watchRecalculation(watching, c, code)
		}
	}()
	after, err := c.Recalculate(ctx, code, true)
	stop()
	<-watched
	if err != nil {
		if ctx.Err() != nil {
			fmt.Fprintln(m.Stderr, "No longer waiting; the recalculation goes on.")
		}
		return err
	}
	change := ""
	if d := int64(after.Members) - int64(before.Members); d != 0 {
		change = fmt.Sprintf(" (%+d)", d)
	}
	fmt.Fprintf(m.Stdout, "%s: %s%s, %s after %s\n", code, plural(after.Members, "member"), change, statusText(after), span(time.Since(started)))
	return nil
}

// watchRecalculation draws how far a recalculation is until the context ends.
func (m *Main) watchRecalculation(ctx context.Context, c *client.Client, code string) {
	b := m.newBar("Recalculating "+code, 1000, false)
	defer b.done()
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if g, err := c.Group(ctx, code); err == nil && g.Progress != nil {
			b.set(int64(g.Progress.Share * 1000))
		}
	}
}
