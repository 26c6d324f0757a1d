package webhook

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/muster-groups/muster"
)

// journalLength is how many deliveries an endpoint's log holds.
const journalLength = 100

// journalEvery is how often the log is written down: what a process that is
// killed has not written yet is missing from the log, and from nothing else.
const journalEvery = 5 * time.Second

// journal is the log of deliveries of one endpoint, oldest first.
type journal struct {
	entries []entry
	dirty   bool
	kept    time.Time
}

// entry is a delivery, with what is needed to make it again.
type entry struct {
	Delivery
	From muster.Seq `json:"from"`
	To   muster.Seq `json:"to"`
	window
}

// note adds to the log.
func (w *worker) note(ctx context.Context, e entry) {
	w.mu.Lock()
	j := &w.journal
	j.entries = append(j.entries, e)
	if len(j.entries) > journalLength {
		j.entries = slices.Delete(j.entries, 0, len(j.entries)-journalLength)
	}
	j.dirty = true
	due := time.Since(j.kept) >= journalEvery
	w.mu.Unlock()
	if due {
		w.keepJournal(ctx)
	}
}

// keepJournal writes the log down when there is something new.
func (w *worker) keepJournal(ctx context.Context) {
	w.mu.Lock()
	if !w.journal.dirty {
		w.mu.Unlock()
		return
	}
	w.journal.dirty, w.journal.kept = false, time.Now()
	entries := slices.Clone(w.journal.entries)
	w.mu.Unlock()
	if err := w.shelf.putJournal(ctx, w.id, entries); err != nil {
		w.log.Warn("the log of a webhook was not kept", slog.String("webhook", w.id), slog.Any("error", err))
	}
}

// patience is how long to wait for changes before the log has to be written.
func (w *worker) patience() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.journal.dirty {
		return journalEvery
	}
	return longestWait
}

// deliveries answers the log, latest first.
func (w *worker) deliveries() []Delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]Delivery, 0, len(w.journal.entries))
	for _, e := range slices.Backward(w.journal.entries) {
		out = append(out, e.Delivery)
	}
	return out
}

// delivery answers the latest entry about a request.
func (w *worker) delivery(id string) (entry, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range slices.Backward(w.journal.entries) {
		if e.ID == id {
			return e, true
		}
	}
	return entry{}, false
}
