package postgres

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-groups/muster"
)

func TestAttributesAreKeptWithEveryReading(t *testing.T) {
	text := func(s string) muster.Scalar { return muster.Scalar{Kind: muster.KindText, Text: s} }
	given := []muster.Attribute{
		{Name: "page", Value: text(`/A "b"\ü`)}, {Name: "page", Value: text("/again")}, {Name: "none"},
		{Name: "n<1>", Value: text(" +1.5")}, {Name: "is", Value: muster.Scalar{Kind: muster.KindBoolean, Text: "true"}},
		{Name: "on", Value: text("2026-03-01")}, {Name: "empty", Value: text("")}, {Name: "tab", Value: text("a\tb")},
	}
	written := writeAttributes(given)
	var got map[string]map[string]any
	if err := json.Unmarshal([]byte(written), &got); err != nil {
		t.Fatalf("%s: %v", written, err)
	}
	want := map[string]map[string]any{
		"page":  {"o": 0., "k": 1., "t": `/A "b"\ü`, "f": `/a "b"\ü`},
		"n<1>":  {"o": 3., "k": 1., "t": " +1.5", "f": "+1.5", "n": 1500000.},
		"is":    {"o": 4., "k": 3., "t": "true", "f": "true", "b": true},
		"on":    {"o": 5., "k": 1., "t": "2026-03-01", "f": "2026-03-01", "i": 1772323200.},
		"empty": {"o": 6., "k": 1., "t": ""},
		"tab":   {"o": 7., "k": 1., "t": "a\tb", "f": "a\tb"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	read, err := readAttributes([]byte(written))
	if err != nil {
		t.Fatal(err)
	}
	kept := append(append([]muster.Attribute{}, given[0]), given[3:]...)
	if diff := cmp.Diff(kept, read); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
}
