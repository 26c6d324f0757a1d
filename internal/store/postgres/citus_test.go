package postgres_test

import (
	"context"
	"slices"
	"testing"

	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/citus"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// onCoordinator are the tables that a cluster does not distribute: they are small,
// or written by every commit.
var onCoordinator = []string{"bulk", "document", "file", "file_part", "head", "last_activity_until", "lease", "muster_schema", "roll", "touched", "work", "written"}

func TestEveryTableHasItsPlaceOnAClusterAndNoKeyAcrossShards(t *testing.T) {
	url, err := server.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	conn, err := pgtest.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	tables, err := citus.Tables(t.Context(), conn, postgres.Sharded())
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range tables {
		switch distributed, stays := table.By != "", slices.Contains(onCoordinator, name); {
		case distributed == stays:
			t.Errorf("table %s: got distributed %t and on the coordinator %t, want one of them", name, distributed, stays)
		case distributed && !slices.Contains(table.Columns, table.By):
			t.Errorf("table %s: distributed by %s, want one of %v", name, table.By, table.Columns)
		}
	}
	if keys, err := citus.Keys(t.Context(), conn, postgres.Sharded()); err != nil || len(keys) != 0 {
		t.Errorf("keys that a cluster refuses: got %v, error %v, want none", keys, err)
	}
	ask(t, url, `create unique index one_city on contact (created_at); alter table field add constraint field_of foreign key (contact_no) references contact (no)`)
	if keys, err := citus.Keys(t.Context(), conn, postgres.Sharded()); err != nil || !slices.Contains(keys, "one_city") || !slices.Contains(keys, "field_of") {
		t.Errorf("with keys that a cluster refuses: got %v, error %v, want them", keys, err)
	}
}
