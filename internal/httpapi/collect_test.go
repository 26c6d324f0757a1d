package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// collects makes a call as an SDK does: the write key as the user name.
func (w *world) collects(call, body string) reply {
	w.t.Helper()
	return w.send("", "POST", "/v1/"+call, http.Header{"Authorization": {basic(w.keys["collect"])}}, strings.NewReader(body))
}

func basic(key string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(key+":"))
}

// sent makes calls that have to succeed.
func (w *world) sent(calls ...[2]string) {
	w.t.Helper()
	for _, c := range calls {
		if got := w.collects(c[0], c[1]); got.status != 200 || !strings.HasPrefix(got.body, `{"success":true`) {
			w.t.Fatalf("%s %s: got %d %s, want success", c[0], c[1], got.status, got.body)
		}
	}
}

type collectedContact struct {
	ID         string         `json:"id"`
	ExternalID string         `json:"external_id"`
	Email      string         `json:"email"`
	VisitorIDs []string       `json:"visitor_ids"`
	Fields     map[string]any `json:"fields"`
	MergedIDs  []string       `json:"merged_ids"`
}

// people are all contacts, by the order in which they came into being.
func (w *world) people() []collectedContact {
	w.t.Helper()
	var page struct{ Items []collectedContact }
	w.must("GET", "/contacts?limit=1000", nil, &page)
	return page.Items
}

// timeline is what a contact did, latest first, as "type attribute=value".
func (w *world) timeline(id string) []string {
	w.t.Helper()
	var page struct {
		Items []struct {
			Type       string
			OccurredAt string `json:"occurred_at"`
			Attributes map[string]any
		}
	}
	w.must("GET", "/contacts/"+id+"/activities?limit=1000", nil, &page)
	var out []string
	for _, a := range page.Items {
		var attributes []string
		for name, value := range a.Attributes {
			attributes = append(attributes, fmt.Sprintf(" %s=%v", name, value))
		}
		slices.Sort(attributes)
		out = append(out, a.OccurredAt+" "+a.Type+strings.Join(attributes, ""))
	}
	return out
}

func TestAVisitorBecomesACustomer(t *testing.T) {
	w := newWorld(t)
	w.sent(
		[2]string{"page", `{"anonymousId":"a1","messageId":"m1","timestamp":"2026-03-02T08:00:00Z","context":{"page":{"path":"/pricing"}}}`},
		[2]string{"p", `{"anonymousId":"a1","messageId":"m2","timestamp":"2026-03-02T08:01:00Z","context":{"page":{"path":"/signup"}}}`},
		[2]string{"identify", `{"anonymousId":"a1","userId":"u1","messageId":"m3","traits":{"email":"ada@example.com","firstName":"Ada","plan":"pro","seats":3}}`},
		[2]string{"track", `{"userId":"u1","messageId":"m4","timestamp":"2026-03-02T08:02:00Z","event":"Order Completed","properties":{"order_id":"o1","total":30,"products":[{"product_id":"p1","price":15,"quantity":2}]}}`},
		[2]string{"group", `{"userId":"u1","groupId":"acme","traits":{"name":"Acme"}}`},
	)
	people := w.people()
	if len(people) != 1 {
		t.Fatalf("got %d contacts, want the visitor and the customer to be one: %+v", len(people), people)
	}
	p := people[0]
	want := collectedContact{ID: p.ID, ExternalID: "u1", Email: "ada@example.com", VisitorIDs: []string{"a1"}, MergedIDs: p.MergedIDs,
		Fields: map[string]any{"first_name": "Ada", "plan": "pro", "seats": float64(3), "account": "acme", "company": "Acme"}}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got %+v, want %+v", p, want)
	}
	activities := []string{
		"2026-03-02T08:02:00Z product_purchased amount=30 order=o1 product=p1 quantity=2",
		"2026-03-02T08:02:00Z purchase amount=30 order=o1",
		"2026-03-02T08:01:00Z page_visit page=/signup",
		"2026-03-02T08:00:00Z page_visit page=/pricing",
	}
	if got := w.timeline(p.ID); !slices.Equal(got, activities) {
		t.Errorf("got %q, want %q", got, activities)
	}
}

func TestTwoVisitorsOfOneCustomerMerge(t *testing.T) {
	w := newWorld(t)
	w.sent(
		[2]string{"page", `{"anonymousId":"phone","context":{"page":{"path":"/a"}}}`},
		[2]string{"page", `{"anonymousId":"laptop","context":{"page":{"path":"/b"}}}`},
		[2]string{"identify", `{"anonymousId":"phone","userId":"u1"}`},
		[2]string{"identify", `{"anonymousId":"laptop","userId":"u1"}`},
		[2]string{"alias", `{"previousId":"tablet","userId":"u1"}`},
		[2]string{"page", `{"anonymousId":"tablet","context":{"page":{"path":"/c"}}}`},
	)
	people := w.people()
	if len(people) != 1 || len(people[0].VisitorIDs) != 3 || len(w.timeline(people[0].ID)) != 3 {
		t.Errorf("got %+v, want one contact with three visitor ids and three visits", people)
	}
}

func TestWhatComesAgainCountsOnce(t *testing.T) {
	w := newWorld(t)
	first := `{"sentAt":"2026-03-02T09:00:00Z","batch":[
		{"type":"identify","userId":"u1","messageId":"i1","traits":{"plan":"free"}},
		{"type":"track","event":"Signed In","userId":"u1","messageId":"t1","timestamp":"2026-03-02T08:00:00Z"},
		{"type":"track","event":"Signed In","userId":"u1","messageId":"t2"}]}`
	second := `{"batch":[{"type":"identify","userId":"u1","messageId":"i2","traits":{"plan":"pro"}}]}`
	w.sent([2]string{"batch", first}, [2]string{"batch", second}, [2]string{"batch", first}, [2]string{"import", first}, [2]string{"b", second})
	p := w.people()[0]
	if got := len(w.timeline(p.ID)); p.Fields["plan"] != "pro" || got != 2 {
		t.Errorf("got plan %v and %d activities, want pro and 2: a batch that comes again changes nothing", p.Fields["plan"], got)
	}
	w.clock("2026-03-03T08:59:59Z")
	w.sent([2]string{"batch", first})
	if got := w.people()[0].Fields["plan"]; got != "pro" {
		t.Errorf("got plan %v almost a day later, want pro", got)
	}
	w.clock("2026-03-03T09:00:00Z")
	w.sent([2]string{"batch", first})
	if got := w.people()[0].Fields["plan"]; got != "free" {
		t.Errorf("got plan %v a day later, want free: it is remembered for a day", got)
	}
}

func TestABatchIsAppliedInTheOrderInWhichItHappened(t *testing.T) {
	w := newWorld(t)
	w.sent([2]string{"batch", `{"batch":[
		{"type":"identify","userId":"u1","timestamp":"2026-03-02T08:00:02Z","traits":{"plan":"pro"}},
		{"type":"identify","userId":"u1","timestamp":"2026-03-02T08:00:01.5Z","traits":{"plan":"free"}}]}`})
	if got := w.people()[0].Fields["plan"]; got != "pro" {
		t.Errorf("got plan %v, want pro, the later one", got)
	}
}

func TestEventsMakeTypesThatConditionsCanUse(t *testing.T) {
	w := newWorld(t)
	w.sent([2]string{"batch", `{"batch":[
		{"type":"track","event":"Video Watched","userId":"u1","properties":{"title":"Intro"}},
		{"type":"track","event":"Video Watched","userId":"u1","properties":{"seconds":30,"title":"Intro"}}]}`})
	var kind struct {
		Name       string
		Attributes []struct{ Code, Type string }
	}
	w.must("GET", "/activity-types/video_watched", nil, &kind)
	if kind.Name != "Video Watched" || len(kind.Attributes) != 2 || kind.Attributes[1].Type != "number" {
		t.Errorf("got %+v, want title and seconds", kind)
	}
	if got := w.timeline(w.people()[0].ID); len(got) != 2 || !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "seconds=30") }) {
		t.Errorf("got %q, want both with their attributes", got)
	}
}

func TestWritersAreKnownByTheirKey(t *testing.T) {
	w := newWorld(t)
	body := func(key string) string { return `{"userId":"u1","writeKey":"` + key + `"}` }
	key := w.keys["collect"]
	for _, tt := range []struct {
		name, authorization, body string
		status                    int
	}{
		{"the user name", basic(key), body(""), 200},
		{"a bearer", "Bearer " + key, body(""), 200},
		{"in the body", "", body(key), 200},
		{"a key that may edit", basic(w.keys["edit"]), body(""), 200},
		{"a key that may only read", basic(w.keys["read"]), body(""), 403},
		{"a wrong key", basic("wrong"), body(key), 401},
		{"no key", "", body(""), 401},
	} {
		header := http.Header{}
		if tt.authorization != "" {
			header.Set("Authorization", tt.authorization)
		}
		got := w.send("", "POST", "/v1/identify", header, strings.NewReader(tt.body))
		if got.status != tt.status || got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s: got %d %s, want %d, readable from anywhere, and no window that asks for a password", tt.name, got.status, got.body, tt.status)
		}
	}
}

func TestBodiesArePackedAndBounded(t *testing.T) {
	w := newWorld(t)
	packed := func(text string) *bytes.Buffer {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return &b
	}
	var messages []string
	for i := range 1000 {
		messages = append(messages, fmt.Sprintf(`{"type":"track","event":"Signed In","userId":"u%d","messageId":"m%d","context":{"padding":%q}}`, i%10, i, strings.Repeat("x", 400)))
	}
	large := `{"batch":[` + strings.Join(messages, ",") + `]}`
	header := http.Header{"Authorization": {basic(w.keys["collect"])}}
	zipped := header.Clone()
	zipped.Set("Content-Encoding", "gzip")
	for _, tt := range []struct {
		name   string
		header http.Header
		body   *bytes.Buffer
		status int
	}{
		{"500 kB", header, bytes.NewBufferString(large), 200},
		{"500 kB, packed", zipped, packed(large), 200},
		{"2 MB", header, bytes.NewBufferString(large + strings.Repeat(" ", 2<<20)), 413},
		{"2 MB, packed to little", zipped, packed(large + strings.Repeat(" ", 2<<20)), 413},
		{"not packed", zipped, bytes.NewBufferString(large), 400},
		{"no JSON", header, bytes.NewBufferString("{"), 400},
	} {
		if got := w.send("", "POST", "/v1/batch", tt.header, tt.body); got.status != tt.status {
			t.Errorf("%s: got %d %.200s, want %d", tt.name, got.status, got.body, tt.status)
		}
	}
	if got := len(w.people()); got != 10 {
		t.Errorf("got %d contacts, want 10", got)
	}
}

func TestOneBadMessageDoesNotSpoilABatch(t *testing.T) {
	w := newWorld(t)
	got := w.collects("batch", `{"batch":[{"type":"track","event":"x"},{"type":"identify","userId":"u1","traits":{"createdAt":1}},{"type":"nonsense","userId":"u1"}]}`)
	var answer struct {
		Success bool
		Ignored []struct {
			Message int
			Parts   []string
		}
		Refused []struct{ Message int }
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		t.Fatal(err)
	}
	if got.status != 200 || !answer.Success || len(answer.Refused) != 2 || answer.Refused[1].Message != 2 || len(answer.Ignored) != 1 || answer.Ignored[0].Message != 1 {
		t.Errorf("got %d %s, want success, the first and last refused, and createdAt ignored", got.status, got.body)
	}
	if single := w.collects("track", `{"event":"x"}`); single.status != 422 {
		t.Errorf("a single message of nobody: got %d %s, want 422", single.status, single.body)
	}
}

func TestBrowsersMayCallFromEverySite(t *testing.T) {
	w := newWorld(t)
	got := w.send("", "OPTIONS", "/v1/t", http.Header{"Origin": {"https://shop.example"}, "Access-Control-Request-Method": {"POST"},
		"Access-Control-Request-Headers": {"authorization,content-type,x-retry-count"}}, nil)
	if got.status != 204 || got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Access-Control-Allow-Headers") != "authorization,content-type,x-retry-count" {
		t.Errorf("got %d %v, want 204 that allows it", got.status, got.header)
	}
	settings := w.send("", "GET", "/v1/projects/KEY/settings", nil, nil)
	host := strings.TrimPrefix(w.server.URL, "http://")
	if settings.status != 200 || !strings.Contains(settings.body, `"apiHost":"`+host+`/v1"`) || !strings.Contains(settings.body, `"apiKey":"KEY"`) || !strings.Contains(settings.body, `"protocol":"http"`) {
		t.Errorf("got %d %s, want settings that send events to %s", settings.status, settings.body, host)
	}
	if nothing := w.collects("dance", "{}"); nothing.status != 404 {
		t.Errorf("got %d %s, want 404", nothing.status, nothing.body)
	}
}

func TestAWebsiteSeesTheGroupsThatAreShownToIt(t *testing.T) {
	w := newWorld(t)
	for _, code := range []string{"shown", "hidden"} {
		w.must("POST", "/groups", map[string]any{"code": code, "name": code, "shown_to_websites": code == "shown", "recalculate": true,
			"condition": json.RawMessage(`{"version":1,"match":"all","groups":[{"match":"all","conditions":[{"type":"visited-page","params":{"pages":["/pricing"]}}]}]}`)}, nil)
	}
	for _, code := range []string{"shown", "hidden"} {
		w.must("POST", "/groups/"+code+"/recalculate?wait=true", nil, nil)
	}
	w.sent([2]string{"page", `{"anonymousId":"a1","context":{"page":{"path":"/pricing"}}}`})
	ask := func(body string) reply { return w.send("", "POST", "/v1/groups", nil, strings.NewReader(body)) }
	key := w.keys["collect"]
	if got := ask(`{"writeKey":"` + key + `","anonymousId":"a1"}`); got.status != 200 || got.body != `{"groups":["shown"]}`+"\n" {
		t.Errorf("got %d %s, want the group that is shown", got.status, got.body)
	}
	if got := ask(`{"writeKey":"` + key + `","anonymousId":"a2"}`); got.status != 200 || got.body != `{"groups":[]}`+"\n" {
		t.Errorf("somebody new: got %d %s, want no groups", got.status, got.body)
	}
	if got := ask(`{"anonymousId":"a1"}`); got.status != 401 {
		t.Errorf("without a key: got %d %s, want 401", got.status, got.body)
	}
}
