package nodes_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/delivery"
)

type document = map[string]any

// deliverer is what a webhook and a connector are as an answer shows them.
type deliverer struct {
	ID, Status string
	Cursor     muster.Seq
	Secret     string
}

// Webhooks and connectors are made and moved by the node that does not deliver,
// and seen on both; the node that delivers is killed, and the other goes on.
func TestDeliveriesAreOneThingWhicheverNodeIsAsked(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	url := prepared(t)
	receiver, listmonk := delivery.NewReceiver(1, 0), delivery.NewListmonk("token", 7)
	hooks, lists := httptest.NewServer(receiver), httptest.NewServer(listmonk)
	t.Cleanup(hooks.Close)
	t.Cleanup(lists.Close)
	works, other := serve(t, url), serve(t, url)

	condition, err := muster.ParseCondition([]byte(identified))
	if err != nil {
		t.Fatal(err)
	}
	name := "Identified"
	if _, err := other.CreateGroup(ctx, client.GroupInput{Code: "identified", Name: &name, Condition: &condition, Recalculate: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Recalculate(ctx, "identified", true); err != nil {
		t.Fatal(err)
	}
	people := 0
	save := func(on *process) muster.Seq {
		t.Helper()
		people++
		_, err := on.SaveContact(ctx, client.ContactChange{Identifiers: muster.Identifiers{ExternalID: fmt.Sprint("p", people), Email: fmt.Sprintf("p%d@example.com", people)}})
		if err != nil {
			t.Fatalf("%v\n%s", err, on.Output())
		}
		return muster.Seq(people)
	}
	hook := ask(t, other, "POST", "/webhooks", document{"url": hooks.URL, "identifiers": true})
	if err := receiver.Trust(hook.Secret); err != nil {
		t.Fatal(err)
	}
	list := ask(t, other, "POST", "/connectors", document{"kind": "listmonk", "group": "identified", "settings": document{"url": lists.URL, "username": "muster", "token": "token", "list_id": 7}})
	delivered := func(seq muster.Seq) {
		t.Helper()
		await(t, fmt.Sprintf("change %d delivered and %d people on the list", seq, people), func() (bool, string) {
			var last muster.Seq
			receiver.Read(func(r *delivery.Receiver) { last = r.Last })
			return last >= seq && len(listmonk.On(7)) == people, fmt.Sprintf("change %d and %d people", last, len(listmonk.On(7)))
		})
	}
	shown := func(path, status string) {
		t.Helper()
		for _, on := range []*process{works, other} {
			await(t, path+" "+status, func() (bool, string) {
				got := ask(t, on, "GET", path, nil).Status
				return got == status, got
			})
		}
	}
	delivered(save(other))
	delivered(save(works))

	ask(t, other, "POST", "/webhooks/"+hook.ID+"/pause", document{})
	ask(t, other, "POST", "/connectors/"+list.ID+"/pause", document{})
	shown("/webhooks/"+hook.ID, "paused")
	shown("/connectors/"+list.ID, "paused")
	missed := save(other)
	ask(t, other, "POST", "/webhooks/"+hook.ID+"/resume", document{})
	ask(t, other, "POST", "/connectors/"+list.ID+"/resume", document{})
	delivered(missed)
	var repeated int
	receiver.Read(func(r *delivery.Receiver) { repeated = r.Repeated })
	if repeated != 0 {
		t.Errorf("%d changes were delivered again, want none", repeated)
	}
	ask(t, other, "POST", "/webhooks/"+hook.ID+"/replay", document{"after": 1})
	await(t, "changes 2 and 3 delivered again", func() (bool, string) {
		receiver.Read(func(r *delivery.Receiver) { repeated = r.Repeated })
		return repeated == 2, fmt.Sprint(repeated)
	})

	works.Kill()
	killed := time.Now()
	delivered(save(other))
	t.Logf("the other node delivers %s after the one that delivered was killed", time.Since(killed).Round(time.Millisecond))
	works = serve(t, url)
	delivered(save(works))
	for _, on := range []*process{works, other} {
		await(t, "both nodes show how far the webhook is", func() (bool, string) {
			got := ask(t, on, "GET", "/webhooks/"+hook.ID, nil).Cursor
			return got == muster.Seq(people), fmt.Sprint(got)
		})
	}
	receiver.Read(func(r *delivery.Receiver) {
		for _, wrong := range r.Wrong {
			t.Error(wrong)
		}
		if got := len(r.Members["identified"]); got != people {
			t.Errorf("by what was delivered there are %d members, want %d", got, people)
		}
	})
}

// ask makes a request that has to be answered.
func ask(t *testing.T, on *process, method, path string, body any) (got deliverer) {
	t.Helper()
	if err := on.Call(t.Context(), method, path, body, &got); err != nil {
		t.Fatalf("%s %s: %v\n%s", method, path, err, on.Output())
	}
	return got
}

// await waits until something is so.
func await(t *testing.T, what string, is func() (bool, string)) {
	t.Helper()
	ticker := tick(t)
	for end := time.Now().Add(2 * time.Minute); ; <-ticker {
		so, got := is()
		if so {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("got %s, want %s", got, what)
		}
	}
}
