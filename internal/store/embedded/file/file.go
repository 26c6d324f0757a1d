package file

import (
	"errors"
	"fmt"
	"hash/maphash"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// Name is the database's file name in the data directory.
const Name = "muster.db"

// lockName is the file in the data directory that stands for holding it.
const lockName = "LOCK"

// Options are what a caller may choose. The zero Options are the defaults.
type Options struct {
	// VFS names a registered SQLite file system to reach the disk through; "" is
	// the operating system's.
	VFS string
}

// File is an open database. Load comes first; then one goroutine at a time may
// Begin, Write, Commit, WriteBases and Purge. Checkpoint may run beside them.
type File struct {
	dir     string
	path    string
	options Options
	lock    *os.File
	db      *sqlite3.Conn
	words   words
	write   *statements
	begun   bool
	broken  error
	scrub   bool // bytes that must go are still in the write-ahead log
	horizon record.Horizon

	// bases are checksums of the memberships kept, to pass over those that have
	// not moved. They are not of what another process kept, so all are written
	// once.
	bases map[muster.GroupNo]uint64
	seed  maphash.Seed

	checkpoint checkpointer
	closing    sync.Once
	closed     error
}

// Open locks the directory, which is made when it is missing, and opens or
// makes the database in it. It refuses, with CodeUnavailable, a directory that
// another process holds, a newer format and a foreign database.
func Open(dir string, options Options) (*File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockDirectory(dir)
	if err != nil {
		return nil, err
	}
	f := &File{dir: dir, path: filepath.Join(dir, Name), options: options, lock: lock,
		bases: map[muster.GroupNo]uint64{}, seed: maphash.MakeSeed()}
	if err := f.open(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *File) open() error {
	db, err := connect(f.path, f.options)
	if err != nil {
		return err
	}
	f.db = db
	if err := migrate(db, f.path); err != nil {
		return err
	}
	// The commit's fsync is the promise to the sender; what is deleted is
	// overwritten; the checkpointer, not an unlucky commit, moves the log.
	err = db.Exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
		PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -32000; PRAGMA foreign_keys = OFF`)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", f.path, err)
	}
	if f.write, err = prepare(db); err != nil {
		return err
	}
	if err := f.words.load(db); err != nil {
		return err
	}
	return f.checkpoint.open(f)
}

// connect opens one more connection to the database.
func connect(path string, options Options) (*sqlite3.Conn, error) {
	query := ""
	if options.VFS != "" {
		query = "?vfs=" + url.QueryEscape(options.VFS)
	}
	db, err := sqlite3.Open((&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String() + query)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return db, nil
}

// Size answers the bytes that the database and its log occupy.
func (f *File) Size() (int64, error) {
	var total int64
	for _, name := range []string{f.path, f.path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return 0, err
		}
		if err == nil {
			total += info.Size()
		}
	}
	return total, nil
}

// Close rolls back an unfinished transaction, moves the log into the database
// and releases the directory. A second Close answers what the first did.
func (f *File) Close() error {
	f.closing.Do(func() { f.closed = f.close() })
	return f.closed
}

func (f *File) close() error {
	var errs []error
	if f.begun {
		f.Rollback()
	}
	errs = append(errs, f.checkpoint.close())
	if f.write != nil {
		errs = append(errs, f.write.close())
	}
	if f.db != nil {
		// The last connection to close moves the log and deletes it.
		errs = append(errs, f.db.Close())
	}
	return errors.Join(append(errs, f.lock.Close())...)
}
