package file_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/ncruces/go-sqlite3"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/file"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

func bitmap(numbers ...uint32) []byte {
	b, err := roaring.BitmapOf(numbers...).ToBytes()
	if err != nil {
		panic(err)
	}
	return b
}

// everything is a commit with every kind of row and every kind of value.
func everything() *record.Commit {
	return &record.Commit{
		Tick: 1_700_000_000,
		Entries: []record.Entry{
			{Dict: record.Types, Code: 1, Kind: muster.KindText, Text: "page_visit"},
			{Dict: record.Channels, Code: 1, Kind: muster.KindText, Text: "site"},
			{Dict: record.Attributes, Code: 1, Kind: muster.KindText, Text: "page"},
			{Dict: record.FirstAttribute + 1, Code: 1, Kind: muster.KindText, Text: "/ä \x00 end"},
			{Dict: record.FirstAttribute + 1, Code: 2, Kind: muster.KindNumber, Text: "1.5"},
			{Dict: record.FirstAttribute + 1, Code: 4, Kind: muster.KindBoolean, Text: ""},
		},
		Contacts: []record.Contact{
			{
				No: 1, ID: id(1), CreatedAt: -5, ExternalID: "x-1", Email: "Ada@Example.com", Visitors: []string{"v1", ""},
				Fields: map[string]muster.Value{
					"city":   {Kind: muster.KindText, Text: "Zürich"},
					"points": {Kind: muster.KindNumber, Number: -12_345_678},
					"member": {Kind: muster.KindBoolean, Boolean: true},
					"former": {Kind: muster.KindBoolean},
					"born":   {Kind: muster.KindDate, Date: -3000},
					"seen":   {Kind: muster.KindDatetime, Instant: 1_699_999_999},
					"roles":  {Kind: muster.KindChoices, Choices: []string{"a", "b"}},
				},
				Decisions: []muster.Decision{
					{Kind: muster.OnConsent, Code: "tracking", State: muster.Agreed, At: 5, Version: "2024-01"},
					{Kind: muster.OnAllMail, State: muster.Unsubscribed, At: -7},
				},
			},
			{No: 2, ID: id(2), CreatedAt: 9, Parent: 1},
		},
		Erased: []record.Erased{{No: 3, ID: id(3), At: 77}},
		Activities: []record.Activity{
			{Row: 1, Contact: 1, Type: 1, At: 1_600_000_000, Arrived: 1_700_000_000, Channel: 1, ID: "e-1", Attrs: []record.Attr{{Name: 1, Value: 1}, {Name: 300, Value: 70000}}},
			{Row: 2, Contact: 2, Type: 1, At: 1_700_000_000, Arrived: 1_700_000_000},
			{Row: 5, Contact: 2, Type: 1, At: -4, Arrived: 1_700_000_000, ID: "e-2"},
		},
		Changes: []record.Changes{
			{First: 1, Group: 1, At: 1_700_000_000, Cause: muster.Cause{Kind: muster.CauseActivity, Code: "page_visit"}, Entered: record.Set{Few: []muster.ContactNo{1, 2}}},
			{First: 3, Group: 2, At: 1_700_000_000, Cause: muster.Cause{Kind: muster.CauseTime}, Left: record.Set{Few: []muster.ContactNo{1, 0, 9}},
				Entered: record.Set{Bitmap: bitmap(1, 2, 70000), Erased: 2, Gaps: []uint32{0, 3}}},
		},
		Documents: []record.Document{
			{Kind: "group", Code: "vip", Body: []byte(`{"no":1}`)},
			{Kind: "group", Code: "void", Body: []byte{}},
		},
	}
}

func TestAFileReadsBackEverythingItWasGiven(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir, file.Options{})
	want := everything()
	if err := f.Write(&record.Commit{Entries: want.Entries, Activities: want.Activities}); err != nil {
		t.Fatalf("write: %v", err)
	}
	rest := everything()
	rest.Entries, rest.Activities = nil, nil
	commit(t, f, rest)
	bases := []record.Base{{Group: 1, Seq: 2, Bitmap: want.Changes[1].Entered.Bitmap}, {Group: 4, Seq: 2}}
	if err := f.WriteBases(bases); err != nil {
		t.Fatalf("write bases: %v", err)
	}
	for _, how := range []string{"in the same process", "after reopening"} {
		got := load(t, f)
		same(t, "tick "+how, got.Tick, want.Tick)
		same(t, "entries "+how, got.Entries, want.Entries)
		same(t, "contacts "+how, got.Contacts, want.Contacts)
		same(t, "erased "+how, got.Commit.Erased, want.Erased)
		same(t, "activities "+how, got.Commit.Activities, want.Activities)
		same(t, "changes "+how, got.Commit.Changes, want.Changes)
		same(t, "documents "+how, got.Documents, want.Documents)
		same(t, "bases "+how, got.Bases, bases)
		if err := f.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
		f = open(t, dir, file.Options{})
	}
}

func TestLaterCommitsReplaceAndRemove(t *testing.T) {
	f := open(t, t.TempDir(), file.Options{})
	commit(t, f, everything())
	changed := everything()
	commit(t, f, &record.Commit{
		Tick:     1_700_000_001,
		Contacts: []record.Contact{{No: 2, ID: id(2), CreatedAt: 9, Fields: map[string]muster.Value{"new": {Kind: muster.KindNumber, Number: 1}}}},
		Erased:   []record.Erased{{No: 1, ID: id(1), At: 1_700_000_001}},
		Removed:  []uint64{1}, Dropped: changed.Entries[3:4],
		Changes:   []record.Changes{{First: 11, Group: 3, At: 1_700_000_001, Entered: record.Set{Few: []muster.ContactNo{2}}}},
		Rewritten: []record.Changes{{First: 1, Group: 1, At: 1_700_000_000, Cause: muster.Cause{Kind: muster.CauseActivity, Code: "page_visit"}, Entered: record.Set{Few: []muster.ContactNo{0, 2}}}},
		Forgotten: []muster.GroupNo{2},
		Documents: []record.Document{{Kind: "group", Code: "vip"}},
	})
	got := load(t, f)
	same(t, "contacts", got.Contacts, []record.Contact{{No: 2, ID: id(2), CreatedAt: 9, Fields: map[string]muster.Value{"new": {Kind: muster.KindNumber, Number: 1}}}})
	same(t, "erased", got.Commit.Erased, []record.Erased{{No: 1, ID: id(1), At: 1_700_000_001}, {No: 3, ID: id(3), At: 77}})
	same(t, "activities", got.Commit.Activities, changed.Activities[1:])
	same(t, "entries", len(got.Entries), len(changed.Entries)-1)
	same(t, "documents", got.Documents, changed.Documents[1:])
	changed.Changes[0].Entered.Few[0] = 0
	same(t, "changes", got.Commit.Changes, append(changed.Changes, record.Changes{First: 11, Group: 3, At: 1_700_000_001, Entered: record.Set{Few: []muster.ContactNo{2}}}))
	same(t, "bases", got.Bases, []record.Base{{Group: 2, Seq: 11}})
}

func TestABaseOutlivesNeitherTheGroupNorTheContact(t *testing.T) {
	f := open(t, t.TempDir(), file.Options{})
	commit(t, f, everything())
	if err := f.WriteBases([]record.Base{{Group: 1, Seq: 2, Bitmap: bitmap(1, 2)}, {Group: 2, Seq: 2, Bitmap: bitmap(1)}}); err != nil {
		t.Fatalf("write bases: %v", err)
	}
	commit(t, f, &record.Commit{Tick: 1_700_000_001, Erased: []record.Erased{{No: 1, ID: id(1), At: 1}}, Forgotten: []muster.GroupNo{2}})
	// These were taken before the commit.
	if err := f.WriteBases([]record.Base{{Group: 1, Seq: 2, Bitmap: bitmap(1, 2, 4)}, {Group: 2, Seq: 2, Bitmap: bitmap(1, 5)}}); err != nil {
		t.Fatalf("write bases: %v", err)
	}
	same(t, "bases", load(t, f).Bases, []record.Base{{Group: 1, Seq: 2, Bitmap: bitmap(2, 4)}, {Group: 2, Seq: 10}})
}

func TestLargeTablesAreReadInOrder(t *testing.T) {
	f := open(t, t.TempDir(), file.Options{})
	const n = 40_000
	c := &record.Commit{Tick: 1}
	var removed []uint64
	for i := 1; i <= n; i++ {
		c.Activities = append(c.Activities, record.Activity{Row: uint64(i), Contact: muster.ContactNo(i), Type: 1, At: muster.Instant(i), Arrived: 1, ID: fmt.Sprint(i)})
		c.Contacts = append(c.Contacts, record.Contact{No: muster.ContactNo(i), ID: muster.ContactID{byte(i), byte(i >> 8), 1}})
		c.Entries = append(c.Entries, record.Entry{Dict: record.FirstAttribute + 1, Code: uint32(i), Kind: muster.KindText, Text: fmt.Sprint(i)})
		if i%7 == 0 || i > 35_000 {
			removed = append(removed, uint64(i))
		}
	}
	commit(t, f, c)
	commit(t, f, &record.Commit{Tick: 2, Removed: removed})
	k := &kept{}
	var last, total int64
	if err := f.Load(t.Context(), k, func(done, of int64) {
		if done < last {
			t.Errorf("progress went back from %d to %d", last, done)
		}
		last, total = done, of
	}); err != nil {
		t.Fatalf("load: %v", err)
	}
	if last != total || total < n {
		t.Errorf("progress ended at %d of %d", last, total)
	}
	same(t, "number of activities", len(k.Commit.Activities), n-len(removed))
	for i := 1; i < len(k.Commit.Activities); i++ {
		before, after := k.Commit.Activities[i-1], k.Commit.Activities[i]
		if before.Row >= after.Row || after.ID != fmt.Sprint(after.Row) {
			t.Fatalf("activity %+v after %+v", after, before)
		}
	}
	same(t, "number of contacts", len(k.Contacts), n)
	for i := 1; i < len(k.Contacts); i++ {
		if k.Contacts[i-1].No >= k.Contacts[i].No {
			t.Fatalf("contact %d after %d", k.Contacts[i].No, k.Contacts[i-1].No)
		}
	}
	same(t, "number of entries", len(k.Entries), n)

	// The removed rows at the end are gone for good, so that their numbers can
	// be given again.
	commit(t, f, &record.Commit{Tick: 3, Activities: []record.Activity{{Row: 35_001, Contact: 1, Type: 1, Arrived: 3}}})
	for more := true; more; {
		var err error
		if more, err = f.Purge(t.Context()); err != nil {
			t.Fatalf("purge: %v", err)
		}
	}
	same(t, "number of activities after the purge", len(load(t, f).Commit.Activities), n-len(removed)+1)
}

func TestLoadingGivesUpWithTheContextAndWithTheSink(t *testing.T) {
	f := open(t, t.TempDir(), file.Options{})
	commit(t, f, everything())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Load(ctx, &kept{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("load with a cancelled context: got %v, want context.Canceled", err)
	}
	full := errors.New("the sink is full")
	if err := f.Load(t.Context(), refusing{&kept{}, full}, nil); !errors.Is(err, full) {
		t.Errorf("load into a refusing sink: got %v, want %v", err, full)
	}
}

type refusing struct {
	*kept
	err error
}

func (r refusing) Activities([]record.Activity) error { return r.err }

func TestASecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir, file.Options{})
	_, err := file.Open(dir, file.Options{})
	if muster.CodeOf(err) != muster.CodeUnavailable || !strings.Contains(err.Error(), "in use") || !strings.Contains(err.Error(), dir) {
		t.Errorf("second open: got %v, want CodeUnavailable that names the directory in use", err)
	}
	if err := f.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	open(t, dir, file.Options{})
}

func TestForeignAndNewerDatabasesAreRefusedUnchanged(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		want      []string
	}{
		{"newer version", fmt.Sprintf("PRAGMA application_id = 0x4d737472; PRAGMA user_version = %d", file.Version()+7),
			[]string{fmt.Sprintf("version %d", file.Version()+7), fmt.Sprintf("up to %d", file.Version())}},
		{"another program's", "PRAGMA application_id = 99", []string{"not a Muster database", "0x63"}},
		{"unmarked with tables", "CREATE TABLE a (b)", []string{"not a Muster database"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, file.Name)
			db, err := sqlite3.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(db.Exec(c.sql), db.Close()); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = file.Open(dir, file.Options{})
			if muster.CodeOf(err) != muster.CodeUnavailable {
				t.Fatalf("open: got %v, want CodeUnavailable", err)
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("open: got %q, want it to say %q", err, part)
				}
			}
			after, err := os.ReadFile(path)
			if err != nil || string(after) != string(before) {
				t.Errorf("the refused file was changed (%v)", err)
			}
		})
	}
}

func TestDamageIsReportedNotLoaded(t *testing.T) {
	for _, sql := range []string{
		"UPDATE activity SET data = x'ff' WHERE row = 1",
		"UPDATE contact SET data = x'05' WHERE no = 1",
		"UPDATE contact SET id = x'00' WHERE no = 1",
		"UPDATE change_log SET runs = x'0001' WHERE first = 1",
		"DELETE FROM word WHERE no = 1",
	} {
		dir := t.TempDir()
		f := open(t, dir, file.Options{})
		commit(t, f, everything())
		if err := f.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
		db, err := sqlite3.Open(filepath.Join(dir, file.Name))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(db.Exec(sql), db.Close()); err != nil {
			t.Fatal(err)
		}
		f, err = file.Open(dir, file.Options{})
		if err == nil {
			err = f.Load(t.Context(), &kept{}, nil)
			if closed := f.Close(); closed != nil {
				t.Errorf("close: %v", closed)
			}
		}
		if muster.CodeOf(err) != muster.CodeUnavailable || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: load answered %v, want that the database is damaged", sql, err)
		}
	}
}
