package nodes_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

// ledger is a system that takes webhooks and keeps what each request carried, by
// its id. It can leave a request without an answer.
type ledger struct {
	mu      sync.Mutex
	carried map[string][]muster.Seq
	came    map[string]int
	last    muster.Seq // all up to it have come
	again   int        // requests that came again
	wrong   []string

	holding bool
	held    chan string   // the request that gets no answer
	goOn    chan struct{} // closed when it may go
	once    sync.Once
}

func newLedger() *ledger {
	return &ledger{carried: map[string][]muster.Seq{}, came: map[string]int{}, held: make(chan string, 1), goOn: make(chan struct{})}
}

// begin says after which change the first one comes.
func (l *ledger) begin(after muster.Seq) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = max(l.last, after)
}

// hold leaves the next request that tells of retention without an answer.
func (l *ledger) hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.holding = true
}

// let ends that.
func (l *ledger) let() { l.once.Do(func() { close(l.goOn) }) }

// await waits for the request that gets no answer.
func (l *ledger) await(t *testing.T) string {
	t.Helper()
	select {
	case id := <-l.held:
		return id
	case <-time.After(2 * time.Minute):
		t.Fatal("no request came that tells of retention")
		return ""
	}
}

// ServeHTTP takes a request.
func (l *ledger) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return // the sender was killed in the middle
	}
	var message struct {
		Data struct{ Changes []client.Change }
	}
	if err := json.Unmarshal(body, &message); err != nil {
		l.note("the body %s: %v", body, err)
		return
	}
	if l.take(request.Header.Get("webhook-id"), message.Data.Changes) {
		<-l.goOn
		panic(http.ErrAbortHandler)
	}
}

func (l *ledger) note(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

// take notes what a request carries, and answers whether it gets no answer.
func (l *ledger) take(id string, changes []client.Change) (held bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var seqs []muster.Seq
	for _, c := range changes {
		seqs = append(seqs, c.Seq)
		held = held || c.Cause.Kind == "retention"
	}
	l.came[id]++
	switch before, known := l.carried[id]; {
	case known && !slices.Equal(before, seqs):
		l.wrong = append(l.wrong, fmt.Sprintf("the request %s came with %v, and again with %v", id, before, seqs))
	case known:
		l.again++
	case seqs[0] != l.last+1 || seqs[len(seqs)-1] != l.last+muster.Seq(len(seqs)):
		l.wrong = append(l.wrong, fmt.Sprintf("after change %d the request %s carries %v", l.last, id, seqs))
	}
	l.carried[id] = seqs
	l.last = max(l.last, seqs[len(seqs)-1])
	if held = held && l.holding; held {
		l.holding = false
		l.held <- id
	}
	return held
}

// check looks at what has come: nothing is missing, and what came again came as
// it was; the one that got no answer did.
func (l *ledger) check(t *testing.T, held string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	t.Logf("%d requests up to change %d, %d came again", len(l.carried), l.last, l.again)
	for _, wrong := range l.wrong {
		t.Error(wrong)
	}
	if l.came[held] != 2 {
		t.Errorf("the request %s, which got no answer, came %d times, want 2", held, l.came[held])
	}
}
