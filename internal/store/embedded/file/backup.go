package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"github.com/muster-groups/muster"
)

// partial ends the names of files that are not complete yet.
const partial = ".partial"

// Backup copies the database of a directory, as of one commit, to a new file
// that only its owner can read. The process that holds the directory may go on
// writing: it neither waits nor is waited for. The copy holds nothing that has
// been deleted.
func Backup(ctx context.Context, dir, to string) error {
	path := filepath.Join(dir, Name)
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return muster.Errorf(muster.CodeNotFound, "There is no Muster database in %s.", dir)
		}
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return muster.Errorf(muster.CodeConflict, "%s exists already: a backup does not replace anything.", to)
	}
	db, err := connect(path, Options{})
	if err != nil {
		return err
	}
	copying := func() error {
		if _, err := recognise(db, path); err != nil {
			return err
		}
		made, err := os.OpenFile(to+partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		if err := errors.Join(vacuumInto(ctx, db, to+partial), made.Sync(), made.Close()); err != nil {
			return err
		}
		return settle(to+partial, to)
	}
	if err := errors.Join(copying(), db.Close()); err != nil {
		_ = os.Remove(to + partial) // it may not even be there
		return err
	}
	return nil
}

// vacuumInto writes what a database holds as of one commit into an empty file.
func vacuumInto(ctx context.Context, db *sqlite3.Conn, to string) error {
	absolute, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	defer db.SetInterrupt(db.SetInterrupt(ctx))
	s, _, err := db.Prepare("VACUUM INTO ?")
	if err != nil {
		return err
	}
	err = s.BindText(1, absolute)
	if err == nil {
		err = s.Exec()
	}
	if err := finish(s, err); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("back up to %s: %w", to, err)
	}
	return nil
}

// Restore makes a directory from a backup. The directory must be missing or
// empty. The copy is examined before it takes its place: a foreign or newer
// database is refused, and so is a damaged one.
func Restore(ctx context.Context, from, dir string) error {
	if err := vacant(dir); err != nil {
		return err
	}
	if info, err := os.Stat(from + "-wal"); err == nil && info.Size() > 0 {
		return muster.Errorf(muster.CodeInvalid, "%s is a database in use or one whose log was not moved, not a backup: make one with muster backup.", from)
	}
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	lock, err := lockDirectory(dir)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := vacant(dir); err != nil { // somebody else was faster
		return err
	}
	path := filepath.Join(dir, Name)
	err = copyFile(ctx, source, path+partial)
	if err == nil {
		err = examine(ctx, path+partial, from)
	}
	if err == nil {
		err = settle(path+partial, path)
	}
	if err != nil {
		for _, end := range []string{"", "-wal", "-shm", "-journal"} {
			_ = os.Remove(path + partial + end) // most are not there
		}
	}
	return err
}

// Build makes a directory, which must be missing or empty, from what write
// writes to a new File: whole, or not at all.
func Build(dir string, write func(*File) error) error {
	if err := vacant(dir); err != nil {
		return err
	}
	workshop := filepath.Join(dir, "building")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := Open(workshop, Options{})
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Close())
	if err == nil {
		err = settle(filepath.Join(workshop, Name), filepath.Join(dir, Name))
	}
	return errors.Join(err, os.RemoveAll(workshop))
}

// vacant refuses a directory that holds anything but a lock.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if e.Name() != lockName {
			return muster.Errorf(muster.CodeConflict, "The directory %s is not empty: expected an empty or missing one.", dir)
		}
	}
	return nil
}

func copyFile(ctx context.Context, from io.Reader, to string) error {
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	for err == nil && ctx.Err() == nil {
		_, err = io.CopyN(out, from, 4<<20)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, ctx.Err(), out.Sync(), out.Close())
}

// examine refuses a copy that this program cannot read; name is what it is called.
func examine(ctx context.Context, path, name string) error {
	db, err := connect(path, Options{})
	if err != nil {
		return err
	}
	checking := func() error {
		version, err := recognise(db, name)
		if err != nil {
			return err
		}
		if version == 0 {
			return muster.Errorf(muster.CodeUnavailable, "%s is not a Muster database: it is empty.", name)
		}
		defer db.SetInterrupt(db.SetInterrupt(ctx))
		s, _, err := db.Prepare("PRAGMA quick_check(1)")
		if err != nil {
			return err
		}
		verdict := ""
		if s.Step() {
			verdict = s.ColumnText(0)
		}
		if err := finish(s, nil); err != nil {
			return err
		}
		if verdict != "ok" {
			return muster.Errorf(muster.CodeUnavailable, "%s is damaged: %s.", name, verdict)
		}
		return nil
	}
	err = errors.Join(checking(), db.Close())
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case Damaged(err):
		return &muster.Error{Code: muster.CodeUnavailable, Err: err, Message: name + " is damaged, or not a Muster database at all."}
	}
	return err
}

// settle gives a complete file its name, durably.
func settle(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
