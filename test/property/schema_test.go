package property_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/test/script"
)

// define makes random definitions of every kind, and a few groups.
func (w *world) define() {
	types := []muster.FieldType{muster.TextField, muster.NumberField, muster.BooleanField, muster.DateField, muster.DatetimeField, muster.ChoiceField, muster.ChoicesField}
	for i := range rapid.IntRange(0, 4).Draw(w.rt, "fields") {
		code := fmt.Sprintf("f%d", i)
		f := muster.Field{Code: code, Name: code, Type: rapid.SampledFrom(types).Draw(w.rt, "field type")}
		if (f.Type == muster.ChoiceField || f.Type == muster.ChoicesField) && rapid.Bool().Draw(w.rt, "closed") {
			f.Choices = []muster.Choice{{Code: "gold"}, {Code: "blue"}, {Code: "red"}}
		}
		w.must(w.roster.PutField(ctx, f))
		w.must(w.facts.define(w.now, script.Definition{Field: &f}))
	}
	for i := range rapid.IntRange(1, 2).Draw(w.rt, "activity types") {
		w.must(w.putActivityType(w.activityType(fmt.Sprintf("a%d", i))))
	}
	if days := rapid.SampledFrom([]int{0, 0, 30, 365}).Draw(w.rt, "retention of visits"); days > 0 {
		w.must(w.putActivityType(muster.ActivityType{Code: "page_visit", Name: "Visited", RetentionDays: days}))
	}
	w.retain()
	for _, kind := range []roster.Kind{roster.KindConsent, roster.KindList, roster.KindChannel} {
		for _, code := range named(kind)[:rapid.IntRange(0, 2).Draw(w.rt, string(kind)+"s")] {
			n := muster.Named{Code: code, Name: code}
			w.must(w.roster.PutNamed(ctx, kind, n))
			w.must(w.facts.define(w.now, map[roster.Kind]script.Definition{roster.KindConsent: {Consent: &n}, roster.KindList: {List: &n}, roster.KindChannel: {Channel: &n}}[kind]))
		}
	}
	for range 4 {
		w.must(w.save()())
		w.settle()
	}
}

// retain says what is removed by age. Contacts go no later than the activities
// of any type that is drawn.
func (w *world) retain() {
	r := script.Retention{
		Enabled: rapid.IntRange(0, 3).Draw(w.rt, "retention") > 0, Hour: rapid.IntRange(0, 23).Draw(w.rt, "hour of retention"),
		AnonymousDays: rapid.SampledFrom([]int{0, 0, 5, 7}).Draw(w.rt, "days of anonymous contacts"), KnownDays: rapid.SampledFrom([]int{0, 0, 0, 7}).Draw(w.rt, "days of known contacts"),
	}
	w.note("retention %+v", r)
	w.must(w.roster.SetRetention(ctx, roster.RetentionChange{Enabled: &r.Enabled, Hour: &r.Hour, AnonymousDays: &r.AnonymousDays, KnownDays: &r.KnownDays}))
	w.must(w.facts.define(w.now, script.Definition{Retention: &r}))
}

func named(kind roster.Kind) []string {
	switch kind {
	case roster.KindConsent:
		return []string{"tracking", "profiling"}
	case roster.KindList:
		return []string{"news", "offers"}
	}
	return []string{"site", "shop"}
}

// activityType draws the definition of a custom activity type.
func (w *world) activityType(code string) muster.ActivityType {
	t := muster.ActivityType{Code: code, Name: code, RetentionDays: rapid.SampledFrom([]int{0, 0, 7, 90}).Draw(w.rt, "retention")}
	types := []muster.AttributeType{muster.TextAttribute, muster.NumberAttribute, muster.BooleanAttribute, muster.DatetimeAttribute}
	for _, name := range []string{"x", "y"}[:rapid.IntRange(0, 2).Draw(w.rt, "attributes")] {
		t.Attributes = append(t.Attributes, muster.AttributeDef{Code: name, Name: name, Type: rapid.SampledFrom(types).Draw(w.rt, "attribute type")})
	}
	return t
}

func (w *world) putActivityType(t muster.ActivityType) error {
	if err := w.roster.PutActivityType(ctx, t); err != nil {
		return err
	}
	return w.facts.define(w.now, script.Definition{Activity: &t})
}

// redefine changes an activity type; an attribute in use can change its type
// but not go. Groups that read the type are recalculated.
func (w *world) redefine() {
	t := w.activityType("a0")
	w.note("redefine %+v", t)
	err := w.putActivityType(t)
	if c := muster.CodeOf(err); c == muster.CodeInUse || c == muster.CodeConflict {
		return
	}
	w.must(err)
	w.settle()
}

// nextClockChange answers the first instant after another one at which a zone's
// clocks are changed.
func nextClockChange(after muster.Instant, zone string) muster.Instant {
	z, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	_, end := after.Time().In(z).ZoneBounds()
	return muster.InstantOf(end)
}
