package property_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog/conditiontest"
)

// contact draws the id of one of the contacts made so far, or of nobody.
func (w *world) contact() muster.ContactID {
	return idOf(rapid.Uint64Range(1, w.ids+1).Draw(w.rt, "contact"))
}

// batch applies one to six random changes in one request.
func (w *world) batch() func() error {
	batch := muster.Batch{Authority: rapid.SampledFrom([]muster.Authority{muster.Collect, muster.Edit}).Draw(w.rt, "authority")}
	later := muster.Instant(rapid.SampledFrom([]int{0, 0, 1, 30, 90}).Draw(w.rt, "later"))
	for range rapid.IntRange(1, 6).Draw(w.rt, "items") {
		batch.Items = append(batch.Items, w.item())
	}
	return func() error {
		w.now += later
		for _, item := range batch.Items {
			w.noteItem(item)
		}
		return w.apply(batch)
	}
}

func (w *world) item() muster.Item {
	switch k := rapid.IntRange(0, 24).Draw(w.rt, "kind"); {
	case k < 8:
		return muster.Item{Contact: w.contactChange()}
	case k == 23:
		return muster.Item{Merge: &muster.MergeChange{Contact: w.contact(), Into: w.contact(), Keep: "into"}}
	case k == 24:
		id := w.contact()
		return muster.Item{Erase: &id}
	}
	return muster.Item{Activity: w.activity()}
}

func (w *world) noteItem(item muster.Item) {
	switch {
	case item.Contact != nil:
		w.note("contact %+v", *item.Contact)
	case item.Activity != nil:
		w.note("activity %+v", *item.Activity)
	case item.Merge != nil:
		w.note("merge %+v", *item.Merge)
	case item.Erase != nil:
		w.note("erase %s", *item.Erase)
	}
}

func (w *world) who() muster.Identifiers {
	var who muster.Identifiers
	mask := rapid.IntRange(1, 7).Draw(w.rt, "identifiers")
	if mask&1 != 0 {
		who.VisitorID = fmt.Sprintf("v%d", rapid.IntRange(0, 7).Draw(w.rt, "visitor"))
	}
	if mask&2 != 0 {
		who.Email = fmt.Sprintf(rapid.SampledFrom([]string{"P%d@example.com", " p%d@Example.com"}).Draw(w.rt, "spelling"), rapid.IntRange(0, 4).Draw(w.rt, "email"))
	}
	if mask&4 != 0 {
		who.ExternalID = fmt.Sprintf("x%d", rapid.IntRange(0, 4).Draw(w.rt, "external"))
	}
	if rapid.IntRange(0, 9).Draw(w.rt, "by id") == 0 {
		who.ID = w.contact()
	}
	return who
}

// when draws an instant of the past, often near a round distance, or just now.
func (w *world) when() muster.Instant {
	days := rapid.SampledFrom([]int{0, 0, 0, 1, 7, 8, 29, 30, 31, 89, 90, 365}).Draw(w.rt, "days ago")
	return w.now - muster.Instant(days*86400) + muster.Instant(rapid.IntRange(-2, 2).Draw(w.rt, "offset"))
}

func (w *world) contactChange() *muster.ContactChange {
	in := &muster.ContactChange{Who: w.who(), Fields: map[string]muster.Value{}}
	schema := w.roster.State().Schema
	codes := slices.Sorted(maps.Keys(schema.Fields))
	for range rapid.IntRange(0, 3).Draw(w.rt, "fields") {
		f := schema.Fields[rapid.SampledFrom(codes).Draw(w.rt, "field")]
		if !f.System && f.Code != "email" {
			in.Fields[f.Code] = w.value(f)
		}
	}
	for range rapid.IntRange(0, 2).Draw(w.rt, "decisions") {
		d := muster.DecisionInput{Kind: muster.DecisionKind(rapid.IntRange(1, 3).Draw(w.rt, "decision"))}
		switch d.Kind {
		case muster.OnConsent:
			d.Code = rapid.SampledFrom([]string{"tracking", "profiling"}).Draw(w.rt, "consent")
			d.State = rapid.SampledFrom([]muster.DecisionState{muster.Agreed, muster.Revoked}).Draw(w.rt, "state")
		case muster.OnList:
			d.Code = rapid.SampledFrom([]string{"news", "offers"}).Draw(w.rt, "list")
			d.State = rapid.SampledFrom([]muster.DecisionState{muster.Receiving, muster.Bounced, muster.Unsubscribed}).Draw(w.rt, "state")
		case muster.OnAllMail:
			d.State = rapid.SampledFrom([]muster.DecisionState{muster.Receiving, muster.Unsubscribed}).Draw(w.rt, "state")
		}
		if rapid.Bool().Draw(w.rt, "dated") {
			d.At = w.when()
		}
		in.Decisions = append(in.Decisions, d)
	}
	if rapid.IntRange(0, 5).Draw(w.rt, "backdated") == 0 {
		in.CreatedAt = w.when()
	}
	return in
}

func (w *world) value(f muster.Field) muster.Value {
	if rapid.IntRange(0, 4).Draw(w.rt, "clear") == 0 {
		return muster.Value{}
	}
	switch f.Type {
	case muster.NumberField:
		return muster.Value{Kind: muster.KindNumber, Number: muster.Decimal(rapid.IntRange(-3, 14).Draw(w.rt, "number")) * muster.DecimalOne / 2}
	case muster.BooleanField:
		return muster.Value{Kind: muster.KindBoolean, Boolean: rapid.Bool().Draw(w.rt, "boolean")}
	case muster.DateField:
		today := muster.DateOf(w.now.Time())
		return muster.Value{Kind: muster.KindDate, Date: today + muster.Date(rapid.SampledFrom([]int{-14610, -7305, -366, -365, -31, -30, -1, 0, 1, 6, 7, 30, 365}).Draw(w.rt, "days"))}
	case muster.DatetimeField:
		return muster.Value{Kind: muster.KindDatetime, Instant: w.when() + muster.Instant(rapid.SampledFrom([]int{0, 0, 86400, 8 * 86400, 60 * 86400}).Draw(w.rt, "ahead"))}
	case muster.ChoiceField:
		return muster.Value{Kind: muster.KindChoices, Choices: []string{rapid.SampledFrom(choices(f)).Draw(w.rt, "choice")}}
	case muster.ChoicesField:
		list := choices(f)
		return muster.Value{Kind: muster.KindChoices, Choices: list[:rapid.IntRange(1, min(3, len(list))).Draw(w.rt, "choices")]}
	}
	return muster.Value{Kind: muster.KindText, Text: rapid.SampledFrom(conditiontest.Texts()).Draw(w.rt, "text")}
}

func choices(f muster.Field) (codes []string) {
	for _, choice := range f.Choices {
		codes = append(codes, choice.Code)
	}
	if codes == nil {
		codes = []string{"AT", "DE", "en", "gold", "blue", "red"}
	}
	return codes
}

func (w *world) activity() *muster.ActivityInput {
	in := &muster.ActivityInput{Who: w.who()}
	types := w.roster.State().Schema.ActivityTypes
	in.Type = rapid.SampledFrom([]string{"a0", "a0", "page_visit", "page_visit", "form_submit", "purchase", ""}).Draw(w.rt, "type")
	if in.Type == "" {
		in.Type = rapid.SampledFrom(slices.Sorted(maps.Keys(types))).Draw(w.rt, "any type")
	}
	in.Channel = rapid.SampledFrom([]string{"", "", "site", "shop"}).Draw(w.rt, "channel")
	if _, known := w.roster.State().Schema.Channels[in.Channel]; !known {
		in.Channel = ""
	}
	if rapid.IntRange(0, 3).Draw(w.rt, "dated") > 0 {
		in.HasAt, in.At = true, w.when()
	}
	if rapid.IntRange(0, 3).Draw(w.rt, "named") == 0 {
		in.ID = fmt.Sprintf("id%d", rapid.IntRange(0, 5).Draw(w.rt, "id"))
	}
	for _, def := range types[in.Type].Attributes {
		w.attribute(in, def.Code, def.Type)
	}
	w.attribute(in, muster.ValueAttribute, muster.TextAttribute)
	if in.Type == "form_submit" {
		w.attribute(in, muster.FormFieldPrefix+"size", muster.TextAttribute)
	}
	return in
}

// attribute draws an attribute, mostly of its declared type.
func (w *world) attribute(in *muster.ActivityInput, name string, declared muster.AttributeType) {
	if rapid.IntRange(0, 2).Draw(w.rt, name) == 0 {
		return
	}
	var v muster.Scalar
	switch k := rapid.IntRange(0, 9).Draw(w.rt, "kind"); {
	case declared == muster.NumberAttribute && k > 0:
		v = muster.Scalar{Kind: muster.KindNumber, Text: strconv.FormatFloat(float64(rapid.IntRange(-3, 14).Draw(w.rt, "number"))/2, 'f', -1, 64)}
	case declared == muster.BooleanAttribute && k > 0, k == 1:
		v = muster.Scalar{Kind: muster.KindBoolean, Text: strconv.FormatBool(rapid.Bool().Draw(w.rt, "boolean"))}
	case declared == muster.DatetimeAttribute && k > 0:
		v = muster.Scalar{Kind: muster.KindText, Text: rapid.SampledFrom(append(conditiontest.Instants(), "2026-02-01", "soon")).Draw(w.rt, "instant")}
	default:
		v = muster.Scalar{Kind: muster.KindText, Text: rapid.SampledFrom(pool(name)).Draw(w.rt, "text")}
	}
	in.Attributes = append(in.Attributes, muster.Attribute{Name: name, Value: v})
}

// pool is what conditions on an attribute are drawn from.
func pool(name string) []string {
	switch name {
	case "page":
		return conditiontest.Pages()
	case "url", "referrer":
		return conditiontest.URLs()
	case "list":
		return []string{"news", "offers", "lost"}
	case "form":
		return []string{"contact", "signup"}
	case "product":
		return []string{"p1", "P1", "p2", "p3"}
	case "email":
		return []string{"welcome", "March"}
	case "campaign":
		return []string{"spring", "winter"}
	case "hard":
		return []string{"true", "TRUE", "yes"}
	}
	return append(conditiontest.Texts(), "google", "newsletter", "red shoes", "o1", "o2", "true", "2026-02-15T10:00:00Z")
}
