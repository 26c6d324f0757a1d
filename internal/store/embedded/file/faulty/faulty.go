// Package faulty is a disk that fails on command, for tests: an SQLite file
// system over the real one that refuses writes or syncs, runs full, and tells
// what a loss of power would have left. It must not know what is stored.
package faulty

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"sync"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// Disk is a file system that works until it is told to fail.
type Disk struct {
	name string

	mu        sync.Mutex
	syncs     fault
	writes    fault
	room      int64 // bytes that files may still grow by; negative is no limit
	remember  bool
	survivors map[string][]byte // by path, as of the last sync
}

// fault is a failure to come.
type fault struct {
	after   int // how many operations succeed before it
	forever bool
	armed   bool
}

// New registers a disk; Close forgets it.
func New() *Disk {
	d := &Disk{name: "faulty-" + rand.Text(), room: -1, survivors: map[string][]byte{}}
	vfs.Register(d.name, d)
	return d
}

// Close forgets the disk; no database must be open on it.
func (d *Disk) Close() { vfs.Unregister(d.name) }

// Name is what to open a database with.
func (d *Disk) Name() string { return d.name }

// FailSync makes one sync fail, or all from then on, after some that succeed.
func (d *Disk) FailSync(after int, forever bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.syncs = fault{after, forever, true}
}

// FailWrite makes one write fail, or all from then on, after some that succeed.
func (d *Disk) FailWrite(after int, forever bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writes = fault{after, forever, true}
}

// Fill leaves room for so many more bytes.
func (d *Disk) Fill(room int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room = room
}

// Remember begins to keep what each sync has made durable.
func (d *Disk) Remember() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.remember = true
}

// PowerLoss writes into a directory what a loss of power now would leave: each
// file as of its last sync.
func (d *Disk) PowerLoss(dir string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for path, content := range d.survivors {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// hit reports whether the operation fails.
func (f *fault) hit() bool {
	if !f.armed {
		return false
	}
	if f.after > 0 {
		f.after--
		return false
	}
	f.armed = f.forever
	return true
}

// Open is never called: SQLite asks for OpenFilename.
func (d *Disk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return nil, 0, sqlite3.CANTOPEN
}

// OpenFilename opens the real file behind a wrapper.
func (d *Disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	real, out, err := vfs.Find("").(vfs.VFSFilename).OpenFilename(name, flags)
	if err != nil {
		return nil, out, err
	}
	return &file{File: real, disk: d, path: name.String()}, out, nil
}

// Delete removes a file.
func (d *Disk) Delete(name string, syncDir bool) error {
	d.mu.Lock()
	delete(d.survivors, name)
	d.mu.Unlock()
	return vfs.Find("").Delete(name, syncDir)
}

// Access asks about a file.
func (d *Disk) Access(name string, flags vfs.AccessFlag) (bool, error) {
	return vfs.Find("").Access(name, flags)
}

// FullPathname completes a path.
func (d *Disk) FullPathname(name string) (string, error) { return vfs.Find("").FullPathname(name) }

// file is an open file on a faulty disk.
type file struct {
	vfs.File
	disk *Disk
	path string
}

// SharedMemory is the real file's, so that several connections may be open.
func (f *file) SharedMemory() vfs.SharedMemory {
	if shared, ok := f.File.(vfs.FileSharedMemory); ok {
		return shared.SharedMemory()
	}
	return nil
}

// WriteAt writes unless the disk is to fail or is full.
func (f *file) WriteAt(p []byte, at int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.writes.hit() {
		return 0, sqlite3.IOERR_WRITE
	}
	size, err := f.File.Size()
	if err != nil {
		return 0, err
	}
	if grow := at + int64(len(p)) - size; grow > 0 && f.disk.room >= 0 {
		if grow > f.disk.room {
			return 0, sqlite3.FULL
		}
		f.disk.room -= grow
	}
	return f.File.WriteAt(p, at)
}

// Sync makes the file durable unless the disk is to fail.
func (f *file) Sync(flags vfs.SyncFlag) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.syncs.hit() {
		return sqlite3.IOERR_FSYNC
	}
	if f.disk.remember && f.path != "" {
		content, err := os.ReadFile(f.path)
		if err != nil {
			return err
		}
		f.disk.survivors[f.path] = content
	}
	return f.File.Sync(flags)
}
