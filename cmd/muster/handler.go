package main

import (
	"log/slog"
	"net/http"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/httpapi"
	"github.com/muster-groups/muster/internal/webui"
)

// handler is everything that a server answers.
func (m *Main) handler(a *app.App) http.Handler { return m.loggedHandler(a, nil) }

func (m *Main) loggedHandler(a *app.App, log *slog.Logger) http.Handler {
	api := httpapi.New(httpapi.Config{App: a, Session: session, Logger: log})
	mux := http.NewServeMux()
	for _, path := range []string{"/api/", "/healthz", "/readyz", "/metrics"} {
		mux.Handle(path, api)
	}
	mux.Handle("/", webui.New())
	return mux
}

// session answers who is signed in. Nobody can sign in yet: there are keys only.
func session(*http.Request) (app.Principal, bool) { return app.Principal{}, false }
