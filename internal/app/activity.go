package app

import (
	"context"

	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// ActivityResult is what became of one activity.
type ActivityResult struct {
	Status    muster.ItemStatus `json:"status" enum:"accepted,duplicate,expired,rejected"`
	ContactID *muster.ContactID `json:"contact_id" nullable:"true" doc:"Whose activity it is; null when rejected."`
	ID        *string           `json:"id" doc:"The sender's id of the activity."`
	Ignored   []string          `json:"ignored,omitempty"`
	Error     *ItemError        `json:"error,omitempty"`
}

// Move says that a contact entered or left a group.
type Move struct {
	Group     string           `json:"group"`
	ContactID muster.ContactID `json:"contact_id"`
}

// ActivitiesAnswer answers a batch of activities, one result per item. A
// collect key is not told about groups.
type ActivitiesAnswer struct {
	Results []ActivityResult `json:"results" nullable:"false"`
	Entered []Move           `json:"entered" nullable:"false"`
	Left    []Move           `json:"left" nullable:"false"`
}

// RecordActivities records one activity, or each of an array. A single one that
// is refused is an error; of an array, each item has its own result.
func (a *App) RecordActivities(ctx context.Context, by Principal, body []byte) (ActivitiesAnswer, error) {
	r := newReader(a.schema(), a.limits)
	document, ok := r.parse(body)
	if !ok {
		return ActivitiesAnswer{}, r.failed()
	}
	if document.Type() != fastjson.TypeArray {
		in := r.activity("", document)
		if err := r.failed(); err != nil {
			return ActivitiesAnswer{}, err
		}
		result, err := a.applyOne(ctx, by, muster.Item{Activity: &in})
		if err != nil {
			return ActivitiesAnswer{}, err
		}
		return activitiesAnswer(by, []ActivityResult{activityResult(in.ID, result.Items[0])}, result), nil
	}
	items, _ := document.Array()
	if len(items) > a.limits.ActivitiesPerRequest {
		return ActivitiesAnswer{}, muster.Errorf(muster.CodeTooLarge, "expected at most %d activities in one request, found %d; larger loads go to /changes", a.limits.ActivitiesPerRequest, len(items))
	}
	results := make([]ActivityResult, len(items))
	batch := muster.Batch{Authority: by.Authority()}
	var places []int // of the batch's items among the results
	for i, item := range items {
		r.problems = nil
		in := r.activity("", item)
		if err := r.failed(); err != nil {
			results[i] = ActivityResult{Status: muster.Rejected, ID: optional(in.ID), Error: itemError(below("/"+itoa(i), err))}
			continue
		}
		batch.Items = append(batch.Items, muster.Item{Activity: &in})
		places = append(places, i)
	}
	var result muster.BatchResult
	if len(batch.Items) > 0 {
		var err error
		if result, err = a.apply(ctx, batch); err != nil {
			return ActivitiesAnswer{}, err
		}
	}
	for n, i := range places {
		item := result.Items[n]
		item.Err = below("/"+itoa(i), located("/contact", item.Err))
		results[i] = activityResult(batch.Items[n].Activity.ID, item)
	}
	return activitiesAnswer(by, results, result), nil
}

func activityResult(id string, item muster.ItemResult) ActivityResult {
	out := ActivityResult{Status: item.Status, ID: optional(id), Ignored: item.Ignored, Error: itemError(item.Err)}
	if !item.Contact.IsZero() {
		contact := item.Contact
		out.ContactID = &contact
	}
	return out
}

func activitiesAnswer(by Principal, results []ActivityResult, result muster.BatchResult) ActivitiesAnswer {
	answer := ActivitiesAnswer{Results: results, Entered: []Move{}, Left: []Move{}}
	if by.Role == RoleCollect {
		return answer
	}
	answer.Entered, answer.Left = moves(result.Entered), moves(result.Left)
	return answer
}

func moves(in []muster.GroupMove) []Move {
	sortMoves(in)
	out := make([]Move, len(in))
	for i, m := range in {
		out[i] = Move{Group: m.Group, ContactID: m.Contact}
	}
	return out
}
