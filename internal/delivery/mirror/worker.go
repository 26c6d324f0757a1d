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

	// Of this process alone: a start tries at once.
	failures  int
	nextAt    time.Time
	lastError string
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

	mu       sync.Mutex
	settings settings
	progress progress

	task task.Task
}

func (w *worker) start(life context.Context) {
	if !w.state().Paused {
		w.task.Start(life, w.run)
	}
}

func (w *worker) run(ctx context.Context) {
	for ctx.Err() == nil {
		p := w.state()
		task.Rest(ctx, time.Until(p.nextAt))
		next, err := w.step(ctx, p)
		if ctx.Err() != nil && err != nil {
			return
		}
		if err != nil {
			w.failed(err)
			continue
		}
		next.failures, next.nextAt, next.lastError = 0, time.Time{}, ""
		if err := w.keep(context.WithoutCancel(ctx), next); err != nil && ctx.Err() == nil {
			w.failed(err)
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
	moved.Cursor, moved.failures, moved.nextAt, moved.lastError = before.Cursor, before.failures, before.nextAt, before.lastError
	if moved == before && next.Cursor/passedAtOnce == before.Cursor/passedAtOnce {
		return nil
	}
	return shelf.Put(ctx, w.states, w.id, next)
}

// passedAtOnce is how many changes are passed before that is written down.
const passedAtOnce = 1_000

// failed notes why a step failed. It is tried again without end: nothing is
// lost by it, and people see why.
func (w *worker) failed(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := &w.progress
	p.failures++
	wait := min(5*time.Second<<min(p.failures-1, 20), time.Hour)
	p.nextAt, p.lastError = time.Now().Add(wait), shown(err)
	w.log.Warn("a connector failed and tries again", slog.String("connector", w.id), slog.Int("failures", p.failures), slog.String("reason", p.lastError))
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
