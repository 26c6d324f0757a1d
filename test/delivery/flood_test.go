package delivery_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/delivery"
	"github.com/muster-groups/muster/test/scratch"
)

// How many contacts one recalculation moves; a soak moves a million.
const (
	flooded     = 30_000
	floodedSoak = 1_000_000
	floodBatch  = 1000
	floodRate   = 50 // requests a second
)

// pulse is a receiver that notes when its requests came.
type pulse struct {
	*delivery.Receiver
	mu    sync.Mutex
	times []time.Time
}

func (p *pulse) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.times = append(p.times, time.Now())
	p.mu.Unlock()
	p.Receiver.ServeHTTP(w, r)
}

func TestARecalculationThatMovesManyReachesAReceiverInBatchesAndGoesOnAfterAKill(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	people := flooded
	if scratch.Soak() {
		people = floodedSoak
		cancel()
		ctx, cancel = context.WithTimeout(t.Context(), 10*patience)
	}
	defer cancel()
	dir := t.TempDir()
	receiver := &pulse{Receiver: delivery.NewReceiver(scratch.Seed(t), 0)}
	hooks := httptest.NewServer(receiver)
	defer hooks.Close()

	s := delivery.Start(t, binary, dir)
	summary, err := s.LoadLines(ctx, func(yield func(client.Line) bool) {
		for n := range people {
			c := change(n, true)
			if !yield(client.Line{Contact: &c}) {
				return
			}
		}
	}, client.LoadOptions{})
	if err != nil || summary.Accepted != people {
		t.Fatalf("loading: got %+v, %v, want %d taken", summary, err, people)
	}
	none := 0
	made, err := s.CreateWebhook(ctx, client.WebhookInput{URL: hooks.URL + "/hook", BatchSize: floodBatch, BatchSeconds: &none, PerSecond: floodRate})
	if err != nil {
		t.Fatal(err)
	}
	if err := receiver.Trust(made.Secret); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	makeGroup(ctx, t, s, "companies")
	switched := time.Since(began)
	if !receiver.Await(muster.Seq(people/3), ctx.Done()) {
		t.Fatal("a third of the changes did not come")
	}
	_, before := s.Memory()
	s.Kill()
	s = delivery.Start(t, binary, dir)
	if _, err := s.ResumeWebhook(ctx, made.ID); err != nil {
		t.Fatal(err)
	}
	if !receiver.Await(muster.Seq(people), ctx.Done()) {
		t.Fatal("not all changes came")
	}
	took := time.Since(began)
	_, after := s.Memory()
	receiver.Read(func(r *delivery.Receiver) {
		t.Logf("%d changes in %d requests over %.1f s (the recalculation took %.2f s); %d came again after the kill; peak memory of the server %d MB before it and %d MB after",
			r.Last, r.Requests, took.Seconds(), switched.Seconds(), r.Repeated, before>>20, after>>20)
		for _, wrong := range r.Wrong {
			t.Error(wrong)
		}
		if int(r.Last) != people || len(r.Members["companies"]) != people {
			t.Errorf("got the changes up to %d and %d members, want %d", r.Last, len(r.Members["companies"]), people)
		}
		// The kill repeats at most what was under way.
		if most := people/floodBatch + 2; r.Requests > most || r.Repeated > floodBatch {
			t.Errorf("got %d requests with %d changes that came again, want at most %d with %d", r.Requests, r.Repeated, most, floodBatch)
		}
	})
	// However slow this machine is, requests are not sent faster than was asked
	// for: any of them and the one floodRate later are nearly a second apart. What
	// the network holds back may come at once; the kill is no pause to make up for.
	receiver.mu.Lock()
	defer receiver.mu.Unlock()
	total := receiver.times[len(receiver.times)-1].Sub(receiver.times[0])
	if least := time.Duration(len(receiver.times)-1-floodRate) * time.Second / floodRate; total < least {
		t.Errorf("%d requests came within %v, want at least %v at %d a second", len(receiver.times), total, least, floodRate)
	}
}
