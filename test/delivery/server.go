// Package delivery runs the real program beside systems that it tells of
// changes, and kills it in between. It speaks to the program over HTTP only; it
// must not know how deliveries are made.
package delivery

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/muster-groups/muster/client"
)

const adminKey = "delivery-test-admin-key-0123456789"

// Server is a running process of the program.
type Server struct {
	*client.Client
	URL  string
	cmd  *exec.Cmd
	gone chan struct{}
	out  output
}

// output keeps what a process prints.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps more.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// Start runs the program on a directory and waits until it is ready. It may
// call addresses of this machine.
func Start(t *testing.T, program, dir string) *Server {
	t.Helper()
	s := &Server{cmd: exec.Command(program, "serve", "--listen", "127.0.0.1:0", "--data", dir), gone: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), "MUSTER_ADMIN_KEY="+adminKey, "MUSTER_DELIVERY_ALLOW=127.0.0.0/8")
	s.cmd.Stderr = &s.out
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	go func() {
		defer close(s.gone)
		url := ""
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			fmt.Fprintln(&s.out, lines.Text())
			if at, ok := strings.CutPrefix(lines.Text(), "Listening on "); ok {
				url = at
			}
			if strings.HasPrefix(lines.Text(), "Ready after ") {
				ready <- url
			}
		}
		_ = s.cmd.Wait() // it is killed; how it ended otherwise is in its output
	}()
	t.Cleanup(s.Kill)
	select {
	case s.URL = <-ready:
	case <-s.gone:
		t.Fatalf("the server ended before it was ready:\n%s", s.out.String())
	case <-time.After(5 * time.Minute):
		t.Fatalf("the server is not ready after five minutes:\n%s", s.out.String())
	}
	if s.Client, err = client.New(s.URL, adminKey, client.WithRetries(0)); err != nil {
		t.Fatal(err)
	}
	return s
}

// Kill ends the process at once, as kill -9 does.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill() // an error says that it has ended already
	<-s.gone
}

// Memory answers the process's memory in RAM, now and at its peak, in bytes; 0
// where the system does not tell.
func (s *Server) Memory() (now, peak int64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
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
