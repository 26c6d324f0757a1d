package langdoc

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/lower"
	"github.com/muster-groups/muster/internal/plan"
)

// What the pages say of the clock is held against the plans of every plain
// condition of the corpus: a still one has the same plan at any two instants,
// a daily one within a day, one that always follows the clock has two plans.
func TestTheClockMovesEachTypeAsThePagesSay(t *testing.T) {
	start := muster.Instant(1_772_355_600) // 2026-03-01T09:00:00Z
	moved := map[string]bool{}
	seen := map[string]bool{}
	for leaf, schema := range corpusLeaves(t) {
		at := func(now muster.Instant) string {
			return plan.Key(lower.LowerLeaf(leaf, lower.EnvOf(schema, now, time.UTC)))
		}
		seen[leaf.Type] = true
		clock := behaviours()[leaf.Type].time
		for hours := muster.Instant(1); hours < 24*35; hours += 5 {
			differs := at(start) != at(start+hours*3600)
			moved[leaf.Type] = moved[leaf.Type] || differs
			switch sameDay := hours < 15; {
			case differs && (clock == still || clock == following):
				t.Fatalf("%s %+v: got another plan %d hours on, want none", leaf.Type, leaf.Args, hours)
			case differs && clock == daily && sameDay:
				t.Fatalf("%s %+v: got another plan on the same day, want it to change at midnight only", leaf.Type, leaf.Args)
			}
		}
	}
	for code, b := range behaviours() {
		switch {
		case !seen[code]:
			t.Errorf("%s: got no condition of the corpus, want some", code)
		case b.time != still && b.time != following && !moved[code]:
			t.Errorf("%s: got the same plans for 35 days, want the clock to move one", code)
		}
	}
}

// corpusLeaves answers the conditions of the corpus that stand on a line of
// their own, each with the schema of its script.
func corpusLeaves(t *testing.T) map[*catalog.Leaf]*muster.Schema {
	t.Helper()
	c := catalog.New()
	leaves := map[*catalog.Leaf]*muster.Schema{}
	corpus := os.DirFS(filepath.Join("..", "..", "test", "script", "testdata"))
	names, err := fs.Glob(corpus, "*/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %d scripts and error %v", len(names), err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(corpus, name)
		if err != nil {
			t.Fatal(err)
		}
		schema := schemaOf(string(text))
		for _, line := range strings.Split(string(text), "\n") {
			code, params, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "not "), " ")
			if _, known := behaviours()[code]; !known || params != "" && !json.Valid([]byte(params)) {
				continue
			}
			leaf := &muster.Leaf{Type: code, Params: json.RawMessage(params)}
			checked, err := c.Check(muster.Condition{Groups: []*muster.ConditionGroup{{Conditions: []muster.Node{leaf}}}}, schema)
			if err == nil { // scripts also show what is refused
				leaves[checked.Groups[0].Nodes[0].(*catalog.Leaf)] = schema
			}
		}
	}
	return leaves
}
