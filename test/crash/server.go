// Package crash kills the real program with SIGKILL at random moments of random
// work and looks at what it makes of its directory when it is started again.
//
// It speaks to the program over HTTP only and keeps its own account of what was
// acknowledged; it must not know how anything is stored or evaluated.
package crash

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/muster-groups/muster/client"
)

const adminKey = "crash-test-admin-key-0123456789"

// server is a running process of the program.
type server struct {
	*client.Client
	cmd   *exec.Cmd
	url   chan string   // the address it listens on
	base  string        // the same, once it is ready
	ready chan struct{} // closed when it says that it is ready
	gone  chan struct{} // closed when the process has ended

	mu  sync.Mutex
	out bytes.Buffer
}

// at is how a command names a place: a directory, or the URL of a database.
func at(place string) []string {
	if strings.HasPrefix(place, "postgres://") {
		return []string{"--database", place}
	}
	return []string{"--data", place}
}

// start runs the program on a place; it need not be ready yet.
func start(program, place string) (*server, error) {
	cmd := exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0"}, at(place)...)...)
	cmd.Env = append(os.Environ(), "MUSTER_ADMIN_KEY="+adminKey)
	s := &server{cmd: cmd, url: make(chan string, 1), ready: make(chan struct{}), gone: make(chan struct{})}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = writerFunc(s.write)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.gone)
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			s.hear(lines.Text())
		}
		_ = cmd.Wait() // it is killed; how it ended otherwise is in its output
	}()
	return s, nil
}

func (s *server) hear(line string) {
	_, _ = s.write([]byte(line + "\n"))
	if url, ok := strings.CutPrefix(line, "Listening on "); ok {
		s.url <- url
	}
	if strings.HasPrefix(line, "Ready after ") {
		close(s.ready)
	}
}

func (s *server) write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

// output answers what the process has printed.
func (s *server) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String()
}

// await waits until the server is ready and connects to it.
func (s *server) await() error {
	timeout := time.NewTimer(5 * time.Minute)
	defer timeout.Stop()
	select {
	case <-s.ready:
	case <-s.gone:
		return fmt.Errorf("the server ended before it was ready:\n%s", s.output())
	case <-timeout.C:
		return fmt.Errorf("the server is not ready after five minutes:\n%s", s.output())
	}
	s.base = <-s.url
	c, err := client.New(s.base, adminKey, client.WithRetries(0))
	s.Client = c
	return err
}

// kill ends the process at once, as kill -9 does, and waits until it is gone.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // an error says that it has ended, which the caller notices
	<-s.gone
}

// verify runs the program's own check on a place that no server uses.
func verify(ctx context.Context, program, place string) error {
	out, err := exec.CommandContext(ctx, program, append([]string{"verify"}, at(place)...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("muster verify: %w\n%s", err, out)
	}
	return nil
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
