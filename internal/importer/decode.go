package importer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encodings are the names that Options.Encoding accepts.
const Encodings = "utf-8, utf-16, latin-1, windows-1252"

// decode answers the text of r as UTF-8 without a byte order mark. A mark
// decides by itself; name, when not empty, says the encoding of text without.
func decode(r io.Reader, name string) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(3)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err := b.Discard(3)
		return b, err
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return transcode(b, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)), nil
	}
	switch strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(name)) {
	case "", "utf-8", "utf8":
		return b, nil
	case "utf-16", "utf16", "utf-16le":
		return transcode(b, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)), nil
	case "latin-1", "latin1", "iso-8859-1", "windows-1252", "cp1252", "ansi":
		// What is called Latin-1 nearly always is Windows-1252, its superset in print.
		return transcode(b, charmap.Windows1252), nil
	}
	return nil, fmt.Errorf("encoding %q is not known: expected one of %s", name, Encodings)
}

func transcode(r io.Reader, from encoding.Encoding) *bufio.Reader {
	return bufio.NewReaderSize(transform.NewReader(r, from.NewDecoder()), 64<<10)
}

// checkText reports text that is not UTF-8 with the likely remedy, and the
// character that no store keeps.
func checkText(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("the text %q is not UTF-8; if the file comes from a spreadsheet, try the encoding windows-1252", clip(s))
	}
	if strings.IndexByte(s, 0) >= 0 {
		return fmt.Errorf("the text %q contains the character U+0000", clip(s))
	}
	return nil
}

// clip shortens a text for a message.
func clip(s string) string {
	const longest = 60
	if len(s) <= longest {
		return s
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}
