package postgres_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
)

func TestWhatFewOrManyContactsWereGivenIsReadAsItIsInTheEnd(t *testing.T) {
	for _, many := range []int{1, 20} {
		s, err := postgres.Open(t.Context(), empty(t), postgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := map[muster.ContactNo]muster.Contact{}
		same := func(v store.View, when string) {
			t.Helper()
			for no, c := range want {
				got, err := v.Contact(no)
				if diff := cmp.Diff(c, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
					t.Fatalf("%d contacts, %s: %v, -want +got:\n%s", many, when, err, diff)
				}
			}
		}
		err = s.Update(t.Context(), func(tx store.Tx) error {
			if err := tx.SetTick(1000); err != nil {
				return err
			}
			for i := range many {
				c := muster.Contact{ID: muster.ContactID{15: byte(i + 1)}, CreatedAt: 1000, LastActivityAt: muster.Beginning}
				var err error
				if c.No, err = tx.CreateContact(c.ID, c.CreatedAt); err != nil {
					return err
				}
				c.Fields = map[string]muster.Value{
					"city":     {Kind: muster.KindText, Text: fmt.Sprintf(`Zürich "%d", {a}`, i)},
					"score":    {Kind: muster.KindNumber, Number: muster.Decimal(i - 3)},
					"member":   {Kind: muster.KindBoolean, Boolean: i%2 == 0},
					"birthday": {Kind: muster.KindDate, Date: muster.Date(-i)},
					"seen":     {Kind: muster.KindDatetime, Instant: muster.Instant(i)},
					"likes":    {Kind: muster.KindChoices, Choices: []string{"b", "A \"quoted\", one", "{x}"}[:1+i%3]},
				}
				for _, value := range []muster.Value{{Kind: muster.KindText, Text: "first"}, {}, {Kind: muster.KindText, Text: "last"}} {
					if err := tx.SetField(c.No, "twice", value); err != nil {
						return err
					}
				}
				c.Fields["twice"] = muster.Value{Kind: muster.KindText, Text: "last"}
				if err := tx.SetField(c.No, "gone", muster.Value{Kind: muster.KindText, Text: "there"}); err != nil {
					return err
				}
				if err := tx.SetField(c.No, "gone", muster.Value{}); err != nil {
					return err
				}
				for code, v := range c.Fields {
					if err := tx.SetField(c.No, code, v); err != nil {
						return err
					}
				}
				for _, at := range []muster.Instant{10, 30, 20} {
					d := muster.Decision{Kind: muster.OnConsent, Code: "news", State: muster.Agreed, At: at, Version: fmt.Sprint(at)}
					if stands, err := tx.Decide(c.No, d); err != nil || stands != (at != 20) {
						t.Errorf("a decision at %d: stands %t, error %v", at, stands, err)
					}
					if at == 30 {
						c.Decisions = []muster.Decision{d}
					}
				}
				want[c.No] = c
			}
			same(tx, "in the transaction")
			for no, c := range want {
				c.Fields["score"] = muster.Value{Kind: muster.KindNumber, Number: 7}
				delete(c.Fields, "city")
				if err := tx.SetField(no, "score", c.Fields["score"]); err != nil {
					return err
				}
				if err := tx.SetField(no, "city", muster.Value{}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.View(t.Context(), func(v store.View) error { same(v, "afterwards"); return nil }); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
