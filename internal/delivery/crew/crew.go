// Package crew holds workers: one for each webhook or connector that people have
// set up. The process that works lets them work; any other reads what is written
// down about them whenever it is asked. It must not know what they work on.
package crew

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/muster-groups/muster"
)

// Worker is one of a crew.
type Worker interface {
	// Made is the worker's id, and when people set it up. It is not called while
	// the worker is edited.
	Made() (id string, at muster.Instant)
	// Start begins to work, or goes on, unless it is paused; Halt ends that and
	// waits for the end. They are not called at the same time.
	Start(life context.Context)
	Halt()
}

// Most is how many workers a crew has at most.
const Most = 100

// Crew is workers by id. It is safe for concurrent use.
type Crew[W Worker] struct {
	noun string
	read func(context.Context) ([]W, error)
	life context.Context
	stop context.CancelFunc

	mu      sync.Mutex  // of the edits, which wait for workers
	working atomic.Bool // this process works
	workers sync.Map    // W by id: read without waiting for an edit
}

// Open reads a crew of what the noun says. Nobody works before Start.
func Open[W Worker](ctx context.Context, noun string, read func(context.Context) ([]W, error)) (*Crew[W], error) {
	c := &Crew[W]{noun: noun, read: read}
	c.life, c.stop = context.WithCancel(context.WithoutCancel(ctx))
	return c, c.refresh(ctx)
}

// refresh takes over what the process that works has written down since. The
// caller holds mu, unless this one works.
func (c *Crew[W]) refresh(ctx context.Context) error {
	if c.working.Load() {
		return nil
	}
	found, err := c.read(ctx)
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for _, w := range found {
		id, _ := w.Made()
		kept[id] = true
		c.workers.Store(id, w)
	}
	c.workers.Range(func(id, _ any) bool {
		if !kept[id.(string)] {
			c.workers.Delete(id)
		}
		return true
	})
	return nil
}

// Start lets everybody work.
func (c *Crew[W]) Start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.working.Store(true)
	for _, w := range c.all() {
		w.Start(c.life)
	}
}

// Close ends all work and waits for its end.
func (c *Crew[W]) Close() {
	c.stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.working.Store(false)
	for _, w := range c.all() {
		w.Halt()
	}
}

// Working reports whether this process works, so that it is the one that writes
// down how far each worker is.
func (c *Crew[W]) Working() bool { return c.working.Load() }

// all answers the workers, those that were made first first.
func (c *Crew[W]) all() (out []W) {
	c.workers.Range(func(_, w any) bool { out = append(out, w.(W)); return true })
	slices.SortFunc(out, func(x, y W) int {
		a, made := x.Made()
		b, later := y.Made()
		return cmp.Or(cmp.Compare(made, later), strings.Compare(a, b))
	})
	return out
}

// All answers the workers as they are now, those that were made first first.
func (c *Crew[W]) All(ctx context.Context) ([]W, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}
	return c.all(), nil
}

// Find answers a worker as it is now, CodeNotFound when there is none. Where this
// process works it waits for no edit.
func (c *Crew[W]) Find(ctx context.Context, id string) (W, error) {
	if !c.working.Load() {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	return c.find(ctx, id)
}

func (c *Crew[W]) find(ctx context.Context, id string) (none W, err error) {
	if err := c.refresh(ctx); err != nil {
		return none, err
	}
	if w, known := c.workers.Load(id); known {
		return w.(W), nil
	}
	return none, muster.Errorf(muster.CodeNotFound, "there is no %s %s", c.noun, id)
}

// Add takes a new worker in, once keep has written it down. CodeConflict when
// there are as many as there may be.
func (c *Crew[W]) Add(ctx context.Context, w W, keep func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refresh(ctx); err != nil {
		return err
	}
	if len(c.all()) >= Most {
		return muster.Errorf(muster.CodeConflict, "there are %d %ss already, which is the most there may be", Most, c.noun)
	}
	if err := keep(); err != nil {
		return err
	}
	id, _ := w.Made()
	c.workers.Store(id, w)
	if c.working.Load() {
		w.Start(c.life)
	}
	return nil
}

// Edit halts a worker, lets act change it, and lets it go on.
func (c *Crew[W]) Edit(ctx context.Context, id string, act func(W) error) (W, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w, err := c.find(ctx, id)
	if err != nil {
		return w, err
	}
	w.Halt()
	err = act(w)
	if c.working.Load() {
		w.Start(c.life)
	}
	return w, err
}

// Remove ends a worker and lets forget remove what is written down of it.
func (c *Crew[W]) Remove(ctx context.Context, id string, forget func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	w, err := c.find(ctx, id)
	if err != nil {
		return err
	}
	w.Halt()
	c.workers.Delete(id)
	return forget()
}
