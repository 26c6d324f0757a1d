package nodes_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/test/program"
)

const adminKey = "nodes-test-admin-key-0123456789"

// process is a node that runs as the program.
type process struct {
	*client.Client
	url  string
	cmd  *exec.Cmd
	gone chan struct{}
	mu   sync.Mutex
	said bytes.Buffer
}

// serve runs the program on a database and waits until it is ready.
func serve(t *testing.T, binary, database string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--database", database), gone: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), "MUSTER_ADMIN_KEY="+adminKey)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p.cmd.Stdout
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	ready := make(chan string, 1)
	go func() {
		defer close(p.gone)
		url := ""
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.mu.Lock()
			fmt.Fprintln(&p.said, lines.Text())
			p.mu.Unlock()
			if at, found := strings.CutPrefix(lines.Text(), "Listening on "); found {
				url = at
			}
			if strings.HasPrefix(lines.Text(), "Ready after ") {
				ready <- url
			}
		}
		_ = p.cmd.Wait() // it is killed
	}()
	select {
	case p.url = <-ready:
	case <-p.gone:
		t.Fatalf("the program ended before it was ready:\n%s", p.output())
	}
	if p.Client, err = client.New(p.url, adminKey, client.WithRetries(0)); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *process) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// kill ends the process at once, as kill -9 does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.gone
}

// Two programs serve one database, in the midst of writing the one that works is
// killed, and another one joins.
func TestProgramsOnOneDatabaseAnswerAsOneWhenOneIsKilled(t *testing.T) {
	ctx := t.Context()
	url, err := server.Schema(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Migrate(ctx, url); err != nil {
		t.Fatal(err)
	}
	binary := program.For(t)
	a, b := serve(t, binary, url), serve(t, binary, url)

	key, err := a.CreateKey(ctx, "for the other node", "edit")
	if err != nil {
		t.Fatal(err)
	}
	other, err := client.New(b.url, key.Secret, client.WithRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	condition, err := muster.ParseCondition([]byte(anonymous))
	if err != nil {
		t.Fatal(err)
	}
	name := "Anonymous"
	if _, err := other.CreateGroup(ctx, client.GroupInput{Code: "anonymous", Name: &name, Condition: &condition, Recalculate: true}); err != nil {
		t.Fatalf("a group by a key that the other node made: %v\n%s", err, b.output())
	}
	if g, err := a.Recalculate(ctx, "anonymous", true); err != nil || g.Status != muster.UpToDate {
		t.Fatalf("recalculated: got %s, %v; want it up to date\n%s", g.Status, err, a.output())
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
					t.Errorf("a contact on the node that is left: %v\n%s", err, b.output())
					return
				default:
					return // it was killed
				}
			}
		})
	}
	<-half
	a.kill()
	writers.Wait()
	c := serve(t, binary, url)

	// The work of the one that was killed goes on.
	condition, err = muster.ParseCondition([]byte(identified))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.CreateGroup(ctx, client.GroupInput{Code: "identified", Name: &name, Condition: &condition, Recalculate: true}); err != nil {
		t.Fatal(err)
	}
	if g, err := b.Recalculate(ctx, "identified", true); err != nil || g.Status != muster.UpToDate {
		t.Errorf("recalculated after one was killed: got %s, %v; want it up to date\n%s", g.Status, err, b.output())
	}
	for _, p := range []*process{b, c} {
		judged, err := p.Verify(ctx, 0)
		if err != nil || judged.Wrong != 0 || judged.Groups != 2 {
			t.Errorf("verify: got %+v, %v; want two groups with nothing wrong\n%s", judged, err, p.output())
		}
		count, err := p.CountMembers(ctx, "anonymous", 0)
		// What was under way when it was killed may have been committed as well.
		if at := acknowledged.Load(); err != nil || int64(count.Count) < at || int64(count.Count) > at+2 {
			t.Errorf("members: got %d, %v; want the %d that were acknowledged, and at most two more\n%s", count.Count, err, at, p.output())
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
