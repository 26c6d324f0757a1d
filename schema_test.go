package muster_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/muster-groups/muster"
)

func TestTheBuiltInSchemaHasTheFieldsAndTypesOfTheLanguage(t *testing.T) {
	s := muster.NewSchema(nil)
	fields := strings.Fields(`first_name middle_name last_name title gender birthday email phone mobile company account job_title address city zip state country
		language timezone notes owner status roles persona campaign member_enabled created_at last_activity_at identified`)
	types := strings.Fields(`page_visit landing_page form_submit data_input click search member_registration login email_sent email_open email_click email_bounce
		email_unsubscribe product_added_to_cart product_removed_from_cart cart_abandoned product_added_to_wishlist product_removed_from_wishlist purchase product_purchased`)
	if len(s.Fields) != len(fields) || len(s.ActivityTypes) != len(types) {
		t.Errorf("built-in schema: got %d fields and %d activity types, want %d and %d", len(s.Fields), len(s.ActivityTypes), len(fields), len(types))
	}
	for _, code := range fields {
		if f, ok := s.Fields[code]; !ok || f.Name == "" || !f.BuiltIn || !muster.ValidCode(code) {
			t.Errorf("field %s: got %+v, want a named built-in field", code, f)
		}
	}
	for _, code := range types {
		if a, ok := s.ActivityTypes[code]; !ok || a.Name == "" || !a.BuiltIn {
			t.Errorf("activity type %s: got %+v, want a named built-in type", code, a)
		}
	}
	if n := len(muster.Countries()); n != 249 {
		t.Errorf("countries: got %d, want 249", n)
	}
}

func TestAClonedSchemaLeavesTheOriginalAlone(t *testing.T) {
	s := muster.NewSchema(nil)
	c := s.Clone()
	c.Fields["score"] = muster.Field{Code: "score"}
	c.Groups["vip"] = 1
	if _, leaked := s.Fields["score"]; leaked || len(s.Groups) != 0 {
		t.Errorf("original after changing its clone: got %d groups, score %v, want none", len(s.Groups), leaked)
	}
}

func TestCodesAreLowerCaseWords(t *testing.T) {
	for code, want := range map[string]bool{
		"a": true, "field.name-2_x": true, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false,
		"": false, "A": false, "1a": false, "_a": false, "a b": false, "é": false, "a/b": false,
	} {
		if got := muster.ValidCode(code); got != want {
			t.Errorf("ValidCode(%q): got %v, want %v", code, got, want)
		}
	}
}

func TestFormFieldsAreAttributesOfFormSubmissionsOnly(t *testing.T) {
	s := muster.NewSchema(nil)
	for _, c := range []struct {
		activity, attribute string
		want                bool
	}{
		{"form_submit", "field.email", true}, {"form_submit", "field.", false}, {"form_submit", "form", true},
		{"form_submit", "value", true}, {"click", "field.email", false}, {"click", "url", true}, {"click", "URL", false},
	} {
		if _, got := s.ActivityTypes[c.activity].Attribute(c.attribute); got != c.want {
			t.Errorf("attribute %s of %s: got %v, want %v", c.attribute, c.activity, got, c.want)
		}
	}
}

func TestValuesAreReadFromJSON(t *testing.T) {
	s := muster.NewSchema(nil)
	field := func(kind muster.FieldType) muster.Field { return muster.Field{Code: "f", Name: "F", Type: kind} }
	plan := muster.Field{Code: "plan", Type: muster.ChoicesField, Choices: []muster.Choice{{Code: "free"}, {Code: "Pro"}}}
	for _, c := range []struct {
		field    muster.Field
		in, want string // want is the value printed again; "" for an error
	}{
		{field(muster.TextField), `" a <b> "`, `"a <b>"`},
		{field(muster.TextField), `""`, `null`},
		{field(muster.TextField), `"  "`, `null`},
		{field(muster.TextField), `null`, `null`},
		{field(muster.TextField), `1.50`, `"1.5"`},
		{field(muster.TextField), `15e-1`, `"1.5"`},
		{field(muster.TextField), `true`, `"true"`},
		{field(muster.TextField), `[]`, ``},
		{field(muster.TextField), `"\u0000"`, ``},
		{field(muster.TextField), `"` + strings.Repeat("é", 1000) + `"`, `"` + strings.Repeat("é", 1000) + `"`},
		{field(muster.TextField), `"` + strings.Repeat("é", 1001) + `"`, ``},
		{field(muster.NumberField), `12.250`, `12.25`},
		{field(muster.NumberField), `"-3"`, `-3`},
		{field(muster.NumberField), `1e3`, `1000`},
		{field(muster.NumberField), `0.1234567`, ``},
		{field(muster.NumberField), `9.2e12`, ``},
		{field(muster.NumberField), `"x"`, ``},
		{field(muster.NumberField), `true`, ``},
		{field(muster.NumberField), `""`, `null`},
		{field(muster.BooleanField), `false`, `false`},
		{field(muster.BooleanField), `"True"`, `true`},
		{field(muster.BooleanField), `1`, ``},
		{field(muster.DateField), `"2026-02-28"`, `"2026-02-28"`},
		{field(muster.DateField), `"2026-02-30"`, ``},
		{field(muster.DateField), `20260228`, ``},
		{field(muster.DatetimeField), `"2026-03-01T10:30:00.9+01:00"`, `"2026-03-01T09:30:00Z"`},
		{field(muster.ChoiceField), `"Gold "`, `"Gold"`},
		{field(muster.ChoiceField), `["a"]`, ``},
		{plan, `["pro","free","pro"]`, `["Pro","free"]`},
		{plan, `"pro"`, `["Pro"]`},
		{plan, `[]`, `null`},
		{plan, `["max"]`, ``},
		{plan, `[1]`, ``},
		{s.Fields["country"], `"de"`, `"DE"`},
		{s.Fields["country"], `"XX"`, ``},
		{s.Fields["state"], `"us-ca"`, `"US-CA"`},
		{s.Fields["birthday"], `{}`, ``},
		{s.Fields["birthday"], `"2026-01-01" "x"`, ``},
	} {
		v, err := c.field.ParseJSON(json.RawMessage(c.in))
		got := ""
		if err == nil {
			got = string(c.field.JSON(v))
		}
		if got != c.want {
			t.Errorf("%s field given %.60s: got %q (%v), want %q", c.field.Type, c.in, got, err, c.want)
			continue
		}
		if err == nil {
			if again, err := c.field.ParseJSON(c.field.JSON(v)); err != nil || !reflect.DeepEqual(again, v) {
				t.Errorf("%s field given its own print %.60s: got %+v (%v), want %+v", c.field.Type, got, again, err, v)
			}
			if again, err := c.field.ParseText(c.field.FormatText(v)); err != nil || !reflect.DeepEqual(again, v) {
				t.Errorf("%s field given its own text %.60s: got %+v (%v), want %+v", c.field.Type, got, again, err, v)
			}
		}
	}
}

func TestValuesAreReadFromCellsOfATable(t *testing.T) {
	for _, c := range []struct {
		kind     muster.FieldType
		in, want string
	}{
		{muster.BooleanField, "yes", "true"}, {muster.BooleanField, " NO ", "false"}, {muster.BooleanField, "1", "true"},
		{muster.BooleanField, "0", "false"}, {muster.BooleanField, "", "null"}, {muster.BooleanField, "maybe", ""},
		{muster.ChoicesField, "b | a;b", `["a","b"]`}, {muster.ChoicesField, "|", "null"},
		{muster.TextField, "\xff", ""}, {muster.NumberField, " +1.5 ", "1.5"},
	} {
		v, err := muster.Field{Code: "f", Type: c.kind}.ParseText(c.in)
		got := ""
		if err == nil {
			got = string(v.JSON())
		}
		if got != c.want {
			t.Errorf("%s cell %q: got %q (%v), want %q", c.kind, c.in, got, err, c.want)
		}
	}
}

func TestScalarsKeepTheirExactDigits(t *testing.T) {
	for in, want := range map[string]string{
		`1`: "1", `1.0`: "1", `-0`: "0", `-0.50`: "-0.5", `1e2`: "100", `12.5E-1`: "1.25", `0.1234567`: "0.1234567",
		`123e-8`: "0.00000123", `9199999999999.5`: "9199999999999.5", `9200000000000`: "9200000000000",
		`1e13`: "1e13", `1e999999999999`: "1e999999999999", `0e999999999999`: "0", `-0e-99999`: "0", `1e-40`: "1e-40", `1e-20000`: "1e-20000",
		`true`: "true", `" a "`: " a ", `null`: "",
	} {
		s, err := muster.ScalarOf(json.RawMessage(in))
		if err != nil || s.Text != want {
			t.Errorf("scalar of %s: got %+v (%v), want text %q", in, s, err, want)
			continue
		}
		if again, err := muster.ScalarOf(s.JSON()); err != nil || again != s {
			t.Errorf("scalar of its own print %s: got %+v (%v), want %+v", s.JSON(), again, err, s)
		}
	}
	for _, in := range []string{`{}`, `[1]`, ``, `1 2`, `"` + strings.Repeat("x", 2001) + `"`, `"\u0000"`} {
		if s, err := muster.ScalarOf(json.RawMessage(in)); err == nil {
			t.Errorf("scalar of %.40s: got %+v, want an error", in, s)
		}
	}
}
