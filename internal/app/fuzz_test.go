package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/roster"
	"github.com/muster-groups/muster/internal/store/embedded"
)

// newApp makes the use cases over the real loop and store, at a fixed time.
func newApp(t testing.TB) *app.App {
	t.Helper()
	st, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	at, err := muster.ParseInstant("2026-03-02T09:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	clock := app.NewManualClock(at)
	r, err := roster.Open(t.Context(), st, roster.Options{Clock: clock, Manual: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	a, err := app.New(t.Context(), app.Config{Roster: r, Manual: clock, Version: "test", Limits: app.Limits{LineBytes: 4096, BatchItems: 8}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	if _, err := a.PutNamed(t.Context(), app.Consents(), muster.Named{Code: "tracking", Name: "Tracking"}); err != nil {
		t.Fatal(err)
	}
	return a
}

func editor() app.Principal { return app.Principal{Name: "fuzz", Role: app.RoleEdit} }

// refusal fails unless an error is one that a sender may see.
func refusal(t *testing.T, input []byte, err error) {
	t.Helper()
	var e *muster.Error
	if !errors.As(err, &e) || e.Code == muster.CodeInternal || e.Code == muster.CodeUnavailable {
		t.Errorf("input %q: got the error %v, want one that says what is wrong with it", input, err)
		return
	}
	for _, p := range e.Problems {
		if p.Location != "" && !strings.HasPrefix(p.Location, "/") {
			t.Errorf("input %q: got the location %q, want a JSON Pointer", input, p.Location)
		}
	}
}

// printed fails unless an answer can be written as JSON.
func printed(t *testing.T, input []byte, answer any) {
	t.Helper()
	if _, err := json.Marshal(answer); err != nil {
		t.Errorf("input %q: the answer %+v cannot be written: %v", input, answer, err)
	}
}

func FuzzContact(f *testing.F) {
	for _, seed := range []string{
		`{"external_id":"c1","email":"a@b","visitor_id":"v","fields":{"city":"Wien","birthday":"1990-01-01","roles":["a"]}}`,
		`{"email":"a@b","consents":{"tracking":{"state":"agreed","at":"2026-01-01T00:00:00Z","version":"1"}},"all_mail":{"state":"unsubscribed"}}`,
		`{"id":"00000000-0000-7000-8000-000000000001"}`, `{"external_id":"\u0000"}`, `{"external_id":"\ud800"}`, `{"fields":{"a~b/c":1}}`, `[]`, `null`, "\xff", `{"external_id":"a","created_at":"0000-01-01T00:00:00Z"}`,
	} {
		f.Add([]byte(seed))
	}
	a := newApp(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, err := a.SaveContact(context.Background(), editor(), body)
		if err != nil {
			refusal(t, body, err)
			return
		}
		printed(t, body, answer)
	})
}

func FuzzActivities(f *testing.F) {
	for _, seed := range []string{
		`{"contact":{"visitor_id":"v"},"type":"page_visit","occurred_at":"2026-03-01T00:00:00.5+01:00","attributes":{"page":"/","n":1.50,"b":true,"x":null},"id":"1","value":3}`,
		`[{"contact":{"external_id":"c"},"type":"login"},7,{"contact":{},"type":"x"}]`, `[]`, `{"contact":{"visitor_id":"v"},"type":"login","value":1e400}`,
		`{"contact":{"visitor_id":"v"},"type":"login","attributes":{"":"","value":"a"},"value":"b"}`, `{"contact":{"visitor_id":"v"},"type":"login","value":-0}`,
	} {
		f.Add([]byte(seed))
	}
	a := newApp(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, err := a.RecordActivities(context.Background(), editor(), body)
		if err != nil {
			refusal(t, body, err)
			return
		}
		printed(t, body, answer)
		for _, r := range answer.Results {
			if (r.Status == muster.Rejected) != (r.Error != nil) {
				t.Errorf("input %q: got the result %+v, want an error exactly when rejected", body, r)
			}
		}
	})
}

func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"{\"contact\":{\"external_id\":\"c\"}}\n{\"activity\":{\"contact\":{\"external_id\":\"c\"},\"type\":\"login\"}}\n", "\n\r\n{}\n[]\nnull", "{\"contact\":", strings.Repeat("x", 5000) + "\n{}",
		"{\"contact\":{\"external_id\":\"c\"},\"activity\":{}}", "\xef\xbb\xbf{}", strings.Repeat("{\"contact\":{\"visitor_id\":\"v\"}}\n", 20),
	} {
		f.Add([]byte(seed))
	}
	a := newApp(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		lines := 0
		for line := range bytes.SplitSeq(body, []byte("\n")) {
			if len(bytes.TrimSpace(line)) > 0 {
				lines++
			}
		}
		last, seen := 0, 0
		summary, err := a.Load(context.Background(), editor(), bytes.NewReader(body), nil, func(results []app.LineResult) error {
			for _, r := range results {
				if r.Line <= last {
					t.Errorf("input %q: got line %d after line %d, want them in order", body, r.Line, last)
				}
				last = r.Line
				seen++
				printed(t, body, r)
				if r.Error != nil && r.Error.Code == muster.CodeInternal {
					t.Errorf("input %q: line %d got %v, want an error that says what is wrong with it", body, r.Line, r.Error)
				}
			}
			return nil
		})
		if err != nil || !summary.Complete || seen != lines || summary.Lines != lines {
			t.Errorf("input %q: got %d results, %+v and the error %v, want a result for each of %d lines", body, seen, summary, err, lines)
		}
	})
}

func FuzzCondition(f *testing.F) {
	for _, seed := range []string{
		`{"groups":[{"conditions":[{"type":"visited-page","params":{"pages":["/"],"times":{"at_least":2},"within":{"last":"30d"}}}]}]}`,
		`{"version":1,"match":"any","groups":[{"match":"all","not":true,"conditions":[{"type":"field","not":true,"params":{"field":"city","op":"is_not","value":"Wien","missing":false}},{"match":"any","conditions":[{"type":"identified"}]}]}]}`,
		`{"groups":[{"conditions":[{"type":"field","params":{"field":"birthday","op":"anniversary_in_next","value":"7d"}}]}]}`,
		`{"groups":[{"conditions":[{"type":"sequence","params":{"steps":[{"types":["login"]},{"types":["purchase"],"within_previous":"1d"}]}}]}]}`,
		`{"groups":[]}`, `null`, `{"groups":[{"conditions":[{"type":"sample","params":{"percent":0.0001,"salt":"x"}}]}]}`,
	} {
		f.Add([]byte(seed))
	}
	a := newApp(f)
	f.Fuzz(func(t *testing.T, document []byte) {
		// What can be previewed can be printed, and what is printed reads back the same.
		preview, err := a.PreviewCondition(context.Background(), app.PreviewInput{Condition: document})
		if err != nil {
			refusal(t, document, err)
		} else {
			printed(t, document, preview)
		}
		condition, err := muster.ParseCondition(document)
		if err != nil {
			refusal(t, document, err)
			return
		}
		once, err := json.Marshal(condition)
		if err != nil {
			t.Fatalf("input %q: %v", document, err)
		}
		again, err := muster.ParseCondition(once)
		if err != nil {
			t.Fatalf("input %q prints as %s, which does not read back: %v", document, once, err)
		}
		if twice, err := json.Marshal(again); err != nil || !bytes.Equal(once, twice) {
			t.Errorf("input %q prints as %s and then as %s (%v)", document, once, twice, err)
		}
	})
}
