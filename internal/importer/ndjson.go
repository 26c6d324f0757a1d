package importer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ndjsonSource reads one JSON object per line. Objects within are flattened:
// {"fields": {"city": "Linz"}} is the cell fields.city.
type ndjsonSource struct {
	reader *bufio.Reader
	line   int
	buffer []byte
	cells  []Cell
}

// longestLine bounds what one bad line can make the importer remember.
const longestLine = 4 << 20

func (s *ndjsonSource) Header() []string { return nil }
func (s *ndjsonSource) Describe() string { return "NDJSON" }

func (s *ndjsonSource) Next() (Row, error) {
	for {
		data, tooLong, err := s.readLine()
		if err != nil {
			return Row{}, err
		}
		if tooLong {
			return Row{}, &RowError{Line: s.line, Reason: fmt.Sprintf("the line is longer than %d MB", longestLine>>20)}
		}
		data = bytes.TrimSpace(data)
		if len(data) == 0 {
			continue
		}
		if err := s.parse(data); err != nil {
			return Row{}, &RowError{Line: s.line, Raw: strings.ToValidUTF8(string(data), "\uFFFD"), Reason: err.Error()}
		}
		return Row{Line: s.line, Cells: s.cells}, nil
	}
}

// readLine reads one line, without the rest of one that is too long.
func (s *ndjsonSource) readLine() (line []byte, tooLong bool, err error) {
	s.buffer = s.buffer[:0]
	for {
		part, err := s.reader.ReadSlice('\n')
		if len(s.buffer)+len(part) <= longestLine {
			s.buffer = append(s.buffer, part...)
		} else {
			tooLong = true
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(s.buffer) == 0 && !tooLong:
			return nil, false, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, false, err
		}
		s.line++
		return s.buffer, tooLong, nil
	}
}

func (s *ndjsonSource) parse(data []byte) error {
	if err := checkText(string(data)); err != nil {
		return fmt.Errorf("the line is not UTF-8")
	}
	if !json.Valid(data) || data[0] != '{' {
		return fmt.Errorf("expected one JSON object")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	s.cells = s.cells[:0]
	if _, err := decoder.Token(); err != nil {
		return err
	}
	return s.object(decoder, "", 0)
}

func (s *ndjsonSource) object(decoder *json.Decoder, prefix string, depth int) error {
	if depth > 8 {
		return fmt.Errorf("objects are nested too deeply at %q", prefix)
	}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		name := prefix + token.(string)
		if token, err = decoder.Token(); err != nil {
			return err
		}
		switch t := token.(type) {
		case json.Delim:
			if t == '{' {
				err = s.object(decoder, name+".", depth+1)
			} else {
				err = s.list(decoder, name)
			}
			if err != nil {
				return err
			}
		case nil:
			// null says nothing, as an empty cell does.
		default:
			text, kind := scalarText(t)
			if strings.IndexByte(text, 0) >= 0 {
				return fmt.Errorf("%s contains the character U+0000", name)
			}
			s.cells = append(s.cells, Cell{Name: name, Text: text, Kind: kind})
		}
	}
	_, err := decoder.Token()
	return err
}

func (s *ndjsonSource) list(decoder *json.Decoder, name string) error {
	cell := Cell{Name: name, Kind: '[', List: []string{}}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		if _, nested := token.(json.Delim); nested {
			return fmt.Errorf("%s is a list of objects or lists; expected a list of single values", name)
		}
		text, _ := scalarText(token)
		cell.List = append(cell.List, text)
	}
	cell.Text = strings.Join(cell.List, "; ")
	s.cells = append(s.cells, cell)
	_, err := decoder.Token()
	return err
}

func scalarText(token json.Token) (string, byte) {
	switch t := token.(type) {
	case string:
		return t, 0
	case json.Number:
		return t.String(), '0'
	case bool:
		return fmt.Sprint(t), 't'
	}
	return "", 0
}
