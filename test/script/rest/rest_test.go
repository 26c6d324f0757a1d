package rest_test

import (
	"testing"
	"time"

	"github.com/muster-groups/muster/test/program"
	"github.com/muster-groups/muster/test/scratch"
	"github.com/muster-groups/muster/test/script"
	"github.com/muster-groups/muster/test/script/rest"
)

// usual is what this may take outside of a soak, beside building the program.
const usual = 12 * time.Second

func TestTheProgramBehavesAsTheScriptsSay(t *testing.T) {
	binary := program.For(t)
	sel := script.Selection{Dir: "../testdata", Seed: scratch.Seed(t), Budget: scratch.Budget(usual), Except: map[string]string{
		"change/time-and-data-in-one-commit.txt": "over REST the clock moves in a commit of its own",
	}}
	script.RunSome(t, sel, func(tb testing.TB, o script.Options) script.System {
		return rest.New(tb, o, binary, scratch.Dir(tb))
	})
}
