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
// that a refused one can be written out as it came. Rejects come in the order
// of the file: a row that cannot be read waits for those before it.
//
// A feed can go on where another one of the same file stopped, see Skip.
//
// Write and Confirm may run at the same time.
type Feed struct {
	source  Source
	builder *Builder
	reject  func(*RowError) error

	from    int            // the line before which nothing is looked at
	skip    int            // rows that were dealt with before
	told    int            // of them, those whose rejects have been told
	refused map[int]string // why, of those that have not, by the row's number

	mu      sync.Mutex
	counts  FeedCounts
	empty   int
	last    int       // the line of the last row that was settled
	pending []waiting // read and not settled, in order
}

// waiting is a row that is not settled.
type waiting struct {
	row    RowError // Reason is empty when it was written
	number int
}

// FeedCounts is how far a feed is: what is settled, in rows.
type FeedCounts struct {
	Rows     int // empty ones left out
	Rejected int // unreadable or refused
}

// Settled is what becomes of some of the oldest lines.
type Settled struct {
	Counts FeedCounts
	// Refused says why rows were not taken, by their number from 0. Those that
	// cannot be read are not among them: the file tells again.
	Refused map[int]string
}

// NewFeed makes a feed. reject is told of every row that was not taken, by one
// caller at a time; its argument is valid during the call only.
func NewFeed(source Source, builder *Builder, reject func(*RowError) error) *Feed {
	return &Feed{source: source, builder: builder, reject: reject}
}

// Skip passes over the first rows, which an earlier feed has settled: they are
// read and counted, and not written. Of the last of them, those after told, the
// rejects are told again: unreadable rows, and those refused by their number.
func (f *Feed) Skip(settled FeedCounts, told int, refused map[int]string) {
	f.skip, f.told, f.refused, f.counts = settled.Rows, told, refused, settled
}

// From passes over rows that begin before a line, as if they were not there.
func (f *Feed) From(line int) { f.from = line }

// Counts answers how far the feed is.
func (f *Feed) Counts() FeedCounts {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts
}

// Mark runs fn while no row is rejected, and answers how far the feed is then.
func (f *Feed) Mark(fn func() error) (FeedCounts, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts, fn()
}

// Empty answers how many empty rows were passed over.
func (f *Feed) Empty() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.empty
}

// Unsettled answers a line before which every row is settled.
func (f *Feed) Unsettled() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.pending) > 0 {
		return f.pending[0].row.Line
	}
	return max(f.last+1, f.from)
}

// Write writes a line for every row that can be read, until the file ends. seen
// is told of each line; it may be nil.
func (f *Feed) Write(w io.Writer, seen func(Row, Record)) error {
	out := bufio.NewWriterSize(w, 64<<10)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for number := 0; ; number++ {
		row, record, err := f.next()
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		var bad *RowError
		unreadable := errors.As(err, &bad)
		if err != nil && !unreadable {
			return err
		}
		switch {
		case !unreadable && row.Line < f.from, unreadable && bad.Line < f.from:
			number--
			continue
		case number < f.skip:
			err = f.pass(number, row, bad)
		case unreadable:
			err = f.await(number, *bad)
		default:
			if seen != nil {
				seen(row, record)
			}
			if err = f.await(number, RowError{Line: row.Line, Cells: row.Cells}); err == nil {
				err = encoder.Encode(record)
			}
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
			return row, Record{}, err
		}
		if !isEmpty(row) {
			record, err := f.builder.Build(row)
			return row, record, err
		}
		f.mu.Lock()
		f.empty++
		f.mu.Unlock()
	}
}

// pass deals with a row that was settled before.
func (f *Feed) pass(number int, row Row, bad *RowError) error {
	if number < f.told {
		return nil
	}
	if reason := f.refused[number]; bad == nil && reason != "" {
		bad = &RowError{Line: row.Line, Cells: row.Cells, Reason: reason}
	}
	if bad == nil {
		return nil
	}
	return f.reject(bad) // it is counted already
}

// await keeps a row until it is settled. One that cannot be read is settled as
// soon as those before it are.
func (f *Feed) await(number int, row RowError) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if row.Reason != "" && len(f.pending) == 0 {
		return f.settle(row)
	}
	row.Cells = slices.Clone(row.Cells)
	for i := range row.Cells {
		row.Cells[i].List = slices.Clone(row.Cells[i].List)
	}
	f.pending = append(f.pending, waiting{row, number})
	return nil
}

// settle counts a row and tells of a rejected one. The caller holds f.mu.
func (f *Feed) settle(row RowError) error {
	f.counts.Rows++
	f.last = row.Line
	if row.Reason == "" {
		return nil
	}
	f.counts.Rejected++
	return f.reject(&row)
}

// Foresee answers what confirming the oldest lines with these reasons will come
// to, and changes nothing.
func (f *Feed) Foresee(reasons []string) Settled {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := Settled{Counts: f.counts}
	for _, w := range f.pending {
		if w.row.Reason != "" {
			s.Counts.Rows++
			s.Counts.Rejected++
			continue
		}
		if len(reasons) == 0 {
			break
		}
		s.Counts.Rows++
		if reasons[0] != "" {
			s.Counts.Rejected++
			if s.Refused == nil {
				s.Refused = map[int]string{}
			}
			s.Refused[w.number] = reasons[0]
		}
		reasons = reasons[1:]
	}
	return s
}

// Confirm takes what became of the oldest line that was not confirmed: "" when
// it was taken, else the reason.
func (f *Feed) Confirm(reason string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.pending) == 0 {
		return fmt.Errorf("a line was answered that was not written")
	}
	row := f.pending[0].row
	row.Reason = reason
	f.pending = f.pending[1:]
	err := f.settle(row)
	for err == nil && len(f.pending) > 0 && f.pending[0].row.Reason != "" {
		row, f.pending = f.pending[0].row, f.pending[1:]
		err = f.settle(row)
	}
	return err
}

// isEmpty reports whether a row says nothing: spreadsheets write such rows at
// the end of a table.
func isEmpty(row Row) bool {
	return !slices.ContainsFunc(row.Cells, func(c Cell) bool { return len(c.List) > 0 || strings.TrimSpace(c.Text) != "" })
}
