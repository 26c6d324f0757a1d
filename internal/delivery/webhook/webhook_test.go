package webhook_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/delivery/webhook"
)

func TestChangesArriveGatheredInOrderAndSigned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		w.feed.enter("before", 1, 3) // what was before the webhook is not its business
		made := w.create(webhook.Input{Identifiers: true})
		verifier, err := standardwebhooks.NewWebhook(made.Secret)
		if err != nil {
			t.Fatalf("the secret %q: %v", made.Secret, err)
		}
		w.feed.enter("new", 1, 700)
		pass(10 * time.Second)
		got := w.receiver.all()
		if len(got) != 2 || len(got[0].seqs()) != 500 || len(got[1].seqs()) != 200 {
			t.Fatalf("700 changes: got %d requests, want one of 500 and one of 200", len(got))
		}
		var seqs []muster.Seq
		for _, d := range got {
			if err := verifier.VerifyIgnoringTimestamp(d.raw, d.header); err != nil {
				t.Errorf("the signature of %s: %v", d.id, err)
			}
			seqs = append(seqs, d.seqs()...)
		}
		if seqs[0] != 4 || len(seqs) != 700 || !slices.IsSorted(seqs) {
			t.Errorf("got the changes %d to %d, %d in all, want 4 to 703 in order", seqs[0], seqs[len(seqs)-1], len(seqs))
		}
		first := got[0].body.Data.Changes[0]
		if first.Group != "new" || first.Direction != "entered" || first.Cause.Kind != "recalculation" || first.ExternalID == nil || *first.ExternalID != "customer-1" {
			t.Errorf("got the first change %+v, want who entered, with external id and cause", first)
		}
		if shown := w.get(made.ID); shown.Secret != "" || shown.Behind != 0 || shown.Cursor != 703 || shown.Status != "active" {
			t.Errorf("got %+v, want it up to date and its secret hidden", shown)
		}
	})
}

func TestOnlyChangesThatPassTheFilterAreSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		made := w.create(webhook.Input{Groups: []string{"vip", "new"}, Direction: "left", Causes: []string{"time"}})
		w.feed.move("vip", 1, "entered", "time")
		w.feed.move("vip", 1, "left", "time")
		w.feed.move("other", 2, "left", "time")
		w.feed.move("new", 2, "left", "field")
		w.feed.move("new", 3, "left", "time")
		pass(10 * time.Second)
		got := w.receiver.all()
		if len(got) != 1 || !slices.Equal(got[0].seqs(), []muster.Seq{2, 5}) {
			t.Fatalf("got %+v, want one request with the changes 2 and 5", got)
		}
		if behind := w.get(made.ID).Behind; behind != 0 {
			t.Errorf("got %d changes behind, want those that were left out passed", behind)
		}
	})
}

func TestAReceiverThatFailsAtRandomGetsEverythingInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		chance := rand.New(rand.NewPCG(1, 2))
		var accepted []muster.Seq
		w.receiver.answers(func(d delivery) *http.Response {
			switch chance.IntN(4) {
			case 0:
				return respond(http.StatusInternalServerError, "boom")
			case 1: // it was processed, but nobody is told
				accepted = append(accepted, d.seqs()...)
				return respond(http.StatusBadGateway, "")
			}
			accepted = append(accepted, d.seqs()...)
			return nil
		})
		w.create(webhook.Input{BatchSize: 7})
		for n := range 400 {
			w.feed.move("new", n, "entered", "activity")
			if n%50 == 49 {
				// The program is stopped and started in the middle of it.
				w.service.Close()
				w.open()
			}
			pass(time.Duration(chance.IntN(5)) * time.Second)
		}
		pass(4 * 24 * time.Hour)
		seen := muster.Seq(0)
		for _, seq := range accepted {
			if seq > seen+1 {
				t.Fatalf("got change %d after %d, want none left out", seq, seen)
			}
			seen = max(seen, seq)
		}
		if seen != 400 {
			t.Errorf("got the changes up to %d, want 400", seen)
		}
	})
}

func TestAFailingReceiverIsTriedForDaysThenPausedAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		w.receiver.answers(func(delivery) *http.Response { return respond(http.StatusServiceUnavailable, "down for repair") })
		made := w.create(webhook.Input{BatchSeconds: new(int)})
		w.feed.move("new", 1, "entered", "activity")
		pass(10 * time.Second)
		if got := w.get(made.ID); got.Status != "retrying" || got.NextAttemptAt == nil || !strings.Contains(got.LastError, "503") {
			t.Errorf("after the first failures: got %+v, want it retrying with the reason and the next attempt", got)
		}
		pass(6 * 24 * time.Hour)
		got := w.receiver.all()
		want := []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour,
			8 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour}
		if len(got) != len(want)+1 {
			t.Fatalf("got %d attempts, want %d", len(got), len(want)+1)
		}
		for i, d := range want {
			if gap := got[i+1].at.Sub(got[i].at); gap < d*8/10 || gap > d*12/10+2*time.Second {
				t.Errorf("between attempt %d and the next: got %v, want %v give or take a fifth", i+1, gap, d)
			}
			if got[i+1].id != got[0].id {
				t.Errorf("attempt %d: got the id %s, want the %s of the first", i+2, got[i+1].id, got[0].id)
			}
		}
		if total := got[len(want)].at.Sub(got[0].at); total < 2*24*time.Hour {
			t.Errorf("got %v of attempts, want days", total)
		}
		stopped := w.get(made.ID)
		if stopped.Status != "paused" || stopped.PausedBecause == nil || *stopped.PausedBecause != "failing" {
			t.Errorf("after days: got %+v, want it paused because it is failing", stopped)
		}
		w.service.Close()
		w.open()
		w.feed.move("new", 2, "entered", "activity")
		w.receiver.answers(nil)
		must(w.service.Resume(t.Context(), made.ID))(t)
		pass(10 * time.Second)
		all := w.receiver.all()[len(got):]
		if len(all) != 2 || !slices.Equal(all[0].seqs(), []muster.Seq{1}) || !slices.Equal(all[1].seqs(), []muster.Seq{2}) {
			t.Errorf("resumed: got %d requests %+v, want the change that failed and then the one after it", len(all), all)
		}
		log := must(w.service.Deliveries(t.Context(), made.ID))(t)
		if len(log) != 15 || log[0].Status != "delivered" || log[2].Status != "failed" || log[2].Attempt != 13 || log[2].Response != "down for repair" {
			t.Errorf("got a log of %d with %+v, want 13 failures and 2 successes", len(log), log)
		}
	})
}

func TestAReceiverCanAskToBeLeftAloneAndForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		w.receiver.answers(func(delivery) *http.Response { return respond(http.StatusTooManyRequests, "", "Retry-After", "600") })
		made := w.create(webhook.Input{})
		w.feed.move("new", 1, "entered", "activity")
		pass(590 * time.Second)
		if got := len(w.receiver.all()); got != 1 {
			t.Errorf("within the ten minutes asked for: got %d requests, want 1", got)
		}
		w.receiver.answers(func(delivery) *http.Response { return respond(http.StatusGone, "") })
		pass(time.Hour)
		got := w.get(made.ID)
		if len(w.receiver.all()) != 2 || got.PausedBecause == nil || *got.PausedBecause != "gone" {
			t.Errorf("after 410: got %d requests and %+v, want no third one and a pause", len(w.receiver.all()), got)
		}
	})
}

func TestWhoFallsBehindWhatHistoryIsKeptOfIsPausedAndSkipsNothingByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		made := w.create(webhook.Input{Paused: true})
		w.feed.enter("new", 1, 30)
		w.feed.giveUp(20)
		if _, err := w.service.Resume(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		got := w.get(made.ID)
		if len(w.receiver.all()) != 0 || got.PausedBecause == nil || *got.PausedBecause != "expired" || got.Cursor != 0 || !strings.Contains(got.LastError, "up to 20") {
			t.Errorf("after resuming before the horizon: got %d requests and %+v, want none and a pause that says why", len(w.receiver.all()), got)
		}
		if _, err := w.service.Rewind(t.Context(), made.ID, 19); muster.CodeOf(err) != muster.CodeHistoryExpired {
			t.Errorf("rewinding before the horizon: got %v, want CodeHistoryExpired", err)
		}
		if _, err := w.service.Create(t.Context(), webhook.Input{URL: "https://receiver.example/other", After: new(muster.Seq)}); muster.CodeOf(err) != muster.CodeHistoryExpired {
			t.Errorf("beginning before the horizon: got %v, want CodeHistoryExpired", err)
		}
		if _, err := w.service.Rewind(t.Context(), made.ID, 20); err != nil {
			t.Errorf("rewinding to the horizon: %v", err)
		}
		pass(time.Minute)
		if got := w.get(made.ID); got.Status != "active" || got.Cursor != 30 || len(w.receiver.all()) == 0 {
			t.Errorf("after rewinding: got %d requests and %+v, want the changes from 21 on", len(w.receiver.all()), got)
		}
	})
}

func TestOneFailingReceiverHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		w.receiver.answers(func(d delivery) *http.Response {
			if strings.HasPrefix(d.id, "wh_") && d.header.Get("User-Agent") == "Muster test" && len(d.seqs()) > 0 && d.body.Data.Changes[0].Group == "bad" {
				return respond(http.StatusInternalServerError, "")
			}
			return nil
		})
		w.create(webhook.Input{Groups: []string{"bad"}})
		good := w.create(webhook.Input{Groups: []string{"good"}})
		w.feed.move("bad", 1, "entered", "field")
		w.feed.move("good", 1, "entered", "field")
		pass(4 * time.Second)
		if got := w.get(good.ID); got.Behind != 0 || got.LastDeliveredAt == nil {
			t.Errorf("got %+v, want it delivered beside the failing one", got)
		}
	})
}

func TestALargeMoveIsSentAtTheRateAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		w.feed.enter("new", 1, 30_000)
		first := muster.Seq(0)
		w.create(webhook.Input{After: &first, BatchSize: 1000, PerSecond: 2})
		started := time.Now()
		pass(time.Minute)
		got := w.receiver.all()
		if len(got) != 30 {
			t.Fatalf("30,000 changes: got %d requests, want 30", len(got))
		}
		if took := got[29].at.Sub(started); took < 14*time.Second || took > 20*time.Second {
			t.Errorf("30 requests at two a second: got %v, want 15 s", took)
		}
		if !got[0].body.Data.CatchingUp || got[29].seqs()[999] != 30_000 {
			t.Errorf("got catching_up %v and the last change %d, want it said, and all of them", got[0].body.Data.CatchingUp, got[29].seqs()[999])
		}
	})
}

func TestAReceiverThatIsFarBehindGetsNetMovements(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		made := w.create(webhook.Input{BatchSize: 100, Paused: true})
		// 20 contacts go in and out a thousand times; one of them stays in another group, one enters once more.
		for range 500 {
			for n := range 20 {
				w.feed.move("busy", n, "entered", "activity")
				w.feed.move("busy", n, "left", "time")
			}
		}
		w.feed.move("calm", 3, "entered", "field")
		w.feed.move("busy", 7, "entered", "list")
		must(w.service.Resume(t.Context(), made.ID))(t)
		pass(time.Minute)
		got := w.receiver.all()
		if len(got) != 1 || !got[0].body.Data.CatchingUp || !slices.Equal(got[0].seqs(), []muster.Seq{20_001, 20_002}) {
			t.Fatalf("20,002 changes: got %d requests, want one with the two that stand", len(got))
		}
		if c := got[0].body.Data.Changes[1]; c.Group != "busy" || c.Direction != "entered" || c.Cause.Kind != "list" {
			t.Errorf("got %+v, want the last movement with its cause", c)
		}
		w.feed.move("busy", 7, "left", "time")
		pass(5 * time.Second)
		if all := w.receiver.all(); len(all) != 2 || all[1].body.Data.CatchingUp || w.get(made.ID).CatchingUp {
			t.Errorf("after catching up: got %d requests, want single movements again", len(all))
		}
	})
}

func TestCatchingUpGoesOnAfterARestartWhereItStood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		made := w.create(webhook.Input{BatchSize: 10, PerSecond: 100, Paused: true})
		for n := range 6000 {
			w.feed.move("busy", n, "entered", "activity")
		}
		for n := range 5000 {
			w.feed.move("busy", n, "left", "time")
		}
		must(w.service.Resume(t.Context(), made.ID))(t)
		for range 5 {
			pass(150 * time.Millisecond)
			w.service.Close()
			w.open()
		}
		pass(time.Minute)
		var seqs []muster.Seq
		for _, d := range w.receiver.all() {
			seqs = append(seqs, d.seqs()...)
		}
		if len(seqs) != 1000 || seqs[0] != 5001 || seqs[999] != 6000 || !slices.IsSorted(seqs) {
			t.Errorf("got %d changes %d to %d, want the 1,000 who stayed, once each", len(seqs), seqs[0], seqs[len(seqs)-1])
		}
	})
}

// The process is killed after a request has arrived and before it has heard the
// answer; meanwhile more has happened.
func TestWhatWasOnItsWayIsSentAgainAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		w.create(webhook.Input{BatchSize: 10})
		w.feed.enter("g", 1, 3)
		kept := map[string]*documents{} // what a kill leaves
		w.receiver.answers(func(delivery) *http.Response {
			if len(kept) > 0 {
				return nil
			}
			for kind, d := range w.documents {
				items, _ := d.All(t.Context())
				kept[kind] = &documents{items: items}
			}
			w.feed.enter("g", 4, 15)
			return nil
		})
		pass(2 * time.Second)
		w.service.Close()
		first := w.receiver.all()[0]
		w.receiver.answers(nil)
		w.receiver.got = nil
		w.documents = kept
		w.open()
		pass(5 * time.Second)
		all := w.receiver.all()
		if len(all) != 3 || all[0].id != first.id || !slices.Equal(all[0].seqs(), first.seqs()) {
			t.Fatalf("after the kill: got %d requests, the first one %s with %v; want 3, the first one %s with %v", len(all), all[0].id, all[0].seqs(), first.id, first.seqs())
		}
		var rest []muster.Seq
		for _, d := range all[1:] {
			rest = append(rest, d.seqs()...)
		}
		if len(rest) != 12 || rest[0] != 4 || rest[11] != 15 {
			t.Errorf("after it: got %v, want 4 to 15", rest)
		}
	})
}

func TestPeoplePauseTestReplayAndGoBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		made := w.create(webhook.Input{})
		must(w.service.Pause(t.Context(), made.ID))(t)
		w.feed.move("new", 1, "entered", "activity")
		pass(time.Hour)
		test := must(w.service.Test(t.Context(), made.ID))(t)
		if got := w.receiver.all(); len(got) != 1 || got[0].body.Type != "webhook.test" || test.Status != "delivered" || test.StatusCode != 204 {
			t.Fatalf("paused and tested: got %d requests and %+v, want the test only", len(got), test)
		}
		must(w.service.Resume(t.Context(), made.ID))(t)
		pass(10 * time.Second)
		log := must(w.service.Deliveries(t.Context(), made.ID))(t)
		if len(log) != 2 || log[0].Kind != "changes" || log[1].Kind != "test" {
			t.Fatalf("got the log %+v, want the delivery before the test", log)
		}
		replayed := must(w.service.Replay(t.Context(), made.ID, log[0].ID))(t)
		got := w.receiver.all()
		if len(got) != 3 || got[2].id != got[1].id || !slices.Equal(got[2].seqs(), got[1].seqs()) || replayed.Kind != "replay" {
			t.Errorf("replayed: got %+v, want the same request again", got)
		}
		if _, err := w.service.Replay(t.Context(), made.ID, "other"); muster.CodeOf(err) != muster.CodeNotFound {
			t.Errorf("replay of an unknown delivery: got %v, want not_found", err)
		}
		must(w.service.Rewind(t.Context(), made.ID, 0))(t)
		pass(10 * time.Second)
		if got := w.receiver.all(); len(got) != 4 || !slices.Equal(got[3].seqs(), []muster.Seq{1}) {
			t.Errorf("gone back: got %d requests, want the first change again", len(got))
		}
		if _, err := w.service.Rewind(t.Context(), made.ID, 9); muster.CodeOf(err) != muster.CodeInvalid {
			t.Errorf("going to a change that is not there: got %v, want invalid", err)
		}
	})
}

func TestWhatADeliveryCarriesIsShownByItsFirstChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		made := w.create(webhook.Input{Identifiers: true})
		w.feed.enter("new", 1, 25)
		pass(10 * time.Second)
		log := must(w.service.Deliveries(t.Context(), made.ID))(t)
		shown := must(w.service.Request(t.Context(), made.ID, log[0].ID))(t)
		body := string(shown.Body)
		if strings.Count(body, `"seq":`) != 10 || !strings.Contains(body, "customer-1") || shown.LeftOut != 15 {
			t.Errorf("25 changes: got %s and %d left out, want the first 10 with their identifiers", body, shown.LeftOut)
		}
		if got := w.receiver.all(); len(got) != 1 {
			t.Errorf("got %d requests, want none made by looking", len(got))
		}
	})
}

func TestANewSecretSignsBesideTheOldOneForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		made := w.create(webhook.Input{})
		rotated := must(w.service.RotateSecret(t.Context(), made.ID))(t)
		verifies := func(secret string) bool {
			must(w.service.Test(t.Context(), made.ID))(t)
			all := w.receiver.all()
			verifier := must(standardwebhooks.NewWebhook(secret))(t)
			return verifier.VerifyIgnoringTimestamp(all[len(all)-1].raw, all[len(all)-1].header) == nil
		}
		if rotated.Secret == made.Secret || !verifies(rotated.Secret) || !verifies(made.Secret) {
			t.Error("at first: want a new secret, and both to verify")
		}
		pass(25 * time.Hour)
		if !verifies(rotated.Secret) || verifies(made.Secret) {
			t.Error("after a day: want only the new secret to verify")
		}
	})
}

func TestAWebhookThatStandsAfterTheLastChangeGoesOnFromThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { w.service.Close() }()
		made := w.create(webhook.Input{})
		w.feed.enter("new", 1, 10)
		pass(10 * time.Second)
		w.service.Close()
		w.feed.changes = w.feed.changes[:4] // a backup was restored
		w.open()
		pass(5 * time.Minute)
		w.feed.move("new", 5, "entered", "activity")
		pass(10 * time.Second)
		if got := w.receiver.all(); len(got) != 2 || !slices.Equal(got[1].seqs(), []muster.Seq{5}) || w.get(made.ID).Cursor != 5 {
			t.Errorf("got %d requests, the last %v, want change 5 delivered", len(got), got[len(got)-1].seqs())
		}
	})
}

func TestWhatCannotBeAWebhookIsRefused(t *testing.T) {
	w := newWorld(t)
	defer func() { w.service.Close() }()
	for _, url := range []string{"", "shop.example", "ftp://shop.example/", "https:///hook", "https://me:secret@shop.example/", "https://shop.example/#part"} {
		if _, err := w.service.Create(t.Context(), webhook.Input{URL: url}); muster.CodeOf(err) != muster.CodeInvalid {
			t.Errorf("%q: got %v, want invalid", url, err)
		}
	}
	if _, err := w.service.Create(t.Context(), webhook.Input{URL: "https://shop.example/", Groups: []string{"nowhere"}}); muster.CodeOf(err) != muster.CodeInvalid {
		t.Errorf("an unknown group: got %v, want invalid", err)
	}
	if got := must(w.service.List(t.Context()))(t); len(got) != 0 {
		t.Errorf("got %+v, want nothing kept of what was refused", got)
	}
}
