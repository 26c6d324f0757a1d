package nodes_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/crash"
)

// importRows is how many rows a file has at first; it grows until what happens
// meets the import.
const importRows = 40_000

// An import is taken by one node, configured by another, and runs on three: the
// first is killed, the second is told to stop.
func TestAnImportGoesOnWhicheverNodeIsGone(t *testing.T) {
	t.Parallel()
	for rows := importRows; ; rows *= 2 {
		if importOnThree(t, rows) {
			return
		}
		if rows > 64*importRows {
			t.Fatalf("no import of %d rows was met", rows)
		}
	}
}

// importOnThree answers whether both nodes went while the import ran.
func importOnThree(t *testing.T, rows int) (met bool) {
	ctx, url := t.Context(), prepared(t)
	a, b := serve(t, url), serve(t, url)
	must := func(i client.Import, err error) client.Import {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s\n%s", err, a.Output(), b.Output())
		}
		return i
	}
	file, bad := crash.ImportFile(rows)
	made := must(a.NewImport(ctx, "activities", "visits.csv", strings.NewReader(file)))
	set := must(b.ConfigureImport(ctx, made.ID, client.ImportSettings{TimeZone: "Europe/Vienna"}))
	if got := must(a.Import(ctx, made.ID)); got.Settings.TimeZone != "Europe/Vienna" || got.Bytes != int64(len(file)) || set.ID != made.ID {
		t.Errorf("what the other node has configured: got %+v, want its time zone and %d bytes", got, len(file))
	}
	for _, p := range []*process{a, b} {
		if got := imports(t, p); !slices.Equal(got, []string{made.ID}) {
			t.Errorf("imports: got %v, want %s", got, made.ID)
		}
	}
	must(a.RunImport(ctx, made.ID, false))
	before := past(t, a, made.ID, rows/4)
	a.Kill()
	killed := time.Now()
	past(t, b, made.ID, before.Progress.Rows)
	t.Logf("the other node is past row %d %s after the first was killed", before.Progress.Rows, time.Since(killed).Round(time.Millisecond))
	met = before.State == "running"

	c := serve(t, url)
	after := past(t, b, made.ID, rows/2)
	met = met && after.State == "running"
	if err := b.Stop(); err != nil {
		t.Error(err)
	}
	done := past(t, c, made.ID, rows+1)
	if err := crash.CheckImport(ctx, c.Client, done, rows, bad); err != nil {
		t.Errorf("%v\n%s\n%s\n%s", err, a.Output(), b.Output(), c.Output())
	}
	return met
}

// past waits until an import has settled more than some rows or has ended.
func past(t *testing.T, on *process, id string, rows int) client.Import {
	t.Helper()
	for ticker := tick(t); ; <-ticker {
		i, err := on.Import(t.Context(), id)
		if err != nil {
			t.Fatalf("%v\n%s", err, on.Output())
		}
		if i.State != "running" || i.Progress.Rows > rows {
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
