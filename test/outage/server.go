package outage

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

const adminKey = "outage-test-admin-key-0123456789"

// Patience is how long a test waits for what will certainly come. It only
// bounds a hanging test, on the slowest and busiest machine.
const Patience = 5 * time.Minute

// Server is a running process of the program.
type Server struct {
	URL  string
	cmd  *exec.Cmd
	gone chan struct{}

	mu  sync.Mutex
	out bytes.Buffer
}

// Write keeps what the process prints.
func (s *Server) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

// Output answers what the process has printed.
func (s *Server) Output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String()
}

// Start runs the program on a database. It answers as soon as the program
// listens, be it ready or not.
func Start(t *testing.T, program, database string) *Server {
	t.Helper()
	s := &Server{cmd: exec.Command(program, "serve", "--listen", "127.0.0.1:0", "--database", database), gone: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), "MUSTER_ADMIN_KEY="+adminKey)
	s.cmd.Stderr = s
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	listening := make(chan string, 1)
	go func() {
		defer close(s.gone)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			fmt.Fprintln(s, lines.Text())
			if url, ok := strings.CutPrefix(lines.Text(), "Listening on "); ok {
				listening <- url
			}
		}
		_ = s.cmd.Wait() // how it ended is in its output
	}()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // it may have ended by itself
		<-s.gone
	})
	select {
	case s.URL = <-listening:
	case <-s.gone:
		t.Fatalf("the server ended before it listened:\n%s", s.Output())
	case <-time.After(Patience):
		t.Fatalf("the server does not listen:\n%s", s.Output())
	}
	return s
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Send makes a request; a nil body makes a GET.
func (s *Server) Send(path string, body any) (Answer, error) {
	method, content := http.MethodGet, io.Reader(nil)
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return Answer{}, err
		}
		method, content = http.MethodPost, bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, s.URL+path, content)
	if err != nil {
		return Answer{}, err
	}
	request.Header.Set("Authorization", "Bearer "+adminKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return Answer{response.StatusCode, response.Header, string(text)}, err
}

// Must makes a request that has to be done.
func (s *Server) Must(t *testing.T, path string, body any) string {
	t.Helper()
	got, err := s.Send(path, body)
	if err != nil || got.Status >= 300 {
		t.Fatalf("%s: got %d %s, error %v, want it to be done; the server says\n%s", path, got.Status, got.Body, err, s.Output())
	}
	return got.Body
}

// Await asks until the answer to a path is as it should be.
func (s *Server) Await(t *testing.T, path, what string, right func(Answer) bool) Answer {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(Patience); ; <-look.C {
		got, err := s.Send(path, nil)
		switch {
		case err != nil:
			t.Fatalf("%s: got error %v, want an answer; the server says\n%s", path, err, s.Output())
		case right(got):
			return got
		case time.Now().After(deadline):
			t.Fatalf("%s: got %d %s, want %s; the server says\n%s", path, got.Status, got.Body, what, s.Output())
		}
	}
}
