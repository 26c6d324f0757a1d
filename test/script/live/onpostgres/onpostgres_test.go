// Package onpostgres runs the script corpus on the PostgreSQL store: the
// same scripts with the same readings as on the embedded one. It must not know
// any rule that scripts check.
package onpostgres_test

import (
	"os"
	"testing"
	"time"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/citus"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
	"github.com/muster-groups/muster/test/database"
	"github.com/muster-groups/muster/test/scratch"
	"github.com/muster-groups/muster/test/script"
	"github.com/muster-groups/muster/test/script/live"
)

const corpus = "../../testdata"

// usual is what each reading may take outside of a soak. The whole corpus takes
// minutes here: every question of a script is a round trip.
const usual = 8 * time.Second

var worlds *database.Worlds

func TestMain(m *testing.M) {
	os.Exit(pgtest.Main(m, func(s *pgtest.Server) { worlds = database.On(s) }, citus.Judge))
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
		url, err := worlds.Take(tb.Context())
		if err != nil {
			tb.Fatalf("make a world: %v", err)
		}
		tb.Cleanup(func() { worlds.Give(url) })
		return live.New(tb, o, reading, func() (store.Store, error) {
			return postgres.Open(tb.Context(), url, postgres.Options{Readers: 4})
		})
	}
}
