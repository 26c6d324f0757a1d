package roster

import (
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// recalculation is the state of one job between its steps.
//
// The version to calculate takes part in every commit as a shadow from before
// its scan; when the scan is in, the shadow's membership is complete and kept so.
// Then each group that depends on it is computed the same way, on top of the
// shadows. The switch is one commit that publishes what is ready.
type recalculation struct {
	r       *Roster
	job     *Job
	group   muster.GroupNo
	version int
	zone    string // resolved: the project's may change while it runs
	// same tells that the version is active already and means the same as then:
	// the run only corrects.
	same   bool
	target *follower
	// judge is the active version, from scratch, beside a scheduled run that
	// activates another one: the corrections are counted against it.
	judge *follower
	// shadows are target and judge, then the dependents in order.
	shadows []*follower
	scans   int                   // for progress: how many scans there will be
	sliced  map[*follower]*sliced // of shadows that are scanned in slices
}

func (r *Roster) recalculate(job *Job) error {
	run := &recalculation{r: r, job: job, sliced: map[*follower]*sliced{}}
	err := run.begin()
	if err == nil {
		defer run.end()
		err = run.calculate()
	}
	if err == nil {
		err = run.publish()
	}
	if err != nil && err != errRunBefore {
		return err
	}
	r.forget(job.Code)
	return nil
}

// begin registers the shadows of the version to calculate.
func (run *recalculation) begin() error {
	r := run.r
	r.commit.Lock()
	defer r.commit.Unlock()
	if err := r.store.View(r.life, r.catchUp); err != nil {
		return err
	}
	state := r.State()
	g := state.Groups[run.job.Code]
	if g == nil {
		return noGroup(run.job.Code)
	}
	if err := r.stillDue(run.job, g, muster.Instant(r.latest.Load())); err != nil {
		return err
	}
	run.group, run.version = g.No, g.Pending
	if run.version == 0 {
		run.version = g.Active
	}
	v := g.Version(run.version)
	if v == nil {
		return muster.Errorf(muster.CodeConflict, "the group %s has no condition yet", g.Code)
	}
	compile := func(at muster.Instant) (*program, error) { return r.compile(state.Schema, g, run.version, v.Zone, at) }
	p, err := compile(r.live.at)
	if err != nil {
		return err
	}
	active := r.live.groups[g.No]
	run.zone = zoneName(state, v.Zone)
	run.same = run.version == g.Active && g.ActiveZone == run.zone && sameAttributes(active.program.schema, state.Schema)
	run.target = &follower{group: g.No, code: g.Code, program: p, shadow: newShadow(nil)}
	run.shadows = append(run.shadows, run.target)
	work, workOfJudge := workOf(g.Code)
	if err := run.slice(run.target, work, compile); err != nil {
		return err
	}
	if run.job.scheduled && active != nil && !run.same {
		compile := func(at muster.Instant) (*program, error) {
			return r.compile(active.program.schema, g, g.Active, g.ActiveZone, at)
		}
		judged, err := compile(r.live.at)
		if err != nil {
			return err
		}
		run.judge = &follower{group: g.No, code: g.Code, program: judged, shadow: newShadow(nil)}
		run.shadows = append(run.shadows, run.judge)
		if err := run.slice(run.judge, workOfJudge, compile); err != nil {
			return err
		}
	}
	r.live.add(run.shadows...)
	run.scans = len(run.shadows)
	if !run.same {
		run.scans += len(r.live.dependents(g.No))
	}
	return nil
}

// dependents answers the live followers that read a group, directly or through
// others, in order of level.
func (l *liveSet) dependents(group muster.GroupNo) []*follower {
	reached := map[muster.GroupNo]bool{group: true}
	var out []*follower
	for _, f := range l.followers {
		if f.shadow != nil || f.group == group {
			continue
		}
		for _, read := range f.program.deps.Groups {
			if reached[read] {
				reached[f.group] = true
				out = append(out, f)
				break
			}
		}
	}
	return out
}

// calculate completes the shadows one after the other.
func (run *recalculation) calculate() error {
	scanned := 0
	for _, f := range run.shadows {
		if err := run.scan(f, &scanned); err != nil {
			return err
		}
	}
	if run.same {
		return nil
	}
	l := run.r.live
	reads := map[muster.GroupNo]*follower{run.group: run.target}
	run.r.commit.Lock()
	dependents := l.dependents(run.group)
	run.r.commit.Unlock()
	for _, live := range dependents {
		run.r.commit.Lock()
		f := &follower{group: live.group, code: live.code, program: live.program.clone(), shadow: newShadow(maps.Clone(reads))}
		run.shadows = append(run.shadows, f)
		err := run.slice(f, "", nil) // its slices stand on the target's membership, which nobody else has
		l.add(f)
		run.r.commit.Unlock()
		if err != nil {
			return err
		}
		if err := run.scan(f, &scanned); err != nil {
			return err
		}
		reads[live.group] = f
	}
	return nil
}

func (run *recalculation) scan(f *follower, scanned *int) error {
	r := run.r
	r.commit.Lock()
	query := store.Query{Node: f.program.node}
	for group, members := range f.overrides() {
		if query.Members == nil {
			query.Members = map[muster.GroupNo]*roaring.Bitmap{}
		}
		query.Members[group] = members.Clone() // commits go on changing the shadow
	}
	r.commit.Unlock()
	answer, err := run.answer(f, query, func(share float64) {
		run.job.share.Store(uint64(1000 * (float64(*scanned) + share) / float64(max(run.scans, *scanned+1))))
	})
	if err != nil {
		return err
	}
	*scanned++
	r.commit.Lock()
	defer r.commit.Unlock()
	f.shadow.complete(answer)
	return nil
}

// answer evaluates a shadow's query over all contacts.
func (run *recalculation) answer(f *follower, query store.Query, progress func(share float64)) (*roaring.Bitmap, error) {
	if s := run.sliced[f]; s != nil {
		return run.scanSlices(s, query.Members, progress)
	}
	answers, err := run.r.store.Scan(run.job.ctx, []store.Query{query}, progress)
	if err != nil {
		return nil, err
	}
	return answers[0], nil
}

// publish switches to what is ready, in one commit.
func (run *recalculation) publish() error {
	r := run.r
	r.commit.Lock()
	defer r.commit.Unlock()
	if err := run.job.ctx.Err(); err != nil {
		return err
	}
	_, err := r.writeThen(r.life, func(c *commit) error {
		if err := run.fence(c); err != nil {
			return err
		}
		if !run.same {
			for _, f := range run.shadows {
				c.held[f.group] = true
			}
		}
		return nil
	}, run.switchTo)
	if err != nil {
		return err
	}
	r.live.shadows = nil
	if !run.same {
		for _, f := range run.shadows {
			if f != run.judge && r.State().ByNo[f.group] != nil {
				live := *f
				live.shadow = nil
				r.live.groups[f.group] = &live
			}
		}
	}
	r.live.rebuild()
	return nil
}

// fence refuses the switch when the group is gone, or when another process has
// taken the work over and will switch by itself, or has done it.
func (run *recalculation) fence(c *commit) error {
	g := c.state.Groups[run.job.Code]
	if g == nil || g.No != run.group {
		return noGroup(run.job.Code)
	}
	if g.Active > run.version {
		return errHandedOver // another process has switched to a newer one meanwhile
	}
	if err := firstError(run.job.ctx.Err(), run.r.stillDue(run.job, g, c.at)); err != nil {
		return err
	}
	v, ok := c.tx.(store.SharedView)
	if !ok || run.r.share.store == nil {
		return nil
	}
	lease, err := v.Lease(leaseOfWork)
	if err == nil && lease.Holder != run.r.duty.id {
		err = errHandedOver
	}
	return err
}

// switchTo writes the ready memberships and the group's new state. The commit
// has advanced and evaluated everything else already.
func (run *recalculation) switchTo(c *commit) error {
	corrections := 0
	for _, f := range run.shadows {
		if c.state.ByNo[f.group] == nil {
			continue // deleted meanwhile
		}
		members := f.shadow.members
		was := c.tx.Members(f.group)
		switch {
		case f == run.judge:
			continue
		case f == run.target && run.same:
			corrections = int(roaring.Xor(members, was).GetCardinality())
		case f == run.target && run.judge != nil:
			corrections = run.judged(c)
		}
		cause := muster.Cause{Kind: muster.CauseGroup, Code: run.target.code}
		if f == run.target {
			cause = muster.Cause{Kind: muster.CauseCondition}
			if run.version == c.state.Groups[run.job.Code].Active {
				cause = muster.Cause{Kind: muster.CauseRecalculation}
			}
		}
		entered, left := roaring.AndNot(members, was), roaring.AndNot(was, members)
		if entered.IsEmpty() && left.IsEmpty() {
			continue
		}
		if err := c.record(f.group, cause, entered, left); err != nil {
			return err
		}
		c.changed(f.group, f.code, entered, left)
	}
	if run.same && corrections > 0 {
		run.r.log.Error("a recalculation corrected memberships: this is a bug", "group", run.job.Code, "corrections", corrections)
		// Groups that read this one follow in this commit, too.
		if err := c.evaluate(); err != nil {
			return err
		}
	}
	g := edit(c.state.Groups[run.job.Code])
	v := g.Version(run.version)
	if g.Active != run.version {
		v.ActivatedAt = c.at
	}
	g.Active, g.ActiveZone = run.version, run.zone
	if g.Pending == run.version {
		g.Pending = 0
	}
	renewed := run.r.jobs.renewed(run.job)
	g.Failure, g.Requested, g.Cancelled, g.Redefined = "", renewed, false, g.Redefined && renewed
	g.LastRecalculated = c.at
	if run.job.scheduled {
		g.LastCorrections = corrections
		if g.Schedule != nil {
			g.Schedule.LastRun = c.at
		}
	}
	return c.putGroup(g)
}

// judged counts how far the membership in force, taken to this commit's
// instant, is from the active version computed from scratch.
func (run *recalculation) judged(c *commit) int {
	is := c.tx.Members(run.group)
	if virtual := c.virtual[run.group]; virtual != nil {
		is = virtual
	}
	return int(roaring.Xor(run.judge.shadow.members, is).GetCardinality())
}

// end takes the shadows out again, whatever happened.
func (run *recalculation) end() {
	run.r.commit.Lock()
	defer run.r.commit.Unlock()
	run.r.live.remove(run.shadows...)
}

// sameAttributes reports whether conditions read every attribute the same in
// both schemas.
func sameAttributes(a, b *muster.Schema) bool {
	return maps.EqualFunc(a.ActivityTypes, b.ActivityTypes, func(a, b muster.ActivityType) bool {
		return slices.Equal(a.Attributes, b.Attributes)
	})
}

// zoneName resolves a version's zone: an empty one is the project's.
func zoneName(s *State, name string) string {
	if name == "" {
		return s.Schema.Zone.String()
	}
	return name
}
