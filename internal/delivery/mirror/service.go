package mirror

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/delivery/crew"
	"github.com/muster-groups/muster/internal/delivery/shelf"
)

// Config is what a Service needs.
type Config struct {
	Source Source
	// Documents answers where the documents of a kind are kept.
	Documents func(kind string) shelf.Documents
	Kinds     map[string]Kind
	Logger    *slog.Logger
}

// Service holds the connectors. It is safe for concurrent use.
type Service struct {
	config         Config
	kept, progress shelf.Documents
	crew           *crew.Crew[*worker]
}

// Open reads the connectors. Nothing is done before Start.
func Open(ctx context.Context, c Config) (s *Service, err error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	s = &Service{config: c, kept: c.Documents("connector"), progress: c.Documents("connector_progress")}
	s.crew, err = crew.Open(ctx, "connector", s.read)
	return s, err
}

// read answers what is written down.
func (s *Service) read(ctx context.Context) (found []*worker, err error) {
	all, err := shelf.Read[settings](ctx, s.kept)
	if err != nil {
		return nil, err
	}
	states, err := shelf.ReadOf[progress](ctx, s.progress, all)
	if err != nil {
		return nil, err
	}
	for id, one := range all {
		w, err := s.worker(id, one, states[id].obeying(one))
		if err != nil {
			return nil, err
		}
		w.obeyed = states[id].Obeyed
		found = append(found, w)
	}
	return found, nil
}

func (s *Service) worker(id string, one settings, p progress) (*worker, error) {
	kind, known := s.config.Kinds[one.Kind]
	if !known {
		return nil, invalidAt("/kind", "there is no kind of connector "+one.Kind)
	}
	to, err := kind.Open(one.Settings)
	if err != nil {
		return nil, err
	}
	return &worker{id: id, source: s.config.Source, destination: to, states: s.progress, log: s.config.Logger, settings: one, progress: p}, nil
}

// Start begins to follow the groups.
func (s *Service) Start() { s.crew.Start() }

// Close ends what is under way and waits for it.
func (s *Service) Close() { s.crew.Close() }

// List answers the connectors, oldest first.
func (s *Service) List(ctx context.Context) ([]Connector, error) {
	workers, err := s.crew.All(ctx)
	if err != nil {
		return nil, err
	}
	out := []Connector{}
	for _, w := range workers {
		shown, err := s.shape(ctx, w)
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return out, nil
}

// Get answers a connector.
func (s *Service) Get(ctx context.Context, id string) (Connector, error) {
	w, err := s.crew.Find(ctx, id)
	if err != nil {
		return Connector{}, err
	}
	return s.shape(ctx, w)
}

// Create makes a connector. It begins by comparing the whole list.
func (s *Service) Create(ctx context.Context, in Input) (Connector, error) {
	kind, known := s.config.Kinds[in.Kind]
	if !known {
		return Connector{}, invalidAt("/kind", "expected a kind of connector: listmonk")
	}
	if err := s.checkGroup(in.Group); err != nil {
		return Connector{}, err
	}
	kept, err := kind.Read(ctx, in.Settings, nil)
	if err != nil {
		return Connector{}, err
	}
	one := settings{Kind: in.Kind, Name: in.Name, Group: in.Group, Settings: kept, CompareHours: cmp.Or(in.CompareHours, 24), CreatedAt: muster.InstantOf(time.Now())}
	if in.Paused {
		one.Orders = one.Orders.With(0, crew.Order{Pause: true})
	}
	w, err := s.worker(newID(), one, progress{}.obeying(one))
	if err != nil {
		return Connector{}, err
	}
	if err := s.crew.Add(ctx, w, func() error { return shelf.Put(ctx, s.kept, w.id, one) }); err != nil {
		return Connector{}, err
	}
	return s.shape(ctx, w)
}

func (s *Service) checkGroup(code string) error {
	if code == "" {
		return invalidAt("/group", "expected the code of a group")
	}
	if s.config.Source.CheckChangeFilter("", app.ChangeFilter{Groups: []string{code}}) != nil {
		return invalidAt("/group", "there is no group "+code)
	}
	return nil
}

// Change changes what people decide about a connector, and compares anew.
func (s *Service) Change(ctx context.Context, id string, p Patch) (Connector, error) {
	return s.edit(ctx, id, func(w *worker) error {
		one := w.settings
		if p.Name != nil {
			one.Name = *p.Name
		}
		if p.CompareHours != nil {
			one.CompareHours = *p.CompareHours
		}
		destination := w.destination
		if p.Settings != nil {
			kind := s.config.Kinds[one.Kind]
			kept, err := kind.Read(ctx, p.Settings, one.Settings)
			if err != nil {
				return err
			}
			one.Settings = kept
			if destination, err = kind.Open(kept); err != nil {
				return err
			}
		}
		if err := s.move(ctx, w, one, crew.Order{Compare: true}); err != nil {
			return err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.destination = destination
		return nil
	})
}

// Pause leaves the list alone until the connector is resumed.
func (s *Service) Pause(ctx context.Context, id string) (Connector, error) {
	return s.edit(ctx, id, func(w *worker) error { return s.move(ctx, w, w.settings, crew.Order{Pause: true}) })
}

// Resume goes on, at once.
func (s *Service) Resume(ctx context.Context, id string) (Connector, error) {
	return s.edit(ctx, id, func(w *worker) error { return s.move(ctx, w, w.settings, crew.Order{Resume: true}) })
}

// Compare compares the whole list with the group now.
func (s *Service) Compare(ctx context.Context, id string) (Connector, error) {
	return s.edit(ctx, id, func(w *worker) error { return s.move(ctx, w, w.settings, crew.Order{Compare: true}) })
}

// move keeps settings with an order, and obeys it when this process follows the
// group.
func (s *Service) move(ctx context.Context, w *worker, one settings, o crew.Order) error {
	one.Orders = one.Orders.With(w.obeyed, o)
	p := w.state().obeying(one)
	if s.crew.Working() {
		if err := shelf.Put(ctx, s.progress, w.id, p); err != nil {
			return err
		}
		w.obeyed = p.Obeyed
	}
	if err := shelf.Put(ctx, s.kept, w.id, one); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settings, w.progress = one, p
	return nil
}

func (s *Service) edit(ctx context.Context, id string, act func(*worker) error) (Connector, error) {
	w, err := s.crew.Edit(ctx, id, act)
	if err != nil {
		return Connector{}, err
	}
	return s.shape(ctx, w)
}

// Test reports whether the list is there and may be changed.
func (s *Service) Test(ctx context.Context, id string) error {
	w, err := s.crew.Find(ctx, id)
	if err != nil {
		return err
	}
	w.mu.Lock()
	to := w.destination
	w.mu.Unlock()
	return to.Check(ctx)
}

// Delete removes a connector; the list stays as it is.
func (s *Service) Delete(ctx context.Context, id string) error {
	return s.crew.Remove(ctx, id, func() error {
		if err := s.kept.Delete(ctx, id); err != nil {
			return err
		}
		return s.progress.Delete(ctx, id)
	})
}

func (s *Service) shape(ctx context.Context, w *worker) (Connector, error) {
	w.mu.Lock()
	one, p := w.settings, w.progress
	w.mu.Unlock()
	out := Connector{ID: w.id, Kind: one.Kind, Name: one.Name, Group: one.Group, Settings: s.config.Kinds[one.Kind].Shown(one.Settings), CompareHours: one.CompareHours,
		CreatedAt: one.CreatedAt, Status: following, Cursor: p.Cursor, Added: p.Added, Removed: p.Removed, KeptOut: p.KeptOut, Failures: p.Failures, LastError: p.LastError}
	switch {
	case p.Paused:
		out.Status = paused
	case p.Failures > 0:
		out.Status = retrying
		if at := muster.InstantOf(p.NextAt); time.Now().Before(p.NextAt) { // else it is being made
			out.NextAttemptAt = &at
		}
	case p.ComparedAt == 0:
		out.Status = comparing
	}
	if p.ComparedAt != 0 {
		out.ComparedAt = &p.ComparedAt
	}
	var err error
	out.Backlog, err = s.config.Source.Backlog(ctx, p.Cursor, app.ChangeFilter{Groups: []string{one.Group}})
	return out, err
}

func newID() string {
	var random [8]byte
	rand.Read(random[:]) // never fails
	return "con_" + hex.EncodeToString(random[:])
}

func invalidAt(location, message string) error {
	return &muster.Error{Code: muster.CodeInvalid, Message: message, Problems: []muster.Problem{{Location: location, Code: "invalid", Message: message}}}
}
