package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

// Apply makes the request that users would make: one contact, activities, an
// erasure or a merge by the call that is made for it, anything else as a load.
func (s *System) Apply(b muster.Batch) (muster.BatchResult, error) {
	before, err := s.last()
	if err == nil {
		err = s.tell()
	}
	if err != nil {
		return muster.BatchResult{}, err
	}
	result, err := s.send(b)
	if err != nil {
		return result, err
	}
	return result, s.moves(before, &result)
}

func (s *System) send(b muster.Batch) (muster.BatchResult, error) {
	api := s.admin
	if b.Authority == muster.Collect {
		api = s.collect
	}
	first := b.Items[0]
	switch {
	case first.Erase != nil:
		return s.one(client.ContactAnswer{ID: *first.Erase}, s.admin.EraseContact(s.tb.Context(), *first.Erase)), nil
	case first.Merge != nil:
		answer, err := s.admin.MergeContact(s.tb.Context(), first.Merge.Contact, first.Merge.Into, first.Merge.Keep)
		return s.one(answer, unlocated(err)), nil
	case len(b.Items) == 1 && first.Contact != nil:
		answer, err := api.SaveContact(s.tb.Context(), s.contactChange(first.Contact))
		if muster.CodeOf(err) != muster.CodeInvalid {
			err = unlocated(err)
		}
		return s.one(answer, err), nil
	case !slices.ContainsFunc(b.Items, func(i muster.Item) bool { return i.Activity == nil }):
		return s.record(api, b.Items)
	}
	return s.load(api, b.Items)
}

// unlocated drops the places in the request that only a request has.
func unlocated(err error) error {
	if err == nil {
		return nil
	}
	return muster.Errorf(muster.CodeOf(err), "%v", err)
}

// one is the result of a call for one contact.
func (s *System) one(answer client.ContactAnswer, err error) muster.BatchResult {
	if err != nil {
		return muster.BatchResult{Items: []muster.ItemResult{{Status: muster.Rejected, Err: err}}}
	}
	s.seen[answer.ID] = true
	result := muster.BatchResult{Items: []muster.ItemResult{{Status: muster.Accepted, Contact: answer.ID, Created: answer.Created, Ignored: answer.Ignored}}}
	for _, code := range answer.Entered {
		result.Entered = append(result.Entered, muster.GroupMove{Group: code, Contact: answer.ID})
	}
	for _, code := range answer.Left {
		result.Left = append(result.Left, muster.GroupMove{Group: code, Contact: answer.ID})
	}
	return result
}

// moves completes who entered and left: a call for one contact tells of that
// one, a load of nobody; the feed tells of all. What was told must be in it.
func (s *System) moves(before muster.Seq, result *muster.BatchResult) error {
	feed, err := s.admin.Changes(s.tb.Context(), client.FeedQuery{After: before, Limit: 1000})
	if err != nil {
		return err
	}
	var entered, left []muster.GroupMove
	for _, c := range feed.Items {
		named := func(r muster.ItemResult) bool { return c.ContactID != nil && r.Contact == *c.ContactID }
		if c.ContactID == nil || !slices.ContainsFunc(result.Items, named) && c.Cause.Kind != muster.CauseMerge.String() {
			continue
		}
		move := muster.GroupMove{Group: c.Group, Contact: *c.ContactID}
		if c.Direction == "entered" {
			entered = append(entered, move)
		} else {
			left = append(left, move)
		}
	}
	for _, told := range [][2][]muster.GroupMove{{result.Entered, entered}, {result.Left, left}} {
		for _, move := range told[0] {
			if !slices.Contains(told[1], move) {
				return fmt.Errorf("the answer tells of %+v, the feed does not", move)
			}
		}
	}
	result.Entered, result.Left = entered, left
	return nil
}

// record sends activities.
func (s *System) record(api *client.Client, items []muster.Item) (muster.BatchResult, error) {
	var list []client.ActivityInput
	for _, item := range items {
		list = append(list, activityInput(item.Activity))
	}
	answer, err := api.RecordActivities(s.tb.Context(), list...)
	if err != nil {
		return muster.BatchResult{}, err
	}
	var result muster.BatchResult
	for i, r := range answer.Results {
		result.Items = append(result.Items, s.item(r.Status, r.ContactID, r.Ignored, r.Error, "/"+string(rune('0'+i))))
	}
	for _, m := range answer.Entered {
		result.Entered = append(result.Entered, muster.GroupMove{Group: m.Group, Contact: m.ContactID})
	}
	for _, m := range answer.Left {
		result.Left = append(result.Left, muster.GroupMove{Group: m.Group, Contact: m.ContactID})
	}
	return result, nil
}

// load sends anything, as lines.
func (s *System) load(api *client.Client, items []muster.Item) (result muster.BatchResult, err error) {
	lines := func(yield func(client.Line) bool) {
		for _, item := range items {
			line := client.Line{}
			if item.Contact != nil {
				change := s.contactChange(item.Contact)
				line.Contact = &change
			} else {
				activity := activityInput(item.Activity)
				line.Activity = &activity
			}
			if !yield(line) {
				return
			}
		}
	}
	_, err = api.LoadLines(s.tb.Context(), lines, client.LoadOptions{All: true, Results: func(r client.LineResult) error {
		prefix := "/activity"
		if items[r.Line-1].Contact != nil {
			prefix = "/contact"
		}
		result.Items = append(result.Items, s.item(r.Status, r.ContactID, r.Ignored, r.Error, prefix))
		return nil
	}})
	return result, err
}

// last answers the number of the last change record.
func (s *System) last() (muster.Seq, error) {
	after := s.told
	for {
		feed, err := s.admin.Changes(s.tb.Context(), client.FeedQuery{After: after, Limit: 1000})
		if err != nil || len(feed.Items) == 0 {
			return after, err
		}
		after = feed.Last
	}
}

func (s *System) item(status muster.ItemStatus, id *muster.ContactID, ignored []string, failure *client.ItemError, prefix string) muster.ItemResult {
	out := muster.ItemResult{Status: status, Ignored: ignored}
	if failure != nil {
		out.Err = ofWhole(below(prefix, failure.Failure()))
	}
	if id != nil {
		out.Contact = *id
		out.Created = status == muster.Accepted && !s.seen[*id]
		s.seen[*id] = true
	}
	return out
}

// ofWhole drops the place of an activity's contact when it names nobody: what is
// missing has no place in a script.
func ofWhole(err error) error {
	var e *muster.Error
	if errors.As(err, &e) {
		for i := range e.Problems {
			if e.Problems[i].Location == "/contact" {
				e.Problems[i].Location = ""
			}
		}
	}
	return err
}

func (s *System) contactChange(in *muster.ContactChange) client.ContactChange {
	out := client.ContactChange{Identifiers: in.Who, CreatedAt: in.CreatedAt, Fields: map[string]any{}, Consents: map[string]client.Decision{}, Lists: map[string]client.Decision{}}
	for code, v := range in.Fields {
		f, known := s.fields[code]
		if !known {
			f = muster.Field{Code: code, Type: muster.TextField}
		}
		out.Fields[code] = json.RawMessage(f.JSON(v))
	}
	for _, d := range in.Decisions {
		decision := client.Decision{State: d.State.String(), At: d.At, Version: d.Version}
		switch d.Kind {
		case muster.OnConsent:
			out.Consents[d.Code] = decision
		case muster.OnList:
			out.Lists[d.Code] = decision
		default:
			out.AllMail = &decision
		}
	}
	return out
}

func activityInput(in *muster.ActivityInput) client.ActivityInput {
	out := client.ActivityInput{Contact: in.Who, Type: in.Type, Channel: in.Channel, ID: in.ID, Attributes: map[string]any{}}
	if in.HasAt {
		out.OccurredAt = &in.At
	}
	for _, a := range in.Attributes {
		if a.Name == muster.ValueAttribute {
			out.Value = json.RawMessage(a.Value.JSON())
			continue
		}
		out.Attributes[a.Name] = json.RawMessage(a.Value.JSON())
	}
	return out
}
