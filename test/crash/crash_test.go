package crash_test

import (
	"testing"
	"time"

	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
	"github.com/muster-groups/muster/test/crash"
	"github.com/muster-groups/muster/test/program"
	"github.com/muster-groups/muster/test/scratch"
)

// kills is how often a soak kills the program.
const kills = 200

func TestTheProgramSurvivesBeingKilled(t *testing.T) {
	binary, seed := program.For(t), scratch.Seed(t)
	t.Run("after every kill everything acknowledged is there and membership is right", func(t *testing.T) {
		o := crash.Options{Seed: seed, Kills: 6, Budget: scratch.Budget(10 * time.Second)}
		if scratch.Soak() {
			o.Kills = kills
		}
		crash.Run(t, binary, o)
	})
	t.Run("so it is on a database, which crashes with it now and then", func(t *testing.T) {
		server, err := pgtest.StartDurable()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := server.Stop(); err != nil {
				t.Error(err)
			}
		})
		o := crash.Options{Seed: seed, Kills: 4, Budget: scratch.Budget(10 * time.Second), Place: func(t testing.TB) string { return migrated(t, server) }, Database: server}
		if scratch.Soak() {
			o.Kills = kills
		}
		crash.Run(t, binary, o)
	})
	t.Run("an import goes on after kills, and takes every row once", func(t *testing.T) { crash.Import(t, binary) })
	t.Run("muster import goes on when the server is back", func(t *testing.T) { crash.ImportByCommand(t, binary) })
	t.Run("a wrong membership is noticed by these checks and by muster verify", func(t *testing.T) {
		crash.Spoil(t, binary, seed)
	})
}

// migrated is a schema of a database with all tables.
func migrated(t testing.TB, server *pgtest.Server) string {
	t.Helper()
	url, err := server.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	return url
}
