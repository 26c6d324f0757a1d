package delivery

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

// Receiver is a system that takes webhooks: it verifies signatures, fails at
// random, and keeps its own account of who is in which group.
type Receiver struct {
	mu       sync.Mutex
	chance   *rand.Rand
	verifier *standardwebhooks.Webhook
	failing  int // of a hundred requests

	Last     muster.Seq // the greatest number taken
	Members  map[string]map[muster.ContactID]bool
	Requests int
	Repeated int // changes that came again
	Wrong    []string
	moved    chan struct{}
}

// NewReceiver makes a receiver that fails some of a hundred requests.
func NewReceiver(seed uint64, failing int) *Receiver {
	return &Receiver{chance: rand.New(rand.NewPCG(seed, 1)), failing: failing, Members: map[string]map[muster.ContactID]bool{}, moved: make(chan struct{})}
}

// Trust lets it verify signatures with a secret.
func (r *Receiver) Trust(secret string) error {
	verifier, err := standardwebhooks.NewWebhook(secret)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.verifier = verifier
	return err
}

// ServeHTTP takes a request.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return // the sender was killed in the middle
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Requests++
	if r.chance.IntN(100) < r.failing/2 {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	r.take(request, body)
	if r.chance.IntN(100) < r.failing/2 {
		w.WriteHeader(http.StatusBadGateway) // it was taken, but the sender is not told so
	}
}

func (r *Receiver) take(request *http.Request, body []byte) {
	if err := r.verifier.Verify(body, request.Header); err != nil {
		r.wrong("the signature of %s: %v", request.Header.Get("webhook-id"), err)
		return
	}
	var message struct {
		Data struct{ Changes []client.Change }
	}
	if err := json.Unmarshal(body, &message); err != nil {
		r.wrong("the body %s: %v", body, err)
		return
	}
	for _, c := range message.Data.Changes {
		switch {
		case c.Seq <= r.Last:
			r.Repeated++
			continue
		case c.Seq != r.Last+1:
			r.wrong("got change %d after %d", c.Seq, r.Last)
		}
		r.Last = c.Seq
		if r.Members[c.Group] == nil {
			r.Members[c.Group] = map[muster.ContactID]bool{}
		}
		if c.Direction == "entered" {
			r.Members[c.Group][*c.ContactID] = true
		} else {
			delete(r.Members[c.Group], *c.ContactID)
		}
	}
	close(r.moved)
	r.moved = make(chan struct{})
}

func (r *Receiver) wrong(format string, args ...any) {
	r.Wrong = append(r.Wrong, fmt.Sprintf(format, args...))
}

// Await waits until it has taken a change, or the channel is closed.
func (r *Receiver) Await(seq muster.Seq, giveUp <-chan struct{}) bool {
	for {
		r.mu.Lock()
		there, moved := r.Last >= seq, r.moved
		r.mu.Unlock()
		if there {
			return true
		}
		select {
		case <-moved:
		case <-giveUp:
			return false
		}
	}
}

// Read lets fn look at the account.
func (r *Receiver) Read(fn func(*Receiver)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fn(r)
}
