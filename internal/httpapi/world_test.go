package httpapi_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/httpapi"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/internal/store/folder"
)

// world is the API in front of the real thing: use cases, roster and the
// embedded store in a directory of its own. Time stands at the beginning until
// it is moved; contact ids count from 1.
type world struct {
	t      testing.TB
	app    *app.App
	api    *httpapi.Server
	server *httptest.Server
	keys   map[string]string // secrets by role
}

const (
	beginning = "2026-03-02T09:00:00Z" // a Monday
	adminKey  = "the-bootstrap-key"
	// patience is how long a test waits for what will certainly come. It only
	// bounds a hanging test, on the slowest and busiest machine.
	patience = 3 * time.Minute
)

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldOn(t, func(st store.Store) store.Store { return st })
}

// newWorldOn is a world over what the test makes of its store.
func newWorldOn(t testing.TB, of func(store.Store) store.Store) *world {
	t.Helper()
	opened, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st := of(opened)
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	at, err := muster.ParseInstant(beginning)
	if err != nil {
		t.Fatal(err)
	}
	clock := app.NewManualClock(at)
	contacts := uint64(0)
	r, err := roster.Open(t.Context(), st, roster.Options{Clock: clock, Manual: true, ServerZone: time.UTC,
		Minute: func(from, _ int) int { return from + 7 },
		NewID:  func(muster.Instant) muster.ContactID { contacts++; return contact(contacts) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	files, err := folder.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Config{Roster: r, Files: files, Manual: clock, AdminKey: adminKey, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	w := &world{t: t, app: a, api: httpapi.New(httpapi.Config{App: a, Webhooks: newWebhooks(t, a), Connectors: newConnectors(t, a), MaxBody: 64 << 10}), keys: map[string]string{"admin": adminKey}}
	w.server = httptest.NewServer(w.api)
	t.Cleanup(w.server.Close)
	for _, role := range []app.Role{app.RoleCollect, app.RoleRead, app.RoleEdit} {
		k, err := a.CreateKey(t.Context(), app.KeyInput{Name: string(role), Role: role})
		if err != nil {
			t.Fatal(err)
		}
		w.keys[string(role)] = k.Secret
	}
	return w
}

// contact is the id of the n-th contact.
func contact(n uint64) (id muster.ContactID) {
	id[6], id[8] = 0x70, 0x80
	binary.BigEndian.PutUint64(id[8:], n|1<<63)
	return id
}

// reply is an answer, read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// send makes a request with the key of a role; "" sends none.
func (w *world) send(role, method, path string, header http.Header, body io.Reader) reply {
	w.t.Helper()
	response := w.open(role, method, path, header, body)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatalf("%s %s: %v after %q", method, path, err, text)
	}
	return reply{response.StatusCode, response.Header, string(text)}
}

// open makes a request and leaves the answer open.
func (w *world) open(role, method, path string, header http.Header, body io.Reader) *http.Response {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	if key := w.keys[role]; key != "" && request.Header.Get("Authorization") == "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	if body != nil && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := w.server.Client().Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	return response
}

// must makes a request as an admin that has to succeed, and reads its answer.
func (w *world) must(method, path string, body any, out any) {
	w.t.Helper()
	var in io.Reader
	if body != nil {
		text, isText := body.(string)
		if !isText {
			encoded, err := json.Marshal(body)
			if err != nil {
				w.t.Fatal(err)
			}
			text = string(encoded)
		}
		in = strings.NewReader(text)
	}
	got := w.send("admin", method, "/api/v1"+path, nil, in)
	if got.status >= 300 {
		w.t.Fatalf("%s %s %v: got %d %s, want success", method, path, body, got.status, got.body)
	}
	if out != nil {
		if err := json.Unmarshal([]byte(got.body), out); err != nil {
			w.t.Fatalf("%s %s: %v in %s", method, path, err, got.body)
		}
	}
}

// clock moves time.
func (w *world) clock(to string) {
	w.t.Helper()
	w.must("POST", "/clock", map[string]string{"to": to}, nil)
}

// pretty prints JSON with a value on one line where it fits.
func pretty(text string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.UseNumber()
		var out bytes.Buffer
		if json.Valid([]byte(line)) && prettyValue(&out, json.RawMessage(line), "") == nil {
			lines = append(lines, out.String())
		} else {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

const prettyWidth = 150

func prettyValue(out *bytes.Buffer, raw json.RawMessage, indent string) error {
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return err
	}
	first := compact.Bytes()[0]
	if compact.Len()+len(indent) <= prettyWidth || first != '{' && first != '[' {
		out.Write(compact.Bytes())
		return nil
	}
	decoder := json.NewDecoder(&compact)
	if _, err := decoder.Token(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%c", first)
	for n := 0; decoder.More(); n++ {
		if n > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(out, "\n%s  ", indent)
		if first == '{' {
			key, err := decoder.Token()
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%q: ", key)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		if err := prettyValue(out, value, indent+"  "); err != nil {
			return err
		}
	}
	closing := map[byte]string{'{': "}", '[': "]"}[first]
	fmt.Fprintf(out, "\n%s%s", indent, closing)
	return nil
}
