package file_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/file"
	"github.com/muster-groups/muster/internal/store/embedded/file/faulty"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

func newDisk(t *testing.T) *faulty.Disk {
	d := faulty.New()
	t.Cleanup(d.Close)
	return d
}

// document makes a commit that writes one document.
func document(tick muster.Instant, code string, size int) *record.Commit {
	return &record.Commit{Tick: tick, Documents: []record.Document{{Kind: "k", Code: code, Body: bytes.Repeat([]byte{'x'}, size)}}}
}

// codes answers the codes of the documents in a directory, opened normally.
func codes(t *testing.T, dir string) []string {
	t.Helper()
	f := open(t, dir, file.Options{})
	var list []string
	for _, d := range load(t, f).Documents {
		list = append(list, d.Code)
	}
	if err := f.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	return list
}

func copyDir(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{file.Name, file.Name + "-wal"} {
		content, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func TestARefusedCommitLeavesNoTrace(t *testing.T) {
	for _, c := range []struct {
		name string
		fail func(*faulty.Disk)
		want error
	}{
		{"the sync fails once", func(d *faulty.Disk) { d.FailSync(0, false) }, sqlite3.IOERR_FSYNC},
		{"every sync fails", func(d *faulty.Disk) { d.FailSync(0, true) }, sqlite3.IOERR_FSYNC},
		{"the first write fails", func(d *faulty.Disk) { d.FailWrite(0, false) }, sqlite3.IOERR_WRITE},
		{"a later write fails", func(d *faulty.Disk) { d.FailWrite(3, false) }, sqlite3.IOERR_WRITE},
		{"every write fails", func(d *faulty.Disk) { d.FailWrite(1, true) }, sqlite3.IOERR_WRITE},
		{"the disk is full", func(d *faulty.Disk) { d.Fill(0) }, sqlite3.FULL},
		{"the disk runs full", func(d *faulty.Disk) { d.Fill(9000) }, sqlite3.FULL},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			disk := newDisk(t)
			f := open(t, dir, file.Options{VFS: disk.Name()})
			commit(t, f, document(1, "acknowledged", 10))
			c.fail(disk)
			err := f.Commit(document(2, "refused", 20_000))
			if !errors.Is(err, c.want) {
				t.Fatalf("commit: got %v, want %v", err, c.want)
			}
			if err := f.Commit(document(3, "after", 1)); err == nil {
				t.Error("a commit after a failed one was accepted")
			}
			// The process dies here.
			same(t, "documents after a restart", codes(t, copyDir(t, dir)), []string{"acknowledged"})
			disk.FailSync(0, false)
			disk.FailWrite(1<<30, false)
			disk.Fill(-1)
		})
	}
}

func TestWhatWasAcknowledgedSurvivesALossOfPower(t *testing.T) {
	disk := newDisk(t)
	disk.Remember()
	f := open(t, t.TempDir(), file.Options{VFS: disk.Name()})
	want := []string{}
	for i := range 30 {
		code := string(rune('a' + i))
		commit(t, f, document(muster.Instant(i), code, 5000))
		want = append(want, code)
		if i%7 == 3 {
			if err := f.Checkpoint(); err != nil {
				t.Fatalf("checkpoint: %v", err)
			}
		}
		if i == 20 {
			if err := f.Truncate(); err != nil {
				t.Fatalf("truncate: %v", err)
			}
		}
		dir := t.TempDir()
		if err := disk.PowerLoss(dir); err != nil {
			t.Fatalf("lose power: %v", err)
		}
		same(t, "documents after a loss of power", codes(t, dir), want)
	}
}

func TestAFullDiskLetsTheLogGrowButAFailingSyncStopsIt(t *testing.T) {
	disk := newDisk(t)
	f := open(t, t.TempDir(), file.Options{VFS: disk.Name()})
	commit(t, f, document(1, "a", 50_000))
	disk.Fill(0)
	if err := f.Checkpoint(); err != nil {
		t.Errorf("checkpoint on a full disk: got %v, want it passed over", err)
	}
	disk.Fill(-1)
	disk.FailSync(0, false)
	if err := f.Checkpoint(); !errors.Is(err, sqlite3.IOERR_FSYNC) {
		t.Errorf("checkpoint with a failing sync: got %v, want IOERR_FSYNC", err)
	}
}

func TestTheLogIsReusedAfterACheckpoint(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir, file.Options{})
	for i := range 50 {
		commit(t, f, document(muster.Instant(i), "same", 40_000))
		if err := f.Checkpoint(); err != nil {
			t.Fatalf("checkpoint: %v", err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, file.Name+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 300_000 {
		t.Errorf("the log holds %d bytes after 50 commits of 40,000, want it reused", info.Size())
	}
}

func TestErasedBytesLeaveTheDisk(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir, file.Options{})
	const secret = "ada.lovelace@example.com"
	c := &record.Commit{
		Tick:     1,
		Entries:  []record.Entry{{Dict: record.FirstAttribute + 1, Code: 1, Kind: muster.KindText, Text: secret}},
		Contacts: []record.Contact{{No: 1, ID: id(1), Email: secret, Visitors: []string{secret}}, {No: 2, ID: id(2)}},
		Changes:  []record.Changes{{First: 1, Group: 1, Entered: record.Set{Few: []muster.ContactNo{1, 2}}}},
	}
	for i := range uint64(10_000) {
		a := record.Activity{Row: i + 1, Contact: 2, Type: 1, ID: "other"}
		if i%3 == 0 {
			a.Contact, a.ID = 1, secret
		}
		c.Activities = append(c.Activities, a)
	}
	commit(t, f, c)
	if err := f.Checkpoint(); err != nil {
		t.Fatalf("checkpoint: %v", err)
	}
	erase := &record.Commit{
		Tick: 2, Erased: []record.Erased{{No: 1, ID: id(1), At: 2}}, Dropped: c.Entries,
		Rewritten: []record.Changes{{First: 1, Group: 1, Entered: record.Set{Few: []muster.ContactNo{0, 2}}}},
	}
	for i := uint64(0); i < 10_000; i += 3 {
		erase.Removed = append(erase.Removed, i+1)
	}
	commit(t, f, erase)
	if !f.NeedsTruncate() {
		t.Error("an erasure does not ask for the log to be emptied")
	}
	for more := true; more; {
		var err error
		if more, err = f.Purge(t.Context()); err != nil {
			t.Fatalf("purge: %v", err)
		}
	}
	if err := f.Truncate(); err != nil {
		t.Fatalf("truncate: %v", err)
	}
	if f.NeedsTruncate() {
		t.Error("the log is empty, and yet asks to be emptied")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(content, []byte(secret)); n > 0 {
			t.Errorf("%s still holds the erased email %d times", entry.Name(), n)
		}
	}
	got := load(t, f)
	same(t, "contacts", len(got.Contacts), 1)
	same(t, "activities", len(got.Commit.Activities), 6666)
}
