package verify_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app/verify"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/test/scratch"
)

const (
	visitors muster.GroupNo = 1 // who visited at least twice
	both     muster.GroupNo = 2 // visitors with an email
	resting  muster.GroupNo = 3 // never calculated
)

// world is a store in which membership is whatever the test records.
type world struct {
	*testing.T
	store  store.Store
	schema *muster.Schema
	groups []verify.Group
}

// newWorld makes a world of n contacts; contact i has i%4 visits, and an email
// when i is even.
func newWorld(t *testing.T, n int) *world {
	t.Helper()
	st, err := embedded.Open(t.Context(), scratch.Dir(t), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{T: t, store: st, schema: muster.NewSchema(nil)}
	for code, no := range map[string]muster.GroupNo{"visitors": visitors, "both": both, "resting": resting} {
		w.schema.Groups[code] = no
	}
	w.groups = []verify.Group{
		{No: visitors, Code: "visitors", Condition: w.condition(`{"type": "activity-count", "params": {"types": ["page_visit"], "times": {"at_least": 2}}}`)},
		{No: both, Code: "both", Condition: w.condition(`{"type": "in-groups", "params": {"groups": ["visitors"]}}, {"type": "identified"}`)},
		{No: resting, Code: "resting"},
	}
	w.write(func(tx store.Tx) error {
		for i := 1; i <= n; i++ {
			no, err := tx.CreateContact(id(i), 1)
			if err == nil && i%2 == 0 {
				err = tx.SetEmail(no, fmt.Sprintf("%d@example.com", i))
			}
			for range i % 4 {
				if err == nil {
					_, err = tx.AddActivity(no, muster.Activity{Type: "page_visit", At: 0})
				}
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func id(n int) muster.ContactID { return muster.ContactID{14: byte(n >> 8), 15: byte(n)} }

func (w *world) condition(conditions string) *catalog.Condition {
	w.Helper()
	parsed, err := muster.ParseCondition([]byte(`{"groups": [{"match": "all", "conditions": [` + conditions + `]}]}`))
	if err != nil {
		w.Fatal(err)
	}
	checked, err := catalog.New().Check(parsed, w.schema)
	if err != nil {
		w.Fatal(err)
	}
	return checked
}

func (w *world) write(fn func(tx store.Tx) error) {
	w.Helper()
	err := w.store.Update(w.Context(), func(tx store.Tx) error {
		if err := tx.SetTick(1_700_000_000); err != nil {
			return err
		}
		return fn(tx)
	})
	if err != nil {
		w.Fatal(err)
	}
}

// record changes a membership, right or wrong.
func (w *world) record(group muster.GroupNo, entered, left []uint32) {
	w.Helper()
	w.write(func(tx store.Tx) error {
		return tx.Record(group, muster.Cause{Kind: muster.CauseCondition}, roaring.BitmapOf(entered...), roaring.BitmapOf(left...))
	})
}

// run verifies, and checks what was found.
func (w *world) run(sample, contacts int, want ...verify.Difference) verify.Report {
	w.Helper()
	report, err := verify.Run(w.Context(), w.store, func() ([]verify.Group, *muster.Schema, error) { return w.groups, w.schema, nil }, verify.Options{Sample: sample})
	if err != nil {
		w.Fatal(err)
	}
	if report.Contacts != contacts || report.Groups != len(w.groups) || report.AsOf != 1_700_000_000 {
		w.Errorf("examined %d contacts in %d groups as of %s, want %d in %d", report.Contacts, report.Groups, report.AsOf, contacts, len(w.groups))
	}
	if want != nil && (report.Wrong != len(want) || !slices.Equal(report.Differences, want)) {
		w.Errorf("got %d differences %+v, want %+v", report.Wrong, report.Differences, want)
	}
	return report
}

// right answers who of n is in each group.
func right(n int) (visited, identified []uint32) {
	for i := 1; i <= n; i++ {
		if i%4 >= 2 {
			visited = append(visited, uint32(i))
			if i%2 == 0 {
				identified = append(identified, uint32(i))
			}
		}
	}
	return visited, identified
}

func TestARightMembershipHasNoDifferences(t *testing.T) {
	w := newWorld(t, 130)
	visited, identified := right(130)
	w.record(visitors, visited, nil)
	w.record(both, identified, nil)
	report := w.run(0, 130)
	if report.Wrong != 0 || len(report.Differences) != 0 {
		t.Errorf("got %+v, want no differences", report)
	}
}

func TestEveryWrongMembershipIsReportedWithGroupContactAndWhatItShouldBe(t *testing.T) {
	w := newWorld(t, 130)
	visited, identified := right(130)
	w.record(visitors, visited, nil)
	w.record(both, identified, nil)
	w.record(visitors, []uint32{1}, []uint32{3})
	w.record(both, []uint32{7}, []uint32{126})
	w.record(resting, []uint32{5}, nil)
	w.run(0, 130,
		verify.Difference{Group: "visitors", Contact: id(1), Stored: true},
		verify.Difference{Group: "visitors", Contact: id(3), Expected: true},
		verify.Difference{Group: "both", Contact: id(7), Stored: true},
		verify.Difference{Group: "resting", Contact: id(5), Stored: true},
		verify.Difference{Group: "both", Contact: id(126), Expected: true},
	)
}

func TestAMemberThatIsNoContactOfItsOwnIsReportedWhateverTheSample(t *testing.T) {
	w := newWorld(t, 8)
	visited, identified := right(8)
	w.record(visitors, visited, nil)
	w.record(both, identified, nil)
	w.write(func(tx store.Tx) error { return tx.Merge(2, 6) }) // nobody recorded that it left
	w.run(0, 7, verify.Difference{Group: "visitors", Contact: id(6), Stored: true}, verify.Difference{Group: "both", Contact: id(6), Stored: true})
	if report := w.run(1, 1); report.Wrong != 2 {
		t.Errorf("with a sample: got %+v, want both differences", report)
	}
}

func TestASampleExaminesAsManyAsAskedFor(t *testing.T) {
	w := newWorld(t, 200)
	visited, _ := right(200) // all of them are missing
	if report := w.run(50, 50); report.Wrong == 0 || report.Wrong >= len(visited)+50 {
		t.Errorf("a sample of 50: got %d differences, want some, but not all", report.Wrong)
	}
	w.run(1000, 200)
}

func TestAReportListsTheFirstDifferencesAndCountsAll(t *testing.T) {
	w := newWorld(t, 400)
	visited, identified := right(400)
	report := w.run(0, 400)
	if want := len(visited) + len(identified); report.Wrong != want || len(report.Differences) != verify.MaxDifferences {
		t.Errorf("got %d differences and %d of them listed, want %d and %d", report.Wrong, len(report.Differences), want, verify.MaxDifferences)
	}
}

func TestAConditionThatSwitchesMeanwhileIsNoDifference(t *testing.T) {
	w := newWorld(t, 40)
	visited, identified := right(40)
	w.record(visitors, visited, nil)
	w.record(both, identified, nil)
	before := slices.Clone(w.groups)
	before[0].Condition = w.condition(`{"type": "activity-count", "params": {"types": ["page_visit"], "times": {"at_least": 3}}}`)
	asked := 0
	report, err := verify.Run(t.Context(), w.store, func() ([]verify.Group, *muster.Schema, error) {
		if asked++; asked == 1 {
			return before, w.schema, nil
		}
		return w.groups, w.schema, nil
	}, verify.Options{})
	if err != nil || report.Wrong != 0 {
		t.Errorf("got %+v, %v, want no differences", report, err)
	}
}
