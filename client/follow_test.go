package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/instance"
)

// scripted is a server that answers the change feed as a script says, and notes
// after which record each question was.
type scripted struct {
	answers []string // a body; "cut" breaks the connection, a number is a refusal
	asked   []string
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.URL.Query().Get("after"))
	if len(s.answers) == 0 {
		http.Error(w, "the script has ended", http.StatusTeapot)
		return
	}
	answer := s.answers[0]
	s.answers = s.answers[1:]
	switch answer {
	case "cut":
		panic(http.ErrAbortHandler)
	case "503", "401":
		status := map[string]int{"503": http.StatusServiceUnavailable, "401": http.StatusUnauthorized}[answer]
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(status)
	default:
		fmt.Fprint(w, answer)
	}
}

// feed is a page of the feed with one record for each number.
func feed(seqs ...int) string {
	items, last := "", 0
	for n, seq := range seqs {
		if n > 0 {
			items += ","
		}
		items += fmt.Sprintf(`{"seq":%d,"group":"g","contact_id":null,"at":"2026-03-02T09:00:00Z","direction":"entered","cause":{"kind":"field"}}`, seq)
		last = seq
	}
	return fmt.Sprintf(`{"items":[%s],"next":null,"last":%d}`, items, last)
}

func TestFollowGoesOnWhereItWasWhenTheServerIsAway(t *testing.T) {
	s := &scripted{answers: []string{feed(1, 2), "cut", "cut", "503", feed(3), "cut", feed(4, 5), "401"}}
	server := httptest.NewServer(s)
	defer server.Close()
	var pauses []time.Duration
	// On a kept connection the transport itself would ask again.
	once := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	c, err := client.New(server.URL, "key", client.WithHTTPClient(once), client.WithWait(func(_ context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	var seqs []muster.Seq
	var end error
	for change, err := range c.Follow(t.Context(), client.FeedQuery{}) {
		if end = err; err == nil {
			seqs = append(seqs, change.Seq)
		}
	}
	if want := []muster.Seq{1, 2, 3, 4, 5}; !slices.Equal(seqs, want) {
		t.Errorf("got the records %v, want %v", seqs, want)
	}
	if want := []string{"", "2", "2", "2", "2", "3", "3", "5"}; !slices.Equal(s.asked, want) {
		t.Errorf("asked after %q, want %q", s.asked, want)
	}
	// A second, two; as long as the server asks; and from a second on again.
	if want := []time.Duration{time.Second, 2 * time.Second, 7 * time.Second, time.Second}; !slices.Equal(pauses, want) {
		t.Errorf("paused %v, want %v", pauses, want)
	}
	if muster.CodeOf(end) != muster.CodeUnauthorized {
		t.Errorf("ended with %v, want %s", end, muster.CodeUnauthorized)
	}
}

func TestFollowEndsAtOnceWhenNothingIsTriedAgain(t *testing.T) {
	s := &scripted{answers: []string{"cut"}}
	server := httptest.NewServer(s)
	defer server.Close()
	c, err := client.New(server.URL, "key", client.WithRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for _, err := range c.Follow(t.Context(), client.FeedQuery{}) {
		if pairs++; err == nil {
			t.Error("got a record, want an error")
		}
	}
	if pairs != 1 {
		t.Errorf("got %d pairs, want 1", pairs)
	}
}

func TestFollowWaitsForRecordsAndEndsWithItsContext(t *testing.T) {
	i, err := instance.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := i.Close(); err != nil {
			t.Error(err)
		}
	}()
	c, err := client.New(i.URL, i.Key)
	if err != nil {
		t.Fatal(err)
	}
	move := func(city string) {
		t.Helper()
		_, err := c.SaveContact(t.Context(), client.ContactChange{Identifiers: muster.Identifiers{ExternalID: "c1"}, Fields: map[string]any{"city": city}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.CreateGroup(t.Context(), linz()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	moves := []string{"Linz", "Graz", "Linz"}
	move(moves[0])
	var got []string
	var end error
	for change, err := range c.Follow(ctx, client.FeedQuery{Group: "linz"}) {
		if end = err; err != nil {
			break
		}
		got = append(got, fmt.Sprintf("%d %s", change.Seq, change.Direction))
		if len(got) == len(moves) {
			stop()
			continue
		}
		move(moves[len(got)]) // Follow waits for it
	}
	if want := []string{"1 entered", "2 left", "3 entered"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if !errors.Is(end, context.Canceled) {
		t.Errorf("ended with %v, want the context's error", end)
	}
}
