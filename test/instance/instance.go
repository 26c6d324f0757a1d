// Package instance is a whole Muster inside a test or an example: the API, over
// HTTP, before the embedded store in a directory of its own. It must not know
// what is asked of it.
package instance

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/httpapi"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded"
	"github.com/muster-groups/muster/internal/store/folder"
)

// Start is when time stands still in an Instance: Monday, 2 March 2026, 9:00 UTC.
var Start = muster.InstantOf(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))

// Instance is a running Muster. URL is where, Key an API key with all rights.
type Instance struct {
	URL, Key string

	dir    string
	store  store.Store
	roster *roster.Roster
	app    *app.App
	server *httptest.Server
}

// New starts one. The caller closes it.
func New(ctx context.Context) (*Instance, error) {
	i := &Instance{Key: "the-key-of-an-instance-for-tests"}
	if err := i.open(ctx); err != nil {
		return nil, errors.Join(err, i.Close())
	}
	return i, nil
}

func (i *Instance) open(ctx context.Context) (err error) {
	if i.dir, err = os.MkdirTemp("", "muster-instance-"); err != nil {
		return err
	}
	opened, err := embedded.Open(ctx, i.dir, embedded.Options{})
	if err != nil {
		return err
	}
	i.store = opened
	clock := app.NewManualClock(Start)
	if i.roster, err = roster.Open(ctx, i.store, roster.Options{Clock: clock, Manual: true, ServerZone: time.UTC}); err != nil {
		return err
	}
	files, err := folder.Open(filepath.Join(i.dir, "imports"))
	if err != nil {
		return err
	}
	if i.app, err = app.New(ctx, app.Config{Roster: i.roster, Files: files, Manual: clock, AdminKey: i.Key, Version: "test"}); err != nil {
		return err
	}
	i.server = httptest.NewServer(httpapi.New(httpapi.Config{App: i.app}))
	i.URL = i.server.URL
	return nil
}

// Close ends it and removes what it kept.
func (i *Instance) Close() error {
	var errs []error
	if i.app != nil {
		i.app.Close()
	}
	if i.server != nil {
		i.server.Close()
	}
	if i.roster != nil {
		errs = append(errs, i.roster.Close())
	}
	if i.store != nil {
		errs = append(errs, i.store.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(i.dir))...)
}
