package nodes_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// balancer sends each request to the next of the nodes that are ready by their
// own word, as load balancers do. It never sends one twice.
type balancer struct {
	*httptest.Server
	turn atomic.Int64

	mu      sync.Mutex
	targets []*target
}

// target is a node that a balancer knows.
type target struct {
	url   *url.URL
	ready atomic.Bool
	stop  func()
}

// lookEvery is how often a balancer asks its nodes.
const lookEvery = 20 * time.Millisecond

func newBalancer(t *testing.T) *balancer {
	t.Helper()
	b := &balancer{}
	proxy := &httputil.ReverseProxy{
		FlushInterval: -1,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 100},
		Rewrite: func(r *httputil.ProxyRequest) {
			// Requests are passed on whole, as balancers do by default: this proxy drops
			// an answer that comes while it still looks for the end of the request.
			if body, err := io.ReadAll(r.In.Body); err == nil && len(body) > 0 {
				r.Out.Body = io.NopCloser(bytes.NewReader(body))
			}
			if to := b.next(); to != nil {
				r.SetURL(to)
			}
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusBadGateway)
		},
	}
	b.Server = httptest.NewServer(proxy)
	t.Cleanup(func() {
		b.CloseClientConnections()
		b.Close()
	})
	return b
}

// next answers whose turn it is; nil when nobody is ready.
func (b *balancer) next() *url.URL {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range b.targets {
		at := b.targets[int(b.turn.Add(1))%len(b.targets)]
		if at.ready.Load() {
			return at.url
		}
	}
	return nil
}

// add takes a node in and asks it from now on.
func (b *balancer) add(t *testing.T, address string) *target {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	at, done := &target{url: parsed}, make(chan struct{})
	at.stop = func() { cancel(); <-done }
	at.look(ctx)
	go func() {
		defer close(done)
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for ctx.Err() == nil {
			at.look(ctx)
			select {
			case <-ticker.C:
			case <-ctx.Done():
			}
		}
	}()
	t.Cleanup(at.stop)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.targets = append(b.targets, at)
	return at
}

func (at *target) look(ctx context.Context) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.url.String()+"/readyz", nil)
	if err != nil {
		return
	}
	response, err := http.DefaultClient.Do(request)
	if err == nil {
		err = response.Body.Close()
	}
	at.ready.Store(err == nil && response.StatusCode == http.StatusOK)
}
