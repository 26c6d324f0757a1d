package webhook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/delivery/shelf"
	"github.com/muster-groups/muster/internal/delivery/webhook"
)

// feed is a change feed in memory.
type feed struct {
	mu      sync.Mutex
	changes []app.Change
	more    chan struct{}
	given   muster.Seq // changes up to it are not kept any more
}

// giveUp forgets changes up to a number.
func (f *feed) giveUp(to muster.Seq) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.given = to
}

func (f *feed) reaches(after muster.Seq) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if after < f.given {
		return muster.Errorf(muster.CodeHistoryExpired, "Changes up to %d are not kept any more.", f.given)
	}
	return nil
}

func newFeed() *feed { return &feed{more: make(chan struct{})} }

// contact is the id of the n-th contact.
func contact(n int) *muster.ContactID {
	id := muster.ContactID{byte(n >> 16), byte(n >> 8), byte(n), 1}
	return &id
}

// move adds a record.
func (f *feed) move(group string, n int, direction, cause string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes = append(f.changes, app.Change{Seq: muster.Seq(len(f.changes) + 1), Group: group, ContactID: contact(n),
		At: muster.InstantOf(time.Now()), Direction: direction, Cause: app.Cause{Kind: cause}})
	close(f.more)
	f.more = make(chan struct{})
}

func (f *feed) enter(group string, from, to int) {
	for n := from; n <= to; n++ {
		f.move(group, n, "entered", "recalculation")
	}
}

func (f *feed) page(q app.FeedQuery) (app.Feed, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := app.Feed{Last: q.After}
	for _, c := range f.changes[min(int(q.After), len(f.changes)):] {
		if out.Last = c.Seq; q.Keeps(c) {
			if out.Items = append(out.Items, c); len(out.Items) == q.Limit {
				break
			}
		}
	}
	if int(out.Last) < len(f.changes) {
		next := fmt.Sprint(out.Last)
		out.Next = &next
	}
	return out, f.more
}

// Changes answers as the use case does.
func (f *feed) Changes(ctx context.Context, q app.FeedQuery) (app.Feed, error) {
	over := time.NewTimer(q.Wait)
	defer over.Stop()
	for {
		if err := f.reaches(q.After); err != nil {
			return app.Feed{}, err
		}
		page, more := f.page(q)
		if len(page.Items) > 0 || q.Wait == 0 {
			return page, ctx.Err()
		}
		q.After = page.Last
		select {
		case <-more:
		case <-over.C:
			return page, nil
		case <-ctx.Done():
			return page, ctx.Err()
		}
	}
}

// LastChange answers the number of the last record.
func (f *feed) LastChange(context.Context) (muster.Seq, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return muster.Seq(len(f.changes)), nil
}

// Backlog counts all that pass.
func (f *feed) Backlog(_ context.Context, after muster.Seq, filter app.ChangeFilter) (app.Backlog, error) {
	page, _ := f.page(app.FeedQuery{After: after, ChangeFilter: filter, Limit: math.MaxInt})
	out := app.Backlog{Behind: uint64(len(page.Items))}
	if len(page.Items) > 0 {
		out.BehindSince = &page.Items[0].At
	}
	return out, nil
}

// KnownAs knows contacts by their number.
func (f *feed) KnownAs(_ context.Context, ids []muster.ContactID) (map[muster.ContactID]app.KnownAs, error) {
	out := map[muster.ContactID]app.KnownAs{}
	for _, id := range ids {
		name := fmt.Sprintf("customer-%d", int(id[0])<<16|int(id[1])<<8|int(id[2]))
		out[id] = app.KnownAs{ExternalID: &name}
	}
	return out, nil
}

// CheckChangeFilter knows every group but nowhere.
func (f *feed) CheckChangeFilter(at string, c app.ChangeFilter) error {
	if slices.Contains(c.Groups, "nowhere") {
		return muster.Errorf(muster.CodeInvalid, "there is no group nowhere (%s)", at)
	}
	return nil
}

// documents are in memory.
type documents struct {
	mu    sync.Mutex
	items map[string][]byte
}

// All answers a copy.
func (d *documents) All(context.Context) (map[string][]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.items), nil
}

// Put keeps a document.
func (d *documents) Put(_ context.Context, id string, body []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.items[id] = slices.Clone(body)
	return nil
}

// Delete forgets a document.
func (d *documents) Delete(_ context.Context, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.items, id)
	return nil
}

// delivery is a request as the receiver saw it.
type delivery struct {
	at     time.Time
	id     string
	header http.Header
	raw    []byte
	body   struct {
		Type string
		Data struct {
			CatchingUp bool `json:"catching_up"`
			Message    string
			Changes    []struct {
				app.Change
				app.KnownAs
			}
		}
	}
}

func (d delivery) seqs() (out []muster.Seq) {
	for _, c := range d.body.Data.Changes {
		out = append(out, c.Seq)
	}
	return out
}

// receiver answers requests as its answer says; nil is 204.
type receiver struct {
	t      *testing.T
	mu     sync.Mutex
	got    []delivery
	answer func(d delivery) *http.Response
}

// Do takes a request as a server would.
func (r *receiver) Do(request *http.Request) (*http.Response, error) {
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	d := delivery{at: time.Now(), id: request.Header.Get("webhook-id"), header: request.Header, raw: body}
	if err := json.Unmarshal(body, &d.body); err != nil {
		r.t.Errorf("the body %s: %v", body, err)
	}
	r.mu.Lock()
	r.got = append(r.got, d)
	answer := r.answer
	r.mu.Unlock()
	if answer != nil {
		if response := answer(d); response != nil {
			return response, nil
		}
	}
	return respond(http.StatusNoContent, ""), nil
}

func respond(status int, body string, header ...string) *http.Response {
	r := &http.Response{StatusCode: status, Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func (r *receiver) answers(answer func(d delivery) *http.Response) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

// all answers the requests so far.
func (r *receiver) all() []delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// world is a service over a feed, documents and a receiver in memory.
type world struct {
	t         *testing.T
	feed      *feed
	documents map[string]*documents
	receiver  *receiver
	service   *webhook.Service
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, feed: newFeed(), documents: map[string]*documents{}, receiver: &receiver{t: t}}
	w.open()
	return w
}

// open opens a service over what is kept, as a start of the program does.
func (w *world) open() {
	w.t.Helper()
	service, err := webhook.Open(w.t.Context(), webhook.Config{Feed: w.feed, Client: w.receiver, Agent: "Muster test", Documents: func(kind string) shelf.Documents {
		if w.documents[kind] == nil {
			w.documents[kind] = &documents{items: map[string][]byte{}}
		}
		return w.documents[kind]
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.service = service
	service.Start()
}

func (w *world) create(in webhook.Input) webhook.Webhook {
	w.t.Helper()
	if in.URL == "" {
		in.URL = "https://shop.example/hook"
	}
	made, err := w.service.Create(w.t.Context(), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

func (w *world) get(id string) webhook.Webhook {
	w.t.Helper()
	got, err := w.service.Get(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// must fails the test on an error.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// pass lets time pass, in a test's bubble, and everything that it sets off happen.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
