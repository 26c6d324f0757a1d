package nodes_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

// caller makes requests without end through a balancer, and holds none for
// failed but those that were not answered as they would be at any other time.
type caller struct {
	url  string
	stop chan struct{}

	all      sync.WaitGroup
	answered atomic.Int64
	known    atomic.Int64 // contacts that were acknowledged
	mu       sync.Mutex
	wrong    []string
}

func (c *caller) stopped() bool {
	select {
	case <-c.stop:
		return true
	default:
		return false
	}
}

func (c *caller) fail(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// send makes one request and answers its body; "" when it failed.
func (c *caller) send(method, path, body string) string {
	request, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.fail("%s: %v", path, err)
		return ""
	}
	request.Header.Set("Authorization", "Bearer "+adminKey)
	request.Header.Set("Content-Type", "application/x-ndjson")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.fail("%s %s: %v", method, path, err)
		return ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		c.fail("%s %s: got %d %s, error %v, want 200", method, path, response.StatusCode, text, err)
		return ""
	}
	c.answered.Add(1)
	return string(text)
}

// read asks for things of several kinds.
func (c *caller) read() {
	for n := 0; !c.stopped(); n++ {
		c.send("GET", []string{"/api/v1/groups/identified", "/api/v1/groups/identified/contacts?limit=3", "/api/v1/catalog", "/api/v1/fields"}[n%4], "")
	}
}

// write loads people, two at a time.
func (c *caller) write(writer int) {
	for n := 0; !c.stopped(); n++ {
		lines := ""
		for k := range 2 {
			lines += fmt.Sprintf(`{"contact": {"external_id": "w%d-%d-%d"}}`+"\n", writer, n, k)
		}
		answer := c.send("POST", "/api/v1/changes", lines)
		if got := strings.Count(answer, `"accepted"`); answer != "" && got < 2 {
			c.fail("two lines were loaded: got %s, want both accepted", answer)
		}
		c.known.Add(2)
	}
}

// poll follows the feed by requests that wait, and answers the last number.
func (c *caller) poll() (last uint64) {
	for !c.stopped() {
		answer := c.send("GET", fmt.Sprintf("/api/v1/changes?wait=30s&after=%d", last), "")
		var feed struct {
			Items []struct{ Seq uint64 }
			Last  uint64
		}
		if err := json.Unmarshal([]byte(answer), &feed); err != nil {
			return last
		}
		for _, item := range feed.Items {
			if item.Seq != last+1 {
				c.fail("a feed that waits: after %d comes %d", last, item.Seq)
			}
			last = item.Seq
		}
	}
	return last
}

// stream follows the feed as events, and goes on where a stream has ended.
func (c *caller) stream() (last uint64) {
	for !c.stopped() {
		request, err := http.NewRequest("GET", c.url+"/api/v1/changes/stream?after=0", nil)
		if err != nil {
			c.fail("stream: %v", err)
			return last
		}
		request.Header.Set("Authorization", "Bearer "+adminKey)
		if last > 0 {
			request.Header.Set("Last-Event-ID", fmt.Sprint(last))
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil || response.StatusCode != http.StatusOK {
			c.fail("a stream could not be opened: %v, %v", response, err)
			return last
		}
		c.answered.Add(1)
		if err := c.events(response.Body, &last); err != nil && !errors.Is(err, io.EOF) {
			c.fail("a stream did not end as it should: %v", err)
		}
		_ = response.Body.Close() // it was read
	}
	return last
}

// events reads a stream to its end.
func (c *caller) events(from io.Reader, last *uint64) error {
	for lines := bufio.NewReader(from); !c.stopped(); {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		var seq uint64
		if n, _ := fmt.Sscanf(line, "id: %d", &seq); n == 1 {
			if seq != *last+1 {
				c.fail("a stream: after %d comes %d", *last, seq)
			}
			*last = seq
		}
	}
	return nil
}

// Two nodes are restarted one after the other, as an operator does who replaces
// the program, while requests of every kind go on. None fails.
func TestARollingRestartFailsNoRequest(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	url, b := prepared(t), newBalancer(t)
	var nodes []*process
	var targets []*target
	for range 2 {
		p := serve(t, url, "--drain=2s")
		nodes, targets = append(nodes, p), append(targets, b.add(t, p.URL))
	}
	condition, err := muster.ParseCondition([]byte(identified))
	if err != nil {
		t.Fatal(err)
	}
	name := "Identified"
	if _, err := nodes[0].CreateGroup(ctx, client.GroupInput{Code: "identified", Name: &name, Condition: &condition, Recalculate: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := nodes[0].Recalculate(ctx, "identified", true); err != nil {
		t.Fatal(err)
	}

	c := &caller{url: b.URL, stop: make(chan struct{})}
	var polled, streamed uint64
	for n := range 2 {
		c.all.Go(func() { c.write(n) })
		c.all.Go(c.read)
	}
	c.all.Go(func() { polled = c.poll() })
	c.all.Go(func() { streamed = c.stream() })
	for i, p := range nodes {
		c.await(t, 100)
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
		targets[i].stop()
		c.await(t, 100)
		again := serve(t, url, "--drain=2s")
		b.add(t, again.URL)
		nodes[i] = again
	}
	c.await(t, 100)
	close(c.stop)
	c.send("POST", "/api/v1/changes", `{"contact": {"external_id": "last"}}`+"\n") // wakes those who wait
	c.all.Wait()
	for _, wrong := range c.wrong {
		t.Error(wrong)
	}
	if t.Failed() {
		return
	}
	known := uint64(c.known.Load())
	t.Logf("%d requests, %d contacts", c.answered.Load(), known)
	if polled < known/2 || streamed < known/2 {
		t.Errorf("of %d records the poll has seen %d and the stream %d; want them to have followed", known, polled, streamed)
	}
	for _, p := range nodes {
		count, err := p.CountMembers(ctx, "identified", 0)
		if err != nil || uint64(count.Count) != known+1 {
			t.Errorf("members: got %d, %v; want the %d that were acknowledged\n%s", count.Count, err, known+1, p.Output())
		}
		feedIsWhole(t, p)
	}
}

// await waits until so many more requests were answered.
func (c *caller) await(t *testing.T, more int64) {
	t.Helper()
	ticker := tick(t)
	for until := c.answered.Load() + more; c.answered.Load() < until; <-ticker {
		c.mu.Lock()
		failed := len(c.wrong) > 0
		c.mu.Unlock()
		if failed {
			return
		}
	}
}
