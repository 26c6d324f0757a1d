package roster

import (
	"errors"
	"slices"

	"github.com/muster-groups/muster"
)

// A remote job is a recalculation that another process does: it ends when the
// group's document says that it is not requested any more.

// The stages of a job.
const (
	waiting     = "waiting"
	calculating = "calculating"
)

// reported is what other processes are told of a job. Of one that was asked for
// the group's document tells whether it still goes on.
type reported struct {
	Progress
	Scheduled bool `json:"scheduled,omitempty"`
}

// report answers what waits and runs here, by group.
func (q *jobs) report() map[string]reported {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := map[string]reported{}
	for code, job := range q.progress {
		if !job.remote {
			out[code] = reported{job.Progress(), job.scheduled}
		}
	}
	return out
}

// settle ends the remote jobs that are not requested any more.
func (q *jobs) settle(state *State) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for code, job := range q.progress {
		g := state.Groups[code]
		if !job.remote || job.running.Load() || g != nil && g.Requested {
			continue
		}
		switch {
		case g == nil:
			job.err = noGroup(code)
		case g.Failure != "":
			job.err = muster.Errorf(muster.CodeConflict, "%s", g.Failure)
		case g.Cancelled:
			job.err = errCancelled
		}
		q.finish(job)
	}
}

// finish ends a job. The caller holds q.mu.
func (q *jobs) finish(job *Job) {
	delete(q.progress, job.Code)
	job.cancel()
	close(job.done)
}

// handOver makes all jobs another process's. Scheduled ones are that one's own.
func (q *jobs) handOver() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, job := range q.progress {
		job.remote = true
		job.cancel()
	}
	for _, job := range q.waiting {
		if job.scheduled {
			job.err = errHandedOver
			q.finish(job)
		}
	}
	q.waiting = nil
}

// handOff reports whether a job that has ended here is another process's by now.
func (q *jobs) handOff(job *Job, cause error) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	job.remote = job.remote || errors.Is(cause, errHandedOver)
	if !job.remote {
		return false
	}
	job.running.Store(false)
	if job.scheduled || q.closed {
		job.err = errHandedOver
		q.finish(job)
	}
	return true
}

// close refuses further jobs.
func (q *jobs) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

// abandon ends the jobs that other processes do, for those who wait here, and
// refuses further ones.
func (q *jobs) abandon() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, job := range q.progress {
		if job.remote && !job.running.Load() {
			job.err = errShuttingDown
			q.finish(job)
		}
	}
}

// queue puts a job where it is its turn. The caller holds q.mu.
func (q *jobs) queue(job *Job) {
	at := len(q.waiting)
	if !job.scheduled {
		if first := slices.IndexFunc(q.waiting, func(j *Job) bool { return j.scheduled }); first >= 0 {
			at = first
		}
	}
	q.waiting = slices.Insert(q.waiting, at, job)
}
