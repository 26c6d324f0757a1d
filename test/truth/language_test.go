package truth_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/test/scratch"
)

// node is a node of a condition document.
type node map[string]any

func leaf(conditionType string, params map[string]any) node {
	return node{"type": conditionType, "params": params}
}

func group(match string, nodes ...node) node {
	return node{"match": match, "conditions": nodes}
}

func negated(n node) node {
	if n == nil {
		return nil
	}
	return node{"match": "all", "conditions": []node{n}, "not": true}
}

func compare(field, op string, value any) node {
	return leaf("field", map[string]any{"field": field, "op": op, "value": value})
}

// equal is equality in both languages; null is a missing value.
func equal(field string, value any) node {
	switch v := value.(type) {
	case nil:
		return leaf("field-empty", map[string]any{"field": field})
	case float64:
		return compare(field, "equal", v)
	case bool:
		return leaf("field", map[string]any{"field": field, "op": map[bool]string{true: "is_true", false: "is_false"}[v]})
	}
	if field == "tags" {
		return leaf("field", map[string]any{"field": field, "op": "any_of", "values": []any{value}})
	}
	return compare(field, "is", value)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// records is every combination of the values: the rows of the truth tables.
// Texts are lower case, because ours are compared folded and theirs exactly.
func records() []record {
	var rows []record
	for _, n := range []any{nil, -1.0, 0.0, 1.5, 5.0} {
		for _, s := range []any{nil, "red", "dark red", "red cup"} {
			for _, b := range []any{nil, true, false} {
				for _, tags := range []any{nil, []any{"a"}, []any{"a", "b"}} {
					row := record{}
					for name, value := range map[string]any{"n": n, "s": s, "b": b, "tags": tags} {
						if value != nil {
							row[name] = value
						}
					}
					rows = append(rows, row)
				}
			}
		}
	}
	return rows
}

// table is the records as contacts on the embedded store.
type table struct {
	roster  *roster.Roster
	rows    []record
	numbers []muster.ContactNo
}

func newTable(t *testing.T) *table {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	st, err := embedded.Open(ctx, scratch.Dir(t), embedded.Options{})
	must(err)
	r, err := roster.Open(ctx, st, roster.Options{Clock: roster.ClockFunc(func() muster.Instant { return 1_772_355_600 }), Manual: true, ServerZone: time.UTC})
	must(err)
	t.Cleanup(func() { r.Close(); st.Close() })
	for code, kind := range map[string]muster.FieldType{"n": muster.NumberField, "s": muster.TextField, "b": muster.BooleanField, "tags": muster.ChoicesField} {
		must(r.PutField(ctx, muster.Field{Code: code, Name: code, Type: kind}))
	}
	out := &table{roster: r, rows: records()}
	batch := muster.Batch{Authority: muster.Edit}
	for i, row := range out.rows {
		fields := map[string]muster.Value{}
		for code, value := range row {
			raw, err := json.Marshal(value)
			must(err)
			fields[code], err = r.State().Schema.Fields[code].ParseJSON(raw)
			must(err)
		}
		batch.Items = append(batch.Items, muster.Item{Contact: &muster.ContactChange{Who: muster.Identifiers{ExternalID: fmt.Sprint(i)}, Fields: fields}})
	}
	result, err := r.Apply(ctx, batch)
	must(err)
	must(st.View(ctx, func(v store.View) error {
		for _, item := range result.Items {
			no, err := v.ByID(item.Contact)
			if err != nil {
				return err
			}
			out.numbers = append(out.numbers, no)
		}
		return nil
	}))
	return out
}

// judge evaluates a node over all rows and sets it against the other language.
func (tb *table) judge(rule any, n node, want func(record) bool) error {
	document, err := json.Marshal(node{"match": "all", "groups": []node{group("all", n)}})
	if err != nil {
		return err
	}
	limits := muster.DefaultConditionLimits()
	limits.Nesting = 40 // a converter nests more than people do
	condition, err := limits.Parse(document)
	if err != nil {
		return fmt.Errorf("%s: %w", document, err)
	}
	checked, err := catalog.New().Check(condition, tb.roster.State().Schema)
	if err != nil {
		return fmt.Errorf("%s: %w", document, err)
	}
	return tb.roster.Store().View(context.Background(), func(v store.View) error {
		sets, err := v.Match([]store.Query{{Node: tb.roster.Lower(checked, nil, v.Tick()), Of: v.Contacts()}})
		if err != nil {
			return err
		}
		for i, row := range tb.rows {
			if got := sets[0].Contains(uint32(tb.numbers[i])); got != want(row) {
				written, _ := json.Marshal(rule)
				return fmt.Errorf("%s as %s on %v: got %v, want %v", written, document, row, got, !got)
			}
		}
		return nil
	})
}

func TestMongoFiltersMeanTheSame(t *testing.T) {
	tb := newTable(t)
	rapid.Check(t, func(rt *rapid.T) {
		filter := drawMongo(rt, 3)
		n, err := fromMongo(filter)
		if err == nil {
			err = tb.judge(filter, n, func(r record) bool { return mongo(filter, r) })
		}
		if err != nil {
			rt.Fatal(err)
		}
	})
}

func drawMongo(rt *rapid.T, depth int) map[string]any {
	if depth > 0 && rapid.IntRange(0, 2).Draw(rt, "nested") == 0 {
		var parts []any
		for range rapid.IntRange(1, 3).Draw(rt, "parts") {
			parts = append(parts, drawMongo(rt, depth-1))
		}
		return map[string]any{rapid.SampledFrom([]string{"$and", "$or", "$nor"}).Draw(rt, "word"): parts}
	}
	field, values, more := drawField(rt)
	one := func() any { return rapid.SampledFrom(values).Draw(rt, "value") }
	ops := append([]string{"", "$eq", "$ne", "$in", "$nin", "$exists", "$not"}, more...)
	switch op := rapid.SampledFrom(ops).Draw(rt, "op"); op {
	case "":
		return map[string]any{field: one()}
	case "$in", "$nin", "$all":
		return map[string]any{field: map[string]any{op: []any{one(), one()}}}
	case "$exists":
		return map[string]any{field: map[string]any{op: rapid.Bool().Draw(rt, "exists")}}
	case "$not":
		return map[string]any{field: map[string]any{op: map[string]any{"$eq": one()}}}
	case "$regex":
		return map[string]any{field: map[string]any{op: rapid.SampledFrom([]string{"red", "^red", "red$", "^red$", "cup"}).Draw(rt, "pattern")}}
	default:
		return map[string]any{field: map[string]any{op: one()}}
	}
}

func drawField(rt *rapid.T) (field string, values []any, more []string) {
	switch rapid.IntRange(0, 3).Draw(rt, "field") {
	case 0:
		return "n", []any{-1.0, 0.0, 1.5, 5.0, 7.0}, []string{"$gt", "$gte", "$lt", "$lte"}
	case 1:
		return "s", []any{"red", "dark red", "blue"}, []string{"$regex"}
	case 2:
		return "b", []any{true, false}, nil
	}
	return "tags", []any{"a", "b", "c"}, []string{"$all"}
}

func TestJSONLogicRulesMeanTheSame(t *testing.T) {
	tb := newTable(t)
	rapid.Check(t, func(rt *rapid.T) {
		rule := drawJSONLogic(rt, 3)
		n, err := fromJSONLogic(rule)
		if err == nil {
			err = tb.judge(rule, n, func(r record) bool { return jsonLogic(rule, r) })
		}
		if err != nil {
			rt.Fatal(err)
		}
	})
}

func drawJSONLogic(rt *rapid.T, depth int) map[string]any {
	if depth > 0 && rapid.IntRange(0, 1).Draw(rt, "nested") == 0 {
		word := rapid.SampledFrom([]string{"and", "or", "!"}).Draw(rt, "word")
		parts := []any{drawJSONLogic(rt, depth-1)}
		if word != "!" {
			parts = append(parts, drawJSONLogic(rt, depth-1))
		}
		return map[string]any{word: parts}
	}
	field, values, _ := drawField(rt)
	v := map[string]any{"var": field}
	one := rapid.SampledFrom(values).Draw(rt, "value")
	switch {
	case rapid.IntRange(0, 5).Draw(rt, "missing") == 0:
		return map[string]any{"missing": []any{field}}
	case field == "tags", field == "s" && rapid.Bool().Draw(rt, "inside"):
		return map[string]any{"in": []any{one, v}}
	case rapid.IntRange(0, 3).Draw(rt, "list") == 0:
		return map[string]any{"in": []any{v, []any{one, values[0]}}}
	case field == "n":
		return map[string]any{rapid.SampledFrom([]string{"==", "!=", "<", "<=", ">", ">="}).Draw(rt, "op"): []any{v, one}}
	}
	return map[string]any{rapid.SampledFrom([]string{"==", "!="}).Draw(rt, "op"): []any{v, one}}
}

// The cases are restated in our own form: a rule, a document, and whether it holds.
func TestKnownCasesOfBothLanguagesHold(t *testing.T) {
	for _, tt := range []struct {
		language, rule, row string
		want                bool
	}{
		{"mongo", `{"n":{"$ne":5}}`, `{}`, true},
		{"mongo", `{"n":{"$lt":5}}`, `{}`, false},
		{"mongo", `{"n":null}`, `{}`, true},
		{"mongo", `{"tags":"b"}`, `{"tags":["a","b"]}`, true},
		{"mongo", `{"n":{"$gt":0,"$lt":2}}`, `{"n":1.5}`, true},
		{"mongo", `{"$nor":[{"b":true},{"n":5}]}`, `{}`, true},
		{"jsonlogic", `{"<":[{"var":"n"},5]}`, `{}`, true},
		{"jsonlogic", `{"==":[{"var":"n"},0]}`, `{}`, false},
		{"jsonlogic", `{">=":[{"var":"n"},0]}`, `{}`, true},
		{"jsonlogic", `{"in":["red",{"var":"s"}]}`, `{"s":"dark red"}`, true},
		{"jsonlogic", `{"!":[{"missing":["s"]}]}`, `{"s":"red"}`, true},
	} {
		var rule map[string]any
		var row record
		if err := json.Unmarshal([]byte(tt.rule), &rule); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(tt.row), &row); err != nil {
			t.Fatal(err)
		}
		got := tt.language == "mongo" && mongo(rule, row) || tt.language == "jsonlogic" && jsonLogic(rule, row)
		if got != tt.want {
			t.Errorf("%s %s on %s: got %v, want %v", tt.language, tt.rule, tt.row, got, tt.want)
		}
	}
}

func TestWhatCannotBeExpressedIsRefused(t *testing.T) {
	for _, filter := range []map[string]any{
		{"n": map[string]any{"$mod": []any{2.0, 0.0}}}, {"tags": map[string]any{"$size": 2.0}},
		{"s": map[string]any{"$regex": "r.d"}}, {"n": map[string]any{"$type": "double"}},
	} {
		if n, err := fromMongo(filter); err == nil {
			t.Errorf("%v: got %v, want an error, because the language has nothing like it", filter, n)
		}
	}
	for _, rule := range []map[string]any{{"cat": []any{"a", "b"}}, {"if": []any{true, false}}, {"map": []any{}}} {
		if n, err := fromJSONLogic(rule); err == nil {
			t.Errorf("%v: got %v, want an error, because the language has nothing like it", rule, n)
		}
	}
}
