package httpapi_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func vienna(w *world) {
	w.t.Helper()
	w.must("POST", "/groups", `{"code": "vienna", "name": "Vienna", "condition": {"groups": [{"conditions": [{"type": "field", "params": {"field": "city", "op": "is", "value": "Wien"}}]}]}}`, nil)
	w.must("POST", "/groups/vienna/recalculate?wait=true", nil, nil)
}

type feed struct {
	Items []struct {
		Seq       int
		Group     string
		Direction string
	}
	Last int
}

func TestALongPollAnswersAsSoonAsThereIsARecord(t *testing.T) {
	w := newWorld(t)
	vienna(w)
	waiting := make(chan reply)
	go func() { waiting <- w.send("read", "GET", "/api/v1/changes?after=0&wait=1m", nil, nil) }()
	// A change that concerns no group does not end the wait; the next one does,
	// whether it comes before or after the poll has begun.
	w.must("POST", "/contacts", `{"external_id": "c1", "fields": {"city": "Graz"}}`, nil)
	w.must("POST", "/contacts", `{"external_id": "c1", "fields": {"city": "Wien"}}`, nil)
	got := <-waiting
	var answer feed
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Items) != 1 || answer.Items[0].Group != "vienna" || answer.Items[0].Direction != "entered" || answer.Last != 1 {
		t.Errorf("long poll: got %s, want that one contact entered vienna", got.body)
	}
}

func TestALongPollEndsWithoutRecordsWhenItsTimeIsOver(t *testing.T) {
	w := newWorld(t)
	vienna(w)
	got := w.send("read", "GET", "/api/v1/changes?after=0&wait=20ms", nil, nil)
	if want := `{"items":[],"next":null,"last":0}`; strings.TrimSpace(got.body) != want {
		t.Errorf("long poll without records: got %s, want %s", got.body, want)
	}
}

// event is a server-sent event.
type event struct{ ID, Name, Data string }

// events reads so many events of a stream, passing over comments.
func events(t *testing.T, from *bufio.Reader, n int) []event {
	t.Helper()
	var out []event
	for e := (event{}); len(out) < n; {
		line, err := from.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream ended after %v: %v", out, err)
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "id":
			e.ID = value
		case "event":
			e.Name = value
		case "data":
			e.Data = value
		case "":
			if e.Name != "" {
				out = append(out, e)
			}
			e = event{}
		}
	}
	return out
}

func TestTheStreamOfChangesGoesOnWhereAClientLeft(t *testing.T) {
	w := newWorld(t)
	vienna(w)
	w.must("POST", "/contacts", `{"external_id": "c1", "fields": {"city": "Wien"}}`, nil)

	stream := w.open("read", "GET", "/api/v1/changes/stream", nil, nil)
	defer stream.Body.Close()
	if got := stream.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("content type of the stream: got %s, want text/event-stream", got)
	}
	w.must("POST", "/contacts", `{"external_id": "c1", "fields": {"city": "Graz"}}`, nil)
	w.must("POST", "/contacts", `{"external_id": "c2", "fields": {"city": "Wien"}}`, nil)
	want := []event{
		{"2", "left", `{"seq":2,"group":"vienna","contact_id":"` + contact(1).String() + `","at":"` + beginning + `","direction":"left","cause":{"kind":"field","code":"city"}}`},
		{"3", "entered", `{"seq":3,"group":"vienna","contact_id":"` + contact(2).String() + `","at":"` + beginning + `","direction":"entered","cause":{"kind":"field","code":"city"}}`},
	}
	if diff := cmp.Diff(want, events(t, bufio.NewReader(stream.Body), 2)); diff != "" {
		t.Errorf("from now on, only what comes (-want +got):\n%s", diff)
	}

	again := w.open("read", "GET", "/api/v1/changes/stream", http.Header{"Last-Event-Id": {"2"}}, nil)
	defer again.Body.Close()
	if diff := cmp.Diff(want[1:], events(t, bufio.NewReader(again.Body), 1)); diff != "" {
		t.Errorf("with Last-Event-ID, what was missed (-want +got):\n%s", diff)
	}
}

func TestTheStreamOfActivitiesShowsWhatIsAccepted(t *testing.T) {
	w := newWorld(t)
	stream := w.open("read", "GET", "/api/v1/activities/stream", nil, nil)
	defer stream.Body.Close()
	w.must("POST", "/activities", `[
		{"contact": {"visitor_id": "v1"}, "type": "page_visit", "id": "a1", "attributes": {"page": "/pricing"}},
		{"contact": {"visitor_id": "v1"}, "type": "page_visit", "id": "a1"},
		{"contact": {"visitor_id": "v1"}, "type": "nonsense"},
		{"contact": {"visitor_id": "v2"}, "type": "login", "occurred_at": "2026-03-01T00:00:00Z", "value": "x"}]`, nil)
	want := []event{
		{"", "activity", `{"type":"page_visit","occurred_at":"` + beginning + `","channel":null,"attributes":{"page":"/pricing"},"contact_id":"` + contact(1).String() + `","id":"a1"}`},
		{"", "activity", `{"type":"login","occurred_at":"2026-03-01T00:00:00Z","channel":null,"value":"x","attributes":{},"contact_id":"` + contact(2).String() + `","id":null}`},
	}
	if diff := cmp.Diff(want, events(t, bufio.NewReader(stream.Body), 2)); diff != "" {
		t.Errorf("live activities (-want +got):\n%s", diff)
	}
}
