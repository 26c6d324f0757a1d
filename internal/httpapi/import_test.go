package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

type imported struct {
	ID      string
	State   string
	System  *string
	Format  string
	Missing []string
	Columns []struct {
		Name, Target, How string
		Samples           []string
	}
	Progress struct {
		Bytes, Rows, Accepted, Duplicate, Rejected int
	}
	Examples []struct {
		Line   int
		Record map[string]any
	}
	Rejects []struct {
		Line   int
		Reason string
	}
}

func TestAFileIsLookedAtRehearsedAndImported(t *testing.T) {
	w := newWorld(t)
	const people = "Email;First name;Birthday;Nonsense\nada@example.com;Ada;10.12.1985;x\n;Nobody;;y\nbob@example.com;Bob;31.2.1990;z\n\nno-email;Cy;;\n"
	var i imported
	w.must("POST", "/imports?kind=contacts&name=people.csv", people, &i)
	var columns []string
	for _, c := range i.Columns {
		columns = append(columns, fmt.Sprintf("%s>%s %s %v", c.Name, c.Target, c.How, c.Samples))
	}
	want := []string{"Email>email recognised [ada@example.com bob@example.com no-email]", "First name>fields.first_name recognised [Ada Nobody Bob]",
		"Birthday>fields.birthday recognised [10.12.1985 31.2.1990]", "Nonsense> unknown [x y z]"}
	if !slices.Equal(columns, want) || i.Format != "CSV, semicolons" || i.State != "uploaded" || len(i.Missing) != 0 {
		t.Errorf("upload: got %+v, want the columns %q of CSV with semicolons", i, want)
	}

	w.must("POST", "/imports/"+i.ID+"/run?dry_run=true&wait=true", nil, &i)
	if p := i.Progress; i.State != "checked" || p.Rows != 4 || p.Accepted != 1 || p.Rejected != 3 || p.Bytes != len(people) || len(i.Examples) != 2 {
		t.Errorf("dry run: got %+v, want 4 rows checked, 1 good and 3 wrong, 2 of which are readable", i)
	}
	var found struct{ Items []any }
	if w.must("GET", "/contacts", nil, &found); len(found.Items) != 0 {
		t.Errorf("after a dry run: got %d contacts, want none", len(found.Items))
	}

	w.must("PUT", "/imports/"+i.ID+"/settings", `{"map": {"Nonsense": "city"}}`, &i)
	if i.State != "uploaded" || i.Columns[3].Target != "fields.city" || i.Columns[3].How != "asked" {
		t.Errorf("settings: got %+v, want Nonsense to become the city", i)
	}
	w.must("POST", "/imports/"+i.ID+"/run?wait=true", nil, &i)
	if p := i.Progress; i.State != "finished" || p.Rows != 4 || p.Accepted != 1 || p.Rejected != 3 {
		t.Errorf("run: got %+v, want 1 of 4 rows taken", i)
	}
	if w.must("GET", "/contacts?search=ada", nil, &found); len(found.Items) != 1 {
		t.Errorf("after the import: got %d contacts named ada, want 1", len(found.Items))
	}
	rejects := w.send("edit", "GET", "/api/v1/imports/"+i.ID+"/rejects", nil, nil)
	for _, part := range []string{"_line,_reason,Email,First name,Birthday,Nonsense\n", "3,\"the row names nobody", "4,\"Birthday: \"\"31.2.1990\"\"", "\n6,", "no-email,Cy"} {
		if !strings.Contains(rejects.body, part) {
			t.Errorf("rejects: got\n%s, want %q in it", rejects.body, part)
		}
	}
	if got, want := rejects.header.Get("Content-Disposition"), `attachment; filename="people.rejects.csv"`; got != want {
		t.Errorf("rejects: got the disposition %s, want %s", got, want)
	}
	if again := w.send("edit", "POST", "/api/v1/imports/"+i.ID+"/run", nil, nil); again.status != http.StatusConflict {
		t.Errorf("a second run: got %d %s, want 409", again.status, again.body)
	}
	w.must("DELETE", "/imports/"+i.ID, nil, nil)
	if gone := w.send("edit", "GET", "/api/v1/imports/"+i.ID, nil, nil); gone.status != http.StatusNotFound {
		t.Errorf("a forgotten import: got %d, want 404", gone.status)
	}
}

func TestActivitiesAreImportedOnceHoweverOftenTheirFileComes(t *testing.T) {
	w := newWorld(t)
	const file = `{"external_id": "c1", "at": "2026-03-01T10:00:00Z", "keywords": "tents"}` + "\n" + `{"external_id": "c1", "at": "2026-03-01T11:00:00Z", "keywords": "boots"}` + "\n"
	for round, want := range []string{"2 0", "0 2"} {
		var i imported
		w.must("POST", "/imports?kind=activities&name=searches.ndjson", file, &i)
		if !slices.Equal(i.Missing, []string{"type", "occurred_at"}) {
			t.Errorf("upload: got %q missing, want type and occurred_at", i.Missing)
		}
		if early := w.send("edit", "POST", "/api/v1/imports/"+i.ID+"/run", nil, nil); early.status != http.StatusUnprocessableEntity {
			t.Errorf("run without a type: got %d %s, want 422", early.status, early.body)
		}
		w.must("PUT", "/imports/"+i.ID+"/settings", `{"map": {"at": "occurred_at", "keywords": "attributes.keywords"}, "set": {"type": "search"}}`, &i)
		w.must("POST", "/imports/"+i.ID+"/run?wait=true", nil, &i)
		if got := fmt.Sprint(i.Progress.Accepted, i.Progress.Duplicate); i.State != "finished" || got != want {
			t.Errorf("round %d: got %+v, want %s taken and there already", round, i, want)
		}
	}
}

func TestAnImportIsCancelledAndWhatWasTakenStays(t *testing.T) {
	w := newWorld(t)
	// An import may be through before it is told to stop; a longer one is not.
	for rows := 50_000; ; rows *= 2 {
		var file strings.Builder
		file.WriteString("external_id\n")
		for n := range rows {
			fmt.Fprintf(&file, "c%d\n", n)
		}
		var i imported
		w.must("POST", "/imports?kind=contacts&name=many.csv", file.String(), &i)
		w.must("POST", "/imports/"+i.ID+"/run", nil, nil)
		stopped := w.send("admin", "DELETE", "/api/v1/imports/"+i.ID+"/run", nil, nil)
		ended, err := w.app.AwaitImport(t.Context(), i.ID)
		if err != nil {
			t.Fatal(err)
		}
		if ended.State == "finished" {
			continue
		}
		var system struct{ Sizes struct{ Contacts int } }
		w.must("GET", "/system", nil, &system)
		if stopped.status != http.StatusNoContent || ended.State != "cancelled" || ended.Progress.Accepted >= rows || system.Sizes.Contacts < ended.Progress.Accepted {
			t.Errorf("cancelled: got %d %s, then %s with %d accepted and %d contacts, want 204, cancelled before all %d, and what was accepted kept",
				stopped.status, stopped.body, ended.State, ended.Progress.Accepted, system.Sizes.Contacts, rows)
		}
		return
	}
}

func TestWhatCannotBeImportedIsRefusedWithThePlace(t *testing.T) {
	w := newWorld(t)
	var i imported
	w.must("POST", "/imports?kind=contacts&name=x.csv", "email\na@example.com\n", &i)
	for _, c := range []struct{ method, path, body, want string }{
		{"POST", "/imports?kind=groups", "email\na@example.com\n", `"location":"/kind"`},
		{"POST", "/imports?kind=contacts", "", "the file is empty"},
		{"POST", "/imports?kind=contacts", "email\n", "the file has none"},
		{"PUT", "/imports/" + i.ID + "/settings", `{"map": {"email": "shoes"}}`, `/map/email`},
		{"PUT", "/imports/" + i.ID + "/settings", `{"set": {"lists.none": "yes"}}`, `/set/lists.none`},
		{"PUT", "/imports/" + i.ID + "/settings", `{"time_zone": "Mars"}`, `/time_zone`},
	} {
		if got := w.send("edit", c.method, "/api/v1"+c.path, nil, strings.NewReader(c.body)); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, c.want) {
			t.Errorf("%s %s %s: got %d %s, want 422 with %q", c.method, c.path, c.body, got.status, got.body, c.want)
		}
	}
}
