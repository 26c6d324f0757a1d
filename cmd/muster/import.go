package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/importer"
)

// importOptions are the flags of an import.
type importOptions struct {
	kind     importer.Kind
	source   importer.Options
	reading  importer.Reading
	mapped   []string // HEADING=TARGET
	constant []string // TARGET=VALUE
	rejects  string
	dryRun   bool
	fromLine int

	delimiter, zone string
}

func (m *Main) importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "import", Short: "Import contacts or activities from CSV or NDJSON files", GroupID: "client",
		Long: `Import contacts or activities from CSV or NDJSON files, as other systems export
them. Columns are recognised by their headings and mapped with --map where they
are not; delimiters, quotes and byte order marks are found out. Rows that are
not taken go to a file of their own, with the reason, to be put right and
imported again. Importing a file twice changes nothing the second time.

When the server goes away in between, the import waits for it and goes on.`,
	}
	cmd.AddCommand(m.importKindCommand(importer.Contacts), m.importKindCommand(importer.Activities))
	return cmd
}

func (m *Main) importKindCommand(kind importer.Kind) *cobra.Command {
	o := importOptions{kind: kind}
	cmd := withServer(&cobra.Command{
		Use: string(kind) + " FILE...", Short: "Import " + string(kind),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("expected a FILE, or - for standard input: %s", cmd.UseLine())}
			}
			return nil
		},
		Example: map[importer.Kind]string{
			importer.Contacts: `  muster import contacts customers.csv --dry-run
  muster import contacts export.csv --map "Kunde=external_id" --map "Newsletter=lists.newsletter" --map "Note=-"
  psql -c "\copy (SELECT ...) TO STDOUT CSV HEADER" | muster import contacts -`,
			importer.Activities: `  muster import activities orders.csv --set type=purchase --map "Order date=occurred_at" --map "Total=attributes.amount"
  muster import activities events.ndjson`,
		}[kind],
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(args); err != nil {
				return usageError{err}
			}
			c, err := m.connect(cmd)
			if err != nil {
				return err
			}
			schema, err := readSchema(cmd.Context(), c)
			if err != nil {
				return err
			}
			incomplete := false
			for _, path := range args {
				done, err := m.importFile(cmd.Context(), c, schema, o, path)
				if err != nil {
					return fmt.Errorf("%s: %w", fileName(path), err)
				}
				incomplete = incomplete || !done
			}
			if incomplete {
				return errQuiet
			}
			return nil
		},
	})
	f := cmd.Flags()
	f.StringArrayVar(&o.mapped, "map", nil, `what a column becomes, "HEADING=TARGET"; "-" leaves it out (see below)`)
	f.StringArrayVar(&o.constant, "set", nil, `a value for every row that has none, "TARGET=VALUE"`)
	f.BoolVar(&o.dryRun, "dry-run", false, "read and show, send nothing")
	f.IntVar(&o.fromLine, "from-line", 0, "pass over the rows before this line, to go on with an import that broke off")
	f.StringVar(&o.rejects, "rejects", "", "where rows go that are not taken (default: beside the file)")
	f.StringVar(&o.source.Format, "format", "", "csv or ndjson (default: found out)")
	f.StringVar(&o.source.Encoding, "encoding", "", importer.Encodings+" (default: utf-8, or as a mark says)")
	f.StringVar(&o.delimiter, "delimiter", "", `what separates the values of CSV, "tab" for tabs (default: found out)`)
	f.StringVar(&o.reading.Dates, "dates", "", "how dates like 3/4/2026 are written: dmy, mdy; unix or unixms for numbers")
	f.StringVar(&o.zone, "time-zone", "", "where times without an offset were written (default: UTC)")
	f.BoolVar(&o.reading.DecimalComma, "decimal-comma", false, "numbers are written like 1.234,50")
	cmd.Long = "Import " + string(kind) + ` from CSV or NDJSON files; see muster import --help.

Targets: ` + map[importer.Kind]string{
		importer.Contacts: `email, external_id, visitor_id, a field's code, consents.CODE,
consents.CODE.at, consents.CODE.version, lists.CODE, lists.CODE.at, all_mail,
created_at, and - for a column that is left out.`,
		importer.Activities: `email, external_id, visitor_id, contact.id, type, occurred_at, channel,
value, id, attributes.NAME, and - for a column that is left out.`,
	}[kind]
	return cmd
}

// check judges what the flags say by themselves.
func (o *importOptions) check(paths []string) error {
	if f := o.source.Format; f != "" && f != "csv" && f != "ndjson" {
		return fmt.Errorf("--format: expected csv or ndjson, found %q", f)
	}
	if err := importer.CheckDates(o.reading.Dates); err != nil {
		return fmt.Errorf("--%w", err)
	}
	if strings.EqualFold(o.delimiter, "tab") || o.delimiter == `\t` {
		o.delimiter = "\t"
	}
	if o.delimiter != "" {
		r, size := utf8.DecodeRuneInString(o.delimiter)
		if size != len(o.delimiter) || r == '"' || r == '\n' || r == '\r' || r == utf8.RuneError {
			return fmt.Errorf(`--delimiter: expected one character, or "tab"`)
		}
		o.source.Delimiter = r
	}
	if o.zone != "" {
		zone, err := time.LoadLocation(o.zone)
		if err != nil {
			return fmt.Errorf("--time-zone: expected an IANA time zone such as Europe/Vienna, found %q", o.zone)
		}
		o.reading.Zone = zone
	}
	if o.rejects != "" && len(paths) > 1 {
		return errors.New("--rejects names one file, but there are several to import: leave it out, each gets its own")
	}
	return nil
}

// readSchema asks the server what columns can become.
func readSchema(ctx context.Context, c *client.Client) (s importer.Schema, err error) {
	if s.Fields, err = c.Fields().All(ctx); err != nil {
		return s, err
	}
	if s.ActivityTypes, err = c.ActivityTypes().All(ctx); err != nil {
		return s, err
	}
	if s.Consents, err = c.Consents().All(ctx); err != nil {
		return s, err
	}
	s.Lists, err = c.Lists().All(ctx)
	return s, err
}
