package app

import (
	"fmt"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// Need is one thing that is missing for a part of a condition to become true.
// Which members are set depends on the kind.
type Need struct {
	Kind string `json:"kind" enum:"activities,measure,sequence,products,field,consent,list,all_mail,group,identity,time,never,conditions,one_of,all_of" doc:"What is missing: time is what only the clock brings, never is what nothing brings."`
	Text string `json:"text" doc:"The need in words."`
	// Of activities, sequence and products.
	Has     *int `json:"has,omitempty" doc:"How many count now."`
	AtLeast *int `json:"at_least,omitempty" doc:"How many are needed."`
	AtMost  *int `json:"at_most,omitempty" doc:"How many are permitted."`
	// Of activities, measures, sequences and decisions: the window as of now.
	From    *muster.Instant `json:"from,omitempty" doc:"Only what happened at this instant or later counts."`
	Before  *muster.Instant `json:"before,omitempty" doc:"Only what happened before this instant counts."`
	Outside *Outside        `json:"outside,omitempty" doc:"What would count but for the window."`
	// Of a field, consent, list, group or measured attribute.
	Code  string `json:"code,omitempty"`
	Value any    `json:"value,omitempty" doc:"The value or state now; absent when there is none."`
	// Of conditions: those below that are in the way.
	Pointers []string `json:"pointers,omitempty" doc:"JSON Pointers into the condition."`
	Enough   string   `json:"enough,omitempty" enum:"one,all" doc:"Whether one of them has to change, or all."`
	// Of one_of and all_of.
	Of []Need `json:"of,omitempty"`
	// Change is what would bring it about.
	Change *Suggestion `json:"change,omitempty" doc:"What to send for it to become true; absent when no data brings it about, or none that follows from the condition."`
}

// Outside is what a window keeps from counting.
type Outside struct {
	Count    int            `json:"count" doc:"How many lie outside the window, up to 10,000."`
	Nearest  muster.Instant `json:"nearest" doc:"When the one nearest to the window happened."`
	TooOldBy int64          `json:"too_old_by,omitempty" doc:"By how many seconds it lies before the window."`
	TooNewBy int64          `json:"too_new_by,omitempty" doc:"By how many seconds it lies after the window."`
}

// Suggestion is data that, sent for the contact, fulfils a need.
type Suggestion struct {
	Contact    map[string]any   `json:"contact,omitempty" doc:"Members of a body of POST /contacts, but for the identifiers."`
	Activities []map[string]any `json:"activities,omitempty" doc:"Items of POST /activities, but for the contact."`
}

// The kinds of needs that are not named like the evidence they are about.
const (
	needTime  = "time"
	needNever = "never"
	needOneOf = "one_of"
	needAllOf = "all_of"
)

// needer finds what is missing for one leaf. It walks the leaf's plan, by which
// it is false, and never looks at the condition type, so that needs and
// membership cannot disagree.
type needer struct {
	*explainer
	view store.View
	leaf *catalog.Leaf
}

// leafNeeds answers what is missing for a false leaf to become true: all of it.
func (e *explainer) leafNeeds(v store.View, leaf *catalog.Leaf) ([]Need, error) {
	n := needer{e, v, leaf}
	p := e.app.roster.LowerLeaf(leaf, e.zone, e.at)
	switch leaf.Type {
	case "weekday", "month", "time-of-day":
		return []Need{{Kind: needTime, Text: "Only the clock makes it true."}}, nil
	}
	if code, one := onlyField(p); one {
		return []Need{n.field(p, code)}, nil
	}
	return n.needs(p, true)
}

// needs answers what a plan lacks to be as wanted; nothing when it is.
func (n *needer) needs(p plan.Node, want bool) ([]Need, error) {
	holds, err := n.holds(p)
	if err != nil || holds == want {
		return nil, err
	}
	switch p := p.(type) {
	case *plan.Not:
		return n.needs(p.Of, !want)
	case *plan.All:
		return n.combined(p.Of, want, want)
	case *plan.Any:
		return n.combined(p.Of, want, !want)
	}
	need, err := n.primitive(p, want)
	return []Need{need}, err
}

// combined answers the needs of the members of an All or Any: of all that are
// in the way, or as alternatives.
func (n *needer) combined(of []plan.Node, want, all bool) ([]Need, error) {
	var out []Need
	for _, child := range of {
		needs, err := n.needs(child, want)
		if err != nil {
			return nil, err
		}
		switch {
		case all:
			out = append(out, needs...)
		case len(needs) == 1:
			out = append(out, needs[0])
		case len(needs) > 1:
			out = append(out, Need{Kind: needAllOf, Text: "All of these: " + textsOf(needs), Of: needs})
		}
	}
	if all || len(out) == 1 {
		return out, nil
	}
	return []Need{{Kind: needOneOf, Text: "One of these is enough: " + textsOf(out), Of: out}}, nil
}

func textsOf(needs []Need) string {
	texts := make([]string, len(needs))
	for i, n := range needs {
		texts[i] = strings.TrimSuffix(n.Text, ".")
	}
	return strings.Join(texts, "; ") + "."
}

// primitive answers the need of a primitive that is not as wanted.
func (n *needer) primitive(p plan.Node, want bool) (Need, error) {
	switch p := p.(type) {
	case *plan.Field:
		if want {
			return n.field(p, p.Code), nil
		}
		return n.field(&plan.Not{Of: p}, p.Code), nil
	case *plan.Acted:
		if p.Measure == plan.Count {
			return n.count(p, want)
		}
		return n.measure(p, want)
	case *plan.Sequence:
		return n.sequence(p, want)
	case *plan.Latest:
		return n.products(p, want)
	case *plan.Decided:
		return n.decision(p, want), nil
	case *plan.InGroup:
		code := n.app.roster.State().GroupCode(p.Group)
		name := quoted(nameOr(n.app.schema().GroupNames[code], code))
		if want {
			return Need{Kind: "group", Code: code, Text: "The contact has to enter the group " + name + "."}, nil
		}
		return Need{Kind: "group", Code: code, Text: "The contact has to leave the group " + name + "."}, nil
	case plan.Identified:
		if want {
			return Need{Kind: "identity", Text: "The contact has to get an email address or an external id."}, nil
		}
		return Need{Kind: needNever, Text: "Who is identified stays so."}, nil
	case *plan.Sample:
		return Need{Kind: needNever, Text: "A sample is drawn by the contact's id, which never changes."}, nil
	}
	return Need{Kind: needNever, Text: "No data of the contact makes it true."}, nil
}

func nameOr(name, code string) string {
	if name == "" {
		return code
	}
	return name
}

// holds reports whether the contact is in a plan's set.
func (n *needer) holds(p plan.Node) (bool, error) {
	sets, err := n.view.Match([]store.Query{{Node: p, Of: roaring.BitmapOf(uint32(n.no))}})
	if err != nil {
		return false, err
	}
	return !sets[0].IsEmpty(), nil
}

// groupNeeds answers what is missing for a false group of conditions.
func groupNeeds(node *ExplainedNode) []Need {
	if len(node.Of) == 0 {
		return []Need{{Kind: needNever, Text: "The condition is empty and matches nobody."}}
	}
	if len(node.Of) == 1 && !node.Not {
		return nil // what is missing is said below
	}
	var pointers []string
	for _, child := range node.Of {
		if child.Matches == node.Not {
			pointers = append(pointers, child.Pointer)
		}
	}
	need := Need{Kind: "conditions", Pointers: pointers, Enough: "all"}
	in, total := len(pointers), len(node.Of)
	switch all := node.Match == string(muster.MatchAll); {
	case all && !node.Not:
		need.Text = fmt.Sprintf("%d of %d conditions are false; all have to be true.", in, total)
		if in == 1 {
			need.Text = fmt.Sprintf("1 of %d conditions is false; all have to be true.", total)
		}
	case !node.Not:
		need.Enough, need.Text = "one", fmt.Sprintf("None of %d conditions is true; one is enough.", total)
	case all:
		need.Enough, need.Text = "one", fmt.Sprintf("All of %d conditions are true; one has to become false.", total)
		if total == 1 {
			need.Text = "The condition is true; it has to become false."
		}
	default:
		need.Text = fmt.Sprintf("%d of %d conditions are true; all have to be false.", in, total)
		if in == 1 {
			need.Text = fmt.Sprintf("1 of %d conditions is true; all have to be false.", total)
		}
	}
	return []Need{need}
}
