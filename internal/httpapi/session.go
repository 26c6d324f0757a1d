package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/auth/session"
	"github.com/muster-groups/muster/internal/auth/sso"
)

// People is how people sign in.
type People struct {
	// Demo signs everybody in as an admin who opens a page on this machine. It
	// must only be set when the server listens on a loopback address.
	Demo bool
	// OIDC is the provider of single sign-on; nil when there is none.
	OIDC *sso.Provider
	// OIDCName is what the button to it says.
	OIDCName string
	// Admission is whom the provider may bring.
	Admission app.Admission
	// PublicURL is the address under which people reach the server, without a
	// slash at the end; "" takes it from each request.
	PublicURL string
}

// Session is who is signed in.
type Session struct {
	User app.User `json:"user"`
	CSRF string   `json:"csrf" doc:"Always empty: requests from other websites are recognised by their headers."`
	Demo bool     `json:"demo" doc:"Whether this is a demonstration, which signs in by itself."`
}

// SignInMethods is how people can sign in here.
type SignInMethods struct {
	Password bool        `json:"password"`
	OIDC     *OIDCMethod `json:"oidc" doc:"Null where nobody signs in by OpenID Connect."`
	Demo     bool        `json:"demo"`
	First    bool        `json:"first" doc:"Whether nobody administers yet: the link that the server printed at its start makes the first admin."`
}

// OIDCMethod leads to the provider of single sign-on.
type OIDCMethod struct {
	Name  string `json:"name"`
	Start string `json:"start" doc:"Where a link leads to; ?to= is the path to come back to."`
}

// exchange is the request behind a typed operation, for cookies.
type exchange struct {
	w http.ResponseWriter
	r *http.Request
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) exchange {
	x, _ := ctx.Value(exchangeKey{}).(exchange)
	return x
}

// open lists the operations that need no credential, because they are how one
// is got. They refuse what another website makes a browser send.
func open() map[string]bool {
	return map[string]bool{
		"GET /api/v1/session":               true,
		"POST /api/v1/session":              true,
		"DELETE /api/v1/session":            true,
		"GET /api/v1/session/methods":       true,
		"POST /api/v1/session/link":         true,
		"POST /api/v1/session/redeem":       true,
		"GET /api/v1/session/oidc":          true,
		"GET /api/v1/session/oidc/callback": true,
	}
}

func (s *Server) registerSession() {
	register(s, operation("GET", "/session/methods", "list-sign-in-methods", "Session", "List how people can sign in"),
		func(ctx context.Context, _ *struct{}) (*output[SignInMethods], error) {
			return answer(s.signInMethods(ctx))
		})
	register(s, operation("GET", "/session", "get-session", "Session", "Show who is signed in"),
		func(ctx context.Context, _ *struct{}) (*output[Session], error) { return answer(s.currentSession(ctx)) })
	signIn := operation("POST", "/session", "sign-in", "Session", "Sign in")
	signIn.Description = "Sets the cookie of a session, which lasts 12 hours without a request and seven days at most. Guessing is slowed down per account and per address: 429 with Retry-After."
	register(s, signIn, func(ctx context.Context, in *struct{ Body app.Credentials }) (*output[Session], error) {
		x := exchangeOf(ctx)
		in.Body.Address = addressOf(x.r)
		return answer(s.begin(ctx, func() (app.SignedIn, error) { return s.app.SignIn(ctx, in.Body) }))
	})
	signOut := operation("DELETE", "/session", "sign-out", "Session", "Sign out")
	signOut.DefaultStatus = http.StatusNoContent
	register(s, signOut, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		x := exchangeOf(ctx)
		if s.sessions == nil {
			return nil, nil
		}
		return nil, s.sessions.End(x.w, x.r)
	})
	read := operation("POST", "/session/link", "read-link", "Session", "Show for whom a one-time link is")
	register(s, read, func(ctx context.Context, in *struct{ Body app.LinkToken }) (*output[app.LinkHolder], error) {
		return answer(s.app.ReadLink(ctx, in.Body))
	})
	redeem := operation("POST", "/session/redeem", "redeem-link", "Session", "Choose a password by a one-time link and sign in")
	register(s, redeem, func(ctx context.Context, in *struct{ Body app.Redemption }) (*output[Session], error) {
		return answer(s.begin(ctx, func() (app.SignedIn, error) { return s.app.Redeem(ctx, in.Body) }))
	})
	change := operation("POST", "/session/password", "change-password", "Session", "Change one's own password")
	change.Description = "All other sessions of the user end."
	register(s, change, func(ctx context.Context, in *struct{ Body app.PasswordChange }) (*output[Session], error) {
		user := principal(ctx).User
		if user == "" {
			return nil, muster.Errorf(muster.CodeConflict, "expected somebody who is signed in; a key has no password")
		}
		return answer(s.begin(ctx, func() (app.SignedIn, error) { return s.app.ChangePassword(ctx, user, in.Body) }))
	})
	s.registerOIDC()
}

func (s *Server) signInMethods(ctx context.Context) (SignInMethods, error) {
	first, err := s.app.NeedsAdmin(ctx)
	m := SignInMethods{Password: s.sessions != nil, Demo: s.people.Demo, First: first}
	if s.people.OIDC != nil && s.sessions != nil {
		m.OIDC = &OIDCMethod{Name: s.people.OIDCName, Start: "/api/v1/session/oidc"}
	}
	return m, err
}

// begin signs in whom prove answers.
func (s *Server) begin(ctx context.Context, prove func() (app.SignedIn, error)) (Session, error) {
	x := exchangeOf(ctx)
	switch {
	case s.sessions == nil:
		return Session{}, muster.Errorf(muster.CodeForbidden, "people cannot sign in to this server")
	case session.Insecure(x.r):
		return Session{}, &ProblemDocument{Status: http.StatusForbidden, Code: "insecure",
			Detail: "expected HTTPS: browsers keep nobody signed in without it, except on the machine itself"}
	}
	who, err := prove()
	if err != nil {
		return Session{}, slowedDown(err)
	}
	if err := s.sessions.Begin(x.w, x.r, session.Session{User: who.User.ID, Stamp: who.Stamp}); err != nil {
		return Session{}, err
	}
	return Session{User: who.User, Demo: s.people.Demo}, nil
}

// currentSession answers who is signed in. A demonstration signs in whoever
// opens its page on this machine.
func (s *Server) currentSession(ctx context.Context) (Session, error) {
	x := exchangeOf(ctx)
	if _, user, ok := s.signedIn(x.r); ok {
		return Session{User: user, Demo: s.people.Demo}, nil
	}
	if s.people.Demo && session.Loopback(x.r) && session.SameOrigin(x.r) {
		return s.begin(ctx, func() (app.SignedIn, error) { return s.app.DemoUser(ctx) })
	}
	return Session{}, muster.Errorf(muster.CodeUnauthorized, "nobody is signed in")
}

// signedIn answers who holds the session of a request.
func (s *Server) signedIn(r *http.Request) (app.Principal, app.User, bool) {
	if s.sessions == nil {
		return app.Principal{}, app.User{}, false
	}
	held, ok := s.sessions.Of(r)
	if !ok {
		return app.Principal{}, app.User{}, false
	}
	return s.app.Signed(r.Context(), held.User, held.Stamp)
}

// admit lets a request through that needs no credential.
func (s *Server) admit(r *http.Request) error {
	if s.sessions == nil {
		return nil
	}
	return s.sessions.CheckOrigin(r)
}

func (s *Server) registerOIDC() {
	start := operation("GET", "/session/oidc", "start-oidc", "Session", "Go to the provider of single sign-on")
	start.Description = "For the address bar of a browser, which is sent to the provider and comes back to the path that the parameter to names."
	start.Parameters = []*huma.Param{queryParam("to", "A path of this server to come back to.")}
	start.Responses = redirectAnswer()
	s.raw(&start, func(w http.ResponseWriter, r *http.Request) error {
		if s.people.OIDC == nil || s.sessions == nil {
			return muster.Errorf(muster.CodeNotFound, "there is no single sign-on here")
		}
		to, err := s.people.OIDC.Depart(w, r, s.address(r)+"/api/v1/session/oidc/callback", r.URL.Query().Get("to"), session.Secure(r))
		if err != nil {
			s.log.ErrorContext(r.Context(), "single sign-on does not work", slog.Any("error", err))
			to = "/?problem=oidc_unavailable"
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	})
	callback := operation("GET", "/session/oidc/callback", "finish-oidc", "Session", "Come back from the provider of single sign-on")
	callback.Parameters = []*huma.Param{queryParam("code", "What the provider exchanges for the person's identity."), queryParam("state", "What it was given at the departure."), queryParam("error", "Why it vouches for nobody.")}
	callback.Responses = redirectAnswer()
	s.raw(&callback, func(w http.ResponseWriter, r *http.Request) error {
		if s.people.OIDC == nil || s.sessions == nil {
			return muster.Errorf(muster.CodeNotFound, "there is no single sign-on here")
		}
		to, err := s.returned(w, r)
		if err != nil {
			to = "/?problem=" + s.oidcProblem(r.Context(), err)
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	})
}

func redirectAnswer() map[string]*huma.Response {
	return map[string]*huma.Response{"303": {Description: "Where to go on", Headers: map[string]*huma.Param{"Location": {Schema: &huma.Schema{Type: huma.TypeString}}}}}
}

// returned signs in who came back from the provider, and answers where to go on.
func (s *Server) returned(w http.ResponseWriter, r *http.Request) (string, error) {
	who, to, err := s.people.OIDC.Return(w, r, s.address(r)+"/api/v1/session/oidc/callback")
	if err != nil {
		return "", err
	}
	person, err := s.app.SignInIdentity(r.Context(), app.Identity{Issuer: who.Issuer, Subject: who.Subject, Email: who.Email,
		EmailVerified: who.EmailVerified, Name: who.Name, Roles: who.Roles}, s.people.Admission)
	if err != nil {
		return "", err
	}
	return to, s.sessions.Begin(w, r, session.Session{User: person.User.ID, Stamp: person.Stamp})
}

// oidcProblem names for the page of signing in what went wrong; the log has it
// in full where the operator can do something about it.
func (s *Server) oidcProblem(ctx context.Context, err error) string {
	switch {
	case errors.Is(err, sso.ErrRefused):
		s.log.WarnContext(ctx, "single sign-on was refused", slog.Any("error", err))
		return "oidc_refused"
	case muster.CodeOf(err) == muster.CodeForbidden:
		return "oidc_no_account"
	case muster.CodeOf(err) == muster.CodeGone:
		return "oidc_disabled"
	}
	s.log.ErrorContext(ctx, "single sign-on does not work", slog.Any("error", err))
	return "oidc_unavailable"
}

// address is under which address people reach the server.
func (s *Server) address(r *http.Request) string {
	if s.people.PublicURL != "" {
		return s.people.PublicURL
	}
	if session.HTTPS(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// addressOf answers where a request comes from. A proxy in front, which is on
// this machine or in the private network, tells it in the last entry of
// X-Forwarded-For.
func addressOf(r *http.Request) string {
	peer, _, _ := net.SplitHostPort(r.RemoteAddr)
	ip, err := netip.ParseAddr(peer)
	if err != nil || !ip.IsLoopback() && !ip.IsPrivate() {
		return peer
	}
	forwarded := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
	last := strings.TrimSpace(forwarded[strings.LastIndexByte(forwarded, ',')+1:])
	if _, err := netip.ParseAddr(last); err != nil {
		return peer
	}
	return last
}

// slowedDown tells in the answer how long to wait.
func slowedDown(err error) error {
	var wait *app.TooManyAttempts
	if !errors.As(err, &wait) {
		return err
	}
	return &ProblemDocument{Status: http.StatusTooManyRequests, Code: string(muster.CodeTooManyAttempts), Detail: wait.Error(), wait: wait.Wait}
}
