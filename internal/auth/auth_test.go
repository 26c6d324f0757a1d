package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-groups/muster/internal/auth"
)

// drawer is where documents are kept in tests; broken lets writing fail.
type drawer struct {
	mu        sync.Mutex
	documents map[string][]byte
	broken    error
	reads     int
}

func (d *drawer) All(context.Context) (map[string][]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reads++
	out := map[string][]byte{}
	for id, body := range d.documents {
		out[id] = body
	}
	return out, nil
}

func (d *drawer) Put(_ context.Context, id string, body []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken == nil {
		d.documents[id] = body
	}
	return d.broken
}

func (d *drawer) Delete(_ context.Context, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.documents, id)
	return nil
}

func TestASecretIsProvedByItsTokenAlone(t *testing.T) {
	s, other := auth.NewSecret("a1"), auth.NewSecret("a1")
	for _, c := range []struct {
		token string
		hash  []byte
		want  bool
	}{
		{s.Token, s.Hash, true}, {other.Token, s.Hash, false}, {"", s.Hash, false}, {s.Token + "x", s.Hash, false}, {s.Token, nil, false}, {"", nil, false},
	} {
		if got := auth.Proves(c.token, c.hash); got != c.want {
			t.Errorf("%q proves %x: got %v, want %v", c.token, c.hash, got, c.want)
		}
	}
	if got := auth.IDOf(s.Token); got != "a1" {
		t.Errorf("id of %q: got %q, want a1", s.Token, got)
	}
	if got := auth.IDOf("nothing"); got != "" {
		t.Errorf("id of a token without one: got %q, want none", got)
	}
}

func TestPasswordsAreMatchedByThemselvesAlone(t *testing.T) {
	p := auth.NewPasswords()
	hash, err := p.Hash(t.Context(), "caf\u00e9 au lait, 2 sugars")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash: got %s, want argon2id with 19 MiB, two passes and one lane", hash)
	}
	for _, c := range []struct {
		hash, password string
		matches, stale bool
	}{
		{hash, "caf\u00e9 au lait, 2 sugars", true, false},
		{hash, "cafe\u0301 au lait, 2 sugars", true, false}, // the same letters, typed in another way
		{hash, "cafe au lait, 2 sugars", false, false},
		{hash, "", false, false},
		{hash, strings.Repeat("long", 1000), false, false},
		{"", "", false, false}, // an account without a password
		{"", "anything", false, false},
		{"$argon2id$v=19$m=4096,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$7yX9YmQwIFGEiWjEnTLvHcbNtqbeLmzuZxPHCqFfhMk", "other", false, true},
	} {
		matches, stale, err := p.Check(t.Context(), c.hash, c.password)
		if err != nil || matches != c.matches || stale != c.stale {
			t.Errorf("%.20q against %.40s: got %v, stale %v, %v; want %v, stale %v", c.password, c.hash, matches, stale, err, c.matches, c.stale)
		}
	}
	if _, _, err := p.Check(t.Context(), "nonsense", "x"); err == nil {
		t.Error("a hash that cannot be read: got no error, want one")
	}
}

func TestWeakPasswordsAreRefusedWithWhatIsExpected(t *testing.T) {
	for password, want := range map[string]string{
		"short":                        "10 to 200 characters",
		strings.Repeat("ab", 60):       "different",
		strings.Repeat("abcdefg ", 30): "10 to 200 characters",
		"Ada@Example.com":              "something else than the email",
		"\xff\xfe and so on and on":    "a text",
		"a plain sentence":             "",
		"пароль из слов":               "",
	} {
		got := auth.Weakness(password, "ada@example.com")
		if want == "" && got != "" || want != "" && !strings.Contains(got, want) {
			t.Errorf("weakness of %.20q: got %q, want %q in it", password, got, want)
		}
	}
}

func TestABrakeStopsAtItsLimitAndLoosensSteadily(t *testing.T) {
	b, at := auth.NewBrake(3, time.Minute), time.Unix(1_700_000_000, 0)
	for i := range 3 {
		if wait := b.Attempt("a", at); wait != 0 {
			t.Fatalf("attempt %d of 3: got a wait of %s, want none", i+1, wait)
		}
	}
	for _, c := range []struct {
		after time.Duration
		key   string
		want  time.Duration
	}{
		{0, "a", time.Minute}, {0, "b", 0}, {20 * time.Second, "a", 40 * time.Second}, {time.Minute, "a", 0},
		{time.Minute, "a", time.Minute}, {time.Hour, "a", 0}, {time.Hour, "a", 0}, {time.Hour, "a", 0}, {time.Hour, "a", time.Minute},
		{time.Minute, "a", time.Minute}, // a clock that was turned back loosens nothing
	} {
		if got := b.Attempt(c.key, at.Add(c.after)); got.Round(time.Second) != c.want {
			t.Errorf("attempt on %s after %s: got a wait of %s, want %s", c.key, c.after, got, c.want)
		}
	}
	b.Relieve("a", 1, at.Add(time.Hour))
	if got := b.Attempt("a", at.Add(time.Hour)); got != 0 {
		t.Errorf("after one attempt was taken back: got a wait of %s, want none", got)
	}
	b.Relieve("a", 0, at.Add(time.Hour))
	for i := range 3 {
		if got := b.Attempt("a", at.Add(time.Hour)); got != 0 {
			t.Errorf("attempt %d after all were taken back: got a wait of %s, want none", i+1, got)
		}
	}
}

func TestManyAttemptsAtOnceGainNothing(t *testing.T) {
	b, at := auth.NewBrake(5, time.Minute), time.Unix(1_700_000_000, 0)
	var group sync.WaitGroup
	passed := make(chan bool, 100)
	for range 100 {
		group.Go(func() { passed <- b.Attempt("a", at) == 0 })
	}
	group.Wait()
	close(passed)
	count := 0
	for p := range passed {
		if p {
			count++
		}
	}
	if count != 5 {
		t.Errorf("100 attempts at once: got %d let through, want 5", count)
	}
}

func TestAFloodOfKeysDoesNotFreeTheOnesThatAreBraked(t *testing.T) {
	b, at := auth.NewBrake(3, time.Hour), time.Unix(1_700_000_000, 0)
	for range 3 {
		b.Attempt("guessed", at)
	}
	for i := range 30_000 {
		b.Attempt(fmt.Sprint(i), at)
	}
	if wait := b.Attempt("guessed", at); wait == 0 {
		t.Error("the guessed account after 30,000 others: got no wait, want one")
	}
}

func TestAnAddressCountsAsWhatOneMachineHas(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "@": "@",
	} {
		if got := auth.AddressKey(address); got != want {
			t.Errorf("key of %s: got %s, want %s", address, got, want)
		}
	}
}

func TestAShelfShowsWhatAnotherProcessWroteAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &drawer{documents: map[string][]byte{"a": []byte(`1`)}}
		s := auth.NewShelf[int](d)
		get := func(id string) (int, bool) {
			t.Helper()
			item, known, err := s.Get(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return item, known
		}
		if got, known := get("a"); got != 1 || !known {
			t.Fatalf("a: got %d %v, want 1", got, known)
		}
		d.documents["b"] = []byte(`2`)
		if _, known := get("b"); known || d.reads != 1 {
			t.Errorf("b at once: got it after %d reads, want nothing after one", d.reads)
		}
		<-time.After(6 * time.Second)
		if got, _ := get("b"); got != 2 {
			t.Errorf("b after six seconds: got %d, want 2", got)
		}
	})
}

func TestAnEditThatIsNotKeptChangesNothing(t *testing.T) {
	d := &drawer{documents: map[string][]byte{"a": []byte(`1`)}}
	s := auth.NewShelf[int](d)
	put := func(map[string]int) (auth.Change[int], error) { return auth.Change[int]{ID: "a", Item: 2}, nil }
	d.broken = errors.New("the disk is full")
	if err := s.Edit(t.Context(), put); !errors.Is(err, d.broken) {
		t.Errorf("an edit while the disk is full: got %v, want %v", err, d.broken)
	}
	refusal := errors.New("no")
	err := s.Edit(t.Context(), func(items map[string]int) (auth.Change[int], error) {
		items["a"] = 3 // a copy
		return auth.Change[int]{}, refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("a refused edit: got %v, want %v", err, refusal)
	}
	if got, _, _ := s.Get(t.Context(), "a"); got != 1 {
		t.Errorf("after two edits that failed: got %d, want 1", got)
	}
	d.broken = nil
	if err := s.Edit(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := s.Get(t.Context(), "a"); got != 2 {
		t.Errorf("after an edit: got %d, want 2", got)
	}
}

func TestEditsAtOnceSeeEachOther(t *testing.T) {
	s := auth.NewShelf[int](&drawer{documents: map[string][]byte{}})
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			err := s.Edit(t.Context(), func(items map[string]int) (auth.Change[int], error) {
				return auth.Change[int]{ID: "n", Item: items["n"] + 1}, nil
			})
			if err != nil {
				t.Error(err)
			}
			if _, err := s.All(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got, _, _ := s.Get(t.Context(), "n"); got != 50 {
		t.Errorf("50 edits that add one: got %d, want 50", got)
	}
}
