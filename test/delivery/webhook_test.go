package delivery_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/delivery"
	"github.com/muster-groups/muster/test/scratch"
)

// company is a group whose members come and go with a field.
const company = `{"match": "all", "groups": [{"match": "all", "conditions": [{"type": "field", "params": {"field": "company", "op": "ends_with", "value": "GmbH"}}]}]}`

func makeGroup(ctx context.Context, t *testing.T, s *delivery.Server, code string) {
	t.Helper()
	condition, err := muster.ParseCondition([]byte(company))
	if err != nil {
		t.Fatal(err)
	}
	name := code
	if _, err := s.CreateGroup(ctx, client.GroupInput{Code: code, Name: &name, Condition: &condition}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Recalculate(ctx, code, true); err != nil {
		t.Fatal(err)
	}
}

// change moves a contact in or out.
func change(n int, in bool) client.ContactChange {
	value := "Nobody"
	if in {
		value = "Engines GmbH"
	}
	return client.ContactChange{Identifiers: muster.Identifiers{ExternalID: fmt.Sprintf("c-%d", n), Email: fmt.Sprintf("c-%d@example.com", n)},
		Fields: map[string]any{"company": value}}
}

func TestAKilledServerLosesNoChangeAndKeepsTheirOrder(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	dir, seed := t.TempDir(), scratch.Seed(t)
	chance := rand.New(rand.NewPCG(seed, 2))
	receiver := delivery.NewReceiver(seed, 20)
	hooks := httptest.NewServer(receiver)
	defer hooks.Close()

	s := delivery.Start(t, binary, dir)
	makeGroup(ctx, t, s, "companies")
	none := 0
	made, err := s.CreateWebhook(ctx, client.WebhookInput{URL: hooks.URL + "/hook", BatchSize: 20, BatchSeconds: &none, PerSecond: 100})
	if err != nil {
		t.Fatal(err)
	}
	if err := receiver.Trust(made.Secret); err != nil {
		t.Fatal(err)
	}
	for round := range 5 {
		for range 20 + chance.IntN(60) {
			if _, err := s.SaveContact(ctx, change(chance.IntN(40), chance.IntN(2) == 0)); err != nil {
				t.Fatal(err)
			}
		}
		// Somewhere in the middle of its deliveries.
		s.Kill()
		s = delivery.Start(t, binary, dir)
		if _, err := s.ResumeWebhook(ctx, made.ID); err != nil { // what failed is tried at once
			t.Fatalf("round %d: %v", round, err)
		}
	}
	var last muster.Seq
	for after := muster.Seq(0); ; after = last {
		page, err := s.Changes(ctx, client.FeedQuery{After: after, Limit: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		if last = page.Last; page.Next == nil {
			break
		}
	}
	// A failure is tried again within seconds at first; a person would press the button.
	for ctx.Err() == nil {
		soon, stop := context.WithTimeout(ctx, 100*time.Millisecond)
		arrived := receiver.Await(last, soon.Done())
		stop()
		if arrived {
			break
		}
		state, err := s.Webhook(ctx, made.ID)
		if err == nil && state.Status == "retrying" {
			_, err = s.ResumeWebhook(ctx, made.ID)
		}
		if err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
	}
	members := map[muster.ContactID]bool{}
	for m, err := range client.All(func(cursor string) (client.Page[client.Member], error) {
		return s.Members(ctx, "companies", 0, cursor, 1000)
	}) {
		if err != nil {
			t.Fatal(err)
		}
		members[m.ID] = true
	}
	receiver.Read(func(r *delivery.Receiver) {
		t.Logf("%d changes in %d requests, %d came again", r.Last, r.Requests, r.Repeated)
		for _, wrong := range r.Wrong {
			t.Errorf("seed %d: %s", seed, wrong)
		}
		if r.Last != last || len(members) == 0 {
			t.Errorf("seed %d: got the changes up to %d, want %d and some members", seed, r.Last, last)
		}
		if got := r.Members["companies"]; fmt.Sprint(got) != fmt.Sprint(members) {
			t.Errorf("seed %d: got %d members by the webhook, want the group's %d", seed, len(got), len(members))
		}
	})
}
