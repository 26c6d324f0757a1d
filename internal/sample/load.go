package sample

import (
	"fmt"
	"iter"
	"math"
	"strings"

	"github.com/muster-groups/muster"
)

// Load is the data set of the benchmark: contacts of very different activity,
// eight types of activities, four in five of them visits of about a thousand
// pages, one in ten arriving late. It is generated row by row without maps, so
// that generating costs little beside loading.
type Load struct {
	Contacts   int
	Activities int
	Seed       uint64
	// Start and End bound the activities: Start <= At < End.
	Start, End muster.Instant

	numbers string   // all contacts' eight-digit numbers, back to back
	pages   []string // by rank: 0 is visited most
	urls    []string
	amounts []string
}

// LoadPages is how many pages the load's contacts visit.
const LoadPages = 1000

// The load's activity types, by the index that Row.Type holds.
var loadTypes = [...]struct {
	code  string
	share float64
}{
	{"page_visit", 80}, {"landing_page", 4}, {"email_sent", 4}, {"email_open", 3},
	{"click", 3}, {"search", 3}, {"form_submit", 2}, {"purchase", 1},
}

// NewLoad describes a load that ends at an instant and lasts a year.
func NewLoad(seed uint64, contacts, activities int, end muster.Instant) *Load {
	l := &Load{Contacts: contacts, Activities: activities, Seed: seed, Start: end - 365*86400, End: end}
	var b strings.Builder
	b.Grow(contacts * 8)
	for i := range contacts {
		fmt.Fprintf(&b, "%08d", i)
	}
	l.numbers = b.String()
	for i := range LoadPages {
		page := fmt.Sprintf("/page/%03d", i)
		l.pages = append(l.pages, page)
		l.urls = append(l.urls, "https://www.bench.example"+page)
	}
	for i := range 4096 {
		l.amounts = append(l.amounts, muster.Decimal(int64(990+i*137)*10_000).String())
	}
	return l
}

// LoadDefinitions are what the load's data names.
func LoadDefinitions() Definitions {
	return Definitions{
		Consents: []muster.Named{{Code: "tracking", Name: "Tracking"}},
		Lists:    []muster.Named{{Code: "newsletter", Name: "Newsletter"}},
		Channels: []muster.Named{
			{Code: "website", Name: "Website", Kind: "website"},
			{Code: "newsletter", Name: "Newsletter", Kind: "email"},
		},
	}
}

// Row is one activity of the load in its most compact form.
type Row struct {
	Contact uint32 // 0 to Contacts-1
	Type    uint8  // an index for LoadType
	Page    uint16 // the rank of the page, or of whatever the type counts
	Detail  uint32 // more chance for rarer attributes
	At      muster.Instant
}

// LoadType answers the activity type's code of a row.
func LoadType(index uint8) string { return loadTypes[index].code }

// Page answers the page of that rank, 0 to LoadPages-1; smaller is busier.
func (l *Load) Page(rank int) string { return l.pages[rank] }

// Rows yields all activities in order of arrival, the same at every call.
func (l *Load) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		slots := l.slots()
		c := newChance(l.Seed, 2)
		r := newRhythm(l.Start, l.End, .6)
		types := newTypeGuide()
		pages := newZipf(LoadPages, 1.05).guide(1 << 16)
		n := float64(len(slots))
		for i, contact := range slots {
			at := r.at((float64(i) + .5) / n)
			detail := c.Uint32()
			if detail%10 == 0 {
				// Late: mostly minutes to hours, sometimes weeks.
				late := muster.Instant(c.ExpFloat64() * 7200)
				if detail%200 == 0 {
					late += muster.Instant(c.Uint32N(21 * 86400))
				}
				at = max(at-late, l.Start)
			}
			row := Row{Contact: contact, Type: uint8(types.pick(c)), Page: uint16(pages.pick(c)), Detail: detail / 200, At: at}
			if !yield(row) {
				return
			}
		}
	}
}

func newTypeGuide() guide {
	var parts []float64
	for _, t := range loadTypes {
		parts = append(parts, t.share)
	}
	return newWeights(parts...).guide(1 << 12)
}

// slots lists every contact as often as it acts, shuffled.
func (l *Load) slots() []uint32 {
	counts := l.counts()
	c := newChance(l.Seed, 1)
	slots := make([]uint32, 0, l.Activities)
	for contact, n := range counts {
		for range n {
			slots = append(slots, uint32(contact))
		}
	}
	c.Shuffle(len(slots), func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
	return slots
}

// frequency is the inverse distribution of activities per contact for a mean
// of about 20: half have at most 15, one in ten more than 33, one in a hundred
// more than 101, and the busiest one (a shared machine, a bot) 20,000.
var frequency = [...]struct{ share, count float64 }{
	{0, 1}, {.5, 15}, {.9, 33}, {.99, 101}, {.9999, 500}, {1, 20_000},
}

// counts draws how often each contact acts; the counts add up to Activities.
func (l *Load) counts() []uint32 {
	c := newChance(l.Seed, 3)
	counts := make([]uint32, l.Contacts)
	scale := float64(l.Activities) / float64(l.Contacts) / 20
	order := c.Perm(l.Contacts)
	left := l.Activities
	// The busiest first: where the total runs out, the quietest get nothing.
	for i := l.Contacts - 1; i >= 0; i-- {
		contact := order[i]
		share := (float64(i) + .5) / float64(l.Contacts)
		if i == l.Contacts-1 {
			share = 1
		}
		k := 1
		for frequency[k].share < share {
			k++
		}
		low, high := frequency[k-1], frequency[k]
		within := (share - low.share) / (high.share - low.share)
		count := low.count * math.Pow(high.count/low.count, within) * scale
		counts[contact] = uint32(min(int(count+.5), left))
		left -= int(counts[contact])
	}
	// Rounding, small bases and other means leave a rest; everybody in the
	// middle shares it.
	for i := 0; left > 0; i++ {
		contact := order[(len(order)/4+i)%max(len(order)*3/4, 1)]
		counts[contact]++
		left--
	}
	return counts
}
