// Package session keeps people signed in: a random token in a cookie, and a
// durable record of whose it is, so that a restart of the server signs nobody
// out. It also refuses what another website makes a browser send.
//
// It must not know what users are or may do: a session is an id and a stamp,
// and whoever reads it decides what they are worth.
package session

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/auth"
)

// How long a session lasts.
const (
	Idle     = 12 * time.Hour     // without a request
	Lifetime = 7 * 24 * time.Hour // whatever happens
)

// The names of the cookie. The prefix makes browsers insist that it was set by
// this host, over HTTPS, for all paths.
const (
	secureCookie   = "__Host-muster_session"
	loopbackCookie = "muster_session"
)

// The keys of what a session holds.
const (
	keyUser  = "user"
	keyStamp = "stamp"
)

// Session is whose session it is, and the user's stamp when it began: a user
// whose stamp has changed since must sign in again.
type Session struct{ User, Stamp string }

// Sessions begins, finds and ends sessions. It is safe for concurrent use.
type Sessions struct {
	scs    *scs.SessionManager
	origin *http.CrossOriginProtection
	log    *slog.Logger
}

// New makes Sessions over the documents that hold them.
func New(documents auth.Documents, log *slog.Logger) *Sessions {
	// Not scs.New, which would start a store in memory with a goroutine of its own.
	manager := &scs.SessionManager{
		Lifetime: Lifetime, HashTokenInStore: true, Codec: scs.GobCodec{},
		Store: &store{shelf: auth.NewShelf[record](documents)},
	}
	return &Sessions{scs: manager, origin: http.NewCrossOriginProtection(), log: log}
}

// Begin ends the session that a request came with and begins another one under
// a new token.
func (s *Sessions) Begin(w http.ResponseWriter, r *http.Request, session Session) error {
	if err := s.end(r); err != nil {
		return err
	}
	ctx, err := s.scs.Load(r.Context(), "")
	if err != nil {
		return err
	}
	s.scs.Put(ctx, keyUser, session.User)
	s.scs.Put(ctx, keyStamp, session.Stamp)
	token, expiry, err := s.scs.Commit(ctx)
	if err != nil {
		return err
	}
	http.SetCookie(w, cookie(r, token, expiry))
	return nil
}

// Of answers the session of a request, which counts as its use. Whatever is not
// right about a cookie is no session; trouble of the store is logged.
func (s *Sessions) Of(r *http.Request) (Session, bool) {
	token := tokenOf(r)
	if token == "" {
		return Session{}, false
	}
	ctx, err := s.scs.Load(r.Context(), token)
	if err != nil {
		s.log.ErrorContext(r.Context(), "a session was not found out", slog.Any("error", err))
		return Session{}, false
	}
	found := Session{s.scs.GetString(ctx, keyUser), s.scs.GetString(ctx, keyStamp)}
	return found, found.User != ""
}

// End ends the session of a request and takes the cookie back.
func (s *Sessions) End(w http.ResponseWriter, r *http.Request) error {
	err := s.end(r)
	gone := cookie(r, "", time.Unix(1, 0))
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	return err
}

func (s *Sessions) end(r *http.Request) error {
	token := tokenOf(r)
	if token == "" {
		return nil
	}
	ctx, err := s.scs.Load(context.WithoutCancel(r.Context()), token)
	if err != nil {
		return err
	}
	return s.scs.Destroy(ctx)
}

// CheckOrigin refuses an unsafe request that a browser sends for another website.
func (s *Sessions) CheckOrigin(r *http.Request) error {
	if err := s.origin.Check(r); err != nil {
		return &muster.Error{Code: muster.CodeForbidden, Message: "expected a request from Muster's own pages, found one from another site", Err: err}
	}
	return nil
}

// SameOrigin reports whether a browser says that a page of this very server
// makes the request.
func SameOrigin(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Site") == "same-origin" }

// Loopback reports whether a page on this machine makes a request from this
// machine: not another website that merely resolves to it, nor somebody else
// through a proxy that stands here.
func Loopback(r *http.Request) bool {
	from, _, _ := net.SplitHostPort(r.RemoteAddr)
	ip, err := netip.ParseAddr(from)
	if err != nil || !ip.Unmap().IsLoopback() || !loopbackHost(r.Host) {
		return false
	}
	for _, sign := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(sign) != "" {
			return false
		}
	}
	page, err := url.Parse(r.Header.Get("Referer"))
	return err == nil && loopbackHost(page.Host)
}

// Insecure reports whether a browser would drop the cookie: it keeps a secure
// one only over HTTPS, or from this machine. A proxy in front may speak HTTPS;
// browsers tell by the origin.
func Insecure(r *http.Request) bool {
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && origin.Scheme == "http" && !loopbackHost(r.Host)
}

// HTTPS reports whether the browser reached the server by HTTPS, as far as is known.
func HTTPS(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") || strings.HasPrefix(r.Header.Get("Origin"), "https://")
}

// Secure reports whether cookies are ones for HTTPS: always, except on this
// machine without it.
func Secure(r *http.Request) bool { return HTTPS(r) || !loopbackHost(r.Host) }

func loopbackHost(hostPort string) bool {
	host := (&url.URL{Host: hostPort}).Hostname()
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func tokenOf(r *http.Request) string {
	for _, name := range []string{secureCookie, loopbackCookie} {
		if name == loopbackCookie && !loopbackHost(r.Host) {
			continue // a plain cookie counts on this machine only
		}
		if c, err := r.Cookie(name); err == nil {
			return c.Value
		}
	}
	return ""
}

func cookie(r *http.Request, token string, expiry time.Time) *http.Cookie {
	c := &http.Cookie{Name: loopbackCookie, Value: token, Path: "/", Expires: expiry, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if Secure(r) {
		c.Name, c.Secure = secureCookie, true
	}
	return c
}
