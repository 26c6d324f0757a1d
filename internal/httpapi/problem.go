package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// ProblemDocument is an error as the API answers it: a problem document of RFC 9457
// with a stable code and the places that are wrong.
type ProblemDocument struct {
	Type   string           `json:"type" doc:"A URN that names the kind of problem."`
	Title  string           `json:"title" doc:"The meaning of the status."`
	Status int              `json:"status"`
	Detail string           `json:"detail" doc:"What was expected, in a sentence."`
	Code   string           `json:"code" doc:"A stable name that programs may rely on."`
	Kept   string           `json:"kept,omitempty" doc:"What became of a request that would have written: what was kept of it."`
	Errors []muster.Problem `json:"errors,omitempty" doc:"Each place of the input that is wrong, by JSON Pointer; parameters of the query and path by their name."`

	wait time.Duration // before the next attempt; 0 is a second
	bare bool          // without the header that says how to authenticate
}

// Error answers the detail.
func (p *ProblemDocument) Error() string { return p.Detail }

// GetStatus answers the HTTP status.
func (p *ProblemDocument) GetStatus() int { return p.Status }

// ContentType is that of problem documents, whatever was negotiated.
func (p *ProblemDocument) ContentType(string) string { return "application/problem+json" }

// GetHeaders answers the headers that go with the status.
func (p *ProblemDocument) GetHeaders() http.Header {
	h := http.Header{}
	switch p.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		h.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(p.wait.Seconds())))))
	case http.StatusUnauthorized:
		if !p.bare {
			h.Set("WWW-Authenticate", `Bearer realm="muster"`)
		}
	}
	return h
}

func (p *ProblemDocument) complete() *ProblemDocument {
	p.Type, p.Title = "urn:muster:problem:"+p.Code, http.StatusText(p.Status)
	return p
}

// statusOf is the one place where errors become HTTP statuses.
func statusOf(e *muster.Error) int {
	switch e.Code {
	case muster.CodeInvalid:
		if slices.ContainsFunc(e.Problems, func(p muster.Problem) bool { return p.Code == "invalid_json" || p.Code == "trailing_data" }) {
			return http.StatusBadRequest
		}
		return http.StatusUnprocessableEntity
	case muster.CodeCycle:
		return http.StatusUnprocessableEntity
	case muster.CodeUnauthorized:
		return http.StatusUnauthorized
	case muster.CodeForbidden:
		return http.StatusForbidden
	case muster.CodeNotFound:
		return http.StatusNotFound
	case muster.CodeConflict, muster.CodeLastAdmin, muster.CodeEmailTaken, muster.CodeExternalTaken, muster.CodeInUse:
		return http.StatusConflict
	case muster.CodeGone, muster.CodeHistoryExpired:
		return http.StatusGone
	case muster.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case muster.CodeOverloaded, muster.CodeTooManyAttempts:
		return http.StatusTooManyRequests
	case muster.CodeUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// problem translates an error; what was not meant to be shown is logged and
// answered as an internal error.
func (s *Server) problem(ctx context.Context, err error) *ProblemDocument {
	var p *ProblemDocument
	if errors.As(err, &p) {
		return p.complete()
	}
	if ctx.Err() != nil {
		err = &muster.Error{Code: muster.CodeUnavailable, Message: "the request was given up before its answer was ready", Err: err}
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = muster.Errorf(muster.CodeTooLarge, "expected a body of at most %d bytes", tooLarge.Limit)
	}
	var e *muster.Error
	if !errors.As(err, &e) || e.Code == muster.CodeInternal {
		s.log.ErrorContext(ctx, "a request failed", slog.Any("error", err))
		e = muster.Errorf(muster.CodeInternal, "something went wrong on the server; its log says what")
	}
	p = &ProblemDocument{Status: statusOf(e), Code: string(e.Code), Detail: e.Message, Errors: e.Problems}
	if e.Code == muster.CodeInvalid && len(e.Problems) == 1 {
		p.Detail = e.Problems[0].Message // it says more than a word on the whole
	}
	return p.complete()
}

// fail answers an error outside of a typed operation.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(r.Context(), err)
	p.tellKept(r.Method, operationPath(r))
	writeProblem(w, p)
}

// operationPath is the path of the operation that took the request, "" when none did.
func operationPath(r *http.Request) string {
	_, path, _ := strings.Cut(r.Pattern, " ")
	return path
}

// tellKept says what became of a request that would have written. An error on
// the server's side says nothing: whether it came before or after the commit is
// not known.
func (p *ProblemDocument) tellKept(method, path string) {
	roles, known := permissions()[method+" "+path]
	if p.Kept == "" && p.Status < 500 && known && method != http.MethodGet && !roles.has(app.RoleRead) {
		p.Kept = "nothing: the request changed nothing"
	}
}

func writeProblem(w http.ResponseWriter, p *ProblemDocument) {
	p.complete()
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a client that went away needs no answer
}
