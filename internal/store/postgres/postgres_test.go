package postgres_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/citus"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
	"github.com/muster-groups/muster/internal/store/storetest"
)

// server is the PostgreSQL of this package's tests.
var server *pgtest.Server

func TestMain(m *testing.M) {
	os.Exit(pgtest.Main(m, func(s *pgtest.Server) { server = s }, citus.Judge))
}

func TestThePostgreSQLStoreDoesWhatThePortSays(t *testing.T) {
	storetest.Run(t, func(t testing.TB) storetest.Place {
		// So few that most moves are written as sets first; where there are very
		// many, that takes place with the usual number.
		atOnce := 2
		for _, of := range []string{"_past_", "random_horizons"} {
			if strings.Contains(t.Name(), of) {
				atOnce = 0
			}
		}
		return schema{url: empty(t), atOnce: atOnce}
	})
}

// empty makes a schema with all tables.
func empty(t testing.TB) string {
	t.Helper()
	url, err := server.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	if server.Cluster() {
		if _, err := postgres.Distribute(t.Context(), url); err != nil {
			t.Fatal(err)
		}
	}
	return url
}

// people makes a schema with so many contacts, numbered from 1, and nothing else.
func people(t testing.TB, n int) string {
	t.Helper()
	url := empty(t)
	ask(t, url, fmt.Sprintf(`insert into contact (no, id, created_at) select n, ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 1 from generate_series(1, %d) n`, n))
	ask(t, url, fmt.Sprintf(`update head set last_contact = %d, contacts = %d, people = 1`, n, n))
	return url
}

// opened opens a store until the test ends.
func opened(t testing.TB, url string, options postgres.Options) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), url, options)
	return closing(t, s, err)
}

func closing(t testing.TB, s *postgres.Store, err error) *postgres.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// schema is where a store keeps its tables: a connection URL.
type schema struct {
	url    string
	atOnce int
}

// Open opens the store.
func (s schema) Open(ctx context.Context) (store.Store, error) {
	return postgres.Open(ctx, s.url, postgres.Options{AtOnce: s.atOnce})
}

// Holds searches the rows of all tables.
func (s schema) Holds(text string) (bool, error) {
	ctx := context.Background()
	conn, err := pgtest.Connect(ctx, s.url)
	if err != nil {
		return false, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, `select table_name, string_agg(column_name || '::text', ', ') from information_schema.columns where table_schema = current_schema() group by table_name`)
	if err != nil {
		return false, err
	}
	tables := map[string]string{}
	var table, columns string
	if _, err := pgx.ForEachRow(rows, []any{&table, &columns}, func() error { tables[table] = columns; return nil }); err != nil {
		return false, err
	}
	for table, columns := range tables {
		found := false
		where := `strpos(concat_ws(' ', ` + columns + `), $1) > 0`
		if table == "document" {
			where = `position(convert_to($1, 'UTF8') in body) > 0`
		}
		err := conn.QueryRow(ctx, fmt.Sprintf(`select exists (select 1 from %s where %s)`, table, where), text).Scan(&found)
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}
