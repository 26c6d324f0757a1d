package app

import (
	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// Evidence is one fact, or the lack of one, on which a condition's answer
// rests. Which members are set depends on the kind.
type Evidence struct {
	Kind string `json:"kind" enum:"activities,field,consent,list,all_mail,group,identity"`
	// Of activities: those that the condition counts, in its window.
	Matched    *int       `json:"matched,omitempty" doc:"How many activities match, up to 10,000."`
	AtLeast    *int       `json:"at_least,omitempty" doc:"How many are needed."`
	AtMost     *int       `json:"at_most,omitempty" doc:"How many are permitted."`
	Activities []Activity `json:"activities,omitempty" doc:"The latest ones that match."`
	// Of a field, consent, list or group.
	Code string `json:"code,omitempty" doc:"The field, consent, list or group."`
	// Of a field, and of identity: whether the contact is identified.
	Value any `json:"value,omitempty" doc:"The value; absent when there is none."`
	// Of consents, lists and all mail.
	State string          `json:"state,omitempty"`
	At    *muster.Instant `json:"at,omitempty" doc:"When the decision was made."`
	// Of a group.
	Member *bool `json:"member,omitempty"`
}

// shownActivities is how many activities an explanation shows per condition,
// and countedActivities up to how many it counts.
const (
	shownActivities   = 5
	countedActivities = 10_000
)

// evidence gathers what a leaf's plan reads of the contact.
func (e *explainer) evidence(v store.View, leaf *catalog.Leaf) ([]Evidence, error) {
	var out []Evidence
	seen := map[string]bool{}
	first := func(key string) bool {
		was := seen[key]
		seen[key] = true
		return !was
	}
	for node := range plan.Leaves(e.app.roster.LowerLeaf(leaf, e.zone, e.at)) {
		switch n := node.(type) {
		case *plan.Acted:
			// A range of counts becomes two leaves over the same activities.
			fact := plan.ActedFact{Types: n.Types, Channels: n.Channels, Where: n.Where, From: n.From, To: n.To}
			if !first(fact.Key()) {
				continue
			}
			found, err := e.activities(v, n, leaf)
			if err != nil {
				return nil, err
			}
			out = append(out, found)
		case *plan.Sequence:
			for _, acted := range sequenceSteps(n) {
				found, err := e.activities(v, acted, nil)
				if err != nil {
					return nil, err
				}
				out = append(out, found)
			}
		case *plan.Latest:
			found, err := e.activities(v, latestActs(n), nil)
			if err != nil {
				return nil, err
			}
			out = append(out, found)
		case *plan.Field:
			if first("field " + n.Code) {
				out = append(out, e.fieldEvidence(v, n.Code))
			}
		case *plan.Decided:
			if first("decided " + string(n.Kind) + n.Code) {
				out = append(out, e.decisionEvidence(v, n))
			}
		case *plan.InGroup:
			if g := e.app.roster.State().ByNo[n.Group]; g != nil && first("group "+g.Code) {
				member := v.Members(n.Group).Contains(uint32(e.no))
				out = append(out, Evidence{Kind: "group", Code: g.Code, Member: &member})
			}
		case plan.Identified:
			owner := v.Owner(e.no)
			out = append(out, Evidence{Kind: "identity", Value: owner.Email != "" || owner.ExternalID != ""})
		}
	}
	return out, nil
}

// sequenceSteps answers the activities that each step of a sequence looks at.
func sequenceSteps(s *plan.Sequence) []*plan.Acted {
	var out []*plan.Acted
	for _, step := range s.Steps {
		out = append(out, &plan.Acted{Types: step.Types, Channels: step.Channels, Where: step.Where, From: s.From, To: s.To, Measure: plan.Count})
	}
	return out
}

// latestActs answers the activities that a list is made of.
func latestActs(l *plan.Latest) *plan.Acted {
	types := append(append([]string(nil), l.Add...), l.Remove...)
	return &plan.Acted{Types: types, Channels: l.Channels, From: muster.Beginning, To: muster.Forever, Measure: plan.Count}
}

func (e *explainer) activities(v store.View, acted *plan.Acted, leaf *catalog.Leaf) (Evidence, error) {
	out := Evidence{Kind: "activities"}
	found, _, err := allActivities(v, e.no, acted, countedActivities)
	if err != nil {
		return out, err
	}
	n := len(found)
	out.Matched = &n
	for _, s := range found[:min(n, shownActivities)] {
		out.Activities = append(out.Activities, shapeActivity(s))
	}
	if leaf != nil && leaf.Args.Times != (catalog.Times{}) {
		times := leaf.Args.Times
		out.AtLeast = &times.Min
		if times.Max >= 0 {
			out.AtMost = &times.Max
		}
	}
	return out, nil
}

// allActivities answers a contact's activities that a leaf looks at, latest
// first, up to a number; complete tells whether there are no more.
func allActivities(v store.View, no muster.ContactNo, acted *plan.Acted, most int) (found []muster.StoredActivity, complete bool, err error) {
	q := store.ActivityQuery{Leaf: acted, Limit: 1000}
	for {
		page, err := v.Activities(no, q)
		if err != nil {
			return nil, false, err
		}
		found = append(found, page...)
		if len(page) < q.Limit {
			return found, true, nil
		}
		if len(found) >= most {
			return found[:most], false, nil
		}
		last := page[len(page)-1]
		q.BeforeAt, q.BeforeRow = last.At, last.Row
	}
}

func (e *explainer) fieldEvidence(v store.View, code string) Evidence {
	out := Evidence{Kind: "field", Code: code}
	field := e.app.schema().Fields[code]
	if value := e.value(v, code); !value.IsMissing() {
		out.Value = field.JSON(value)
	}
	return out
}

// value answers a field's value as plans read it: with the email and created_at.
func (e *explainer) value(v store.View, code string) muster.Value {
	owner := v.Owner(e.no)
	switch {
	case code == "created_at":
		return muster.Value{Kind: muster.KindDatetime, Instant: owner.CreatedAt}
	case code == "email" && owner.Email != "":
		return muster.Value{Kind: muster.KindText, Text: owner.Email}
	case code == "email":
		return muster.Value{}
	}
	return v.Field(e.no, code)
}

func (e *explainer) decisionEvidence(v store.View, n *plan.Decided) Evidence {
	d := v.Decision(e.no, n.Kind, n.Code)
	out := Evidence{Code: n.Code, State: d.State.String()}
	switch n.Kind {
	case muster.OnConsent:
		out.Kind = "consent"
	case muster.OnList:
		out.Kind = "list"
	default:
		out.Kind = "all_mail"
	}
	if d.State != muster.Undecided {
		out.At = &d.At
	}
	return out
}
