// Package app holds the use cases of Muster, one file each: what a caller can
// ask, with whose authority, and what the answer looks like. It turns input
// into the roster's changes and the store's facts into answers.
//
// It is transport-free: it knows no HTTP, no command line and no concrete
// store. Its errors are *muster.Error, located by JSON Pointer where the input
// is to blame.
package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
)

// Limits bound what one request may carry. A zero member is the default.
type Limits struct {
	ActivitiesPerRequest  int // items of POST /activities; 1,000
	AttributesPerActivity int // 100
	LineBytes             int // one line of a bulk load; 262,144
	BatchItems            int // items of a bulk load per commit; 1,000
	SamplesPerPreview     int // contacts named in a preview; 20
	// ContactsPerEstimate is how many contacts an estimate looks at, about; 0 is 4,000
	// on a store that others share and all on one that is this process's alone.
	ContactsPerEstimate int
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		member *int
		value  int
	}{
		{&l.ActivitiesPerRequest, 1000}, {&l.AttributesPerActivity, 100},
		{&l.LineBytes, 256 << 10}, {&l.BatchItems, 1000}, {&l.SamplesPerPreview, 20},
	} {
		if *d.member == 0 {
			*d.member = d.value
		}
	}
	return l
}

// Config is what an App needs. Roster is required.
type Config struct {
	Roster *roster.Roster
	// Manual is the clock when time moves only by request; nil otherwise.
	Manual *ManualClock
	// AdminKey is a bootstrap API key with the role admin; "" is none.
	AdminKey string
	// Version is what the program calls itself.
	Version string
	Limits  Limits
	// Collection is how messages of tracking SDKs are taken in.
	Collection Collection
	// Files keeps files that are being imported: the store itself, where others
	// share it. Without it nothing can be imported.
	Files store.Files
	// ReadOnly says why the store refuses to be written to; nil when it does not.
	ReadOnly error
	Logger   *slog.Logger
}

// App answers every use case. It is safe for concurrent use.
type App struct {
	roster   *roster.Roster
	manual   *ManualClock
	version  string
	limits   Limits
	log      *slog.Logger
	keys     keyring
	users    people
	counters Counters
	sizes    sizes
	live     broadcast
	imports  imports
	erased   erasedContacts
	// collection takes messages of tracking SDKs in.
	collection collection
	started    time.Time
	readOnly   error

	// life ends with Close; work is what runs in the background until then.
	life context.Context
	stop context.CancelFunc
	work sync.WaitGroup
	// waits ends with EndWaits, before life.
	waits    context.Context
	endWaits context.CancelFunc
}

// New makes an App and reads the API keys.
func New(ctx context.Context, c Config) (*App, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	a := &App{roster: c.Roster, manual: c.Manual, version: c.Version, limits: c.Limits.withDefaults(), log: c.Logger, started: time.Now(), readOnly: c.ReadOnly}
	a.life, a.stop = context.WithCancel(context.WithoutCancel(ctx))
	a.waits, a.endWaits = context.WithCancel(a.life)
	a.openUsers()
	a.imports.files = c.Files
	a.collection.open(c.Collection)
	if err := a.loadKeys(ctx, c.AdminKey); err != nil {
		a.stop()
		return nil, err
	}
	return a, nil
}

// EndWaits answers whoever waits for something to happen, now and from now on,
// as if the time to wait were over. Everything else goes on.
func (a *App) EndWaits() { a.endWaits() }

// Waits reports whether it is of any use to ask again for what has not happened yet.
func (a *App) Waits() bool { return a.waits.Err() == nil }

// Close ends what runs in the background and waits for it. The roster stays open.
func (a *App) Close() {
	a.stop()
	a.work.Wait()
}

// Version is what the program calls itself.
func (a *App) Version() string { return a.version }

// Limits answers the limits in force.
func (a *App) Limits() Limits { return a.limits }

func (a *App) store() store.Store { return a.roster.Store() }

func (a *App) schema() *muster.Schema { return a.roster.State().Schema }

// view runs fn over one consistent state.
func (a *App) view(ctx context.Context, fn func(store.View) error) error {
	return a.store().View(ctx, fn)
}

// group answers a group's definition, CodeNotFound when there is none.
func (a *App) group(code string) (*muster.Group, error) {
	if g := a.roster.State().Groups[code]; g != nil {
		return g, nil
	}
	return nil, muster.Errorf(muster.CodeNotFound, "there is no group %s", code)
}

// Counters answers the App's counters.
func (a *App) Counters() *Counters { return &a.counters }

// Apply applies a batch that was made in this process, such as the traffic of a
// demonstration, as if a request had brought it.
func (a *App) Apply(ctx context.Context, batch muster.Batch) (muster.BatchResult, error) {
	return a.apply(ctx, batch)
}

// apply hands a batch to the roster and counts what became of it.
func (a *App) apply(ctx context.Context, batch muster.Batch) (muster.BatchResult, error) {
	started := time.Now()
	result, err := a.roster.Apply(ctx, batch)
	if err != nil {
		return result, err
	}
	c := &a.counters
	c.mu.Lock()
	c.note(result, time.Now().Unix())
	observe := c.observer
	c.mu.Unlock()
	if observe != nil {
		observe(time.Since(started), len(result.Items))
	}
	a.live.publish(batch, result)
	return result, nil
}
