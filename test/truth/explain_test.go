package truth_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/catalog/conditiontest"
	"github.com/muster-groups/muster/internal/oracle"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/test/judge"
	"github.com/muster-groups/muster/test/scratch"
)

// An explanation says when time alone changes the answer. The clock is moved
// there: the contact enters or leaves in that second and not one before, and
// the oracle sees no other change on the way.
func TestTheAnswerChangesWhenTheExplanationSays(t *testing.T) {
	flips, stays := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		if foretold := newHistory(t, rt).follow(); foretold {
			flips++
		} else {
			stays++
		}
	})
	t.Logf("%d answers changed when they should, %d never", flips, stays)
	if flips == 0 {
		t.Error("got no answer that time changes, want some")
	}
}

// history is one contact with random facts on the embedded store, under a
// clock that the test moves.
type history struct {
	rt     *rapid.T
	now    muster.Instant
	roster *roster.Roster
	app    *app.App
}

func newHistory(t *testing.T, rt *rapid.T) *history {
	ctx := context.Background()
	zone := rapid.SampledFrom([]string{"UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata"}).Draw(rt, "zone")
	h := &history{rt: rt, now: muster.InstantOf(time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(rt, "month")), rapid.IntRange(1, 31).Draw(rt, "day"), 9, 0, 0, 0, time.UTC))}
	st, err := embedded.Open(ctx, scratch.Dir(t), embedded.Options{})
	h.must(err)
	rt.Cleanup(func() { st.Close() })
	h.roster, err = roster.Open(ctx, st, roster.Options{
		Clock: roster.ClockFunc(func() muster.Instant { return h.now }), Manual: true, ServerZone: time.UTC,
	})
	h.must(err)
	rt.Cleanup(func() { h.roster.Close() })
	h.must(h.roster.SetZone(ctx, zone))
	for _, f := range []muster.FieldType{muster.DateField, muster.DatetimeField, muster.NumberField} {
		h.must(h.roster.PutField(ctx, muster.Field{Code: "f-" + string(f), Name: "F", Type: f}))
	}
	h.must(h.roster.PutActivityType(ctx, muster.ActivityType{Code: "a0", Name: "A", Attributes: []muster.AttributeDef{{Code: "x", Name: "X", Type: muster.DatetimeAttribute}, {Code: "y", Name: "Y", Type: muster.NumberAttribute}}}))
	for _, kind := range []roster.Kind{roster.KindConsent, roster.KindList, roster.KindChannel} {
		h.must(h.roster.PutNamed(ctx, kind, muster.Named{Code: "one", Name: "One"}))
	}
	h.app, err = app.New(ctx, app.Config{Roster: h.roster})
	h.must(err)
	rt.Cleanup(func() { h.app.Close() })
	result, err := h.roster.Apply(ctx, h.facts())
	h.must(err)
	for _, item := range result.Items {
		if item.Status == muster.Rejected {
			h.must(item.Err)
		}
	}
	return h
}

func (h *history) must(err error) {
	h.rt.Helper()
	if err != nil {
		h.rt.Fatal(err)
	}
}

// when draws an instant of the past, often at a round distance.
func (h *history) when() muster.Instant {
	days := rapid.SampledFrom([]int{0, 1, 7, 29, 30, 31, 89, 365}).Draw(h.rt, "days ago")
	return h.now - muster.Instant(days*86400+rapid.IntRange(0, 90000).Draw(h.rt, "seconds"))
}

func (h *history) facts() muster.Batch {
	who := muster.Identifiers{ExternalID: "ann"}
	today := muster.DateOf(h.now.Time())
	change := &muster.ContactChange{Who: who, CreatedAt: h.when(), Fields: map[string]muster.Value{
		"birthday":   {Kind: muster.KindDate, Date: today - muster.Date(rapid.IntRange(0, 12000).Draw(h.rt, "days old"))},
		"f-date":     {Kind: muster.KindDate, Date: today + muster.Date(rapid.IntRange(-40, 40).Draw(h.rt, "date"))},
		"f-datetime": {Kind: muster.KindDatetime, Instant: h.now + muster.Instant(rapid.IntRange(-40*86400, 40*86400).Draw(h.rt, "datetime"))},
	}}
	if rapid.Bool().Draw(h.rt, "decided") {
		change.Decisions = []muster.DecisionInput{
			{Kind: muster.OnConsent, Code: "one", State: muster.Agreed, At: h.when()},
			{Kind: muster.OnList, Code: "one", State: muster.Receiving, At: h.when()},
			{Kind: muster.OnAllMail, State: muster.Unsubscribed, At: h.when()},
		}
	}
	batch := muster.Batch{Authority: muster.Edit, Items: []muster.Item{{Contact: change}}}
	types := h.roster.State().Schema.ActivityTypes
	for range rapid.IntRange(0, 8).Draw(h.rt, "activities") {
		kind := rapid.SampledFrom(append([]string{"a0", "a0", "page_visit", "purchase"}, slices.Sorted(maps.Keys(types))...)).Draw(h.rt, "type")
		in := &muster.ActivityInput{Who: who, HasAt: true, Activity: muster.Activity{Type: kind, At: h.when()}}
		for _, def := range types[kind].Attributes {
			value := muster.Scalar{Kind: muster.KindText, Text: rapid.SampledFrom(append(conditiontest.Texts(), conditiontest.Pages()...)).Draw(h.rt, "text")}
			switch def.Type {
			case muster.NumberAttribute:
				value = muster.Scalar{Kind: muster.KindNumber, Text: strconv.Itoa(rapid.IntRange(-3, 14).Draw(h.rt, "number"))}
			case muster.DatetimeAttribute:
				value.Text = (h.now + muster.Instant(rapid.IntRange(-40*86400, 40*86400).Draw(h.rt, "instant"))).String()
			}
			in.Attributes = append(in.Attributes, muster.Attribute{Name: def.Code, Value: value})
		}
		batch.Items = append(batch.Items, muster.Item{Activity: in})
	}
	return batch
}

// moving draws a condition that time is likely to move: one to three conditions
// on the facts that the contact has.
func (h *history) moving() muster.Condition {
	length := func() string {
		return rapid.SampledFrom([]string{"90s", "45m", "12h", "1d", "7d", "30d", "8w", "1mo", "3mo", "1y"}).Draw(h.rt, "length")
	}
	days := func() string {
		return rapid.SampledFrom([]string{"1d", "7d", "2w", "1mo"}).Draw(h.rt, "days")
	}
	within := func() string {
		switch rapid.IntRange(0, 2).Draw(h.rt, "window") {
		case 0:
			return fmt.Sprintf(`"within":{"last":%q}`, length())
		case 1:
			return fmt.Sprintf(`"within":{"older_than":%q}`, length())
		}
		return fmt.Sprintf(`"within":{"period":%q}`, rapid.SampledFrom([]string{"today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_quarter", "last_quarter", "this_year", "last_year"}).Draw(h.rt, "period"))
	}
	relative := func() string {
		return rapid.SampledFrom([]string{"in_last", "more_than_ago", "in_next", "more_than_ahead"}).Draw(h.rt, "op")
	}
	leaves := []func() string{
		func() string {
			return fmt.Sprintf(`"performed-any","params":{%s,"times":{"at_least":%d}}`, within(), rapid.IntRange(1, 3).Draw(h.rt, "times"))
		},
		func() string {
			return fmt.Sprintf(`"activity-count","params":{"types":["a0"],%s,"times":{"at_most":%d}}`, within(), rapid.IntRange(0, 2).Draw(h.rt, "times"))
		},
		func() string {
			return fmt.Sprintf(`"activity-measure","params":{"types":["a0"],"measure":%q,"attribute":"y",%s,"op":"less","value":5}`,
				rapid.SampledFrom([]string{"sum", "average", "smallest", "largest", "distinct"}).Draw(h.rt, "measure"), within())
		},
		func() string {
			return fmt.Sprintf(`"activity-count","params":{"types":["a0"],"where":[{"attribute":"x","op":%q,"value":%q}]}`, relative(), length())
		},
		func() string {
			return `"activity-count","params":{"types":["a0"],"where":[{"attribute":"x","op":"anniversary_in_next","value":"9d"}]}`
		},
		func() string { return fmt.Sprintf(`"first-activity","params":{%s}`, within()) },
		func() string { return fmt.Sprintf(`"last-activity","params":{%s}`, within()) },
		func() string {
			return fmt.Sprintf(`"sequence","params":{"steps":[{"types":["a0"]},{"within_previous":"60d"}],%s}`, within())
		},
		func() string { return fmt.Sprintf(`"inactive","params":{"last":%q}`, length()) },
		func() string { return fmt.Sprintf(`"consent","params":{"consent":"one",%s}`, within()) },
		func() string { return fmt.Sprintf(`"recipient-list","params":{"list":"one",%s}`, within()) },
		func() string { return fmt.Sprintf(`"unsubscribed-from-all","params":{%s}`, within()) },
		func() string { return fmt.Sprintf(`"created","params":{"op":%q,"value":%q}`, relative(), length()) },
		func() string {
			return fmt.Sprintf(`"field","params":{"field":"f-date","op":%q,"value":%q}`, relative(), days())
		},
		func() string {
			return fmt.Sprintf(`"field","params":{"field":"f-datetime","op":%q,"value":%q}`, relative(), length())
		},
		func() string {
			return fmt.Sprintf(`"field","params":{"field":"last_activity_at","op":%q,"value":%q}`, relative(), length())
		},
		func() string { return `"field","params":{"field":"f-date","op":"anniversary_in_next","value":"5d"}` },
		func() string {
			return fmt.Sprintf(`"age","params":{"op":"at_least","years":%d}`, rapid.IntRange(0, 33).Draw(h.rt, "years"))
		},
		func() string { return `"birthday","params":{"when":"in_next","days":10}` },
		func() string { return `"time-of-day","params":{"from":"22:00","to":"06:00"}` },
		func() string { return `"weekday","params":{"any_of":["saturday","sunday"]}` },
		func() string { return `"month","params":{"any_of":["april"]}` },
	}
	document := fmt.Sprintf(`{"groups":[{"match":%q,"conditions":[`, rapid.SampledFrom([]string{"all", "any"}).Draw(h.rt, "match"))
	for i := range rapid.IntRange(1, 3).Draw(h.rt, "conditions") {
		if i > 0 {
			document += ","
		}
		document += fmt.Sprintf(`{"not":%v,"type":%s}`, rapid.Bool().Draw(h.rt, "not"), rapid.SampledFrom(leaves).Draw(h.rt, "condition")())
	}
	condition, err := muster.ParseCondition([]byte(document + `]}]}`))
	h.must(err)
	return condition
}

// follow draws a condition, has it explained, and goes where the explanation
// says. It reports whether there was such an instant.
func (h *history) follow() bool {
	ctx := context.Background()
	condition := h.moving()
	if rapid.IntRange(0, 3).Draw(h.rt, "any condition") == 0 {
		condition = conditiontest.Random(h.rt, h.roster.State().Schema)
	}
	document, err := condition.MarshalJSON()
	h.must(err)
	explained, err := h.app.ExplainCondition(ctx, app.ExplainConditionInput{Condition: document, Contact: "ann"})
	h.must(err)
	verdict, err := judge.Ask(ctx, h.roster)
	h.must(err)
	person := slices.Collect(maps.Values(verdict.People))[0]
	checked, err := catalog.New().Check(condition, verdict.Schema)
	h.must(err)
	at := func(t muster.Instant) bool { return oracle.Matches(checked, person, t, nil, verdict.Schema) }
	if at(h.now) != explained.Matches {
		h.rt.Fatalf("%s: explained as %v at %s, the oracle says %v", document, explained.Matches, h.now, !explained.Matches)
	}
	until := h.now + 399*86400
	if explained.ChangesAt != nil {
		until = *explained.ChangesAt - 1
	}
	for _, t := range between(h.now, until) {
		if at(t) != explained.Matches {
			h.rt.Fatalf("%s\nfacts %s\nis %v at %s and %v at %s; want no change before %s", document, describe(person), explained.Matches, h.now, at(t), t, moment(explained.ChangesAt))
		}
	}
	if explained.ChangesAt == nil {
		return false
	}
	if !condition.IsEmpty() {
		h.move(condition, explained)
	}
	return true
}

// move makes the condition a group's and the clock pass the instant.
func (h *history) move(condition muster.Condition, explained app.ConditionExplanation) {
	ctx := context.Background()
	name := "G"
	_, _, err := h.roster.SaveGroup(ctx, roster.Save{Create: true, Code: "g", Name: &name, Condition: &condition})
	h.must(err)
	job, err := h.roster.Recalculate(ctx, "g")
	h.must(err)
	h.must(job.Wait(ctx))
	flip := *explained.ChangesAt
	for _, step := range []struct {
		at   muster.Instant
		want bool
	}{{h.now, explained.Matches}, {flip - 1, explained.Matches}, {flip, !explained.Matches}} {
		h.now = step.at
		_, err := h.roster.Advance(ctx)
		h.must(err)
		var members *roaring.Bitmap
		h.must(h.roster.Store().View(ctx, func(v store.View) error {
			members = v.Members(h.roster.State().Groups["g"].No).Clone()
			return nil
		}))
		if got := !members.IsEmpty(); got != step.want {
			document, _ := condition.MarshalJSON()
			h.rt.Fatalf("%s\nmember at %s: got %v, want %v, because the explanation foretells %s", document, step.at, got, step.want, flip)
		}
	}
}

// between answers instants to look at: twice a day for two months, the last,
// and some by chance.
func between(from, to muster.Instant) []muster.Instant {
	var list []muster.Instant
	for t := from; t <= min(to, from+60*86400); t += 12 * 3600 {
		list = append(list, t)
	}
	chance := rand.New(rand.NewPCG(uint64(from), uint64(to)))
	for range 200 {
		if to > from {
			list = append(list, from+muster.Instant(chance.Int64N(int64(to-from))))
		}
	}
	return append(list, max(from, to))
}

func moment(at *muster.Instant) string {
	if at == nil {
		return "400 days"
	}
	return at.String()
}

func describe(p *oracle.Person) string {
	return fmt.Sprintf("created %s fields %v decisions %v activities %v", p.CreatedAt, p.Fields, p.Decisions, p.Activities)
}
