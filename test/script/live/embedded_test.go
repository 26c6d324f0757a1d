package live_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/test/scratch"
	"github.com/muster-groups/muster/test/script"
	"github.com/muster-groups/muster/test/script/live"
)

const corpus = "../testdata"

// usual is what each of the further readings may take outside of a soak.
const usual = 8 * time.Second

func TestTheOracleSetsAndLiveMembershipAgreeOnEveryScript(t *testing.T) {
	script.Run(t, corpus, open(live.Kept))
}

func TestRecalculationChangesNothing(t *testing.T) {
	script.RunSome(t, some(scratch.Seed(t)), open(live.Recalculated))
}

func TestARestartChangesNothing(t *testing.T) {
	script.RunSome(t, some(scratch.Seed(t)), open(live.Restarted))
}

func TestTheOrderInWhichFactsBecomeKnownDoesNotMatter(t *testing.T) {
	seed, times := scratch.Seed(t), 2
	if scratch.Soak() {
		times = 20
	}
	script.RunSome(t, some(seed), func(tb testing.TB, o script.Options) script.System {
		dir, stores := scratch.Dir(tb), 0
		return live.Replay(tb, o, scratch.Chance(seed, tb.Name()), times, func() (store.Store, error) {
			stores++
			return embedded.Open(tb.Context(), filepath.Join(dir, fmt.Sprint(stores)), embedded.Options{})
		})
	})
}

func some(seed uint64) script.Selection {
	return script.Selection{Dir: corpus, Seed: seed, Budget: scratch.Budget(usual)}
}

func open(reading live.Reading) func(testing.TB, script.Options) script.System {
	return func(tb testing.TB, o script.Options) script.System {
		dir := scratch.Dir(tb)
		return live.New(tb, o, reading, func() (store.Store, error) { return embedded.Open(tb.Context(), dir, embedded.Options{}) })
	}
}
