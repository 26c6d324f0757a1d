package httpapi

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/muster-groups/muster"
)

// problemOf translates what huma itself finds wrong with a request: bodies
// and parameters that do not fit their schema.
func problemOf(schemas huma.Registry, ctx huma.Context, v any) (any, error) {
	op := ctx.Operation()
	if p, ours := v.(*ProblemDocument); ours {
		p.tellKept(op.Method, op.Path)
		return p, nil
	}
	m, foreign := v.(*huma.ErrorModel)
	if !foreign {
		return v, nil
	}
	p := &ProblemDocument{Status: m.Status, Code: string(muster.CodeInvalid), Detail: m.Detail}
	for _, d := range m.Errors {
		if d != nil {
			p.Errors = append(p.Errors, translated(schemas, op, d, m.Status == http.StatusBadRequest))
		}
	}
	// Unknown members are found in the order of a map.
	slices.SortStableFunc(p.Errors, func(a, b muster.Problem) int { return strings.Compare(a.Location, b.Location) })
	switch {
	case m.Status == http.StatusRequestEntityTooLarge:
		p.Code, p.Detail, p.Errors = string(muster.CodeTooLarge), fmt.Sprintf("expected a body of at most %d bytes", op.MaxBodyBytes), nil
	case m.Status >= 500:
		p.Code, p.Detail, p.Errors = string(muster.CodeInternal), "something went wrong on the server; its log says what", nil
	case m.Status == http.StatusUnsupportedMediaType:
		p.Code, p.Detail, p.Errors = "unsupported_media_type", "expected a body of the type application/json, found "+ctx.Header("Content-Type"), nil
	case m.Detail == "request body is required":
		p.Detail = "expected a JSON document, found nothing"
		p.Errors = []muster.Problem{{Code: "invalid_json", Message: p.Detail}}
	case len(p.Errors) == 1:
		p.Detail = p.Errors[0].Message
	case len(p.Errors) > 1:
		p.Detail = fmt.Sprintf("the input is wrong in %d places: %s", len(p.Errors), p.Errors[0].Message)
	}
	p.tellKept(op.Method, op.Path)
	return p.complete(), nil
}

// translated says one of huma's findings in our words.
func translated(schemas huma.Registry, op *huma.Operation, d *huma.ErrorDetail, unreadable bool) muster.Problem {
	e := muster.Problem{Location: pointerOf(d.Location), Code: "invalid", Message: d.Message}
	missing := requiredProperty.FindStringSubmatch(d.Message)
	last := e.Location[strings.LastIndexByte(e.Location, '/')+1:]
	switch {
	case d.Message == "unexpected property":
		e.Code, e.Message = "unknown_member", strconv.Quote(last)+" is not known here"
		if known := bodyMembers(schemas, op, e.Location); known != "" {
			e.Message += "; expected " + known
		}
	case d.Message == "unknown query parameter":
		e.Code, e.Message = "unknown_parameter", unknownParameter(op, last)
	case missing != nil:
		e.Code, e.Message = "missing", "expected the member "+strconv.Quote(missing[1])
		e.Location += "/" + missing[1]
	case unreadable:
		e.Code, e.Message = "invalid_json", "expected JSON: "+d.Message
	default:
		e.Code, e.Message = expected(d)
	}
	return e
}

var (
	requiredProperty = regexp.MustCompile(`^expected required property (\S+) to be present$`)
	choice           = regexp.MustCompile(`^expected value to be one of "(.*)"$`)
	bounded          = regexp.MustCompile(`^expected (number|length|array length) (>=|<=) (\S+)$`)
)

// expected answers the code and message of a value that does not fit its schema.
func expected(d *huma.ErrorDetail) (code, message string) {
	if m := choice.FindStringSubmatch(d.Message); m != nil {
		names := strings.Split(m[1], ", ")
		return "invalid", "expected " + orList(names)
	}
	if m := bounded.FindStringSubmatch(d.Message); m != nil {
		bound := map[string]string{">=": "at least ", "<=": "at most "}[m[2]] + m[3]
		if m[1] == "number" {
			return "out_of_range", "expected a number of " + bound
		}
		unit := map[string]string{"length": " character", "array length": " item"}[m[1]]
		if m[3] != "1" {
			unit += "s"
		}
		return "out_of_range", "expected " + bound + unit
	}
	plain := map[string][2]string{
		"expected string to be RFC 3339 date-time": {"invalid", "expected an instant such as 2026-03-01T09:30:00Z"},
		"expected object":                          {"wrong_type", "expected an object"},
		"expected array":                           {"wrong_type", "expected an array"},
		"expected string":                          {"wrong_type", "expected a text"},
		"expected boolean":                         {"wrong_type", "expected true or false"},
		"expected integer":                         {"wrong_type", "expected a whole number"},
		"expected number":                          {"wrong_type", "expected a number"},
		"invalid boolean":                          {"invalid", "expected true or false"},
		"invalid integer":                          {"invalid", "expected a whole number"},
	}
	if said, known := plain[d.Message]; known {
		return said[0], said[1]
	}
	return "invalid", d.Message
}

func orList(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// unknownParameter names the parameters that an operation has.
func unknownParameter(op *huma.Operation, name string) string {
	var known []string
	for _, p := range op.Parameters {
		if p.In == "query" {
			known = append(known, p.Name)
		}
	}
	return unknownQuery(name, known)
}

func unknownQuery(name string, known []string) string {
	message := "the parameter " + strconv.Quote(name) + " is not known here"
	if len(known) == 0 {
		return message + "; there are none"
	}
	return message + "; expected " + orList(known)
}

// bodyMembers names the members that the object around a place of the body may have.
func bodyMembers(schemas huma.Registry, op *huma.Operation, location string) string {
	if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		return ""
	}
	schema := op.RequestBody.Content["application/json"].Schema
	steps := strings.Split(strings.TrimPrefix(location, "/"), "/")
	for _, step := range steps[:len(steps)-1] {
		switch schema = resolved(schemas, schema); {
		case schema == nil:
			return ""
		case schema.Items != nil:
			schema = schema.Items
		default:
			schema = schema.Properties[step]
		}
	}
	if schema = resolved(schemas, schema); schema == nil {
		return ""
	}
	var names []string
	for name := range schema.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return orList(names)
}

// resolved follows a reference.
func resolved(schemas huma.Registry, schema *huma.Schema) *huma.Schema {
	if schema != nil && schema.Ref != "" {
		return schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}

// pointerOf turns huma's "body.groups[0].name" into "/groups/0/name", and
// "query.limit" into "/limit".
func pointerOf(location string) string {
	_, rest, _ := strings.Cut(location, ".")
	if rest == "" {
		return ""
	}
	rest = muster.PointerToken(rest)
	rest = strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(rest)
	return "/" + rest
}
