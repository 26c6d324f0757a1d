package app_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/internal/store/folder"
)

// importing is an App with files of imports.
type importing struct {
	*testing.T
	app   *app.App
	files store.Files
}

func newImporting(t *testing.T) *importing {
	t.Helper()
	st, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	r, err := roster.Open(t.Context(), st, roster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	i := &importing{T: t}
	if i.files, err = folder.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if i.app, err = app.New(t.Context(), app.Config{Roster: r, Files: i.files}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(i.app.Close)
	return i
}

func (i *importing) upload(text string) string {
	i.Helper()
	made, err := i.app.NewImport(i.Context(), editor(), "contacts", "people.csv", strings.NewReader(text))
	if err != nil {
		i.Fatal(err)
	}
	return made.ID
}

// label writes a label as an earlier process has left it.
func (i *importing) label(id, text string) {
	i.Helper()
	l, err := i.files.Label(i.Context(), id)
	if err != nil && muster.CodeOf(err) != muster.CodeNotFound {
		i.Fatal(err)
	}
	if _, err := i.files.PutLabel(i.Context(), id, l.Version, []byte(text)); err != nil {
		i.Fatal(err)
	}
}

// list answers the states of imports by id.
func (i *importing) list() map[string]app.ImportState {
	i.Helper()
	page, err := i.app.Imports(i.Context())
	if err != nil {
		i.Fatal(err)
	}
	states := map[string]app.ImportState{}
	for _, doc := range page.Items {
		states[doc.ID] = doc.State
	}
	return states
}

func TestWhatAnEarlierProcessHasLeftOfImportsIsTakenUpOrRemoved(t *testing.T) {
	i := newImporting(t)
	runs, rehearsed, cancelled := i.upload("email\na@example.com\nb@example.com\n"), i.upload("email\nc@example.com\n"), i.upload("email\nd@example.com\n")
	label := func(id, state, more string) string {
		return fmt.Sprintf(`{"import": {"id": %q, "kind": "contacts", "name": "x.csv", "state": %q, "created_at": %q}%s}`, id, state, time.Now().UTC().Format(time.RFC3339), more)
	}
	i.label(runs, label(runs, "running", ""))
	i.label(rehearsed, strings.Replace(label(rehearsed, "running", ""), `"kind"`, `"dry_run": true, "kind"`, 1))
	i.label(cancelled, label(cancelled, "running", `, "cancelled": true`))
	i.label("arriving", label("arriving", "uploaded", `, "arriving": true`))
	i.label("forgotten", `{"import": {"id": "forgotten", "state": "uploaded", "created_at": "2020-01-01T00:00:00Z"}}`)
	i.label("old", `{"import": {"id": "old", "state": "finished", "created_at": "2020-01-01T00:00:00Z"}}`)
	i.label("broken", `{"import": `)
	if got := i.list(); len(got) != 5 {
		t.Errorf("before: got %v, want all but what arrives and what cannot be read", got)
	}

	i.app.LookAfterImports()
	want := map[string]app.ImportState{runs: app.ImportFinished, rehearsed: app.ImportChecked, cancelled: app.ImportCancelled}
	for id, state := range want {
		doc, err := i.app.AwaitImport(t.Context(), id)
		if err != nil || doc.State != state {
			t.Errorf("import: got %+v, error %v, want it %s", doc, err, state)
		}
	}
	want["old"] = app.ImportFinished
	if got := i.list(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("after: got %v, want %v", got, want)
	}
	labels, err := i.files.Labels(t.Context())
	if _, broken := labels["broken"]; err != nil || !broken || len(labels) != 5 {
		t.Errorf("labels: got %v, error %v, want those of the list and the one that cannot be read", labels, err)
	}
	for _, name := range []string{"a", "c", "d"} {
		found, err := i.app.Contacts(t.Context(), app.ContactQuery{Limit: 50, Search: name + "@example.com"})
		if taken := name == "a"; err != nil || (len(found.Items) == 1) != taken {
			t.Errorf("contacts of %s: got %d, error %v, want one: %t", name, len(found.Items), err, taken)
		}
	}
	// The upload has done its work, that of a rehearsal has not.
	for id, size := range map[string]int64{runs: 0, cancelled: 0, rehearsed: int64(len("email\nc@example.com\n"))} {
		if _, got, err := i.files.ReadPart(t.Context(), id, "upload"); err != nil || got != size {
			t.Errorf("upload of what is %s: got %d bytes, error %v, want %d", want[id], got, err, size)
		}
	}
}

func TestTheOldestImportsMakeRoom(t *testing.T) {
	i := newImporting(t)
	first := i.upload("email\na@example.com\n")
	i.label(first, fmt.Sprintf(`{"import": {"id": %q, "state": "finished", "created_at": "2020-01-01T00:00:00Z"}}`, first))
	for range 19 {
		i.upload("email\na@example.com\n")
	}
	if got := i.list(); len(got) != 20 || got[first] != app.ImportFinished {
		t.Errorf("imports: got %v, want 20 with the first", got)
	}
	i.upload("email\na@example.com\n")
	if got := i.list(); len(got) != 20 || got[first] != "" {
		t.Errorf("imports after one more: got %v, want 20 without the first", got)
	}
	if _, err := i.app.Import(t.Context(), first); muster.CodeOf(err) != muster.CodeNotFound {
		t.Errorf("the first: got %v, want %s", err, muster.CodeNotFound)
	}
}

func TestAnUploadThatBreaksOffLeavesNothing(t *testing.T) {
	i := newImporting(t)
	broken, sender := io.Pipe()
	go func() { sender.CloseWithError(fmt.Errorf("the line went dead")) }()
	if _, err := i.app.NewImport(t.Context(), editor(), "contacts", "x.csv", broken); err == nil || !strings.Contains(err.Error(), "line went dead") {
		t.Errorf("upload: got %v, want what broke it off", err)
	}
	if _, err := i.app.NewImport(t.Context(), editor(), "contacts", "x.csv", strings.NewReader("email\n")); muster.CodeOf(err) != muster.CodeInvalid {
		t.Errorf("upload of no rows: got %v, want %s", err, muster.CodeInvalid)
	}
	if labels, err := i.files.Labels(t.Context()); err != nil || len(labels) != 0 {
		t.Errorf("labels: got %v, error %v, want none", labels, err)
	}
}
