package file

import (
	"cmp"
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/ncruces/go-sqlite3"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// readers is how many connections read large tables in parallel. Reading and
// decoding is about as much work as taking in what was read, so two keep one
// consumer busy.
const readers = 2

// Load hands everything kept to the sink, in the sink's order and on the
// calling goroutine. progress, when not nil, is told now and then how many of
// about total rows are done.
func (f *File) Load(ctx context.Context, sink record.Sink, progress func(done, total int64)) error {
	l := &loader{file: f, sink: sink, progress: progress, gone: roaring.New()}
	if err := l.count(); err != nil {
		return err
	}
	tick, err := number(f.db, "SELECT tick FROM state")
	if err != nil {
		return err
	}
	if err := sink.Start(muster.Instant(tick), l.counts); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		l.entries, l.contacts, l.erased, l.activities, l.bases, l.horizon, l.floors, l.changes, l.documents,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	l.advance(l.total - l.done)
	return sink.Done()
}

type loader struct {
	file     *File
	sink     record.Sink
	progress func(done, total int64)
	counts   record.Counts
	removed  []uint64        // sorted; rows that are gone but still there
	gone     *roaring.Bitmap // numbers of erased contacts

	low, high   map[string]int64 // keys of each table
	done, total int64
}

// count looks at the keys only: they are dense enough to size memory and to
// show progress, and counting rows would mean reading them.
func (l *loader) count() error {
	var err error
	if l.removed, err = l.file.removedRows(); err != nil {
		return err
	}
	l.low, l.high = map[string]int64{}, map[string]int64{}
	for table, key := range map[string]string{"contact": "no", "erased": "no", "activity": "row", "change_log": "first", "entry": "key"} {
		for at, bound := range map[string]map[string]int64{"min": l.low, "max": l.high} {
			n, err := number(l.file.db, "SELECT "+at+"("+key+") FROM "+table)
			if err != nil {
				return err
			}
			bound[table] = n
		}
	}
	entries, err := number(l.file.db, "SELECT count(*) FROM entry")
	if err != nil {
		return err
	}
	l.counts = record.Counts{
		Entries:    entries,
		Contacts:   max(l.high["contact"], l.high["erased"]),
		Activities: l.span("activity") - int64(len(l.removed)),
		Changes:    l.high["change_log"],
	}
	l.total = entries + l.span("contact") + l.span("activity") + l.span("change_log")
	return nil
}

func (l *loader) span(table string) int64 {
	if l.high[table] == 0 {
		return 0
	}
	return l.high[table] - l.low[table] + 1
}

func (l *loader) advance(n int64) {
	l.done = min(l.done+n, l.total)
	if l.progress != nil {
		l.progress(l.done, l.total)
	}
}

// finish closes a statement and answers the first error there was.
func finish(s *sqlite3.Stmt, err error) error {
	stepped := s.Err()
	return cmp.Or(err, stepped, s.Close())
}

func (l *loader) entries(ctx context.Context) error {
	return scan(ctx, l.file, table[[]record.Entry]{
		sql: "SELECT key, kind, text FROM entry WHERE key BETWEEN ? AND ? ORDER BY key",
		low: l.low["entry"], high: l.high["entry"],
		read: func(s *sqlite3.Stmt, batch *[]record.Entry) error {
			key := s.ColumnInt64(0)
			*batch = append(*batch, record.Entry{
				Dict: record.Dict(key >> 32), Code: uint32(key), Kind: muster.ValueKind(s.ColumnInt64(1)), Text: s.ColumnText(2),
			})
			return nil
		},
		deliver: func(batch *[]record.Entry, _ int64) error {
			for _, e := range *batch {
				if err := l.sink.Entry(e); err != nil {
					return err
				}
			}
			l.advance(int64(len(*batch)))
			*batch = (*batch)[:0]
			return nil
		},
	})
}

func (l *loader) contacts(ctx context.Context) error {
	texts := l.file.words.texts
	return scan(ctx, l.file, table[[]record.Contact]{
		sql: "SELECT no, id, created, parent, external_id, email, data FROM contact WHERE no BETWEEN ? AND ? ORDER BY no",
		low: l.low["contact"], high: l.high["contact"], step: 1024,
		read: func(s *sqlite3.Stmt, batch *[]record.Contact) error {
			c := record.Contact{
				No: muster.ContactNo(s.ColumnInt64(0)), CreatedAt: muster.Instant(s.ColumnInt64(2)), Parent: muster.ContactNo(s.ColumnInt64(3)),
				ExternalID: s.ColumnText(4), Email: s.ColumnText(5),
			}
			if copy(c.ID[:], s.ColumnRawBlob(1)) != len(c.ID) {
				return damaged("contact", int64(c.No))
			}
			err := readContact(texts, s.ColumnRawBlob(6), &c)
			*batch = append(*batch, c)
			return err
		},
		deliver: func(batch *[]record.Contact, keys int64) error {
			for _, c := range *batch {
				if err := l.sink.Contact(c); err != nil {
					return err
				}
			}
			l.advance(keys)
			clear(*batch)
			*batch = (*batch)[:0]
			return nil
		},
	})
}

func (l *loader) erased(ctx context.Context) error {
	return l.each(ctx, "SELECT no, id, at FROM erased ORDER BY no", func(s *sqlite3.Stmt) error {
		e := record.Erased{No: muster.ContactNo(s.ColumnInt64(0)), At: muster.Instant(s.ColumnInt64(2))}
		if copy(e.ID[:], s.ColumnRawBlob(1)) != len(e.ID) {
			return damaged("erased", int64(e.No))
		}
		l.gone.Add(uint32(e.No))
		return l.sink.Erased(e)
	})
}

func (l *loader) activities(ctx context.Context) error {
	removed := l.removed
	return scan(ctx, l.file, table[activities]{
		sql: "SELECT row, data FROM activity WHERE row BETWEEN ? AND ? ORDER BY row",
		low: l.low["activity"], high: l.high["activity"], step: 8192,
		read: func(s *sqlite3.Stmt, batch *activities) error {
			row := s.ColumnInt64(0)
			if _, gone := slices.BinarySearch(removed, uint64(row)); gone {
				return nil
			}
			return batch.add(row, s.ColumnRawBlob(1))
		},
		deliver: func(batch *activities, keys int64) error {
			defer batch.reset()
			l.advance(keys)
			if len(batch.rows) == 0 {
				return nil
			}
			return l.sink.Activities(batch.finish())
		},
	})
}

// bases hands over memberships without contacts that have been erased since:
// their leaving is in the log, but no longer says who left.
func (l *loader) bases(ctx context.Context) error {
	return l.each(ctx, "SELECT group_no, seq, bitmap FROM base ORDER BY group_no", func(s *sqlite3.Stmt) error {
		b := record.Base{Group: muster.GroupNo(s.ColumnInt64(0)), Seq: muster.Seq(s.ColumnInt64(1))}
		if s.ColumnType(2) != sqlite3.NULL {
			members := roaring.New()
			if err := members.UnmarshalBinary(s.ColumnBlob(2, nil)); err != nil {
				return damaged("base", int64(b.Group))
			}
			members.AndNot(l.gone)
			bitmap, err := members.ToBytes()
			if err != nil {
				return err
			}
			b.Bitmap = bitmap
		}
		return l.sink.Base(b)
	})
}

func (l *loader) changes(ctx context.Context) error {
	texts := l.file.words.texts
	var last int64
	return scan(ctx, l.file, table[[]record.Changes]{
		sql: "SELECT first, runs FROM change_log WHERE first BETWEEN ? AND ? ORDER BY first",
		low: l.low["change_log"], high: l.high["change_log"],
		rows: 16, // a row holds up to maxRunsRow bytes of runs, which are many times as large in memory
		read: func(s *sqlite3.Stmt, batch *[]record.Changes) error {
			runs, err := readRuns(texts, s.ColumnInt64(0), s.ColumnRawBlob(1))
			*batch = append(*batch, runs...)
			return err
		},
		deliver: func(batch *[]record.Changes, _ int64) error {
			for _, c := range *batch {
				if err := l.sink.Changes(c); err != nil {
					return err
				}
				l.done, last = l.done+int64(c.First)-last, int64(c.First)
			}
			l.advance(0)
			clear(*batch)
			*batch = (*batch)[:0]
			return nil
		},
	})
}

func (l *loader) documents(ctx context.Context) error {
	return l.each(ctx, "SELECT kind, code, body FROM document ORDER BY kind, code", func(s *sqlite3.Stmt) error {
		return l.sink.Document(record.Document{Kind: s.ColumnText(0), Code: s.ColumnText(1), Body: s.ColumnBlob(2, []byte{})})
	})
}

// each calls read for every row of a small table.
func (l *loader) each(ctx context.Context, sql string, read func(*sqlite3.Stmt) error) error {
	s, _, err := l.file.db.Prepare(sql)
	if err != nil {
		return err
	}
	for err == nil && s.Step() {
		if err = read(s); err == nil {
			err = ctx.Err()
		}
	}
	return finish(s, err)
}
