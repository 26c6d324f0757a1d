package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/internal/store/embedded/file/faulty"
	"github.com/muster-groups/muster/test/scratch"
)

// Operations of the disk are made to fail once, and to fail from then on: every
// single one in a soak, some of them, other ones each time, otherwise. Whichever
// it is: the store stops and says so, and what starts after it has everything
// acknowledged and nothing refused.

func TestWhicheverWriteFailsTheStoreKeepsWhatItAcknowledgedAndNothingElse(t *testing.T) {
	failEach(t, 1, 13, (*faulty.Disk).FailWrite)
}

func TestWhicheverSyncFailsTheStoreKeepsWhatItAcknowledgedAndNothingElse(t *testing.T) {
	failEach(t, 1, 3, (*faulty.Disk).FailSync)
}

func TestWheneverTheDiskRunsFullTheStoreKeepsWhatItAcknowledgedAndNothingElse(t *testing.T) {
	failEach(t, 1_500, 60_000, func(d *faulty.Disk, room int, _ bool) { d.Fill(int64(room)) })
}

// failEach runs the work with the first operation failing, then a later one, and
// so on until none has failed.
func failEach(t *testing.T, soak, usual int, fail func(d *faulty.Disk, after int, forever bool)) {
	t.Helper()
	step, first := usual, int(scratch.Seed(t)%uint64(usual))
	if scratch.Soak() {
		step, first = soak, 0
	}
	want := states(t)
	budget := time.Duration(1 << 62)
	if scratch.Soak() {
		budget = scratch.Budget(budget)
	}
	for _, forever := range []bool{false, true} {
		began, failures := time.Now(), 0
		for after := first; ; after += step {
			dir := scratch.Dir(t)
			failed := failOnce(t, dir, want, func(d *faulty.Disk) { fail(d, after, forever) })
			if t.Failed() {
				t.Fatalf("operation %d failed, and all after it: %t", after, forever)
			}
			if !failed {
				t.Logf("%d operations failed, one in each run, and all after it: %t", failures, forever)
				break
			}
			if failures++; failures >= 5 && time.Since(began) > budget {
				t.Logf("%d operations failed, one in each run, and all after it: %t; there are more", failures, forever)
				break
			}
		}
		if failures < 5 {
			t.Errorf("only %d operations failed, so that this proves little", failures)
		}
	}
}

// failOnce works on a disk that is to fail, and looks at what a process that
// starts afterwards finds.
func failOnce(t *testing.T, dir string, want []string, fail func(*faulty.Disk)) (failed bool) {
	t.Helper()
	disk := faulty.New()
	defer disk.Close()
	fail(disk)
	acknowledged := 0
	s, err := embedded.Open(t.Context(), dir, embedded.Options{VFS: disk.Name()})
	if err == nil {
		acknowledged, err = work(t.Context(), s, nil)
		if err != nil {
			refuses(t, s, err)
		}
		crashed := copyOf(t, dir)
		if closed := s.Close(); closed != nil && err == nil {
			err = closed // it failed at the last moment
		}
		holds(t, "killed", crashed, want, acknowledged)
	}
	holds(t, "stopped", dir, want, acknowledged)
	return err != nil
}

// refuses checks that a failed store says so and answers nothing any more.
func refuses(t *testing.T, s *embedded.Store, err error) {
	t.Helper()
	<-s.Failed()
	again := s.Update(t.Context(), func(store.Tx) error { return errors.New("an update ran") })
	read := s.View(t.Context(), func(store.View) error { return errors.New("a view ran") })
	for _, got := range []error{err, s.Err(), again, read} {
		if muster.CodeOf(got) != muster.CodeUnavailable {
			t.Errorf("after a failed operation: got %v, want CodeUnavailable", got)
		}
	}
}

// holds checks that a directory holds the state after so many acknowledged
// transactions, and can be worked with.
func holds(t *testing.T, how, dir string, want []string, acknowledged int) {
	t.Helper()
	s, err := embedded.Open(t.Context(), dir, embedded.Options{})
	if err != nil {
		t.Errorf("%s, opened again: %v", how, err)
		return
	}
	defer s.Close()
	if got := state(t, s); got != want[acknowledged] {
		t.Errorf("%s after %d acknowledged transactions: got\n%s\nwant\n%s", how, acknowledged, got, want[acknowledged])
	}
	if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Put("note", "after", nil) }); err != nil {
		t.Errorf("%s, written to again: %v", how, err)
	}
}

// states answers what a store holds before the first transaction and after each.
func states(t *testing.T) []string {
	t.Helper()
	s, err := embedded.Open(t.Context(), scratch.Dir(t), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := []string{state(t, s)}
	if _, err := work(t.Context(), s, func() { all = append(all, state(t, s)) }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

// work does a little of everything and answers how many transactions were
// acknowledged before the first error.
func work(ctx context.Context, s *embedded.Store, after func()) (acknowledged int, err error) {
	for i := range 12 {
		err := s.Update(ctx, func(tx store.Tx) error { return transaction(tx, muster.ContactNo(i+1)) })
		if err != nil {
			return acknowledged, err
		}
		acknowledged++
		if after != nil {
			after()
		}
		if i%4 == 3 {
			for more := true; more; {
				if more, err = s.Maintain(ctx); err != nil {
					return acknowledged, err
				}
			}
		}
	}
	return acknowledged, nil
}

// transaction is the i-th one, from 1: it makes contact i.
func transaction(tx store.Tx, i muster.ContactNo) error {
	no, err := tx.CreateContact(muster.ContactID{15: byte(i)}, muster.Instant(i))
	steps := []error{err, tx.SetTick(muster.Instant(i)), tx.SetEmail(no, fmt.Sprintf("%d@example.com", i)), tx.AddVisitor(no, fmt.Sprint("v", i))}
	steps = append(steps, tx.SetField(no, fmt.Sprint("f", i%3), muster.Value{Kind: muster.KindText, Text: fmt.Sprint(i)}))
	for k := range 60 {
		_, err := tx.AddActivity(no, muster.Activity{
			Type: "visit", At: muster.Instant(k), ID: fmt.Sprint(i, " ", k),
			Attributes: []muster.Attribute{{Name: "page", Value: muster.Scalar{Kind: muster.KindText, Text: fmt.Sprint("/", i, "/", k)}}},
		})
		steps = append(steps, err)
	}
	found, err := tx.Match([]store.Query{{Node: plan.Everyone{}}}) // from here on rows are written beside
	if err := errors.Join(append(steps, err)...); err != nil {
		return err
	}
	steps = []error{tx.Record(1, muster.Cause{Kind: muster.CauseActivity, Code: "visit"}, roaring.AndNot(found[0], tx.Members(1)), nil)}
	if i%3 == 0 {
		steps = append(steps, tx.Record(1, muster.Cause{Kind: muster.CauseMerge}, nil, roaring.BitmapOf(uint32(no))), tx.Merge(1, no))
	}
	if i%5 == 0 {
		steps = append(steps, tx.Record(1, muster.Cause{Kind: muster.CauseErasure}, nil, roaring.BitmapOf(uint32(no))), tx.Erase(no))
	}
	if i%4 == 3 {
		steps = append(steps, tx.SetHorizon(muster.Instant(i)-2)) // to be folded a little later
	}
	return errors.Join(append(steps, tx.Put("note", "n", fmt.Append(nil, i)))...)
}

// state prints everything a store answers.
func state(t *testing.T, s *embedded.Store) string {
	t.Helper()
	out := ""
	err := s.View(t.Context(), func(v store.View) error {
		notes, err := v.Documents("note")
		if err != nil {
			return err
		}
		horizon := v.Horizon()
		changes, err := v.Changes(store.ChangeQuery{After: horizon.Seq})
		out = fmt.Sprintf("tick %d, notes %q, members %v\nhorizon %+v, changes %v\n", v.Tick(), notes["n"], v.Members(1), horizon, changes)
		for at := max(0, horizon.At); at <= v.Tick() && err == nil; at++ {
			var members *roaring.Bitmap
			if members, err = v.MembersAt(1, at); err == nil {
				out += fmt.Sprintf("members at %d: %v\n", at, members)
			}
		}
		for it := v.Contacts().Iterator(); it.HasNext() && err == nil; {
			no := muster.ContactNo(it.Next())
			var c muster.Contact
			var acts []muster.StoredActivity
			if c, err = v.Contact(no); err == nil {
				acts, err = v.Activities(no, store.ActivityQuery{Limit: 1000})
			}
			memberships, missing := v.Memberships(no)
			err = errors.Join(err, missing)
			out += fmt.Sprintf("%+v did %d, is in %v\n", c, len(acts), memberships)
		}
		return err
	})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return out
}

// copyOf copies a directory as a process that is killed now would leave it.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := scratch.Dir(t)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-shm") {
			continue // memory that processes share; it is made anew
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, e.Name()), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}
