package file

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/ncruces/go-sqlite3"
)

// checkpointer moves the write-ahead log into the database on a connection of
// its own, so that commits need not wait for it.
type checkpointer struct {
	mu    sync.Mutex
	db    *sqlite3.Conn
	pages atomic.Int64 // in the log, as of the last commit
}

func (c *checkpointer) open(f *File) error {
	db, err := connect(f.path, f.options)
	if err != nil {
		return err
	}
	c.db = db
	if err := db.Exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -1000`); err != nil {
		return fmt.Errorf("prepare %s: %w", f.path, err)
	}
	f.db.WALHook(func(_ *sqlite3.Conn, _ string, pages int) error {
		c.pages.Store(int64(pages))
		return nil
	})
	return nil
}

func (c *checkpointer) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		return nil
	}
	err := c.db.Close()
	c.db = nil
	return err
}

// LogPages answers how many pages the log holds, moved or not.
func (f *File) LogPages() int64 { return f.checkpoint.pages.Load() }

// Checkpoint moves what the log holds into the database. It may run beside
// writing, and then it moves what was committed when it began. When nothing
// was committed meanwhile, the next commit begins the log anew.
//
// A full disk is not an error: the log keeps everything. Any other failure is
// one that the database may not survive unnoticed, so no write must follow.
func (f *File) Checkpoint() error {
	_, err := f.checkpoint.run(f, sqlite3.CHECKPOINT_PASSIVE)
	return err
}

// Truncate moves the whole log and empties its file, so that deleted bytes
// leave the disk. Nothing must write meanwhile. When the disk is full it does
// nothing, and NeedsTruncate says so.
func (f *File) Truncate() error {
	done, err := f.checkpoint.run(f, sqlite3.CHECKPOINT_TRUNCATE)
	if err != nil || !done {
		return err
	}
	f.checkpoint.pages.Store(0)
	f.scrub = false
	return nil
}

// NeedsTruncate reports whether the log still holds bytes that must go.
func (f *File) NeedsTruncate() bool { return f.scrub }

func (c *checkpointer) run(f *File, mode sqlite3.CheckpointMode) (done bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		return false, errors.New("the database is closed")
	}
	_, _, err = c.db.WALCheckpoint("main", mode)
	if err != nil && !errors.Is(err, sqlite3.BUSY) && !diskFull(err) {
		return false, fmt.Errorf("checkpoint %s: %w", f.path, err)
	}
	return err == nil, nil
}

func diskFull(err error) bool {
	return errors.Is(err, sqlite3.FULL) || errors.Is(err, syscall.ENOSPC)
}
