package outage

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/muster-groups/muster/test/program"
)

const adminKey = "outage-test-admin-key-0123456789"

// Patience is how long a test waits for what will certainly come. It only
// bounds a hanging test, on the slowest and busiest machine.
const Patience = 5 * time.Minute

// Server is a running process of the program.
type Server struct{ *program.Process }

// Start runs the program on a database. It answers as soon as the program
// listens, be it ready or not.
func Start(t *testing.T, binary, database string) *Server {
	t.Helper()
	p, err := program.Serve(binary, adminKey, nil, "--database", database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	if err := p.Listening(); err != nil {
		t.Fatal(err)
	}
	return &Server{p}
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
