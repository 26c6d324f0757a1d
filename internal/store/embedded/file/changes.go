package file

import (
	"hash/maphash"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/ncruces/go-sqlite3"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// insertChanges appends the change records, then rewrites earlier runs, then
// notes forgotten groups: their base is empty as of the last record.
func (f *File) insertChanges(c *record.Commit) error {
	s := f.write
	var first muster.Seq
	s.buf = s.buf[:0]
	for i := range c.Changes {
		changes := &c.Changes[i]
		if len(s.buf) == 0 {
			first = changes.First
		}
		f.words.appendRun(&s.buf, first, changes)
		if len(s.buf) < maxRunsRow && i+1 < len(c.Changes) {
			continue
		}
		if err := run(s.runs, int64(first), []byte(s.buf)); err != nil {
			return err
		}
		s.buf = s.buf[:0]
	}
	if err := f.rewrite(c.Rewritten); err != nil {
		return err
	}
	if len(c.Forgotten) == 0 {
		return nil
	}
	seq, err := f.lastSeq()
	if err != nil {
		return err
	}
	for _, group := range c.Forgotten {
		if err := f.insertBase(&record.Base{Group: group, Seq: seq}); err != nil {
			return err
		}
	}
	return nil
}

// rewrite replaces runs, ascending by First, in the rows that hold them.
func (f *File) rewrite(rewritten []record.Changes) error {
	for len(rewritten) > 0 {
		row, runs, err := f.findRuns(f.write.findRuns, int64(rewritten[0].First))
		if err != nil {
			return err
		}
		replaced := 0
		for i := range runs {
			if replaced < len(rewritten) && runs[i].First == rewritten[replaced].First {
				runs[i] = rewritten[replaced]
				replaced++
			}
		}
		if replaced == 0 && rewritten[0].First <= f.horizon.Seq {
			rewritten = rewritten[1:] // it has been deleted already
			continue
		}
		if replaced == 0 {
			return damaged("change_log", row)
		}
		rewritten = rewritten[replaced:]
		b := f.write.buf[:0]
		for i := range runs {
			f.words.appendRun(&b, muster.Seq(row), &runs[i])
		}
		f.write.buf = b
		if err := run(f.write.replaceRuns, []byte(b), row); err != nil {
			return err
		}
	}
	return nil
}

// findRuns answers the row that a query finds; no row is no runs.
func (f *File) findRuns(query *sqlite3.Stmt, args ...int64) (row int64, runs []record.Changes, err error) {
	for i, arg := range args {
		if err := query.BindInt64(i+1, arg); err != nil {
			return 0, nil, err
		}
	}
	if query.Step() {
		row = query.ColumnInt64(0)
		runs, err = readRuns(f.words.texts, row, query.ColumnRawBlob(1))
	}
	if read := readError(query); err == nil {
		err = read
	}
	return row, runs, err
}

// lastSeq answers the number of the last change record, 0 when there is none.
func (f *File) lastSeq() (muster.Seq, error) {
	_, runs, err := f.findRuns(f.write.lastRun)
	if err != nil || len(runs) == 0 {
		return f.horizon.Seq, err
	}
	last := &runs[len(runs)-1]
	seq := last.First - 1
	for _, set := range [2]*record.Set{&last.Left, &last.Entered} {
		n, err := setSize(set)
		if err != nil {
			return 0, err
		}
		seq += muster.Seq(n)
	}
	return seq, nil
}

// setSize answers how many records a set stands for.
func setSize(s *record.Set) (uint64, error) {
	if s.Bitmap == nil {
		return uint64(len(s.Few)), nil
	}
	bitmap := roaring.New()
	if _, err := bitmap.FromBuffer(s.Bitmap); err != nil {
		return 0, err
	}
	return bitmap.GetCardinality() + uint64(s.Erased), nil
}

// WriteBases keeps groups' memberships in a transaction of its own. A group
// whose membership is what was kept last is passed over: no record of its own
// lies between the two. The memberships may be of an earlier moment, so a group
// that has been forgotten stays so.
func (f *File) WriteBases(bases []record.Base) error {
	wrote := false
	for i := range bases {
		base := &bases[i]
		sum := maphash.Bytes(f.seed, base.Bitmap)
		if kept, known := f.bases[base.Group]; known && kept == sum {
			continue
		}
		if !wrote {
			if err := f.Begin(); err != nil {
				return err
			}
			wrote = true
		}
		if err := f.insertBase(base); err != nil {
			return f.fail("write", err)
		}
		f.bases[base.Group] = sum
	}
	if !wrote {
		return nil
	}
	if err := f.write.commit.Exec(); err != nil {
		return f.fail("commit", err)
	}
	f.begun = false
	return nil
}

func (f *File) insertBase(b *record.Base) error {
	return run(f.write.base, int64(b.Group), int64(b.Seq), b.Bitmap)
}
