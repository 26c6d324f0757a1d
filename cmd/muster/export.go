package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster"
)

func (m *Main) exportCommand() *cobra.Command {
	var format, output, at string
	cmd := withServer(&cobra.Command{
		Use: "export GROUP", Short: "Export the members of a group", GroupID: "client", Args: exactArgs("GROUP"),
		Example: `  muster export hot-leads > hot-leads.csv
  muster export hot-leads --format ndjson --at 2026-01-01T00:00:00Z --output january.ndjson`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "csv" && format != "ndjson" {
				return usageError{fmt.Errorf("the format %q is not known: expected csv or ndjson", format)}
			}
			var instant muster.Instant
			var err error
			if at != "" {
				if instant, err = muster.ParseInstant(at); err != nil {
					return usageError{fmt.Errorf("--at: %w", err)}
				}
			}
			c, err := m.connect(cmd)
			if err != nil {
				return err
			}
			stream, err := c.Export(cmd.Context(), args[0], format, instant)
			if err != nil {
				return err
			}
			defer stream.Close()
			if output == "" || output == "-" {
				if _, err = io.Copy(m.Stdout, stream); err != nil {
					return fmt.Errorf("the export is not complete: %w", err)
				}
				return nil
			}
			return m.exportTo(output, stream)
		},
	})
	f := cmd.Flags()
	f.StringVar(&format, "format", "csv", "csv or ndjson")
	f.StringVarP(&output, "output", "o", "", "write to this file instead of standard output")
	f.StringVar(&at, "at", "", "who was a member at this instant, such as 2026-01-31T12:00:00Z")
	return cmd
}

// exportTo writes a file under another name first, so that what has the name
// is complete.
func (m *Main) exportTo(path string, stream io.Reader) error {
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // after the renaming there is nothing left to remove
	b := m.newBar("Exporting", -1, true)
	n, err := io.Copy(io.MultiWriter(part, b), stream)
	b.done()
	err = errors.Join(err, part.Chmod(0o644), part.Close())
	if err != nil {
		return fmt.Errorf("the export is not complete: %w", err)
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return err
	}
	fmt.Fprintf(m.Stderr, "Wrote %s bytes to %s\n", count(n), path)
	return nil
}
