package nodes_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/test/program"
)

const adminKey = "nodes-test-admin-key-0123456789"

// process is a node that runs as the program.
type process struct {
	*client.Client
	*program.Process
}

// prepared is a database with all tables.
func prepared(t *testing.T) string {
	t.Helper()
	url, err := server.Schema(t.Context())
	if err == nil {
		_, err = postgres.Migrate(t.Context(), url)
	}
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// serve runs the program on a database and waits until it is ready. It may call
// addresses of this machine.
func serve(t *testing.T, database string, args ...string) *process {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	p, err := program.Serve(binary, adminKey, []string{"MUSTER_DELIVERY_ALLOW=127.0.0.0/8"}, append([]string{"--database", database}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	if err := p.Ready(); err != nil {
		t.Fatal(err)
	}
	c, err := client.New(p.URL, adminKey, client.WithRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return &process{c, p}
}

// tick is how often a test looks for what it waits for.
func tick(t *testing.T) <-chan time.Time {
	ticker := time.NewTicker(10 * time.Millisecond)
	t.Cleanup(ticker.Stop)
	return ticker.C
}

// Two programs serve one database, in the midst of writing the one that works is
// killed, and another one joins.
func TestProgramsOnOneDatabaseAnswerAsOneWhenOneIsKilled(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	url := prepared(t)
	a, b := serve(t, url), serve(t, url)

	key, err := a.CreateKey(ctx, "for the other node", "edit")
	if err != nil {
		t.Fatal(err)
	}
	other, err := client.New(b.URL, key.Secret, client.WithRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	condition, err := muster.ParseCondition([]byte(anonymous))
	if err != nil {
		t.Fatal(err)
	}
	name := "Anonymous"
	if _, err := other.CreateGroup(ctx, client.GroupInput{Code: "anonymous", Name: &name, Condition: &condition, Recalculate: true}); err != nil {
		t.Fatalf("a group by a key that the other node made: %v\n%s", err, b.Output())
	}
	if g, err := a.Recalculate(ctx, "anonymous", true); err != nil || g.Status != muster.UpToDate {
		t.Fatalf("recalculated: got %s, %v; want it up to date\n%s", g.Status, err, a.Output())
	}

	var acknowledged atomic.Int64
	half := make(chan struct{})
	var writers sync.WaitGroup
	for i, p := range []*process{a, b, a, b} {
		writers.Go(func() {
			for n := range 60 {
				if i == 1 && n == 30 {
					close(half)
				}
				_, err := p.SaveContact(ctx, client.ContactChange{Identifiers: muster.Identifiers{VisitorID: fmt.Sprintf("v%d-%d", i, n)}})
				switch {
				case err == nil:
					acknowledged.Add(1)
				case p == b:
					t.Errorf("a contact on the node that is left: %v\n%s", err, b.Output())
					return
				default:
					return // it was killed
				}
			}
		})
	}
	<-half
	a.Kill()
	writers.Wait()
	c := serve(t, url)

	// The work of the one that was killed goes on.
	condition, err = muster.ParseCondition([]byte(identified))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.CreateGroup(ctx, client.GroupInput{Code: "identified", Name: &name, Condition: &condition, Recalculate: true}); err != nil {
		t.Fatal(err)
	}
	if g, err := b.Recalculate(ctx, "identified", true); err != nil || g.Status != muster.UpToDate {
		t.Errorf("recalculated after one was killed: got %s, %v; want it up to date\n%s", g.Status, err, b.Output())
	}
	for _, p := range []*process{b, c} {
		judged, err := p.Verify(ctx, 0)
		if err != nil || judged.Wrong != 0 || judged.Groups != 2 {
			t.Errorf("verify: got %+v, %v; want two groups with nothing wrong\n%s", judged, err, p.Output())
		}
		count, err := p.CountMembers(ctx, "anonymous", 0)
		// What was under way when it was killed may have been committed as well.
		if at := acknowledged.Load(); err != nil || int64(count.Count) < at || int64(count.Count) > at+2 {
			t.Errorf("members: got %d, %v; want the %d that were acknowledged, and at most two more\n%s", count.Count, err, at, p.Output())
		}
		feedIsWhole(t, p)
	}
}

// feedIsWhole reads the feed: no number is missing or comes twice.
func feedIsWhole(t *testing.T, p *process) {
	t.Helper()
	last := muster.Seq(0)
	for {
		feed, err := p.Changes(t.Context(), client.FeedQuery{After: last, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		if len(feed.Items) == 0 {
			return
		}
		for _, change := range feed.Items {
			if change.Seq != last+1 {
				t.Fatalf("after record %d the feed shows %d", last, change.Seq)
			}
			last = change.Seq
		}
	}
}
