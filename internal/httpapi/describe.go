package httpapi

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/muster-groups/muster"
)

//go:embed docs.html.tmpl
var docsTemplate string

//go:embed docs.css
var docsStyle []byte

// conditionDocument stands for muster.Condition in the OpenAPI document: the
// condition language has a catalogue of its own.
type conditionDocument struct{}

// Schema describes a condition.
func (conditionDocument) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true,
		Description: "A condition: {match, groups: [{match, not?, conditions: [...]}]}. GET /catalog lists the condition types and their parameters."}
}

func apiConfig(version string) huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	registry.RegisterTypeAlias(reflect.TypeFor[muster.Condition](), reflect.TypeFor[conditionDocument]())
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Muster", Version: version,
				Description: "Contact groups that are always true. Errors are problem documents (RFC 9457) whose errors point at the culprit by JSON Pointer. Instants are RFC 3339 in UTC. Lists answer items and next; pass next as cursor to go on.",
			},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key":     {Type: "http", Scheme: "bearer", Description: "An API key with the role collect, read, edit or admin."},
					"session": {Type: "apiKey", In: "cookie", Name: "__Host-muster_session", Description: "The session of a person who signed in. A viewer may do what the role read may, an editor what edit may."},
				},
			},
			Security: []map[string][]string{{"key": {}}, {"session": {}}},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers: []huma.Transformer{func(ctx huma.Context, _ string, v any) (any, error) {
			return problemOf(registry, ctx, v)
		}},
	}
}

// complete fills what every operation says of itself.
func complete(op *huma.Operation) {
	pattern := op.Method + " " + op.Path
	if open()[pattern] {
		op.Description = strings.TrimSpace(op.Description + "\n\nNeeds no credential.")
		op.Security = []map[string][]string{}
	} else {
		op.Description = strings.TrimSpace(op.Description + "\n\nRoles: " + permissions()[pattern].String() + ".")
	}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["default"] = &huma.Response{
		Description: "What went wrong",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/ProblemDocument"}}},
	}
}

// operation is the common part of a registration.
func operation(method, path, id, tag, summary string) huma.Operation {
	return huma.Operation{Method: method, Path: "/api/v1" + path, OperationID: id, Tags: []string{tag}, Summary: summary}
}

// schemaOf is the schema of a type, for operations that read bodies by themselves.
func (s *Server) schemaOf(t reflect.Type) *huma.Schema {
	return s.api.OpenAPI().Components.Schemas.Schema(t, true, "")
}

func (s *Server) jsonBody(schema *huma.Schema, contentType string) *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{contentType: {Schema: schema}}}
}

func (s *Server) jsonAnswer(status, description string, schema *huma.Schema, contentType string) map[string]*huma.Response {
	return map[string]*huma.Response{status: {Description: description, Content: map[string]*huma.MediaType{contentType: {Schema: schema}}}}
}

// describe fixes the OpenAPI document, when all operations are registered, and
// serves it as JSON and as a page.
func (s *Server) describe() {
	document := s.api.OpenAPI()
	s.addExamples()
	s.schemaOf(reflect.TypeFor[ProblemDocument]())
	sayNull(document.Components.Schemas)
	body, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		panic("httpapi: the OpenAPI document cannot be printed: " + err.Error())
	}
	s.openapi = dropUnused(body)
	page := docsPage(s.openapi)
	serve := func(path, contentType string, body []byte) {
		s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
			_, _ = w.Write(body)
		})
	}
	serve("/api/openapi.json", "application/json", s.openapi)
	serve("/api/docs", "text/html; charset=utf-8", page)
	serve("/api/docs/style.css", "text/css; charset=utf-8", docsStyle)
}

// sayNull writes into the schemas which members may be null although they are
// objects of their own: huma says so of values only.
func sayNull(schemas huma.Registry) {
	for name, schema := range schemas.Map() {
		t := schemas.TypeFromRef("#/components/schemas/" + name)
		if t == nil || t.Kind() != reflect.Struct {
			continue
		}
		for _, f := range reflect.VisibleFields(t) {
			key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			property := schema.Properties[key]
			if property == nil || property.Ref == "" || f.Type.Kind() != reflect.Pointer || options != "" {
				continue
			}
			schema.Properties[key] = &huma.Schema{
				Description: f.Tag.Get("doc"),
				OneOf:       []*huma.Schema{{Ref: property.Ref}, {Type: "null"}},
			}
		}
	}
}

// dropUnused removes the error model that huma defines for itself and that
// this API never answers.
func dropUnused(body []byte) []byte {
	var document map[string]any
	if err := json.Unmarshal(body, &document); err != nil {
		panic("httpapi: the OpenAPI document cannot be read back: " + err.Error())
	}
	if components, ok := document["components"].(map[string]any); ok {
		if schemas, ok := components["schemas"].(map[string]any); ok {
			delete(schemas, "ErrorModel")
			delete(schemas, "ErrorDetail")
		}
	}
	out, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		panic("httpapi: the OpenAPI document cannot be printed: " + err.Error())
	}
	return append(out, '\n')
}

// The page reads the OpenAPI document like any other reader, so it shows what
// programs see.
type docsDocument struct {
	Info struct {
		Title, Version, Description string
	} `json:"info"`
	Paths      map[string]map[string]docsOperation `json:"paths"`
	Components struct {
		Schemas map[string]json.RawMessage `json:"schemas"`
	} `json:"components"`
}

type docsOperation struct {
	OperationID, Summary, Description string
	Tags                              []string
	Parameters                        []docsParameter
	RequestBody                       struct {
		Content map[string]struct{ Schema, Example json.RawMessage }
	}
	Responses map[string]struct {
		Description string
		Content     map[string]struct{ Schema json.RawMessage }
	}
	Method, Path string `json:"-"`
}

type docsParameter struct {
	Name, In, Description string
	Required              bool
}

// Schema and others are what the template prints of the raw parts.
func (o docsOperation) Schema(raw json.RawMessage) string { return pretty(raw) }

func pretty(raw json.RawMessage) string {
	var out bytes.Buffer
	if json.Indent(&out, raw, "", "  ") != nil {
		return string(raw)
	}
	return out.String()
}

type docsTag struct {
	Name       string
	Operations []docsOperation
}

type docsSchema struct{ Name, Body string }

func docsPage(document []byte) []byte {
	var d docsDocument
	if err := json.Unmarshal(document, &d); err != nil {
		panic("httpapi: the OpenAPI document cannot be read back: " + err.Error())
	}
	byTag := map[string][]docsOperation{}
	for path, methods := range d.Paths {
		for method, op := range methods {
			op.Method, op.Path = strings.ToUpper(method), path
			tag := strings.Join(op.Tags, ", ")
			byTag[tag] = append(byTag[tag], op)
		}
	}
	var tags []docsTag
	for name, operations := range byTag {
		sort.Slice(operations, func(i, j int) bool {
			a, b := operations[i], operations[j]
			return a.Path < b.Path || a.Path == b.Path && a.Method < b.Method
		})
		tags = append(tags, docsTag{name, operations})
	}
	slices.SortFunc(tags, func(a, b docsTag) int { return strings.Compare(a.Name, b.Name) })
	var schemas []docsSchema
	for name, body := range d.Components.Schemas {
		schemas = append(schemas, docsSchema{name, pretty(body)})
	}
	slices.SortFunc(schemas, func(a, b docsSchema) int { return strings.Compare(a.Name, b.Name) })
	var out bytes.Buffer
	page := template.Must(template.New("docs").Parse(docsTemplate))
	if err := page.Execute(&out, map[string]any{"Info": d.Info, "Tags": tags, "Schemas": schemas}); err != nil {
		panic("httpapi: the page of the API cannot be rendered: " + err.Error())
	}
	return out.Bytes()
}
