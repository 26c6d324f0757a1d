package personalize_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/client/personalize"
)

// slow answers lookups after a while, unless they are given up first.
type slow struct {
	mu    sync.Mutex
	takes time.Duration
	err   error
	asked int
}

func (s *slow) Lookup(ctx context.Context, who muster.Identifiers) (client.LookupAnswer, error) {
	s.mu.Lock()
	s.asked++
	takes, err := s.takes, s.err
	s.mu.Unlock()
	select {
	case <-time.After(takes):
		return client.LookupAnswer{Groups: []string{"of-" + who.VisitorID}}, err
	case <-ctx.Done():
		return client.LookupAnswer{}, ctx.Err()
	}
}

func (s *slow) set(takes time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.takes, s.err = takes, err
}

func (s *slow) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// get asks for a page as a visitor, and answers what the page saw.
func get(h http.Handler, visitor string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/", nil)
	if visitor != "" {
		r.AddCookie(&http.Cookie{Name: personalize.Cookie, Value: visitor})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// page says what it knows of its visitor.
func page(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, personalize.Groups(r.Context()), personalize.Known(r.Context()))
}

// later lets time pass in the bubble of a test.
func later(d time.Duration) { <-time.After(d) }

// same compares what a page said, and how long it took to say it.
func same(t *testing.T, what string, h http.Handler, visitor, want string, within time.Duration) {
	t.Helper()
	began := time.Now()
	got := get(h, visitor).Body.String()
	if took := time.Since(began); got != want || took != within {
		t.Errorf("%s: got %q after %v, want %q after %v", what, got, took, want, within)
	}
}

func TestPagesKnowTheGroupsOfTheirVisitor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lookup := &slow{takes: 20 * time.Millisecond}
		h := personalize.New(lookup, personalize.Options{}).Middleware(http.HandlerFunc(page))
		same(t, "a visitor", h, "ada", "[of-ada] true", 20*time.Millisecond)
		same(t, "the same visitor again", h, "ada", "[of-ada] true", 0)
		same(t, "another visitor", h, "bob", "[of-bob] true", 20*time.Millisecond)
		same(t, "somebody without a cookie", h, "", "[] true", 0)
		later(time.Minute)
		same(t, "the visitor, a minute later", h, "ada", "[of-ada] true", 20*time.Millisecond)
		if got := lookup.count(); got != 3 {
			t.Errorf("asked %d times, want 3", got)
		}
	})
}

func TestPagesWaitNoLongerThanTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lookup := &slow{takes: time.Hour}
		h := personalize.New(lookup, personalize.Options{Timeout: 30 * time.Millisecond}).Middleware(http.HandlerFunc(page))
		same(t, "while Muster is slow", h, "ada", "[] false", 30*time.Millisecond)
		lookup.set(0, errors.New("refused"))
		same(t, "while Muster is away", h, "ada", "[] false", 0)
		lookup.set(time.Millisecond, nil)
		same(t, "when it answers again", h, "ada", "[of-ada] true", time.Millisecond)
		lookup.set(time.Hour, nil)
		later(2 * time.Minute)
		same(t, "with an answer of two minutes ago", h, "ada", "[of-ada] true", 30*time.Millisecond)
		later(10 * time.Minute)
		same(t, "with an answer that is too old", h, "ada", "[] false", 30*time.Millisecond)
		synctest.Wait()
	})
}

func TestAClosedSiteRefusesWhatItDoesNotKnow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lookup := &slow{takes: time.Hour}
		h := personalize.New(lookup, personalize.Options{Closed: true}).Middleware(http.HandlerFunc(page))
		got := get(h, "ada")
		if got.Code != http.StatusServiceUnavailable || got.Header().Get("Retry-After") != "1" || got.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("got %d with %v, want 503 with Retry-After that nobody keeps", got.Code, got.Header())
		}
		if got := get(h, ""); got.Code != http.StatusOK {
			t.Errorf("somebody without a cookie: got %d, want 200", got.Code)
		}
		synctest.Wait()
	})
}

func TestManyRequestsOfAVisitorAskOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lookup := &slow{takes: 20 * time.Millisecond}
		h := personalize.New(lookup, personalize.Options{}).Middleware(http.HandlerFunc(page))
		var requests sync.WaitGroup
		for range 50 {
			requests.Go(func() { same(t, "one of many", h, "ada", "[of-ada] true", 20*time.Millisecond) })
		}
		requests.Wait()
		if got := lookup.count(); got != 1 {
			t.Errorf("asked %d times, want once", got)
		}
	})
}

func TestOnlyTheVisitorsSeenLastAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lookup := &slow{}
		h := personalize.New(lookup, personalize.Options{Entries: 2}).Middleware(http.HandlerFunc(page))
		for _, visitor := range []string{"ada", "bob", "ada", "cy", "ada", "bob"} {
			get(h, visitor)
		}
		if got := lookup.count(); got != 4 { // ada, bob, cy, and bob whom cy put out
			t.Errorf("asked %d times, want 4", got)
		}
	})
}

func TestSharedCachesAreToldThatPagesDiffer(t *testing.T) {
	p := personalize.New(&slow{}, personalize.Options{Who: func(*http.Request) (muster.Identifiers, bool) { return muster.Identifiers{}, false }})
	for _, c := range []struct {
		name string
		page http.HandlerFunc
		want string
	}{
		{"a page that says nothing", page, "private"},
		{"a page that says more", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "no-store") }, "no-store"},
	} {
		got := get(p.Middleware(c.page), "ada").Header()
		if got.Get("Cache-Control") != c.want || !slices.Contains(got.Values("Vary"), "Cookie") {
			t.Errorf("%s: got %v, want Cache-Control %s and Vary: Cookie", c.name, got, c.want)
		}
	}
}
