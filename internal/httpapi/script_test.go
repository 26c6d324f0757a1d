package httpapi_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// The scripts in testdata are requests with the answers they get. In each file
// one server lives from the first request to the last:
//
//	call [as=ROLE] [type=CONTENT-TYPE] [show=HEADER] [huge=BYTES]
//	METHOD PATH
//	BODY
//	----
//	STATUS
//	BODY
//
// The role is admin unless as= says so; as=nobody sends no key. Paths without a
// leading /api, /healthz and so on are below /api/v1. huge= fills {huge} in the
// body with so many letters. "clock TO" moves time. Run with -rewrite to write down
// new answers, and read the difference.
func TestRequestsAreAnsweredAsWrittenDown(t *testing.T) {
	for _, area := range []string{"testdata/areas", "testdata/problems"} {
		datadriven.Walk(t, area, func(t *testing.T, path string) {
			w := newWorld(t)
			datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string { return w.script(t, d) })
		})
	}
}

func (w *world) script(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	w.t = t
	switch d.Cmd {
	case "clock":
		w.clock(d.CmdArgs[0].Key)
		return ""
	case "call":
	default:
		t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
	}
	role, header, shown := "admin", http.Header{}, ""
	line, body, hasBody := strings.Cut(d.Input, "\n")
	for _, arg := range d.CmdArgs {
		value := strings.Join(arg.Vals, ",")
		switch arg.Key {
		case "as":
			role = value
		case "type":
			header.Set("Content-Type", value)
		case "authorization":
			header.Set("Authorization", strings.ReplaceAll(value, "_", " "))
		case "show":
			shown = value
		case "huge":
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Fatalf("%s: %v", d.Pos, err)
			}
			body = strings.ReplaceAll(body, "{huge}", strings.Repeat("x", n))
		case "times":
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Fatalf("%s: %v", d.Pos, err)
			}
			body = strings.ReplaceAll(body, "{times}", strings.TrimSuffix(strings.Repeat("0,", n), ","))
		default:
			t.Fatalf("%s: unknown argument %s", d.Pos, arg.Key)
		}
	}
	method, path, _ := strings.Cut(line, " ")
	if !strings.HasPrefix(path, "/api") && !strings.HasPrefix(path, "/healthz") && !strings.HasPrefix(path, "/readyz") {
		path = "/api/v1" + path
	}
	var in io.Reader
	if hasBody {
		in = strings.NewReader(body)
	}
	got := w.send(role, method, path, header, in)
	out := fmt.Sprintf("%d\n", got.status)
	if shown != "" {
		out += shown + ": " + got.header.Get(shown) + "\n"
	}
	if kind := got.header.Get("Content-Type"); got.status < 300 && got.body != "" && kind != "application/json" {
		out += kind + "\n"
	}
	if got.status >= 400 {
		if kind := got.header.Get("Content-Type"); kind != "application/problem+json" {
			t.Errorf("%s: got the content type %s, want application/problem+json", d.Pos, kind)
		}
		if strings.Contains(got.body, "\"code\":\"internal\"") {
			t.Errorf("%s: got an internal error, want one that says what is wrong", d.Pos)
		}
	}
	return out + settled(pretty(got.body))
}

// settled replaces what differs from run to run.
func settled(text string) string {
	text = secret.ReplaceAllString(text, "muster_SECRET")
	return keyID.ReplaceAllString(text, `"id":"KEY"`)
}

var (
	secret = regexp.MustCompile(`muster_[0-9a-f]{12}_[A-Za-z0-9_-]+`)
	keyID  = regexp.MustCompile(`"id": ?"[0-9a-f]{12}"`)
)
