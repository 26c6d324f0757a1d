package outage_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
	"github.com/muster-groups/muster/test/outage"
	"github.com/muster-groups/muster/test/program"
)

var (
	binary   string
	database *pgtest.Server
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "muster-outage-")
	if err == nil {
		defer os.RemoveAll(dir)
		binary, err = program.Build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return pgtest.Main(m, func(s *pgtest.Server) { database = s })
}

type document = map[string]any

// prepared is a schema with all tables, where what is acknowledged outlives a crash.
func prepared(t *testing.T) string {
	t.Helper()
	url, err := database.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	return url + "&synchronous_commit=on"
}

func isReady(a outage.Answer) bool { return a.Status == 200 && strings.Contains(a.Body, `"ready"`) }

func isAway(a outage.Answer) bool {
	return a.Status == 503 && strings.Contains(a.Body, `"away"`) && a.Header.Get("Retry-After") != ""
}

func TestADatabaseThatGoesAwayLosesNothingAndTheServiceResumesByItself(t *testing.T) {
	s := outage.Start(t, binary, prepared(t))
	s.Await(t, "/readyz", "ready", isReady)
	condition := document{"groups": []any{document{"conditions": []any{document{"type": "field", "params": document{"field": "city", "op": "is", "value": "Wien"}}}}}}
	s.Must(t, "/api/v1/groups", document{"code": "vienna", "name": "Vienna", "condition": condition})
	s.Must(t, "/api/v1/groups/vienna/recalculate", document{})
	s.Await(t, "/api/v1/groups/vienna", "up to date", func(a outage.Answer) bool { return strings.Contains(a.Body, `"up_to_date"`) })

	t.Cleanup(func() { _ = database.Thaw() }) // other tests are not to wait for one that has failed
	w := writers{server: s, stop: make(chan struct{})}
	for n := range 3 {
		w.running.Go(func() { w.write(n) })
	}
	for round, ends := range []struct {
		how      string
		end, run func() error
	}{{"killed", database.Kill, database.Run}, {"stopped", database.Halt, database.Run}, {"frozen", database.Freeze, database.Thaw}} {
		w.await(t, &w.taken, w.taken.Load()+20)
		if err := ends.end(); err != nil {
			t.Fatal(err)
		}
		ended := time.Now()
		s.Await(t, "/readyz", "away, and when to try again", isAway)
		t.Logf("%s: away after %s", ends.how, time.Since(ended).Round(time.Millisecond))
		w.await(t, &w.refused, w.refused.Load()+3)
		got, err := s.Send("/api/v1/groups/vienna", nil)
		if err != nil || !isProblem(got) {
			t.Errorf("round %d: a reader while the database was %s: got %d %v %s, error %v, want a 503 problem that says when to try again",
				round, ends.how, got.Status, got.Header, got.Body, err)
		}
		if err := ends.run(); err != nil {
			t.Fatal(err)
		}
		s.Await(t, "/readyz", "ready", isReady)
	}
	w.await(t, &w.taken, w.taken.Load()+20)
	close(w.stop)
	w.running.Wait()
	for _, wrong := range w.wrong {
		t.Error(wrong)
	}

	members := s.Must(t, "/api/v1/groups/vienna/contacts.ndjson", nil)
	there := map[string]int{}
	for line := range strings.Lines(members) {
		var member struct {
			ExternalID string `json:"external_id"`
		}
		if err := json.Unmarshal([]byte(line), &member); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		there[member.ExternalID]++
	}
	for _, id := range w.acknowledged {
		if there[id] != 1 {
			t.Errorf("%s was acknowledged: got it %d times, want it once", id, there[id])
		}
	}
	var verified struct{ Contacts, Wrong int }
	if err := json.Unmarshal([]byte(s.Must(t, "/api/v1/verify", document{})), &verified); err != nil {
		t.Fatal(err)
	}
	if verified.Wrong != 0 || verified.Contacts < len(w.acknowledged) {
		t.Errorf("verify: got %+v, want nothing wrong and at least the %d contacts that were acknowledged", verified, len(w.acknowledged))
	}
}

func TestAServerThatIsStartedWithoutItsDatabaseWaitsForIt(t *testing.T) {
	url := prepared(t)
	if err := database.Halt(); err != nil {
		t.Fatal(err)
	}
	s := outage.Start(t, binary, url)
	s.Await(t, "/readyz", "away, and when to try again", isAway)
	s.Await(t, "/healthz", "alive", func(a outage.Answer) bool { return a.Status == 200 })
	if err := database.Run(); err != nil {
		t.Fatal(err)
	}
	s.Await(t, "/readyz", "ready", isReady)
	s.Must(t, "/api/v1/contacts", document{"external_id": "anna"})
}

func isProblem(a outage.Answer) bool {
	return a.Status == 503 && a.Header.Get("Retry-After") != "" && a.Header.Get("Content-Type") == "application/problem+json" && strings.Contains(a.Body, `"unavailable"`)
}

// writers make contacts, each of its own, and note what became of them.
type writers struct {
	server  *outage.Server
	stop    chan struct{}
	running sync.WaitGroup
	taken   atomic.Int64
	refused atomic.Int64

	mu           sync.Mutex
	acknowledged []string
	wrong        []string
}

func (w *writers) write(writer int) {
	pause := time.NewTicker(5 * time.Millisecond)
	defer pause.Stop()
	for n := 0; ; n++ {
		select {
		case <-w.stop:
			return
		case <-pause.C:
		}
		id := fmt.Sprintf("w%d-%d", writer, n)
		got, err := w.server.Send("/api/v1/contacts", document{"external_id": id, "fields": document{"city": "Wien"}})
		w.mu.Lock()
		switch {
		case err != nil:
			w.wrong = append(w.wrong, fmt.Sprintf("%s: got error %v, want an answer", id, err))
		case got.Status < 300:
			w.acknowledged = append(w.acknowledged, id)
			w.taken.Add(1)
		case isProblem(got):
			w.refused.Add(1)
		default:
			w.wrong = append(w.wrong, fmt.Sprintf("%s: got %d %v %s, want it taken, or a 503 problem that says when to try again", id, got.Status, got.Header, got.Body))
		}
		w.mu.Unlock()
	}
}

// await waits until a counter has reached a number.
func (w *writers) await(t *testing.T, counter *atomic.Int64, want int64) {
	t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(outage.Patience); counter.Load() < want; <-look.C {
		if time.Now().After(deadline) {
			t.Fatalf("got %d requests answered, want %d; the server says\n%s", counter.Load(), want, w.server.Output())
		}
	}
}
