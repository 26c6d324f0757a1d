// Package program builds and runs the real program for tests. It must not
// know what they do with it.
package program

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
)

// Build builds the program into a directory and answers its path.
func Build(dir string) (string, error) {
	path := filepath.Join(dir, "muster")
	out, err := exec.Command("go", "build", "-o", path, "github.com/muster-groups/muster/cmd/muster").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
}

// For builds the program for one test.
func For(tb testing.TB) string {
	tb.Helper()
	path, err := Build(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	return path
}
