package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/muster-groups/muster/internal/importer"
)

// rejectFile is the file of rows that were not taken. It is made for the first
// of them and never replaces one that is there. Without a path the first rows
// are kept to be shown.
type rejectFile struct {
	header []string

	mu    sync.Mutex
	path  string
	file  *os.File
	rows  *importer.Rejects
	n     int
	shown []string
}

// mostShown is how many rejected rows are shown where there is no file.
const mostShown = 20

// rejectPath is where the rejects of a file go.
func rejectPath(path string, csv bool) string {
	ending := ".ndjson"
	if csv {
		ending = ".csv"
	}
	if path == "-" {
		return "stdin.rejects" + ending
	}
	// What is rejected again does not become customers.rejects.rejects.csv.
	base := strings.TrimSuffix(path, filepath.Ext(path))
	return strings.TrimSuffix(base, ".rejects") + ".rejects" + ending
}

func (r *rejectFile) add(row *importer.RowError) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	if r.path == "" {
		if len(r.shown) < mostShown {
			r.shown = append(r.shown, row.Error())
		}
		return nil
	}
	if r.rows == nil {
		if err := r.create(); err != nil {
			return fmt.Errorf("rows were rejected and cannot be written down: %w", err)
		}
		r.rows = importer.NewRejects(r.file, r.header)
	}
	return r.rows.Add(row)
}

// create makes the file under a name that is free: earlier rejects may not
// have been put right yet.
func (r *rejectFile) create() (err error) {
	ending := filepath.Ext(r.path)
	base := strings.TrimSuffix(r.path, ending)
	for n := 2; ; n++ {
		r.file, err = os.OpenFile(r.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		r.path = fmt.Sprintf("%s-%d%s", base, n, ending)
	}
}

func (r *rejectFile) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

func (r *rejectFile) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rows == nil {
		return nil
	}
	return errors.Join(r.rows.Flush(), r.file.Close())
}

// printColumns shows what each column becomes.
func (f *fileImport) printColumns() {
	out := f.main.ink(f.main.Stdout)
	from := f.source.Describe()
	if f.system != "" {
		from += ", from " + f.system
	}
	fmt.Fprintf(f.main.Stdout, "%s (%s)\n", out.bold(fileName(f.path)), from)
	t := table{header: []string{"  Column", "Becomes", ""}}
	unknown := false
	for _, c := range f.mapping.Columns() {
		how, becomes := c.How, c.Target.String()
		switch {
		case how == "":
			unknown, becomes, how = true, "-", "not recognised"
		case how == "left out":
			becomes = "-"
		}
		t.add("  "+c.Name, becomes, how)
	}
	t.paint = func(column int, cell string) string {
		if column == 2 && cell == "not recognised" {
			return out.yellow(cell)
		}
		return cell
	}
	t.write(f.main.Stdout, out)
	if unknown {
		fmt.Fprintln(f.main.Stdout, `Columns that are not recognised are not imported; --map "HEADING=TARGET" says what they become.`)
	}
}

// printSummary says what became of the rows.
func (f *fileImport) printSummary(took time.Duration) {
	w, out, rejected := f.main.Stdout, f.main.ink(f.main.Stdout), f.rejects.count()
	rows, s := f.feed.Counts().Rows, f.summary
	fmt.Fprintln(w)
	if f.dryRun {
		fmt.Fprintf(w, "Read %s in %s; nothing was sent. %s can be read, %s cannot.\n", plural(rows, "row"), span(took), count(rows-rejected), count(rejected))
	} else {
		fmt.Fprintf(w, "Read %s in %s\n", plural(rows, "row"), span(took))
		for _, line := range []struct {
			n    int
			what string
		}{
			{s.Accepted, "accepted"}, {s.Duplicate, "there already"},
			{s.Expired, "older than their activity type is kept; not stored"}, {rejected, "rejected"}, {f.feed.Empty(), "empty, passed over"},
		} {
			if line.n > 0 {
				fmt.Fprintf(w, "%9s  %s\n", count(line.n), line.what)
			}
		}
		if f.ignored > 0 {
			fmt.Fprintf(w, "Of %s an identifier was left out: another contact owns it, or the key may not change it.\n", plural(f.ignored, "accepted row"))
		}
	}
	for _, line := range f.rejects.shown {
		fmt.Fprintf(w, "  %s\n", line)
	}
	if more := rejected - len(f.rejects.shown); f.dryRun && more > 0 {
		fmt.Fprintf(w, "  ... and %s more\n", count(more))
	}
	if rejected > 0 && f.rejects.path != "" {
		fmt.Fprintf(w, "%s %s with the reasons: put them right and import that file.\n", out.yellow("Rejected rows are in"), f.rejects.path)
	}
}
