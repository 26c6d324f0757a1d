package httpapi_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/muster-groups/muster/internal/httpapi"
)

// The table of permissions is asked over HTTP: every operation with every role
// and with none. Only whether the door opens is looked at; what is behind it,
// with a made-up path and no body, may well be an error.
func TestEveryOperationOpensForTheRolesOfItsRowAndNoOther(t *testing.T) {
	w := newWorld(t)
	for operation, roles := range httpapi.Permissions() {
		method, path, _ := strings.Cut(operation, " ")
		path = strings.NewReplacer("{code}", "nowhere", "{id}", contact(77).String(), "{contact}", "nobody", "{version}", "1", "{source}", "pages").Replace(path)
		if got := w.knock("nobody", method, path); got != http.StatusUnauthorized {
			t.Errorf("%s without a key: got %d, want 401", operation, got)
		}
		for _, role := range []string{"collect", "read", "edit", "admin"} {
			got := w.knock(role, method, path)
			switch mayPass := slices.Contains(roles, role); {
			case mayPass && (got == http.StatusForbidden || got == http.StatusUnauthorized || got >= 500):
				// A collect key passes this door and meets a narrower one.
				if role != "collect" || operation != "POST /api/v1/contacts/lookup" {
					t.Errorf("%s as %s: got %d, want to be let in", operation, role, got)
				}
			case !mayPass && got != http.StatusForbidden:
				t.Errorf("%s as %s: got %d, want 403", operation, role, got)
			}
		}
	}
}

// knock answers the status of a request, without waiting for the end of a stream.
func (w *world) knock(role, method, path string) int {
	w.t.Helper()
	var body io.Reader
	if method != http.MethodGet && method != http.MethodDelete {
		body = strings.NewReader("{}")
	}
	response := w.open(role, method, path, http.Header{}, body)
	defer response.Body.Close()
	return response.StatusCode
}

func TestTheTableOfPermissionsHasTheRolesOfTheContract(t *testing.T) {
	for operation, want := range map[string][]string{
		"POST /api/v1/contacts":                  {"collect", "edit", "admin"},
		"POST /api/v1/activities":                {"collect", "edit", "admin"},
		"POST /api/v1/changes":                   {"collect", "edit", "admin"},
		"POST /api/v1/contacts/lookup":           {"collect", "read", "edit", "admin"},
		"GET /api/v1/contacts/{id}":              {"read", "edit", "admin"},
		"DELETE /api/v1/contacts/{id}":           {"edit", "admin"},
		"GET /api/v1/groups":                     {"read", "edit", "admin"},
		"POST /api/v1/groups":                    {"edit", "admin"},
		"POST /api/v1/groups/{code}/recalculate": {"edit", "admin"},
		"GET /api/v1/changes/stream":             {"read", "edit", "admin"},
		"POST /api/v1/keys":                      {"admin"},
		"PATCH /api/v1/settings":                 {"admin"},
		"POST /api/v1/clock":                     {"admin"},
	} {
		if got := httpapi.Permissions()[operation]; !slices.Equal(got, want) {
			t.Errorf("%s: got the roles %v, want %v", operation, got, want)
		}
	}
}

func TestAKeyIsShownOnceUsedAndRevoked(t *testing.T) {
	w := newWorld(t)
	var made struct{ ID, Name, Role, Secret string }
	w.must("POST", "/keys", map[string]string{"name": "The website", "role": "collect"}, &made)
	w.keys["made"] = made.Secret
	if got := w.send("made", "POST", "/api/v1/contacts", nil, strings.NewReader(`{"visitor_id": "v"}`)); got.status != http.StatusOK {
		t.Fatalf("a new collect key writes a contact: got %d %s, want 200", got.status, got.body)
	}
	listed := w.send("admin", "GET", "/api/v1/keys", nil, nil)
	if strings.Contains(listed.body, made.Secret) || !strings.Contains(listed.body, made.ID) {
		t.Errorf("list of keys: got %s, want the key %s without its secret", listed.body, made.ID)
	}
	var page struct {
		Items []struct {
			ID         string
			LastUsedAt *string `json:"last_used_at"`
		}
	}
	if err := json.Unmarshal([]byte(listed.body), &page); err != nil {
		t.Fatal(err)
	}
	for _, k := range page.Items {
		if k.ID == made.ID && (k.LastUsedAt == nil || *k.LastUsedAt != beginning) {
			t.Errorf("last use of the key: got %v, want %s", k.LastUsedAt, beginning)
		}
	}
	w.must("DELETE", "/keys/"+made.ID, nil, nil)
	if got := w.knock("made", "POST", "/api/v1/contacts"); got != http.StatusUnauthorized {
		t.Errorf("a revoked key: got %d, want 401", got)
	}
}
