package storetest

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// FilesPlace is where files are kept. It is empty at first.
type FilesPlace interface {
	// Open opens it, again too: what an earlier one has opened ends.
	Open(t testing.TB) store.Files
}

// RunFiles runs every case about files, each in a place of its own.
func RunFiles(t *testing.T, place func(testing.TB) FilesPlace) {
	for _, s := range []struct {
		says  string
		check func(*fileSubject)
	}{
		{"a label is written in the place of what its writer has seen", labelsAreSeen},
		{"parts are what was written, in bytes of any number", partsAreWhole},
		{"a part goes on after the bytes that are kept of it", partsGoOn},
		{"a file is removed with its parts, and only as it was seen", filesAreRemoved},
		{"a part that is removed while it is read ends with an error or as it was", removedWhileRead},
		{"only the holder of the lease writes", holdersWrite},
		{"what was kept is there when it is opened again", filesStay},
	} {
		t.Run(s.says, func(t *testing.T) {
			c := &fileSubject{T: t, place: place(t)}
			c.open()
			s.check(c)
		})
	}
}

// fileSubject is what a case examines.
type fileSubject struct {
	*testing.T
	place FilesPlace
	files store.Files
}

// me holds leases.
const me = "me"

func (c *fileSubject) open() {
	c.Helper()
	c.files = c.place.Open(c.T)
}

// hold takes the lease of a file, where there are leases.
func (c *fileSubject) hold(id, holder string) {
	c.Helper()
	if shared, ok := c.files.(store.Shared); ok {
		if l, err := shared.Lease(c.Context(), store.FileLease(id), holder, time.Hour, nil); err != nil || l.Holder != holder {
			c.Fatalf("lease: got %+v, error %v, want it to be of %s", l, err, holder)
		}
	}
}

// put writes a label, which must succeed, and answers its version.
func (c *fileSubject) put(id string, version int64, body string) int64 {
	c.Helper()
	now, err := c.files.PutLabel(c.Context(), id, version, []byte(body))
	if err != nil {
		c.Fatalf("put a label: %v", err)
	}
	return now
}

// write writes a part, in pieces, after the bytes that it keeps.
func (c *fileSubject) write(id, part string, keep int64, pieces ...[]byte) {
	c.Helper()
	w, err := c.files.WritePart(c.Context(), id, part, me, keep)
	if err != nil {
		c.Fatalf("write %s: %v", part, err)
	}
	for _, piece := range pieces {
		if n, err := w.Write(piece); err != nil || n != len(piece) {
			c.Fatalf("write %s: got %d, error %v, want %d", part, n, err, len(piece))
		}
		keep += int64(len(piece))
	}
	if size, err := w.Sync(); err != nil || size != keep {
		c.Errorf("sync %s: got %d, error %v, want %d", part, size, err, keep)
	}
	if err := w.Close(); err != nil {
		c.Fatalf("close %s: %v", part, err)
	}
}

// see compares a part.
func (c *fileSubject) see(id, part string, want []byte) {
	c.Helper()
	r, size, err := c.files.ReadPart(c.Context(), id, part)
	if err != nil {
		c.Fatalf("read %s: %v", part, err)
	}
	got, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, want) || size != int64(len(want)) {
		c.Errorf("%s: got %d bytes of %d, error %v, want the %d that were written", part, len(got), size, err, len(want))
	}
}

// bytesOf makes bytes of every value, also such as are no text.
func bytesOf(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(i*31 + i>>8)
	}
	return out
}

func labelsAreSeen(c *fileSubject) {
	if _, err := c.files.Label(c.Context(), "a"); muster.CodeOf(err) != muster.CodeNotFound {
		c.Errorf("a label that is not there: got %v, want %s", err, muster.CodeNotFound)
	}
	first := c.put("a", 0, "one")
	second := c.put("a", first, "two")
	c.put("b", 0, "three")
	for _, seen := range []int64{0, first, second + 1} {
		if _, err := c.files.PutLabel(c.Context(), "a", seen, []byte("other")); !errors.Is(err, store.ErrChanged) {
			c.Errorf("a label of version %d by who has seen %d: got %v, want that it has changed", second, seen, err)
		}
	}
	if _, err := c.files.PutLabel(c.Context(), "c", 1, []byte("other")); !errors.Is(err, store.ErrChanged) {
		c.Errorf("a label that is not there, by who has seen one: got %v, want that it has changed", err)
	}
	if l, err := c.files.Label(c.Context(), "a"); err != nil || string(l.Body) != "two" || l.Version != second {
		c.Errorf("label: got %+v, error %v, want two in version %d", l, err, second)
	}
	all, err := c.files.Labels(c.Context())
	if ids := slices.Sorted(maps.Keys(all)); err != nil || !slices.Equal(ids, []string{"a", "b"}) || string(all["a"].Body) != "two" || string(all["b"].Body) != "three" {
		c.Errorf("labels: got %v, error %v, want those of a and b", all, err)
	}
}

// longPart is more than any store keeps in one piece.
const longPart = 3<<20 + 17

func partsAreWhole(c *fileSubject) {
	c.put("a", 0, "")
	c.hold("a", me)
	long := bytesOf(longPart)
	c.write("a", "long", 0, long)
	c.write("a", "pieces", 0, long[:5], long[5:5], long[5:1<<20], long[1<<20:])
	c.write("a", "short", 0, []byte("x\x00y"))
	c.write("a", "empty", 0)
	c.see("a", "long", long)
	c.see("a", "pieces", long)
	c.see("a", "short", []byte("x\x00y"))
	c.see("a", "empty", nil)
	c.see("a", "never", nil)
}

func partsGoOn(c *fileSubject) {
	c.put("a", 0, "")
	c.hold("a", me)
	long := bytesOf(longPart)
	c.write("a", "rest", 0, long)
	for _, keep := range []int{2<<20 + 5, 1 << 20, 1<<20 - 1, 3, 0} {
		c.write("a", "rest", int64(keep), []byte("and on"))
		c.see("a", "rest", append(slices.Clone(long[:keep]), "and on"...))
		c.write("a", "rest", int64(keep), long[keep:])
		c.see("a", "rest", long)
	}
	w, err := c.files.WritePart(c.Context(), "a", "short", me, 100) // more than there is
	if err != nil {
		c.Fatal(err)
	}
	for _, piece := range []string{"one", "two"} {
		if _, err := w.Write([]byte(piece)); err != nil {
			c.Fatal(err)
		}
		if _, err := w.Sync(); err != nil {
			c.Fatal(err)
		}
	}
	c.see("a", "short", []byte("onetwo"))
	if err := w.Close(); err != nil {
		c.Fatal(err)
	}
}

func filesAreRemoved(c *fileSubject) {
	version := c.put("a", 0, "")
	c.put("ab", 0, "")
	c.hold("a", me)
	c.hold("ab", me)
	c.write("a", "x", 0, []byte("1"))
	c.write("a", "y", 0, []byte("2"))
	c.write("ab", "x", 0, []byte("3"))
	if err := c.files.Remove(c.Context(), "a", version+1); !errors.Is(err, store.ErrChanged) {
		c.Errorf("remove: got %v, want that it has changed", err)
	}
	c.see("a", "x", []byte("1"))
	if err := c.files.Remove(c.Context(), "a", version); err != nil {
		c.Error(err)
	}
	if err := c.files.Remove(c.Context(), "a", version); !errors.Is(err, store.ErrChanged) {
		c.Errorf("remove again: got %v, want that it has changed", err)
	}
	if _, err := c.files.Label(c.Context(), "a"); muster.CodeOf(err) != muster.CodeNotFound {
		c.Errorf("label: got %v, want %s", err, muster.CodeNotFound)
	}
	c.see("a", "x", nil)
	c.see("a", "y", nil)
	c.see("ab", "x", []byte("3"))
}

func removedWhileRead(c *fileSubject) {
	version := c.put("a", 0, "")
	c.hold("a", me)
	long := bytesOf(longPart)
	c.write("a", "x", 0, long)
	r, _, err := c.files.ReadPart(c.Context(), "a", "x")
	if err != nil {
		c.Fatal(err)
	}
	defer r.Close()
	begin := make([]byte, 10)
	if _, err := io.ReadFull(r, begin); err != nil {
		c.Fatal(err)
	}
	if err := c.files.Remove(c.Context(), "a", version); err != nil {
		c.Fatal(err)
	}
	rest, err := io.ReadAll(r)
	if got := append(begin, rest...); err == nil && !bytes.Equal(got, long) {
		c.Errorf("got %d bytes and no error, want an error or all %d", len(got), len(long))
	}
}

func holdersWrite(c *fileSubject) {
	shared, ok := c.files.(store.Shared)
	if !ok {
		return // everything is this process's
	}
	c.put("a", 0, "")
	if _, err := c.files.WritePart(c.Context(), "a", "x", me, 0); !errors.Is(err, store.ErrTakenOver) {
		c.Errorf("write without the lease: got %v, want that it is another's", err)
	}
	c.hold("a", me)
	w, err := c.files.WritePart(c.Context(), "a", "x", me, 0)
	if err != nil {
		c.Fatal(err)
	}
	write := func(text string) error {
		if _, err := w.Write([]byte(text)); err != nil {
			return err
		}
		_, err := w.Sync()
		return err
	}
	if err := write("mine"); err != nil {
		c.Fatal(err)
	}
	if err := shared.Release(c.Context(), store.FileLease("a"), me); err != nil {
		c.Fatal(err)
	}
	c.hold("a", "somebody else")
	if err := write(" too"); !errors.Is(err, store.ErrTakenOver) {
		c.Errorf("write when somebody else has the lease: got %v, want that it is another's", err)
	}
	c.see("a", "x", []byte("mine"))
}

func filesStay(c *fileSubject) {
	version := c.put("a", c.put("a", 0, "one"), "two")
	c.hold("a", me)
	c.write("a", "x", 0, []byte("kept"))
	c.open()
	c.see("a", "x", []byte("kept"))
	l, err := c.files.Label(c.Context(), "a")
	if err != nil || string(l.Body) != "two" {
		c.Fatalf("label in version %d: got %+v, error %v, want two", version, l, err)
	}
	if err := c.files.Remove(c.Context(), "a", l.Version); err != nil {
		c.Error(err)
	}
}
