package httpapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"html"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/muster-groups/muster/internal/httpapi"
)

type document struct {
	OpenAPI    string `json:"openapi"`
	Paths      map[string]map[string]described
	Components struct {
		Schemas         map[string]any
		SecuritySchemes map[string]any `json:"securitySchemes"`
	}
	Security []map[string][]string
}

type described struct {
	OperationID string `json:"operationId"`
	Summary     string
	Tags        []string
	Parameters  []struct{ Name, In string }
	RequestBody struct {
		Content map[string]struct{ Schema, Example any }
	} `json:"requestBody"`
	Responses map[string]struct {
		Description string
		Content     map[string]struct{ Schema any }
	}
}

func described31(t *testing.T) (document, string) {
	t.Helper()
	w := newWorld(t)
	got := w.send("nobody", "GET", "/api/openapi.json", nil, nil)
	var d document
	if err := json.Unmarshal([]byte(got.body), &d); err != nil {
		t.Fatal(err)
	}
	return d, got.body
}

func TestTheDocumentDescribesEveryOperationThatIsServed(t *testing.T) {
	d, _ := described31(t)
	if !strings.HasPrefix(d.OpenAPI, "3.1.") || len(d.Security) == 0 || d.Components.SecuritySchemes["key"] == nil {
		t.Errorf("head of the document: got version %q, security %v, want 3.1 with the key", d.OpenAPI, d.Security)
	}
	inDocument := map[string]bool{}
	ids := map[string]string{}
	for path, methods := range d.Paths {
		for method, op := range methods {
			name := strings.ToUpper(method) + " " + path
			inDocument[name] = true
			if op.Summary == "" || len(op.Tags) != 1 || op.OperationID == "" {
				t.Errorf("%s: got summary %q, tags %v and id %q, want all three", name, op.Summary, op.Tags, op.OperationID)
			}
			if ids[op.OperationID] != "" {
				t.Errorf("%s and %s have the id %s, want one each", name, ids[op.OperationID], op.OperationID)
			}
			ids[op.OperationID] = name
			op.check(t, name, path)
		}
	}
	for operation := range httpapi.Permissions() {
		if !inDocument[operation] {
			t.Errorf("%s is served but not described", operation)
		}
	}
}

// check looks at the parameters, bodies and answers of an operation.
func (op described) check(t *testing.T, name, path string) {
	t.Helper()
	for _, step := range strings.Split(path, "/") {
		parameter, isParameter := strings.CutPrefix(step, "{")
		parameter, _, _ = strings.Cut(parameter, "}")
		if isParameter && !slices.ContainsFunc(op.Parameters, func(p struct{ Name, In string }) bool { return p.Name == parameter && p.In == "path" }) {
			t.Errorf("%s: got the parameters %v, want %s among them", name, op.Parameters, parameter)
		}
	}
	succeeds := false
	for status, answer := range op.Responses {
		if status == "303" || status[0] == '2' {
			succeeds = true
			if status != "204" && status != "303" && len(answer.Content) == 0 {
				t.Errorf("%s: the answer %s has no schema", name, status)
			}
		}
		for kind, content := range answer.Content {
			if content.Schema == nil {
				t.Errorf("%s: the answer %s as %s has no schema", name, status, kind)
			}
		}
	}
	if _, problem := op.Responses["default"].Content["application/problem+json"]; !succeeds || !problem {
		t.Errorf("%s: got the answers %v, want a success and problem documents", name, op.Responses)
	}
	for kind, body := range op.RequestBody.Content {
		if body.Schema == nil {
			t.Errorf("%s: the body as %s has no schema", name, kind)
		}
	}
}

func TestEveryReferenceOfTheDocumentLeadsSomewhere(t *testing.T) {
	d, text := described31(t)
	var whole any
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	var visit func(any)
	visit = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				name, inComponents := strings.CutPrefix(ref, "#/components/schemas/")
				if used[name] = true; !inComponents || d.Components.Schemas[name] == nil {
					t.Errorf("got the reference %s, want one to a schema of the document", ref)
				}
			}
			for _, child := range v {
				visit(child)
			}
		case []any:
			for _, child := range v {
				visit(child)
			}
		}
	}
	visit(whole)
	for name := range d.Components.Schemas {
		if !used[name] {
			t.Errorf("the schema %s is described but used nowhere", name)
		}
	}
}

func TestTheMainBodiesHaveExamplesThatTheServerTakes(t *testing.T) {
	d, _ := described31(t)
	w := newWorld(t)
	w.must("POST", "/consents", `{"code": "tracking", "name": "Tracking"}`, nil)
	w.must("POST", "/lists", `{"code": "newsletter", "name": "Newsletter"}`, nil)
	w.must("POST", "/channels", `{"code": "shop", "name": "Shop"}`, nil)
	for _, operation := range []string{"POST /contacts", "POST /activities", "POST /contacts/lookup", "POST /groups", "POST /conditions/preview", "POST /webhooks"} {
		method, path, _ := strings.Cut(operation, " ")
		example := d.Paths["/api/v1"+path][strings.ToLower(method)].RequestBody.Content["application/json"].Example
		if example == nil {
			t.Errorf("%s: got no example of its body, want one", operation)
			continue
		}
		body, err := json.Marshal(example)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.send("admin", method, "/api/v1"+path, nil, strings.NewReader(string(body))); got.status >= 300 {
			t.Errorf("%s with its example %s: got %d %s, want success", operation, body, got.status, got.body)
		}
	}
}

func TestThePageOfTheAPINamesEveryOperation(t *testing.T) {
	d, _ := described31(t)
	w := newWorld(t)
	page := w.send("nobody", "GET", "/api/docs", nil, nil)
	if page.status != http.StatusOK || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
		t.Fatalf("GET /api/docs: got %d %s, want a page", page.status, page.header.Get("Content-Type"))
	}
	text := html.UnescapeString(page.body)
	for path, methods := range d.Paths {
		for _, op := range methods {
			if !strings.Contains(text, op.Summary) {
				t.Errorf("the page of the API: got no %q of %s, want every operation", op.Summary, path)
			}
		}
	}
}

// The UI's types are made of a copy of the document. -rewrite refreshes it; then
// `npm run generate` in web/.
func TestTheCopyOfTheDocumentThatTheUIIsTypedByIsFresh(t *testing.T) {
	const file = "../../web/src/api/openapi.json"
	_, served := described31(t)
	var document map[string]any
	if err := json.Unmarshal([]byte(served), &document); err != nil {
		t.Fatal(err)
	}
	document["info"].(map[string]any)["version"] = "" // of the program, which every build has anew
	want, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if rewriting := flag.Lookup("rewrite"); rewriting != nil && rewriting.Value.String() == "true" {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the server describes (%v): run go test ./internal/httpapi -run Copy -rewrite, then npm run generate in web/", file, err)
	}
}

func TestTheDocumentSaysWhichObjectsMayBeNull(t *testing.T) {
	d, _ := described31(t)
	for name, members := range map[string][]string{
		"Group": {"active", "pending", "progress"}, "Contact": {"all_mail"}, "Retention": {"running", "last_run"},
	} {
		schema, _ := d.Components.Schemas[name].(map[string]any)
		properties, _ := schema["properties"].(map[string]any)
		for _, member := range members {
			property, _ := properties[member].(map[string]any)
			choices, _ := property["oneOf"].([]any)
			if !slices.ContainsFunc(choices, func(c any) bool { return c.(map[string]any)["type"] == "null" }) {
				t.Errorf("%s.%s: got %v, want a choice of null", name, member, property)
			}
		}
	}
}
