package postgres_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// ask runs a statement beside the store.
func ask(t testing.TB, url, statement string) {
	t.Helper()
	conn, err := pgtest.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func look(t *testing.T, url string) postgres.Schema {
	t.Helper()
	s, err := postgres.Look(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func refused(t *testing.T, url, want string) {
	t.Helper()
	s, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err == nil {
		t.Fatalf("open: got no error, want %q (closing: %v)", want, s.Close())
	}
	if muster.CodeOf(err) != muster.CodeConflict || !strings.Contains(err.Error(), want) {
		t.Errorf("open: got error %v, want a conflict with %q", err, want)
	}
}

func TestASchemaIsMigratedOnlyOnRequestAndOnce(t *testing.T) {
	url, err := server.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	refused(t, url, "Run muster migrate")
	before := look(t, url)
	if before.Version != 0 || len(before.Steps) != before.Known || before.Steps[0] != "0001_first" {
		t.Errorf("before: got %+v, want no version and all steps", before)
	}
	for _, want := range []int{before.Known, 0} {
		if got, err := postgres.Migrate(t.Context(), url); err != nil || got != want {
			t.Errorf("migrate: got %d steps, error %v, want %d", got, err, want)
		}
	}
	after := look(t, url)
	if after.Version != after.Known || len(after.Steps) != 0 {
		t.Errorf("after: got %+v, want the known version and no steps", after)
	}
}

func TestANewerSchemaIsReadWhereThatIsRightAndRefusedOtherwise(t *testing.T) {
	url := empty(t)
	seed := func() error {
		s, err := postgres.Open(t.Context(), url, postgres.Options{})
		if err != nil {
			return err
		}
		defer s.Close()
		return s.Update(t.Context(), func(tx store.Tx) error { return tx.SetTick(1000) })
	}
	if err := seed(); err != nil {
		t.Fatal(err)
	}
	ask(t, url, `insert into muster_schema values (1000, 1000)`)
	refused(t, url, "a newer Muster has migrated it")
	ask(t, url, `update muster_schema set readers = 1 where version = 1000`)
	s, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.ReadOnly() == nil {
		t.Error("read only: got no reason, want one")
	}
	err = s.View(t.Context(), func(v store.View) error {
		if got := v.Tick(); got != 1000 {
			t.Errorf("tick: got %d, want 1000", got)
		}
		return nil
	})
	if err != nil {
		t.Errorf("view: got error %v, want none", err)
	}
	err = s.Update(t.Context(), func(tx store.Tx) error { return tx.SetTick(2000) })
	if muster.CodeOf(err) != muster.CodeUnavailable || !strings.Contains(err.Error(), "Upgrade it") {
		t.Errorf("update: got error %v, want unavailable, and what to do", err)
	}
	if more, err := s.Maintain(t.Context()); more || err != nil {
		t.Errorf("maintain: got %t, %v, want nothing to do", more, err)
	}
}

func TestAQuestionThatTakesTooLongIsGivenUp(t *testing.T) {
	url := empty(t)
	locked, err := pgtest.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer locked.Close(context.Background())
	s, err := postgres.Open(t.Context(), url, postgres.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := locked.Exec(t.Context(), `begin; lock table document`); err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(v store.View) error { _, err := v.Documents("group"); return err })
	if muster.CodeOf(err) != muster.CodeUnavailable || !strings.Contains(err.Error(), "took longer") {
		t.Errorf("view: got error %v, want that it took longer", err)
	}
	if s.Err() != nil {
		t.Errorf("the store: got %v, want it to live on", s.Err())
	}
}

func TestWhoIsNotLetInHearsWhy(t *testing.T) {
	_, err := postgres.Open(t.Context(), server.URL("nothing", ""), postgres.Options{})
	if muster.CodeOf(err) != muster.CodeForbidden || !strings.Contains(err.Error(), `database "nothing" does not exist`) {
		t.Errorf("a database that is not there: got error %v, want the server's words", err)
	}
}

func TestADatabaseThatIsDistributedIsMigrated(t *testing.T) {
	if !server.Cluster() {
		return // only a cluster knows what it refuses
	}
	url, err := server.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := postgres.DistributeFirst(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	if steps, err := postgres.Migrate(t.Context(), url); err != nil || steps == 0 {
		t.Fatalf("got %d steps, error %v, want some", steps, err)
	}
	s, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Update(t.Context(), func(tx store.Tx) error { return tx.SetTick(1000) }), s.Close()); err != nil {
		t.Error(err)
	}
}
