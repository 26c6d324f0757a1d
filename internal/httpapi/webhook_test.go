package httpapi_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/delivery/egress"
	"github.com/muster-groups/muster/internal/delivery/shelf"
	"github.com/muster-groups/muster/internal/delivery/webhook"
)

// newWebhooks delivers to one address of this machine, and to no other.
func newWebhooks(t testing.TB, a *app.App) *webhook.Service {
	t.Helper()
	policy, err := egress.ParsePolicy("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	client := egress.NewClient(policy, patience)
	hooks, err := webhook.Open(t.Context(), webhook.Config{Feed: a, Client: client, Check: policy.Check, Agent: "Muster/test",
		Documents: func(kind string) shelf.Documents { return a.DeliveryDocuments(kind) }})
	if err != nil {
		t.Fatal(err)
	}
	hooks.Start()
	t.Cleanup(func() {
		hooks.Close()
		client.CloseIdleConnections()
	})
	return hooks
}

// hooked is what a receiver got.
type hooked struct {
	header http.Header
	raw    []byte
	body   struct {
		Type string
		Data struct {
			Changes []struct {
				Seq        uint64
				Group      string
				Direction  string
				ContactID  *string `json:"contact_id"`
				ExternalID *string `json:"external_id"`
				Email      *string
				Cause      struct{ Kind, Code string }
			}
		}
	}
}

// receiver hands on what it gets.
func receiver(t *testing.T, status int) (url string, got chan hooked) {
	t.Helper()
	got = make(chan hooked, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var h hooked
		h.header = r.Header
		h.raw, _ = io.ReadAll(r.Body)
		if err := json.Unmarshal(h.raw, &h.body); err != nil {
			t.Errorf("the body %s: %v", h.raw, err)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "what the receiver says")
		got <- h
	}))
	t.Cleanup(server.Close)
	return server.URL + "/hook", got
}

// await takes the next request.
func await(t *testing.T, got <-chan hooked) hooked {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	select {
	case h := <-got:
		return h
	case <-ctx.Done():
		t.Fatalf("got no request within %s, want one", patience)
		return hooked{}
	}
}

func (w *world) visitorsGroup() {
	w.t.Helper()
	w.must("POST", "/groups", `{"code": "companies", "name": "Companies", "condition": {"match": "all", "groups": [{"match": "all", "conditions": [
		{"type": "field", "params": {"field": "company", "op": "ends_with", "value": "GmbH"}}]}]}}`, nil)
	w.must("POST", "/groups/companies/recalculate?wait=true", nil, nil)
}

func TestAWebhookIsToldOfWhoEntersWithASignatureThatVerifies(t *testing.T) {
	w := newWorld(t)
	w.visitorsGroup()
	url, got := receiver(t, http.StatusOK)
	var made webhook.Webhook
	w.must("POST", "/webhooks", map[string]any{"url": url, "groups": []string{"companies"}, "identifiers": true, "batch_seconds": 0}, &made)
	w.must("POST", "/contacts", `{"external_id": "c-1", "email": "ada@example.com", "fields": {"company": "Engines GmbH"}}`, nil)
	h := await(t, got)
	verifier, err := standardwebhooks.NewWebhook(made.Secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := verifier.Verify(h.raw, h.header); err != nil {
		t.Errorf("the signature: got %v, want it to verify with %s", err, made.Secret)
	}
	if len(h.body.Data.Changes) != 1 {
		t.Fatalf("got %s, want one change", h.raw)
	}
	c := h.body.Data.Changes[0]
	if h.body.Type != "group.changes" || c.Group != "companies" || c.Direction != "entered" || c.Cause.Kind != "field" || *c.ExternalID != "c-1" || *c.Email != "ada@example.com" {
		t.Errorf("got %s, want that c-1 entered companies by a field", h.raw)
	}
	// Whoever is erased is named by the id that was sent before, so that the receiver knows whom to delete.
	w.must("DELETE", "/contacts/"+*c.ContactID, nil, nil)
	erased := await(t, got)
	if last := erased.body.Data.Changes[0]; last.Direction != "left" || last.Cause.Kind != "erasure" || last.ContactID == nil || *last.ContactID != *c.ContactID || last.Email != nil {
		t.Errorf("erased: got %s, want that the same contact left by erasure, without email", erased.raw)
	}
	if got := w.send("admin", "GET", "/api/v1/webhooks/"+made.ID, nil, nil); strings.Contains(got.body, "whsec_") {
		t.Errorf("got %s, want the secret hidden", got.body)
	}
}

func TestATestOfAWebhookSaysHowItWentAndIsInTheLog(t *testing.T) {
	w := newWorld(t)
	url, got := receiver(t, http.StatusTeapot)
	var made webhook.Webhook
	w.must("POST", "/webhooks", map[string]any{"url": url, "paused": true}, &made)
	var test webhook.Delivery
	w.must("POST", "/webhooks/"+made.ID+"/test", nil, &test)
	if h := await(t, got); h.body.Type != "webhook.test" {
		t.Errorf("got the type %s, want webhook.test", h.body.Type)
	}
	if test.Status != "failed" || test.StatusCode != http.StatusTeapot || test.Response != "what the receiver says" {
		t.Errorf("got %+v, want that it failed, with the answer", test)
	}
	var log app.Page[webhook.Delivery]
	w.must("GET", "/webhooks/"+made.ID+"/deliveries", nil, &log)
	if len(log.Items) != 1 || log.Items[0].ID != test.ID {
		t.Errorf("got the log %+v, want the test", log.Items)
	}
	var carried struct{ Body struct{ Type string } }
	w.must("GET", "/webhooks/"+made.ID+"/deliveries/"+test.ID+"/request", nil, &carried)
	if carried.Body.Type != "webhook.test" {
		t.Errorf("got a request with the type %q, want webhook.test", carried.Body.Type)
	}
	if got := w.send("admin", "GET", "/api/v1/webhooks/"+made.ID+"/deliveries/other/request", nil, nil); got.status != http.StatusNotFound {
		t.Errorf("an unknown delivery: got %d %s, want 404", got.status, got.body)
	}
}

func TestAWebhookAtAnAddressThatIsNotAllowedIsRefused(t *testing.T) {
	w := newWorld(t)
	url, got := receiver(t, http.StatusOK)
	elsewhere := strings.Replace(url, "127.0.0.1", "[::ffff:127.0.0.2]", 1)
	refused := func(what string, answer reply) {
		t.Helper()
		if answer.status != http.StatusUnprocessableEntity || !strings.Contains(answer.body, `"location":"/url"`) || !strings.Contains(answer.body, "delivery_allow") {
			t.Errorf("%s: got %d %s, want 422 that points at the URL and names the setting", what, answer.status, answer.body)
		}
	}
	refused("made", w.send("admin", "POST", "/api/v1/webhooks", nil, strings.NewReader(`{"paused": true, "url": "`+elsewhere+`"}`)))
	var made webhook.Webhook
	w.must("POST", "/webhooks", map[string]any{"url": url}, &made)
	refused("changed", w.send("admin", "PATCH", "/api/v1/webhooks/"+made.ID, nil, strings.NewReader(`{"url": "`+elsewhere+`"}`)))
	if len(got) != 0 {
		t.Errorf("got %d requests, want none", len(got))
	}
}

func TestAWebhookIsPausedMovedAndDeleted(t *testing.T) {
	w := newWorld(t)
	w.visitorsGroup()
	url, got := receiver(t, http.StatusOK)
	var made, shown webhook.Webhook
	w.must("POST", "/webhooks", map[string]any{"url": url, "batch_seconds": 0}, &made)
	path := "/webhooks/" + made.ID
	w.must("POST", path+"/pause", nil, &shown)
	if shown.Status != "paused" {
		t.Errorf("paused: got %+v", shown)
	}
	w.must("POST", "/contacts", `{"external_id": "c-1", "fields": {"company": "Engines GmbH"}}`, nil)
	w.must("PATCH", path, `{"description": "the shop", "direction": "entered"}`, &shown)
	if shown.Description != "the shop" || shown.Direction == nil || shown.Behind != 1 || len(got) != 0 {
		t.Errorf("got %+v and %d requests, want it changed, one change behind and silent", shown, len(got))
	}
	w.must("POST", "/contacts", `{"external_id": "c-1", "fields": {"company": "Engines"}}`, nil)
	w.must("GET", path, nil, &shown)
	if shown.Behind != 1 || shown.BehindMore || shown.BehindSince == nil || shown.BehindSince.String() != "2026-03-02T09:00:00Z" || shown.LastChange != 2 {
		t.Errorf("somebody left, of which it is not told: got %+v, want it still one change behind, since now", shown)
	}
	w.must("POST", path+"/resume", nil, &shown)
	await(t, got)
	w.must("POST", path+"/replay", `{"after": 0}`, &shown)
	await(t, got)
	var rotated webhook.Webhook
	w.must("POST", path+"/secret", nil, &rotated)
	if rotated.Secret == "" || rotated.Secret == made.Secret {
		t.Errorf("got the secret %q, want another than %q", rotated.Secret, made.Secret)
	}
	var list app.Page[webhook.Webhook]
	w.must("GET", "/webhooks", nil, &list)
	if len(list.Items) != 1 || list.Items[0].Secret != "" {
		t.Errorf("got the list %+v, want the one webhook without its secret", list.Items)
	}
	w.must("DELETE", path, nil, nil)
	if got := w.send("admin", "GET", "/api/v1"+path, nil, nil); got.status != http.StatusNotFound {
		t.Errorf("deleted: got %d %s, want 404", got.status, got.body)
	}
}
