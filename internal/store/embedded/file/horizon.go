package file

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/ncruces/go-sqlite3"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// dropAtOnce is how many rows of change records one DropChanges deletes.
const dropAtOnce = 512

// insertHorizon writes that the horizon has moved.
func (f *File) insertHorizon(h *record.Horizon) error {
	if h == nil {
		return nil
	}
	f.horizon = *h
	return run(f.write.horizon, int64(h.At), int64(h.Seq))
}

// WriteFloors keeps groups' memberships before the horizon, in a transaction of
// its own.
func (f *File) WriteFloors(floors []record.Floor) error {
	return f.alone(func() error {
		for i := range floors {
			floor := &floors[i]
			b := f.write.buf[:0]
			var last muster.Instant
			for _, since := range floor.Since {
				b.signed(int64(since - last))
				last = since
			}
			f.write.buf = b
			if err := run(f.write.floor, int64(floor.Group), int64(floor.Seq), floor.Bitmap, []byte(b)); err != nil {
				return err
			}
		}
		return nil
	})
}

// DropChanges deletes change records up to the horizon, in a transaction of its
// own, and answers whether there may be more. Memberships and floors that
// include them must be kept. A row holds records of one commit, so none reaches
// over the horizon.
func (f *File) DropChanges() (more bool, err error) {
	rows, err := number(f.db, "SELECT count(*) FROM (SELECT 1 FROM change_log WHERE first <= (SELECT seq FROM horizon) LIMIT 1)")
	if err != nil || rows == 0 {
		return false, err
	}
	return true, f.alone(func() error { return run(f.write.dropRuns, int64(f.horizon.Seq), int64(dropAtOnce)) })
}

// alone runs write as a transaction of its own.
func (f *File) alone(write func() error) error {
	if err := f.Begin(); err != nil {
		return err
	}
	if err := write(); err != nil {
		return f.fail("write", err)
	}
	if err := f.write.commit.Exec(); err != nil {
		return f.fail("commit", err)
	}
	f.begun, f.scrub = false, true
	return nil
}

// horizon hands over how far back history reaches, if it has moved.
func (l *loader) horizon(ctx context.Context) error {
	return l.each(ctx, "SELECT at, seq FROM horizon", func(s *sqlite3.Stmt) error {
		l.file.horizon = record.Horizon{At: muster.Instant(s.ColumnInt64(0)), Seq: muster.Seq(s.ColumnInt64(1))}
		return l.sink.Horizon(l.file.horizon)
	})
}

// floors hands over memberships without contacts that have been erased since.
func (l *loader) floors(ctx context.Context) error {
	return l.each(ctx, "SELECT group_no, seq, members, since FROM floor ORDER BY group_no", func(s *sqlite3.Stmt) error {
		floor := record.Floor{Group: muster.GroupNo(s.ColumnInt64(0)), Seq: muster.Seq(s.ColumnInt64(1)), Bitmap: s.ColumnBlob(2, nil)}
		r := reading{rest: s.ColumnRawBlob(3)}
		var since muster.Instant
		for len(r.rest) > 0 {
			since += muster.Instant(r.signed())
			floor.Since = append(floor.Since, since)
		}
		if err := r.end("floor", int64(floor.Group)); err != nil {
			return err
		}
		members := roaring.New()
		if err := members.UnmarshalBinary(floor.Bitmap); err != nil {
			return damaged("floor", int64(floor.Group))
		}
		if members.Intersects(l.gone) {
			if err := without(&floor, members, l.gone); err != nil {
				return err
			}
		}
		return l.sink.Floor(floor)
	})
}

// without takes contacts out of a floor with these members.
func without(floor *record.Floor, members, gone *roaring.Bitmap) (err error) {
	if len(floor.Since) > 0 {
		kept := floor.Since[:0]
		for i, no := range members.ToArray() {
			if !gone.Contains(no) && i < len(floor.Since) {
				kept = append(kept, floor.Since[i])
			}
		}
		floor.Since = kept
	}
	members.AndNot(gone)
	floor.Bitmap, err = members.ToBytes()
	return err
}
