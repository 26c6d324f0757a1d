package sample

import (
	"iter"

	"github.com/muster-groups/muster"
)

// known reports whether a contact of the load has identified itself; the
// others are visitors.
func known(contact uint32) bool { return contact%10 < 7 }

// Who answers the strongest identifier of a contact.
func (l *Load) Who(contact uint32) muster.Identifiers {
	number := l.numbers[int(contact)*8 : int(contact)*8+8]
	if known(contact) {
		return muster.Identifiers{ExternalID: number}
	}
	return muster.Identifiers{VisitorID: number}
}

// ContactBatches yields everybody, in batches of at most size, with the rights
// of an import.
func (l *Load) ContactBatches(size int) iter.Seq[muster.Batch] {
	return func(yield func(muster.Batch) bool) {
		c := newChance(l.Seed, 4)
		people := newPeople()
		for first := 0; first < l.Contacts; first += size {
			n := min(size, l.Contacts-first)
			changes := make([]muster.ContactChange, n)
			items := make([]muster.Item, n)
			for i := range changes {
				changes[i] = l.contact(uint32(first+i), c, people)
				items[i].Contact = &changes[i]
			}
			if !yield(muster.Batch{Authority: muster.Edit, Items: items}) {
				return
			}
		}
	}
}

func (l *Load) contact(contact uint32, c chance, people *people) muster.ContactChange {
	change := muster.ContactChange{Who: l.Who(contact), CreatedAt: l.Start - 1}
	p := people.draw(c)
	change.Fields = map[string]muster.Value{
		"country":  choice(p.country.code),
		"language": choice(p.country.language),
	}
	if !known(contact) {
		return change
	}
	change.Who.Email = "c." + change.Who.ExternalID + "@bench.example"
	change.Fields["first_name"] = text(p.first)
	change.Fields["last_name"] = text(p.last)
	change.Fields["gender"] = choice(p.gender)
	change.Fields["city"] = text(p.city)
	change.Fields["birthday"] = muster.Value{Kind: muster.KindDate, Date: p.birthday}
	if contact%5 < 2 {
		change.Fields["company"] = text(p.company)
	}
	if contact%3 != 0 {
		change.Decisions = append(change.Decisions, muster.DecisionInput{Kind: muster.OnConsent, Code: "tracking", State: muster.Agreed, At: l.Start})
	}
	if contact%4 < 2 {
		change.Decisions = append(change.Decisions, muster.DecisionInput{Kind: muster.OnList, Code: "newsletter", State: muster.Receiving, At: l.Start})
	}
	return change
}

// ActivityBatches yields all activities in order of arrival, in batches of at
// most size.
func (l *Load) ActivityBatches(size int) iter.Seq[muster.Batch] {
	return func(yield func(muster.Batch) bool) {
		b := l.newBuilder(size)
		for row := range l.Rows() {
			b.add(l, row)
			if len(b.activities) == size {
				if !yield(b.batch()) {
					return
				}
				b = l.newBuilder(size)
			}
		}
		if len(b.activities) > 0 {
			yield(b.batch())
		}
	}
}

// Traffic answers a batch of n activities that happen at one instant, by known
// contacts on pages of the given ranks [first, beyond). Different streams give
// different batches; the same stream the same one.
func (l *Load) Traffic(stream uint64, n, first, beyond int, at muster.Instant) muster.Batch {
	return l.TrafficOf(0, uint32(l.Contacts), stream, n, first, beyond, at)
}

// TrafficOf is Traffic of the contacts [from, to).
func (l *Load) TrafficOf(from, to uint32, stream uint64, n, first, beyond int, at muster.Instant) muster.Batch {
	c := newChance(l.Seed, 1<<32+stream)
	b := l.newBuilder(n)
	for range n {
		contact := from + c.Uint32N(to-from)
		for !known(contact) {
			contact = from + c.Uint32N(to-from)
		}
		b.add(l, Row{Contact: contact, Page: uint16(c.between(first, beyond-1)), Detail: c.Uint32() / 200, At: at})
	}
	return b.batch()
}

// builder fills a batch from three allocations, whatever its size.
type builder struct {
	activities []muster.ActivityInput
	attributes []muster.Attribute
}

const loadAttributes = 4 // at most, per activity

func (l *Load) newBuilder(size int) *builder {
	return &builder{
		activities: make([]muster.ActivityInput, 0, size),
		attributes: make([]muster.Attribute, 0, size*loadAttributes),
	}
}

func (b *builder) batch() muster.Batch {
	items := make([]muster.Item, len(b.activities))
	for i := range items {
		items[i].Activity = &b.activities[i]
	}
	return muster.Batch{Authority: muster.Edit, Items: items}
}

func (b *builder) add(l *Load, row Row) {
	first := len(b.attributes)
	channel := "website"
	switch code := loadTypes[row.Type].code; code {
	case "page_visit", "landing_page":
		b.text("page", l.pages[row.Page])
		b.text("url", l.urls[row.Page])
		if row.Type == 1 || row.Detail%5 == 0 {
			b.text("referrer", loadReferrers[row.Detail%uint32(len(loadReferrers))])
		}
		if row.Type == 1 && row.Detail%3 == 0 {
			b.text("utm_source", loadSources[row.Detail%uint32(len(loadSources))])
		}
	case "email_sent", "email_open":
		channel = "newsletter"
		b.text("email", loadEmails[int(row.Page)%len(loadEmails)])
		b.text("campaign", loadSources[int(row.Page)%len(loadSources)])
	case "click":
		b.text("url", l.urls[row.Page])
	case "search":
		b.text("keywords", goods[int(row.Page)%len(goods)].category)
	case "form_submit":
		b.text("form", loadForms[int(row.Page)%len(loadForms)])
	case "purchase":
		b.attributes = append(b.attributes, muster.Attribute{Name: "amount", Value: number(l.amounts[row.Detail%uint32(len(l.amounts))])})
		b.text("currency", "EUR")
	}
	b.activities = append(b.activities, muster.ActivityInput{
		Who:   l.Who(row.Contact),
		HasAt: true,
		Activity: muster.Activity{
			Type: loadTypes[row.Type].code, At: row.At, Channel: channel,
			Attributes: b.attributes[first:len(b.attributes):len(b.attributes)],
		},
	})
}

func (b *builder) text(name, value string) {
	b.attributes = append(b.attributes, muster.Attribute{Name: name, Value: scalar(value)})
}

var (
	loadReferrers = [...]string{"https://search.example/", "https://social.example/", "https://news.example/outdoor", "https://partner.example/shop"}
	loadSources   = [...]string{"newsletter", "search", "social", "partner", "display"}
	loadEmails    = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	loadForms     = [...]string{"contact", "newsletter", "quote", "brochure", "event", "callback"}
)

func text(s string) muster.Value { return muster.Value{Kind: muster.KindText, Text: s} }

func choice(code string) muster.Value {
	return muster.Value{Kind: muster.KindChoices, Choices: []string{code}}
}

func scalar(s string) muster.Scalar { return muster.Scalar{Kind: muster.KindText, Text: s} }

func number(s string) muster.Scalar { return muster.Scalar{Kind: muster.KindNumber, Text: s} }
