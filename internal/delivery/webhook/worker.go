package webhook

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/delivery/task"
)

// worker delivers to one endpoint, one request after the other. Its progress
// and log may be read by others meanwhile; mu guards them.
type worker struct {
	id string
	collector
	sender sender
	shelf  records
	log    *slog.Logger
	obeyed int64 // the last order of which it is written down that it was; of the edits

	mu       sync.Mutex
	progress progress
	journal  journal

	task   task.Task
	last   time.Time // of the request before
	passed time.Time // when it was written down how far changes were passed
}

// Made is the worker's id and when it was made.
func (w *worker) Made() (string, muster.Instant) { return w.id, w.CreatedAt }

// Halt ends the delivering. A request under way is given up and made again later.
func (w *worker) Halt() { w.task.Halt() }

// Start begins to deliver, unless the endpoint is paused.
func (w *worker) Start(life context.Context) {
	if w.state().Paused == "" {
		w.task.Start(life, w.run)
	}
}

// troubled is how long the worker rests when Muster itself is in trouble.
const troubled = 5 * time.Second

func (w *worker) run(ctx context.Context) {
	for ctx.Err() == nil && w.state().Paused == "" {
		err := w.step(ctx)
		if muster.CodeOf(err) == muster.CodeHistoryExpired {
			err = w.expire(context.WithoutCancel(ctx), err)
		}
		if err != nil && ctx.Err() == nil {
			w.log.Error("a webhook cannot go on for now", slog.String("webhook", w.id), slog.Any("error", err))
			task.Rest(ctx, troubled)
		}
	}
	w.keepJournal(context.WithoutCancel(ctx))
}

// step waits for one batch and delivers it.
func (w *worker) step(ctx context.Context) error {
	p := w.state()
	task.Rest(ctx, time.Until(p.NextAt.Time()))
	b, err := w.next(ctx, p)
	if err != nil || ctx.Err() != nil {
		return err
	}
	if len(b.items) == 0 {
		return w.advance(ctx, p.passed(b))
	}
	task.Rest(ctx, time.Until(w.last.Add(time.Second/time.Duration(w.PerSecond))))
	if ctx.Err() != nil {
		return nil
	}
	body, err := changesBody(ctx, w.feed, w.id, w.endpoint, b)
	if err != nil {
		return err
	}
	if p.Due == 0 {
		// Whoever makes the request again, because this process was killed before it
		// heard the answer, is to make the same one.
		p = p.promised(b)
		if err := w.keep(ctx, p); err != nil {
			return err
		}
	}
	w.last = time.Now()
	a := w.sender.send(ctx, w.endpoint, b.id(w.id), body)
	if ctx.Err() != nil && a.Status != delivered {
		return nil // given up by us: it is made again
	}
	a.Attempt = p.Failures + 1
	// What was delivered is noted also when this process is told to stop.
	return w.settle(context.WithoutCancel(ctx), p, b, a)
}

// next answers the batch that is due, or waits for the next one. A batch
// without changes says only how far there was nothing to send.
func (w *worker) next(ctx context.Context, p progress) (batch, error) {
	b := batch{from: p.Cursor, to: p.Cursor, window: p.window}
	if p.Due != 0 {
		return b, w.collect(ctx, &b, p.Due)
	}
	last, err := w.feed.LastChange(ctx)
	if err != nil {
		return b, err
	}
	if p.Cursor > last {
		// The data is older than the cursor: somebody restored a backup.
		w.log.Warn("a webhook stood after the last change and goes on from there", slog.String("webhook", w.id), slog.Uint64("cursor", uint64(p.Cursor)), slog.Uint64("last", uint64(last)))
		b.to, b.window = last, window{}
		return b, nil
	}
	if !b.window.open() {
		b.window = windowFor(p.Cursor, last)
	}
	if b.window.open() {
		return b, w.collect(ctx, &b, 0)
	}
	looked, found, err := w.await(ctx, b.to, w.patience())
	if err != nil || !found {
		b.to = looked
		w.keepJournal(ctx)
		return b, err
	}
	b.to = looked
	if err := w.collect(ctx, &b, 0); err != nil || len(b.items) == w.BatchSize {
		return b, err
	}
	task.Rest(ctx, time.Duration(w.BatchSeconds)*time.Second)
	return b, w.collect(ctx, &b, 0)
}

// expire pauses an endpoint whose next changes are not kept any more. It does
// not skip them by itself: whoever receives it has to know.
func (w *worker) expire(ctx context.Context, why error) error {
	next := w.state().expired(why)
	w.log.Warn("a webhook has fallen behind what history is kept of, and is paused", slog.String("webhook", w.id), slog.Uint64("cursor", uint64(next.Cursor)))
	return w.keep(ctx, next)
}

// keep writes down how far the endpoint is.
func (w *worker) keep(ctx context.Context, next progress) error {
	if err := w.shelf.putProgress(ctx, w.id, next); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.progress = next
	return nil
}

// settle notes how a request went.
func (w *worker) settle(ctx context.Context, p progress, b batch, a attempt) error {
	a.Kind, a.Changes, a.First, a.Last, a.CatchingUp = kindChanges, len(b.items), b.items[0].Seq, b.items[len(b.items)-1].Seq, b.window.open()
	now := muster.InstantOf(time.Now())
	next := p.delivered(b, now)
	if a.Status == failed {
		next = p.failed(b, a, now)
		w.log.Warn("a webhook was not delivered", slog.String("webhook", w.id), slog.String("host", w.host()), slog.Int("failures", next.Failures), slog.String("reason", a.Error), slog.String("paused", next.Paused))
	}
	if err := w.keep(ctx, next); err != nil {
		return err
	}
	w.note(ctx, entry{Delivery: a.Delivery, From: b.from, To: b.to, window: b.window})
	return nil
}

// advance passes changes that the filter leaves out. That is written down only
// now and then: passing them again is harmless.
func (w *worker) advance(ctx context.Context, next progress) error {
	w.mu.Lock()
	before := w.progress
	w.progress = next
	w.mu.Unlock()
	if next.window == before.window && next.Cursor >= before.Cursor && next.Cursor/passedAtOnce == before.Cursor/passedAtOnce && time.Since(w.passed) < passedFor {
		return nil
	}
	w.passed = time.Now()
	return w.shelf.putProgress(ctx, w.id, next)
}

// passedAtOnce is how many changes are passed, and passedFor for how long, before
// that is written down.
const (
	passedAtOnce = 10_000
	passedFor    = time.Hour
)

func (w *worker) state() progress {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.progress
}
