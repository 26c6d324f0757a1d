package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestSavingMayAskForRecalculationAtOnce(t *testing.T) {
	w := newWorld(t)
	w.must("POST", "/contacts", `{"external_id": "c1"}`, nil)
	created := w.send("edit", "POST", "/api/v1/groups", nil, strings.NewReader(`{"code": "known", "name": "Known", "recalculate": true, "condition": {"groups": [{"conditions": [{"type": "identified"}]}]}}`))
	if created.status != http.StatusCreated {
		t.Fatalf("create with recalculate: got %d %s, want 201", created.status, created.body)
	}
	var group struct {
		Status   string
		Members  int
		Progress *struct {
			Stage string
			Share float64
		}
	}
	// A second request joins the one that runs, or finds the group up to date.
	w.must("POST", "/groups/known/recalculate?wait=true", nil, &group)
	if group.Status != "up_to_date" || group.Members != 1 || group.Progress != nil {
		t.Errorf("after waiting: got %+v, want up_to_date with 1 member and no progress", group)
	}
}

func TestRecalculateAnswersAtOnceWithItsProgress(t *testing.T) {
	w := newWorld(t)
	vienna(w)
	got := w.send("edit", "POST", "/api/v1/groups/vienna/recalculate", nil, nil)
	if got.status != http.StatusAccepted {
		t.Fatalf("recalculate without waiting: got %d %s, want 202", got.status, got.body)
	}
	// It runs or has ended; either way cancelling leaves the group as it was.
	cancelled := w.send("edit", "DELETE", "/api/v1/groups/vienna/recalculation", nil, nil)
	if !slices.Contains([]int{http.StatusNoContent, http.StatusConflict}, cancelled.status) {
		t.Errorf("cancel: got %d %s, want 204, or 409 when it has ended already", cancelled.status, cancelled.body)
	}
	var group struct{ Status string }
	w.must("GET", "/groups/vienna", nil, &group)
	if group.Status != "up_to_date" {
		t.Errorf("status afterwards: got %s, want up_to_date", group.Status)
	}
}
