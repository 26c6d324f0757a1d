package roster

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// Other processes may commit to the same store. Each commit begins by taking in
// what the others have done since the last look: definitions are read again,
// programs follow the clock without evaluating anybody, because whoever moved
// it did that, and shadows, which the others know nothing of, are told whom they
// have missed.

// sharing is what a Roster knows of the other processes on its store.
type sharing struct {
	store store.Shared // nil: the store is this process's alone
	// seen is the last commit that was taken in. Whoever holds Roster.commit writes it.
	seen atomic.Int64
	// crowded is that others had committed before this process's last commit.
	crowded atomic.Bool
	// kinds is what was written last of each kind of document, as asked last.
	kinds atomic.Pointer[map[string]int64]

	mu      sync.Mutex
	asking  bool
	waiting *inquiry // for the next question to the store
	closed  bool
}

var errShuttingDown = muster.Errorf(muster.CodeUnavailable, "the server is shutting down")

// inquiry is one question that several callers wait for.
type inquiry struct {
	done    chan struct{}
	written store.Written
	err     error
}

// ofState tells the documents that make the State.
func ofState(kind string) bool {
	switch kind {
	case docHeard, docGap, docErased:
		return false
	}
	return foreign(kind) != nil
}

// Refresh takes in what other processes have defined. What any of them has
// answered before the call is known after it.
func (r *Roster) Refresh(ctx context.Context) error {
	if r.share.store == nil {
		return nil
	}
	w, err := r.ask(ctx)
	if err != nil {
		return err
	}
	seen := r.share.seen.Load()
	for kind, commit := range w.Kinds {
		if commit > seen && ofState(kind) {
			return r.takeIn(ctx)
		}
	}
	return nil
}

// Written answers a number that grows when a document of a kind is written,
// by whomever, as of the last Refresh.
func (r *Roster) Written(kind string) int64 {
	if kinds := r.share.kinds.Load(); kinds != nil {
		return (*kinds)[kind]
	}
	return 0
}

// ask asks the store what was committed last. Who asks while a question is
// under way shares the next one.
func (r *Roster) ask(ctx context.Context) (store.Written, error) {
	s := &r.share
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return store.Written{}, errShuttingDown
	}
	if s.waiting == nil {
		s.waiting = &inquiry{done: make(chan struct{})}
	}
	q := s.waiting
	if !s.asking {
		s.asking = true
		r.done.Go(r.answerInquiries)
	}
	s.mu.Unlock()
	select {
	case <-q.done:
		return q.written, q.err
	case <-ctx.Done():
		return store.Written{}, context.Cause(ctx)
	}
}

func (r *Roster) answerInquiries() {
	s := &r.share
	for {
		s.mu.Lock()
		q := s.waiting
		s.waiting = nil
		s.asking = q != nil
		s.mu.Unlock()
		if q == nil {
			return
		}
		q.written, q.err = s.store.Written(r.life)
		switch {
		case q.err == nil:
			s.kinds.Store(&q.written.Kinds)
		case r.life.Err() != nil:
			q.err = errShuttingDown
		}
		close(q.done)
	}
}

// close refuses further questions.
func (s *sharing) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

// takeIn takes in what others have committed, without committing anything.
func (r *Roster) takeIn(ctx context.Context) error {
	r.commit.Lock()
	defer r.commit.Unlock()
	return r.store.View(ctx, func(v store.View) error { return r.catchUp(v) })
}

// catchUp takes in what others have committed. The caller holds r.commit.
func (r *Roster) catchUp(v store.View) error {
	if r.share.store == nil {
		return nil
	}
	shared := v.(store.SharedView)
	w, seen := shared.Written(), r.share.seen.Load()
	r.share.crowded.Store(w.Commit != seen)
	if w.Commit == seen {
		return nil
	}
	if err := r.learn(shared, w, seen); err != nil {
		for _, f := range r.live.followers {
			f.missedAll = f.missedAll || f.shadow != nil // who knows what is left out
		}
		return err
	}
	r.share.seen.Store(w.Commit)
	r.feed.wake()
	return nil
}

func (r *Roster) learn(v store.SharedView, w store.Written, seen int64) error {
	for kind, commit := range w.Kinds {
		if commit <= seen || !ofState(kind) {
			continue
		}
		next, err := load(v)
		if err == nil {
			err = r.adopt(next, v.Tick())
		}
		if err != nil {
			return err
		}
		break
	}
	if w.Kinds[docHeard] > seen {
		pages, err := v.DocumentsSince(docHeard, seen)
		if err == nil {
			err = r.heard.follow(pages)
		}
		if err != nil {
			return err
		}
	}
	if w.Kinds[docErased] > seen {
		documents, err := v.DocumentsSince(docErased, seen)
		if err != nil {
			return err
		}
		r.erased.learn(documents)
	}
	if err := r.followTime(v); err != nil {
		return err
	}
	return r.followChanges(v, seen)
}

// learn takes in documents that other processes have written.
func (e *erased) learn(documents map[string][]byte) {
	for code := range documents {
		if at, known := slices.BinarySearch(e.codes, code); !known {
			e.codes = slices.Insert(e.codes, at, code)
		}
	}
}

// followTime takes the programs to the last tick, which somebody else made.
func (r *Roster) followTime(v store.View) error {
	l, tick := r.live, v.Tick()
	if tick <= l.at {
		return nil
	}
	for _, f := range l.followers {
		if f.of != nil {
			continue // it is ahead of the tick, or has passed
		}
		moves, everyone := f.program.refresh(tick)
		if f.shadow == nil {
			continue
		}
		if err := f.miss(v, plan.Facts(moves), everyone); err != nil {
			return err
		}
	}
	l.at = tick
	r.latest.Store(int64(tick))
	l.passed(tick)
	return nil
}

// followChanges tells the shadows whom other processes' commits concerned.
func (r *Roster) followChanges(v store.SharedView, seen int64) error {
	var touched *roaring.Bitmap
	known := true
	for _, f := range r.live.followers {
		if f.shadow == nil {
			continue
		}
		if touched == nil {
			var err error
			if touched, known, err = v.Touched(seen); err != nil {
				return err
			}
		}
		f.missedAll = f.missedAll || !known
		f.missOnes(touched)
	}
	return nil
}

// miss notes whom time has moved while other processes looked after it.
func (f *follower) miss(v store.View, facts []plan.Fact, everyone bool) error {
	f.missedAll = f.missedAll || everyone
	if everyone || len(facts) == 0 {
		return nil
	}
	sets, err := v.Named(facts)
	for _, set := range sets {
		f.missOnes(set)
	}
	return err
}

func (f *follower) missOnes(set *roaring.Bitmap) {
	if f.missed == nil {
		f.missed = roaring.New()
	}
	f.missed.Or(set)
}

// adopt takes over definitions and groups that other processes have changed.
// Programs in force stay as they are, with what they mean, unless another
// version or meaning has come into force.
func (r *Roster) adopt(next *State, tick muster.Instant) error {
	was := r.State()
	programs := map[muster.GroupNo]*program{}
	for no, g := range next.ByNo {
		if g.Active == 0 {
			continue
		}
		f, old := r.live.groups[no], was.ByNo[no]
		if f != nil && old != nil && old.Active == g.Active && old.ActiveZone == g.ActiveZone && (g.Redefined || sameAttributes(f.program.schema, next.Schema)) {
			continue
		}
		p, err := r.compile(next.Schema, g, g.Active, g.ActiveZone, tick)
		if err != nil {
			return err
		}
		programs[no] = p
	}
	for no, f := range r.live.groups {
		if g := next.ByNo[no]; g == nil || g.Active == 0 {
			delete(r.live.groups, no)
			r.jobs.cancel(f.code)
		}
	}
	for no, p := range programs {
		r.live.groups[no] = &follower{group: no, code: next.ByNo[no].Code, program: p}
	}
	for code, g := range was.Groups {
		if now := next.Groups[code]; now == nil || now.No != g.No {
			r.jobs.cancel(code)
		}
	}
	if was.Schema.Zone.String() != next.Schema.Zone.String() || !sameAttributes(was.Schema, next.Schema) {
		r.jobs.renew()
	}
	r.state.Store(next)
	r.live.rebuild()
	return nil
}

// tell names whom the commit concerned, for the shadows of other processes.
func (c *commit) tell() {
	tx, ok := c.tx.(store.SharedTx)
	if !ok || !tx.Wrote() {
		return
	}
	touched := roaring.Or(c.touchedContacts(), &c.gone)
	for _, d := range c.diffs {
		touched.Or(d.entered)
		touched.Or(d.left)
	}
	tx.Touch(touched)
	c.number = tx.Written().Commit + 1
}

// told notes that the commit is through.
func (c *commit) told() {
	if c.number != 0 {
		c.r.share.seen.Store(c.number)
	}
	for _, f := range c.live.followers {
		f.missed, f.missedAll = nil, false
	}
}
