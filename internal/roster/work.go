package roster

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// Of the processes on one store one works: it recalculates, keeps schedules and
// retention, and whatever else is to be done once. It holds a lease that it
// keeps renewing; when it is gone another takes it. The others pass
// requests on through the store. With a store of its own a process always works.

// leaseOfWork is the name of the lease.
const leaseOfWork = "work"

const (
	// usualTerm is how long the lease lasts. It is renewed six times as often.
	usualTerm = 6 * time.Second
	// patience is how long the end waits to give the lease back.
	patience = time.Second
	// lookPause is how long a process waits at least before it looks again for
	// what others have done.
	lookPause = 20 * time.Millisecond
)

// duty is who works, as far as this process knows.
type duty struct {
	id   string // of this process among those on the store
	mine atomic.Bool

	asking   sync.Mutex // held while the lease is asked for or given back
	resigned bool       // this process takes it no more

	wake chan struct{} // the lease may be free
	look chan struct{} // the lease has come or gone

	mu        sync.Mutex
	elsewhere map[string]reported // what another process recalculates, by group
	holds     map[string]bool     // leases of this process, and those that it asks for
}

// errHandedOver ends a recalculation that another process has taken over.
var errHandedOver = muster.Errorf(muster.CodeUnavailable, "another node has taken the work over")

// Works reports whether this process is the one that does what is to be done once.
func (r *Roster) Works() bool { return r.share.store == nil || r.duty.mine.Load() }

// openShared begins to share the store, if others can use it, too.
func (r *Roster) openShared() {
	shared, ok := r.store.(store.Shared)
	if !ok {
		return
	}
	r.share.store = shared
	r.duty.id = uuid.NewString()
	r.duty.wake, r.duty.look = make(chan struct{}, 1), make(chan struct{}, 1)
}

// startShared takes the lease if it is free, and watches from then on.
func (r *Roster) startShared(ctx context.Context) error {
	if r.share.store == nil {
		return nil
	}
	if !r.opts.ReadOnly {
		err := r.holdOnce(ctx)
		switch {
		case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
			r.log.Info("the database is slow to say which node does the work that is to be done once; it is asked again")
		case err != nil:
			return err
		}
		r.done.Go(r.hold)
	}
	r.done.Go(r.attend)
	return nil
}

// endShared gives the lease back, once nothing runs any more.
func (r *Roster) endShared() {
	if r.share.store == nil || !r.duty.mine.Swap(false) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := r.share.store.Release(ctx, leaseOfWork, r.duty.id); err != nil {
		r.log.Warn("the lease of work could not be given back; another node takes over when it ends", "error", err)
	}
}

// Resign gives the work to another process, now and for good; what this one has
// begun of it the other goes on with or begins again. Everything else goes on here.
func (r *Roster) Resign() {
	if r.share.store == nil {
		return
	}
	r.duty.asking.Lock()
	defer r.duty.asking.Unlock()
	r.duty.resigned = true
	r.endShared()
	signal(r.duty.look)
}

// hold takes or renews the lease, whatever else this process is busy with.
func (r *Roster) hold() {
	ticker := time.NewTicker(r.opts.LeaseTerm / 6)
	defer ticker.Stop()
	renewed := time.Now()
	for {
		select {
		case <-r.life.Done():
			return
		case <-r.store.Failed():
			r.setMine(false)
			return
		case <-ticker.C:
		case <-r.duty.wake:
		}
		asked := time.Now()
		err := r.holdOnce(r.life)
		switch {
		case err == nil:
			renewed = asked
		case r.life.Err() != nil:
			return
		case time.Since(renewed) > r.opts.LeaseTerm:
			r.setMine(false) // by now somebody else may have it
		}
	}
}

func (r *Roster) holdOnce(ctx context.Context) error {
	r.duty.asking.Lock()
	defer r.duty.asking.Unlock()
	var note []byte
	if r.duty.mine.Load() {
		var err error
		if note, err = json.Marshal(r.jobs.report()); err != nil {
			return err
		}
	}
	lease, err := r.askForLease(ctx, note)
	if err != nil {
		return err
	}
	var elsewhere map[string]reported
	if lease.Holder != r.duty.id && lease.Holder != "" && len(lease.Note) > 0 {
		if err := json.Unmarshal(lease.Note, &elsewhere); err != nil {
			return err
		}
	}
	r.duty.mu.Lock()
	r.duty.elsewhere = elsewhere
	r.duty.mu.Unlock()
	r.setMine(lease.Holder == r.duty.id && !r.duty.resigned)
	return nil
}

// askForLease takes or renews the lease if it can, and answers who has it. The
// caller holds duty.asking.
func (r *Roster) askForLease(ctx context.Context, note []byte) (lease store.Lease, err error) {
	ctx, cancel := context.WithTimeout(ctx, r.opts.LeaseTerm/2)
	defer cancel()
	if !r.duty.resigned {
		return r.share.store.Lease(ctx, leaseOfWork, r.duty.id, r.opts.LeaseTerm, note)
	}
	err = r.store.View(ctx, func(v store.View) error {
		lease, err = v.(store.SharedView).Lease(leaseOfWork)
		return err
	})
	return lease, err
}

func (r *Roster) setMine(mine bool) {
	if r.duty.mine.Swap(mine) == mine {
		return
	}
	if mine {
		r.log.Info("this node does the work that is to be done once")
	} else {
		r.log.Warn("another node does the work that is to be done once")
	}
	signal(r.duty.look)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// attend looks after what other processes have done.
func (r *Roster) attend() {
	defer r.jobs.abandon() // nobody looks after them any more
	worked := r.Works()
	for r.life.Err() == nil && r.store.Err() == nil {
		if works := r.Works(); works != worked {
			worked = works
			if works {
				r.dueMinute.Store(-1) // schedules are this process's from now on
			} else {
				r.jobs.handOver()
			}
		}
		if err := r.attendOnce(); err != nil && r.life.Err() == nil {
			r.log.Warn("what other nodes have done could not be looked at", "error", err)
		}
		r.rest()
	}
}

// rest waits until there may be something to look at.
func (r *Roster) rest() {
	ctx, cancel := context.WithCancel(r.life)
	defer cancel()
	heard := make(chan struct{})
	r.done.Go(func() {
		defer close(heard)
		r.share.store.Await(ctx, r.share.seen.Load())
	})
	select {
	case <-heard:
	case <-r.duty.look:
		cancel()
		<-heard
	}
	if !r.duty.mine.Load() {
		signal(r.duty.wake)
	}
	select {
	case <-time.After(lookPause):
	case <-r.life.Done():
	}
}

func (r *Roster) attendOnce() error {
	w, err := r.ask(r.life)
	if err != nil {
		return err
	}
	if w.Commit != r.share.seen.Load() {
		if err := r.takeIn(r.life); err != nil {
			return err
		}
	}
	if !r.Works() {
		r.jobs.settle(r.State())
		return nil
	}
	if err := r.takeCancellations(w); err != nil {
		return err
	}
	state := r.State()
	r.jobs.settle(state)
	for _, code := range state.sortedCodes() {
		if state.Groups[code].Requested {
			r.enqueue(code, false)
		}
	}
	return r.startDue(r.life, muster.Instant(r.latest.Load()))
}

// docCancel is the kind of document by which a process asks the one that works
// to cancel a group's recalculation.
const docCancel = "cancel_recalculation"

// takeCancellations cancels what others have asked to be cancelled.
func (r *Roster) takeCancellations(w store.Written) error {
	if w.Kinds[docCancel] == 0 {
		return nil
	}
	asked, err := r.Documents(r.life, docCancel)
	if err != nil {
		return err
	}
	for code := range asked {
		if r.jobs.cancel(code) {
			continue // its end removes the document
		}
		if err := r.DeleteDocument(r.life, docCancel, code); err != nil {
			return err
		}
	}
	return nil
}

// underWay answers the progress of a recalculation that another process does or
// is to do; nil when there is none.
func (r *Roster) underWay(g *muster.Group) *Progress {
	if r.share.store == nil || g == nil {
		return nil
	}
	r.duty.mu.Lock()
	p, known := r.duty.elsewhere[g.Code]
	r.duty.mu.Unlock()
	switch {
	case known && !r.Works() && (g.Requested || p.Scheduled):
		return &p.Progress // as it was a second ago
	case g.Requested:
		return &Progress{Stage: waiting}
	}
	return nil
}
