package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/muster-groups/muster/internal/httpapi"
)

func TestHealthAndMetricsNeedNoKey(t *testing.T) {
	w := newWorld(t)
	vienna(w)
	w.must("POST", "/activities", `[{"contact": {"visitor_id": "v1"}, "type": "login"}, {"contact": {}, "type": "login"}]`, nil)
	for path, want := range map[string][]string{
		"/healthz": {`"status":"alive"`},
		"/readyz":  {`"status":"ready"`, `"now":"` + beginning + `"`},
		"/metrics": {
			"muster_contacts 1\n", "muster_activities 1\n", `muster_items_total{status="accepted"} 1`, `muster_groups{status="up_to_date"} 1`,
			`muster_http_request_seconds_count{operation="POST /api/v1/activities",status="200"} 1`, "muster_clock_stands 0", `muster_store_bytes{part="disk"}`,
		},
	} {
		got := w.send("nobody", "GET", path, nil, nil)
		if got.status != http.StatusOK {
			t.Errorf("GET %s: got %d, want 200", path, got.status)
		}
		for _, part := range want {
			if !strings.Contains(got.body, part) {
				t.Errorf("GET %s: got %s, want %q in it", path, got.body, part)
			}
		}
	}
}

func TestWithoutAStoreAServerSaysWhyAndWhenToTryAgain(t *testing.T) {
	for name, handler := range map[string]http.Handler{"starting": httpapi.Starting(), "away": httpapi.Away("the database is away")} {
		for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/api/v1/groups": 503, "/": 503} {
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, httptest.NewRequest("GET", path, nil))
			if recorder.Code != want {
				t.Errorf("GET %s while %s: got %d, want %d", path, name, recorder.Code, want)
			}
			if want == 503 && recorder.Header().Get("Retry-After") == "" {
				t.Errorf("GET %s while %s: got no Retry-After, want one", path, name)
			}
			if path == "/readyz" && !strings.Contains(recorder.Body.String(), `"status":"`+name+`"`) {
				t.Errorf("GET /readyz while %s: got %s, want that status", name, recorder.Body)
			}
		}
	}
}

func TestTheSystemPageTellsWhatIsGoingOn(t *testing.T) {
	w := newWorld(t)
	vienna(w)
	w.must("PATCH", "/groups/vienna", `{"schedule_recalculation": true}`, nil)
	w.must("POST", "/contacts", `{"external_id": "c1", "fields": {"city": "Wien"}}`, nil)
	var system struct {
		Version   string
		Health    struct{ Status string }
		Sizes     struct{ Contacts, Changes int }
		Items     map[string]int
		Groups    map[string]int
		Scheduled []struct{ Group, At string }
		Settings  struct {
			TimeZone string `json:"time_zone"`
		}
		Limits map[string]int
	}
	w.must("GET", "/system", nil, &system)
	got := fmt.Sprint(system)
	want := "{test {ready} {1 1} map[accepted:1] map[up_to_date:1] [{vienna 2026-03-03T02:07:00Z}] {UTC} " +
		"map[activities_per_request:1000 attributes_per_activity:100 batch_items:1000 condition_nesting:5 conditions_per_document:200 line_bytes:262144]}"
	if got != want {
		t.Errorf("system: got\n%s, want\n%s", got, want)
	}
}

func TestAllPagesOfAListTogetherAreTheList(t *testing.T) {
	w := newWorld(t)
	var lines strings.Builder
	for i := range 25 {
		fmt.Fprintf(&lines, "{\"contact\": {\"external_id\": \"c%02d\", \"fields\": {\"city\": \"Wien\"}}}\n", i)
	}
	w.must("POST", "/changes", lines.String(), nil)
	vienna(w)
	for _, list := range []string{"/contacts?", "/contacts?search=c&", "/groups/vienna/contacts?", "/groups/vienna/contacts?sort=-since&", "/groups/vienna/contacts?sort=since&search=c&", "/groups/vienna/changes?", "/groups/vienna/contacts?at=" + beginning + "&"} {
		seen := map[string]bool{}
		cursor, pages := "", 0
		for {
			var page struct {
				Items []map[string]any
				Next  *string
			}
			w.must("GET", list+"limit=10&cursor="+cursor, nil, &page)
			for _, item := range page.Items {
				key := fmt.Sprint(item["id"], item["contact_id"])
				if seen[key] {
					t.Errorf("%s: got %s twice", list, key)
				}
				seen[key] = true
			}
			if pages++; page.Next == nil {
				break
			}
			cursor = *page.Next
		}
		if len(seen) != 25 || pages != 3 {
			t.Errorf("%s: got %d items on %d pages, want 25 on 3", list, len(seen), pages)
		}
	}
}
