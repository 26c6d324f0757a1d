package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// csvSource reads CSV as RFC 4180 has it, with any delimiter, line breaks in
// quotes, and the "sep=;" line that spreadsheets write.
type csvSource struct {
	reader    *csv.Reader
	header    []string
	delimiter rune
	skipped   int // lines before the header that the reader has not seen
	cells     []Cell
}

func openCSV(text *bufio.Reader, delimiter rune) (Source, error) {
	s := &csvSource{}
	head, _ := text.Peek(64 << 10)
	if first, _, _ := bytes.Cut(head, []byte("\n")); len(bytes.TrimRight(first, "\r")) == 5 && bytes.HasPrefix(bytes.ToLower(first), []byte("sep=")) {
		if delimiter == 0 {
			delimiter = rune(first[4])
		}
		if _, err := text.ReadString('\n'); err != nil {
			return nil, fmt.Errorf("the file has no header line")
		}
		s.skipped = 1
		head, _ = text.Peek(64 << 10)
	}
	if delimiter == 0 {
		delimiter = guessDelimiter(head)
	}
	s.delimiter = delimiter
	s.reader = csv.NewReader(text)
	s.reader.Comma = delimiter
	s.reader.FieldsPerRecord = -1
	s.reader.ReuseRecord = true
	header, err := s.reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the file is empty: expected a header line")
	}
	if err != nil {
		return nil, fmt.Errorf("the header line cannot be read: %w", err)
	}
	for _, h := range header {
		if err := checkText(h); err != nil {
			return nil, fmt.Errorf("the header line: %w", err)
		}
		s.header = append(s.header, strings.Clone(strings.TrimSpace(h)))
	}
	return s, nil
}

// guessDelimiter counts the candidates outside quotes in the first line.
func guessDelimiter(head []byte) rune {
	counts := map[byte]int{}
	quoted := false
	for _, b := range head {
		if b == '"' {
			quoted = !quoted
		}
		if b == '\n' && !quoted {
			break
		}
		if !quoted {
			counts[b]++
		}
	}
	best := byte(',')
	for _, b := range []byte(";\t|") {
		if counts[b] > counts[best] {
			best = b
		}
	}
	return rune(best)
}

func (s *csvSource) Header() []string { return s.header }

func (s *csvSource) Describe() string {
	name, known := map[rune]string{',': "commas", ';': "semicolons", '\t': "tabs", '|': "bars"}[s.delimiter]
	if !known {
		name = fmt.Sprintf("%q", s.delimiter)
	}
	return "CSV, " + name
}

func (s *csvSource) Next() (Row, error) {
	record, err := s.reader.Read()
	if errors.Is(err, io.EOF) {
		return Row{}, io.EOF
	}
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return Row{}, &RowError{Line: parse.StartLine + s.skipped, Cells: s.row(record), Reason: parseReason(parse)}
	}
	if err != nil {
		return Row{}, err
	}
	line, _ := s.reader.FieldPos(0)
	row := Row{Line: line + s.skipped, Cells: s.row(record)}
	if len(record) != len(s.header) {
		return Row{}, &RowError{Line: row.Line, Cells: row.Cells, Reason: fmt.Sprintf("the row has %d values, the header has %d", len(record), len(s.header))}
	}
	for _, text := range record {
		if err := checkText(text); err != nil {
			return Row{}, &RowError{Line: row.Line, Cells: row.Cells, Reason: err.Error()}
		}
	}
	return row, nil
}

func (s *csvSource) row(record []string) []Cell {
	s.cells = s.cells[:0]
	for i, text := range record {
		name := ""
		if i < len(s.header) {
			name = s.header[i]
		}
		s.cells = append(s.cells, Cell{Name: name, Text: text})
	}
	return s.cells
}

func parseReason(e *csv.ParseError) string {
	if errors.Is(e.Err, csv.ErrBareQuote) {
		return fmt.Sprintf("a quotation mark stands inside a value without quotes (line %d, column %d); values with quotation marks are written \"like \"\"this\"\"\"", e.Line, e.Column)
	}
	return fmt.Sprintf("a quoted value is not closed properly (line %d, column %d)", e.Line, e.Column)
}
