package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/store"
)

// upload is a bulk load whose sender takes its time.
type upload struct {
	t       *testing.T
	body    *io.PipeWriter
	answers *bufio.Reader
}

// slowly begins a bulk load with its first lines. It is given up when the test
// has waited far too long for an answer.
func slowly(t *testing.T, w *world, server *httptest.Server, first string) *upload {
	t.Helper()
	in, body := io.Pipe()
	t.Cleanup(func() { _ = body.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, "POST", server.URL+"/api/v1/changes", in)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+w.keys["edit"])
	go func() { _, _ = io.WriteString(body, first) }() // until there is an answer, nobody hears of an error
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatalf("a load that began with %q: got no answer: %v", first, err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return &upload{t, body, bufio.NewReader(response.Body)}
}

func (u *upload) send(text string) {
	u.t.Helper()
	if _, err := io.WriteString(u.body, text); err != nil {
		u.t.Fatalf("send %q: %v", text, err)
	}
}

// answer is a line of the answer.
type answer struct {
	Line    int
	Status  string
	Summary *app.LoadSummary
	Error   *struct{ Code, Kept string }
}

func (u *upload) wants(want answer) {
	u.t.Helper()
	text, err := u.answers.ReadBytes('\n')
	if err != nil {
		u.t.Fatalf("got %q and then %v, want the answer %+v", text, err, want)
	}
	var got answer
	if err := json.Unmarshal(text, &got); err != nil {
		u.t.Fatalf("got %q, want an answer: %v", text, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		u.t.Errorf("answer %s (-want +got):\n%s", text, diff)
	}
}

func person(id string) string { return `{"contact":{"external_id":"` + id + `"}}` + "\n" }

func TestEveryLineOfASlowLoadIsAnsweredBeforeTheNextComes(t *testing.T) {
	w := newWorld(t)
	u := slowly(t, w, w.server, person("c1"))
	u.wants(answer{Line: 1, Status: "accepted"})
	u.send("no line\n")
	u.wants(answer{Line: 2, Status: "rejected", Error: &struct{ Code, Kept string }{Code: "invalid"}})
	// Neither lines that come together nor one that has not come whole are in the way.
	next := person("c5")
	u.send(person("c3") + person("c4") + next[:10])
	u.wants(answer{Line: 3, Status: "accepted"})
	u.wants(answer{Line: 4, Status: "accepted"})
	u.send(next[10:])
	u.wants(answer{Line: 5, Status: "accepted"})
	if err := u.body.Close(); err != nil {
		t.Fatal(err)
	}
	u.wants(answer{Summary: &app.LoadSummary{Lines: 5, Accepted: 4, Rejected: 1, Complete: true}})
}

func TestAShortLoadIsAnsweredInOnePiece(t *testing.T) {
	w := newWorld(t)
	request, err := http.NewRequestWithContext(t.Context(), "POST", w.server.URL+"/api/v1/changes", strings.NewReader(person("c1")+person("c2")))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+w.keys["edit"])
	response, err := w.server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it was read
	body, err := io.ReadAll(response.Body)
	if err != nil || strings.Count(string(body), "\n") != 3 || response.ContentLength != int64(len(body)) {
		t.Errorf("two lines: got %q of the length %d, %v; want three lines of a known length", body, response.ContentLength, err)
	}
}

func TestALoadThatIsStoppedWhileItsSenderIsSilentSaysWhatWasKept(t *testing.T) {
	w := newWorld(t)
	running, stop := context.WithCancel(t.Context())
	defer stop()
	server := httptest.NewUnstartedServer(w.api)
	server.Config.BaseContext = func(net.Listener) context.Context { return running }
	server.Start()
	t.Cleanup(server.Close)

	next := person("c3")
	u := slowly(t, w, server, person("c1")+person("c2")+next[:10])
	u.wants(answer{Line: 1, Status: "accepted"})
	u.wants(answer{Line: 2, Status: "accepted"})
	stop()
	u.wants(answer{Summary: &app.LoadSummary{Lines: 2, Accepted: 2},
		Error: &struct{ Code, Kept string }{"unavailable", "the lines that the summary counts as accepted"}})
	if rest, err := io.ReadAll(u.answers); err != nil || len(rest) > 0 {
		t.Errorf("after the summary: got %q and %v, want the end", rest, err)
	}
	if got := w.send("read", "GET", "/api/v1/contacts", nil, nil).body; strings.Count(got, `"external_id"`) != 2 {
		t.Errorf("contacts after the load: got %s, want the two that were accepted", got)
	}
}

// unplugged is a store whose database hangs up in the middle of a commit.
type unplugged struct {
	store.Store
	now atomic.Bool
}

func (u *unplugged) Update(ctx context.Context, fn func(store.Tx) error) error {
	if u.now.Load() {
		return &muster.Error{Code: muster.CodeUnavailable, Message: "The database cannot be reached.", Err: io.ErrUnexpectedEOF}
	}
	return u.Store.Update(ctx, fn)
}

// The sender of a load is not told that its lines ended early when it was the
// database that hung up.
func TestALoadWhoseDatabaseHangsUpIsRefusedForThat(t *testing.T) {
	var u *unplugged
	w := newWorldOn(t, func(st store.Store) store.Store { u = &unplugged{Store: st}; return u })
	load := slowly(t, w, w.server, person("one"))
	load.wants(answer{Line: 1, Status: "accepted"})
	u.now.Store(true)
	load.send(person("two"))
	load.wants(answer{Summary: &app.LoadSummary{Lines: 1, Accepted: 1}, Error: &struct{ Code, Kept string }{"unavailable", "the lines that the summary counts as accepted"}})
	got := w.send("edit", "POST", "/api/v1/changes", nil, strings.NewReader(person("three")))
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, `"unavailable"`) {
		t.Errorf("a load that had not begun: got %d %s, want 503, unavailable", got.status, got.body)
	}
	u.now.Store(false)
}
