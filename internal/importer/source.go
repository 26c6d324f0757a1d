package importer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Options say how a file is written. The zero value finds out.
type Options struct {
	Format    string // "csv", "ndjson" or "" to look
	Encoding  string // one of Encodings, "" is UTF-8 unless a mark says otherwise
	Delimiter rune   // of CSV; 0 to look
}

// Cell is one value of a row, under the column's heading or the object's key.
type Cell struct {
	Name string
	Text string
	// Kind says how the file wrote it: 0 plain text, '0' a JSON number, 't' a JSON
	// boolean, '[' a list, whose members List holds.
	Kind byte
	List []string
}

// Row is one line of data.
type Row struct {
	Line  int // where it begins, from 1
	Cells []Cell
}

// RowError is a row that cannot be read; the next one can.
type RowError struct {
	Line   int
	Cells  []Cell // as far as they could be read
	Raw    string // the line, where there are no cells
	Reason string
}

// Error says the line and the reason.
func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Source yields the rows of a file.
type Source interface {
	// Next answers the next row. Its cells are valid until the next call. io.EOF
	// ends the file, a *RowError is one bad row, any other error is final.
	Next() (Row, error)
	// Header is the headings of a CSV file, nil for NDJSON.
	Header() []string
	// Describe says how the file is read: "CSV, semicolons".
	Describe() string
}

// Open begins to read a file. name is only looked at for its ending.
func Open(name string, r io.Reader, o Options) (Source, error) {
	text, err := decode(r, o.Encoding)
	if err != nil {
		return nil, err
	}
	format := o.Format
	if format == "" {
		format = guessFormat(name, text)
	}
	switch format {
	case "csv":
		return openCSV(text, o.Delimiter)
	case "ndjson":
		return &ndjsonSource{reader: text}, nil
	}
	return nil, fmt.Errorf("format %q is not known: expected csv or ndjson", format)
}

func guessFormat(name string, text *bufio.Reader) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv", ".txt":
		return "csv"
	case ".ndjson", ".jsonl":
		return "ndjson"
	}
	head, _ := text.Peek(512)
	if bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) {
		return "ndjson"
	}
	return "csv"
}
