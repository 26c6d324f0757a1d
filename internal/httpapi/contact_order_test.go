package httpapi_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/muster-groups/muster"
)

type listed struct {
	ExternalID   string          `json:"external_id"`
	CreatedAt    muster.Instant  `json:"created_at"`
	LastActivity *muster.Instant `json:"last_activity_at"`
}

// pages reads a list to its end, page by page.
func pages(w *world, path string) (all []listed) {
	w.t.Helper()
	for cursor := ""; ; {
		var page struct {
			Items []listed
			Next  *string
		}
		w.must("GET", path+cursor, nil, &page)
		all = append(all, page.Items...)
		if page.Next == nil {
			return all
		}
		cursor = "&cursor=" + *page.Next
	}
}

// Contacts of few and of many instants: long ago, in crowds of one second, now.
func TestContactsAreListedByCreationAndLastActivityWhateverTheirNumber(t *testing.T) {
	const seed = 7
	random := rand.New(rand.NewPCG(seed, 0))
	w := newWorld(t)
	instants := []string{"1969-07-20T20:17:40Z", "2019-01-01T00:00:00Z", "2025-06-01T10:00:00Z", "2026-03-01T08:59:58Z", "2026-03-02T08:59:59Z", "2026-03-02T09:00:00Z"}
	var lines strings.Builder
	for n := range 1300 {
		at := instants[random.IntN(len(instants))]
		if n%2 == 0 {
			at = "2026-02-01T12:00:00Z" // the crowd
		}
		fmt.Fprintf(&lines, `{"contact": {"external_id": "c%d", "created_at": %q, "fields": {"first_name": %q}}}`+"\n", n, at, []string{"Ada", "Grace"}[n%2])
		switch random.IntN(3) {
		case 0:
			fmt.Fprintf(&lines, `{"activity": {"contact": {"external_id": "c%d"}, "type": "login", "occurred_at": %q}}`+"\n", n, instants[random.IntN(len(instants))])
		case 1:
			fmt.Fprintf(&lines, `{"activity": {"contact": {"external_id": "c%d"}, "type": "login", "occurred_at": "2026-02-20T10:00:00Z"}}`+"\n", n)
		}
	}
	answer := w.send("admin", "POST", "/api/v1/changes?results=rejected", nil, strings.NewReader(lines.String()))
	if !strings.Contains(answer.body, `"rejected":0,"complete":true`) {
		t.Fatalf("loading: got %s, want everything accepted", answer.body)
	}
	naive := pages(w, "/contacts?limit=1000")
	for _, sort := range []string{"created", "-created", "last_activity", "-last_activity"} {
		at := func(c listed) *muster.Instant { return &c.CreatedAt }
		if strings.HasSuffix(sort, "last_activity") {
			at = func(c listed) *muster.Instant { return c.LastActivity }
		}
		want := slices.Clone(naive)
		slices.SortStableFunc(want, func(a, b listed) int {
			x, y := at(a), at(b)
			switch {
			case x == nil || y == nil:
				return cmp.Compare(map[bool]int{true: 1}[x == nil], map[bool]int{true: 1}[y == nil])
			case strings.HasPrefix(sort, "-"):
				return cmp.Compare(*y, *x)
			}
			return cmp.Compare(*x, *y)
		})
		for _, limit := range []int{40, 1000} {
			same(t, fmt.Sprintf("seed %d, sort=%s&limit=%d", seed, sort, limit), pages(w, fmt.Sprintf("/contacts?sort=%s&limit=%d", sort, limit)), want)
		}
		graces := slices.DeleteFunc(want, func(c listed) bool { var n int; _, _ = fmt.Sscanf(c.ExternalID, "c%d", &n); return n%2 == 0 })
		same(t, "Graces by "+sort, pages(w, "/contacts?search=grace&limit=90&sort="+sort), graces)
	}
}

func same(t *testing.T, what string, got, want []listed) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i].ExternalID != want[i].ExternalID {
			t.Errorf("%s: got %d contacts, want %d; the first difference is at %d: got %v, want %v", what, len(got), len(want), i, got[min(i, len(got)):min(i+3, len(got))], want[min(i, len(want)):min(i+3, len(want))])
			return
		}
	}
}

func TestCausesAreCountedByKindAndDirection(t *testing.T) {
	w := newWorld(t)
	vienna(w)
	var before, causes struct {
		Items []struct {
			Kind          string
			Entered, Left int
		}
		From, To muster.Instant
	}
	w.must("GET", "/groups/vienna/causes", nil, &before)
	w.must("POST", "/contacts", `{"external_id": "v1", "fields": {"city": "Wien"}}`, nil)
	w.must("POST", "/contacts", `{"external_id": "v2", "fields": {"city": "Wien"}}`, nil)
	w.must("POST", "/contacts", `{"external_id": "v1", "fields": {"city": "Graz"}}`, nil)
	w.must("GET", "/groups/vienna/causes", nil, &causes)
	entered, left := 0, 0
	for _, c := range causes.Items {
		entered, left = entered+c.Entered, left+c.Left
	}
	for _, c := range before.Items {
		entered, left = entered-c.Entered, left-c.Left
	}
	if entered != 2 || left != 1 || causes.To-causes.From != 30*86400 {
		t.Errorf("causes: got %+v after %+v, want two more entered and one left in the 30 days before now", causes, before)
	}
	w.must("GET", "/groups/vienna/causes?from=2026-03-02T09:00:01Z", nil, &causes)
	if len(causes.Items) != 0 {
		t.Errorf("causes from a second later: got %+v, want none", causes.Items)
	}
}
