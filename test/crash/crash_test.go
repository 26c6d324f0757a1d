package crash_test

import (
	"testing"
	"time"

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
	t.Run("an import goes on after kills, and takes every row once", func(t *testing.T) { crash.Import(t, binary) })
	t.Run("muster import goes on when the server is back", func(t *testing.T) { crash.ImportByCommand(t, binary) })
	t.Run("a wrong membership is noticed by these checks and by muster verify", func(t *testing.T) {
		crash.Spoil(t, binary, seed)
	})
}
