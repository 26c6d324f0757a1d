package crash

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/muster-groups/muster/client"
)

// importRows is how many rows the file of an import has at first; it grows
// until a kill meets the import.
const importRows = 30_000

// ImportFile makes a file of visits. Some of its rows are equal, some cannot be
// read, some are refused; bad are the lines of those, in order.
func ImportFile(rows int) (file string, bad []string) {
	var b strings.Builder
	b.WriteString("external_id,type,occurred_at,attributes.url\n")
	for n := range rows {
		line := n + 2
		switch {
		case n%997 == 5:
			fmt.Fprintf(&b, "p%d,page_visit,someday,https://shop.example/\n", n%500)
			bad = append(bad, fmt.Sprint(line))
		case n%991 == 7:
			fmt.Fprintf(&b, "p%d,nonsense,2026-01-01T10:00:00Z,https://shop.example/\n", n%500)
			bad = append(bad, fmt.Sprint(line))
		default:
			fmt.Fprintf(&b, "p%d,page_visit,2026-01-01T10:00:00Z,https://shop.example/%d\n", n%500, n/1000%10)
		}
	}
	return b.String(), bad
}

// Import kills the server in the middle of an import, three times, and fails the
// test unless the import ends as if nothing had happened.
func Import(t *testing.T, program string) {
	for rows := importRows; ; rows *= 2 {
		met, err := importOnce(t.Context(), program, t.TempDir(), rows)
		if err != nil {
			t.Fatal(err)
		}
		if met == 3 {
			return
		}
		if rows > 64*importRows {
			t.Fatalf("only %d of 3 kills met an import of %d rows", met, rows)
		}
	}
}

func importOnce(ctx context.Context, program, dir string, rows int) (met int, err error) {
	file, bad := ImportFile(rows)
	s, err := start(program, dir)
	if err == nil {
		err = s.await()
	}
	if err != nil {
		return 0, err
	}
	defer func() { s.Kill() }()
	made, err := s.NewImport(ctx, "activities", "visits.csv", strings.NewReader(file))
	if err == nil {
		_, err = s.RunImport(ctx, made.ID, false)
	}
	if err != nil {
		return 0, err
	}
	for kill := 1; kill <= 3; kill++ {
		// From here on it is in the middle, unless it has ended.
		if made, err = importPast(ctx, s.Client, made.ID, rows*kill/4); err != nil {
			return met, err
		}
		before := made.Progress
		if made.State == "running" {
			met++
		}
		s.Kill()
		if s, err = start(program, dir); err == nil {
			err = s.await()
		}
		if err != nil {
			return met, err
		}
		if made, err = s.Import(ctx, made.ID); err != nil {
			return met, err
		}
		if p := made.Progress; p.Rows < before.Rows || p.Accepted < before.Accepted || p.Duplicate != 0 {
			return met, fmt.Errorf("after kill %d: progress %+v, want at least %+v", kill, p, before)
		}
	}
	if made, err = importPast(ctx, s.Client, made.ID, rows+1); err != nil {
		return met, err
	}
	return met, CheckImport(ctx, s.Client, made, rows, bad)
}

// importPast waits until an import has settled more than some rows or has ended.
func importPast(ctx context.Context, c *client.Client, id string, rows int) (client.Import, error) {
	for {
		i, err := c.Import(ctx, id)
		if err != nil || i.State != "running" || i.Progress.Rows > rows {
			return i, err
		}
		time.Sleep(time.Millisecond) // between two questions
	}
}

// CheckImport compares what an import came to with what its file holds.
func CheckImport(ctx context.Context, c *client.Client, i client.Import, rows int, bad []string) error {
	want := client.ImportProgress{Bytes: i.Bytes, Rows: rows, Accepted: rows - len(bad), Rejected: len(bad)}
	if i.State != "finished" || i.Progress != want {
		return fmt.Errorf("the import ended %s (%s) with %+v, want finished with %+v", i.State, i.Error, i.Progress, want)
	}
	rejects, err := c.ImportRejects(ctx, i.ID)
	if err != nil {
		return err
	}
	defer rejects.Close()
	if err := checkRejects(rejects, bad); err != nil {
		return err
	}
	return checkImported(ctx, c, rows-len(bad))
}

func checkRejects(in io.Reader, bad []string) error {
	table, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return err
	}
	var lines []string
	for _, row := range table[1:] {
		lines = append(lines, row[0])
	}
	if got, want := strings.Join(lines, " "), strings.Join(bad, " "); got != want {
		return fmt.Errorf("the rejects are of the lines\n%s\nwant\n%s", got, want)
	}
	return nil
}

func checkImported(ctx context.Context, c *client.Client, activities int) error {
	var system struct {
		Sizes struct{ Activities, Contacts int }
	}
	if err := c.Call(ctx, "GET", "/system", nil, &system); err != nil {
		return err
	}
	if system.Sizes.Activities != activities || system.Sizes.Contacts != 500 {
		return fmt.Errorf("%+v are stored, want %d activities of 500 contacts", system.Sizes, activities)
	}
	return nil
}

// ImportByCommand kills the server while muster import sends it a file, and
// fails the test unless the command goes on by itself when the server is back.
func ImportByCommand(t *testing.T, program string) {
	for rows := importRows; ; rows *= 2 {
		met, err := commandOnce(t, program, rows)
		if err != nil {
			t.Fatal(err)
		}
		if met {
			return
		}
		if rows > 64*importRows {
			t.Fatalf("no kill met muster import with %d rows", rows)
		}
	}
}

func commandOnce(t *testing.T, program string, rows int) (met bool, err error) {
	ctx, dir := t.Context(), t.TempDir()
	file, bad := ImportFile(rows)
	path := filepath.Join(t.TempDir(), "visits.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		return false, err
	}
	s, err := start(program, dir)
	if err == nil {
		err = s.await()
	}
	if err != nil {
		return false, err
	}
	defer func() { s.Kill() }()
	wire, err := newWire()
	if err != nil {
		return false, err
	}
	defer wire.close()
	wire.to(s.URL)

	command := exec.CommandContext(ctx, program, "import", "activities", path, "--server", wire.url())
	command.Env = append(os.Environ(), "MUSTER_KEY="+adminKey)
	var said strings.Builder
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		return false, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait() // rows are rejected, so it does not end with 0
	}()
	if err := someStored(ctx, s.Client, ended); err != nil {
		return false, err
	}
	s.Kill()
	if s, err = start(program, dir); err == nil {
		err = s.await()
	}
	if err != nil {
		return false, err
	}
	wire.to(s.URL)
	<-ended
	if err := checkImported(ctx, s.Client, rows-len(bad)); err != nil {
		return false, fmt.Errorf("%w; muster import said:\n%s", err, said.String())
	}
	rejects, err := os.Open(strings.TrimSuffix(path, ".csv") + ".rejects.csv")
	if err != nil {
		return false, fmt.Errorf("%w; muster import said:\n%s", err, said.String())
	}
	defer rejects.Close()
	return strings.Contains(said.String(), "the import goes on there when it is back"), checkRejects(rejects, bad)
}

// someStored waits until activities are stored, or something has ended.
func someStored(ctx context.Context, c *client.Client, ended <-chan struct{}) error {
	for {
		var system struct{ Sizes struct{ Activities int } }
		if err := c.Call(ctx, "GET", "/system", nil, &system); err != nil || system.Sizes.Activities > 0 {
			return err
		}
		select {
		case <-ended:
			return nil
		case <-time.After(time.Millisecond): // between two questions
		}
	}
}

// wire is an address that stays while the server behind it changes.
type wire struct {
	listener net.Listener
	mu       sync.Mutex
	target   string
}

func newWire() (*wire, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &wire{listener: l}
	go w.serve()
	return w, nil
}

func (w *wire) url() string { return "http://" + w.listener.Addr().String() }

func (w *wire) to(base string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.target = strings.TrimPrefix(base, "http://")
}

func (w *wire) close() { _ = w.listener.Close() }

func (w *wire) serve() {
	for {
		in, err := w.listener.Accept()
		if err != nil {
			return // it is closed
		}
		w.mu.Lock()
		target := w.target
		w.mu.Unlock()
		out, err := net.Dial("tcp", target)
		if err != nil {
			_ = in.Close() // the server is away
			continue
		}
		for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
			go func() {
				_, _ = io.Copy(way[0], way[1])
				_, _ = way[0].Close(), way[1].Close()
			}()
		}
	}
}
