package property_test

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
)

// contact draws the id of one of the contacts made so far, zero when there is none.
func (w *world) contact() muster.ContactID {
	if w.ids == 0 {
		return muster.ContactID{}
	}
	var id muster.ContactID
	id[0] = 1
	binary.BigEndian.PutUint64(id[8:], rapid.Uint64Range(1, w.ids).Draw(w.rt, "contact"))
	return id
}

// batch applies one to six random changes in one request.
func (w *world) batch() {
	batch := muster.Batch{Authority: rapid.SampledFrom([]muster.Authority{muster.Collect, muster.Edit}).Draw(w.rt, "authority")}
	for range rapid.IntRange(1, 6).Draw(w.rt, "items") {
		if rapid.IntRange(0, 2).Draw(w.rt, "kind") == 0 {
			batch.Items = append(batch.Items, muster.Item{Contact: w.contactChange()})
		} else {
			batch.Items = append(batch.Items, muster.Item{Activity: w.activity()})
		}
	}
	if rapid.Bool().Draw(w.rt, "later") {
		w.now += muster.Instant(rapid.IntRange(1, 90).Draw(w.rt, "seconds"))
	}
	for _, item := range batch.Items {
		if item.Contact != nil {
			w.note("contact %+v", *item.Contact)
		} else {
			w.note("activity %+v", *item.Activity)
		}
	}
	_, err := w.roster.Apply(ctx, batch)
	w.must(err)
}

func (w *world) who() muster.Identifiers {
	var who muster.Identifiers
	mask := rapid.IntRange(1, 7).Draw(w.rt, "identifiers")
	if mask&1 != 0 {
		who.VisitorID = fmt.Sprintf("v%d", rapid.IntRange(0, 7).Draw(w.rt, "visitor"))
	}
	if mask&2 != 0 {
		who.Email = fmt.Sprintf("P%d@example.com", rapid.IntRange(0, 4).Draw(w.rt, "email"))
	}
	if mask&4 != 0 {
		who.ExternalID = fmt.Sprintf("x%d", rapid.IntRange(0, 4).Draw(w.rt, "external"))
	}
	return who
}

// ago draws an instant of the past, often near a round distance, or just now.
func (w *world) ago() muster.Instant {
	days := rapid.SampledFrom([]int{0, 0, 1, 7, 29, 30, 31, 89, 90, 365}).Draw(w.rt, "days ago")
	return w.now - muster.Instant(days*86400) + muster.Instant(rapid.IntRange(-2, 2).Draw(w.rt, "offset"))
}

func (w *world) contactChange() *muster.ContactChange {
	in := &muster.ContactChange{Who: w.who(), Fields: map[string]muster.Value{}}
	fields := w.roster.State().Schema.Fields
	codes := slices.Sorted(maps.Keys(fields))
	for range rapid.IntRange(0, 3).Draw(w.rt, "fields") {
		f := fields[rapid.SampledFrom(codes).Draw(w.rt, "field")]
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
			d.At = w.ago()
		}
		in.Decisions = append(in.Decisions, d)
	}
	return in
}

func (w *world) value(f muster.Field) muster.Value {
	if rapid.IntRange(0, 4).Draw(w.rt, "clear") == 0 {
		return muster.Value{}
	}
	texts := rapid.SampledFrom([]string{"Acme GmbH", "acme gmbh", "Straße", "7", "Ana", "é", "gold"})
	switch f.Type {
	case muster.NumberField:
		return muster.Value{Kind: muster.KindNumber, Number: muster.Decimal(rapid.IntRange(-3, 12).Draw(w.rt, "number")) * muster.DecimalOne / 2}
	case muster.BooleanField:
		return muster.Value{Kind: muster.KindBoolean, Boolean: rapid.Bool().Draw(w.rt, "boolean")}
	case muster.DateField:
		today := muster.DateOf(w.now.Time())
		return muster.Value{Kind: muster.KindDate, Date: today + muster.Date(rapid.SampledFrom([]int{-14610, -7305, -366, -365, -31, -30, -1, 0, 1, 6, 7, 30, 365}).Draw(w.rt, "days"))}
	case muster.DatetimeField:
		return muster.Value{Kind: muster.KindDatetime, Instant: w.ago() + muster.Instant(rapid.SampledFrom([]int{0, 0, 86400, 8 * 86400, 60 * 86400}).Draw(w.rt, "ahead"))}
	case muster.ChoiceField:
		codes := []string{"AT", "DE", "en", "gold"}
		if len(f.Choices) > 0 {
			codes = codes[:0]
			for _, choice := range f.Choices {
				codes = append(codes, choice.Code)
			}
		}
		return muster.Value{Kind: muster.KindChoices, Choices: []string{rapid.SampledFrom(codes).Draw(w.rt, "choice")}}
	case muster.ChoicesField:
		n := rapid.IntRange(1, 3).Draw(w.rt, "choices")
		return muster.Value{Kind: muster.KindChoices, Choices: []string{"blue", "gold", "red"}[:n]}
	}
	return muster.Value{Kind: muster.KindText, Text: texts.Draw(w.rt, "text")}
}

func (w *world) activity() *muster.ActivityInput {
	in := &muster.ActivityInput{Who: w.who()}
	in.Type = rapid.SampledFrom([]string{"page_visit", "page_visit", "landing_page", "form_submit", "purchase", "watched", "email_unsubscribe", "email_bounce", "member_registration"}).Draw(w.rt, "type")
	in.Channel = rapid.SampledFrom([]string{"", "site", "shop"}).Draw(w.rt, "channel")
	if rapid.IntRange(0, 3).Draw(w.rt, "dated") > 0 {
		in.HasAt, in.At = true, w.ago()
	}
	if rapid.IntRange(0, 3).Draw(w.rt, "named") == 0 {
		in.ID = fmt.Sprintf("id%d", rapid.IntRange(0, 5).Draw(w.rt, "id"))
	}
	text := func(name string, of ...string) {
		if value := rapid.SampledFrom(append(of, "")).Draw(w.rt, name); value != "" {
			in.Attributes = append(in.Attributes, muster.Attribute{Name: name, Value: muster.Scalar{Kind: muster.KindText, Text: value}})
		}
	}
	number := func(name string) {
		n := rapid.IntRange(-2, 9).Draw(w.rt, name)
		in.Attributes = append(in.Attributes, muster.Attribute{Name: name, Value: muster.Scalar{Kind: muster.KindNumber, Text: strconv.Itoa(n)}})
	}
	text("value", "A", "b", "7", "3.5")
	switch in.Type {
	case "page_visit", "landing_page":
		text("page", "/pricing", "/Pricing", "/blog", "/")
		text("url", "https://example.com/pricing?x=1", "https://example.com/blog")
		text("utm_source", "google", "newsletter")
	case "form_submit":
		text("form", "contact", "signup")
		text("field.size", "10", "200", "big")
	case "purchase":
		number("amount")
		text("order", "o1", "o2", "o3")
		text("currency", "EUR", "USD")
	case "watched":
		number("minutes")
		text("title", "Intro", "Deep dive")
		in.Attributes = append(in.Attributes, muster.Attribute{Name: "live", Value: muster.Scalar{Kind: muster.KindBoolean, Text: strconv.FormatBool(rapid.Bool().Draw(w.rt, "live"))}})
		text("aired", "2026-02-01", "2026-02-15T10:00:00Z", "soon")
	case "email_unsubscribe":
		text("list", "news", "offers")
	case "email_bounce":
		text("list", "news", "offers")
		in.Attributes = append(in.Attributes, muster.Attribute{Name: "hard", Value: muster.Scalar{Kind: muster.KindBoolean, Text: "true"}})
	}
	return in
}
