package postgres_test

import (
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
)

// wire is a way to a database on which nothing arrives any more once it is cut,
// and no end is told either: as when a machine vanishes.
type wire struct {
	net.Listener
	to     string
	cut    atomic.Bool
	broken chan struct{} // closed when everybody is to hear of it
}

// wired answers a URL that leads through a wire.
func wired(t *testing.T, to string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: listener, to: u.Host, broken: make(chan struct{})}
	u.Host = listener.Addr().String()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			go w.carry(near)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	return w, u.String()
}

func (w *wire) carry(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer far.Close()
	ended := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		go func() {
			_, _ = io.Copy(end{way[1], w}, way[0])
			ended <- struct{}{}
		}()
	}
	select {
	case <-ended:
	case <-w.broken:
	}
}

// end is where a wire comes out.
type end struct {
	io.Writer
	wire *wire
}

func (e end) Write(p []byte) (int, error) {
	if e.wire.cut.Load() {
		return len(p), nil
	}
	return e.Writer.Write(p)
}

// Whoever was reading when the database vanished goes on without it.
func TestADatabaseThatVanishesKeepsNobody(t *testing.T) {
	t.Parallel()
	w, url := wired(t, empty(t))
	s, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(w.broken)
		_ = s.Close() // it cannot say goodbye
	})
	done := make(chan error, 1)
	go func() {
		done <- s.View(t.Context(), func(v store.View) error {
			_, err := v.Documents("note")
			w.cut.Store(true)
			return err
		})
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("what was read before: got %v, want no error", err)
		}
	case <-time.After(3 * time.Minute):
		t.Error("a reader still waits for a database that has vanished")
	}
}
