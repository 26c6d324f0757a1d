package postgres

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func TestMigrationsAreNumberedOneByOne(t *testing.T) {
	files, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files, error %v, want some", len(files), err)
	}
	for i, name := range files {
		if want := fmt.Sprintf("migration/%04d_", i+1); !strings.HasPrefix(name, want) {
			t.Errorf("file %d: got %s, want it to begin with %s: two of a number leave one out", i+1, name, want)
		}
	}
}
