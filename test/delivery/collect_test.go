package delivery_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/delivery"
)

// sendAsSDK makes a call of the collection API, which must be taken.
func sendAsSDK(ctx context.Context, t *testing.T, s *delivery.Server, key, path, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(key, "")
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: got %s, want 200", path, body, answer.Status)
	}
}

func TestMessagesAreRememberedWhenTheServerIsKilledAndStartedAgain(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	dir := t.TempDir()
	s := delivery.Start(t, binary, dir)
	made, err := s.CreateKey(ctx, "website", "collect")
	if err != nil {
		t.Fatal(err)
	}
	collect := func(path, body string) { sendAsSDK(ctx, t, s, made.Secret, path, body) }
	again := func(company string) {
		// The same messages, with other content by which it would show that they were taken.
		collect("/v1/identify", `{"userId": "c-1", "messageId": "m-1", "traits": {"company": "`+company+`"}}`)
		collect("/v1/track", `{"userId": "c-1", "messageId": "m-2", "event": "Signed In", "properties": {}}`)
		collect("/v1/batch", `{"batch": [{"type": "page", "userId": "c-1", "messageId": "m-3", "properties": {"path": "/`+company+`"}}]}`)
	}
	want := func(when, company string) {
		t.Helper()
		found, err := s.Contacts(ctx, client.ContactQuery{Search: "c-1"})
		if err != nil || len(found.Items) != 1 {
			t.Fatalf("%s: got %+v (%v), want one contact", when, found, err)
		}
		contact := found.Items[0]
		activities, err := s.ContactActivities(ctx, contact.ID, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		if string(contact.Fields["company"]) != strconv.Quote(company) || len(activities.Items) != 2 {
			t.Errorf("%s: got the company %s and %d activities, want %s and 2", when, contact.Fields["company"], len(activities.Items), company)
		}
	}
	again("first")
	want("sent once", "first")
	again("second")
	want("sent again", "first")
	for _, when := range []string{"after a kill", "after another kill"} {
		s.Kill()
		s = delivery.Start(t, binary, dir)
		again("third")
		want(when, "first")
	}
}
