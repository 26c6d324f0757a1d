package truth_test

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/catalog/conditiontest"
)

// An explanation says what is missing for a false condition to become true.
// Where it names data to send, the data is sent: then the condition is true.
func TestDoingWhatAnExplanationSaysIsMissingMakesTheConditionTrue(t *testing.T) {
	done := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(t, rt)
		schema := h.roster.State().Schema
		for range 8 {
			kind := rapid.SampledFrom(conditiontest.Types(schema)).Draw(rt, "type")
			leaf := conditiontest.RandomLeaf(rt, schema, kind)
			leaf.Not = rapid.IntRange(0, 3).Draw(rt, "not") == 0
			condition := muster.Condition{Match: muster.MatchAll, Groups: []*muster.ConditionGroup{{Match: muster.MatchAll, Conditions: []muster.Node{leaf}}}}
			if h.fulfil(condition) {
				done[kind]++
			}
		}
	})
	t.Logf("made true: %v", done)
	if len(done) == 0 {
		t.Error("got no condition that data makes true, want some")
	}
}

// fulfil has a condition explained and sends what it needs. It reports whether
// there was something to send.
func (h *history) fulfil(condition muster.Condition) bool {
	document, err := condition.MarshalJSON()
	h.must(err)
	h.now++ // so that what is sent is later than every fact
	_, err = h.roster.Advance(context.Background())
	h.must(err)
	explained := h.explained(document)
	if explained.Matches {
		if needs := explained.Of[0].Of[0].Needs; needs != nil {
			h.rt.Fatalf("%s: is true and needs %s, want nothing", document, printed(needs))
		}
		return false
	}
	needs := explained.Of[0].Of[0].Needs
	if len(needs) == 0 {
		h.rt.Fatalf("%s: is false and needs nothing, want something", document)
	}
	lines, all := linesOf(needs)
	if !all {
		return false
	}
	h.send(document, lines)
	if after := h.explained(document); !after.Matches {
		h.rt.Fatalf("%s\nneeds %s\nsent %s\nand is still false: needs %s", document, printed(needs), strings.Join(lines, "\n"), printed(after.Of[0].Of[0].Needs))
	}
	return true
}

func (h *history) explained(document []byte) app.ConditionExplanation {
	explained, err := h.app.ExplainCondition(context.Background(), app.ExplainConditionInput{Condition: document, Contact: "ann"})
	h.must(err)
	return explained
}

// send loads the lines and insists that all are accepted.
func (h *history) send(document []byte, lines []string) {
	_, err := h.app.Load(context.Background(), app.Principal{Role: app.RoleEdit}, strings.NewReader(strings.Join(lines, "\n")), nil, func(results []app.LineResult) error {
		for _, r := range results {
			if r.Status != muster.Accepted {
				h.rt.Fatalf("%s\nline %d of %s: got %s %v, want accepted", document, r.Line, strings.Join(lines, "\n"), r.Status, printed(r.Error))
			}
		}
		return nil
	})
	h.must(err)
}

// linesOf answers what to send for all of the needs, as lines of POST /changes;
// all is false when data does not fulfil them.
func linesOf(needs []app.Need) (lines []string, all bool) {
	for _, need := range needs {
		var found []string
		ok := false
		switch {
		case need.Kind == "one_of":
			for _, alternative := range need.Of {
				if found, ok = linesOf([]app.Need{alternative}); ok {
					break
				}
			}
		case need.Kind == "all_of":
			found, ok = linesOf(need.Of)
		case need.Change != nil:
			found, ok = changeLines(need.Change), true
		}
		if !ok {
			return nil, false
		}
		lines = append(lines, found...)
	}
	return lines, true
}

func changeLines(change *app.Suggestion) (lines []string) {
	who := map[string]any{"external_id": "ann"}
	if change.Contact != nil {
		contact := maps.Clone(change.Contact)
		maps.Copy(contact, who)
		lines = append(lines, printed(map[string]any{"contact": contact}))
	}
	for _, activity := range change.Activities {
		activity = maps.Clone(activity)
		activity["contact"] = who
		lines = append(lines, printed(map[string]any{"activity": activity}))
	}
	return lines
}

func printed(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
