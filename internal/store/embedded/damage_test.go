package embedded_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/internal/store/embedded/file"
	"github.com/muster-groups/muster/test/scratch"
)

// worked makes a directory with a little of everything in it.
func worked(t *testing.T) string {
	t.Helper()
	dir := scratch.Dir(t)
	s, err := embedded.Open(t.Context(), dir, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := work(t.Context(), s, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestADirectoryInUseIsRefused(t *testing.T) {
	dir := scratch.Dir(t)
	s, err := embedded.Open(t.Context(), dir, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = embedded.Open(t.Context(), dir, embedded.Options{})
	if muster.CodeOf(err) != muster.CodeUnavailable || !strings.Contains(err.Error(), "in use by another Muster process") {
		t.Errorf("a second store in the directory: got %v, want CodeUnavailable that says it is in use", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = embedded.Open(t.Context(), dir, embedded.Options{})
	if err != nil {
		t.Fatalf("after the first has been closed: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedFilesAreRefusedInClearWords(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join(worked(t), file.Name))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"no database at all": bytes.Repeat([]byte("this is a text, not a database. "), 1000),
		"cut off":            whole[:len(whole)/2],
		"a page of zeros":    append(append(bytes.Clone(whole[:4096]), make([]byte, 4096)...), whole[8192:]...),
	} {
		dir := scratch.Dir(t)
		if err := os.WriteFile(filepath.Join(dir, file.Name), content, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := embedded.Open(t.Context(), dir, embedded.Options{})
		if err == nil {
			t.Errorf("%s: it was opened", name)
			s.Close()
			continue
		}
		if muster.CodeOf(err) != muster.CodeUnavailable || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: got %v, want CodeUnavailable that says it is damaged", name, err)
		}
	}
}

func TestADamagedByteIsNeverMoreThanARefusal(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join(worked(t), file.Name))
	if err != nil {
		t.Fatal(err)
	}
	tries := 60
	if scratch.Soak() {
		tries = 4000
	}
	random := scratch.Chance(scratch.Seed(t), "bytes")
	for range tries {
		dir, content := scratch.Dir(t), bytes.Clone(whole)
		at := random.IntN(len(content))
		content[at] ^= byte(1 << random.IntN(8))
		if err := os.WriteFile(filepath.Join(dir, file.Name), content, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := embedded.Open(t.Context(), dir, embedded.Options{})
		switch {
		case err != nil && muster.CodeOf(err) != muster.CodeUnavailable:
			t.Errorf("byte %d changed to %#x: got %v, want CodeUnavailable", at, content[at], err)
		case err == nil:
			s.Close() // it may be a byte that says nothing
		}
	}
}

func TestAStartCanBeGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := embedded.Open(ctx, worked(t), embedded.Options{}); err == nil {
		t.Error("it was opened")
		s.Close()
	}
}
