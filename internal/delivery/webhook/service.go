package webhook

import (
	"context"
	"log/slog"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/delivery/crew"
	"github.com/muster-groups/muster/internal/delivery/shelf"
)

// Config is what a Service needs.
type Config struct {
	Feed Feed
	// Documents answers where the documents of a kind are kept.
	Documents func(kind string) shelf.Documents
	// Client sends requests. It bounds their time, their addresses, and follows
	// no redirects.
	Client Doer
	// Check refuses a URL, given at a place of some input, that the client would
	// never call. Nil refuses none.
	Check func(ctx context.Context, at, url string) error
	// Agent is what the server calls itself to endpoints.
	Agent  string
	Logger *slog.Logger
}

// Service holds the webhooks and delivers to them. It is safe for concurrent use.
type Service struct {
	config Config
	shelf  records
	crew   *crew.Crew[*worker]
}

// Open reads the webhooks. Nothing is delivered before Start.
func Open(ctx context.Context, c Config) (s *Service, err error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	s = &Service{config: c, shelf: records{endpoints: c.Documents("webhook"), progress: c.Documents("webhook_progress"), journals: c.Documents("webhook_log")}}
	s.crew, err = crew.Open(ctx, "webhook", s.read)
	return s, err
}

// read answers what is written down.
func (s *Service) read(ctx context.Context) (found []*worker, err error) {
	endpoints, err := shelf.Read[endpoint](ctx, s.shelf.endpoints)
	if err != nil {
		return nil, err
	}
	states, err := shelf.ReadOf[progress](ctx, s.shelf.progress, endpoints)
	if err != nil {
		return nil, err
	}
	journals, err := shelf.ReadOf[[]entry](ctx, s.shelf.journals, endpoints)
	if err != nil {
		return nil, err
	}
	for id, e := range endpoints {
		w := s.worker(id, e, states[id].obeying(e))
		w.obeyed, w.journal.entries = states[id].Obeyed, journals[id]
		found = append(found, w)
	}
	return found, nil
}

func (s *Service) worker(id string, e endpoint, p progress) *worker {
	return &worker{id: id, collector: collector{feed: s.config.Feed, endpoint: e}, sender: sender{s.config.Client, s.config.Agent},
		shelf: s.shelf, log: s.config.Logger, progress: p}
}

// Start begins to deliver.
func (s *Service) Start() { s.crew.Start() }

// Close ends the delivering and waits for it. What is not delivered is
// delivered after the next start.
func (s *Service) Close() { s.crew.Close() }

// List answers the webhooks, oldest first.
func (s *Service) List(ctx context.Context) ([]Webhook, error) {
	workers, err := s.crew.All(ctx)
	if err != nil {
		return nil, err
	}
	out := []Webhook{}
	for _, w := range workers {
		shown, err := w.shape(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return out, nil
}

// Get answers a webhook.
func (s *Service) Get(ctx context.Context, id string) (Webhook, error) {
	w, err := s.crew.Find(ctx, id)
	if err != nil {
		return Webhook{}, err
	}
	return w.shape(ctx)
}

// Create makes a webhook. Its answer is the only one that carries the secret.
func (s *Service) Create(ctx context.Context, in Input) (Webhook, error) {
	e := newEndpoint(in)
	if err := s.check(ctx, e); err != nil {
		return Webhook{}, err
	}
	last, err := s.config.Feed.LastChange(ctx)
	if err != nil {
		return Webhook{}, err
	}
	after := last
	if in.After != nil {
		after = min(*in.After, last)
		if err := s.reaches(ctx, after); err != nil {
			return Webhook{}, err
		}
	}
	e.Orders = e.Orders.With(0, crew.Order{After: &after})
	if in.Paused {
		e.Orders = e.Orders.With(0, crew.Order{Pause: true})
	}
	w := s.worker(newID(), e, progress{}.obeying(e))
	if err := s.crew.Add(ctx, w, func() error { return s.shelf.putEndpoint(ctx, w.id, e) }); err != nil {
		return Webhook{}, err
	}
	shown, err := w.shape(ctx)
	shown.Secret = e.Secret
	return shown, err
}

// Change changes what people decide about a webhook.
func (s *Service) Change(ctx context.Context, id string, p Patch) (Webhook, error) {
	return s.edit(ctx, id, func(w *worker) error {
		changed := w.endpoint.patched(p)
		if err := s.check(ctx, changed); err != nil {
			return err
		}
		return s.keep(ctx, w, changed)
	})
}

// check judges what people gave.
func (s *Service) check(ctx context.Context, e endpoint) error {
	if err := e.check(s.config.Feed); err != nil || s.config.Check == nil {
		return err
	}
	return s.config.Check(ctx, "/url", e.URL)
}

func (s *Service) keep(ctx context.Context, w *worker, e endpoint) error {
	if err := s.shelf.putEndpoint(ctx, w.id, e); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.endpoint = e
	w.netOf = window{} // the groups may be others
	return nil
}

// RotateSecret gives a webhook a new secret. For a day requests are signed
// with the one before, too.
func (s *Service) RotateSecret(ctx context.Context, id string) (Webhook, error) {
	secret := newSecret()
	out, err := s.edit(ctx, id, func(w *worker) error {
		e := w.endpoint
		e.OldSecret, e.OldUntil, e.Secret = e.Secret, muster.InstantOf(time.Now().Add(secretOverlap)), secret
		return s.keep(ctx, w, e)
	})
	out.Secret = secret
	return out, err
}

// Pause ends the delivering to a webhook until it is resumed.
func (s *Service) Pause(ctx context.Context, id string) (Webhook, error) {
	return s.move(ctx, id, crew.Order{Pause: true})
}

// Resume goes on where a webhook stands, at once.
func (s *Service) Resume(ctx context.Context, id string) (Webhook, error) {
	w, err := s.crew.Find(ctx, id)
	if err != nil {
		return Webhook{}, err
	}
	if p := w.state(); p.status() == active {
		return w.shape(ctx) // a request that is under way is not made again for nothing
	}
	return s.move(ctx, id, crew.Order{Resume: true})
}

// Rewind lets a webhook go on after the change with a number, so that what
// came after it is delivered again, or for a greater number, left out. Changes
// that are not kept any more cannot be delivered again: CodeHistoryExpired.
func (s *Service) Rewind(ctx context.Context, id string, after muster.Seq) (Webhook, error) {
	last, err := s.config.Feed.LastChange(ctx)
	if err != nil {
		return Webhook{}, err
	}
	if err := s.reaches(ctx, min(after, last)); err != nil {
		return Webhook{}, err
	}
	if after > last {
		message := "expected the number of a change, at most " + itoa(last)
		return Webhook{}, &muster.Error{Code: muster.CodeInvalid, Message: message, Problems: []muster.Problem{{Location: "/after", Code: "out_of_range", Message: message}}}
	}
	return s.move(ctx, id, crew.Order{After: &after})
}

// reaches refuses a number after which changes are not kept any more.
func (s *Service) reaches(ctx context.Context, after muster.Seq) error {
	_, err := s.config.Feed.Changes(ctx, app.FeedQuery{After: after, Limit: 1})
	return err
}

// move gives an order, and obeys it when this process delivers.
func (s *Service) move(ctx context.Context, id string, o crew.Order) (Webhook, error) {
	return s.edit(ctx, id, func(w *worker) error {
		e := w.endpoint
		e.Orders = e.Orders.With(w.obeyed, o)
		p := w.state().obeying(e)
		if s.crew.Working() {
			if err := s.shelf.putProgress(ctx, id, p); err != nil {
				return err
			}
			w.obeyed = p.Obeyed
		}
		if err := s.keep(ctx, w, e); err != nil {
			return err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.progress = p
		return nil
	})
}

// edit halts a webhook, lets act change it and lets it go on.
func (s *Service) edit(ctx context.Context, id string, act func(*worker) error) (Webhook, error) {
	w, err := s.crew.Edit(ctx, id, act)
	if err != nil {
		return Webhook{}, err
	}
	return w.shape(ctx)
}

// Delete removes a webhook.
func (s *Service) Delete(ctx context.Context, id string) error {
	return s.crew.Remove(ctx, id, func() error { return s.shelf.remove(ctx, id) })
}
