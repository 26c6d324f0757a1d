package conditiontest_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/catalog/conditiontest"
)

func schema() *muster.Schema {
	s := muster.NewSchema(nil)
	for _, f := range []muster.Field{
		{Code: "score", Name: "Score", Type: muster.NumberField},
		{Code: "plan", Name: "Plan", Type: muster.ChoiceField, Choices: []muster.Choice{{Code: "free", Name: "Free"}, {Code: "pro", Name: "Pro"}}},
		{Code: "renewal", Name: "Renewal", Type: muster.DateField},
	} {
		s.Fields[f.Code] = f
	}
	s.ActivityTypes["watched"] = muster.ActivityType{Code: "watched", Name: "Watched", Attributes: []muster.AttributeDef{
		{Code: "minutes", Name: "Minutes", Type: muster.NumberAttribute}, {Code: "live", Name: "Live", Type: muster.BooleanAttribute},
		{Code: "aired", Name: "Aired", Type: muster.DatetimeAttribute},
	}}
	s.Consents["tracking"] = muster.Named{Code: "tracking", Name: "Tracking"}
	s.Lists["news"] = muster.Named{Code: "news", Name: "Newsletter"}
	s.Channels["site"] = muster.Named{Code: "site", Name: "Site"}
	s.Groups["vip"], s.GroupNames["vip"] = 1, "VIP"
	return s
}

func TestEveryTypeOfTheCatalogueCanBeDrawn(t *testing.T) {
	want := catalog.New().Types()
	slices.Sort(want)
	if got := conditiontest.Types(schema()); !slices.Equal(got, want) {
		t.Errorf("types that can be drawn: got %v, want %v", got, want)
	}
}

func TestWhatIsDrawnPassesTheCheck(t *testing.T) {
	c, s := catalog.New(), schema()
	for _, code := range conditiontest.Types(s) {
		t.Run(code, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				cond := conditiontest.RandomOf(rt, s, code)
				if _, err := c.Check(cond, s); err != nil {
					text, _ := cond.MarshalJSON()
					rt.Fatalf("check of %s: got %v, want no error", text, err)
				}
			})
		})
	}
}

func TestATypeWhoseDefinitionsAreMissingIsNotDrawn(t *testing.T) {
	types := conditiontest.Types(muster.NewSchema(nil))
	for _, code := range []string{"consent", "recipient-list", "visited-channel", "in-groups"} {
		if slices.Contains(types, code) {
			t.Errorf("types for a schema without definitions: got %s among them, want it left out", code)
		}
	}
}
