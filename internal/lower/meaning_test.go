package lower_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/catalog/conditiontest"
	"github.com/muster-groups/muster/internal/lower"
	"github.com/muster-groups/muster/internal/plan"
)

// A process that is started after an attribute was redefined and before its
// groups were recalculated makes the same of their conditions as one that has
// known the attribute before: operators say by themselves how they read. A
// redefinition under which a condition would not check is refused.
func TestAConditionMeansTheSameHoweverItsAttributesAreDeclared(t *testing.T) {
	types := catalog.New()
	both := 0
	rapid.Check(t, func(rt *rapid.T) {
		declared := func(label string) *muster.Schema {
			schema := muster.NewSchema(time.UTC)
			schema.ActivityTypes = maps.Clone(schema.ActivityTypes)
			kinds := rapid.SampledFrom([]muster.AttributeType{muster.TextAttribute, muster.TextAttribute, muster.NumberAttribute, muster.BooleanAttribute, muster.DatetimeAttribute})
			for _, code := range slices.Sorted(maps.Keys(schema.ActivityTypes)) {
				a := schema.ActivityTypes[code]
				a.Attributes = slices.Clone(a.Attributes)
				for _, attribute := range []string{muster.ValueAttribute, "rating", "due"} {
					a.Attributes = append(a.Attributes, muster.AttributeDef{Code: attribute, Name: attribute, Type: kinds.Draw(rt, label+" "+code+" "+attribute)})
				}
				schema.ActivityTypes[code] = a
			}
			return schema
		}
		was, is := declared("was"), declared("is")
		condition := conditiontest.Random(rt, was)
		before, err := types.Check(condition, was)
		if err != nil {
			rt.Fatal(err)
		}
		after, err := types.Check(condition, is)
		if err != nil {
			return // refused
		}
		both++
		now := muster.InstantOf(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
		x, y := plan.Key(plan.Canon(lower.Lower(before, lower.EnvOf(was, now, nil)))), plan.Key(plan.Canon(lower.Lower(after, lower.EnvOf(is, now, nil))))
		if x != y {
			text, _ := condition.MarshalJSON()
			rt.Fatalf("%s\nmeans %q and, redefined, %q", text, x, y)
		}
	})
	if both == 0 {
		t.Error("no condition was right under both declarations, which proves nothing")
	}
	t.Logf("%d conditions", both)
}
