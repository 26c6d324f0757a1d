package sample

import (
	"math"

	"github.com/muster-groups/muster"
)

// The kinds of people, by how close they come.
const (
	passerBy = iota // looks around, stays anonymous
	lead            // leaves an email address
	customer        // registers and buys
)

// life is everything that happens to one person, roughly in order of time.
type life struct {
	*Story
	chance
	person  uint32
	kind    int
	devices int
	known   muster.Instant // when the email address is left; End when never
	events  []event
}

func (s *Story) life(i uint32) []event {
	l := life{Story: s, chance: newChance(s.Seed, uint64(i)<<4|2), person: i, devices: 1, known: s.End}
	switch x := l.Float64(); {
	case x < .22:
		l.kind = customer
	case x < .52:
		l.kind = lead
	}
	if l.kind != passerBy && l.yes(.3) {
		l.devices = 2
	}
	l.browse()
	if l.kind != passerBy {
		l.receiveMail()
	}
	return l.events
}

func (l *life) add(at muster.Instant, kind eventKind, device uint8, a, b int) {
	if at < l.End {
		l.events = append(l.events, event{at: at, person: l.person, kind: kind, device: device, a: uint16(a), b: uint16(b)})
	}
}

// browse plays all sessions: the first at a moment of the year's traffic, the
// following ones at the person's own pace until interest fades.
func (l *life) browse() {
	mean := [...]float64{1.5, 3.5, 7}[l.kind] * l.scale
	// A few come all the time: the tail is what real traffic looks like.
	sessions := max(int(mean*l.ExpFloat64()*math.Exp(.6*l.NormFloat64()))+1, 1)
	sessions = min(sessions, 1500)
	leaves := 0
	if l.kind == lead {
		leaves = l.IntN(min(sessions, 3))
	} else if l.kind == customer {
		leaves = l.IntN(min(sessions, 4))
	}
	first := l.rhythm.at(l.Float64())
	at := first
	pace := float64(l.End-first) / float64(sessions) * (.3 + .9*l.Float64())
	for n := range sessions {
		device := uint8(0)
		if l.devices == 2 && l.yes(.4) {
			device = 1
		}
		if n == 0 && l.yes(.62) {
			l.add(at, allowTracking, device, 0, 0)
		}
		at = l.session(at, device, n == leaves && l.kind != passerBy)
		if at >= l.End {
			return
		}
		at = l.awake(at + muster.Instant(l.ExpFloat64()*pace) + 600)
	}
}

// awake moves a session that would start at night to the next day.
func (l *life) awake(at muster.Instant) muster.Instant {
	hour := int(at/3600) % 24
	if hourWeight[hour] < 2 && l.yes(.8) {
		at += muster.Instant((9 + l.IntN(12)) * 3600)
	}
	return at
}

// session plays one visit and answers when it is over.
func (l *life) session(at muster.Instant, device uint8, leavesEmail bool) muster.Instant {
	pause := func() { at += muster.Instant(10 + l.ExpFloat64()*70) }
	switch {
	case l.yes(.18):
		for range 1 + l.IntN(4) {
			l.add(at, readArticle, device, l.reads.pick(l.chance), 0)
			pause()
		}
	case l.kind == customer && at > l.known && l.yes(.2):
		l.add(at, openApp, device, l.IntN(4), 0)
		pause()
	case l.kind == customer && at > l.known && l.yes(.04):
		l.add(at, visitStore, device, l.IntN(3), l.IntN(2))
		return at
	default:
		l.shop(&at, device, pause)
	}
	if leavesEmail && at < l.known {
		l.leaveEmail(at, device)
		pause()
	} else if at > l.known && l.yes(.25) {
		// A login on the other device tells that both are one person.
		l.add(at, identify, device, 0, 0)
		l.add(at, logIn, device, 0, 0)
	}
	if l.kind == customer && at > l.known && l.yes(.3) {
		l.order(&at, device, pause)
	}
	return at
}

func (l *life) shop(at *muster.Instant, device uint8, pause func()) {
	source := l.IntN(len(sources))
	l.add(*at, landOn, device, l.page(), source)
	pause()
	for range int(l.ExpFloat64() * 3.2) {
		l.add(*at, visitPage, device, l.page(), 0)
		pause()
	}
	if l.yes(.12) {
		l.add(*at, searchFor, device, l.IntN(len(searches)), 0)
		pause()
	}
	if l.yes(.05) {
		l.add(*at, addToWishlist, device, l.pages.pick(l.chance), 0)
		pause()
	}
	if l.yes(.06) {
		good := l.pages.pick(l.chance)
		l.add(*at, addToCart, device, good, 1)
		pause()
		if l.yes(.7) {
			l.add(*at+1800, abandonCart, device, good, 1)
		}
	}
}

// page draws one of the shop's pages: product pages, then the few others.
func (l *life) page() int {
	if l.yes(.35) {
		return len(goods) + l.IntN(len(otherPages))
	}
	return l.pages.pick(l.chance)
}

func (l *life) leaveEmail(at muster.Instant, device uint8) {
	l.known = at
	form := l.IntN(len(forms))
	l.add(at, submitForm, device, form, 0)
	l.add(at, identify, device, 1, 0)
	if l.kind == customer {
		l.add(at, register, device, 0, 0)
	}
	if l.yes(.7) {
		l.add(at, subscribe, device, l.IntN(2), 0)
	}
}

func (l *life) order(at *muster.Instant, device uint8, pause func()) {
	good := l.pages.pick(l.chance)
	l.add(*at, addToCart, device, good, 1)
	pause()
	l.add(*at, buy, device, good, 1+int(l.ExpFloat64()*.6))
	if l.yes(.15) {
		l.add(*at+muster.Instant(5+l.IntN(20))*86400, review, device, good, 2+l.IntN(4))
	}
	pause()
}

// receiveMail plays the monthly mailing from the day the address is known.
func (l *life) receiveMail() {
	opens := .15 + .6*l.Float64()*l.Float64()
	for n := range mailings {
		sent := l.Start + muster.Instant(n)*(365*86400/mailings) + 9*3600
		if sent <= l.known {
			continue
		}
		l.add(sent, mailSent, 0, n, 0)
		if l.yes(.012) {
			l.add(sent+60, mailBounced, 0, n, 0)
			return
		}
		if !l.yes(opens) {
			continue
		}
		opened := sent + muster.Instant(l.ExpFloat64()*6*3600) + 30
		l.add(opened, mailOpened, 0, n, 0)
		if l.yes(.18) {
			l.add(opened+40, mailClicked, 0, n, l.pages.pick(l.chance))
		}
		if l.yes(.008) {
			l.add(opened+90, mailUnsubscribed, 0, n, 0)
			return
		}
	}
}

// mailings is how many newsletters go out in the year.
const mailings = 12

var (
	otherPages = []string{"/", "/sale", "/new", "/size-guide", "/pricing", "/business", "/contact", "/stores"}
	forms      = []string{"newsletter", "contact", "quote", "size-advice"}
	appScreens = []string{"/app/home", "/app/tour-planner", "/app/map", "/app/offers"}
	stores     = []string{"Munich", "Innsbruck", "Zürich"}
)
