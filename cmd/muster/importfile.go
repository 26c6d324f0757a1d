package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/importer"
)

// fileImport is the import of one file. Rows are read, sent and confirmed at
// the same time; a row is kept until the server has confirmed it, so that what
// is rejected can be written out as it came.
type fileImport struct {
	importOptions
	main    *Main
	path    string
	source  importer.Source
	mapping *importer.Mapping
	system  string // that wrote the file, "" when its headings do not tell
	builder *importer.Builder
	rejects *rejectFile
	bar     bar

	read  atomic.Int64 // rows, empty ones left out
	empty atomic.Int64

	mu      sync.Mutex
	pending []importer.RowError // sent and not confirmed, in order; Reason is empty
	ignored int                 // accepted, but for something that was left out
}

// fileName is how a file is called in messages.
func fileName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

// importFile imports one file and reports whether every row was taken.
func (m *Main) importFile(ctx context.Context, c *client.Client, schema importer.Schema, o importOptions, path string) (bool, error) {
	in, size := m.Stdin, int64(-1)
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return false, errors.Unwrap(err) // the caller names the file
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			size = info.Size()
		}
		in = file
	}
	f := &fileImport{importOptions: o, main: m, path: path, bar: m.newBar(filepath.Base(fileName(path)), size, true)}
	var err error
	if f.source, err = importer.Open(path, io.TeeReader(in, f.bar), o.source); err != nil {
		return false, err
	}
	if f.mapping, err = importer.NewMapping(o.kind, schema, o.mapped, o.constant); err != nil {
		return false, err
	}
	f.builder = importer.NewBuilder(f.mapping, o.reading)
	f.system = f.mapping.Recognise(f.source.Header())
	if header := f.source.Header(); header != nil {
		for _, name := range header {
			f.mapping.Resolve(name)
		}
		if err := f.checkColumns(); err != nil {
			return false, err
		}
		f.printColumns()
	}
	f.rejects = &rejectFile{path: o.rejects, header: f.source.Header()}
	if f.rejects.path == "" && !o.dryRun {
		f.rejects.path = rejectPath(path, f.source.Header() != nil)
	}
	started := time.Now()
	var summary client.LoadSummary
	if o.dryRun {
		err = f.rehearse()
	} else {
		summary, err = f.send(ctx, c)
	}
	f.bar.done()
	err = errors.Join(err, f.rejects.close())
	if f.source.Header() == nil {
		f.printColumns()
		err = errors.Join(err, f.checkUnused())
	}
	f.printSummary(summary, time.Since(started))
	return f.rejects.count() == 0, err
}

func (f *fileImport) checkColumns() error {
	err := f.checkUnused()
	if err == nil {
		err = f.mapping.Check()
	}
	if err != nil {
		return fmt.Errorf("%w\nThe columns are: %s", err, strings.Join(f.source.Header(), ", "))
	}
	return nil
}

func (f *fileImport) checkUnused() error {
	if unused := f.mapping.Unused(); len(unused) > 0 {
		slices.Sort(unused)
		return fmt.Errorf("--map names %q, but there is no such column", unused[0])
	}
	return nil
}

// send sends the records of all rows.
func (f *fileImport) send(ctx context.Context, c *client.Client) (client.LoadSummary, error) {
	reader, writer := io.Pipe()
	done := make(chan struct{})
	var reading error
	go func() {
		defer close(done)
		reading = f.writeRecords(writer)
		writer.CloseWithError(reading)
	}()
	summary, err := c.Load(ctx, reader, client.LoadOptions{All: true, Results: f.confirm})
	reader.Close() // lets the writer end when the load ended early
	<-done
	if reading != nil && !errors.Is(reading, io.ErrClosedPipe) {
		err = reading // the cause; the load only broke off
	}
	if err == nil && !summary.Complete {
		err = errors.New("the server ended the load early")
	}
	if err != nil {
		err = f.brokenOff(err)
	}
	return summary, err
}

// brokenOff says which rows are not known to have been taken.
func (f *fileImport) brokenOff(cause error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.pending) == 0 {
		return cause
	}
	return fmt.Errorf("the import broke off; rows from line %d on may be missing. Import the file again: what was taken already changes nothing. The cause: %w", f.pending[0].Line, cause)
}

func (f *fileImport) writeRecords(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	err := f.records(func(row importer.Row, r importer.Record) error {
		f.mu.Lock()
		f.pending = append(f.pending, importer.RowError{Line: row.Line, Cells: cloneCells(row.Cells)})
		f.mu.Unlock()
		return encoder.Encode(r)
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// records reads the file: rows that cannot be read go to the rejects.
func (f *fileImport) records(use func(importer.Row, importer.Record) error) error {
	for {
		row, err := f.source.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var bad *importer.RowError
		var record importer.Record
		if err == nil && isEmpty(row) {
			f.empty.Add(1)
			continue
		}
		if err == nil {
			record, err = f.builder.Build(row)
		}
		switch {
		case errors.As(err, &bad):
			f.read.Add(1)
			err = f.rejects.add(bad)
		case err == nil:
			f.read.Add(1)
			err = use(row, record)
		}
		if err != nil {
			return err
		}
	}
}

// isEmpty reports whether a row says nothing: spreadsheets write such rows at
// the end of a table.
func isEmpty(row importer.Row) bool {
	return !slices.ContainsFunc(row.Cells, func(c importer.Cell) bool { return len(c.List) > 0 || strings.TrimSpace(c.Text) != "" })
}

// confirm takes what the server says of the oldest row that waits for it.
func (f *fileImport) confirm(result client.LineResult) error {
	f.mu.Lock()
	if len(f.pending) == 0 {
		f.mu.Unlock()
		return fmt.Errorf("the server answered line %d, which was not sent", result.Line)
	}
	row := f.pending[0]
	f.pending = f.pending[1:]
	if len(result.Ignored) > 0 {
		f.ignored++
	}
	f.mu.Unlock()
	if result.Status != muster.Rejected {
		return nil
	}
	row.Reason = refusal(result.Error)
	return f.rejects.add(&row)
}

// refusal is why the server did not take a row, in one line.
func refusal(e *client.ItemError) string {
	if e == nil {
		return "refused without a reason"
	}
	if len(e.Errors) == 0 {
		return e.Message
	}
	var parts []string
	for _, p := range e.Errors {
		// What was sent is a record around the row's own names.
		where := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(p.Location, "/contact"), "/activity"), "/")
		if where = strings.ReplaceAll(where, "/", "."); where != "" {
			where += ": "
		}
		parts = append(parts, where+p.Message)
	}
	return strings.Join(parts, "; ")
}

func cloneCells(cells []importer.Cell) []importer.Cell {
	out := slices.Clone(cells)
	for i := range out {
		out[i].List = slices.Clone(out[i].List)
	}
	return out
}

// rehearse reads everything and shows what the first row becomes.
func (f *fileImport) rehearse() error {
	var first []byte
	err := f.records(func(_ importer.Row, r importer.Record) error {
		if first != nil {
			return nil
		}
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		e.SetIndent("  ", "  ")
		var err error
		if r.Contact != nil {
			err = e.Encode(r.Contact)
		} else {
			err = e.Encode(r.Activity)
		}
		first = out.Bytes()
		return err
	})
	if first != nil {
		fmt.Fprintf(f.main.Stdout, "\nThe first row becomes\n  %s", first)
	}
	return err
}
