package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/cmd/muster/bench"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
)

func (m *Main) benchCommand() *cobra.Command {
	o := bench.Options{Seed: 1}
	var jsonFile, database string
	cmd := &cobra.Command{
		Use: "bench", Short: "Measure this machine with a large generated data set", GroupID: "care", Args: cobra.NoArgs,
		Example: `  muster bench --contacts 100000 --activities 2000000
  muster bench --only recalculate,preview --reuse bench-data
  muster bench --database postgres://muster@db.example/muster
  muster bench --json figures.json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Open = func(ctx context.Context, dir string) (store.Store, error) { return openEmbedded(ctx, dir, nil, nil) }
			if database != "" {
				if err := config.CheckDatabase(database); err != nil {
					return usageError{fmt.Errorf("--database: %w", err)}
				}
				o.Open = benchDatabase(database, o.Dir != "")
				o.Aggregate = benchAggregate(database)
			}
			o.Handler = func(a *app.App) http.Handler { return m.handler(&instance{app: a}, nil, nil) }
			o.Progress = m.benchProgress()
			report, err := bench.Run(cmd.Context(), o)
			o.Progress("", -1)
			if len(report.Figures) > 0 {
				report.Write(m.Stdout)
			}
			if jsonFile != "" && err == nil {
				err = writeFile(jsonFile, report.JSON)
			}
			return err
		},
	}
	var about strings.Builder
	for _, n := range bench.Names() {
		fmt.Fprintf(&about, "\n  %-12s %s", n[0], n[1])
	}
	cmd.Long = `Load a generated data set into a temporary directory and measure what counts:
` + about.String() + `

The full size takes about 3 GB of memory, 3 GB of disk and some minutes.`
	f := cmd.Flags()
	f.IntVar(&o.Contacts, "contacts", 1_000_000, "how many contacts")
	f.IntVar(&o.Activities, "activities", 20_000_000, "how many activities")
	f.IntVar(&o.Groups, "groups", 100, "how many groups are live while changes are applied")
	f.Uint64Var(&o.Seed, "seed", o.Seed, "the same seed gives the same data")
	f.IntVar(&o.Rounds, "rounds", 9, "how often short measures are repeated")
	f.IntVar(&o.Seconds, "seconds", 20, "how long measures at a fixed rate last")
	f.StringSliceVar(&o.Only, "only", nil, "take only these measures")
	f.StringVar(&o.Dir, "reuse", "", "keep the data in this directory, or use what is there")
	f.StringVar(&database, "database", "", "measure on this PostgreSQL database, in schemas muster_bench_... that are made anew unless --reuse keeps them")
	f.StringVar(&jsonFile, "json", "", "write the figures to this file too")
	return cmd
}

// benchDatabase opens, for each directory that a measure names, a schema of a
// database; the first time it is made anew, unless what is there is kept.
func benchDatabase(database string, keep bool) func(context.Context, string) (store.Store, error) {
	opened := map[string]bool{}
	return func(ctx context.Context, dir string) (store.Store, error) {
		schema := benchSchema + filepath.Base(dir)
		u, err := benchURL(database, schema)
		if err != nil {
			return nil, err
		}
		if err := postgres.MakeSchema(ctx, database, schema, keep || opened[schema]); err != nil {
			return nil, err
		}
		opened[schema] = true
		if _, err := postgres.Migrate(ctx, u); err != nil {
			return nil, err
		}
		st, err := postgres.Open(ctx, u, postgres.Options{})
		if err != nil {
			return nil, err // and not a store that is nil inside
		}
		return st, nil
	}
}

const benchSchema = "muster_bench_"

// benchURL is a database's URL with a schema.
func benchURL(database, schema string) (string, error) {
	u, err := url.Parse(database)
	if err != nil {
		return "", err
	}
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// benchAggregate asks the database of the first directory, which is called data,
// what a recalculation of a count comes down to.
func benchAggregate(database string) func(context.Context, muster.Instant, muster.Instant, string) (uint64, error) {
	return func(ctx context.Context, from, to muster.Instant, page string) (uint64, error) {
		u, err := benchURL(database, benchSchema+"data")
		if err != nil {
			return 0, err
		}
		return postgres.Aggregate(ctx, u, from, to, page)
	}
}

// benchProgress shows one line that changes on a terminal, and one line for
// every step elsewhere.
func (m *Main) benchProgress() func(string, float64) {
	last, shown, live, started := "", time.Time{}, terminal(m.Stderr), time.Now()
	return func(what string, share float64) {
		switch {
		case live && what == "":
			fmt.Fprint(m.Stderr, "\r\x1b[K")
		case live && (what != last || time.Since(shown) > 100*time.Millisecond):
			percent := ""
			if share >= 0 {
				percent = fmt.Sprintf(" %3.0f %%", share*100)
			}
			fmt.Fprintf(m.Stderr, "\r\x1b[K%4.0f s  %s%s", time.Since(started).Seconds(), what, percent)
			shown = time.Now()
		case !live && what != "" && what != last:
			fmt.Fprintf(m.Stderr, "%4.0f s  %s\n", time.Since(started).Seconds(), what)
		}
		last = what
	}
}

// writeFile writes a file as a whole.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}
