package httpapi_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// histories is how many random histories each test goes through.
const histories = 12

// A sender makes up what a few people do, as SDKs would send it.
type sender struct {
	*rand.Rand
	n int
	// steady people always say the same about themselves, so that the order of
	// arrival has nothing to decide.
	steady bool
}

// message is one message of somebody who has a user id, an email and three
// visitor ids, and gives some of them.
func (s *sender) message() map[string]any {
	s.n++
	person := s.IntN(4)
	user, visitor := fmt.Sprintf("u%d", person), fmt.Sprintf("v%d-%d", person, s.IntN(3))
	m := map[string]any{"messageId": fmt.Sprintf("m%d", s.n), "timestamp": fmt.Sprintf("2026-03-02T08:%02d:%02d.%03dZ", s.IntN(60), s.IntN(60), s.IntN(1000))}
	if !s.steady {
		delete(m, "timestamp")
	}
	switch s.IntN(3) {
	case 0:
		m["userId"] = user
	case 1:
		m["anonymousId"] = visitor
	default:
		m["userId"], m["anonymousId"] = user, visitor
	}
	switch s.IntN(5) {
	case 0, 1:
		m["type"], m["context"] = "page", map[string]any{"page": map[string]any{"path": fmt.Sprintf("/p%d", s.IntN(3))}}
	case 2:
		m["type"], m["event"], m["properties"] = "track", "Order Completed", map[string]any{"order_id": m["messageId"], "products": []any{map[string]any{"product_id": "p1"}, map[string]any{"product_id": "p2"}}}
	case 3:
		m["type"], m["traits"] = "identify", map[string]any{"email": user + "@example.com", "plan": s.said(person)}
	default:
		m["type"], m["traits"] = "identify", map[string]any{"city": s.said(person)}
	}
	return m
}

func (s *sender) said(person int) string {
	if s.steady {
		return fmt.Sprintf("of u%d", person)
	}
	return fmt.Sprintf("said in m%d", s.n)
}

func (s *sender) batch(most int) []map[string]any {
	var out []map[string]any
	for range s.IntN(most) + 1 {
		out = append(out, s.message())
	}
	return out
}

func (w *world) sendBatch(messages []map[string]any) {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"batch": messages})
	if err != nil {
		w.t.Fatal(err)
	}
	if got := w.collects("batch", string(body)); got.status != 200 || strings.Contains(got.body, "refused") {
		w.t.Fatalf("%s: got %d %s, want 200 and nothing refused", body, got.status, got.body)
	}
}

// collectedState is everything that is known of everybody, as text, without the ids that
// depend on who came first.
func (w *world) collectedState() []string {
	w.t.Helper()
	var out []string
	for _, p := range w.people() {
		slices.Sort(p.VisitorIDs)
		fields, err := json.Marshal(p.Fields)
		if err != nil {
			w.t.Fatal(err)
		}
		var groups struct{ Items []struct{ Group string } }
		w.must("GET", "/contacts/"+p.ID+"/groups", nil, &groups)
		timeline := w.timeline(p.ID)
		slices.Sort(timeline)
		out = append(out, fmt.Sprintf("%s %s %v %s groups %v\n  %s", p.ExternalID, p.Email, p.VisitorIDs, fields, groups.Items, strings.Join(timeline, "\n  ")))
	}
	slices.Sort(out)
	return out
}

// collectingWorld is a world with a group that counts what is collected.
func collectingWorld(t *testing.T) *world {
	w := newWorld(t)
	w.must("POST", "/fields", map[string]any{"code": "plan", "name": "Plan", "type": "text"}, nil)
	w.must("POST", "/groups", map[string]any{"code": "keen", "name": "Keen",
		"condition": json.RawMessage(`{"version":1,"match":"all","groups":[{"match":"all","conditions":[{"type":"visited-page","params":{"pages":["/p1"],"times":{"at_least":3}}}]}]}`)}, nil)
	w.must("POST", "/groups/keen/recalculate?wait=true", nil, nil)
	return w
}

func sameState(t *testing.T, seed int, want, got *world) {
	t.Helper()
	a, b := want.collectedState(), got.collectedState()
	if !slices.Equal(a, b) {
		t.Fatalf("history %d: got\n%s\n\nwant\n%s", seed, strings.Join(b, "\n"), strings.Join(a, "\n"))
	}
}

func TestRetriesAndDuplicatesGiveTheSameState(t *testing.T) {
	for seed := range histories {
		s := &sender{Rand: rand.New(rand.NewPCG(uint64(seed), 1))}
		once, again := collectingWorld(t), collectingWorld(t)
		var sent [][]map[string]any
		for range 8 {
			batch := s.batch(8)
			sent = append(sent, batch)
			once.sendBatch(batch)
			again.sendBatch(batch)
			for range s.IntN(4) { // what was sent before comes again, whole, in part, and mixed
				old := slices.Clone(sent[s.IntN(len(sent))])
				if s.IntN(2) == 0 {
					old = append(old[s.IntN(len(old)):], sent[s.IntN(len(sent))]...)
				}
				again.sendBatch(old)
			}
		}
		sameState(t, seed, once, again)
	}
}

func TestMessagesInAnyOrderGiveTheSameState(t *testing.T) {
	for seed := range histories {
		s := &sender{Rand: rand.New(rand.NewPCG(uint64(seed), 2)), steady: true}
		inOrder, shuffled := collectingWorld(t), collectingWorld(t)
		all := s.batch(80)
		for part := range slices.Chunk(all, 10) {
			inOrder.sendBatch(part)
		}
		mixed := append(slices.Clone(all), all[:len(all)/2]...)
		s.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		for part := range slices.Chunk(mixed, 7) {
			shuffled.sendBatch(part)
		}
		sameState(t, seed, inOrder, shuffled)
	}
}
