package main

import (
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
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/importer"
)

// fileImport is the import of one file. Its rows are read, sent and confirmed
// at the same time, see importer.Feed. When the server goes away in between, it
// is waited for, and the file is gone on with at the first row that was not
// confirmed.
type fileImport struct {
	importOptions
	main    *Main
	path    string
	schema  importer.Schema
	rejects *rejectFile
	bar     bar

	// Of the present reading of the file.
	file    io.ReadCloser
	source  importer.Source
	mapping *importer.Mapping
	system  string // that wrote the file, "" when its headings do not tell
	feed    *importer.Feed

	mu      sync.Mutex
	summary client.LoadSummary
	ignored int // accepted, but for something that was left out
}

// serverPatience is how long a server that went away is waited for.
const serverPatience = 10 * time.Minute

// fileName is how a file is called in messages.
func fileName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

// importFile imports one file and reports whether every row was taken.
func (m *Main) importFile(ctx context.Context, c *client.Client, schema importer.Schema, o importOptions, path string) (bool, error) {
	f := &fileImport{importOptions: o, main: m, path: path, schema: schema}
	var size int64
	var err error
	if f.file, size, err = f.open(); err != nil {
		return false, err
	}
	defer func() { _ = f.file.Close() }() // it was only read
	f.bar = m.newBar(filepath.Base(fileName(path)), size, true)
	if err := f.begin(f.file); err != nil {
		return false, err
	}
	if f.source.Header() != nil {
		if err := f.checkColumns(); err != nil {
			return false, err
		}
		f.printColumns()
	}
	started := time.Now()
	if o.dryRun {
		err = f.rehearse()
	} else {
		err = f.send(ctx, c)
	}
	f.bar.done()
	err = errors.Join(err, f.rejects.close())
	if f.source.Header() == nil {
		f.printColumns()
		err = errors.Join(err, f.checkUnused())
	}
	f.printSummary(time.Since(started))
	return f.rejects.count() == 0, err
}

// open opens the file and answers its size, -1 when it is not known.
func (f *fileImport) open() (io.ReadCloser, int64, error) {
	if f.path == "-" {
		return io.NopCloser(f.main.Stdin), -1, nil
	}
	file, err := os.Open(f.path)
	if err != nil {
		return nil, 0, errors.Unwrap(err) // the caller names the file
	}
	size := int64(-1)
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	return file, size, nil
}

// begin begins to read the file, from its first line.
func (f *fileImport) begin(in io.Reader) (err error) {
	if f.source, err = importer.Open(f.path, io.TeeReader(in, f.bar), f.importOptions.source); err != nil {
		return err
	}
	if f.mapping, err = importer.NewMapping(f.kind, f.schema, f.mapped, f.constant); err != nil {
		return err
	}
	f.system = f.mapping.Recognise(f.source.Header())
	for _, name := range f.source.Header() {
		f.mapping.Resolve(name)
	}
	if f.rejects == nil {
		f.rejects = &rejectFile{path: f.importOptions.rejects, header: f.source.Header()}
		if f.rejects.path == "" && !f.dryRun {
			f.rejects.path = rejectPath(f.path, f.source.Header() != nil)
		}
	}
	f.feed = importer.NewFeed(f.source, importer.NewBuilder(f.mapping, f.reading), f.rejects.add)
	f.feed.From(f.fromLine)
	return nil
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

// send sends the records of all rows, and goes on when the server was away.
func (f *fileImport) send(ctx context.Context, c *client.Client) error {
	for {
		away, err := f.load(ctx, c)
		if err == nil {
			return nil
		}
		line := f.feed.Unsettled()
		if !away || f.path == "-" || !f.await(ctx, c, line) {
			return fmt.Errorf("the import broke off; every row before line %d was dealt with. Go on with --from-line %d, or import the whole file again: what was taken already changes nothing. The cause: %w", line, line, err)
		}
		if err := f.resume(); err != nil {
			return err
		}
	}
}

// load sends what is left of the file. away is whether it is for the server
// that it broke off.
func (f *fileImport) load(ctx context.Context, c *client.Client) (away bool, err error) {
	reader, writer := io.Pipe()
	done := make(chan struct{})
	var reading error
	go func() {
		defer close(done)
		reading = f.feed.Write(writer, nil)
		writer.CloseWithError(reading)
	}()
	var confirming error
	summary, err := c.Load(ctx, reader, client.LoadOptions{All: true, Results: func(r client.LineResult) error {
		confirming = f.confirm(r)
		return confirming
	}})
	reader.Close() // lets the writer end when the load ended early
	<-done
	switch {
	case confirming != nil:
		return false, confirming
	case reading != nil && !errors.Is(reading, io.ErrClosedPipe):
		return false, reading // the cause; the load only broke off
	case err == nil && !summary.Complete:
		return true, errors.New("the server ended the load early")
	}
	var refused *muster.Error
	busy := errors.As(err, &refused) && (refused.Code == muster.CodeUnavailable || refused.Code == muster.CodeOverloaded)
	return ctx.Err() == nil && (refused == nil || busy), err
}

// await waits for a server that went away, and reports whether it is back.
func (f *fileImport) await(ctx context.Context, c *client.Client, line int) bool {
	f.bar.done()
	fmt.Fprintf(f.main.Stderr, "The server went away at line %d of %s; the import goes on there when it is back.\n", line, fileName(f.path))
	ctx, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	again := time.NewTicker(time.Second)
	defer again.Stop()
	for {
		if ready, _, err := c.Ready(ctx); err == nil && ready {
			return true
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return false
		}
	}
}

// resume reads the file again, up to the first row that is not settled.
func (f *fileImport) resume() error {
	settled := f.feed.Counts()
	file, _, err := f.open()
	if err != nil {
		return err
	}
	err, f.file = f.file.Close(), file
	if err != nil {
		return err
	}
	f.bar.Reset()
	if err := f.begin(file); err != nil {
		return err
	}
	f.feed.Skip(settled, settled.Rows, nil)
	return nil
}

// confirm takes what the server says of the oldest row that waits for it.
func (f *fileImport) confirm(result client.LineResult) error {
	f.mu.Lock()
	reason := ""
	switch result.Status {
	case muster.Accepted:
		f.summary.Accepted++
	case muster.Duplicate:
		f.summary.Duplicate++
	case muster.Expired:
		f.summary.Expired++
	default:
		reason = refusal(result.Error)
	}
	if len(result.Ignored) > 0 {
		f.ignored++
	}
	f.mu.Unlock()
	return f.feed.Confirm(reason)
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

// rehearse reads everything and shows what the first row becomes.
func (f *fileImport) rehearse() error {
	var first []byte
	rows := 0
	var failed error
	err := f.feed.Write(io.Discard, func(_ importer.Row, r importer.Record) {
		if rows++; rows > 1 {
			failed = errors.Join(failed, f.feed.Confirm("")) // the one before
			return
		}
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		e.SetIndent("  ", "  ")
		if r.Contact != nil {
			failed = e.Encode(r.Contact)
		} else {
			failed = e.Encode(r.Activity)
		}
		first = out.Bytes()
	})
	if rows > 0 {
		failed = errors.Join(failed, f.feed.Confirm(""))
		fmt.Fprintf(f.main.Stdout, "\nThe first row becomes\n  %s", first)
	}
	return errors.Join(err, failed)
}
