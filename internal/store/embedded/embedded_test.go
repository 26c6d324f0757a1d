package embedded_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"testing"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/internal/store/storetest"
)

func TestTheEmbeddedStoreDoesWhatThePortSays(t *testing.T) {
	storetest.Run(t, func(t testing.TB) storetest.Place { return directory(t.TempDir()) })
}

// directory is where a store keeps its files.
type directory string

// Open opens the store.
func (d directory) Open(ctx context.Context) (store.Store, error) {
	return embedded.Open(ctx, string(d), embedded.Options{})
}

// Holds searches the bytes of all files.
func (d directory) Holds(text string) (bool, error) {
	found := false
	files := os.DirFS(string(d))
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		found = found || bytes.Contains(content, []byte(text))
		return err
	})
	return found, err
}
