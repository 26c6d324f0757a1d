package postgres_test

import (
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/uuid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// What a commit of very many writes is few rows; another node reads them rightly
// before, while and after they are written out, and meanwhile some move again.
func TestAChangeOfManyIsWrittenOutAfterItsCommit(t *testing.T) {
	const everybody, atOnce, group = 70_000, 30_000, muster.GroupNo(1)
	url := people(t, everybody)
	open := func() *postgres.Store { return opened(t, url, postgres.Options{AtOnce: atOnce}) }
	writer, reader := open(), open()
	members := roaring.New()
	members.AddRange(1, everybody+1)
	move := func(at muster.Instant, entered, left *roaring.Bitmap) {
		t.Helper()
		err := writer.Update(t.Context(), func(tx store.Tx) error {
			if err := tx.SetTick(at); err != nil {
				return err
			}
			return tx.Record(group, muster.Cause{Kind: muster.CauseCondition}, entered, left)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	since := func(no muster.ContactNo) (at muster.Instant) {
		t.Helper()
		err := reader.View(t.Context(), func(v store.View) error {
			found, err := v.Memberships(no)
			if len(found) == 1 {
				at = found[0].Since
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	see := func(when string, want *roaring.Bitmap) {
		t.Helper()
		for name, s := range map[string]*postgres.Store{"a reader": reader, "a new node": open()} {
			err := s.View(t.Context(), func(v store.View) error {
				if got := v.Members(group); !got.Equals(want) {
					t.Errorf("%s, %s: got %d members, want %d", when, name, got.GetCardinality(), want.GetCardinality())
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	rows := func(want ...int) {
		t.Helper()
		conn, err := pgtest.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		for i, table := range []string{"bulk", "change", "membership"} {
			var got int
			if err := conn.QueryRow(t.Context(), `select count(*) from `+table).Scan(&got); err != nil {
				t.Fatal(err)
			}
			if got != want[i] {
				t.Errorf("rows of %s: got %d, want %d", table, got, want[i])
			}
		}
	}

	move(10, members.Clone(), nil)
	rows(2, 0, 0)
	see("before", members)

	out, back, late := roaring.BitmapOf(7, 66_000), roaring.BitmapOf(7), muster.ContactNo(69_000)
	move(20, nil, out)
	move(30, back, nil)
	members.AndNot(out)
	members.Or(back)
	see("some have moved", members)

	if more, err := writer.Maintain(t.Context()); err != nil || !more {
		t.Fatalf("maintain: got %t, %v, want more to do", more, err)
	}
	see("in the middle", members)
	for no, want := range map[muster.ContactNo]muster.Instant{7: 30, 8: 10, 66_000: 0, late: 10} {
		if got := since(no); got != want {
			t.Errorf("in the middle, %d is a member since %d, want %d", no, got, want)
		}
	}

	// Who is erased leaves no trace in the sets, and all numbers stay.
	id := muster.ContactID(uuid.MustParse("00000000-0000-0000-0000-000000069000"))
	err := writer.Update(t.Context(), func(tx store.Tx) error {
		no, err := tx.ByID(id)
		if err != nil || no != late {
			t.Fatalf("by id: got %d, %v, want %d", no, err, late)
		}
		if err := tx.Record(group, muster.Cause{Kind: muster.CauseErasure}, nil, roaring.BitmapOf(uint32(late))); err != nil {
			return err
		}
		return tx.Erase(late)
	})
	if err != nil {
		t.Fatal(err)
	}
	members.Remove(uint32(late))
	check := func(when string) {
		t.Helper()
		see(when, members)
		err := reader.View(t.Context(), func(v store.View) error {
			for _, q := range []store.ChangeQuery{{After: muster.Seq(late) - 2, Limit: 3}, {Before: muster.Seq(late) + 2, Latest: true, Limit: 3}} {
				got, err := v.Changes(q)
				if err != nil {
					return err
				}
				for _, c := range got {
					want := muster.ContactNo(c.Seq)
					if c.Seq == muster.Seq(late) {
						want = 0
					}
					if c.Contact != want {
						t.Errorf("%s: record %d is of contact %d, want %d", when, c.Seq, c.Contact, want)
					}
				}
				if len(got) != 3 {
					t.Errorf("%s: got %d records for %+v, want 3", when, len(got), q)
				}
			}
			then, err := v.MembersAt(group, 15)
			if n := then.GetCardinality(); n != everybody-1 {
				t.Errorf("%s: members at 15: got %d, want %d", when, n, everybody-1)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	check("one is erased")
	for more := true; more; {
		if more, err = writer.Maintain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	rows(0, everybody+4, everybody-2)
	check("written out")
	if got := since(7); got != 30 {
		t.Errorf("written out, 7 is a member since %d, want 30", got)
	}
}
