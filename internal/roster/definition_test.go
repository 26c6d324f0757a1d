package roster_test

import (
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

const spentSum = `{"groups":[{"conditions":[{"type":"activity-measure","params":{"types":["call"],"measure":"sum","attribute":"minutes","op":"at_least","value":10}}]}]}`

func call(kind muster.AttributeType) muster.ActivityType {
	return muster.ActivityType{Code: "call", Name: "Call", Attributes: []muster.AttributeDef{{Code: "minutes", Name: "Minutes", Type: kind}}}
}

func TestADefinitionThatWouldBreakAConditionIsRefused(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.must(w.roster.PutActivityType(w.ctx, call(muster.NumberAttribute)))
	w.save("g", spentSum, true, false)
	w.settle()
	if err := w.roster.PutActivityType(w.ctx, call(muster.BooleanAttribute)); muster.CodeOf(err) != muster.CodeInUse {
		t.Errorf("minutes as a boolean, which cannot be summed: got %v, want in use", err)
	}
	w.restart("2026-06-01T12:00:01Z")
	w.wantStatus("g", muster.UpToDate)
}

func TestAttributesAddedToABuiltInTypeCanBeChanged(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	login := muster.ActivityType{Code: "login", Name: "Login", Attributes: []muster.AttributeDef{{Code: "device", Name: "Device", Type: muster.TextAttribute}}}
	w.must(w.roster.PutActivityType(w.ctx, login))
	login.Attributes[0].Type = muster.NumberAttribute
	w.must(w.roster.PutActivityType(w.ctx, login))
	login.Attributes = nil
	w.must(w.roster.PutActivityType(w.ctx, login))
	if got, found := w.roster.State().Schema.ActivityTypes["login"].Attribute("device"); found {
		t.Errorf("device: got %+v, want it gone", got)
	}
}

// Whoever is merged into a person that the same commit erases leaves no trace
// in the records either.
func TestRecordsForgetWhoIsMergedAndErasedAtOnce(t *testing.T) {
	w := newWorld(t, "UTC", "2026-06-01T12:00:00Z", half)
	w.save("g", anonymous, true, false)
	w.settle()
	w.visit("a", "b")
	var a, b muster.ContactID
	w.must(w.store.View(w.ctx, func(v store.View) error {
		a, b = v.Owner(v.ByVisitor("a")).ID, v.Owner(v.ByVisitor("b")).ID
		return nil
	}))
	_, err := w.roster.Apply(w.ctx, muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Merge: &muster.MergeChange{Contact: b, Into: a}}, {Erase: &a}}})
	w.must(err)
	w.wantMembers("g", 0)
	w.must(w.store.View(w.ctx, func(v store.View) error {
		records, err := v.Changes(store.ChangeQuery{})
		if len(records) != 4 {
			t.Errorf("records: got %d, want 2 entered and 2 left", len(records))
		}
		for _, c := range records {
			if c.Contact != 0 {
				t.Errorf("record %+v still names its contact", c)
			}
		}
		return err
	}))
}
