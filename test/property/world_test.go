package property_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/test/judge"
)

var ctx = context.Background()

// world is a roster on a store under a manual clock.
type world struct {
	rt     *rapid.T
	place  place
	now    muster.Instant
	ids    uint64
	store  interruptible
	roster *roster.Roster
	past   past
	facts  facts
	log    []string
	steps  int
}

func newWorld(rt *rapid.T, in place) *world {
	w := &world{rt: rt, place: in, now: muster.InstantOf(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)), past: newPast()}
	w.facts = newFacts(w.now)
	rt.Cleanup(w.close)
	w.open()
	return w
}

func (w *world) open() {
	st, err := w.place.open()
	w.must(err)
	w.store = interrupt(st)
	w.roster, err = roster.Open(ctx, w.store, roster.Options{
		Clock: roster.ClockFunc(func() muster.Instant { return w.now }), Manual: true,
		ServerZone: time.UTC, NewID: w.newID, Minute: func(from, _ int) int { return from + 30 },
	})
	w.must(err)
}

func (w *world) newID(muster.Instant) muster.ContactID {
	w.ids++
	return idOf(w.ids)
}

func idOf(n uint64) (id muster.ContactID) {
	id[0] = 1
	binary.BigEndian.PutUint64(id[8:], n)
	return id
}

func (w *world) close() {
	if w.roster == nil {
		return
	}
	_ = errors.Join(w.roster.Close(), w.store.Close(), w.place.remove()) // after a failure
	w.roster = nil
}

// restart closes everything and opens it again.
func (w *world) restart() {
	w.note("restart")
	w.must(w.roster.Close())
	w.must(w.store.Close())
	w.open()
	w.settle()
}

// crash goes on with what is there while the store is open.
func (w *world) crash() {
	w.note("crash")
	w.must(w.place.crash())
	_ = errors.Join(w.roster.Close(), w.store.Close()) // a lost store says so
	w.open()
	w.settle()
}

func (w *world) note(format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf("%s %s", w.now, fmt.Sprintf(format, args...)))
}

func (w *world) must(err error) {
	w.rt.Helper()
	if err != nil {
		w.rt.Fatalf("%v\nsteps:\n  %s", err, strings.Join(w.log, "\n  "))
	}
}

// check judges everything.
func (w *world) check() {
	w.rt.Helper()
	w.steps++
	verdict, err := judge.Compare(ctx, w.roster)
	w.must(err)
	if w.steps%4 == 0 {
		w.must(w.facts.compare(w.store))
	}
	w.must(w.past.follow(w.store))
	w.must(w.past.remember(w.store, w.roster.State()))
	codes := w.groups()
	if len(codes) == 0 {
		return
	}
	// What costs more is looked at for one group at a time. The choice is no
	// part of what a failure is made of, so it is not drawn.
	code := codes[w.steps%len(codes)]
	g := w.roster.State().Groups[code]
	w.must(w.past.compare(w.store, g, w.steps))
	set, err := judge.Evaluate(ctx, w.roster, code)
	w.must(err)
	if !set.Equals(verdict.Members[code]) {
		w.must(fmt.Errorf("at %s group %s evaluates to %v, the oracle says %v", verdict.Tick, code, set, verdict.Members[code]))
	}
	for no := range verdict.People {
		w.must(verdict.CompareNodes(ctx, w.roster, code, no))
		w.must(w.past.compareMemberships(w.store, no))
		break
	}
	for code, g := range w.roster.State().Groups {
		if g.LastCorrections != 0 {
			w.must(fmt.Errorf("recalculating %s corrected %d memberships", code, g.LastCorrections))
		}
		if g.Failure != "" {
			w.must(fmt.Errorf("recalculating %s failed: %s", code, g.Failure))
		}
	}
}
