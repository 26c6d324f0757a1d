package sample

import (
	"strconv"
	"time"

	"github.com/muster-groups/muster"
)

// Live is the traffic that goes on after the story: people of the story come
// back, new visitors arrive, a few leave their address. It is never finished.
type Live struct {
	story    *Story
	chance   chance
	rate     float64 // events a second on average
	sessions []liveSession
	arrivals uint32
}

// liveSession is somebody who is on the site right now.
type liveSession struct {
	person uint32
	device uint8
	left   int // events to come
	fresh  bool
}

// firstArrival keeps new visitors apart from the people of the story.
const firstArrival = 1 << 24

// NewLive continues a story with so many events a second on average.
func NewLive(s *Story, rate float64) *Live {
	return &Live{story: s, chance: newChance(s.Seed, 5), rate: rate}
}

// Next answers what happens next, to be applied at an instant after the wait.
// Waits are skewed as arrivals are: bursts, then silence.
func (l *Live) Next(now muster.Instant) (wait time.Duration, items []muster.Item) {
	seconds := l.chance.ExpFloat64() / l.rate
	if l.chance.yes(.1) {
		seconds *= 6
	} else {
		seconds *= .45
	}
	if len(l.sessions) < 3 || l.chance.yes(.12) {
		l.arrive()
	}
	// Recent arrivals are busier than those about to leave.
	i := len(l.sessions) - 1 - min(int(l.chance.ExpFloat64()*4), len(l.sessions)-1)
	s := &l.sessions[i]
	e := event{at: now, person: s.person, device: s.device}
	items = l.act(items, s, e)
	if s.left--; s.left <= 0 {
		l.sessions = append(l.sessions[:i], l.sessions[i+1:]...)
	}
	for _, item := range items {
		if item.Activity != nil {
			item.Activity.HasAt = false
		}
	}
	return time.Duration(seconds * float64(time.Second)), items
}

func (l *Live) arrive() {
	s := liveSession{left: 1 + int(l.chance.ExpFloat64()*5)}
	if l.chance.yes(.4) {
		s.person, s.fresh = firstArrival+l.arrivals, true
		l.arrivals++
	} else {
		s.person = l.chance.Uint32N(uint32(l.story.persons()))
	}
	l.sessions = append(l.sessions, s)
}

func (l *Live) act(items []muster.Item, s *liveSession, e event) []muster.Item {
	c, story := l.chance, l.story
	good := uint16(story.pages.pick(c))
	switch x := c.Float64(); {
	case s.fresh && x < .12 && s.left == 1:
		for _, kind := range []eventKind{submitForm, identify, subscribe} {
			e.kind, e.a = kind, uint16(1)
			items = story.emit(items, e)
		}
		return items
	case x < .62:
		e.kind, e.a = visitPage, good
		if c.yes(.35) {
			e.a = uint16(len(goods) + c.IntN(len(otherPages)))
		}
	case x < .76:
		e.kind, e.a = readArticle, uint16(story.reads.pick(c))
	case x < .86:
		e.kind, e.a, e.b = landOn, good, uint16(c.IntN(len(sources)))
	case x < .92:
		e.kind, e.a = searchFor, uint16(c.IntN(len(searches)))
	case x < .96:
		e.kind, e.a, e.b = addToCart, good, 1
	case x < .98 && !s.fresh:
		e.kind, e.a, e.b = buy, good, 1
	default:
		e.kind, e.a = addToWishlist, good
	}
	return story.emit(items, e)
}

// ExampleVisitor is a visitor id that the story has seen, for the first
// request that somebody tries.
func (s *Story) ExampleVisitor() string { return "v-" + strconv.Itoa(0) + "a" }
