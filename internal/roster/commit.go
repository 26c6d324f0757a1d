package roster

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// commit is one pass of the loop: some changes at one instant, everything they
// and the time since the last commit do to membership, written together.
type commit struct {
	r     *Roster
	tx    store.Tx
	live  *liveSet
	state *State // as of now in this commit
	at    muster.Instant

	activities []muster.Activity // accepted ones, by ordinal
	touches    []touch
	byContact  map[muster.ContactNo][]int              // touches by contact, made when asked for
	toucheds   *roaring.Bitmap                         // all contacts of touches, likewise
	created    *roaring.Bitmap                         // contacts made by this commit
	gone       roaring.Bitmap                          // contacts that it erases
	merged     map[muster.ContactNo][]muster.ContactNo // by this commit, by parent
	diffs      []diff
	ids        map[muster.ContactNo]muster.ContactID // of contacts that requests named
	failed     error                                 // of the store, in the middle
	number     int64                                 // of the commit, where the store is shared; 0 when nothing was written
	// erasedRecords are the records of this commit that lose their contact, and whom they are about.
	erasedRecords []byte
	retained      struct{ entered, left uint64 } // records because of retention
	// held are groups whose membership this commit switches: what their
	// followers find is kept in virtual and not written.
	held    map[muster.GroupNo]bool
	virtual map[muster.GroupNo]*roaring.Bitmap
	// undo takes programs back to where they were, should the commit fail: the time
	// since then has not passed.
	undo []func()
}

// touch is one thing that happened to a contact.
type touch struct {
	contact muster.ContactNo
	cause   muster.Cause
	ordinal int32 // of the activity; -1 otherwise
	// everywhere touches concern every follower: a merge, an erasure.
	everywhere bool
}

// diff is what a commit changed in a group.
type diff struct {
	group         muster.GroupNo
	code          string
	entered, left *roaring.Bitmap
}

// write runs one commit: fn applies changes, then time and changes are taken to
// every follower. The caller holds r.commit. When fn answers an error it has
// written nothing, and nothing happens.
func (r *Roster) write(ctx context.Context, fn func(*commit) error) (*commit, error) {
	return r.writeThen(ctx, fn, nil)
}

// writeThen is write with a last step after everything is evaluated.
func (r *Roster) writeThen(ctx context.Context, fn, last func(*commit) error) (*commit, error) {
	var c *commit
	var at, since muster.Instant
	err := r.store.Update(ctx, func(tx store.Tx) error {
		err := r.catchUp(tx)
		if err != nil {
			return err
		}
		if at, err = r.instant(tx.Tick()); err != nil {
			return err
		}
		c = &commit{r: r, tx: tx, live: r.live, state: r.State(), at: at,
			held: map[muster.GroupNo]bool{}, virtual: map[muster.GroupNo]*roaring.Bitmap{}, ids: map[muster.ContactNo]muster.ContactID{},
			merged: map[muster.ContactNo][]muster.ContactNo{}}
		for _, f := range r.live.followers {
			f.begin()
		}
		since = r.live.at
		if fn != nil {
			if err := fn(c); err != nil {
				return err
			}
		}
		if err := c.advance(); err != nil {
			return err
		}
		c.welcome()
		if err := c.notice(); err != nil {
			return err
		}
		if err := c.evaluate(); err != nil {
			return err
		}
		if last != nil {
			if err := last(c); err != nil {
				return err
			}
		}
		if err := c.keepErased(); err != nil {
			return err
		}
		if err := c.markGap(since); err != nil {
			return err
		}
		if err := c.stamp(); err != nil {
			return err
		}
		c.tell()
		if c.state != r.State() {
			tx.Then(func() { r.state.Store(c.state) })
		}
		return nil
	})
	if err != nil {
		if c != nil && len(c.undo) > 0 {
			for _, undo := range slices.Backward(c.undo) {
				undo()
			}
			r.live.at = since
		}
		return nil, err
	}
	c.told()
	r.live.passed(c.at)
	if len(c.diffs) > 0 {
		r.feed.wake()
	}
	return c, nil
}

// stamp sets the commit's instant in the store. It is a write, so it comes as
// late as it can: evaluation before the first write keeps no reader out.
func (c *commit) stamp() error {
	if c.at == c.tx.Tick() {
		return nil
	}
	return c.tx.SetTick(c.at)
}

// record writes a group's difference at the commit's instant.
func (c *commit) record(group muster.GroupNo, cause muster.Cause, entered, left *roaring.Bitmap) error {
	if err := c.stamp(); err != nil {
		return err
	}
	if cause.Kind == muster.CauseRetention {
		c.retained.entered += entered.GetCardinality()
		c.retained.left += left.GetCardinality()
	}
	return c.tx.Record(group, cause, entered, left)
}

// advance takes the time since the last commit to every follower.
func (c *commit) advance() error {
	if c.live.at == c.at {
		return nil
	}
	named := map[string]*roaring.Bitmap{}
	if err := c.turn(named); err != nil {
		return err
	}
	var moves []moved
	for _, f := range c.live.followers {
		if f.of != nil || f.turned != nil {
			continue // turn has seen to them
		}
		passed, everyone := c.refresh(f.program)
		if everyone {
			f.everyone = true
			continue
		}
		moves = append(moves, moved{f, passed})
	}
	if err := c.touchNamed(moves, named); err != nil {
		return err
	}
	c.live.at = c.at
	c.r.latest.Store(int64(c.at))
	return nil
}

// refresh takes a program to the commit's instant, until the commit fails.
func (c *commit) refresh(p *program) (passed []plan.Move, everyone bool) {
	was := p.clone()
	c.undo = append(c.undo, func() { *p = *was })
	return p.refresh(c.at)
}

// moved is a follower with the facts that time has passed.
type moved struct {
	f      *follower
	passed []plan.Move
}

// touchNamed touches the contacts that have one of the facts, which are asked
// for all at once; named keeps what is known of them, by the facts' keys.
func (c *commit) touchNamed(moves []moved, named map[string]*roaring.Bitmap) error {
	var asked []plan.Fact
	var keys []string
	for _, m := range moves {
		for _, move := range m.passed {
			key := move.Fact.Key()
			if _, known := named[key]; !known {
				named[key] = nil
				asked, keys = append(asked, move.Fact), append(keys, key)
			}
		}
	}
	if len(asked) > 0 {
		sets, err := c.tx.Named(asked)
		if err != nil {
			return err
		}
		for i, key := range keys {
			named[key] = sets[i]
		}
	}
	for _, m := range moves {
		for _, move := range m.passed {
			m.f.touch(c.movable(m.f, named[move.Fact.Key()], move.Effect))
		}
	}
	return nil
}

// movable answers who of some contacts can move the way that time moves them:
// only members leave, and only others enter.
func (c *commit) movable(f *follower, set *roaring.Bitmap, effect plan.Effect) *roaring.Bitmap {
	if effect == plan.EitherWay || f.shadow != nil || c.held[f.group] || set.IsEmpty() {
		return set
	}
	members := c.tx.Members(f.group)
	if effect == plan.OnlyOut {
		return roaring.And(set, members)
	}
	return roaring.AndNot(set, members)
}

// welcome takes new contacts to the followers that may hold for someone of whom
// nothing is known.
func (c *commit) welcome() {
	if c.created == nil {
		return
	}
	for _, f := range c.live.followers {
		if f.program.blank {
			f.touch(c.created)
		}
	}
}

// notice takes the commit's activities to the followers that can count them.
func (c *commit) notice() error {
	if len(c.activities) == 0 {
		return nil
	}
	filed := c.live.index.activities(c.activities)
	shared := map[string]*roaring.Bitmap{} // equal leaves have the same ordinals
	for _, r := range filed.refs {
		if c.r.share.store != nil && r.f.scanning() {
			// A slice asks the plan as of the beginning of what is there when it comes:
			// also of an activity that arrived late, in a window that has moved on since.
			r.f.touch(c.whoDid(filed.ordinals[r]))
			continue
		}
		dep := r.f.program.deps.Activities[r.dep]
		key := r.f.program.keys[r.dep]
		set, known := shared[key]
		if !known {
			var err error
			if set, err = c.tx.Noticed(dep.Leaf, filed.ordinals[r]); err != nil {
				return err
			}
			shared[key] = set
		}
		if set.IsEmpty() {
			continue
		}
		if dep.Rising && r.f.shadow == nil {
			// More of what can only bring contacts in changes nothing for members.
			set = roaring.AndNot(set, c.tx.Members(r.f.group))
		}
		r.f.touch(set)
	}
	return nil
}

// whoDid answers the contacts of activities of this commit.
func (c *commit) whoDid(ordinals []int32) *roaring.Bitmap {
	wanted := roaring.New()
	for _, ordinal := range ordinals {
		wanted.Add(uint32(ordinal))
	}
	who := roaring.New()
	for _, t := range c.touches {
		if t.ordinal >= 0 && wanted.Contains(uint32(t.ordinal)) {
			who.Add(uint32(t.contact))
		}
	}
	return who
}

// evaluate answers every touched follower, level by level, writes the
// differences and takes them to the followers that read the group.
func (c *commit) evaluate() error {
	list := c.live.followers
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].level == list[0].level {
			n++
		}
		if err := c.evaluateLevel(list[:n]); err != nil {
			return err
		}
		if err := c.switchTurned(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func (c *commit) evaluateLevel(list []*follower) error {
	var asked []*follower
	var queries []store.Query
	for _, f := range list {
		of := f.touched
		if f.everyone {
			of = nil
		} else if of == nil {
			continue
		}
		if f.turned != nil {
			continue // its shadow answers
		}
		asked = append(asked, f)
		queries = append(queries, store.Query{Node: f.program.node, Of: of, Members: f.overrides()})
	}
	if len(asked) == 0 {
		return nil
	}
	answers, err := c.tx.Match(queries)
	if err != nil {
		return err
	}
	for i, f := range asked {
		if err := c.take(f, answers[i]); err != nil {
			return err
		}
	}
	return nil
}

// take compares an answer with the membership as it was.
func (c *commit) take(f *follower, matching *roaring.Bitmap) error {
	if f.shadow != nil {
		of := f.touched
		if f.everyone {
			of = nil
		}
		changed := f.shadow.update(of, matching)
		for _, reader := range c.live.index.overlays[f] {
			reader.touchByGroup(f.code, changed)
		}
		return nil
	}
	was := c.tx.Members(f.group)
	if c.held[f.group] {
		is := was.Clone()
		if f.everyone {
			is.Clear()
		} else {
			is.AndNot(f.touched)
		}
		is.Or(matching)
		c.virtual[f.group] = is
		return nil
	}
	if !f.everyone {
		was = roaring.And(was, f.touched)
	}
	entered := roaring.AndNot(matching, was)
	left := roaring.AndNot(was, matching)
	if entered.IsEmpty() && left.IsEmpty() {
		return nil
	}
	if err := c.recordByCause(f, entered, left); err != nil {
		return err
	}
	c.changed(f.group, f.code, entered, left)
	return nil
}

// changed notes a group's difference and takes it to the followers that read the group.
func (c *commit) changed(group muster.GroupNo, code string, entered, left *roaring.Bitmap) {
	c.diffs = append(c.diffs, diff{group, code, entered, left})
	moved := roaring.Or(entered, left)
	for _, reader := range c.live.index.groups[group] {
		reader.touchByGroup(code, moved)
	}
}
