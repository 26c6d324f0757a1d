package store

import (
	"context"
	"io"

	"github.com/muster-groups/muster"
)

// Files keeps files that were handed over and are still to be taken in. A file
// has a label, which says what it is and what becomes of it, and parts, which are
// bytes: what came, and what was left over. Labels are small and are all read at
// once; parts may be large, and no more than a few chunks of them are in memory.
//
// A Shared store keeps files for all its processes. Another process keeps them in
// a directory of its own.
type Files interface {
	// Labels answers all labels by the file's id.
	Labels(ctx context.Context) (map[string]Label, error)
	// Label answers one, CodeNotFound when there is none.
	Label(ctx context.Context, id string) (Label, error)
	// PutLabel writes a label durably in the place of the one with a version, 0 for
	// none, and answers its own version. Is there another one, or none, it does
	// nothing and answers ErrChanged.
	PutLabel(ctx context.Context, id string, version int64, body []byte) (now int64, err error)
	// Remove removes a label with that version, and all parts; else ErrChanged.
	Remove(ctx context.Context, id string, version int64) error

	// WritePart opens a part of a labelled file for writing: of what is there it
	// keeps the first bytes. At most one is open of a part. Where others share the
	// store, only the holder of the lease FileLease(id) may write; whoever has
	// lost it hears ErrTakenOver, and nothing that he writes is kept.
	WritePart(ctx context.Context, id, part, holder string, keep int64) (PartWriter, error)
	// ReadPart opens a part as it is now and answers its size; of one that is not
	// there, 0. When it is removed meanwhile, reading ends with an error.
	ReadPart(ctx context.Context, id, part string) (r io.ReadCloser, size int64, err error)
}

// Label is what a file's label says, and how often it has been written.
type Label struct {
	Version int64
	Body    []byte
}

// PartWriter writes a part.
type PartWriter interface {
	io.Writer
	// Sync answers how many bytes the part has. When something that was kept later,
	// in the store or beside it, is there after a crash, so are these.
	Sync() (size int64, err error)
	// Close is a Sync without an answer.
	io.Closer
}

// FileLease names the lease of whoever does something with a file.
func FileLease(id string) string { return "file " + id }

// ErrChanged says that a label is not what it was.
var ErrChanged = muster.Errorf(muster.CodeConflict, "somebody else has changed this meanwhile; look at it again")

// ErrTakenOver says that a lease is another process's by now.
var ErrTakenOver = muster.Errorf(muster.CodeUnavailable, "another node has taken this over")
