package httpapi

import (
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// registerHealth serves what operators and load balancers ask, without a
// credential and outside of /api/v1.
func (s *Server) registerHealth() {
	s.mux.HandleFunc("GET /healthz", healthy)
	s.mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ready := s.app.Ready(r.Context())
		w.Header().Set("Content-Type", "application/json")
		if ready.Status == "failed" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		// A wrong clock is a warning: changes are taken, time stands still.
		_ = writeJSON(w, ready)
	})
	s.mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
}

func healthy(w http.ResponseWriter, _ *http.Request) {
	_ = writeJSON(w, map[string]string{"status": "alive"})
}

// Starting answers while the store is being read and there is no App yet:
// alive, not ready, and 503 to everything else.
func Starting() http.Handler {
	return notYet("starting", "the store is being read", "the server is starting; try again in a second")
}

// Away answers while there is no App because the database cannot be used, for
// the reason given: alive, not ready, and 503 to everything else.
func Away(why string) http.Handler {
	return notYet("away", why, why)
}

// Leaving tells who asks whether this server is ready that it is not any more:
// it still answers, and is to be asked no more.
func Leaving(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusServiceUnavailable)
	_ = writeJSON(w, map[string]string{"status": "leaving", "message": "the server has been told to stop and still answers for a moment"})
}

func notYet(status, message, why string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", healthy)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		_ = writeJSON(w, map[string]string{"status": status, "message": message})
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/v1/") {
			writeProblem(w, &ProblemDocument{Status: http.StatusServiceUnavailable, Code: "unavailable", Detail: why})
			return
		}
		w.Header().Set("Retry-After", "1")
		http.Error(w, "Muster cannot answer yet: "+why, http.StatusServiceUnavailable)
	})
	return mux
}
