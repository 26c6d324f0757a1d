package importer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// Feed makes the lines of a bulk load of a file's rows, and takes what the load
// says of each line back to its row. Rows are kept until they are confirmed, so
// that a refused one can be written out as it came.
//
// Write and Confirm may run at the same time.
type Feed struct {
	source  Source
	builder *Builder
	reject  func(*RowError) error

	mu      sync.Mutex
	counts  FeedCounts
	pending []RowError // written and not confirmed, in order; Reason is empty
}

// FeedCounts is how far a feed is.
type FeedCounts struct {
	Rows     int // read, empty ones left out
	Empty    int
	Rejected int // unreadable or refused
}

// NewFeed makes a feed. reject is told of every row that was not taken, by one
// caller at a time; its argument is valid during the call only.
func NewFeed(source Source, builder *Builder, reject func(*RowError) error) *Feed {
	return &Feed{source: source, builder: builder, reject: reject}
}

// Counts answers how far the feed is.
func (f *Feed) Counts() FeedCounts {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts
}

// Write writes a line for every row that can be read, until the file ends. seen
// is told of each line; it may be nil.
func (f *Feed) Write(w io.Writer, seen func(Row, Record)) error {
	out := bufio.NewWriterSize(w, 64<<10)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		row, record, err := f.next()
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		var bad *RowError
		switch {
		case errors.As(err, &bad):
			err = f.refuse(bad)
		case err == nil:
			if seen != nil {
				seen(row, record)
			}
			f.await(row)
			err = encoder.Encode(record)
		}
		if err != nil {
			return err
		}
	}
}

// next answers the next row that is not empty.
func (f *Feed) next() (Row, Record, error) {
	for {
		row, err := f.source.Next()
		if err != nil {
			f.count(err)
			return row, Record{}, err
		}
		if isEmpty(row) {
			f.mu.Lock()
			f.counts.Empty++
			f.mu.Unlock()
			continue
		}
		f.count(nil)
		record, err := f.builder.Build(row)
		return row, record, err
	}
}

func (f *Feed) count(err error) {
	var bad *RowError
	if err == nil || errors.As(err, &bad) {
		f.mu.Lock()
		f.counts.Rows++
		f.mu.Unlock()
	}
}

func (f *Feed) await(row Row) {
	cells := slices.Clone(row.Cells)
	for i := range cells {
		cells[i].List = slices.Clone(cells[i].List)
	}
	f.mu.Lock()
	f.pending = append(f.pending, RowError{Line: row.Line, Cells: cells})
	f.mu.Unlock()
}

func (f *Feed) refuse(row *RowError) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts.Rejected++
	return f.reject(row)
}

// Confirm takes what became of the oldest line that was not confirmed: "" when
// it was taken, else the reason.
func (f *Feed) Confirm(reason string) error {
	f.mu.Lock()
	if len(f.pending) == 0 {
		f.mu.Unlock()
		return fmt.Errorf("a line was answered that was not written")
	}
	row := f.pending[0]
	f.pending = f.pending[1:]
	f.mu.Unlock()
	if reason == "" {
		return nil
	}
	row.Reason = reason
	return f.refuse(&row)
}

// isEmpty reports whether a row says nothing: spreadsheets write such rows at
// the end of a table.
func isEmpty(row Row) bool {
	return !slices.ContainsFunc(row.Cells, func(c Cell) bool { return len(c.List) > 0 || strings.TrimSpace(c.Text) != "" })
}
