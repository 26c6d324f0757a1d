package definition_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/definition"
)

var rewrite = flag.Bool("rewrite", false, "write the schema instead of comparing it")

func TestTheSchemaForEditorsIsFresh(t *testing.T) {
	want, err := definition.Schema()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "docs", "schema", "definitions.json")
	if *rewrite {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("docs/schema/definitions.json (error %v) is stale; go generate ./internal/definition writes it", err)
	}
}

func read(t *testing.T, text string) definition.Set {
	t.Helper()
	var s definition.Set
	if err := s.Read("test", strings.NewReader(text)); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

const project = `
fields: [{code: score, name: "On: off", type: number}, {code: exact, name: "007", type: text}]
lists: [{code: news, name: News}]
groups:
  - code: a
    name: A
    condition: {groups: [{conditions: [{type: in-groups, params: {groups: [b]}}]}]}
  - code: b
    name: "null"
    description: "two\nlines # no comment\n"
    condition: {groups: [{match: any, conditions: [{type: field, params: {field: score, op: equal, value: 1234567890123.000001}}, {type: field, not: true, params: {field: exact, op: is, value: "1e3"}}]}]}
`

func TestWhatIsPrintedReadsBackTheSame(t *testing.T) {
	set := read(t, project)
	printed, err := set.Print()
	if err != nil {
		t.Fatal(err)
	}
	again := read(t, printed)
	if twice, err := again.Print(); err != nil || twice != printed {
		t.Errorf("printed:\n%s\nread and printed again (error %v):\n%s\nwant the same", printed, err, twice)
	}
	if changes, err := definition.Plan(set, again, true); err != nil || len(changes) > 0 {
		t.Errorf("%s: got changes %v and error %v, want none", printed, changes, err)
	}
	if !strings.Contains(printed, "1234567890123.000001") {
		t.Errorf("got %s, want the digits of the number as they were written", printed)
	}
}

func TestChangesAreMadeInAnOrderThatServersAccept(t *testing.T) {
	var empty definition.Set
	forward, err := definition.Plan(empty, read(t, project), false)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := verbs(forward), "+exact +score +news +b +a"; got != want {
		t.Errorf("got %s, want %s: what is referred to comes first", got, want)
	}
	rest := read(t, "fields: [{code: other, name: O, type: text}]\nlists: [{code: x, name: X}]\ngroups: [{code: c, name: C, condition: {groups: []}}]")
	back, err := definition.Plan(read(t, project), rest, true)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := verbs(back), "+other +x +c -a -b -news -score -exact"; got != want {
		t.Errorf("got %s, want %s: what refers goes first", got, want)
	}
}

func verbs(changes []definition.Change) string {
	var words []string
	for _, c := range changes {
		sign := "+"
		if c.Is == "" {
			sign = "-"
		}
		words = append(words, sign+c.Code)
	}
	return strings.Join(words, " ")
}

func TestWhatIsInUseIsNotDeleted(t *testing.T) {
	for _, tt := range []struct{ name, wanted, place string }{
		{"a field", "fields: [{code: other, name: O, type: text}]", "/groups/b/condition/groups/0/conditions/0/params/field"},
		{"a field's type", "fields: [{code: score, name: S, type: text}]", "/groups/b/condition/groups/0/conditions/0/params/op"},
		{"a group", "groups: [{code: a, name: A, condition: {groups: [{conditions: [{type: in-groups, params: {groups: [b]}}]}]}}]", "/groups/a/condition/groups/0/conditions/0/params/groups/0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := definition.Plan(read(t, project), read(t, tt.wanted), true)
			e, ok := err.(*muster.Error)
			if !ok || e.Code != muster.CodeInvalid || len(e.Problems) == 0 || e.Problems[0].Location != tt.place {
				t.Errorf("%s: got %v, want a problem at %s", tt.wanted, err, tt.place)
			}
		})
	}
}

func TestTextsAreReadStrictly(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"feilds: []", `the key "feilds" is not known here`},
		{"fields: {code: a}", "expected a list under fields"},
		{"- a", "expected keys such as fields and groups"},
		{"fields: [{name: A, type: text}]", "the field has no code"},
		{"fields: [{code: a, name: 3, type: text}]", "field a: "},
		{"fields: [{code: a, name: A, type: text, built_in: true}]", `the key "built_in" cannot be defined`},
		{"lists: [{code: a, name: &x A}, {code: b, name: *x}]", "expected plain values, no aliases"},
		{"groups: [{code: a, name: A, condition: {groups: [{conditions: [{typ: x}]}]}}]", "group a: "},
		{"lists: [{code: a", "test: line 1: "},
	} {
		var s definition.Set
		err := s.Read("test", strings.NewReader(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %q in it", tt.text, err, tt.want)
		}
	}
}
