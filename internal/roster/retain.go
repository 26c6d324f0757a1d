package roster

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// RetentionRun is one nightly run, and how far it is. It goes by the rules as
// they were when it began: what was promised by a preview is not changed by the
// run's taking long. A rule that was taken back or loosened meanwhile is left out.
type RetentionRun struct {
	StartedAt  muster.Instant   `json:"started_at"`
	EndedAt    muster.Instant   `json:"ended_at"` // 0 while it runs
	Stopped    bool             `json:"stopped,omitempty"`
	Steps      int              `json:"steps"`
	Contacts   []RetiredContact `json:"contacts"`
	Activities []RetiredType    `json:"activities"`
	Entered    uint64           `json:"entered"`
	Left       uint64           `json:"left"`
}

// RetiredContact is what a run does by a rule for contacts.
type RetiredContact struct {
	Kind    Inactive       `json:"kind"`
	Days    int            `json:"days"`
	Before  muster.Instant `json:"before"`
	Removed int64          `json:"removed"`
	Done    bool           `json:"done,omitempty"`
}

// RetiredType is what a run does by a rule for activities.
type RetiredType struct {
	Type    string         `json:"type"`
	Days    int            `json:"days"`
	Before  muster.Instant `json:"before"`
	Removed int64          `json:"removed"`
	Done    bool           `json:"done,omitempty"`
}

const (
	docRetentionRun = "retention_run" // by its start
	// runsKept is how many runs the log holds.
	runsKept = 400
	// activitiesPerStep and contactsPerStep bound one commit of a run, so that
	// live changes wait for it no longer than for each other.
	activitiesPerStep = 2000
	contactsPerStep   = 250
	// restPerStep is how many times as long as a step the run rests after it.
	restPerStep = 4
)

// startRetention begins the nightly run when its time has come, or goes on with
// the one that a crash or a restart has cut off. Where the clock moves by itself
// it runs in the background.
func (r *Roster) startRetention(ctx context.Context, now muster.Instant) error {
	next := r.NextRetention()
	if r.State().run == nil && (next == 0 || next > now) {
		return nil
	}
	if r.opts.Manual {
		return r.retain(ctx)
	}
	r.jobs.mu.Lock()
	defer r.jobs.mu.Unlock()
	if r.jobs.closed || !r.retaining.CompareAndSwap(false, true) {
		return nil
	}
	r.done.Go(func() {
		defer r.retaining.Store(false)
		if err := r.retain(r.life); err != nil && r.life.Err() == nil {
			r.log.Error("retention stopped in the middle and goes on in a minute", "error", err)
			rest(r.life, time.Minute)
		}
	})
	return nil
}

// retain runs to the end of the run, in steps of a commit each.
func (r *Roster) retain(ctx context.Context) error {
	j := retiring{r: r, waiting: map[Inactive]*roaring.Bitmap{}}
	for {
		started := time.Now()
		more, err := j.step(ctx)
		if err != nil || !more {
			return err
		}
		if !r.opts.Manual {
			rest(ctx, restPerStep*time.Since(started))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !r.opts.Manual && !r.Works() {
			return nil // another process goes on
		}
	}
}

func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// retiring is a run at work.
type retiring struct {
	r *Roster
	// waiting are the contacts that a rule may still remove, found once; each is
	// judged again in the commit that erases it.
	waiting map[Inactive]*roaring.Bitmap
}

// step does the next bounded piece of the run; more is false when it has ended.
func (j *retiring) step(ctx context.Context) (more bool, err error) {
	run := j.r.State().run
	if run == nil {
		return j.begin(ctx)
	}
	if at := slices.IndexFunc(run.Activities, func(t RetiredType) bool { return !t.Done }); at >= 0 {
		return j.commit(ctx, func(c *commit, run *RetentionRun) error { return c.retireActivities(&run.Activities[at]) })
	}
	if at := slices.IndexFunc(run.Contacts, func(c RetiredContact) bool { return !c.Done }); at >= 0 {
		rule := run.Contacts[at]
		if j.waiting[rule.Kind] == nil {
			sets, err := j.r.store.Scan(ctx, []store.Query{{Node: InactivePlan(rule.Kind, rule.Before)}}, nil)
			if err != nil {
				return false, err
			}
			j.waiting[rule.Kind] = sets[0]
		}
		return j.commit(ctx, func(c *commit, run *RetentionRun) error { return j.retireContacts(c, &run.Contacts[at]) })
	}
	return j.commit(ctx, func(c *commit, run *RetentionRun) error { run.EndedAt = c.at; return nil })
}

// begin writes down that a run begins, unless it is not due any more.
func (j *retiring) begin(ctx context.Context) (began bool, err error) {
	r := j.r
	r.commit.Lock()
	defer r.commit.Unlock()
	_, err = r.write(ctx, func(c *commit) error {
		s := c.state
		if s.run != nil {
			began = true
			return nil
		}
		if !s.Retention.Enabled || nextRun(s.Retention.Hour*60, s.Schema.Zone, s.Retention.LastRun) > c.at {
			return nil
		}
		began = true
		run := &RetentionRun{StartedAt: c.at, Contacts: []RetiredContact{}, Activities: []RetiredType{}}
		rules := s.RetentionRules()
		for _, rule := range rules.Contacts {
			run.Contacts = append(run.Contacts, RetiredContact{Kind: rule.Kind, Days: rule.Days, Before: AgedBefore(c.at, rule.Days)})
		}
		for _, rule := range rules.Activities {
			run.Activities = append(run.Activities, RetiredType{Type: rule.Type, Days: rule.Days, Before: AgedBefore(c.at, rule.Days)})
		}
		next := s.Retention
		next.LastRun = c.at
		if err := c.dropRuns(); err != nil {
			return err
		}
		if err := c.put(docRetention, retentionCode, next); err != nil {
			return err
		}
		c.state = s.copy()
		c.state.Retention = next
		return c.putRun(run)
	})
	return began, err
}

// commit does a piece of the run in a commit of its own. When retention has
// been disabled the run ends instead.
func (j *retiring) commit(ctx context.Context, piece func(*commit, *RetentionRun) error) (more bool, err error) {
	r := j.r
	r.commit.Lock()
	defer r.commit.Unlock()
	var next *RetentionRun
	_, err = r.writeThen(ctx, func(c *commit) error {
		if c.state.run == nil {
			return nil // another node has ended it
		}
		next = c.state.run.clone()
		if !c.state.Retention.Enabled {
			next.EndedAt, next.Stopped = c.at, true
			return nil
		}
		return piece(c, next)
	}, func(c *commit) error {
		if next == nil {
			return nil
		}
		next.Steps++
		next.Entered += c.retained.entered
		next.Left += c.retained.left
		c.state = c.state.copy()
		return c.putRun(next)
	})
	if err != nil || next == nil {
		return false, err
	}
	if next.EndedAt == 0 {
		return true, nil
	}
	r.log.Info("retention has run", "started", next.StartedAt.String(), "steps", next.Steps, "activities", next.removedActivities(), "contacts", next.removedContacts(), "stopped", next.Stopped)
	return false, nil
}

// retireContacts erases some of the contacts that were found, if they still are inactive.
func (j *retiring) retireContacts(c *commit, rule *RetiredContact) error {
	waiting := j.waiting[rule.Kind]
	of := roaring.New()
	for it := waiting.Iterator(); it.HasNext() && of.GetCardinality() < contactsPerStep; {
		of.Add(it.Next())
	}
	waiting.AndNot(of)
	rule.Done = waiting.IsEmpty()
	inForce := slices.ContainsFunc(c.state.RetentionRules().Contacts, func(now ContactRule) bool {
		return now.Kind == rule.Kind && now.Days <= rule.Days
	})
	if !inForce {
		rule.Done = true
		return nil
	}
	still, err := c.tx.Match([]store.Query{{Node: InactivePlan(rule.Kind, rule.Before), Of: of}})
	if err != nil || still[0].IsEmpty() {
		return err
	}
	gone := make([]muster.ContactNo, 0, still[0].GetCardinality())
	for it := still[0].Iterator(); it.HasNext(); {
		gone = append(gone, muster.ContactNo(it.Next()))
	}
	rule.Removed += int64(len(gone))
	return c.erase(gone, muster.Cause{Kind: muster.CauseRetention})
}

// retireActivities removes the oldest activities of a type.
func (c *commit) retireActivities(rule *RetiredType) error {
	kept := c.state.Schema.ActivityTypes[rule.Type].RetentionDays
	if kept == 0 || kept > rule.Days {
		rule.Done = true
		return nil
	}
	before, n, err := c.oldest(rule.Type, rule.Before, activitiesPerStep)
	if err != nil {
		return err
	}
	if rule.Done = before == rule.Before; n == 0 {
		return nil
	}
	had, err := c.tx.Expire(rule.Type, before)
	if err != nil {
		return err
	}
	rule.Removed += n
	cause := muster.Cause{Kind: muster.CauseRetention, Code: rule.Type}
	for it := had.Iterator(); it.HasNext(); {
		c.touches = append(c.touches, touch{contact: muster.ContactNo(it.Next()), cause: cause, ordinal: -1})
	}
	for _, f := range c.live.followers {
		if f.dependsOn(cause) {
			f.touch(had)
		}
	}
	return nil
}

// oldest answers an instant up to another one before which a type has about as
// many activities as wanted, and how many. It answers more than wanted only when
// they are of one second.
func (c *commit) oldest(activityType string, before muster.Instant, wanted int64) (until muster.Instant, n int64, err error) {
	aged, err := c.tx.Aged(activityType, before)
	if err != nil || aged.Activities <= wanted {
		return before, aged.Activities, err
	}
	good, bad := aged.Oldest+1, before // bad is too late, good is not or cannot be helped
	for span := muster.Instant(60); good+span < bad; span *= 4 {
		some, err := c.tx.Aged(activityType, good+span)
		if err != nil {
			return 0, 0, err
		}
		if some.Activities > wanted {
			bad = good + span
			break
		}
		good += span
	}
	for good+1 < bad {
		some, err := c.tx.Aged(activityType, good)
		if err != nil {
			return 0, 0, err
		}
		if some.Activities >= wanted/2 {
			return good, some.Activities, nil
		}
		middle := good + (bad-good)/2
		if some, err = c.tx.Aged(activityType, middle); err != nil {
			return 0, 0, err
		}
		if some.Activities > wanted {
			bad = middle
		} else {
			good = middle
		}
	}
	some, err := c.tx.Aged(activityType, good)
	return good, some.Activities, err
}

// putRun writes the run's document and makes it part of the commit's state,
// which is a copy already.
func (c *commit) putRun(run *RetentionRun) error {
	c.state.run = run
	if run.EndedAt != 0 {
		c.state.run = nil
	}
	return c.put(docRetentionRun, run.StartedAt.String(), run)
}

// dropRuns makes room in the log for one more run.
func (c *commit) dropRuns() error {
	documents, err := c.tx.Documents(docRetentionRun)
	if err != nil {
		return err
	}
	if len(documents) < runsKept {
		return nil
	}
	codes := make([]string, 0, len(documents))
	for code := range documents {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for _, code := range codes[:len(codes)-runsKept+1] {
		if err := c.tx.Delete(docRetentionRun, code); err != nil {
			return err
		}
	}
	return nil
}

// RetentionRuns answers the runs, the latest first.
func (r *Roster) RetentionRuns(ctx context.Context) ([]RetentionRun, error) {
	documents, err := r.Documents(ctx, docRetentionRun)
	if err != nil {
		return nil, err
	}
	runs := make([]RetentionRun, 0, len(documents))
	for code, document := range documents {
		var run RetentionRun
		if err := json.Unmarshal(document, &run); err != nil {
			return nil, &muster.Error{Code: muster.CodeInternal, Message: "the run " + code + " of retention cannot be read", Err: err}
		}
		runs = append(runs, run)
	}
	slices.SortFunc(runs, func(a, b RetentionRun) int { return cmp.Compare(b.StartedAt, a.StartedAt) })
	return runs, nil
}

func (run *RetentionRun) clone() *RetentionRun {
	next := *run
	next.Contacts, next.Activities = slices.Clone(run.Contacts), slices.Clone(run.Activities)
	return &next
}

func (run *RetentionRun) removedActivities() (n int64) {
	for _, t := range run.Activities {
		n += t.Removed
	}
	return n
}

func (run *RetentionRun) removedContacts() (n int64) {
	for _, c := range run.Contacts {
		n += c.Removed
	}
	return n
}
