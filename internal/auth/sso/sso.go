// Package sso signs people in through a provider of OpenID Connect: it sends a
// browser there, and reads who came back.
//
// It must not know users or sessions: it answers an identity, and whoever asked
// decides what becomes of it.
package sso

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Config is what is agreed with the provider. All but RoleClaim are required.
type Config struct {
	Issuer       string // its URL
	ClientID     string
	ClientSecret string
	// RoleClaim names the claim that holds a person's role; "" is none.
	RoleClaim string
	// TrustEmail takes emails for verified of which the provider does not say
	// whether they are.
	TrustEmail bool
}

// Identity is who the provider says somebody is.
type Identity struct {
	Issuer, Subject string
	Email           string
	EmailVerified   bool
	Name            string
	Roles           []string // the values of the role claim
}

// ErrRefused is a return from the provider that proves nothing: the person gave
// up, or it does not belong to a departure of this browser.
var ErrRefused = errors.New("the provider did not vouch for the person")

// patience is how long the provider may take to answer.
const patience = 10 * time.Second

// The cookie remembers a departure until the return.
const (
	cookieName = "muster_oidc"
	cookieAge  = 10 * time.Minute
)

// Provider is the provider. It is asked about itself when it is first needed,
// so that the server starts without it.
type Provider struct {
	config Config
	client *http.Client
	mu     sync.Mutex
	found  *oidc.Provider
}

// New makes a Provider. A nil client is one that is patient for ten seconds.
func New(c Config, client *http.Client) *Provider {
	if client == nil {
		client = &http.Client{Timeout: patience}
	}
	return &Provider{config: c, client: client}
}

// departure is what has to come back from the provider.
type departure struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	To       string `json:"to"`
}

// Depart answers where to send a browser, and sets the cookie by which its
// return is recognised. It comes back to the callback, and wants to go on to a
// path of ours.
func (p *Provider) Depart(w http.ResponseWriter, r *http.Request, callback, to string, secure bool) (string, error) {
	provider, err := p.discover(r.Context())
	if err != nil {
		return "", err
	}
	d := departure{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), To: localPath(to)}
	body, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: base64.RawURLEncoding.EncodeToString(body), Path: "/", MaxAge: int(cookieAge / time.Second),
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode})
	return p.oauth(provider, callback).AuthCodeURL(d.State, oidc.Nonce(d.Nonce), oauth2.S256ChallengeOption(d.Verifier)), nil
}

// Return reads who came back to the callback, and where they wanted to go.
func (p *Provider) Return(w http.ResponseWriter, r *http.Request, callback string) (who Identity, to string, err error) {
	d, ok := departureOf(r)
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/", MaxAge: -1, HttpOnly: true})
	query := r.URL.Query()
	switch {
	case !ok || subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(d.State)) != 1:
		return who, "/", fmt.Errorf("%w: the return belongs to no departure", ErrRefused)
	case query.Get("error") != "" || query.Get("code") == "":
		return who, d.To, fmt.Errorf("%w: it said %q", ErrRefused, query.Get("error"))
	}
	provider, err := p.discover(r.Context())
	if err != nil {
		return who, d.To, err
	}
	who, err = p.exchange(oidc.ClientContext(r.Context(), p.client), provider, callback, query.Get("code"), d)
	return who, d.To, err
}

func (p *Provider) exchange(ctx context.Context, provider *oidc.Provider, callback, code string, d departure) (Identity, error) {
	token, err := p.oauth(provider, callback).Exchange(ctx, code, oauth2.VerifierOption(d.Verifier))
	if err != nil {
		return Identity{}, fmt.Errorf("%w: the code was not exchanged: %w", ErrRefused, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return Identity{}, fmt.Errorf("%w: there is no id token", ErrRefused)
	}
	verified, err := provider.Verifier(&oidc.Config{ClientID: p.config.ClientID}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(d.Nonce)) != 1 {
		return Identity{}, fmt.Errorf("%w: the nonce is another one", ErrRefused)
	}
	claims := map[string]any{}
	if err := verified.Claims(&claims); err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return p.identity(verified, claims), nil
}

func (p *Provider) identity(token *oidc.IDToken, claims map[string]any) Identity {
	text := func(claim string) string { s, _ := claims[claim].(string); return s }
	who := Identity{Issuer: token.Issuer, Subject: token.Subject, Email: text("email"), Name: text("name")}
	switch said := claims["email_verified"].(type) {
	case bool:
		who.EmailVerified = said
	case string:
		who.EmailVerified = said == "true"
	default:
		who.EmailVerified = p.config.TrustEmail
	}
	if p.config.RoleClaim == "" {
		return who
	}
	switch said := claims[p.config.RoleClaim].(type) {
	case string:
		who.Roles = []string{said}
	case []any:
		for _, one := range said {
			if s, ok := one.(string); ok {
				who.Roles = append(who.Roles, s)
			}
		}
	}
	return who
}

func (p *Provider) oauth(provider *oidc.Provider, callback string) *oauth2.Config {
	return &oauth2.Config{ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: provider.Endpoint(),
		RedirectURL: callback, Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}
}

// discover asks the provider about itself, until it has answered once.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// Its keys are fetched later, when this request is long over.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.config.Issuer)
	if err != nil {
		return nil, fmt.Errorf("the provider of single sign-on does not answer: %w", err)
	}
	p.found = found
	return found, nil
}

func departureOf(r *http.Request) (d departure, ok bool) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return d, false
	}
	body, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || json.Unmarshal(body, &d) != nil {
		return departure{}, false
	}
	d.To = localPath(d.To)
	return d, d.State != "" && d.Nonce != "" && d.Verifier != ""
}

// localPath is a path of this server, "/" for whatever could lead elsewhere.
func localPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}
