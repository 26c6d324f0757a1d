package webhook

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"github.com/muster-groups/muster"
)

// Deliveries answers the latest requests to a webhook, latest first.
func (s *Service) Deliveries(ctx context.Context, id string) ([]Delivery, error) {
	w, err := s.crew.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	return w.deliveries(), nil
}

// Test makes a request of the type webhook.test, also when the webhook is paused.
func (s *Service) Test(ctx context.Context, id string) (Delivery, error) {
	w, err := s.crew.Find(ctx, id)
	if err != nil {
		return Delivery{}, err
	}
	body, err := testBody(id)
	if err != nil {
		return Delivery{}, err
	}
	a := w.sender.send(ctx, w.settings(), id+"_test_"+rand.Text(), body)
	a.Kind = kindTest
	w.note(ctx, entry{Delivery: a.Delivery})
	return a.Delivery, nil
}

// Replay makes a request again that stands in the log, with the same id. It is
// made beside the others, so it comes out of order.
func (s *Service) Replay(ctx context.Context, id, delivery string) (Delivery, error) {
	w, err := s.crew.Find(ctx, id)
	if err != nil {
		return Delivery{}, err
	}
	e, known := w.delivery(delivery)
	if !known || e.Kind == kindTest {
		return Delivery{}, muster.Errorf(muster.CodeNotFound, "the log of the webhook has no delivery %s; POST /webhooks/{id}/replay goes back to any change", delivery)
	}
	settings := w.settings()
	b, err := s.again(ctx, settings, e)
	if err != nil {
		return Delivery{}, err
	}
	if len(b.items) == 0 {
		return Delivery{}, muster.Errorf(muster.CodeConflict, "the filter of the webhook leaves out all changes of the delivery %s", delivery)
	}
	body, err := changesBody(ctx, s.config.Feed, id, settings, b)
	if err != nil {
		return Delivery{}, err
	}
	a := w.sender.send(ctx, settings, delivery, body)
	a.Kind, a.Changes, a.First, a.Last, a.CatchingUp = kindReplay, len(b.items), b.items[0].Seq, b.items[len(b.items)-1].Seq, b.window.open()
	w.note(ctx, entry{Delivery: a.Delivery, From: e.From, To: e.To, window: e.window})
	return a.Delivery, nil
}

// again collects the changes of a delivery anew, as the filter is now.
func (s *Service) again(ctx context.Context, settings endpoint, e entry) (batch, error) {
	c := collector{feed: s.config.Feed, endpoint: settings}
	b := batch{from: e.From, to: e.From, window: e.window}
	return b, c.collect(ctx, &b, e.To)
}

// shownChanges is how many changes of a request are shown.
const shownChanges = 10

// Request answers what a delivery that stands in the log sends, as it would be
// made now: bodies are not kept, because they name people who may be erased since.
func (s *Service) Request(ctx context.Context, id, delivery string) (DeliveryRequest, error) {
	w, err := s.crew.Find(ctx, id)
	if err != nil {
		return DeliveryRequest{}, err
	}
	e, known := w.delivery(delivery)
	if !known {
		return DeliveryRequest{}, muster.Errorf(muster.CodeNotFound, "the log of the webhook has no delivery %s", delivery)
	}
	if e.Kind == kindTest {
		body, err := testBody(id)
		return DeliveryRequest{Body: body}, err
	}
	settings := w.settings()
	b, err := s.again(ctx, settings, e)
	if err != nil {
		return DeliveryRequest{}, err
	}
	out := DeliveryRequest{LeftOut: max(0, len(b.items)-shownChanges)}
	b.items = b.items[:len(b.items)-out.LeftOut]
	out.Body, err = changesBody(ctx, s.config.Feed, id, settings, b)
	return out, err
}

// settings answers what people decided about the endpoint.
func (w *worker) settings() endpoint {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.endpoint
}

// shape is the webhook as answers show it.
func (w *worker) shape(ctx context.Context) (Webhook, error) {
	w.mu.Lock()
	e, p := w.endpoint, w.progress
	w.mu.Unlock()
	out := Webhook{ID: w.id, URL: e.URL, Description: e.Description, Groups: listed(e.Groups), Causes: listed(e.Causes), Identifiers: e.Identifiers,
		BatchSize: e.BatchSize, BatchSeconds: e.BatchSeconds, PerSecond: e.PerSecond, CreatedAt: e.CreatedAt,
		Status: p.status(), Cursor: p.Cursor, CatchingUp: p.open(), Failures: p.Failures, LastError: p.LastError,
		Direction: optional(e.Direction), PausedBecause: optional(p.Paused), NextAttemptAt: optional(p.NextAt), LastDeliveredAt: optional(p.DeliveredAt)}
	if out.NextAttemptAt != nil && p.NextAt.Time().Before(time.Now()) {
		out.NextAttemptAt = nil // it is being made
	}
	var err error
	if out.LastChange, err = w.feed.LastChange(ctx); err == nil {
		out.Backlog, err = w.feed.Backlog(ctx, p.Cursor, e.filter())
	}
	return out, err
}

func listed(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

// optional is nil for the zero value.
func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func itoa(n muster.Seq) string { return strconv.FormatUint(uint64(n), 10) }
