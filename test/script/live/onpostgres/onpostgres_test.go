// Package onpostgres runs the script corpus on the PostgreSQL store: the
// same scripts with the same readings as on the embedded one. It must not know
// any rule that scripts check.
package onpostgres_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/citus"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
	"github.com/muster-groups/muster/test/scratch"
	"github.com/muster-groups/muster/test/script"
	"github.com/muster-groups/muster/test/script/live"
)

const corpus = "../../testdata"

// usual is what each reading may take outside of a soak. The whole corpus takes
// minutes here: every question of a script is a round trip.
const usual = 8 * time.Second

// worlds are the schemas that no script is using. A used one is emptied, which
// is much faster than making another.
var worlds = make(chan string, 64)

var server *pgtest.Server

func TestMain(m *testing.M) {
	os.Exit(pgtest.Main(m, func(s *pgtest.Server) { server = s }, citus.Judge))
}

func TestTheOracleSetsAndLiveMembershipAgree(t *testing.T) {
	script.RunSome(t, some(t), open(live.Kept))
}

func TestRecalculationChangesNothing(t *testing.T) {
	script.RunSome(t, some(t), open(live.Recalculated))
}

func TestARestartChangesNothing(t *testing.T) {
	script.RunSome(t, some(t), open(live.Restarted))
}

func some(t *testing.T) script.Selection {
	return script.Selection{Dir: corpus, Seed: scratch.Seed(t), Budget: scratch.Budget(usual)}
}

func open(reading live.Reading) func(testing.TB, script.Options) script.System {
	return func(tb testing.TB, o script.Options) script.System {
		url, err := world(tb.Context())
		if err != nil {
			tb.Fatalf("make a world: %v", err)
		}
		tb.Cleanup(func() { worlds <- url })
		return live.New(tb, o, reading, func() (store.Store, error) {
			return postgres.Open(tb.Context(), url, postgres.Options{Readers: 4})
		})
	}
}

// world answers an empty database.
func world(ctx context.Context) (string, error) {
	select {
	case url := <-worlds:
		return url, clear(ctx, url)
	default:
	}
	url, err := server.Schema(ctx)
	if err != nil {
		return "", err
	}
	if _, err = postgres.Migrate(ctx, url); err == nil && server.Cluster() {
		_, err = postgres.Distribute(ctx, url)
	}
	return url, err
}

// clear empties all tables; they are small, so that deleting is faster than
// truncating.
func clear(ctx context.Context, url string) error {
	conn, err := pgtest.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `do $$ declare t text; begin
		for t in select table_name from information_schema.tables where table_schema = current_schema() and table_name <> 'muster_schema' loop
			execute 'delete from ' || t;
		end loop;
		insert into head default values;
	end $$`)
	return errors.Join(err, conn.Close(ctx))
}
