// Package bench measures Muster on a large generated data set, in one process
// on a real directory: how fast it loads, recalculates, previews, applies
// changes with many groups live, answers lookups, moves the clock and starts,
// and what it costs in memory. Each measure says what it did, so that a figure
// in a document can be repeated by its command.
//
// It must not know which store it measures: whoever runs it opens the store and
// makes the HTTP handler.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/sample"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/folder"
)

// Options say what to measure and how large.
type Options struct {
	Contacts, Activities, Groups int
	Seed                         uint64
	// Rounds is how often a short measure is repeated; its median counts.
	Rounds int
	// Seconds is how long each measure at a fixed rate lasts.
	Seconds int
	// Only names the measures to take; empty takes all.
	Only []string
	// Dir keeps the data between runs; "" takes a temporary directory.
	Dir string

	// Open opens the store of a directory.
	Open func(ctx context.Context, dir string) (store.Store, error)
	// Aggregate asks the database itself who acted at least three times between two
	// instants, on a page unless that is "", and answers how many; nil where there is
	// none to ask.
	Aggregate func(ctx context.Context, from, to muster.Instant, page string) (found uint64, err error)
	// Handler makes the HTTP interface of an application.
	Handler func(*app.App) http.Handler
	// Progress is told what goes on, one line each time; share is below 0
	// where it cannot be known.
	Progress func(what string, share float64)
}

// Figure is one measured number.
type Figure struct {
	Measure string  `json:"measure"`
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Note    string  `json:"note,omitempty"`
}

// Report is what a run found, with where it ran.
type Report struct {
	Contacts   int      `json:"contacts"`
	Activities int      `json:"activities"`
	Groups     int      `json:"groups"`
	Seed       uint64   `json:"seed"`
	Go         string   `json:"go"`
	System     string   `json:"system"`
	Processor  string   `json:"processor"`
	Cores      int      `json:"cores"`
	Figures    []Figure `json:"figures"`
}

// measure is one thing that can be measured.
type measure struct {
	name  string
	about string
	run   func(*bench, context.Context) error
}

// alone names the measures that make data of their own.
var alone = []string{"history", "import"}

// measures in the order in which they run; later ones build on the groups that
// earlier ones leave, and say so by calling for them.
var measures = []measure{
	{"load", "loading contacts and activities, durably", (*bench).measureLoad},
	{"memory", "memory for each contact and activity", (*bench).measureMemory},
	{"recalculate", "computing a condition over all contacts", (*bench).measureRecalculate},
	{"preview", "counting a new condition of five parts", (*bench).measurePreview},
	{"apply", "changes with all groups live, in process", (*bench).measureApply},
	{"nodes", "the same through one and two nodes of one database", (*bench).measureNodes},
	{"changes", "changes with all groups live, POST /changes", (*bench).measureChanges},
	{"single", "one activity at a time over HTTP, 200 a second", (*bench).measureSingle},
	{"collect", "messages of tracking SDKs, one event each, 5,000 a second", (*bench).measureCollect},
	{"lookup", "groups of a contact, POST /contacts/lookup", (*bench).measureLookup},
	{"tick", "one tick in which 100,000 activities leave windows", (*bench).measureTick},
	{"minute", "ticks in each of which 1,000 activities leave windows", (*bench).measureMinute},
	{"scheduled", "the daily recalculation of a group", (*bench).measureScheduled},
	{"unrelated", "changes with 1,000 more groups on other pages", (*bench).measureUnrelated},
	{"midnight", "1,000 calendar groups at local midnight, beside single activities", (*bench).measureMidnight},
	{"start", "closing and opening again", (*bench).measureStart},
	{"import", "a file of all contacts over HTTP, all groups live, in a store of its own", (*bench).measureImport},
	{"history", "a month of change records of 1,000 groups, in a store of its own", (*bench).measureHistory},
}

// Names answers the names of all measures, with what they measure.
func Names() [][2]string {
	var names [][2]string
	for _, m := range measures {
		names = append(names, [2]string{m.name, m.about})
	}
	return names
}

// bench is one run.
type bench struct {
	Options
	report Report
	load   *sample.Load
	dir    string
	clock  *app.ManualClock
	store  store.Store
	roster *roster.Roster
	app    *app.App
	stream uint64 // of traffic, so that no batch repeats, nor one of an earlier run on the same data
}

// Run measures. The figures so far are answered also beside an error.
func Run(ctx context.Context, o Options) (Report, error) {
	b := &bench{Options: o}
	b.report = Report{
		Contacts: o.Contacts, Activities: o.Activities, Groups: o.Groups, Seed: o.Seed,
		Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, Processor: processor(), Cores: runtime.GOMAXPROCS(0),
	}
	for _, name := range o.Only {
		if !slices.ContainsFunc(measures, func(m measure) bool { return m.name == name }) {
			return b.report, fmt.Errorf("there is no measure %q", name)
		}
	}
	if b.Progress == nil {
		b.Progress = func(string, float64) {}
	}
	b.load = sample.NewLoad(o.Seed, o.Contacts, o.Activities, end())
	err := b.prepare()
	if err == nil {
		err = b.all(ctx)
	}
	return b.report, err
}

// end is when the generated year ends. It is fixed, so that equal seeds give
// equal data.
func end() muster.Instant {
	return muster.InstantOf(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC))
}

func (b *bench) all(ctx context.Context) (err error) {
	if b.Dir == "" {
		defer os.RemoveAll(b.dir)
	}
	defer func() {
		if closing := b.close(); err == nil {
			err = closing
		}
	}()
	if b.needsData() {
		if err := b.fill(ctx); err != nil {
			return err
		}
	}
	for _, m := range measures {
		if len(b.Only) > 0 && !slices.Contains(b.Only, m.name) {
			continue
		}
		b.Progress(m.about, -1)
		if err := m.run(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

// needsData reports whether a measure is taken on the generated data.
func (b *bench) needsData() bool {
	return len(b.Only) == 0 || slices.ContainsFunc(b.Only, func(name string) bool { return !slices.Contains(alone, name) })
}

func (b *bench) prepare() (err error) {
	b.dir = b.Dir
	if b.dir == "" {
		b.dir, err = os.MkdirTemp("", "muster-bench-")
		return err
	}
	return os.MkdirAll(b.dir, 0o755)
}

// open opens the store and everything above it.
func (b *bench) open(ctx context.Context) (err error) {
	if b.store, err = b.Open(ctx, filepath.Join(b.dir, "data")); err != nil {
		return err
	}
	now := b.load.End
	err = b.store.View(ctx, func(v store.View) error {
		now = max(now, v.Tick())
		return nil
	})
	if err != nil {
		return err
	}
	if stats, err := b.store.Stats(ctx); err != nil {
		return err
	} else if b.stream == 0 {
		b.stream = uint64(stats.Activities)
	}
	b.clock = app.NewManualClock(now)
	if b.roster, err = roster.Open(ctx, b.store, roster.Options{Clock: b.clock, Manual: true, Minute: b.soon}); err != nil {
		return err
	}
	files, ok := b.store.(store.Files)
	if !ok {
		if files, err = folder.Open(filepath.Join(b.dir, "imports")); err != nil {
			return err
		}
	}
	b.app, err = app.New(ctx, app.Config{Roster: b.roster, Files: files, Manual: b.clock, AdminKey: adminKey, Version: "bench"})
	return err
}

// adminKey opens the benchmark's own loopback server, which nobody else can reach in time.
const adminKey = "benchmark-on-loopback-only"

func (b *bench) close() error {
	if b.app != nil {
		b.app.Close()
		b.app = nil
	}
	if b.roster != nil {
		if err := b.roster.Close(); err != nil {
			return err
		}
		b.roster = nil
	}
	if b.store == nil {
		return nil
	}
	err := b.store.Close()
	b.store = nil
	return err
}

// found notes a figure.
func (b *bench) found(measure, name string, value float64, unit, note string, args ...any) {
	b.report.Figures = append(b.report.Figures, Figure{measure, name, value, unit, fmt.Sprintf(note, args...)})
}

// Write prints the report as a table.
func (r Report) Write(w io.Writer) {
	fmt.Fprintf(w, "%s contacts, %s activities, %d groups; %s, %d cores, %s, %s\n\n",
		grouped(float64(r.Contacts)), grouped(float64(r.Activities)), r.Groups, r.Processor, r.Cores, r.System, r.Go)
	wide := 0
	for _, f := range r.Figures {
		wide = max(wide, len([]rune(f.Name)))
	}
	last := ""
	for _, f := range r.Figures {
		if f.Measure != last {
			if last != "" {
				fmt.Fprintln(w)
			}
			i := slices.IndexFunc(measures, func(m measure) bool { return m.name == f.Measure })
			fmt.Fprintf(w, "%s - %s\n", f.Measure, measures[i].about)
			last = f.Measure
		}
		line := fmt.Sprintf("  %-*s %12s %-6s  %s", wide, f.Name, format(f.Value), f.Unit, f.Note)
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// JSON writes the report for programs.
func (r Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// soon is the minute of the day in which a group that is made now runs daily: a
// day of the clock would take the tick longer than the run.
func (b *bench) soon(int, int) int {
	now := b.clock.Now().Time().In(time.Local)
	return (now.Hour()*60 + now.Minute() + 2) % (24 * 60)
}
