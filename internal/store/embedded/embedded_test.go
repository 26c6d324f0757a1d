package embedded_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
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

// What a process keeps of a commit changes together with it, for all readers.
func TestNoReaderSeesACommitBeforeWhatIsToBeDoneThen(t *testing.T) {
	st, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const commits = 200
	var kept atomic.Int32
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for at := int32(0); at < commits && !t.Failed(); {
				err := st.View(t.Context(), func(v store.View) error {
					documents, err := v.Documents("note")
					if at = kept.Load(); len(documents) != int(at) {
						t.Errorf("a reader sees %d commits, and what is kept is of %d", len(documents), at)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range commits {
		err := st.Update(t.Context(), func(tx store.Tx) error {
			tx.Then(func() { kept.Add(1) })
			return tx.Put("note", fmt.Sprint(n), nil)
		})
		if err != nil {
			t.Error(err)
			break
		}
	}
	readers.Wait()
	if err := st.Close(); err != nil {
		t.Error(err)
	}
}
