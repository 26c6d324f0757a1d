package postgres_test

import (
	"testing"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/storetest"
)

func TestThePostgreSQLStoreDoesWhatThePortSaysOfFiles(t *testing.T) {
	storetest.RunFiles(t, func(t testing.TB) storetest.FilesPlace { return &files{url: empty(t)} })
}

// files is where files are kept: a database.
type files struct {
	url    string
	opened *postgres.Store
}

// Open opens the store, which ends with the test or before the next one.
func (f *files) Open(t testing.TB) store.Files {
	if f.opened != nil {
		if err := f.opened.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s, err := postgres.Open(t.Context(), f.url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a second time it answers what the first did
	f.opened = s
	return s
}
