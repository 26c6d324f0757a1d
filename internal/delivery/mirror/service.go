package mirror

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
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
	life           context.Context
	stop           context.CancelFunc

	mu      sync.Mutex // of the edits, which wait for workers; before a worker's mu
	started bool
	workers sync.Map // *worker by id: read without waiting for an edit
}

// most is how many connectors there may be.
const most = 100

// Open reads the connectors. Nothing is done before Start.
func Open(ctx context.Context, c Config) (*Service, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{config: c, kept: c.Documents("connector"), progress: c.Documents("connector_progress")}
	s.life, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	all, err := shelf.Read[settings](ctx, s.kept)
	if err != nil {
		return nil, err
	}
	states, err := shelf.ReadOf[progress](ctx, s.progress, all)
	if err != nil {
		return nil, err
	}
	for id, one := range all {
		w, err := s.worker(id, one, states[id])
		if err != nil {
			return nil, err
		}
		s.workers.Store(id, w)
	}
	return s, nil
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
func (s *Service) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started = true
	for _, w := range s.all() {
		w.start(s.life)
	}
}

// Close ends what is under way and waits for it.
func (s *Service) Close() {
	s.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started = false
	for _, w := range s.all() {
		w.task.Halt()
	}
}

func (s *Service) all() (out []*worker) {
	s.workers.Range(func(_, w any) bool { out = append(out, w.(*worker)); return true })
	return out
}

func (s *Service) find(id string) (*worker, error) {
	if w, known := s.workers.Load(id); known {
		return w.(*worker), nil
	}
	return nil, muster.Errorf(muster.CodeNotFound, "there is no connector %s", id)
}

// List answers the connectors, oldest first.
func (s *Service) List(ctx context.Context) ([]Connector, error) {
	out := []Connector{}
	for _, w := range s.all() {
		shown, err := s.shape(ctx, w)
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	slices.SortFunc(out, func(x, y Connector) int {
		return cmp.Or(cmp.Compare(x.CreatedAt, y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return out, nil
}

// Get answers a connector.
func (s *Service) Get(ctx context.Context, id string) (Connector, error) {
	w, err := s.find(id)
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
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all()) >= most {
		return Connector{}, muster.Errorf(muster.CodeConflict, "there are %d connectors already, which is the most there may be", most)
	}
	w, err := s.worker(newID(), one, progress{Paused: in.Paused})
	if err != nil {
		return Connector{}, err
	}
	if err := shelf.Put(ctx, s.progress, w.id, w.progress); err != nil {
		return Connector{}, err
	}
	if err := shelf.Put(ctx, s.kept, w.id, one); err != nil {
		return Connector{}, err
	}
	s.workers.Store(w.id, w)
	if s.started {
		w.start(s.life)
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
		if err := shelf.Put(ctx, s.kept, id, one); err != nil {
			return err
		}
		w.mu.Lock()
		w.settings, w.destination = one, destination
		w.mu.Unlock()
		return s.move(ctx, w, func(p *progress) { p.ComparedAt = 0 })
	})
}

// Pause leaves the list alone until the connector is resumed.
func (s *Service) Pause(ctx context.Context, id string) (Connector, error) {
	return s.edit(ctx, id, func(w *worker) error { return s.move(ctx, w, func(p *progress) { p.Paused = true }) })
}

// Resume goes on, at once.
func (s *Service) Resume(ctx context.Context, id string) (Connector, error) {
	return s.edit(ctx, id, func(w *worker) error { return s.move(ctx, w, func(p *progress) { p.Paused = false }) })
}

// Compare compares the whole list with the group now.
func (s *Service) Compare(ctx context.Context, id string) (Connector, error) {
	return s.edit(ctx, id, func(w *worker) error { return s.move(ctx, w, func(p *progress) { p.ComparedAt = 0 }) })
}

// move writes other progress down; what is tried again is tried at once.
func (s *Service) move(ctx context.Context, w *worker, to func(*progress)) error {
	p := w.state()
	p.failures, p.nextAt, p.lastError = 0, time.Time{}, ""
	to(&p)
	if err := shelf.Put(ctx, s.progress, w.id, p); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.progress = p
	return nil
}

func (s *Service) edit(ctx context.Context, id string, act func(*worker) error) (Connector, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.find(id)
	if err != nil {
		return Connector{}, err
	}
	w.task.Halt()
	err = act(w)
	if s.started {
		w.start(s.life)
	}
	if err != nil {
		return Connector{}, err
	}
	return s.shape(ctx, w)
}

// Test reports whether the list is there and may be changed.
func (s *Service) Test(ctx context.Context, id string) error {
	w, err := s.find(id)
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
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.find(id)
	if err != nil {
		return err
	}
	w.task.Halt()
	s.workers.Delete(id)
	if err := s.kept.Delete(ctx, id); err != nil {
		return err
	}
	return s.progress.Delete(ctx, id)
}

func (s *Service) shape(ctx context.Context, w *worker) (Connector, error) {
	w.mu.Lock()
	one, p := w.settings, w.progress
	w.mu.Unlock()
	out := Connector{ID: w.id, Kind: one.Kind, Name: one.Name, Group: one.Group, Settings: s.config.Kinds[one.Kind].Shown(one.Settings), CompareHours: one.CompareHours,
		CreatedAt: one.CreatedAt, Status: following, Cursor: p.Cursor, Added: p.Added, Removed: p.Removed, KeptOut: p.KeptOut, Failures: p.failures, LastError: p.lastError}
	switch {
	case p.Paused:
		out.Status = paused
	case p.failures > 0:
		out.Status = retrying
		if at := muster.InstantOf(p.nextAt); time.Now().Before(p.nextAt) { // else it is being made
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
