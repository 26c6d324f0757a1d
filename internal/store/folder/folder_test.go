package folder_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/folder"
	"github.com/muster-groups/muster/internal/store/storetest"
)

// directory is where files are kept.
type directory string

// Open opens it.
func (d directory) Open(t testing.TB) store.Files {
	f, err := folder.Open(string(d))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAFolderDoesWhatThePortSaysOfFiles(t *testing.T) {
	storetest.RunFiles(t, func(t testing.TB) storetest.FilesPlace {
		return directory(filepath.Join(t.TempDir(), "made", "when", "missing"))
	})
}

func TestWhatACrashHasLeftWithoutALabelIsRemoved(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.json", "a.upload", "a.json.new", "b.upload", "b.rejects"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := folder.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int64{"a": 1, "b": 0} {
		r, size, err := f.ReadPart(t.Context(), name, "upload")
		if err != nil || size != want {
			t.Errorf("%s: got %d bytes, error %v, want %d", name, size, err, want)
		}
		if _, err := io.Copy(io.Discard, r); err != nil || r.Close() != nil {
			t.Errorf("%s: cannot be read: %v", name, err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("left: got %v, error %v, want a.json and a.upload", left, err)
	}
}
