package file

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/ncruces/go-sqlite3"

	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// maxRunsRow is the size from which a commit's change records continue in a new
// row, so that rewriting one for an erasure stays cheap.
const maxRunsRow = 1 << 18

// statements are the prepared statements of the writer, reused for ever.
type statements struct {
	begin, commit, rollback              *sqlite3.Stmt
	word, entry, dropEntry               *sqlite3.Stmt
	contact, dropContact, erased         *sqlite3.Stmt
	activity, removed                    *sqlite3.Stmt
	runs, findRuns, replaceRuns, lastRun *sqlite3.Stmt
	base, document, dropDocument, tick   *sqlite3.Stmt
	dropPart, dropRows                   *sqlite3.Stmt
	horizon, floor, dropRuns             *sqlite3.Stmt
	takeBack                             *sqlite3.Stmt

	all []*sqlite3.Stmt
	buf blob
}

func prepare(db *sqlite3.Conn) (*statements, error) {
	s := &statements{}
	for _, each := range []struct {
		stmt **sqlite3.Stmt
		sql  string
	}{
		{&s.begin, `BEGIN IMMEDIATE`},
		{&s.commit, `COMMIT`},
		{&s.rollback, `ROLLBACK`},
		{&s.word, `INSERT INTO word (no, text) VALUES (?, ?)`},
		{&s.entry, `INSERT OR REPLACE INTO entry (key, kind, text) VALUES (?, ?, ?)`},
		{&s.dropEntry, `DELETE FROM entry WHERE key = ?`},
		{&s.contact, `INSERT OR REPLACE INTO contact (no, id, created, parent, external_id, email, data) VALUES (?, ?, ?, ?, ?, ?, ?)`},
		{&s.dropContact, `DELETE FROM contact WHERE no = ?`},
		{&s.erased, `INSERT OR REPLACE INTO erased (no, id, at) VALUES (?, ?, ?)`},
		{&s.activity, `INSERT INTO activity (row, data) VALUES (?, ?)`},
		{&s.removed, `INSERT INTO removed (rows) VALUES (?)`},
		{&s.runs, `INSERT INTO change_log (first, runs) VALUES (?, ?)`},
		{&s.findRuns, `SELECT first, runs FROM change_log WHERE first <= ? ORDER BY first DESC LIMIT 1`},
		{&s.replaceRuns, `UPDATE change_log SET runs = ? WHERE first = ?`},
		{&s.lastRun, `SELECT first, runs FROM change_log ORDER BY first DESC LIMIT 1`},
		{&s.base, `INSERT INTO base (group_no, seq, bitmap) VALUES (?, ?, ?)
			ON CONFLICT (group_no) DO UPDATE SET seq = excluded.seq, bitmap = excluded.bitmap WHERE base.bitmap IS NOT NULL OR excluded.bitmap IS NULL`},
		{&s.horizon, `INSERT OR REPLACE INTO horizon (one, at, seq) VALUES (1, ?, ?)`},
		{&s.floor, `INSERT OR REPLACE INTO floor (group_no, seq, members, since) VALUES (?, ?, ?, ?)`},
		{&s.dropRuns, `DELETE FROM change_log WHERE first IN (SELECT first FROM change_log WHERE first <= ? ORDER BY first LIMIT ?)`},
		{&s.document, `INSERT OR REPLACE INTO document (kind, code, body) VALUES (?, ?, ?)`},
		{&s.dropDocument, `DELETE FROM document WHERE kind = ? AND code = ?`},
		{&s.tick, `UPDATE state SET tick = ?`},
		{&s.dropPart, `DELETE FROM removed WHERE part = ?`},
		{&s.dropRows, `DELETE FROM activity WHERE row BETWEEN ? AND ?`},
		{&s.takeBack, `UPDATE state SET given_up = given_up + 1`},
	} {
		stmt, _, err := db.PrepareFlags(each.sql, sqlite3.PREPARE_PERSISTENT)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("prepare %s: %w", each.sql, err), s.close())
		}
		*each.stmt = stmt
		s.all = append(s.all, stmt)
	}
	return s, nil
}

func (s *statements) close() error {
	var errs []error
	for _, stmt := range s.all {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}

// run binds the arguments and executes.
func run(s *sqlite3.Stmt, args ...any) error {
	for i, arg := range args {
		var err error
		switch arg := arg.(type) {
		case int64:
			err = s.BindInt64(i+1, arg)
		case string:
			err = s.BindText(i+1, arg)
		case []byte:
			err = s.BindBlob(i+1, arg)
		default:
			err = fmt.Errorf("no binding for %s", reflect.TypeOf(arg))
		}
		if err != nil {
			return err
		}
	}
	return s.Exec()
}

// Begin starts the transaction.
func (f *File) Begin() error {
	if f.broken != nil {
		return f.broken
	}
	if err := f.write.begin.Exec(); err != nil {
		return f.fail("begin", err)
	}
	f.begun = true
	return nil
}

// Write inserts rows, beginning the transaction when it has not begun. What it
// was given may be forgotten afterwards.
func (f *File) Write(c *record.Commit) error {
	if !f.begun {
		if err := f.Begin(); err != nil {
			return err
		}
	}
	if err := f.insert(c); err != nil {
		return f.fail("write", err)
	}
	return nil
}

// Commit writes the rest of the transaction and makes it durable: when it
// answers nil, the transaction survives a loss of power. After an error the
// transaction is undone as far as the disk allows, and the File refuses all
// further writes.
func (f *File) Commit(c *record.Commit) error {
	if err := f.Write(c); err != nil {
		return err
	}
	if err := run(f.write.tick, int64(c.Tick)); err != nil {
		return f.fail("write", err)
	}
	if err := f.write.commit.Exec(); err != nil {
		return f.fail("commit", err)
	}
	f.begun = false
	f.words.fresh = f.words.fresh[:0]
	if len(c.Erased)+len(c.Removed)+len(c.Dropped)+len(c.Rewritten) > 0 {
		f.scrub = true
	}
	return nil
}

// Rollback undoes the transaction. The words it brought stay known in memory
// only, so the File refuses all further writes.
func (f *File) Rollback() {
	if f.begun {
		_ = f.fail("roll back", errors.New("the transaction was given up"))
	}
}

// fail undoes the transaction and breaks the File. A commit whose fsync failed
// has already put its last frame into the log, from where a restart would take
// it up although it was refused; so the frame is overwritten by a transaction
// that only counts the failure.
func (f *File) fail(doing string, err error) error {
	f.broken = fmt.Errorf("%s %s: %w", doing, f.path, err)
	if f.begun {
		f.begun = false
		if !f.db.GetAutocommit() {
			_ = f.write.rollback.Exec() // closing the connection rolls back as well
		}
		if f.write.begin.Exec() == nil {
			// Whether this becomes durable or not, the outcome is the same.
			if f.write.takeBack.Exec() != nil || f.write.commit.Exec() != nil {
				if !f.db.GetAutocommit() {
					_ = f.write.rollback.Exec()
				}
			}
		}
	}
	return f.broken
}

func (f *File) insert(c *record.Commit) error {
	s := f.write
	for i := range c.Entries {
		e := &c.Entries[i]
		if err := run(s.entry, entryKey(e), int64(e.Kind), e.Text); err != nil {
			return err
		}
	}
	for i := range c.Activities {
		a := &c.Activities[i]
		s.buf = s.buf[:0]
		appendActivity(&s.buf, a)
		if err := errors.Join(s.activity.BindInt64(1, int64(a.Row)), s.activity.BindBlob(2, s.buf)); err != nil {
			return err
		}
		if err := s.activity.Exec(); err != nil {
			return err
		}
	}
	for i := range c.Contacts {
		if err := f.insertContact(&c.Contacts[i]); err != nil {
			return err
		}
	}
	for _, e := range c.Erased {
		if err := errors.Join(run(s.dropContact, int64(e.No)), run(s.erased, int64(e.No), e.ID[:], int64(e.At))); err != nil {
			return err
		}
	}
	for i := range c.Dropped {
		if err := run(s.dropEntry, entryKey(&c.Dropped[i])); err != nil {
			return err
		}
	}
	for _, d := range c.Documents {
		var err error
		if d.Body == nil {
			err = run(s.dropDocument, d.Kind, d.Code)
		} else {
			err = run(s.document, d.Kind, d.Code, d.Body)
		}
		if err != nil {
			return err
		}
	}
	if err := f.insertRemoved(c.Removed); err != nil {
		return err
	}
	if err := f.insertChanges(c); err != nil {
		return err
	}
	if err := f.insertHorizon(c.Horizon); err != nil {
		return err
	}
	return f.insertWords()
}

func entryKey(e *record.Entry) int64 { return int64(e.Dict)<<32 | int64(e.Code) }

func (f *File) insertContact(c *record.Contact) error {
	s := f.write
	s.buf = s.buf[:0]
	f.words.appendContact(&s.buf, c)
	return run(s.contact, int64(c.No), c.ID[:], int64(c.CreatedAt), int64(c.Parent), c.ExternalID, c.Email, []byte(s.buf))
}

// insertWords comes last: what came before gave the numbers.
func (f *File) insertWords() error {
	for _, no := range f.words.fresh {
		if err := run(f.write.word, int64(no), f.words.texts[no]); err != nil {
			return err
		}
	}
	f.words.fresh = f.words.fresh[:0]
	return nil
}
