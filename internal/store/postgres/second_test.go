package postgres_test

import (
	"fmt"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
)

// A transaction that has written nothing asks two connections, and hears what it
// would hear of its own: also when the other one is gone. What it has written
// only its own knows.
func TestATransactionAsksTwoConnectionsUntilItWrites(t *testing.T) {
	url := empty(t)
	s := opened(t, url, postgres.Options{})
	const contacts, at = 300, muster.Instant(1_000_000)
	everybody := roaring.New()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.SetTick(at); err != nil {
			return err
		}
		for i := range contacts {
			no, err := tx.CreateContact(muster.ContactID{15: 1, 0: byte(i), 1: byte(i >> 8)}, at)
			if err != nil {
				return err
			}
			everybody.Add(uint32(no))
			for n := range i % 5 {
				if _, err := tx.AddActivity(no, muster.Activity{Type: "visit", At: at - muster.Instant(n)}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var queries []store.Query
	for least := range muster.Decimal(5) {
		visits := &plan.Acted{Types: []string{"visit"}, From: 0, To: muster.Forever, Measure: plan.Count, Compare: plan.Compare{Op: plan.AtLeast, A: (least + 1) * muster.DecimalOne}}
		queries = append(queries, store.Query{Node: visits, Of: everybody})
	}
	facts := []plan.Fact{plan.ActedFact{From: at - 1, To: at + 1, Types: []string{"visit"}}}
	for i := range muster.Instant(20) {
		facts = append(facts, plan.ActedFact{From: at - i - 1, To: at - i})
	}
	// look answers the sizes of all sets.
	look := func(v store.View) string {
		sets, err := v.Match(queries)
		if err != nil {
			t.Fatal(err)
		}
		named, err := v.Named(facts)
		if err != nil {
			t.Fatal(err)
		}
		sizes := ""
		for _, set := range append(sets, named...) {
			sizes += fmt.Sprint(set.GetCardinality(), " ")
		}
		return sizes
	}
	var want string
	if err := s.View(t.Context(), func(v store.View) error { want = look(v); return nil }); err != nil {
		t.Fatal(err)
	}
	asks := func(what string, want string) {
		t.Helper()
		if err := s.Update(t.Context(), func(tx store.Tx) error {
			if got := look(tx); got != want {
				t.Errorf("%s: got sets of %s, want %s", what, got, want)
			}
			return nil
		}); err != nil {
			t.Fatal(what, err)
		}
	}
	if s.Second() != 0 {
		t.Error("there is a second connection before anybody needs it")
	}
	asks("the first time", want)
	first := s.Second()
	if server.Cluster() {
		if first != 0 {
			t.Error("there is a second connection to a cluster")
		}
		return
	}
	if first == 0 {
		t.Fatal("there is no second connection")
	}
	asks("with it", want)
	if again := s.Second(); again != first {
		t.Errorf("the second connection is %d, was %d", again, first)
	}

	ask(t, url, fmt.Sprintf("select pg_terminate_backend(%d, 10000)", first))
	asks("when it is gone", want)
	if s.Second() != 0 {
		t.Error("the second connection is still there")
	}
	asks("without it", want)
	s.OpenSecondNow()
	asks("while another is opened", want)
	if other := s.Second(); other == 0 || other == first {
		t.Errorf("the second connection is %d, was %d", other, first)
	}
	asks("with another", want)

	err = s.Update(t.Context(), func(tx store.Tx) error {
		before, err := tx.Match(queries)
		if err != nil {
			return err
		}
		if err := tx.SetTick(at + 1); err != nil {
			return err
		}
		for it := everybody.Iterator(); it.HasNext(); {
			if _, err := tx.AddActivity(muster.ContactNo(it.Next()), muster.Activity{Type: "visit", At: at}); err != nil {
				return err
			}
		}
		after, err := tx.Match(queries)
		if err != nil {
			return err
		}
		for i := 1; i < len(after); i++ {
			if !after[i].Equals(before[i-1]) {
				t.Errorf("after a visit of everybody %d have %d of them, want the %d who had one less", after[i].GetCardinality(), i+1, before[i-1].GetCardinality())
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
