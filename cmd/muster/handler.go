package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/auth/sso"
	"github.com/muster-groups/muster/internal/config"
	"github.com/muster-groups/muster/internal/httpapi"
	"github.com/muster-groups/muster/internal/webui"
)

// served are the paths that are not the UI's.
var served = []string{"/api/", "/v1/", "/muster.js", "/healthz", "/readyz", "/metrics"}

// handler is everything that a server answers.
func (m *Main) handler(in *instance, people *httpapi.People, log *slog.Logger) http.Handler {
	api := httpapi.New(httpapi.Config{App: in.app, People: people, Webhooks: in.webhooks, Connectors: in.connectors, Logger: log})
	mux := http.NewServeMux()
	for _, path := range served {
		mux.Handle(path, api)
	}
	mux.Handle("/", webui.New())
	return mux
}

// peopleOf is how the settings let people sign in.
func peopleOf(s *config.Settings) *httpapi.People {
	p := &httpapi.People{PublicURL: s.PublicURL, OIDCName: s.OIDC.Name,
		Admission: app.Admission{DefaultRole: app.UserRole(s.OIDC.DefaultRole), Domains: s.OIDC.AllowedDomains}}
	if o := s.OIDC; o.Issuer != "" {
		p.OIDC = sso.New(sso.Config{Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: o.ClientSecret, RoleClaim: o.RoleClaim, TrustEmail: o.TrustEmail}, nil)
	}
	return p
}

// printFirstLink prints the link by which the first admin comes in, while
// nobody administers.
func (m *Main) printFirstLink(ctx context.Context, a *app.App, base string) error {
	link, needed, err := a.FirstLink(ctx)
	if err != nil || !needed {
		return err
	}
	fmt.Fprintf(m.Stdout, "\nNobody can sign in as admin yet. Open this link to be the first, once and within a day:\n\n  %s%s\n", base, link.Path)
	return nil
}

// addressForPeople is the address at which a browser finds the server.
func addressForPeople(s *config.Settings, listening string) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	u, err := url.Parse(listening)
	if err != nil {
		return listening
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsUnspecified() {
		u.Host = net.JoinHostPort("127.0.0.1", u.Port())
	}
	return u.String()
}
