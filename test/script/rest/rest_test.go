package rest_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
	"github.com/muster-groups/muster/test/database"
	"github.com/muster-groups/muster/test/program"
	"github.com/muster-groups/muster/test/scratch"
	"github.com/muster-groups/muster/test/script"
	"github.com/muster-groups/muster/test/script/rest"
)

// usual is what this may take outside of a soak, beside building the program.
const usual = 12 * time.Second

var (
	binary string
	worlds *database.Worlds
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "muster-rest-")
	if err == nil {
		defer os.RemoveAll(dir)
		binary, err = program.Build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return pgtest.Main(m, func(s *pgtest.Server) { worlds = database.On(s) })
}

func selection(t *testing.T, budget time.Duration) script.Selection {
	return script.Selection{Dir: "../testdata", Seed: scratch.Seed(t), Budget: budget, Except: map[string]string{
		"change/time-and-data-in-one-commit.txt": "over REST the clock moves in a commit of its own",
	}}
}

func TestTheProgramBehavesAsTheScriptsSay(t *testing.T) {
	script.RunSome(t, selection(t, scratch.Budget(usual)), func(tb testing.TB, o script.Options) script.System {
		return rest.New(tb, o, binary, "--data", scratch.Dir(tb))
	})
}

func TestTheProgramOnADatabaseBehavesAsTheScriptsSay(t *testing.T) {
	budget := scratch.Budget(usual)
	if !scratch.Soak() {
		budget /= 3
	}
	script.RunSome(t, selection(t, budget), func(tb testing.TB, o script.Options) script.System {
		url, err := worlds.Take(tb.Context())
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { worlds.Give(url) })
		return rest.New(tb, o, binary, "--database", url)
	})
}
