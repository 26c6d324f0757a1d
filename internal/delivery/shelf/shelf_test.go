package shelf_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/delivery/shelf"
)

// memory keeps documents in a map.
type memory map[string][]byte

func (m memory) All(context.Context) (map[string][]byte, error) { return maps.Clone(m), nil }

func (m memory) Put(_ context.Context, id string, body []byte) error {
	m[id] = body
	return nil
}

func (m memory) Delete(_ context.Context, id string) error {
	delete(m, id)
	return nil
}

func TestWhatACrashLeftBehindIsRemoved(t *testing.T) {
	kept := memory{}
	for id, n := range map[string]int{"a": 1, "b": 2} {
		if err := shelf.Put(t.Context(), kept, id, n); err != nil {
			t.Fatal(err)
		}
	}
	got, err := shelf.ReadOf[int](t.Context(), kept, map[string]bool{"a": true, "c": true})
	if want := map[string]int{"a": 1}; err != nil || !maps.Equal(got, want) {
		t.Errorf("the documents of a and c: got %v, %v, want %v", got, err, want)
	}
	if ids := slices.Collect(maps.Keys(kept)); !slices.Equal(ids, []string{"a"}) {
		t.Errorf("kept: got %v, want [a]", ids)
	}
}

func TestADocumentThatIsNoneIsNamed(t *testing.T) {
	_, err := shelf.Read[int](t.Context(), memory{"broken": []byte("{")})
	if got, want := muster.CodeOf(err), muster.CodeInternal; got != want {
		t.Errorf("reading {: got %v, want the code %s", err, want)
	}
}
