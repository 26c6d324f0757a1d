// Package personalize tells handlers of net/http which groups the visitor is in.
//
//	c, err := client.New("https://muster.example.com", os.Getenv("MUSTER_KEY"))
//	p := personalize.New(c, personalize.Options{})
//	http.Handle("/", p.Middleware(site))
//
// and in a handler:
//
//	if personalize.In(r.Context(), "vip") { ... }
//
// A page never waits longer than Options.Timeout. When Muster does not answer in
// time, visitors are in no group, or their request is refused; see Options.Closed.
//
// It must not know what pages do with groups.
package personalize

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

// Cookie is the cookie in which muster.js keeps the visitor id.
const Cookie = "muster_visitor"

// Lookup answers the groups of a contact. *client.Client is one.
type Lookup interface {
	Lookup(ctx context.Context, who muster.Identifiers) (client.LookupAnswer, error)
}

// Options say how visitors are recognised and what may be waited for. The zero
// Options are the defaults.
type Options struct {
	// Who answers whose groups are asked for; false for somebody unknown, who is
	// in no group and is not asked for. The default is the visitor id of muster.js's
	// cookie. A site with accounts rather answers the external id of who is signed in.
	Who func(*http.Request) (muster.Identifiers, bool)
	// Timeout is how long a page waits at most; 50 ms by default. A lookup that
	// takes longer is given up.
	Timeout time.Duration
	// Fresh is how long an answer is used again without asking; a minute by
	// default, below 0 is never. Entries is how many visitors are remembered at
	// most; 10,000 by default. Who was not seen for longest makes room.
	Fresh   time.Duration
	Entries int
	// Stale is how long an answer still serves when there is none in time; ten
	// minutes by default, below 0 is never.
	Stale time.Duration
	// Closed refuses a request with 503 when the groups are not known in time. By
	// default the page goes on without groups; Known tells the difference.
	Closed bool
	// Logger hears of lookups that fail, at most once a second; nil is silent.
	Logger *slog.Logger
}

// Personalizer finds out the groups of visitors. It is safe for concurrent use.
type Personalizer struct {
	lookup Lookup
	o      Options
	cache  *cache
	quiet  limiter
}

// New makes a Personalizer that asks lookup, which has a key of the role
// collect (visitor ids and groups shown to websites only) or read.
func New(lookup Lookup, o Options) *Personalizer {
	if o.Who == nil {
		o.Who = FromCookie
	}
	for _, d := range []struct{ member, value *time.Duration }{
		{&o.Timeout, ptr(50 * time.Millisecond)}, {&o.Fresh, ptr(time.Minute)}, {&o.Stale, ptr(10 * time.Minute)},
	} {
		if *d.member == 0 {
			*d.member = *d.value
		}
	}
	if o.Entries <= 0 {
		o.Entries = 10_000
	}
	return &Personalizer{lookup: lookup, o: o, cache: newCache(o.Entries)}
}

func ptr[T any](v T) *T { return &v }

// FromCookie answers the visitor id that muster.js keeps in its cookie.
func FromCookie(r *http.Request) (muster.Identifiers, bool) {
	c, err := r.Cookie(Cookie)
	if err != nil || c.Value == "" || len(c.Value) > 200 {
		return muster.Identifiers{}, false
	}
	return muster.Identifiers{VisitorID: c.Value}, true
}

// Middleware puts the visitor's groups into the context of requests to next.
//
// What next answers depends on the visitor, so shared caches must not keep it
// for others: answers get Vary: Cookie, and Cache-Control: private unless next
// says otherwise. Do not put it before files that are the same for everybody.
func (p *Personalizer) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		w.Header().Set("Cache-Control", "private")
		groups, known := p.Groups(r)
		if !known && p.o.Closed {
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Retry-After", "1")
			http.Error(w, "This page cannot be shown right now.", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, visitor{groups, known})))
	})
}

type contextKey struct{}

// visitor is what a context holds.
type visitor struct {
	groups []string
	known  bool
}

// Groups answers the codes of the groups that the visitor of a request is in,
// within the time-out. known is false when there was no answer in time.
func (p *Personalizer) Groups(r *http.Request) (groups []string, known bool) {
	who, somebody := p.o.Who(r)
	if !somebody {
		return nil, true
	}
	e := p.cache.entry(who)
	now := time.Now()
	if groups, at, ok := e.last(); ok && now.Sub(at) < p.o.Fresh {
		return groups, true
	}
	ctx, cancel := context.WithTimeout(r.Context(), p.o.Timeout)
	defer cancel()
	asked := e.ask(func(done func([]string, error)) { p.ask(who, done) })
	select {
	case <-asked:
	case <-ctx.Done():
	}
	if groups, at, ok := e.last(); ok && now.Sub(at) < max(p.o.Fresh, p.o.Stale, time.Nanosecond) {
		return groups, true
	}
	return nil, false
}

// ask looks a visitor up, once for all requests of theirs that wait. It is not
// bound to any of them.
func (p *Personalizer) ask(who muster.Identifiers, done func([]string, error)) {
	ctx, cancel := context.WithTimeout(context.Background(), p.o.Timeout)
	defer cancel()
	answer, err := p.lookup.Lookup(ctx, who)
	if err != nil && p.o.Logger != nil && p.quiet.allow(time.Now()) {
		p.o.Logger.Warn("the groups of a visitor are not known in time", "error", err)
	}
	done(answer.Groups, err)
}

// Groups answers the groups that Middleware found; they must not be changed.
func Groups(ctx context.Context) []string {
	v, _ := ctx.Value(contextKey{}).(visitor)
	return v.groups
}

// In reports whether the visitor is in a group.
func In(ctx context.Context, group string) bool { return slices.Contains(Groups(ctx), group) }

// Known reports whether the visitor's groups were known in time; false, too,
// where Middleware did not run.
func Known(ctx context.Context) bool {
	v, _ := ctx.Value(contextKey{}).(visitor)
	return v.known
}
