package httpapi_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/httpapi"
)

// house is a world into which people may come.
type house struct {
	*world
	log lockedText
}

// lockedText collects the log.
type lockedText struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newHouse(t testing.TB, people httpapi.People) *house {
	t.Helper()
	h := &house{world: newWorld(t)}
	h.reopen(people)
	return h
}

// reopen begins to serve the world anew, as a restart does.
func (h *house) reopen(people httpapi.People) {
	h.t.Helper()
	h.server.Close()
	h.server = httptest.NewServer(httpapi.New(httpapi.Config{App: h.app, Webhooks: newWebhooks(h.t, h.app), Connectors: newConnectors(h.t, h.app), People: &people, MaxBody: 64 << 10, Logger: slog.New(slog.NewTextHandler(&h.log, nil))}))
	h.t.Cleanup(h.server.Close)
}

// browser makes requests like a page of the server: with the cookies it got.
type browser struct {
	h      *house
	client *http.Client
	header http.Header
}

func (h *house) browser() *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &browser{h, client, http.Header{"Sec-Fetch-Site": {"same-origin"}, "Referer": {h.server.URL + "/groups"}}}
}

// do makes a request below /api/v1.
func (b *browser) do(method, path, body string) reply {
	b.h.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.server.URL+"/api/v1"+path, in)
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header = b.header.Clone()
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := b.client.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer response.Body.Close()
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		return reply{response.StatusCode, response.Header, ""} // it never ends
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(text)}
}

// want makes a request and wants a status and, in the answer, a text.
func (b *browser) want(status int, part, method, path, body string) reply {
	b.h.t.Helper()
	got := b.do(method, path, body)
	if got.status != status || !strings.Contains(got.body, part) {
		b.h.t.Errorf("%s %s %s: got %d %s, want %d with %q", method, path, body, got.status, got.body, status, part)
	}
	return got
}

const password = "correct horse battery"

func jsonOf(v any) string {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // a value of a test
	}
	return string(body)
}

// add adds a user who has chosen the password, and answers the user's id and browser.
func (h *house) add(email string, role app.UserRole) (string, *browser) {
	h.t.Helper()
	made, err := h.app.AddUser(h.t.Context(), app.UserInput{Email: email, Role: role})
	if err != nil {
		h.t.Fatal(err)
	}
	b := h.browser()
	b.want(200, email, "POST", "/session/redeem", jsonOf(map[string]string{"token": tokenOf(made.Link), "password": password}))
	return made.User.ID, b
}

func tokenOf(l app.Link) string {
	_, token, _ := strings.Cut(l.Path, "#")
	return token
}

func credentials(email, password string) string {
	return jsonOf(map[string]string{"email": email, "password": password})
}

func TestTheFirstAdminComesInByALinkThatIsGoodOnce(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	replaced, _, err := h.app.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link, needed, err := h.app.FirstLink(t.Context())
	if err != nil || !needed {
		t.Fatalf("link of an empty house: got %v, %v, want one", needed, err)
	}
	b := h.browser()
	b.want(200, `"first":true`, "GET", "/session/methods", "")
	b.want(410, "gone", "POST", "/session/link", jsonOf(map[string]string{"token": tokenOf(replaced)}))
	b.want(200, `"first":true`, "POST", "/session/link", jsonOf(map[string]string{"token": tokenOf(link)}))
	redeem := jsonOf(map[string]string{"token": tokenOf(link), "password": password, "email": "ada@example.com", "name": "Ada"})
	b.want(200, `"role":"admin"`, "POST", "/session/redeem", redeem)
	b.want(200, "ada@example.com", "GET", "/session", "")
	b.want(410, "gone", "POST", "/session/redeem", redeem)
	b.want(200, `"first":false`, "GET", "/session/methods", "")
	if _, needed, err := h.app.FirstLink(t.Context()); needed || err != nil {
		t.Errorf("link of a house with an admin: got %v, %v, want none", needed, err)
	}
}

func TestALinkIsGoodForADay(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	first, _, err := h.app.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	made, err := h.app.AddUser(t.Context(), app.UserInput{Email: "eve@example.com", Role: app.RoleEditor})
	if err != nil {
		t.Fatal(err)
	}
	b := h.browser()
	h.clock("2026-03-03T08:59:59Z")
	for _, l := range []app.Link{first, made.Link} {
		b.want(200, "expires_at", "POST", "/session/link", jsonOf(map[string]string{"token": tokenOf(l)}))
	}
	h.clock("2026-03-03T09:00:00Z")
	for _, l := range []app.Link{first, made.Link} {
		b.want(410, "gone", "POST", "/session/redeem", jsonOf(map[string]string{"token": tokenOf(l), "password": password, "email": "x@example.com"}))
	}
}

func TestPeopleSignInChangeTheirPasswordAndSignOut(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	h.add("Ada@example.com", app.RoleEditor)
	laptop, phone := h.browser(), h.browser()
	laptop.want(401, "nobody is signed in", "GET", "/session", "")
	signedIn := laptop.want(200, `"role":"editor"`, "POST", "/session", credentials(" ADA@example.com ", password))
	if c := signedIn.header.Get("Set-Cookie"); !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") {
		t.Errorf("cookie: got %q, want HttpOnly and SameSite=Lax", c)
	}
	phone.want(200, "", "POST", "/session", credentials("ada@example.com", password))
	const next = "another fine sentence"
	for _, c := range []struct{ current, password, want string }{
		{"wrong", next, `"/current"`}, {"", next, `"/current"`}, {password, "short", `"/password"`}, {password, "ada@example.com", `"/password"`},
	} {
		laptop.want(422, c.want, "POST", "/session/password", jsonOf(map[string]string{"current": c.current, "password": c.password}))
	}
	laptop.want(200, "", "POST", "/session/password", jsonOf(map[string]string{"current": password, "password": next}))
	laptop.want(200, "", "GET", "/groups", "")
	phone.want(401, "unauthorized", "GET", "/groups", "")
	phone.want(401, "the email or the password is wrong", "POST", "/session", credentials("ada@example.com", password))
	phone.want(200, "", "POST", "/session", credentials("ada@example.com", next))
	laptop.want(204, "", "DELETE", "/session", "")
	laptop.want(401, "", "GET", "/groups", "")
	laptop.want(204, "", "DELETE", "/session", "")
	phone.want(200, "", "GET", "/groups", "")
	if log := h.log.String(); strings.Contains(strings.ToLower(log), "ada") || strings.Contains(log, next) {
		t.Errorf("log: got %s, want no personal data", log)
	}
}

func TestARestartSignsNobodyOutOfTheAPI(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	_, b := h.add("ada@example.com", app.RoleViewer)
	h.reopen(httpapi.People{})
	b.want(200, "ada@example.com", "GET", "/session", "")
}

func TestGuessingIsSlowedDownForEveryAccountAlike(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	h.add("ada@example.com", app.RoleViewer)
	b := h.browser()
	for _, email := range []string{"ada@example.com", "nobody@example.com"} {
		var answers []string
		for range 7 {
			got := b.do("POST", "/session", credentials(email, "a wrong password"))
			answers = append(answers, fmt.Sprint(got.status, " ", got.header.Get("Retry-After")))
		}
		if got, want := strings.Join(answers, ","), "401 ,401 ,401 ,401 ,401 ,429 180,429 180"; got != want {
			t.Errorf("seven guesses at %s: got %s, want %s", email, got, want)
		}
	}
	b.want(429, "wait 3m0s", "POST", "/session", credentials("ADA@example.com", password))
	h.clock("2026-03-02T09:02:59Z")
	b.want(429, "wait 1s", "POST", "/session", credentials("ada@example.com", password))
	h.clock("2026-03-02T09:03:00Z")
	b.want(200, "", "POST", "/session", credentials("ada@example.com", password))
	b.want(401, "", "POST", "/session", credentials("ada@example.com", "a wrong password"))
}

func TestGuessingAtManyAccountsFromOneAddressIsSlowedDown(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	guess := func(from string, n int) int {
		b := h.browser()
		b.header.Set("X-Forwarded-For", "203.0.113.9, "+from)
		return b.do("POST", "/session", credentials(fmt.Sprintf("user%d@example.com", n), "a guess at it")).status
	}
	for n := range 20 {
		if got := guess("2001:db8::1", n); got != 401 {
			t.Fatalf("guess %d: got %d, want 401", n, got)
		}
	}
	if got := guess("2001:db8::2", 20); got != 429 {
		t.Errorf("the next guess from the same network: got %d, want 429", got)
	}
	if got := guess("192.0.2.1", 21); got != 401 {
		t.Errorf("a guess from elsewhere: got %d, want 401", got)
	}
	h.clock("2026-03-02T09:00:30Z")
	if got := guess("2001:db8::3", 22); got != 401 {
		t.Errorf("a guess 30 s later: got %d, want 401", got)
	}
}

// The table of permissions is asked with the sessions of people.
func TestEveryOperationOpensForPeopleOfItsRoles(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	people := map[app.UserRole]*browser{}
	for _, role := range []app.UserRole{app.RoleViewer, app.RoleEditor, app.RoleAdministrator} {
		_, people[role] = h.add(string(role)+"@example.com", role)
	}
	for operation, roles := range httpapi.Permissions() {
		method, path, _ := strings.Cut(operation, " /api/v1")
		path = strings.NewReplacer("{code}", "nowhere", "{id}", contact(77).String(), "{contact}", "nobody", "{version}", "1", "{source}", "pages").Replace(path)
		body := ""
		if method != "GET" && method != "DELETE" {
			body = "{}"
		}
		for role, b := range people {
			got := b.do(method, path, body).status
			switch mayPass := slices.Contains(roles, string(role.Role())); {
			case mayPass && (got == 401 || got == 403 || got >= 500):
				t.Errorf("%s as %s: got %d, want to be let in", operation, role, got)
			case !mayPass && got != 403:
				t.Errorf("%s as %s: got %d, want 403", operation, role, got)
			}
			if method == "GET" {
				continue
			}
			b.header.Set("Sec-Fetch-Site", "cross-site")
			if got := b.do(method, path, body); got.status != 403 || !strings.Contains(got.body, "another site") {
				t.Errorf("%s as %s from another site: got %d %s, want 403", operation, role, got.status, got.body)
			}
			b.header.Set("Sec-Fetch-Site", "same-origin")
		}
	}
}

func TestAKeyIsNotAskedWhereARequestComesFrom(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	got := h.send("edit", "POST", "/api/v1/contacts", http.Header{"Sec-Fetch-Site": {"cross-site"}}, strings.NewReader(`{"visitor_id": "v"}`))
	if got.status != 200 {
		t.Errorf("a key from another site: got %d %s, want 200", got.status, got.body)
	}
	if got := h.send("edit", "POST", "/api/v1/session/password", nil, strings.NewReader(`{"current": "", "password": "a plain sentence"}`)); got.status != 409 {
		t.Errorf("a key that changes its password: got %d %s, want 409", got.status, got.body)
	}
}

func TestSigningInIsRefusedFromOtherSites(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	h.add("ada@example.com", app.RoleViewer)
	b := h.browser()
	b.header.Set("Sec-Fetch-Site", "cross-site")
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/session", credentials("ada@example.com", password)}, {"DELETE", "/session", ""},
		{"POST", "/session/redeem", `{"token": "x", "password": "x"}`}, {"POST", "/session/link", `{"token": "x"}`},
	} {
		if got := b.want(403, "another site", c.method, c.path, c.body); got.header.Get("Set-Cookie") != "" {
			t.Errorf("%s %s: got the cookie %s, want none", c.method, c.path, got.header.Get("Set-Cookie"))
		}
	}
}

func TestADemonstrationSignsInPagesOnThisMachineOnly(t *testing.T) {
	h := newHouse(t, httpapi.People{Demo: true})
	b := h.browser()
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Referer": "https://muster.example/", "X-Forwarded-For": "192.0.2.1"} {
		was := b.header.Get(header)
		b.header.Set(header, value)
		b.want(401, "", "GET", "/session", "")
		b.header.Set(header, was)
	}
	b.header.Del("X-Forwarded-For")
	b.want(401, "", "GET", "/users", "")
	b.want(200, `"demo":true`, "GET", "/session", "")
	b.want(200, "Demonstration", "GET", "/users", "")
	second := h.browser()
	second.want(200, `"demo":true`, "GET", "/session", "")
	if got := strings.Count(second.do("GET", "/users", "").body, `"role"`); got != 1 {
		t.Errorf("users of a demonstration opened twice: got %d, want 1", got)
	}
	plain := newHouse(t, httpapi.People{}).browser()
	plain.want(401, "", "GET", "/session", "")
}

func TestWrongRequestsToSignInAreAnsweredWithWhatIsExpected(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	_, admin := h.add("admin@example.com", app.RoleAdministrator)
	made, err := h.app.AddUser(t.Context(), app.UserInput{Email: "eve@example.com", Role: app.RoleEditor})
	if err != nil {
		t.Fatal(err)
	}
	token := tokenOf(made.Link)
	for _, c := range []struct {
		method, path, body string
		status             int
		part               string
	}{
		{"POST", "/session", ``, 400, "expected a JSON document"},
		{"POST", "/session", `{`, 400, "invalid_json"},
		{"POST", "/session", `{"email": "eve@example.com"}`, 422, `"/password"`},
		{"POST", "/session", `{"email": 7, "password": "x"}`, 422, `"/email"`},
		{"POST", "/session", `{"email": "eve@example.com", "password": "x", "remember": true}`, 422, "unknown_member"},
		{"POST", "/session", `{"email": "eve@example.com", "password": ""}`, 401, "unauthorized"}, // invited, no password yet
		{"POST", "/session", `{"email": "", "password": ""}`, 401, "unauthorized"},
		{"POST", "/session/link", `{"token": "nothing"}`, 410, "gone"},
		{"POST", "/session/link", `{"token": "first_"}`, 410, "gone"},
		{"POST", "/session/link", jsonOf(map[string]string{"token": made.User.ID + "_"}), 410, "gone"},
		{"POST", "/session/redeem", jsonOf(map[string]string{"token": token, "password": "short"}), 422, `"/password"`},
		{"POST", "/session/redeem", jsonOf(map[string]string{"token": token, "password": "eve@EXAMPLE.com"}), 422, `"/password"`},
		{"POST", "/session/redeem", jsonOf(map[string]string{"token": token, "password": password, "email": "x@example.com"}), 422, `"/email"`},
		{"POST", "/session/redeem", jsonOf(map[string]string{"token": token, "password": password, "name": "two\nlines"}), 422, `"/name"`},
		{"GET", "/session/oidc", ``, 404, "no single sign-on"},
		{"GET", "/session/oidc/callback?code=x&state=y", ``, 404, "no single sign-on"},
		{"PUT", "/session", `{}`, 405, "method_not_allowed"},
		{"POST", "/users", `{"email": "no email", "role": "viewer"}`, 422, `"/email"`},
		{"POST", "/users", `{"email": "Eve <eve2@example.com>", "role": "viewer"}`, 422, `"/email"`},
		{"POST", "/users", `{"email": "x@example.com", "role": "owner"}`, 422, "viewer, editor or admin"},
		{"POST", "/users", `{"email": "EVE@example.com", "role": "viewer"}`, 409, "email_taken"},
		{"GET", "/users/nobody", ``, 404, "not_found"},
		{"PATCH", "/users/nobody", `{}`, 404, "not_found"},
		{"DELETE", "/users/nobody", ``, 404, "not_found"},
		{"POST", "/users/nobody/link", ``, 404, "not_found"},
		{"PATCH", "/users/" + made.User.ID, `{"email": "Admin@example.com"}`, 409, "email_taken"},
		{"PATCH", "/users/" + made.User.ID, `{"role": "none"}`, 422, `"/role"`},
		{"PATCH", "/users/" + made.User.ID, `{"password": "x"}`, 422, "unknown_member"},
	} {
		admin.want(c.status, c.part, c.method, c.path, c.body)
	}
	admin.want(200, "eve@example.com", "POST", "/session/link", jsonOf(map[string]string{"token": token})) // still good
}
