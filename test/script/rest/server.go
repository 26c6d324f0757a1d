// Package rest lets scripts drive the program as users get it: the binary,
// started on a free port with a manual clock, through the REST API.
//
// It must not know anything of the server but its command line and its API.
package rest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

const adminKey = "the-key-of-the-script-corpus"

// server is a running program.
type server struct {
	cmd     *exec.Cmd
	url     string
	http    *http.Client
	printed bytes.Buffer
	reading sync.WaitGroup
}

// start runs the program on a directory and returns when it is ready.
func start(ctx context.Context, binary, dir string, clock muster.Instant) (*server, error) {
	s := &server{http: &http.Client{Transport: &http.Transport{}}}
	s.cmd = exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--data", dir, "--manual-clock", clock.String(), "--server-time-zone", "UTC")
	s.cmd.Env = append(os.Environ(), "MUSTER_ADMIN_KEY="+adminKey)
	s.cmd.Stderr = &s.printed
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if url, ok := strings.CutPrefix(line, "Listening on "); ok {
			s.url = strings.TrimSpace(url)
		}
		if strings.HasPrefix(line, "Ready ") {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("the program ended before it was ready: %w\n%s", s.cmd.Wait(), s.printed.Bytes())
		}
	}
	s.reading.Go(func() { _, _ = io.Copy(io.Discard, lines) }) // its end is the program's end
	return s, nil
}

func (s *server) client(key string) (*client.Client, error) {
	return client.New(s.url, key, client.WithHTTPClient(s.http))
}

// stop tells the program to stop and waits until it has.
func (s *server) stop() error {
	s.http.CloseIdleConnections()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	s.reading.Wait()
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("the program ended: %w\n%s", err, s.printed.Bytes())
	}
	return nil
}
