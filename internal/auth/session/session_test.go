package session_test

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/auth/session"
)

// drawer keeps documents and counts how often they are written.
type drawer struct {
	mu        sync.Mutex
	documents map[string][]byte
	writes    int
}

func (d *drawer) All(context.Context) (map[string][]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.documents), nil
}

func (d *drawer) Put(_ context.Context, id string, body []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.documents[id] = body
	d.writes++
	return nil
}

func (d *drawer) Delete(_ context.Context, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.documents, id)
	return nil
}

func newSessions() (*session.Sessions, *drawer) {
	d := &drawer{documents: map[string][]byte{}}
	return session.New(d, slog.New(slog.DiscardHandler)), d
}

func request(t *testing.T, url string, cookies ...*http.Cookie) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", url, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r
}

// begin begins a session and answers its cookie.
func begin(t *testing.T, s *session.Sessions, r *http.Request, user string) *http.Cookie {
	t.Helper()
	w := httptest.NewRecorder()
	if err := s.Begin(w, r, session.Session{User: user, Stamp: "stamp-" + user}); err != nil {
		t.Fatal(err)
	}
	return w.Result().Cookies()[0]
}

const here = "http://127.0.0.1/"

func TestASessionEndsWhenItIsNotUsedAndAfterAWeekAnyway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, d := newSessions()
		unused, used := begin(t, s, request(t, here), "unused"), begin(t, s, request(t, here), "used")
		holds := func(c *http.Cookie) bool { _, ok := s.Of(request(t, here, c)); return ok }
		for hours := 1; hours <= 7*24+1; hours++ {
			<-time.After(time.Hour)
			if got, want := holds(used), hours < 7*24; got != want {
				t.Fatalf("the session that is used each hour, after %d h: got %v, want %v", hours, got, want)
			}
			if hours == 12 && holds(unused) {
				t.Error("the session that nobody used for 12 h: got it, want none")
			}
		}
		begin(t, s, request(t, here), "other")
		if len(d.documents) != 1 {
			t.Errorf("after another one began: got %d sessions kept, want the one that has not ended", len(d.documents))
		}
	})
}

func TestTheLastUseIsWrittenNowAndThenOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, d := newSessions()
		c := begin(t, s, request(t, here), "ada")
		for range 600 {
			<-time.After(time.Second)
			s.Of(request(t, here, c))
		}
		if d.writes != 2 {
			t.Errorf("600 requests in ten minutes: got %d writes, want the beginning and one use", d.writes)
		}
	})
}

func TestARestartSignsNobodyOut(t *testing.T) {
	s, d := newSessions()
	c := begin(t, s, request(t, here), "ada")
	again := session.New(d, slog.New(slog.DiscardHandler))
	if got, ok := again.Of(request(t, here, c)); !ok || got != (session.Session{User: "ada", Stamp: "stamp-ada"}) {
		t.Errorf("after a restart: got %v %v, want the session of ada", got, ok)
	}
	for id, body := range d.documents {
		if strings.Contains(id+string(body), c.Value) {
			t.Errorf("document %s: got the token in it, want its hash only", id)
		}
	}
}

func TestSigningInMakesANewTokenAndEndsTheOldOne(t *testing.T) {
	s, _ := newSessions()
	first := begin(t, s, request(t, here), "ada")
	second := begin(t, s, request(t, here, first), "ada")
	planted := &http.Cookie{Name: first.Name, Value: "planted-by-somebody-else"}
	third := begin(t, s, request(t, here, planted), "ada")
	for _, c := range []struct {
		what   string
		cookie *http.Cookie
		want   bool
	}{{"the first", first, false}, {"the second", second, true}, {"a planted", planted, false}, {"the third", third, true}} {
		if _, got := s.Of(request(t, here, c.cookie)); got != c.want {
			t.Errorf("%s session: got %v, want %v", c.what, got, c.want)
		}
	}
}

func TestSigningOutEndsTheSessionForGood(t *testing.T) {
	s, d := newSessions()
	c := begin(t, s, request(t, here), "ada")
	w := httptest.NewRecorder()
	if err := s.End(w, request(t, here, c)); err != nil {
		t.Fatal(err)
	}
	if gone := w.Result().Cookies()[0]; gone.Name != c.Name || gone.MaxAge >= 0 {
		t.Errorf("cookie at the end: got %v, want it taken back", gone)
	}
	if _, ok := s.Of(request(t, here, c)); ok || len(d.documents) != 0 {
		t.Errorf("after the end: got a session %v and %d kept, want none", ok, len(d.documents))
	}
	if err := s.End(httptest.NewRecorder(), request(t, here)); err != nil {
		t.Errorf("signing out without a session: got %v, want success", err)
	}
}

func TestTheCookieIsForHTTPSExceptOnThisMachine(t *testing.T) {
	for _, c := range []struct {
		url    string
		header string
		name   string
		secure bool
	}{
		{"https://muster.example/", "", "__Host-muster_session", true},
		{"http://muster.example/", "", "__Host-muster_session", true},
		{"http://127.0.0.1:8080/", "", "muster_session", false},
		{"http://localhost:8080/", "", "muster_session", false},
		{"http://[::1]:8080/", "", "muster_session", false},
		{"http://127.0.0.1:8080/", "https", "__Host-muster_session", true},
		{"http://localhost.evil.example/", "", "__Host-muster_session", true},
	} {
		s, _ := newSessions()
		r := request(t, c.url)
		if c.header != "" {
			r.Header.Set("X-Forwarded-Proto", c.header)
		}
		got := begin(t, s, r, "ada")
		if got.Name != c.name || got.Secure != c.secure || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" {
			t.Errorf("%s %s: got %v, want %s, secure %v, HttpOnly, Lax, for all paths of this host", c.url, c.header, got, c.name, c.secure)
		}
	}
}

func TestWhatIsNoSessionIsNone(t *testing.T) {
	s, _ := newSessions()
	c := begin(t, s, request(t, here), "ada")
	for what, r := range map[string]*http.Request{
		"no cookie":                request(t, here),
		"an empty one":             request(t, here, &http.Cookie{Name: c.Name}),
		"half of one":              request(t, here, &http.Cookie{Name: c.Name, Value: c.Value[:20]}),
		"a plain one from afar":    request(t, "https://muster.example/", c),
		"one of something else":    request(t, here, &http.Cookie{Name: "session", Value: c.Value}),
		"one with strange letters": request(t, here, &http.Cookie{Name: c.Name, Value: "../../x"}),
	} {
		if got, ok := s.Of(r); ok {
			t.Errorf("%s: got %v, want no session", what, got)
		}
	}
}

func TestUnsafeRequestsOfOtherSitesAreRefused(t *testing.T) {
	s, _ := newSessions()
	for _, c := range []struct {
		method, site, origin string
		refused              bool
	}{
		{"GET", "cross-site", "https://evil.example", false}, // reading: the answer is hidden from them
		{"POST", "same-origin", "", false},
		{"POST", "none", "", false}, // typed by the person
		{"POST", "cross-site", "", true},
		{"POST", "same-site", "", true}, // a neighbour is not us
		{"DELETE", "cross-site", "", true},
		{"POST", "", "https://evil.example", true},
		{"POST", "", "null", true},
		{"POST", "", "http://muster.example", false},
		{"POST", "", "", false}, // no browser
	} {
		r := httptest.NewRequest(c.method, "http://muster.example/api/v1/groups", nil)
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		err := s.CheckOrigin(r)
		if (err != nil) != c.refused || c.refused && muster.CodeOf(err) != muster.CodeForbidden {
			t.Errorf("%s from %q with origin %q: got %v, want refused %v", c.method, c.site, c.origin, err, c.refused)
		}
	}
}

func TestThisMachineIsOnlyWhoIsOnIt(t *testing.T) {
	for _, c := range []struct {
		what, peer, url, referer, forwarded string
		want                                bool
	}{
		{"a page here", "127.0.0.1:4000", "http://127.0.0.1:8080/", "http://127.0.0.1:8080/groups", "", true},
		{"a page here by name", "[::1]:4000", "http://localhost:8080/", "http://localhost:8080/", "", true},
		{"from afar", "192.0.2.1:4000", "http://127.0.0.1:8080/", "http://127.0.0.1:8080/", "", false},
		{"a name that resolves to here", "127.0.0.1:4000", "http://evil.example:8080/", "http://evil.example:8080/", "", false},
		{"through a proxy", "127.0.0.1:4000", "http://127.0.0.1:8080/", "http://127.0.0.1:8080/", "192.0.2.1", false},
		{"through a proxy that tells nothing", "127.0.0.1:4000", "http://127.0.0.1:8080/", "https://muster.example/", "", false},
		{"no page", "127.0.0.1:4000", "http://127.0.0.1:8080/", "", "", false},
	} {
		r := request(t, c.url)
		r.RemoteAddr = c.peer
		r.Header.Set("Referer", c.referer)
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := session.Loopback(r); got != c.want {
			t.Errorf("%s: got %v, want %v", c.what, got, c.want)
		}
	}
}

func TestASignInThatTheBrowserWouldForgetIsNoticed(t *testing.T) {
	for _, c := range []struct {
		url, origin string
		want        bool
	}{
		{"http://muster.lan/", "http://muster.lan", true},
		{"http://muster.lan/", "https://muster.lan", false}, // a proxy speaks HTTPS
		{"http://127.0.0.1:8080/", "http://127.0.0.1:8080", false},
		{"http://muster.lan/", "", false}, // no browser
	} {
		r := request(t, c.url)
		r.Header.Set("Origin", c.origin)
		if got := session.Insecure(r); got != c.want {
			t.Errorf("%s from %q: got %v, want %v", c.url, c.origin, got, c.want)
		}
	}
}

func TestSessionsAreUsedEndedAndBegunAtOnce(t *testing.T) {
	s, d := newSessions()
	c := begin(t, s, request(t, here), "ada")
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() { s.Of(request(t, here, c)) })
		group.Go(func() {
			if err := s.End(httptest.NewRecorder(), request(t, here, begin(t, s, request(t, here), "eve"))); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if len(d.documents) != 1 {
		t.Errorf("after 20 sessions came and went: got %d kept, want ada's", len(d.documents))
	}
}
