// Package httpapi is the REST API: it translates HTTP to the use cases of
// package app and their answers and errors back. It generates the OpenAPI
// document from the same registrations that serve the requests.
//
// It decides nothing: who may call what stands in one table (permission.go),
// which error becomes which status in one place (problem.go), and meaning is
// left to app. It must not know the roster, stores or how conditions work.
package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/auth/session"
	"github.com/muster-groups/muster/internal/delivery/mirror"
	"github.com/muster-groups/muster/internal/delivery/webhook"
)

// Config is what the API needs. App is required.
type Config struct {
	App *app.App
	// People lets people sign in; nil takes keys only.
	People *People
	// Webhooks tell other systems of changes; nil delivers none.
	Webhooks *webhook.Service
	// Connectors keep lists in other systems; nil keeps none.
	Connectors *mirror.Service
	// MaxBody bounds a request's body in bytes, except the streams of POST
	// /changes. 0 is 8 MiB.
	MaxBody int64
	// Logger is told what went wrong on the server's side. Nil is silent.
	Logger *slog.Logger
}

// Server is the API as an http.Handler.
type Server struct {
	app *app.App
	// sessions and people are how people sign in; sessions is nil when they cannot.
	sessions   *session.Sessions
	people     People
	webhooks   *webhook.Service
	connectors *mirror.Service
	maxBody    int64
	log        *slog.Logger
	mux        *http.ServeMux
	api        huma.API
	metrics    *metrics
	openapi    []byte
}

// New makes the API: /api/v1, /api/openapi.json, /api/docs, /healthz, /readyz
// and /metrics.
func New(c Config) *Server {
	s := &Server{app: c.App, webhooks: c.Webhooks, connectors: c.Connectors, maxBody: c.MaxBody, log: c.Logger, mux: http.NewServeMux()}
	if s.maxBody == 0 {
		s.maxBody = 8 << 20
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if c.People != nil {
		s.people, s.sessions = *c.People, session.New(c.App.SessionDocuments(), s.log)
	}
	s.metrics = newMetrics(c.App)
	s.api = huma.NewAPI(apiConfig(c.App.Version()), humago.NewAdapter(guardedMux{s}, ""))
	s.registerContacts()
	s.registerActivities()
	s.registerGroups()
	s.registerMembers()
	s.registerChanges()
	s.registerWebhooks()
	s.registerRetention()
	s.registerConnectors()
	s.registerConditions()
	s.registerComparisons()
	s.registerDefinitions()
	s.registerImports()
	s.registerAdministration()
	s.registerUsers()
	s.registerSession()
	s.registerHealth()
	s.registerCollection()
	s.describe()
	s.mux.HandleFunc("/api/", s.nothingHere)
	return s
}

// OpenAPI answers the OpenAPI 3.1 document as JSON.
func (s *Server) OpenAPI() []byte { return s.openapi }

// ServeHTTP answers a request. A panic becomes a 500 and is logged.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		switch reason := recover(); {
		case reason == nil:
		case reason == http.ErrAbortHandler:
			panic(reason) // ends a stream that cannot be finished
		default:
			s.log.ErrorContext(r.Context(), "a request panicked", slog.String("method", r.Method), slog.String("pattern", r.Pattern), slog.Any("reason", reason))
			s.fail(w, r, errors.New("panic"))
		}
	}()
	w.Header().Set("X-Content-Type-Options", "nosniff")
	s.mux.ServeHTTP(w, r)
}

// guardedMux lets a request through to its operation only with a credential
// whose role the table of permissions names.
type guardedMux struct{ *Server }

// HandleFunc registers an operation under its pattern, "METHOD /path".
func (m guardedMux) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	roles, known := permissions()[pattern]
	public := open()[pattern]
	if !known && !public {
		panic("httpapi: the table of permissions has no row for " + pattern)
	}
	m.mux.HandleFunc(pattern, m.metrics.measured(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := m.app.Refresh(r.Context()); err != nil {
			m.fail(w, r, err)
			return
		}
		if public {
			if err := m.admit(r); err != nil {
				m.fail(w, r, err)
				return
			}
			handler(w, r.WithContext(context.WithValue(r.Context(), exchangeKey{}, exchange{w, r})))
			return
		}
		who, err := m.authenticate(r)
		if err == nil && !roles.has(who.Role) {
			err = muster.Errorf(muster.CodeForbidden, "expected the role %s, found %s", roles, who.Role)
		}
		if err != nil {
			m.fail(w, r, err)
			return
		}
		ctx := context.WithValue(r.Context(), exchangeKey{}, exchange{w, r})
		handler(w, r.WithContext(context.WithValue(ctx, principalKey{}, who)))
	}))
}

type principalKey struct{}

// principal answers who makes the request; guardedMux has put it there.
func principal(ctx context.Context) app.Principal {
	who, _ := ctx.Value(principalKey{}).(app.Principal)
	return who
}

func (s *Server) authenticate(r *http.Request) (app.Principal, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		if who, _, ok := s.signedIn(r); ok {
			// A browser sends the cookie whoever asks it to; a key only its owner.
			return who, s.sessions.CheckOrigin(r)
		}
	}
	scheme, key, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return app.Principal{}, muster.Errorf(muster.CodeUnauthorized, "expected somebody who is signed in, or an API key, as Authorization: Bearer KEY")
	}
	return s.app.Authenticate(r.Context(), strings.TrimSpace(key))
}

// raw registers an operation that reads and writes HTTP by itself: the hot
// ones, which spare themselves reflection, and the streams.
func (s *Server) raw(op *huma.Operation, handler func(w http.ResponseWriter, r *http.Request) error) {
	complete(op)
	s.api.OpenAPI().AddOperation(op)
	guardedMux{s}.HandleFunc(op.Method+" "+op.Path, func(w http.ResponseWriter, r *http.Request) {
		if err := handler(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// register registers an operation with typed input and output.
func register[I, O any](s *Server, op huma.Operation, handler func(context.Context, *I) (*O, error)) {
	complete(&op)
	op.MaxBodyBytes = s.maxBody
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// nothingHere answers requests that no operation takes.
func (s *Server) nothingHere(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "/api/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		writeProblem(w, &ProblemDocument{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Detail: "expected " + strings.Join(allowed, " or ") + " here, found " + r.Method})
		return
	}
	s.fail(w, r, muster.Errorf(muster.CodeNotFound, "there is nothing at %s; see /api/docs", r.URL.Path))
}
