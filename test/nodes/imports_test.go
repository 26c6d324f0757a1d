package nodes_test

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
	"github.com/muster-groups/muster/test/crash"
	"github.com/muster-groups/muster/test/scratch"
)

// importRows is how many rows a file has at first; it grows until what happens
// meets the import.
const importRows = 40_000

// mostMore is how many imports meet what happens by chance, when there is time without end.
const mostMore = 100

// mishap is what happens to a node while an import runs.
type mishap struct {
	node int
	what string
}

// An import is taken by one node and configured by another; the one that runs it
// is killed, and the next one told to stop. As long as there is time for it, worse
// happens, to any node.
func TestAnImportGoesOnWhateverBecomesOfTheNodes(t *testing.T) {
	t.Parallel()
	started, budget := time.Now(), scratch.Budget(0)
	run := func(rows int, happens []mishap) (met int) {
		t.Run(fmt.Sprint(rows, " rows"), func(t *testing.T) { met = importMet(t, rows, happens) })
		return met
	}
	for rows := importRows; run(rows, []mishap{{0, "kill"}, {1, "stop"}}) < 2 && !t.Failed(); rows *= 2 {
		if rows > 64*importRows {
			t.Fatalf("no import of %d rows was met", rows)
		}
	}
	chance, met, more := scratch.Chance(scratch.Seed(t), "imports"), 0, 0
	for more < mostMore && time.Since(started) < budget && !t.Failed() {
		var happens []mishap
		for range 1 + chance.IntN(4) {
			happens = append(happens, mishap{chance.IntN(2), []string{"kill", "stop", "freeze", "cut"}[chance.IntN(4)]})
		}
		met += run(importRows+chance.IntN(4*importRows), happens)
		more++
	}
	t.Logf("%d mishaps met %d more imports", met, more)
}

// importMet lets an import of a file run on two nodes while something happens to
// them, one thing after another, and answers how much of it the import has met.
func importMet(t *testing.T, rows int, happens []mishap) (met int) {
	ctx, url := t.Context(), prepared(t)
	nodes := []*process{join(t, url), join(t, url)}
	file, bad := crash.ImportFile(rows)
	made, err := nodes[0].NewImport(ctx, "activities", "visits.csv", strings.NewReader(file))
	if err == nil {
		_, err = nodes[1].ConfigureImport(ctx, made.ID, client.ImportSettings{TimeZone: "Europe/Vienna"})
	}
	if err == nil {
		made, err = nodes[0].RunImport(ctx, made.ID, false)
	}
	if err != nil || made.Settings.TimeZone != "Europe/Vienna" || made.Bytes != int64(len(file)) {
		t.Fatalf("what the other node has configured: got %+v, error %v, want its time zone and %d bytes\n%s", made, err, len(file), nodes[0].Output())
	}
	for _, p := range nodes {
		if got := imports(t, p); !slices.Equal(got, []string{made.ID}) {
			t.Errorf("imports: got %v, want %s", got, made.ID)
		}
	}
	for n, h := range happens {
		victim, other := nodes[h.node], nodes[1-h.node]
		before := past(t, victim, made.ID, rows*(n+1)/(len(happens)+2))
		if before.State == "running" {
			met++
		}
		switch h.what {
		case "kill":
			victim.Kill()
		case "stop":
			if err := victim.Stop(); err != nil {
				t.Error(err)
			}
		case "cut":
			cut(t, url)
		case "freeze":
			if err := syscall.Kill(victim.ID(), syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
		}
		happened := time.Now()
		past(t, other, made.ID, before.Progress.Rows)
		t.Logf("%s after %s of node %d the import is past row %d", time.Since(happened).Round(time.Millisecond), h.what, h.node, before.Progress.Rows)
		switch h.what {
		case "kill", "stop":
			nodes[h.node] = join(t, url)
		case "freeze":
			if err := syscall.Kill(victim.ID(), syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, p := range nodes {
		done := past(t, p, made.ID, rows+1)
		if err := crash.CheckImport(ctx, p.Client, done, rows, bad); err != nil {
			t.Errorf("after %v: %v\n%s\n%s", happens, err, nodes[0].Output(), nodes[1].Output())
		}
	}
	return met
}

// join serves a schema by connections that can be told from those of others.
func join(t *testing.T, url string) *process {
	t.Helper()
	_, schema, _ := strings.Cut(url, "search_path=")
	return serve(t, url+"&application_name="+schema)
}

// cut ends all connections of the nodes that have joined a schema.
func cut(t *testing.T, url string) {
	t.Helper()
	conn, err := pgtest.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity where application_name = current_schema()`)
	if err != nil {
		t.Fatal(err)
	}
}

// past waits until an import has settled more than some rows or has ended.
func past(t *testing.T, on *process, id string, rows int) client.Import {
	t.Helper()
	for ticker := tick(t); ; <-ticker {
		i, err := on.Import(t.Context(), id)
		switch {
		case muster.CodeOf(err) == muster.CodeUnavailable: // its database is away
		case err != nil:
			t.Fatalf("%v\n%s", err, on.Output())
		case i.State != "running" || i.Progress.Rows > rows:
			return i
		}
	}
}

// imports lists imports by id.
func imports(t *testing.T, on *process) (ids []string) {
	t.Helper()
	var page struct{ Items []client.Import }
	if err := on.Call(t.Context(), "GET", "/imports", nil, &page); err != nil {
		t.Fatalf("%v\n%s", err, on.Output())
	}
	for _, i := range page.Items {
		ids = append(ids, i.ID)
	}
	return ids
}

// Both nodes run an import; each is asked of the other one's.
func TestImportsRunOnSeveralNodesAndAreCancelledFromAnyOfThem(t *testing.T) {
	t.Parallel()
	ctx, url := t.Context(), prepared(t)
	a, b := serve(t, url), serve(t, url)
	for rows := importRows / 2; ; rows *= 2 {
		var ids [2]string
		for n, on := range []*process{a, b} {
			var file strings.Builder
			file.WriteString("external_id\n")
			for row := range rows {
				fmt.Fprintf(&file, "n%d-%d-%d\n", n, rows, row)
			}
			made, err := on.NewImport(ctx, "contacts", "people.csv", strings.NewReader(file.String()))
			if err == nil {
				_, err = on.RunImport(ctx, made.ID, false)
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, on.Output())
			}
			ids[n] = made.ID
		}
		err := b.Call(ctx, "DELETE", "/imports/"+ids[0]+"/run", nil, nil)
		cancelled := past(t, b, ids[0], rows+1)
		if cancelled.State == "finished" {
			continue // it was through before
		}
		if err != nil || cancelled.State != "cancelled" || cancelled.Progress.Accepted >= rows {
			t.Errorf("cancelled from the other node: got %+v, error %v, want it cancelled before all %d rows\n%s\n%s", cancelled, err, rows, a.Output(), b.Output())
		}
		whole := past(t, a, ids[1], rows+1)
		if whole.State != "finished" || whole.Progress.Accepted != rows {
			t.Errorf("the other node's import: got %+v, want all %d rows taken\n%s", whole, rows, b.Output())
		}
		if err := a.Call(ctx, "DELETE", "/imports/"+ids[1], nil, nil); err != nil {
			t.Error(err)
		}
		if got := imports(t, b); slices.Contains(got, ids[1]) || !slices.Contains(got, ids[0]) {
			t.Errorf("imports when the other node has forgotten %s: got %v, want %s without it", ids[1], got, ids[0])
		}
		return
	}
}
