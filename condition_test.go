package muster_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/muster-groups/muster"
)

// problems answers the problems of an error as "location code" lines.
func problems(err error) []string {
	var e *muster.Error
	if !errors.As(err, &e) {
		return nil
	}
	var list []string
	for _, p := range e.Problems {
		list = append(list, p.Location+" "+p.Code)
	}
	return list
}

func TestAConditionIsReadAsItIsWritten(t *testing.T) {
	got, err := muster.ParseCondition([]byte(`{"version":1,"match":"any","groups":[
		{"match":"all","not":true,"conditions":[
			{"type":"field","not":true,"params":{"field":"company", "op":"is", "value":"A < B"}},
			{"conditions":[{"type":"identified","params":{}}]}]}]}`))
	if err != nil {
		t.Fatalf("parse: got %v, want no error", err)
	}
	want := muster.Condition{Match: muster.MatchAny, Groups: []*muster.ConditionGroup{{
		Match: muster.MatchAll, Not: true, Conditions: []muster.Node{
			&muster.Leaf{Type: "field", Not: true, Params: json.RawMessage(`{"field":"company","op":"is","value":"A < B"}`)},
			&muster.ConditionGroup{Match: muster.MatchAll, Conditions: []muster.Node{&muster.Leaf{Type: "identified"}}},
		},
	}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("parse: got %+v, want %+v", got, want)
	}
}

func TestAConditionPrintsItsKeysInOneOrder(t *testing.T) {
	c, err := muster.ParseCondition([]byte(`{"groups":[{"conditions":[{"params":{"b":1,"a":2},"not":true,"type":"x"}],"not":true}]}`))
	if err != nil {
		t.Fatalf("parse: got %v, want no error", err)
	}
	got, err := c.MarshalJSON()
	want := `{"version":1,"match":"all","groups":[{"match":"all","not":true,"conditions":[{"type":"x","not":true,"params":{"b":1,"a":2}}]}]}`
	if err != nil || string(got) != want {
		t.Errorf("print: got %s (%v), want %s", got, err, want)
	}
}

func TestAMalformedConditionIsRefusedWithTheExactPlace(t *testing.T) {
	leaf := `{"type":"identified"}`
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"nothing", ``, []string{" invalid_json"}},
		{"no JSON", `{"match":`, []string{" invalid_json"}},
		{"trailing data", `{} {}`, []string{" trailing_data"}},
		{"not UTF-8", "{\"match\":\"\xff\"}", []string{" invalid_json"}},
		{"not an object", `[]`, []string{" wrong_type"}},
		{"null", `null`, []string{" wrong_type"}},
		{"unknown key", `{"match":"all","rules":[]}`, []string{"/rules unknown_key"}},
		{"negated as a whole", `{"not":true}`, []string{"/not unknown_key"}},
		{"duplicate key", `{"match":"all","match":"any"}`, []string{"/match duplicate_key"}},
		{"other version", `{"version":2}`, []string{"/version unsupported_version"}},
		{"version in text", `{"version":"1"}`, []string{"/version unsupported_version"}},
		{"unknown match", `{"match":"both"}`, []string{"/match invalid_value"}},
		{"match missing where several groups are", `{"groups":[{"conditions":[` + leaf + `]},{"conditions":[` + leaf + `]}]}`, []string{" required"}},
		{"match missing where several conditions are", `{"groups":[{"conditions":[` + leaf + `,` + leaf + `]}]}`, []string{"/groups/0 required"}},
		{"groups is no array", `{"groups":{}}`, []string{"/groups wrong_type"}},
		{"empty group", `{"groups":[{"match":"all","conditions":[]}]}`, []string{"/groups/0 empty_group"}},
		{"group without conditions", `{"groups":[{}]}`, []string{"/groups/0 empty_group"}},
		{"empty inner group", `{"groups":[{"conditions":[{"not":true,"conditions":[]}]}]}`, []string{"/groups/0/conditions/0 empty_group"}},
		{"condition outside a group", `{"groups":[{"type":"identified"}]}`, []string{"/groups/0/type unknown_key", "/groups/0 empty_group"}},
		{"unknown key of a condition", `{"groups":[{"conditions":[{"type":"x","param":{}}]}]}`, []string{"/groups/0/conditions/0/param unknown_key"}},
		{"a key with a slash", `{"groups":[{"conditions":[{"type":"x","a/b~c":{}}]}]}`, []string{"/groups/0/conditions/0/a~1b~0c unknown_key"}},
		{"type is no text", `{"groups":[{"conditions":[{"type":3}]}]}`, []string{"/groups/0/conditions/0/type wrong_type"}},
		{"type is empty", `{"groups":[{"conditions":[{"type":""}]}]}`, []string{"/groups/0/conditions/0/type required"}},
		{"not is no boolean", `{"groups":[{"conditions":[{"type":"x","not":1}]}]}`, []string{"/groups/0/conditions/0/not wrong_type"}},
		{"params are no object", `{"groups":[{"conditions":[{"type":"x","params":[]}]}]}`, []string{"/groups/0/conditions/0/params wrong_type"}},
		{"duplicate key deep in params", `{"groups":[{"conditions":[{"type":"x","params":{"where":[{"op":"is","op":"is"}]}}]}]}`, []string{"/groups/0/conditions/0/params/where/0/op duplicate_key"}},
		{"U+0000 in a text", `{"groups":[{"conditions":[{"type":"x","params":{"a":"\u0000"}}]}]}`, []string{"/groups/0/conditions/0/params/a invalid_text"}},
		{"several at once", `{"version":3,"match":1,"groups":[{"conditions":[3]}]}`, []string{"/version unsupported_version", "/groups/0/conditions/0 wrong_type", "/match invalid_value"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := muster.ParseCondition([]byte(c.in))
			if got := problems(err); !reflect.DeepEqual(got, c.want) || muster.CodeOf(err) != muster.CodeInvalid {
				t.Errorf("parse of %s: got %q (%v), want %q", c.in, got, err, c.want)
			}
		})
	}
}

func nested(levels int) string {
	return strings.Repeat(`{"conditions":[`, levels) + `{"type":"identified"}` + strings.Repeat(`]}`, levels)
}

func TestNestingIsLimited(t *testing.T) {
	if _, err := muster.ParseCondition([]byte(`{"groups":[` + nested(5) + `]}`)); err != nil {
		t.Errorf("five levels: got %v, want no error", err)
	}
	_, err := muster.ParseCondition([]byte(`{"groups":[` + nested(6) + `]}`))
	want := []string{"/groups/0" + strings.Repeat("/conditions/0", 5) + " too_deep"}
	if got := problems(err); !reflect.DeepEqual(got, want) {
		t.Errorf("six levels: got %q, want %q", got, want)
	}
	if _, err := (muster.ConditionLimits{Nesting: 6}).Parse([]byte(`{"groups":[` + nested(6) + `]}`)); err != nil {
		t.Errorf("six levels where six are configured: got %v, want no error", err)
	}
}

func TestTheNumberOfConditionsIsLimited(t *testing.T) {
	document := func(n int) []byte {
		return []byte(`{"groups":[{"match":"any","conditions":[` + strings.TrimSuffix(strings.Repeat(`{"type":"identified"},`, n), ",") + `]}]}`)
	}
	if _, err := muster.ParseCondition(document(200)); err != nil {
		t.Errorf("200 conditions: got %v, want no error", err)
	}
	_, err := muster.ParseCondition(document(250))
	if got, want := problems(err), []string{"/groups/0/conditions/200 too_many"}; !reflect.DeepEqual(got, want) {
		t.Errorf("250 conditions: got %q, want %q", got, want)
	}
}

func TestADraftMayHaveGapsButNoFaultsOfStructure(t *testing.T) {
	c, err := muster.ParseDraftCondition([]byte(`{"match":"all","groups":[{"match":"any","conditions":[]},{"match":"all","conditions":[{"type":""},{"match":"all","conditions":[]}]}]}`))
	if err != nil || len(c.Groups) != 2 {
		t.Errorf("draft: got %+v, %v, want two groups and no error", c, err)
	}
	_, err = muster.ParseDraftCondition([]byte(`{"groups":[{"rules":[]}]}`))
	if got, want := problems(err), []string{"/groups/0/rules unknown_key"}; !reflect.DeepEqual(got, want) {
		t.Errorf("draft with an unknown key: got %q, want %q", got, want)
	}
}

func TestAVersionRoundTripsEvenBeyondTodaysLimits(t *testing.T) {
	c, err := (muster.ConditionLimits{Nesting: 9}).Parse([]byte(`{"groups":[` + nested(9) + `]}`))
	if err != nil {
		t.Fatalf("parse: got %v, want no error", err)
	}
	want := muster.Version{Number: 3, Condition: c, Author: "ana", SavedAt: 1_700_000_000}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatalf("print: got %v, want no error", err)
	}
	var got muster.Version
	if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got.Condition, want.Condition) {
		t.Errorf("version read back from %s: got %+v (%v), want %+v", text, got, err, want)
	}
}

func TestAnEmptyConditionIsSound(t *testing.T) {
	for _, in := range []string{`{}`, `{"match":"any","groups":[]}`, `{"version":1}`} {
		c, err := muster.ParseCondition([]byte(in))
		if err != nil || !c.IsEmpty() {
			t.Errorf("parse of %s: got %+v, %v, want an empty condition", in, c, err)
		}
	}
	text, err := json.Marshal(muster.Condition{})
	if want := `{"version":1,"match":"all","groups":[]}`; err != nil || string(text) != want {
		t.Errorf("print of the zero condition: got %s (%v), want %s", text, err, want)
	}
}

func FuzzParseCondition(f *testing.F) {
	f.Add([]byte(`{"match":"any","groups":[{"match":"all","not":true,"conditions":[{"type":"a","params":{"b":[1.50,"<&>",null]}},{"conditions":[{"type":"c"}]}]}]}`))
	f.Add([]byte(`{"groups":[{"conditions":[{"type":"\ud800\u2028"}]}]}`))
	f.Add([]byte(`{"a":{"a":[`))
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, parse := range []func([]byte) (muster.Condition, error){muster.ParseCondition, muster.ParseDraftCondition} {
			c, err := parse(in)
			if err != nil {
				if len(problems(err)) == 0 {
					t.Fatalf("parse of %q: got an error without problems: %v", in, err)
				}
				continue
			}
			printed, err := json.Marshal(c)
			if err != nil {
				t.Fatalf("print of %q: got %v, want no error", in, err)
			}
			again, err := parse(printed)
			if err != nil || !reflect.DeepEqual(c, again) {
				t.Fatalf("parse of the print %s: got %s (%v), want %s", printed, fmt.Sprint(again), err, fmt.Sprint(c))
			}
		}
	})
}
