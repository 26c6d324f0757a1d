package file

import (
	"context"
	"slices"
)

// partRows bounds how many rows one step of Purge deletes, and so how long a
// commit may have to wait for it: a few milliseconds.
const partRows = 4096

// insertRemoved notes rows that are gone. Deleting them may take long, so it
// is left to Purge; Load passes over them until then.
func (f *File) insertRemoved(rows []uint64) error {
	for len(rows) > 0 {
		part := rows[:min(partRows, len(rows))]
		rows = rows[len(part):]
		b := f.write.buf[:0]
		var last uint64
		for _, row := range part {
			b.number(row - last)
			last = row
		}
		f.write.buf = b
		if err := run(f.write.removed, []byte(b)); err != nil {
			return err
		}
	}
	return nil
}

// readPart appends the rows of a part.
func readPart(part int64, data []byte, rows []uint64) ([]uint64, error) {
	r := reading{rest: data}
	var row uint64
	for len(r.rest) > 0 {
		row += r.number()
		rows = append(rows, row)
	}
	return rows, r.end("removed", part)
}

// part is one row of the table removed.
type part struct {
	no   int64
	rows []uint64 // ascending
}

// Purge deletes one part of the rows that are gone, in a transaction of its
// own, and answers whether there may be more. Deleted bytes are overwritten
// (secure_delete); Truncate takes them out of the log.
func (f *File) Purge(ctx context.Context) (more bool, err error) {
	if err := ctx.Err(); err != nil {
		return true, err
	}
	parts, err := f.parts("SELECT part, rows FROM removed ORDER BY part LIMIT 1")
	if err != nil || len(parts) == 0 {
		return false, err
	}
	return true, f.purge(parts[0])
}

// parts answers the parts that a query finds.
func (f *File) parts(sql string) ([]part, error) {
	s, _, err := f.db.Prepare(sql)
	if err != nil {
		return nil, err
	}
	var parts []part
	for err == nil && s.Step() {
		p := part{no: s.ColumnInt64(0)}
		p.rows, err = readPart(p.no, s.ColumnRawBlob(1), nil)
		parts = append(parts, p)
	}
	return parts, finish(s, err)
}

func (f *File) purge(p part) error {
	if err := f.Begin(); err != nil {
		return err
	}
	for rows := p.rows; len(rows) > 0; {
		n := 1
		for n < len(rows) && rows[n] == rows[0]+uint64(n) {
			n++
		}
		if err := run(f.write.dropRows, int64(rows[0]), int64(rows[n-1])); err != nil {
			return f.fail("purge", err)
		}
		rows = rows[n:]
	}
	if err := run(f.write.dropPart, p.no); err != nil {
		return f.fail("purge", err)
	}
	if err := f.write.commit.Exec(); err != nil {
		return f.fail("commit", err)
	}
	f.begun, f.scrub = false, true
	return nil
}

// removedRows answers all rows that are gone but still there, ascending. Rows
// at the very end are deleted first: whoever loads the others would give their
// numbers again.
func (f *File) removedRows() ([]uint64, error) {
	parts, err := f.parts("SELECT part, rows FROM removed ORDER BY part")
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	var removed []uint64
	for _, p := range parts {
		removed = append(removed, p.rows...)
	}
	slices.Sort(removed)
	living, err := f.lastLiving(removed)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if p.rows[len(p.rows)-1] > living {
			if err := f.purge(p); err != nil {
				return nil, err
			}
		}
	}
	return removed, nil
}

// lastLiving answers the last activity that is not gone.
func (f *File) lastLiving(removed []uint64) (uint64, error) {
	s, _, err := f.db.Prepare("SELECT row FROM activity ORDER BY row DESC")
	if err != nil {
		return 0, err
	}
	var living uint64
	for living == 0 && s.Step() {
		row := uint64(s.ColumnInt64(0))
		if _, gone := slices.BinarySearch(removed, row); !gone {
			living = row
		}
	}
	return living, finish(s, nil)
}
