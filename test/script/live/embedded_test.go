package live_test

import (
	"testing"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/test/script"
	"github.com/muster-groups/muster/test/script/live"
)

func TestTheLoopOverTheEmbeddedStoreBehavesAsTheScriptsSay(t *testing.T) {
	for name, reading := range map[string]live.Reading{
		"kept": live.Kept, "evaluated": live.Evaluated, "recalculated": live.Recalculated, "restarted": live.Restarted,
	} {
		t.Run(name, func(t *testing.T) {
			script.Run(t, "../testdata", func(tb testing.TB, o script.Options) script.System {
				dir := tb.TempDir()
				return live.New(tb, o, reading, func() (store.Store, error) { return embedded.Open(tb.Context(), dir, embedded.Options{}) })
			})
		})
	}
}
