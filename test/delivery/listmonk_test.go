package delivery_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/delivery"
)

// newsletter is the list that the connector keeps.
const newsletter = 7

// connected is a running server with a connector to a stand-in of listmonk.
type connected struct {
	*delivery.Server
	t        *testing.T
	ctx      context.Context
	listmonk *delivery.Listmonk
	id       string
}

// eventually waits until the list is as expected, and says what it is otherwise.
func (c *connected) eventually(what string, want ...string) {
	c.t.Helper()
	slices.Sort(want)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		got := c.listmonk.On(newsletter)
		if slices.Equal(got, want) {
			return
		}
		select {
		case <-look.C:
			c.resume()
		case <-c.ctx.Done():
			state, err := c.Connector(c.t.Context(), c.id)
			c.t.Fatalf("%s: got the list %q, want %q; the connector is %+v (%v)", what, got, want, state, err)
		}
	}
}

// unknown waits until listmonk does not know an address any more.
func (c *connected) unknown(email string) {
	c.t.Helper()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for slices.Contains(c.listmonk.Known(), email) {
		select {
		case <-look.C:
			c.resume()
		case <-c.ctx.Done():
			c.t.Fatalf("listmonk still knows %s, want it forgotten", email)
		}
	}
}

// resume does what a person would who sees that the connector waits to try again.
func (c *connected) resume() {
	c.t.Helper()
	state, err := c.Connector(c.ctx, c.id)
	if err == nil && state.Status == "retrying" {
		_, err = c.ResumeConnector(c.ctx, c.id)
	}
	if err != nil && c.ctx.Err() == nil {
		c.t.Fatal(err)
	}
}

func (c *connected) save(change client.ContactChange) client.ContactAnswer {
	c.t.Helper()
	out, err := c.SaveContact(c.ctx, change)
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

func connect(ctx context.Context, t *testing.T, s *delivery.Server, listmonk *delivery.Listmonk) *connected {
	t.Helper()
	server := httptest.NewServer(listmonk)
	t.Cleanup(server.Close)
	made, err := s.CreateConnector(ctx, client.ConnectorInput{Kind: "listmonk", Group: "companies",
		Settings: client.ListmonkSettings{URL: server.URL, Username: "muster", Token: "secret-token", ListID: newsletter}})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(made.Settings), "secret-token") {
		t.Errorf("got the settings %s, want them without the token", made.Settings)
	}
	return &connected{Server: s, t: t, ctx: ctx, listmonk: listmonk, id: made.ID}
}

func TestAListOfListmonkFollowsItsGroupAndRespectsWhatPeopleDecidedThere(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s := delivery.Start(t, binary, t.TempDir())
	makeGroup(ctx, t, s, "companies")
	lm := delivery.NewListmonk("secret-token", newsletter, 8)
	lm.Put("c-1@example.com", "enabled", delivery.Subscription{ID: 8, Status: "confirmed"})               // known there, not on the list
	lm.Put("c-2@example.com", "enabled", delivery.Subscription{ID: newsletter, Status: "unsubscribed"})   // unsubscribed there
	lm.Put("c-3@example.com", "blocklisted")                                                              // blocked there
	lm.Put("c-4@example.com", "enabled", delivery.Subscription{ID: newsletter, Status: "confirmed"})      // there already
	lm.Put("stranger@example.com", "enabled", delivery.Subscription{ID: newsletter, Status: "confirmed"}) // not in the group
	for n := range 6 {
		if _, err := s.SaveContact(ctx, change(n, true)); err != nil {
			t.Fatal(err)
		}
	}
	optedOut := change(6, true)
	optedOut.AllMail = &client.Decision{State: "unsubscribed"}
	if _, err := s.SaveContact(ctx, optedOut); err != nil {
		t.Fatal(err)
	}

	c := connect(ctx, t, s, lm)
	c.eventually("compared", "c-0@example.com unconfirmed", "c-1@example.com unconfirmed", "c-2@example.com unsubscribed", "c-4@example.com confirmed", "c-5@example.com unconfirmed")
	if other := lm.On(8); !slices.Equal(other, []string{"c-1@example.com confirmed"}) {
		t.Errorf("the other list: got %q, want it as it was", other)
	}

	c.save(change(0, false))
	quoted := change(9, true)
	quoted.Email = "o'brien@example.com"
	c.save(quoted)
	c.eventually("somebody left and somebody entered", "o'brien@example.com unconfirmed", "c-1@example.com unconfirmed", "c-2@example.com unsubscribed", "c-4@example.com confirmed", "c-5@example.com unconfirmed")

	// Who unsubscribes by the link of an email stays out, also after leaving and entering.
	lm.Unsubscribe("c-5@example.com", newsletter)
	c.save(change(5, false))
	c.save(change(8, true))
	c.eventually("left after unsubscribing", "c-8@example.com unconfirmed", "o'brien@example.com unconfirmed", "c-1@example.com unconfirmed", "c-2@example.com unsubscribed", "c-4@example.com confirmed", "c-5@example.com unsubscribed")
	c.save(change(5, true))
	c.save(change(8, false))
	c.eventually("entered again", "o'brien@example.com unconfirmed", "c-1@example.com unconfirmed", "c-2@example.com unsubscribed", "c-4@example.com confirmed", "c-5@example.com unsubscribed")

	// An address that changes is no change of the group: comparing finds it.
	moved := client.ContactChange{Identifiers: muster.Identifiers{ExternalID: "c-1", Email: "new@example.com"}}
	c.save(moved)
	if _, err := s.CompareConnector(ctx, c.id); err != nil {
		t.Fatal(err)
	}
	c.eventually("compared again", "o'brien@example.com unconfirmed", "new@example.com unconfirmed", "c-2@example.com unsubscribed", "c-4@example.com confirmed", "c-5@example.com unsubscribed")

	// Whoever is erased leaves the list, and listmonk if Muster made them known there.
	answer := c.save(quoted)
	if err := s.EraseContact(ctx, answer.ID); err != nil {
		t.Fatal(err)
	}
	c.eventually("erased", "new@example.com unconfirmed", "c-2@example.com unsubscribed", "c-4@example.com confirmed", "c-5@example.com unsubscribed")
	c.unknown("o'brien@example.com")
	// Of c-4, whom people put there, listmonk has no contact: comparing takes them off the list.
	known := c.save(change(4, true))
	if err := s.EraseContact(ctx, known.ID); err != nil {
		t.Fatal(err)
	}
	c.eventually("erased who was known before", "new@example.com unconfirmed", "c-2@example.com unsubscribed", "c-5@example.com unsubscribed")
	if there := lm.Known(); !slices.Contains(there, "c-4@example.com") {
		t.Errorf("listmonk knows %q, want c-4, whom people made known there, left", there)
	}
	if state, err := s.Connector(ctx, c.id); err != nil || state.KeptOut == 0 || state.Added == 0 || state.Removed == 0 {
		t.Errorf("got %+v (%v), want it counted", state, err)
	}
}

func TestAConnectorGoesOnAfterListmonkWasDownAndTheServerKilled(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	dir := t.TempDir()
	s := delivery.Start(t, binary, dir)
	makeGroup(ctx, t, s, "companies")
	lm := delivery.NewListmonk("secret-token", newsletter)
	var want []string
	for n := range 300 {
		if _, err := s.SaveContact(ctx, change(n, true)); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("c-%d@example.com unconfirmed", n))
	}
	// It fails at first, and then the server is killed in the middle of the comparison.
	lm.Fail(1)
	halted, release := lm.Halt(newsletter, 20)
	defer release()
	c := connect(ctx, t, s, lm)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for waiting := true; waiting; {
		select {
		case <-halted:
			waiting = false
		case <-look.C:
			c.resume()
		case <-ctx.Done():
			t.Fatalf("got %d on the list and the calls %q, want it to be filled", len(lm.On(newsletter)), lm.Calls())
		}
	}
	s.Kill()
	release()
	if on := len(lm.On(newsletter)); on != 20 {
		t.Errorf("got %d on the list when the server was killed, want 20", on)
	}
	c.Server = delivery.Start(t, binary, dir)
	c.eventually("after the restart", want...)
}

func TestAConnectorSaysWhatIsWrongAtListmonk(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s := delivery.Start(t, binary, t.TempDir())
	makeGroup(ctx, t, s, "companies")
	server := httptest.NewServer(delivery.NewListmonk("secret-token", newsletter))
	defer server.Close()
	for _, tt := range []struct {
		token string
		list  int
		want  string
	}{{"secret-token", newsletter, ""}, {"wrong", newsletter, "refused the API user"}, {"secret-token", 99, "no list 99"}} {
		made, err := s.CreateConnector(ctx, client.ConnectorInput{Kind: "listmonk", Group: "companies", Paused: true,
			Settings: client.ListmonkSettings{URL: server.URL, Username: "muster", Token: tt.token, ListID: tt.list}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.TestConnector(ctx, made.ID)
		if err != nil || got.Works != (tt.want == "") || !strings.Contains(got.Error, tt.want) {
			t.Errorf("token %s, list %d: got %+v (%v), want an error with %q", tt.token, tt.list, got, err, tt.want)
		}
	}
}
