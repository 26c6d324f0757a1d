package httpapi_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/auth/sso"
	"github.com/muster-groups/muster/internal/httpapi"
)

// issuer is a provider of OpenID Connect that vouches for whom it is told.
type issuer struct {
	t      *testing.T
	server *httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any         // of the next person
	spoil  func(m map[string]any) // changes the claims of the token
	signer *rsa.PrivateKey        // signs instead of the key
	method string                 // of the signature, RS256 by default
	asked  url.Values             // the departure that the code is for
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{t: t, key: newKey(t)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.answer(w, map[string]any{"issuer": i.server.URL, "authorization_endpoint": i.server.URL + "/authorize", "token_endpoint": i.server.URL + "/token",
			"jwks_uri": i.server.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		i.answer(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "one",
			"n": encode(i.key.N.Bytes()), "e": encode(big.NewInt(int64(i.key.E)).Bytes())}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		verifier := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		id, secret, _ := r.BasicAuth()
		if r.PostFormValue("code") != "the-code" || encode(verifier[:]) != i.asked.Get("code_challenge") || id != "muster" || secret != "the-secret" ||
			r.PostFormValue("redirect_uri") != i.asked.Get("redirect_uri") {
			http.Error(w, `{"error": "invalid_grant"}`, http.StatusBadRequest)
			return
		}
		i.answer(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": i.token()})
	})
	i.server = httptest.NewServer(mux)
	t.Cleanup(i.server.Close)
	return i
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (i *issuer) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		i.t.Error(err)
	}
}

// token is the id token of the next person.
func (i *issuer) token() string {
	now := time.Now()
	claims := map[string]any{"iss": i.server.URL, "aud": "muster", "nonce": i.asked.Get("nonce"), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix()}
	maps.Copy(claims, i.claims)
	if i.spoil != nil {
		i.spoil(claims)
	}
	method, signer := "RS256", i.key
	if i.method != "" {
		method = i.method
	}
	if i.signer != nil {
		signer = i.signer
	}
	signed := encode([]byte(jsonOf(map[string]string{"alg": method, "kid": "one"}))) + "." + encode([]byte(jsonOf(claims)))
	if method == "none" {
		return signed + "."
	}
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, signer, crypto.SHA256, sum[:])
	if err != nil {
		i.t.Error(err)
	}
	return signed + "." + encode(signature)
}

// people lets the issuer's people in.
func (i *issuer) people(admission app.Admission) httpapi.People {
	return httpapi.People{OIDCName: "Example Co", Admission: admission,
		OIDC: sso.New(sso.Config{Issuer: i.server.URL, ClientID: "muster", ClientSecret: "the-secret", RoleClaim: "groups"}, nil)}
}

// depart goes to the provider, and answers the query of the return.
func (i *issuer) depart(b *browser, to string) url.Values {
	i.t.Helper()
	got := b.do("GET", "/session/oidc?to="+url.QueryEscape(to), "")
	location, err := url.Parse(got.header.Get("Location"))
	if err != nil || got.status != http.StatusSeeOther || !strings.HasPrefix(location.String(), i.server.URL+"/authorize?") {
		i.t.Fatalf("departure: got %d to %q, want 303 to the provider", got.status, got.header.Get("Location"))
	}
	i.asked = location.Query()
	if i.asked.Get("code_challenge_method") != "S256" || i.asked.Get("nonce") == "" || i.asked.Get("scope") != "openid email profile" {
		i.t.Errorf("departure: got %v, want a challenge by S256, a nonce and the scopes", i.asked)
	}
	return url.Values{"code": {"the-code"}, "state": {i.asked.Get("state")}}
}

// signIn goes to the provider and comes back; it answers where the browser goes on.
func (i *issuer) signIn(b *browser, to string) string {
	i.t.Helper()
	return back(b, i.depart(b, to))
}

func back(b *browser, query url.Values) string {
	b.h.t.Helper()
	b.header = http.Header{"Sec-Fetch-Site": {"cross-site"}} // the provider sends the browser here
	got := b.do("GET", "/session/oidc/callback?"+query.Encode(), "")
	b.header = http.Header{"Sec-Fetch-Site": {"same-origin"}}
	if got.status != http.StatusSeeOther {
		b.h.t.Errorf("return: got %d %s, want 303", got.status, got.body)
	}
	return got.header.Get("Location")
}

func ada() map[string]any {
	return map[string]any{"sub": "ada-1", "email": "ada@example.com", "email_verified": true, "name": "Ada"}
}

func with(claims map[string]any, more ...any) map[string]any {
	for k := 0; k+1 < len(more); k += 2 {
		claims[more[k].(string)] = more[k+1]
	}
	return claims
}

func TestSomebodyNewComesInAsThePolicySays(t *testing.T) {
	viewers := app.Admission{DefaultRole: app.RoleViewer}
	for _, c := range []struct {
		what      string
		claims    map[string]any
		admission app.Admission
		to, role  string // role "" is not let in
	}{
		{"a verified email", ada(), viewers, "/groups", "viewer"},
		{"a role among others", with(ada(), "groups", []string{"staff", "editor"}), viewers, "/groups", "editor"},
		{"the strongest of roles", with(ada(), "groups", []string{"viewer", "admin"}), app.Admission{}, "/groups", "admin"},
		{"a role as a text", with(ada(), "groups", "editor"), app.Admission{}, "/groups", "editor"},
		{"no role of ours", with(ada(), "groups", []string{"staff"}), viewers, "/groups", "viewer"},
		{"an admitted domain", ada(), app.Admission{DefaultRole: app.RoleViewer, Domains: []string{"Example.COM"}}, "/groups", "viewer"},
		{"a text that is true", with(ada(), "email_verified", "true"), viewers, "/groups", "viewer"},
		{"no default role", ada(), app.Admission{}, "/?problem=oidc_no_account", ""},
		{"another domain", ada(), app.Admission{DefaultRole: app.RoleViewer, Domains: []string{"other.example"}}, "/?problem=oidc_no_account", ""},
		{"a subdomain", with(ada(), "email", "ada@evil.example.com"), app.Admission{DefaultRole: app.RoleViewer, Domains: []string{"example.com"}}, "/?problem=oidc_no_account", ""},
		{"an email that is not verified", with(ada(), "email_verified", false), viewers, "/?problem=oidc_no_account", ""},
		{"an email of which nothing is said", map[string]any{"sub": "ada-1", "email": "ada@example.com"}, viewers, "/?problem=oidc_no_account", ""},
		{"no email", map[string]any{"sub": "ada-1"}, viewers, "/?problem=oidc_no_account", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			i := newIssuer(t)
			i.claims = c.claims
			b := newHouse(t, i.people(c.admission)).browser()
			b.want(200, `"name":"Example Co"`, "GET", "/session/methods", "")
			if got := i.signIn(b, "/groups"); got != c.to {
				t.Errorf("%v: got on to %q, want %q", c.claims, got, c.to)
			}
			if c.role == "" {
				b.want(401, "", "GET", "/session", "")
				return
			}
			b.want(200, fmt.Sprintf(`"role":%q`, c.role), "GET", "/session", "")
		})
	}
}

func TestWhoIsKnownComesInAsTheUserTheyAre(t *testing.T) {
	i := newIssuer(t)
	h := newHouse(t, i.people(app.Admission{}))
	_, admin := h.add("admin@example.com", app.RoleAdministrator)
	id, _ := h.add("ADA@example.com", app.RoleEditor)
	i.claims = ada()
	b := h.browser()
	i.signIn(b, "/")
	b.want(200, `"sign_in":["password","oidc"]`, "GET", "/session", "")
	// From now on the identity counts, whatever becomes of the email.
	i.claims = with(ada(), "email", "ada@married.example", "email_verified", false)
	if got := i.signIn(b, "/"); got != "/" {
		t.Errorf("a new email at the provider: got on to %q, want /", got)
	}
	b.want(200, id, "GET", "/session", "")
	// Somebody else who gets the old email is not Ada.
	i.claims = with(ada(), "sub", "ada-2")
	other := h.browser()
	if got := i.signIn(other, "/"); got != "/?problem=oidc_no_account" {
		t.Errorf("somebody else with the email: got on to %q, want no account", got)
	}
	other.want(401, "", "GET", "/session", "")
	admin.want(200, "", "PATCH", "/users/"+id, `{"disabled": true}`)
	i.claims = ada()
	if got := i.signIn(b, "/"); got != "/?problem=oidc_disabled" {
		t.Errorf("a disabled user: got on to %q, want disabled", got)
	}
	// The provider's word on roles holds, unless nobody would be left to administer.
	i.claims = map[string]any{"sub": "root", "email": "admin@example.com", "email_verified": true, "groups": []string{"viewer"}}
	i.signIn(b, "/")
	b.want(200, `"role":"admin"`, "GET", "/session", "")
	h.add("second@example.com", app.RoleAdministrator)
	i.signIn(b, "/")
	b.want(200, `"role":"viewer"`, "GET", "/session", "")
}

func TestWhatProvesNothingLetsNobodyIn(t *testing.T) {
	set := func(name string, value any) func(map[string]any) { return func(m map[string]any) { m[name] = value } }
	otherKey := newKey(t)
	for _, c := range []struct {
		what   string
		spoil  func(*issuer)
		change func(url.Values)
	}{
		{"another state", nil, func(q url.Values) { q.Set("state", "made-up") }},
		{"no state", nil, func(q url.Values) { q.Del("state") }},
		{"another code", nil, func(q url.Values) { q.Set("code", "guessed") }},
		{"no code", nil, func(q url.Values) { q.Del("code") }},
		{"a refusal", nil, func(q url.Values) { q.Set("error", "access_denied") }},
		{"another nonce", func(i *issuer) { i.spoil = set("nonce", "replayed") }, nil},
		{"no nonce", func(i *issuer) { i.spoil = func(m map[string]any) { delete(m, "nonce") } }, nil},
		{"another audience", func(i *issuer) { i.spoil = set("aud", "somebody-else") }, nil},
		{"another issuer", func(i *issuer) { i.spoil = set("iss", "https://evil.example") }, nil},
		{"an old token", func(i *issuer) { i.spoil = set("exp", time.Now().Add(-time.Hour).Unix()) }, nil},
		{"another key", func(i *issuer) { i.signer = otherKey }, nil},
		{"no signature", func(i *issuer) { i.method = "none" }, nil},
		{"another challenge", func(i *issuer) { i.asked.Set("code_challenge", "x") }, nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			i := newIssuer(t)
			i.claims = ada()
			h := newHouse(t, i.people(app.Admission{DefaultRole: app.RoleViewer}))
			b := h.browser()
			query := i.depart(b, "/groups")
			if c.spoil != nil {
				c.spoil(i)
			}
			if c.change != nil {
				c.change(query)
			}
			if got := back(b, query); got != "/?problem=oidc_refused" {
				t.Errorf("got on to %q, want refused", got)
			}
			b.want(401, "", "GET", "/session", "")
		})
	}
}

func TestAReturnWithoutADepartureOfThisBrowserLetsNobodyIn(t *testing.T) {
	i := newIssuer(t)
	i.claims = ada()
	h := newHouse(t, i.people(app.Admission{DefaultRole: app.RoleViewer}))
	mine, victim := h.browser(), h.browser()
	query := i.depart(mine, "/")
	if got := back(victim, query); got != "/?problem=oidc_refused" {
		t.Errorf("a return in another browser: got on to %q, want refused", got)
	}
	victim.want(401, "", "GET", "/session", "")
	if got := back(mine, query); got != "/" {
		t.Errorf("a return in this browser: got on to %q, want /", got)
	}
	if got := back(mine, query); got != "/?problem=oidc_refused" {
		t.Errorf("the same return again: got on to %q, want refused", got)
	}
}

func TestTheWayBackLeadsNowhereElse(t *testing.T) {
	i := newIssuer(t)
	i.claims = ada()
	b := newHouse(t, i.people(app.Admission{DefaultRole: app.RoleViewer})).browser()
	for to, want := range map[string]string{
		"/groups/vip?tab=2": "/groups/vip?tab=2", "": "/", "https://evil.example/": "/", "//evil.example": "/", "/\\evil.example": "/", "groups": "/", "/a\r\nb": "/",
	} {
		if got := i.signIn(b, to); got != want {
			t.Errorf("back to %q: got %q, want %q", to, got, want)
		}
	}
}

func TestAProviderThatIsDownIsToldAndAskedAgain(t *testing.T) {
	i := newIssuer(t)
	down := true
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		i.server.Config.Handler.ServeHTTP(w, r)
	}))
	defer gate.Close()
	i.server.URL = gate.URL
	i.claims = ada()
	b := newHouse(t, i.people(app.Admission{DefaultRole: app.RoleViewer})).browser()
	if got := b.do("GET", "/session/oidc", ""); got.status != 303 || got.header.Get("Location") != "/?problem=oidc_unavailable" {
		t.Errorf("while it is down: got %d %q, want back with oidc_unavailable", got.status, got.header.Get("Location"))
	}
	down = false
	if got := i.signIn(b, "/groups"); got != "/groups" {
		t.Errorf("when it is back: got on to %q, want /groups", got)
	}
}
