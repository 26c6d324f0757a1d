// Package rest lets scripts drive the program as users get it: the binary,
// started on a free port with a manual clock, through the REST API.
//
// It must not know anything of the server but its command line and its API.
package rest

import (
	"net/http"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/program"
)

const adminKey = "the-key-of-the-script-corpus"

// server is a running program.
type server struct {
	*program.Process
	http *http.Client
}

// start runs the program and returns when it is ready.
func start(binary string, place []string, clock muster.Instant) (*server, error) {
	p, err := program.Serve(binary, adminKey, nil, append(place, "--manual-clock", clock.String(), "--server-time-zone", "UTC")...)
	if err != nil {
		return nil, err
	}
	return &server{p, &http.Client{Transport: &http.Transport{}}}, p.Ready()
}

func (s *server) client(key string) (*client.Client, error) {
	return client.New(s.URL, key, client.WithHTTPClient(s.http))
}

// stop tells the program to stop and waits until it has.
func (s *server) stop() error {
	s.http.CloseIdleConnections()
	return s.Stop()
}
