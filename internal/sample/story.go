package sample

import (
	"cmp"
	"iter"
	"slices"
	"strconv"

	"github.com/muster-groups/muster"
)

// Story is the demonstration: an outdoor shop with a magazine, a newsletter
// and an app, and a year in the lives of its visitors. Most stay anonymous;
// some subscribe, some become customers, often recognised on a second device
// only later, which merges what looked like two contacts.
type Story struct {
	Contacts   int // about as many contacts come out
	Activities int // about as many activities
	Seed       uint64
	Start, End muster.Instant

	rhythm *rhythm
	people *people
	pages  weights // of goods
	reads  weights // of articles
	scale  float64 // of sessions per person
}

// NewStory describes a story of a year that ends at an instant.
func NewStory(seed uint64, contacts, activities int, end muster.Instant) *Story {
	s := &Story{
		Contacts: contacts, Activities: activities, Seed: seed, Start: end - 365*86400, End: end,
		people: newPeople(), pages: newZipf(len(goods), .9), reads: newZipf(len(articles), .8), scale: 1,
	}
	s.rhythm = newRhythm(s.Start, s.End, .8)
	s.calibrate()
	return s
}

// calibrate measures a few hundred lives and sets how often people come so
// that the story has about the wanted number of activities.
func (s *Story) calibrate() {
	const lives = 600
	want := float64(s.Activities) / float64(s.persons())
	for range 6 {
		total := 0
		for i := range lives {
			for _, e := range s.life(uint32(i) + 1<<30) {
				total += e.activities()
			}
		}
		s.scale *= want / (float64(total) / lives)
	}
}

// persons is how many people make about the wanted number of contacts: some
// are seen on two devices and never recognised as one.
func (s *Story) persons() int { return max(s.Contacts*97/100, 1) }

// StoryDefinitions are what the story's data names.
func StoryDefinitions() Definitions {
	interests := muster.Field{Code: "interests", Name: "Interests", Type: muster.ChoicesField}
	for _, i := range interestCodes {
		interests.Choices = append(interests.Choices, muster.Choice{Code: i, Name: i})
	}
	return Definitions{
		Fields: []muster.Field{
			{Code: "loyalty_points", Name: "Loyalty points", Type: muster.NumberField},
			{Code: "membership_ends", Name: "Membership ends", Type: muster.DateField},
			interests,
		},
		ActivityTypes: []muster.ActivityType{
			{Code: "store_visit", Name: "Store visit", Attributes: []muster.AttributeDef{
				{Code: "store", Name: "Store", Type: muster.TextAttribute},
				{Code: "advised", Name: "Advised by staff", Type: muster.BooleanAttribute},
			}},
			{Code: "review_written", Name: "Review written", Attributes: []muster.AttributeDef{
				{Code: "product", Name: "Product", Type: muster.TextAttribute},
				{Code: "stars", Name: "Stars", Type: muster.NumberAttribute},
			}},
		},
		Consents: []muster.Named{
			{Code: "tracking", Name: "Tracking", Description: "May we measure what you do on our websites?"},
			{Code: "marketing", Name: "Marketing", Description: "May we use your data to make you offers?"},
		},
		Lists: []muster.Named{
			{Code: "newsletter", Name: "Trail mail", Description: "The monthly newsletter"},
			{Code: "offers", Name: "Offers", Description: "Sales and new products"},
		},
		Channels: []muster.Named{
			{Code: "shop", Name: "Outdoor shop", Kind: "website"},
			{Code: "magazine", Name: "Trail magazine", Kind: "website"},
			{Code: "mail", Name: "Email", Kind: "email"},
			{Code: "app", Name: "Hiking app", Kind: "app"},
		},
	}
}

var interestCodes = []string{"hiking", "running", "camping", "climbing", "skiing", "family"}

// event is something that happens to a person, in compact form; emit turns it
// into items of a batch.
type event struct {
	at     muster.Instant
	person uint32
	kind   eventKind
	device uint8
	a, b   uint16 // what the kind needs: a page, a product, a campaign, a quantity
}

type eventKind uint8

const (
	visitPage eventKind = iota
	readArticle
	openApp
	landOn
	searchFor
	submitForm
	allowTracking
	identify
	subscribe
	register
	logIn
	addToCart
	abandonCart
	addToWishlist
	buy
	review
	visitStore
	mailSent
	mailOpened
	mailClicked
	mailBounced
	mailUnsubscribed
)

// activities is how many activities an event becomes.
func (e event) activities() int {
	switch e.kind {
	case allowTracking, identify, subscribe:
		return 0
	case buy:
		return 2
	}
	return 1
}

// events plays all lives and puts what happened in order.
func (s *Story) events() []event {
	all := make([]event, 0, s.Activities*11/10)
	for person := range s.persons() {
		all = append(all, s.life(uint32(person))...)
	}
	slices.SortStableFunc(all, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return all
}

// Batches yields the whole story in order of time, cut into spans: each batch
// comes with the instant at which it is complete. width answers the length in
// seconds of the span that begins at an instant.
func (s *Story) Batches(width func(muster.Instant) muster.Instant) iter.Seq2[muster.Instant, muster.Batch] {
	return func(yield func(muster.Instant, muster.Batch) bool) {
		events := s.events()
		for from := s.Start; from < s.End; {
			to := min(from+max(width(from), 1), s.End)
			batch := muster.Batch{Authority: muster.Edit}
			for len(events) > 0 && events[0].at < to {
				batch.Items = s.emit(batch.Items, events[0])
				events = events[1:]
			}
			if !yield(to, batch) {
				return
			}
			from = to
		}
	}
}

func (s *Story) personOf(i uint32) person {
	return s.people.draw(newChance(s.Seed, uint64(i)<<4|1))
}

// email is made of the name; the number keeps it unique.
func (p person) email(i uint32) string {
	host := mailHosts[int(i)%len(mailHosts)]
	return mailName(p.first) + "." + mailName(p.last) + strconv.Itoa(int(i)) + "@" + host
}

func externalID(i uint32) string { return "K-" + strconv.Itoa(100_000+int(i)) }

func visitorID(i uint32, device uint8) string {
	return "v-" + strconv.Itoa(int(i)) + string(rune('a'+device))
}
