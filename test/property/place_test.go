package property_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
	"github.com/muster-groups/muster/test/database"
)

// place is where a world is kept.
type place interface {
	open() (store.Store, error)
	// crash lets what is opened next be what the end of the process would have
	// left, and may take the store away from who has it open.
	crash() error
	remove() error
}

// directory is a place of the embedded store.
type directory struct {
	root   string
	copies int // of the files; the last one is in use
}

// inMemory makes directories that are in memory where there is such a place:
// what is tested here is not the disk.
func inMemory(t *testing.T) func() (place, error) {
	root := "/dev/shm"
	if f, err := os.Stat(root); err != nil || !f.IsDir() {
		root = ""
	}
	root, err := os.MkdirTemp(root, "muster-property-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	return func() (place, error) {
		return &directory{root: filepath.Join(root, fmt.Sprintf("%x", rand.Uint64()))}, nil
	}
}

func (d *directory) path() string { return filepath.Join(d.root, fmt.Sprint(d.copies)) }

func (d *directory) open() (store.Store, error) {
	return embedded.Open(ctx, d.path(), embedded.Options{})
}

// crash copies the files as they are while they are open.
func (d *directory) crash() error {
	from := d.path()
	d.copies++
	return os.CopyFS(d.path(), os.DirFS(from))
}

func (d *directory) remove() error { return os.RemoveAll(d.root) }

// schema is a place of the PostgreSQL store.
type schema struct {
	url    string
	worlds *database.Worlds
}

func onPostgres(worlds *database.Worlds) func() (place, error) {
	return func() (place, error) {
		url, err := worlds.Take(ctx)
		return &schema{url, worlds}, err
	}
}

// application is what a world's connections are called, and nobody else's.
const application = "property"

func (s *schema) open() (store.Store, error) {
	return postgres.Open(ctx, s.url+"&application_name="+application, postgres.Options{Readers: 4})
}

// crash cuts all connections.
func (s *schema) crash() error {
	conn, err := pgtest.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1`, application)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}

func (s *schema) remove() error {
	s.worlds.Give(s.url)
	return nil
}
