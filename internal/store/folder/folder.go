// Package folder keeps files that are still to be taken in (store.Files) in a
// directory, of one process at a time: a file's parts as files ID.PART, and its
// label as ID.json.
//
// It must not know what the files are.
package folder

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// labelEnding is what the name of a label's file ends with, after the id.
const labelEnding = ".json"

// Folder is the directory.
type Folder struct {
	dir string

	mu     sync.Mutex
	labels map[string]store.Label
}

var _ store.Files = (*Folder)(nil)

// Open opens a directory, and makes it when it is not there. Parts without a
// label, which a crash has left, are removed.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	f := &Folder{dir: dir, labels: map[string]store.Label{}}
	for _, entry := range found {
		if id, isLabel := strings.CutSuffix(entry.Name(), labelEnding); isLabel {
			body, err := os.ReadFile(filepath.Join(dir, entry.Name()))
			if err != nil {
				return nil, err
			}
			f.labels[id] = store.Label{Version: 1, Body: body}
		}
	}
	for _, entry := range found {
		id, _, _ := strings.Cut(entry.Name(), ".")
		if _, labelled := f.labels[id]; labelled && !strings.HasSuffix(entry.Name(), newEnding) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Labels answers all labels.
func (f *Folder) Labels(context.Context) (map[string]store.Label, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.labels), nil
}

// Label answers one.
func (f *Folder) Label(_ context.Context, id string) (store.Label, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l, ok := f.labels[id]
	if !ok {
		return l, muster.Errorf(muster.CodeNotFound, "there is no file %s", id)
	}
	return l, nil
}

// PutLabel writes a label unless it is another one by now.
func (f *Folder) PutLabel(_ context.Context, id string, version int64, body []byte) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.labels[id].Version != version {
		return 0, store.ErrChanged
	}
	if err := replace(filepath.Join(f.dir, id+labelEnding), body); err != nil {
		return 0, err
	}
	f.labels[id] = store.Label{Version: version + 1, Body: bytes.Clone(body)}
	return version + 1, nil
}

// Remove removes a label and the parts, in this order: without a label they are
// of no use.
func (f *Folder) Remove(_ context.Context, id string, version int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if version == 0 || f.labels[id].Version != version {
		return store.ErrChanged
	}
	if err := os.Remove(filepath.Join(f.dir, id+labelEnding)); err != nil {
		return err
	}
	delete(f.labels, id)
	parts, err := filepath.Glob(filepath.Join(f.dir, id+".*"))
	for _, part := range parts {
		err = errors.Join(err, os.Remove(part))
	}
	return err
}

// newEnding is what the name of a file ends with that is not whole yet.
const newEnding = ".new"

// replace writes a file that is whole, old or new, whenever the power fails.
func replace(path string, body []byte) error {
	next, err := os.OpenFile(path+newEnding, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = next.Write(body)
	if err == nil {
		err = next.Sync()
	}
	if err = errors.Join(err, next.Close()); err == nil {
		return os.Rename(next.Name(), path)
	}
	return errors.Join(err, os.Remove(next.Name()))
}

// WritePart opens a part for writing.
func (f *Folder) WritePart(_ context.Context, id, part, _ string, keep int64) (store.PartWriter, error) {
	file, err := os.OpenFile(f.part(id, part), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	size, err := file.Seek(0, io.SeekEnd)
	if keep = min(keep, size); err == nil {
		err = file.Truncate(keep)
	}
	if err == nil {
		_, err = file.Seek(keep, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &writer{file: file, size: keep}, nil
}

func (f *Folder) part(id, part string) string { return filepath.Join(f.dir, id+"."+part) }

// ReadPart opens a part.
func (f *Folder) ReadPart(_ context.Context, id, part string) (io.ReadCloser, int64, error) {
	file, err := os.Open(f.part(id, part))
	if errors.Is(err, os.ErrNotExist) {
		return io.NopCloser(strings.NewReader("")), 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

// writer writes a part. One that is empty when it is closed is no part.
type writer struct {
	file   *os.File
	size   int64
	unsafe bool // something was written since the last Sync
}

// Write writes.
func (w *writer) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	w.size, w.unsafe = w.size+int64(n), true
	return n, err
}

// Sync makes durable what was written.
func (w *writer) Sync() (int64, error) {
	if w.unsafe {
		if err := w.file.Sync(); err != nil {
			return 0, err
		}
		w.unsafe = false
	}
	return w.size, nil
}

// Close ends the part.
func (w *writer) Close() error {
	size, err := w.Sync()
	err = errors.Join(err, w.file.Close())
	if err == nil && size == 0 {
		return os.Remove(w.file.Name())
	}
	return err
}
