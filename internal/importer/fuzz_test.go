package importer_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/muster-groups/muster/internal/importer"
)

// fuzz reads anything and checks that every row is accounted for: the file
// ends, lines rise, and what is rejected says why.
func fuzz(f *testing.F, format string, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		source, err := importer.Open("", strings.NewReader(text), importer.Options{Format: format})
		if err != nil {
			return
		}
		m, err := importer.NewMapping(importer.Contacts, schema(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		b := importer.NewBuilder(m, importer.Reading{})
		rejects := importer.NewRejects(io.Discard, source.Header())
		line := 0
		for n := 0; ; n++ {
			if n > len(text)+1 {
				t.Fatalf("%q: more rows than bytes", text)
			}
			row, err := source.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			at := row.Line
			if err == nil {
				_, err = b.Build(row)
			}
			var bad *importer.RowError
			if err != nil && !errors.As(err, &bad) {
				return // the reader itself failed
			}
			if bad != nil {
				if at = bad.Line; bad.Reason == "" {
					t.Errorf("%q, line %d: rejected without a reason", text, bad.Line)
				}
				if err := rejects.Add(bad); err != nil {
					t.Errorf("%q, line %d: %v", text, bad.Line, err)
				}
			}
			if at <= line {
				t.Errorf("%q: a row of line %d came after one of line %d", text, at, line)
			}
			line = at
		}
	})
}

func FuzzCSV(f *testing.F) {
	fuzz(f, "csv", "email,city\na@b,Graz\n", "sep=;\nemail;city\n\"a\"\"\n\";x\n", "\ufeffemail\n\"", "a\n\n\nb\n", "email\r\na@b\r\n")
}

func FuzzNDJSON(f *testing.F) {
	fuzz(f, "ndjson", `{"email":"a@b","fields":{"city":"x"}}`+"\n{}\n", `{"a":[1,"b",null,true]}`, "{\n", `{"email":{"email":{"email":{}}}}`)
}
