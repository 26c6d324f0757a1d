package family_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/muster-groups/muster/test/truth/family"
)

var rewrite = flag.Bool("rewrite", false, "write the scripts instead of comparing them")

// The scripts are what the tables say, so that nobody can rewrite their
// expected output to what a system happens to answer.
func TestTheScriptsOfFamiliesExpectWhatTheirTablesSay(t *testing.T) {
	corpus := filepath.Join("..", "..", "script", "testdata")
	scripts := family.Scripts()
	if len(scripts) < 150 {
		t.Errorf("got %d scripts, want the families whole", len(scripts))
	}
	for name, want := range scripts {
		path := filepath.Join(corpus, filepath.FromSlash(name))
		if *rewrite {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s (error %v) differs from its table; go test ./test/truth/family -rewrite writes it", name, err)
		}
	}
}
