package app

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// Explanation says why a contact is, or is not, in a group: the condition's
// tree with the truth of every node.
type Explanation struct {
	ExplainedNode
	Group     string           `json:"group"`
	ContactID muster.ContactID `json:"contact_id"`
	Member    bool             `json:"member" doc:"Whether the contact is in the group now."`
	Since     *muster.Instant  `json:"since" doc:"When it last entered; null when it is not a member."`
	Version   int              `json:"version" doc:"The version of the condition that is explained."`
	AsOf      muster.Instant   `json:"as_of"`
}

// ExplainedNode is one node of the tree. Matches is the truth after not.
type ExplainedNode struct {
	Sentence  string           `json:"sentence"`
	Matches   bool             `json:"matches"`
	Not       bool             `json:"not"`
	Pointer   string           `json:"pointer" doc:"JSON Pointer into the condition."`
	Type      string           `json:"type,omitempty" doc:"The condition type; absent on groups of conditions."`
	Match     string           `json:"match,omitempty" enum:"all,any" doc:"How the nodes of a group combine."`
	Of        []*ExplainedNode `json:"of,omitempty"`
	Evidence  []Evidence       `json:"evidence,omitempty"`
	Needs     []Need           `json:"needs,omitempty" doc:"What is missing for a false node to become true: all of these. What a group of one condition lacks is said at that condition."`
	ChangesAt *muster.Instant  `json:"changes_at" doc:"The earliest instant at which time alone changes the answer; null when it never does, not within the 400 days that calendar conditions are looked ahead, or when there is too much to look at."`
}

// ExplainQuery asks about a contact and a group.
type ExplainQuery struct {
	Group   string
	Contact string // a contact id, an email or an external id
	Pending bool   // explain the pending condition instead of the active one
}

// Explain answers why a contact is or is not in a group. CodeNotFound when
// there is no such group or contact, CodeConflict when the group has no
// condition of the wanted kind.
func (a *App) Explain(ctx context.Context, q ExplainQuery) (Explanation, error) {
	g, err := a.group(q.Group)
	if err != nil {
		return Explanation{}, err
	}
	checked, zone, err := a.roster.Checked(q.Group, q.Pending)
	if err != nil {
		return Explanation{}, err
	}
	if checked == nil {
		if q.Pending {
			return Explanation{}, muster.Errorf(muster.CodeConflict, "the group %s has no pending condition", q.Group)
		}
		return Explanation{}, muster.Errorf(muster.CodeConflict, "the group %s was never calculated; it has no members", q.Group)
	}
	out := Explanation{Group: g.Code, Version: g.Active}
	if q.Pending {
		out.Version = g.Pending
	}
	e := explainer{app: a, zone: zone}
	err = a.view(ctx, func(v store.View) error {
		no, err := contactNamed(v, q.Contact)
		if err != nil {
			return err
		}
		e.no, e.at = no, v.Tick()
		out.ContactID, out.AsOf = v.Owner(no).ID, e.at
		if out.Member = v.Members(g.No).Contains(uint32(no)); out.Member {
			out.Since, err = since(v, no, g.No)
			if err != nil {
				return err
			}
		}
		return e.explain(v, checked, &out.ExplainedNode)
	})
	if err != nil {
		return Explanation{}, err
	}
	return out, e.foresee(ctx, checked, &out.ExplainedNode)
}

// ConditionExplanation says why a contact matches a condition that is no
// group's, or not yet, or why not.
type ConditionExplanation struct {
	ExplainedNode
	ContactID muster.ContactID `json:"contact_id"`
	AsOf      muster.Instant   `json:"as_of"`
	Problems  []muster.Problem `json:"problems" nullable:"false" doc:"What is unfinished; those parts are left out."`
}

// ExplainConditionInput asks about a contact and a condition.
type ExplainConditionInput struct {
	Condition json.RawMessage
	Contact   string // a contact id, an email or an external id
	TimeZone  string // "" is the project's
}

// ExplainCondition answers why a contact matches a condition, finished or not.
func (a *App) ExplainCondition(ctx context.Context, in ExplainConditionInput) (ConditionExplanation, error) {
	checked, problems, zone, err := a.draft(in.Condition, in.TimeZone)
	if err != nil {
		return ConditionExplanation{}, err
	}
	out := ConditionExplanation{Problems: problems}
	e := explainer{app: a, zone: zone}
	err = a.view(ctx, func(v store.View) error {
		no, err := contactNamed(v, in.Contact)
		if err != nil {
			return err
		}
		e.no, e.at = no, v.Tick()
		out.ContactID, out.AsOf = v.Owner(no).ID, e.at
		return e.explain(v, checked, &out.ExplainedNode)
	})
	if err != nil {
		return ConditionExplanation{}, err
	}
	return out, e.foresee(ctx, checked, &out.ExplainedNode)
}

// contactNamed finds a contact by id, email or external id. A text that looks
// like an id but names nobody may still be somebody's external id.
func contactNamed(v store.View, name string) (muster.ContactNo, error) {
	var no muster.ContactNo
	var err error
	if id, bad := muster.ParseContactID(name); bad == nil {
		no, err = v.ByID(id)
	}
	if no == 0 && (err == nil || isCode(err, muster.CodeNotFound)) {
		no = v.ByExternalID(name)
	}
	if no == 0 && strings.Contains(name, "@") {
		no = v.ByEmail(name)
	}
	switch {
	case no != 0:
		return no, nil
	case err != nil:
		return 0, err
	}
	return 0, muster.Errorf(muster.CodeNotFound, "there is no contact with the id, external id or email %q", name)
}

func since(v store.View, no muster.ContactNo, group muster.GroupNo) (*muster.Instant, error) {
	memberships, err := v.Memberships(no)
	for _, m := range memberships {
		if m.Group == group {
			return &m.Since, err
		}
	}
	return nil, err
}

// explainer explains one contact. leaves and nodes run side by side: the
// checked leaf and its place in the answer.
type explainer struct {
	app    *App
	zone   *time.Location
	no     muster.ContactNo
	at     muster.Instant
	leaves []*catalog.Leaf
	nodes  []*ExplainedNode
	parts  []part

	queries []store.Query
	asked   []*ExplainedNode
}

// part is a node below the root with the leaves in it, and its plan.
type part struct {
	node     *ExplainedNode
	from, to int // of its leaves
	lower    func(muster.Instant) plan.Node
}

// explain fills the tree: every node is lowered for itself and matched against
// the one contact, by the same plans that membership follows.
func (e *explainer) explain(v store.View, c *catalog.Condition, root *ExplainedNode) error {
	a := e.app
	root.Sentence, root.Match = a.sentence(c), string(c.Match)
	e.ask(root, a.roster.Lower(c, e.zone, e.at))
	for _, g := range c.Groups {
		root.Of = append(root.Of, e.node(g))
	}
	sets, err := v.Match(e.queries)
	if err != nil {
		return err
	}
	for i, node := range e.asked {
		node.Matches = !sets[i].IsEmpty()
	}
	for i, leaf := range e.leaves {
		if e.nodes[i].Evidence, err = e.evidence(v, leaf); err != nil {
			return err
		}
		if e.nodes[i].Matches {
			continue
		}
		if e.nodes[i].Needs, err = e.leafNeeds(v, leaf); err != nil {
			return err
		}
	}
	for _, node := range e.asked {
		if node.Type == "" && !node.Matches {
			node.Needs = groupNeeds(node)
		}
	}
	return nil
}

func (e *explainer) node(n catalog.Node) *ExplainedNode {
	a := e.app
	switch n := n.(type) {
	case *catalog.Group:
		out := &ExplainedNode{Sentence: a.groupSentence(n), Not: n.Not, Pointer: n.Pointer, Match: string(n.Match)}
		e.ask(out, a.roster.LowerGroup(n, e.zone, e.at))
		from := len(e.leaves)
		for _, child := range n.Nodes {
			out.Of = append(out.Of, e.node(child))
		}
		e.parts = append(e.parts, part{out, from, len(e.leaves), func(at muster.Instant) plan.Node { return a.roster.LowerGroup(n, e.zone, at) }})
		return out
	case *catalog.Leaf:
		out := &ExplainedNode{Sentence: a.leafSentence(n), Not: n.Not, Pointer: n.Pointer, Type: n.Type}
		e.ask(out, a.roster.LowerLeaf(n, e.zone, e.at))
		e.parts = append(e.parts, part{out, len(e.leaves), len(e.leaves) + 1, func(at muster.Instant) plan.Node { return a.roster.LowerLeaf(n, e.zone, at) }})
		e.leaves, e.nodes = append(e.leaves, n), append(e.nodes, out)
		return out
	}
	return nil
}

func (e *explainer) ask(node *ExplainedNode, p plan.Node) {
	e.queries = append(e.queries, store.Query{Node: p, Of: roaring.BitmapOf(uint32(e.no))})
	e.asked = append(e.asked, node)
}
