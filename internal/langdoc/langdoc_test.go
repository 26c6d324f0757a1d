package langdoc_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/muster-groups/muster/internal/langdoc"
)

var rewrite = flag.Bool("rewrite", false, "write the pages instead of comparing them")

func pages(t *testing.T) map[string]string {
	t.Helper()
	found, err := langdoc.Pages(os.DirFS(filepath.Join("..", "..", "test", "script", "testdata")))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestThePagesOfTheLanguageAreFresh(t *testing.T) {
	docs := filepath.Join("..", "..", "docs")
	for name, want := range pages(t) {
		path := filepath.Join(docs, filepath.FromSlash(name))
		if *rewrite {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Errorf("docs/%s (error %v) differs from what the catalogue says; go generate ./internal/langdoc writes it", name, err)
		}
	}
}

func TestNoPageOfTheLanguageIsLeftBehind(t *testing.T) {
	known := pages(t)
	err := fs.WalkDir(os.DirFS(filepath.Join("..", "..", "docs", "language")), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && known["language/"+name] == "" {
			t.Errorf("docs/language/%s: got a page of no category, want it gone", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
