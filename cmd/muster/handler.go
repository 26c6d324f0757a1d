package main

import (
	"log/slog"
	"net/http"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/httpapi"
)

// handler is everything that a server answers.
func (m *Main) handler(a *app.App) http.Handler { return m.loggedHandler(a, nil) }

func (m *Main) loggedHandler(a *app.App, log *slog.Logger) http.Handler {
	api := httpapi.New(httpapi.Config{App: a, Session: session, Logger: log})
	mux := http.NewServeMux()
	for _, path := range []string{"/api/", "/healthz", "/readyz", "/metrics"} {
		mux.Handle(path, api)
	}
	mux.Handle("/", interfaceForPeople())
	return mux
}

// session answers who is signed in. Nobody can sign in yet: there are keys only.
func session(*http.Request) (app.Principal, bool) { return app.Principal{}, false }

// interfaceForPeople is what a browser gets at /.
func interfaceForPeople() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write([]byte(welcome)) // a client that went away needs no page
	})
}

const welcome = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Muster</title>
<style>body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem } code { background: #eee; padding: .1em .3em }</style>
<h1>Muster is running</h1>
<p>It keeps contact groups true: contacts and what they do come in, groups are described with conditions, and Muster knows who is in which group and why.</p>
<ul>
<li><a href="/api/docs">The REST API</a>, also as <a href="/api/openapi.json">OpenAPI</a></li>
<li><code>muster groups</code>, <code>muster explain</code>, <code>muster import</code> and more on the command line: <code>muster --help</code></li>
<li><a href="/readyz">Readiness</a> and <a href="/metrics">metrics</a></li>
</ul>
</html>
`
