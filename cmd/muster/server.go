package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/muster-groups/muster/internal/httpapi"
)

// grace is how long requests that are under way may take after the server was
// told to stop. Process supervisors commonly kill after 10 s.
const grace = 8 * time.Second

// server listens before there is anything to serve, so that an orchestrator
// can tell a long start from a dead process.
type server struct {
	url     string
	http    *http.Server
	handler atomic.Pointer[http.Handler]
	leaving atomic.Bool
	cancel  context.CancelFunc // ends the requests that are under way
	ended   chan error         // the listener has failed
}

// listen begins to answer on an address: that it is starting, until show.
func listen(address string, log *slog.Logger) (*server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			return nil, fmt.Errorf("another program listens on %s already; stop it, or give another address with --listen", address)
		}
		return nil, fmt.Errorf("cannot listen: %w", err)
	}
	s := &server{url: "http://" + listener.Addr().String(), ended: make(chan error, 1)}
	s.show(httpapi.Starting())
	requests, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.http = &http.Server{
		Handler: s,
		// Bodies and answers have no limit of time: loads, exports, streams and
		// feeds that wait take as long as they take.
		ReadHeaderTimeout: 30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	go func() { s.ended <- s.http.Serve(listener) }()
	return s, nil
}

// ServeHTTP answers a request as it is served at the moment.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.leaving.Load() {
		w.Header().Set("Connection", "close") // the next one goes elsewhere
		if r.URL.Path == "/readyz" {
			httpapi.Leaving(w)
			return
		}
	}
	(*s.handler.Load()).ServeHTTP(w, r)
}

// leave says at /readyz that this server is to be asked no more. It goes on answering.
func (s *server) leave() { s.leaving.Store(true) }

// show replaces what is served.
func (s *server) show(h http.Handler) { s.handler.Store(&h) }

// stop takes no more requests and lets those that are under way finish;
// endWaits, when not nil, answers those that only wait. What takes longer than
// the grace is cut off.
func (s *server) stop(endWaits func()) {
	done := make(chan struct{})
	closing, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	go func() {
		defer close(done)
		if s.http.Shutdown(closing) == nil {
			return
		}
		s.cancel() // a load that goes on answers how far it came
		last, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if s.http.Shutdown(last) != nil {
			_ = s.http.Close() // nothing is left to be done about it
		}
	}()
	if endWaits != nil {
		endWaits()
	}
	<-done
	s.cancel()
}
