package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/delivery/crew"
	"github.com/muster-groups/muster/internal/delivery/shelf"
	"github.com/muster-groups/muster/internal/delivery/task"
)

// settings is the document of what people decide about a connector.
type settings struct {
	Kind         string          `json:"kind"`
	Name         string          `json:"name,omitempty"`
	Group        string          `json:"group"`
	Settings     json.RawMessage `json:"settings"`
	CompareHours int             `json:"compare_hours"`
	CreatedAt    muster.Instant  `json:"created_at"`
	Orders       crew.Orders     `json:"orders,omitempty"`
}

// progress is the document of how far a connector is. ComparedAt 0 asks for a
// comparison.
type progress struct {
	Cursor     muster.Seq     `json:"cursor"`
	ComparedAt muster.Instant `json:"compared_at,omitempty"`
	Added      int64          `json:"added,omitempty"`
	Removed    int64          `json:"removed,omitempty"`
	KeptOut    int64          `json:"kept_out,omitempty"`
	Paused     bool           `json:"paused,omitempty"`
	Failures   int            `json:"failures,omitempty"`
	NextAt     time.Time      `json:"next_at,omitzero"` // a start tries at once
	LastError  string         `json:"last_error,omitempty"`
	// Obeyed is the number of the last order that was followed.
	Obeyed int64 `json:"obeyed,omitempty"`
}

// obeying is the progress after the orders that it has not obeyed yet; what is
// tried again is tried at once.
func (p progress) obeying(s settings) progress {
	for o := range s.Orders.Since(p.Obeyed) {
		p.Failures, p.NextAt, p.LastError = 0, time.Time{}, ""
		switch {
		case o.Pause:
			p.Paused = true
		case o.Resume:
			p.Paused = false
		case o.Compare:
			p.ComparedAt = 0
		}
		p.Obeyed = o.Number
	}
	return p
}

func (p progress) with(t tally) progress {
	p.Added += int64(t.added)
	p.Removed += int64(t.removed)
	p.KeptOut += int64(t.keptOut)
	return p
}

// worker keeps one list equal to its group. mu guards progress and settings.
type worker struct {
	id          string
	source      Source
	destination Destination
	states      shelf.Documents
	log         *slog.Logger

	obeyed int64 // the last order of which it is written down that it was; of the edits

	mu       sync.Mutex
	settings settings
	progress progress

	task task.Task
}

// Made is the worker's id and when it was made.
func (w *worker) Made() (string, muster.Instant) { return w.id, w.settings.CreatedAt }

// Halt ends what is under way.
func (w *worker) Halt() { w.task.Halt() }

// Start begins to follow the group, unless the connector is paused.
func (w *worker) Start(life context.Context) {
	w.mu.Lock()
	w.progress.NextAt = time.Time{}
	w.mu.Unlock()
	if !w.state().Paused {
		w.task.Start(life, w.run)
	}
}

func (w *worker) run(ctx context.Context) {
	for ctx.Err() == nil {
		p := w.state()
		task.Rest(ctx, time.Until(p.NextAt))
		next, err := w.step(ctx, p)
		if ctx.Err() != nil && err != nil {
			return
		}
		if err != nil {
			w.failed(ctx, err)
			continue
		}
		next.Failures, next.NextAt, next.LastError = 0, time.Time{}, ""
		if err := w.keep(context.WithoutCancel(ctx), next); err != nil && ctx.Err() == nil {
			w.failed(ctx, err)
		}
	}
}

// step compares when that is due, and follows the changes otherwise.
func (w *worker) step(ctx context.Context, p progress) (progress, error) {
	last, err := w.source.LastChange(ctx)
	if err != nil {
		return p, err
	}
	every := time.Duration(w.settings.CompareHours) * time.Hour
	due := p.ComparedAt.Time().Add(every)
	if p.ComparedAt == 0 || !time.Now().Before(due) || p.Cursor > last || last > p.Cursor+farBehind {
		t, err := compare(ctx, w.source, w.destination, w.settings.Group)
		if err != nil {
			return p, err
		}
		// What has changed since it began is looked at again.
		p.Cursor, p.ComparedAt, p.KeptOut = last, muster.InstantOf(time.Now()), 0
		return p.with(t), nil
	}
	q := app.FeedQuery{After: p.Cursor, ChangeFilter: app.ChangeFilter{Groups: []string{w.settings.Group}}, Limit: batchSize}
	waiting := q
	waiting.Wait, waiting.Limit = min(time.Minute, time.Until(due)), 1
	feed, err := w.source.Changes(ctx, waiting)
	if muster.CodeOf(err) == muster.CodeHistoryExpired {
		// What comes next is not kept any more: compare, which misses nothing.
		p.ComparedAt = 0
		return p, nil
	}
	if err != nil || len(feed.Items) == 0 {
		p.Cursor = max(p.Cursor, feed.Last)
		return p, err
	}
	task.Rest(ctx, gather)
	if feed, err = w.source.Changes(ctx, q); err != nil {
		return p, err
	}
	t, all, err := follow(ctx, w.source, w.destination, w.settings.Group, feed.Items)
	if err != nil {
		return p, err
	}
	if p.Cursor = feed.Last; !all {
		p.ComparedAt = 0
	}
	return p.with(t), nil
}

// keep writes progress down. That the cursor has moved, and nothing else, is
// written only now and then: to follow the same changes again is harmless.
func (w *worker) keep(ctx context.Context, next progress) error {
	w.mu.Lock()
	before := w.progress
	w.progress = next
	w.mu.Unlock()
	moved := next
	moved.Cursor = before.Cursor
	if moved == before && next.Cursor/passedAtOnce == before.Cursor/passedAtOnce {
		return nil
	}
	return shelf.Put(ctx, w.states, w.id, next)
}

// passedAtOnce is how many changes are passed before that is written down.
const passedAtOnce = 1_000

// failed notes why a step failed. It is tried again without end: nothing is
// lost by it, and people see why.
func (w *worker) failed(ctx context.Context, err error) {
	p := w.state()
	p.Failures++
	wait := min(5*time.Second<<min(p.Failures-1, 20), time.Hour)
	p.NextAt, p.LastError = time.Now().Add(wait), shown(err)
	w.mu.Lock()
	w.progress = p
	w.mu.Unlock()
	w.log.Warn("a connector failed and tries again", slog.String("connector", w.id), slog.Int("failures", p.Failures), slog.String("reason", p.LastError))
	if err := shelf.Put(ctx, w.states, w.id, p); err != nil && ctx.Err() == nil {
		w.log.Warn("that a connector failed was not written down", slog.String("connector", w.id), slog.Any("error", err))
	}
}

// shown is what people may see of an error.
func shown(err error) string {
	var e *muster.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

func (w *worker) state() progress {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.progress
}
