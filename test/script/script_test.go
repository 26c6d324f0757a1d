package script_test

import (
	"testing"

	"github.com/muster-groups/muster/test/script"
)

func TestTheModelBehavesAsTheScriptsSay(t *testing.T) {
	script.Run(t, "testdata", func(_ testing.TB, o script.Options) script.System { return script.NewModel(o) })
}
