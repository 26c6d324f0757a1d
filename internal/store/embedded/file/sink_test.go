package file_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/file"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// kept is a Sink that keeps what it is given, for comparison.
type kept struct {
	Tick    muster.Instant
	counts  record.Counts
	Entries []record.Entry
	record.Commit
	Bases []record.Base

	Horizons []record.Horizon
	Floors   []record.Floor
	done     bool
}

func (k *kept) Start(tick muster.Instant, counts record.Counts) error {
	k.Tick, k.counts = tick, counts
	return nil
}
func (k *kept) Entry(e record.Entry) error {
	k.Entries = append(k.Entries, e)
	return nil
}
func (k *kept) Contact(c record.Contact) error {
	k.Contacts = append(k.Contacts, c)
	return nil
}
func (k *kept) Erased(e record.Erased) error {
	k.Commit.Erased = append(k.Commit.Erased, e)
	return nil
}
func (k *kept) Activities(list []record.Activity) error {
	for _, a := range list {
		a.Attrs = slices.Clone(a.Attrs) // the slices are reused
		k.Commit.Activities = append(k.Commit.Activities, a)
	}
	return nil
}
func (k *kept) Base(b record.Base) error {
	k.Bases = append(k.Bases, b)
	return nil
}
func (k *kept) Horizon(h record.Horizon) error {
	k.Horizons = append(k.Horizons, h)
	return nil
}

func (k *kept) Floor(f record.Floor) error {
	k.Floors = append(k.Floors, f)
	return nil
}

func (k *kept) Changes(c record.Changes) error {
	k.Commit.Changes = append(k.Commit.Changes, c)
	return nil
}
func (k *kept) Document(d record.Document) error {
	k.Documents = append(k.Documents, d)
	return nil
}
func (k *kept) Done() error {
	k.done = true
	return nil
}

func open(t *testing.T, dir string, options file.Options) *file.File {
	t.Helper()
	f, err := file.Open(dir, options)
	if err != nil {
		t.Fatalf("open %s: %v", dir, err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return f
}

func load(t *testing.T, f *file.File) *kept {
	t.Helper()
	k := &kept{}
	if err := f.Load(t.Context(), k, nil); err != nil {
		t.Fatalf("load: %v", err)
	}
	if !k.done {
		t.Fatal("the sink was not told that loading is done")
	}
	return k
}

func commit(t *testing.T, f *file.File, c *record.Commit) {
	t.Helper()
	if err := f.Commit(c); err != nil {
		t.Fatalf("commit: %v", err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// id makes an id that is told apart by its last byte.
func id(n byte) muster.ContactID { return muster.ContactID{1, 15: n} }
