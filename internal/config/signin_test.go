package config_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/muster-groups/muster/internal/config"
)

func TestSingleSignOnIsReadWhole(t *testing.T) {
	s, err := config.Load(config.Sources{Lookup: variables(map[string]string{
		"MUSTER_PUBLIC_URL": "https://muster.example/", "MUSTER_OIDC_ISSUER": "https://id.example/realm/", "MUSTER_OIDC_CLIENT_ID": "muster",
		"MUSTER_OIDC_CLIENT_SECRET": "the-secret-of-it", "MUSTER_OIDC_DEFAULT_ROLE": "viewer", "MUSTER_OIDC_ALLOWED_DOMAINS": "a.example, b.example",
	})})
	if err != nil {
		t.Fatal(err)
	}
	o := s.OIDC
	if s.PublicURL != "https://muster.example" || o.Issuer != "https://id.example/realm/" || o.DefaultRole != "viewer" || o.Name != "Single sign-on" ||
		!slices.Equal(o.AllowedDomains, []string{"a.example", "b.example"}) {
		t.Errorf("got %q and %+v, want what was set, the issuer as it is spelled", s.PublicURL, o)
	}
	for _, shown := range s.Show() {
		if strings.Contains(shown.Value, "the-secret-of-it") {
			t.Errorf("%s shows the secret", shown.Name)
		}
	}
}

func TestWrongSettingsOfSigningInNameThemselves(t *testing.T) {
	for name, given := range map[string]map[string]string{
		"public_url":        {"MUSTER_PUBLIC_URL": "muster.example"},
		"oidc_issuer":       {"MUSTER_OIDC_ISSUER": "ftp://id.example", "MUSTER_OIDC_CLIENT_ID": "muster"},
		"oidc_client_id":    {"MUSTER_OIDC_ISSUER": "https://id.example"},
		"oidc_default_role": {"MUSTER_OIDC_DEFAULT_ROLE": "owner"},
		"oidc_trust_email":  {"MUSTER_OIDC_TRUST_EMAIL": "perhaps"},
	} {
		if _, err := config.Load(config.Sources{Lookup: variables(given)}); err == nil || !strings.Contains(err.Error(), "setting "+name+":") {
			t.Errorf("%v: got %v, want an error of the setting %s", given, err, name)
		}
	}
}
