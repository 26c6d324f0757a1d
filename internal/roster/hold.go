package roster

import (
	"context"
	"errors"
	"time"

	"github.com/muster-groups/muster/internal/store"
)

// Hold is a lease of one thing that is to be done by one process at a time, kept
// until it is given back, or lost to another process. With a store of its own a
// process has every lease that it does not hold already.
type Hold struct {
	roster *Roster
	name   string
	held   context.Context
	lose   context.CancelCauseFunc
	kept   chan struct{} // closed when it is renewed no more
}

// Hold takes a lease; store.ErrTakenOver when another process has it, or somebody
// else here.
func (r *Roster) Hold(ctx context.Context, name string) (*Hold, error) {
	d := &r.duty
	d.mu.Lock()
	taken := d.holds[name]
	if !taken {
		if d.holds == nil {
			d.holds = map[string]bool{}
		}
		d.holds[name] = true
	}
	d.mu.Unlock()
	if taken {
		return nil, store.ErrTakenOver
	}
	h := &Hold{roster: r, name: name, kept: make(chan struct{})}
	asked := time.Now()
	if err := h.renew(ctx); err != nil {
		h.forget()
		return nil, err
	}
	h.held, h.lose = context.WithCancelCause(r.life)
	go h.keep(asked)
	return h, nil
}

// Lost ends when the lease is another process's, or may be; or is given back.
func (h *Hold) Lost() context.Context { return h.held }

// Holder is who holds it, as the store knows this process.
func (h *Hold) Holder() string { return h.roster.duty.id }

// Name is the lease's name.
func (h *Hold) Name() string { return h.name }

// Release gives the lease back.
func (h *Hold) Release() {
	h.lose(nil)
	<-h.kept
	if shared := h.roster.share.store; shared != nil && h.roster.store.Err() == nil {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := shared.Release(ctx, h.name, h.Holder()); err != nil {
			h.roster.log.Warn("a lease could not be given back; it ends by itself", "lease", h.name, "error", err)
		}
	}
	h.forget()
}

func (h *Hold) forget() {
	h.roster.duty.mu.Lock()
	defer h.roster.duty.mu.Unlock()
	delete(h.roster.duty.holds, h.name)
}

// renew takes or renews the lease, if this process can have it.
func (h *Hold) renew(ctx context.Context) error {
	shared := h.roster.share.store
	if shared == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, h.roster.opts.LeaseTerm/2)
	defer cancel()
	l, err := shared.Lease(ctx, h.name, h.Holder(), h.roster.opts.LeaseTerm, nil)
	if err == nil && l.Holder != h.Holder() {
		err = store.ErrTakenOver
	}
	return err
}

// keep renews the lease until it is given back or lost.
func (h *Hold) keep(renewed time.Time) {
	defer close(h.kept)
	if h.roster.share.store == nil {
		return
	}
	term := h.roster.opts.LeaseTerm
	ticker := time.NewTicker(term / 6)
	defer ticker.Stop()
	for {
		select {
		case <-h.held.Done():
			return
		case <-ticker.C:
		}
		asked := time.Now()
		err := h.renew(h.held)
		switch {
		case err == nil:
			renewed = asked
		case h.held.Err() != nil:
			return
		case errors.Is(err, store.ErrTakenOver), time.Since(renewed) > term:
			h.lose(store.ErrTakenOver)
			return
		}
	}
}

// holds reports whether this process has a lease. In a commit that is so until
// the end of it, as far as anybody can tell who takes the lease and then reads in
// a commit of his own.
func (c *commit) holds(lease string) error {
	tx, ok := c.tx.(store.SharedTx)
	if lease == "" || !ok {
		return nil
	}
	l, err := tx.Lease(lease)
	if err == nil && l.Holder != c.r.duty.id {
		err = store.ErrTakenOver
	}
	return err
}

// SettledDocuments answers all documents of a kind, when every commit that began
// before, of whichever process, is through.
func (r *Roster) SettledDocuments(ctx context.Context, kind string) (docs map[string][]byte, err error) {
	r.commit.Lock()
	defer r.commit.Unlock()
	_, err = r.write(ctx, func(c *commit) error {
		docs, err = c.tx.Documents(kind)
		return err
	})
	return docs, err
}
