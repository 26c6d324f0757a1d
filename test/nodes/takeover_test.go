package nodes_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store/postgres"
)

const (
	crowdSize = 4000 // contacts, each with tenOld activities that retention removes
	tenOld    = 10
	leavers   = 60 // contacts who are to leave by time, one a second
	daily     = 25 // groups that are to be recalculated

	didOnce  = `{"groups":[{"conditions":[{"type":"activity-count","params":{"types":["page_visit"],"times":{"at_least":1}}}]}]}`
	lastDay  = `{"groups":[{"conditions":[{"type":"activity-count","params":{"types":["purchase"],"times":{"at_least":1},"within":{"last":"1d"}}}]}]}`
	nobodyIs = "nobody, until all nodes are there"
)

// overdue is a database of which everything is due that is to be done once: it
// was last used thirty hours ago, a night before this one.
func overdue(t *testing.T, url string) (since muster.Instant) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	since = muster.InstantOf(now.Add(-30 * time.Hour))
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`insert into contact (no, id, created_at) select n, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $2 from generate_series(1, $1::bigint) n`, crowdSize, int64(since))
	// A contact's are next to each other in time, so that each step of retention lets some leave.
	exec(`insert into activity (contact_no, type, at, row, channel, arrived, attributes)
		select 1 + i / $1::bigint, 'page_visit', $2::bigint + i, 1 + i, '', $3::bigint, '{}' from generate_series(0, $4::bigint - 1) i`,
		tenOld, int64(since-200*86400), int64(since), crowdSize*tenOld)
	exec(`insert into activity (contact_no, type, at, row, channel, arrived, attributes)
		select n, 'purchase', $1::bigint + n, $2::bigint + n, '', $3::bigint, '{}' from generate_series(1, $4::bigint) n`,
		now.Unix()-86400, crowdSize*tenOld, int64(since), leavers)
	exec(`insert into last_activity select contact_no, max(at) from activity group by contact_no`)
	exec(`update head set tick = $1, last_contact = $2, contacts = $2, people = 1, activities = $3, last_row = $3`, int64(since), crowdSize, crowdSize*tenOld+leavers)
	exec(`update last_activity_until set row = (select last_row from head)`)
	exec(`analyze contact, activity`)

	st, err := postgres.Open(ctx, url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// The hour was half a day ago, and is half a day ahead.
	noon := now.Add(-12 * time.Hour)
	r, err := roster.Open(ctx, st, roster.Options{Clock: roster.ClockFunc(func() muster.Instant { return since }), Manual: true,
		Minute: func(int, int) int { return noon.Hour()*60 + noon.Minute() }})
	if err != nil {
		t.Fatal(err)
	}
	save := func(code, condition string, scheduled bool) {
		t.Helper()
		parsed, err := muster.ParseCondition([]byte(condition))
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = r.SaveGroup(ctx, roster.Save{Create: true, Code: code, Name: &code, Condition: &parsed, Schedule: &scheduled, Recalculate: true, Author: "test"})
		if err != nil {
			t.Fatal(err)
		}
	}
	save("visited", didOnce, false)
	save("lately", lastDay, false)
	for n := range daily {
		save(fmt.Sprint("daily", n), identified, true)
	}
	for code := range r.State().Groups {
		if status, _ := r.Status(code); status != muster.Recalculating {
			continue
		}
		job, err := r.Recalculate(ctx, code)
		if err == nil {
			err = job.Wait(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	yes, hour := true, noon.UTC().Hour()
	err = r.SetRetention(ctx, roster.RetentionChange{Enabled: &yes, Hour: &hour, Activities: &[]roster.TypeRule{{Type: "page_visit", Days: 100}}})
	if err := errors.Join(err, r.Close(), st.Close()); err != nil {
		t.Fatal(err)
	}

	// Whatever is written of groups and runs is written down beside them.
	exec(`create table witness (kind text, code text, body bytea)`)
	exec(`create function witness() returns trigger language plpgsql as $$ begin insert into witness values (new.kind, new.code, new.body); return null; end $$`)
	exec(`create trigger witness after insert or update on document for each row when (new.kind in ('group', 'retention_run')) execute function witness()`)
	exec(`insert into lease values ('work', $1, clock_timestamp() + interval '1 hour', '') on conflict (name) do update set holder = excluded.holder, until = excluded.until`, nobodyIs)
	return since
}

// witnessed is what was written of groups and of runs since.
type witnessed struct {
	runs   map[string][]muster.Instant // of scheduled groups, by code
	begun  []string                    // runs of retention
	ended  bool                        // the last of them
	steps  int
	latest roster.RetentionRun
}

func (w witnessed) recalculated() (n int) {
	for _, at := range w.runs {
		n += min(len(at), 1)
	}
	return n
}

func witness(t *testing.T, conn *pgx.Conn, since muster.Instant) (w witnessed) {
	t.Helper()
	w.runs = map[string][]muster.Instant{}
	rows, err := conn.Query(t.Context(), `select kind, code, body from witness`)
	if err != nil {
		t.Fatal(err)
	}
	var kind, code string
	var body []byte
	_, err = pgx.ForEachRow(rows, []any{&kind, &code, &body}, func() error {
		if kind == "group" {
			var g muster.Group
			if err := json.Unmarshal(body, &g); err != nil {
				return err
			}
			if g.Schedule != nil && g.Schedule.LastRun > since && !slices.Contains(w.runs[code], g.Schedule.LastRun) {
				w.runs[code] = append(w.runs[code], g.Schedule.LastRun)
			}
			return nil
		}
		if !slices.Contains(w.begun, code) {
			w.begun = append(w.begun, code)
		}
		var run roster.RetentionRun
		if err := json.Unmarshal(body, &run); err != nil {
			return err
		}
		if run.Steps >= w.steps {
			w.steps, w.latest, w.ended = run.Steps, run, run.EndedAt != 0
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// working answers which of the nodes says that it does what is to be done once.
func working(nodes []*process) int {
	return slices.IndexFunc(nodes, func(p *process) bool {
		said := p.Output()
		return strings.LastIndex(said, "this node does the work") > strings.LastIndex(said, "another node does the work")
	})
}

// The node that works is killed in the midst of scheduled recalculations; the next
// one in the midst of retention, after a webhook has taken a request and before
// the node hears of it. What is to be done once is done once, and nothing is lost.
func TestWhatIsToBeDoneOnceIsDoneOnceWhenNodesThatWorkAreKilled(t *testing.T) {
	t.Parallel()
	ctx, url := t.Context(), prepared(t)
	since := overdue(t, url)
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	nodes := []*process{serve(t, url), serve(t, url), serve(t, url)}
	book := newLedger()
	hooks := httptest.NewServer(book)
	t.Cleanup(hooks.Close)
	t.Cleanup(book.let)
	hook, err := nodes[0].CreateWebhook(ctx, client.WebhookInput{URL: hooks.URL})
	if err != nil {
		t.Fatal(err)
	}
	book.begin(hook.Cursor)
	var killed time.Time
	kill := func() {
		t.Helper()
		await(t, "one node that works", func() (bool, string) { at := working(nodes); return at >= 0, fmt.Sprint(at) })
		at := working(nodes)
		nodes[at].Kill()
		killed = time.Now()
		nodes = slices.Delete(nodes, at, at+1)
	}
	if got := working(nodes); got >= 0 {
		t.Fatalf("the node %d works while somebody else has the lease", got)
	}
	if _, err := conn.Exec(ctx, `update lease set until = clock_timestamp()`); err != nil {
		t.Fatal(err)
	}

	await(t, "some groups recalculated", func() (bool, string) {
		n := witness(t, conn, since).recalculated()
		return n >= 3, fmt.Sprint(n)
	})
	book.hold()
	kill()
	at := witness(t, conn, since)
	t.Logf("the first is killed with %d of %d groups recalculated, and after %d steps of retention", at.recalculated(), daily, at.steps)
	if at.recalculated() == daily {
		t.Error("all groups were recalculated when the node was killed: nothing is proven")
	}

	held := book.await(t)
	t.Logf("%s later another one sends a request, in which it is killed", time.Since(killed).Round(100*time.Millisecond))
	kill()
	book.let()
	if at = witness(t, conn, since); at.ended {
		t.Error("retention had ended when the node was killed: nothing is proven")
	}
	t.Logf("the second is killed with %d of %d groups recalculated, and after %d steps of retention", at.recalculated(), daily, at.steps)

	last := nodes[0]
	await(t, "everything done", func() (bool, string) {
		at = witness(t, conn, since)
		shown, err := last.Webhook(ctx, hook.ID)
		if err != nil {
			t.Fatalf("%v\n%s", err, last.Output())
		}
		return at.ended && at.recalculated() == daily && shown.Behind == 0,
			fmt.Sprintf("%d groups recalculated, %d steps of retention, ended %t, %d changes to be delivered", at.recalculated(), at.steps, at.ended, shown.Behind)
	})
	t.Logf("all is done %s after the second was killed", time.Since(killed).Round(100*time.Millisecond))
	for code, runs := range at.runs {
		if len(runs) != 1 {
			t.Errorf("the group %s was recalculated at %v, want once", code, runs)
		}
	}
	if n := int64(crowdSize * tenOld); len(at.begun) != 1 || len(at.latest.Activities) != 1 || at.latest.Activities[0].Removed != n || at.latest.Left != crowdSize {
		t.Errorf("retention: got the runs %v, the last of which %+v; want one that removes %d activities and lets %d leave", at.begun, at.latest, n, crowdSize)
	}
	book.check(t, held)
	movesOnce(t, last)
	if judged, err := last.Verify(ctx, 0); err != nil || judged.Wrong != 0 {
		t.Errorf("verify: got %+v, %v; want nothing wrong\n%s", judged, err, last.Output())
	}
}

// movesOnce reads the feed: no number is missing, and everybody enters and leaves
// in turn; by time and by retention once.
func movesOnce(t *testing.T, p *process) {
	t.Helper()
	var last muster.Seq
	type membership struct {
		group   string
		contact muster.ContactID
	}
	in, left := map[membership]bool{}, map[membership]int{}
	for {
		feed, err := p.Changes(t.Context(), client.FeedQuery{After: last, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if len(feed.Items) == 0 {
			break
		}
		for _, change := range feed.Items {
			if change.Seq != last+1 {
				t.Fatalf("after record %d the feed shows %d", last, change.Seq)
			}
			last = change.Seq
			m := membership{change.Group, *change.ContactID}
			entered := change.Direction == "entered"
			if in[m] == entered {
				t.Errorf("record %+v changes nothing", change)
			}
			if in[m] = entered; !entered {
				left[m]++
			}
		}
	}
	visited := 0
	for m, n := range left {
		if n > 1 {
			t.Errorf("%s has left %s %d times, want once", m.contact, m.group, n)
		}
		if m.group == "visited" {
			visited++
		}
	}
	if visited != crowdSize {
		t.Errorf("contacts who have left by retention: got %d, want %d", visited, crowdSize)
	}
}
