package roster

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/muster-groups/muster"
)

// Job is one recalculation, waiting or running.
type Job struct {
	Code      string
	scheduled bool
	again     bool          // what it computes was redefined since it began; guarded by jobs.mu
	remote    bool          // another process does it; guarded by jobs.mu
	share     atomic.Uint64 // thousandths
	running   atomic.Bool
	ctx       context.Context
	cancel    context.CancelFunc
	done      chan struct{}
	err       error // once done is closed
}

// Progress says how far a recalculation is.
type Progress struct {
	Stage string  `json:"stage"` // "waiting" or "calculating"
	Share float64 `json:"share"` // of the calculation, in [0,1]
}

// Progress answers how far the job is.
func (j *Job) Progress() Progress {
	if !j.running.Load() {
		return Progress{Stage: waiting}
	}
	return Progress{Stage: calculating, Share: float64(j.share.Load()) / 1000}
}

// Wait returns when the recalculation has ended, with its error.
func (j *Job) Wait(ctx context.Context) error {
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

var errCancelled = muster.Errorf(muster.CodeConflict, "the recalculation was cancelled")

// jobs holds the recalculations: they run one at a time, those asked for by
// people before scheduled ones.
type jobs struct {
	mu       sync.Mutex
	waiting  []*Job
	progress map[string]*Job // waiting or running, by group code
	working  bool
	closed   bool
}

// cancel ends a group's recalculation and reports whether there was one.
func (q *jobs) cancel(code string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	job := q.progress[code]
	if job == nil {
		return false
	}
	job.cancel()
	return true
}

// takeOff takes a job that waits for its turn off the queue, and reports whether
// it waited.
func (q *jobs) takeOff(job *Job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	at := slices.Index(q.waiting, job)
	if at < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, at, at+1)
	return true
}

// drop ends a job that was taken off the queue, unless another process had it
// to do meanwhile and it has ended or begun since.
func (q *jobs) drop(job *Job, why error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.progress[job.Code] != job || job.running.Load() {
		return
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(j *Job) bool { return j == job })
	job.err = why
	q.finish(job)
}

func (q *jobs) of(code string) *Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.progress[code]
}

// enqueue adds a recalculation, or answers the one that waits or runs. Where
// another process works it is that one's.
func (r *Roster) enqueue(code string, scheduled bool) *Job {
	works := r.Works()
	r.jobs.mu.Lock()
	defer r.jobs.mu.Unlock()
	job := r.jobs.progress[code]
	if job != nil && (!job.remote || !works || job.running.Load()) {
		return job
	}
	if job == nil {
		job = &Job{Code: code, scheduled: scheduled, done: make(chan struct{})}
	}
	job.ctx, job.cancel = context.WithCancel(r.life)
	job.remote = !works
	if r.jobs.closed {
		job.err = muster.Errorf(muster.CodeUnavailable, "the server is shutting down")
		close(job.done)
		return job
	}
	r.jobs.progress[code] = job
	if job.remote {
		return job
	}
	r.jobs.queue(job)
	if !r.jobs.working {
		r.jobs.working = true
		r.done.Go(r.work)
	}
	return job
}

// end takes a job off when it has failed or is not to run again.
func (q *jobs) end(job *Job) (again bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if job.again && job.err == nil {
		job.again = false
		return true
	}
	delete(q.progress, job.Code)
	return false
}

// renew lets the job that runs run once more after it, because what it
// computes may mean something else now.
func (q *jobs) renew() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, job := range q.progress {
		job.again = job.again || job.running.Load()
	}
}

func (q *jobs) renewed(job *Job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return job.again
}

// work runs the waiting recalculations one by one and ends when none waits.
func (r *Roster) work() {
	for {
		r.jobs.mu.Lock()
		if len(r.jobs.waiting) == 0 {
			r.jobs.working = false
			r.jobs.mu.Unlock()
			return
		}
		job := r.jobs.waiting[0]
		r.jobs.waiting = r.jobs.waiting[1:]
		job.running.Store(true)
		r.jobs.mu.Unlock()
		if r.run(job) {
			job.cancel()
			close(job.done)
		}
	}
}

// run does a job, as often as it is renewed. It has not ended when another
// process goes on with it.
func (r *Roster) run(job *Job) (ended bool) {
	for again := true; again && job.err == nil; again = r.jobs.end(job) {
		err := r.recalculate(job)
		if err == nil {
			continue
		}
		if r.jobs.handOff(job, err) {
			return false
		}
		job.err = r.ended(job, err)
	}
	return true
}

// ended notes a recalculation that did not reach its switch. At shutdown the
// request stays, so that the next start begins it again.
func (r *Roster) ended(job *Job, cause error) error {
	if r.life.Err() != nil {
		return muster.Errorf(muster.CodeUnavailable, "the server is shutting down; the recalculation begins again at the next start")
	}
	cancelled := errors.Is(cause, context.Canceled)
	if cancelled {
		cause = errCancelled
	}
	r.forget(job.Code)
	r.commit.Lock()
	defer r.commit.Unlock()
	_, err := r.write(r.life, func(c *commit) error {
		old := c.state.Groups[job.Code]
		if old == nil {
			return nil
		}
		g := edit(old)
		g.Requested, g.Cancelled = false, cancelled
		if r.share.store != nil {
			if err := c.tx.Delete(docCancel, job.Code); err != nil {
				return err
			}
		}
		if !cancelled {
			g.Failure = cause.Error()
		}
		if job.scheduled && g.Schedule != nil {
			g.Schedule.LastRun = c.at // the next day tries again
		}
		return c.putGroup(g)
	})
	if err != nil {
		r.log.Error("the end of a recalculation could not be noted", "error", err)
	}
	return cause
}

// Recalculate asks for a group's recalculation and answers the job: the one
// that waits or runs already, or a new one. What is pending becomes active.
func (r *Roster) Recalculate(ctx context.Context, code string) (*Job, error) {
	if r.State().Groups[code] == nil {
		return nil, noGroup(code)
	}
	r.jobs.settle(r.State()) // one that another process has ended is none
	if job := r.jobs.of(code); job != nil {
		return job, nil
	}
	r.commit.Lock()
	_, err := r.write(ctx, func(c *commit) error {
		old := c.state.Groups[code]
		if old == nil {
			return noGroup(code)
		}
		g := edit(old)
		g.Requested, g.Cancelled = true, false
		return c.putGroup(g)
	})
	r.commit.Unlock()
	if err != nil {
		return nil, err
	}
	return r.enqueue(code, false), nil
}

// renew asks, in the commit that redefines something, for the recalculation of
// the groups whose meaning that changes; resume begins it once the commit is
// through. Those without an active condition have nothing to recalculate.
func (c *commit) renew(codes []string) error {
	c.r.jobs.renew()
	for _, code := range codes {
		if c.state.Groups[code].Active == 0 {
			continue
		}
		g := edit(c.state.Groups[code])
		g.Requested, g.Redefined = true, true
		if err := c.putGroup(g); err != nil {
			return err
		}
	}
	return nil
}

// resume begins what renew asked for.
func (r *Roster) resume(codes []string) {
	for _, code := range codes {
		if g := r.State().Groups[code]; g != nil && g.Active != 0 {
			r.enqueue(code, false)
		}
	}
}

// Cancel ends a group's recalculation; everything is as before it.
func (r *Roster) Cancel(ctx context.Context, code string) error {
	if r.State().Groups[code] == nil {
		return noGroup(code)
	}
	job := r.jobs.of(code)
	switch elsewhere := r.underWay(r.State().Groups[code]); {
	case elsewhere != nil && !r.Works():
		if err := r.PutDocument(ctx, docCancel, code, nil); err != nil {
			return err
		}
		job = r.enqueue(code, false)
	case job == nil || !r.jobs.cancel(code):
		return muster.Errorf(muster.CodeConflict, "the group %s is not being recalculated", code)
	case r.jobs.takeOff(job):
		// Nobody has to wait until it would have been its turn.
		r.jobs.drop(job, r.ended(job, context.Canceled))
	}
	if err := job.Wait(ctx); ctx.Err() != nil {
		return err
	}
	return nil
}

// Status answers a group's status, with the progress while it is recalculated
// or waits for it.
func (r *Roster) Status(code string) (muster.GroupStatus, *Progress) {
	g := r.State().Groups[code]
	if p := r.underWay(g); p != nil && !r.Works() {
		return muster.Recalculating, p
	}
	if job := r.jobs.of(code); job != nil {
		p := job.Progress()
		return muster.Recalculating, &p
	}
	if p := r.underWay(g); p != nil {
		return muster.Recalculating, p
	}
	switch {
	case g == nil:
		return "", nil
	case g.Failure != "":
		return muster.Failed, nil
	case g.Active == 0:
		return muster.NeverCalculated, nil
	case g.Pending != 0 || g.Redefined:
		return muster.ConditionChanged, nil
	}
	return muster.UpToDate, nil
}
