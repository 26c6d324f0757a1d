package httpapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/muster-groups/muster"
)

// The list is handed over within pairs, each time in one commit, together with
// a new address. So at any instant exactly one of each pair receives it, at the
// address of the last commit that concerned the pair.
func TestRecipientsAreOfOneInstantWhileTheyChange(t *testing.T) {
	const pairs = 500
	w := newWorld(t)
	w.must("POST", "/lists", `{"code": "news", "name": "News"}`, nil)
	hand := func(pair, round int) muster.Batch {
		change := func(side int, state muster.DecisionState) muster.Item {
			return muster.Item{Contact: &muster.ContactChange{
				Who:       muster.Identifiers{ExternalID: fmt.Sprintf("%d-%d", pair, side), Email: fmt.Sprintf("%d-%d-%d@example.com", pair, side, round)},
				Decisions: []muster.DecisionInput{{Kind: muster.OnList, Code: "news", State: state, At: muster.Instant(round + 1)}},
			}}
		}
		return muster.Batch{Authority: muster.Edit, Items: []muster.Item{change(round%2, muster.Receiving), change(1-round%2, muster.Unsubscribed)}}
	}
	for pair := range pairs {
		if _, err := w.app.Apply(t.Context(), hand(pair, 0)); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan struct{})
	var writing sync.WaitGroup
	defer writing.Wait()
	defer close(done)
	writing.Go(func() {
		for round := 1; ; round++ {
			for pair := range pairs {
				select {
				case <-done:
					return
				default:
				}
				if _, err := w.app.Apply(t.Context(), hand(pair, round)); err != nil {
					t.Errorf("handing over: %v", err)
					return
				}
			}
		}
	})
	for range 10 {
		got := w.send("read", "POST", "/api/v1/recipients?as=ndjson", nil, strings.NewReader(`{"list": "news"}`))
		var said struct{ Count int }
		if err := json.Unmarshal([]byte(got.header.Get("Muster-Recipients")), &said); err != nil {
			t.Fatalf("recipients: got %d %s: %v", got.status, got.header.Get("Muster-Recipients"), err)
		}
		seen := map[string]int{}
		lines := strings.Split(strings.TrimSpace(got.body), "\n")
		low, high := 1<<62, -1
		for _, line := range lines {
			var c struct {
				Email string
				Lists map[string]struct{ State string }
			}
			if err := json.Unmarshal([]byte(line), &c); err != nil {
				t.Fatal(err)
			}
			var pair, side, round int
			if _, err := fmt.Sscanf(c.Email, "%d-%d-%d@", &pair, &side, &round); err != nil || side != round%2 || c.Lists["news"].State != "receiving" {
				t.Errorf("got the address %s of one who is %s, want one that receives with it", c.Email, c.Lists["news"].State)
			}
			seen[fmt.Sprint(pair)]++
			low, high = min(low, round), max(high, round)
		}
		// Rounds follow each other, so addresses of more than two are of more than one instant.
		if said.Count != pairs || len(lines) != pairs || len(seen) != pairs || high-low > 1 {
			t.Errorf("got a count of %d, %d lines of %d pairs in rounds %d to %d, want %d of each in two rounds that follow each other", said.Count, len(lines), len(seen), low, high, pairs)
		}
	}
}
