package file

import (
	"embed"
	"fmt"
	"io/fs"
	"sort"

	"github.com/ncruces/go-sqlite3"

	"github.com/muster-groups/muster"
)

// applicationID marks a database as Muster's ("Mstr"), so that another
// program's file in the same place is refused instead of changed.
const applicationID = 0x4d737472

//go:embed migration/*.sql
var migrations embed.FS

// Version is the format that this program writes; it reads all earlier ones.
func Version() int { return len(steps()) }

// steps answers the migrations in order. Their numbers are their places, from 1.
func steps() []string {
	names, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	sort.Strings(names)
	return names
}

// migrate brings a database to the current format, one transaction per step,
// and refuses a newer one and a foreign one.
func migrate(db *sqlite3.Conn, path string) error {
	version, err := recognise(db, path)
	if err != nil {
		return err
	}
	names := steps()
	for at := version; at < len(names); at++ {
		text, err := migrations.ReadFile(names[at])
		if err != nil {
			return err
		}
		err = db.Exec(fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", text, applicationID, at+1))
		if err != nil {
			return fmt.Errorf("migrate %s to format version %d: %w", path, at+1, err)
		}
	}
	return nil
}

// recognise answers the format of a database, 0 for a new and empty one. It
// refuses what this program cannot read.
func recognise(db *sqlite3.Conn, path string) (int, error) {
	id, err := pragma(db, "application_id")
	if err != nil {
		return 0, err
	}
	version, err := pragma(db, "user_version")
	if err != nil {
		return 0, err
	}
	known := int64(Version())
	switch {
	case id != applicationID && (id != 0 || version != 0):
		return 0, muster.Errorf(muster.CodeUnavailable, "%s is not a Muster database: its application id is %#x, expected %#x.", path, id, applicationID)
	case version > known:
		return 0, muster.Errorf(muster.CodeUnavailable, "%s has format version %d, but this program knows versions up to %d: start the newer Muster that wrote it.", path, version, known)
	}
	if id == 0 {
		tables, err := number(db, "SELECT count(*) FROM sqlite_schema")
		if err != nil {
			return 0, err
		}
		if tables > 0 {
			return 0, muster.Errorf(muster.CodeUnavailable, "%s is not a Muster database: it holds tables of another program.", path)
		}
	}
	return int(version), nil
}

func pragma(db *sqlite3.Conn, name string) (int64, error) { return number(db, "PRAGMA "+name) }

// number answers the first column of the first row, 0 when it is null.
func number(db *sqlite3.Conn, sql string) (int64, error) {
	s, _, err := db.Prepare(sql)
	if err != nil {
		return 0, err
	}
	var n int64
	if s.Step() {
		n = s.ColumnInt64(0)
	}
	return n, finish(s, nil)
}
