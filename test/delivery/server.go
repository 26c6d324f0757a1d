// Package delivery runs the real program beside systems that it tells of
// changes, and kills it in between. It speaks to the program over HTTP only; it
// must not know how deliveries are made.
package delivery

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/program"
)

const adminKey = "delivery-test-admin-key-0123456789"

// Server is a running process of the program.
type Server struct {
	*client.Client
	*program.Process
}

// Start runs the program on a directory and waits until it is ready. It may
// call addresses of this machine.
func Start(t *testing.T, binary, dir string) *Server {
	t.Helper()
	p, err := program.Serve(binary, adminKey, []string{"MUSTER_DELIVERY_ALLOW=127.0.0.0/8"}, "--data", dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	s := &Server{Process: p}
	if err := p.Ready(); err != nil {
		t.Fatal(err)
	}
	if s.Client, err = client.New(p.URL, adminKey, client.WithRetries(0)); err != nil {
		t.Fatal(err)
	}
	return s
}

// Memory answers the process's memory in RAM, now and at its peak, in bytes; 0
// where the system does not tell.
func (s *Server) Memory() (now, peak int64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.ID()))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		var kilobytes int64
		if _, err := fmt.Sscanf(strings.TrimSpace(value), "%d kB", &kilobytes); err != nil {
			continue
		}
		switch name {
		case "VmRSS":
			now = kilobytes << 10
		case "VmHWM":
			peak = kilobytes << 10
		}
	}
	return now, peak
}
