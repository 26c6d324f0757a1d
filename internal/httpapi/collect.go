package httpapi

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/snippet"
)

// The collection API stands outside of /api/v1: its paths, credentials and
// answers are those of the Segment HTTP tracking specification.

// maxCollected bounds the body of a call, unpacked. SDKs send up to 500 kB.
const maxCollected = 1 << 20

func (s *Server) registerCollection() {
	for _, step := range []string{
		"identify", "track", "page", "screen", "alias", "group", "batch", "import", "i", "t", "p", "s", "a", "g", "b",
	} {
		s.collection("POST /v1/"+step, func(w http.ResponseWriter, r *http.Request) error {
			call, _ := app.CollectCall(step)
			body, err := collected(w, r)
			if err != nil {
				return err
			}
			out, err := s.app.Collect(r.Context(), writeKey(r), call, body)
			if err != nil {
				return err
			}
			return writeJSON(w, out)
		})
	}
	// What the snippet asks for, and analytics.js when its CDN is set to this server.
	s.collection("POST /v1/groups", s.visitorGroups)
	s.collection("GET /v1/projects/{key}/settings", s.sourceSettings)
	// analytics.js counts what it does and reports it; nothing here counts along.
	s.collection("POST /v1/m", func(w http.ResponseWriter, _ *http.Request) error {
		return writeJSON(w, app.CollectAnswer{Success: true})
	})
	script := snippet.New()
	s.mux.Handle("GET /muster.js", script)
	s.mux.Handle("GET /v1/muster.js", script)
	s.mux.HandleFunc("OPTIONS /v1/", preflight)
	s.mux.HandleFunc("/v1/", s.nothingCollected)
}

// collection registers a call that any website may make.
func (s *Server) collection(pattern string, handler func(http.ResponseWriter, *http.Request) error) {
	s.mux.HandleFunc(pattern, s.metrics.measured(pattern, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cache-Control", "no-store")
		if err := handler(w, r); err != nil {
			s.refuseCollection(w, r, err)
		}
	}))
}

// refuseCollection answers an error. The key is asked for as Basic
// authentication, but not by a header that makes browsers ask people for it.
func (s *Server) refuseCollection(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(r.Context(), err)
	if p.Status < http.StatusInternalServerError {
		p.Kept = "nothing: the request changed nothing"
	}
	p.bare = true
	writeProblem(w, p)
}

// preflight lets every website call: what is written needs a write key, and no
// cookie is looked at.
func preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	allowed := "Authorization, Content-Type, Content-Encoding"
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
		allowed = asked
	}
	h.Set("Access-Control-Allow-Headers", allowed)
	h.Set("Access-Control-Max-Age", "7200")
	h.Add("Vary", "Access-Control-Request-Headers")
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) nothingCollected(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	s.refuseCollection(w, r, muster.Errorf(muster.CodeNotFound, "there is nothing at %s %s; the calls are POST to /v1/identify, track, page, screen, alias, group and batch", r.Method, r.URL.Path))
}

// writeKey is the key in the request's header; "" when it is not there.
func writeKey(r *http.Request) string {
	if user, password, ok := r.BasicAuth(); ok {
		if user == "" {
			return password
		}
		return user
	}
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(key)
	}
	return ""
}

// collected reads a body, packed or not.
func collected(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body := http.MaxBytesReader(w, r.Body, maxCollected)
	if !strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
		read, err := io.ReadAll(body)
		return read, readError(err)
	}
	unpacked, err := gzip.NewReader(body)
	if err != nil {
		return nil, notPacked(err)
	}
	read, err := io.ReadAll(io.LimitReader(unpacked, maxCollected+1))
	switch {
	case err != nil:
		return nil, notPacked(err)
	case len(read) > maxCollected:
		return nil, &http.MaxBytesError{Limit: maxCollected}
	}
	return read, nil
}

func notPacked(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return &muster.Error{Code: muster.CodeInvalid, Message: "expected a body packed with gzip, as Content-Encoding says", Err: err,
		Problems: []muster.Problem{{Code: "invalid_json", Message: "expected a body packed with gzip, as Content-Encoding says"}}}
}

// visitorGroups answers the groups of a visitor that are shown to websites.
func (s *Server) visitorGroups(w http.ResponseWriter, r *http.Request) error {
	body, err := collected(w, r)
	if err != nil {
		return err
	}
	var in struct {
		WriteKey    string `json:"writeKey"`
		AnonymousID string `json:"anonymousId"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return &muster.Error{Code: muster.CodeInvalid, Message: "expected writeKey and anonymousId", Err: err,
			Problems: []muster.Problem{{Code: "invalid_json", Message: "expected writeKey and anonymousId"}}}
	}
	key := writeKey(r)
	if key == "" {
		key = in.WriteKey
	}
	groups, err := s.app.VisitorGroups(r.Context(), key, in.AnonymousID)
	if err != nil {
		return err
	}
	return writeJSON(w, map[string][]string{"groups": groups})
}

// sourceSettings answers what analytics.js asks its CDN for: that events go to
// this server, and to nobody else.
func (s *Server) sourceSettings(w http.ResponseWriter, r *http.Request) error {
	base, secure := s.people.PublicURL, r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
	protocol, host := "http", r.Host
	if secure {
		protocol = "https"
	}
	if scheme, rest, ok := strings.Cut(base, "://"); ok {
		protocol, host = scheme, rest
	}
	return writeJSON(w, map[string]any{
		"integrations": map[string]any{"Segment.io": map[string]any{
			"apiKey": r.PathValue("key"), "apiHost": host + "/v1", "protocol": protocol, "type": "server",
			"bundlingStatus": "bundled", "unbundledIntegrations": []string{},
		}},
		"plan":    map[string]any{"track": map[string]any{}, "identify": map[string]any{}, "group": map[string]any{}},
		"metrics": map[string]any{"sampleRate": 0, "host": host + "/v1"},
	})
}
